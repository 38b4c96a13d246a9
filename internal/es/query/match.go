package query

import "elkhorn/internal/es/jsonval"

// Match analyzes Text as Field's text is analyzed and matches documents that
// hold its words. On a field that is not text it is a Term.
type Match struct {
	Common
	Field string
	Text  Value
	// Operator And wants every word.
	Operator Operator
	// MinimumShouldMatch is how many words must match when Operator is Or.
	MinimumShouldMatch string
	// Analyzer replaces the field's search analyzer.
	Analyzer string
	// Lenient matches nothing, rather than fail, when the text does not fit the field's type.
	Lenient bool
	// ZeroTermsAll matches every document when analysis leaves no words.
	ZeroTermsAll bool
	Fuzzy        Fuzziness
}

// Fuzziness is how far a word may be from the one asked for. The zero value
// asks for exact words.
type Fuzziness struct {
	// Distance is "AUTO", "AUTO:3,6" or a number of edits; empty is exact.
	Distance string
	// PrefixLength is how many first letters must be right.
	PrefixLength int
	// MaxExpansions limits the words tried; 0 means 50.
	MaxExpansions int
	// NoTranspositions counts two swapped letters as two edits.
	NoTranspositions bool
}

// Kind returns "match".
func (*Match) Kind() string { return "match" }

func (q *Match) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.Scalar("query", q.Text)
		if q.Operator == And {
			w.String("operator", "AND")
		}
		w.StringIf("minimum_should_match", q.MinimumShouldMatch)
		w.StringIf("analyzer", q.Analyzer)
		w.BoolIf("lenient", q.Lenient)
		writeZeroTerms(w, q.ZeroTermsAll)
		q.Fuzzy.write(w, "fuzziness")
	})
}

func writeZeroTerms(w *jsonval.Writer, all bool) {
	if all {
		w.String("zero_terms_query", "ALL")
	}
}

func (f *Fuzziness) write(w *jsonval.Writer, distance string) {
	w.StringIf(distance, f.Distance)
	if f.PrefixLength != 0 {
		w.Int("prefix_length", int64(f.PrefixLength))
	}
	if f.MaxExpansions != 0 {
		w.Int("max_expansions", int64(f.MaxExpansions))
	}
	if f.NoTranspositions {
		w.Bool("fuzzy_transpositions", false)
	}
}

// fuzzy adds the options of a Fuzziness that have the same name everywhere.
func (p *parser) fuzzy(f *Fuzziness, more options) options {
	more["fuzziness"] = p.fuzziness(&f.Distance)
	more["prefix_length"] = p.count(&f.PrefixLength)
	more["max_expansions"] = p.count(&f.MaxExpansions)
	more["fuzzy_transpositions"] = p.negated(&f.NoTranspositions)
	more["fuzzy_rewrite"] = p.rewrite()
	return more
}

func parseMatch(p *parser, n *jsonval.Node) (Query, error) {
	q := &Match{}
	err := p.fieldClause(n, "match", &q.Field, &q.Common, "query", p.fuzzy(&q.Fuzzy, options{
		"query":                               p.scalar(&q.Text),
		"operator":                            p.operator(&q.Operator),
		"minimum_should_match":                p.text(&q.MinimumShouldMatch),
		"analyzer":                            p.text(&q.Analyzer),
		"lenient":                             p.boolean(&q.Lenient),
		"zero_terms_query":                    p.zeroTerms(&q.ZeroTermsAll),
		"auto_generate_synonyms_phrase_query": p.only("true", "false"),
	}))
	if err != nil {
		return nil, err
	}
	if q.Text.IsNull() {
		return nil, p.fail(n, "No text specified for text query")
	}
	return q, nil
}

// MatchPhrase matches documents that hold the words of Text in order.
type MatchPhrase struct {
	Common
	Field string
	Text  Value
	// Slop is how many positions the words may be moved in all.
	Slop         int
	Analyzer     string
	ZeroTermsAll bool
}

// Kind returns "match_phrase".
func (*MatchPhrase) Kind() string { return "match_phrase" }

func (q *MatchPhrase) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.Scalar("query", q.Text)
		if q.Slop != 0 {
			w.Int("slop", int64(q.Slop))
		}
		w.StringIf("analyzer", q.Analyzer)
		writeZeroTerms(w, q.ZeroTermsAll)
	})
}

func parseMatchPhrase(p *parser, n *jsonval.Node) (Query, error) {
	q := &MatchPhrase{}
	err := p.fieldClause(n, "match_phrase", &q.Field, &q.Common, "query", options{
		"query":            p.scalar(&q.Text),
		"slop":             p.count(&q.Slop),
		"analyzer":         p.text(&q.Analyzer),
		"zero_terms_query": p.zeroTerms(&q.ZeroTermsAll),
	})
	if err != nil {
		return nil, err
	}
	if q.Text.IsNull() {
		return nil, p.fail(n, "No text specified for text query")
	}
	return q, nil
}

// MatchPhrasePrefix is a MatchPhrase whose last word is a prefix.
type MatchPhrasePrefix struct {
	Common
	Field    string
	Text     Value
	Slop     int
	Analyzer string
	// MaxExpansions limits the words the prefix stands for; 0 means 50.
	MaxExpansions int
	ZeroTermsAll  bool
}

// Kind returns "match_phrase_prefix".
func (*MatchPhrasePrefix) Kind() string { return "match_phrase_prefix" }

func (q *MatchPhrasePrefix) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.Scalar("query", q.Text)
		if q.Slop != 0 {
			w.Int("slop", int64(q.Slop))
		}
		w.StringIf("analyzer", q.Analyzer)
		if q.MaxExpansions != 0 {
			w.Int("max_expansions", int64(q.MaxExpansions))
		}
		writeZeroTerms(w, q.ZeroTermsAll)
	})
}

func parseMatchPhrasePrefix(p *parser, n *jsonval.Node) (Query, error) {
	q := &MatchPhrasePrefix{}
	err := p.fieldClause(n, "match_phrase_prefix", &q.Field, &q.Common, "query", options{
		"query":            p.scalar(&q.Text),
		"slop":             p.count(&q.Slop),
		"analyzer":         p.text(&q.Analyzer),
		"max_expansions":   p.count(&q.MaxExpansions),
		"zero_terms_query": p.zeroTerms(&q.ZeroTermsAll),
	})
	if err != nil {
		return nil, err
	}
	if q.Text.IsNull() {
		return nil, p.fail(n, "No text specified for text query")
	}
	return q, nil
}
