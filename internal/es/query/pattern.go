package query

import "elkhorn/internal/es/jsonval"

// Prefix matches documents with a value that starts with Value.
type Prefix struct {
	Common
	Field           string
	Value           string
	CaseInsensitive bool
	// Lenient matches nothing, rather than fail, on a field without text. Query
	// strings set it; the clause itself has no such option.
	Lenient bool
}

// Kind returns "prefix".
func (*Prefix) Kind() string { return "prefix" }

func (q *Prefix) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.String("value", q.Value)
		w.BoolIf("case_insensitive", q.CaseInsensitive)
	})
}

func parsePrefix(p *parser, n *jsonval.Node) (Query, error) {
	q := &Prefix{}
	return q, p.fieldClause(n, "prefix", &q.Field, &q.Common, "value", options{
		"value":            p.text(&q.Value),
		"prefix":           p.text(&q.Value),
		"case_insensitive": p.boolean(&q.CaseInsensitive),
		"rewrite":          p.rewrite(),
	})
}

// Wildcard matches documents with a value that fits Pattern as a whole: * is
// any text, ? one character, and a backslash takes the next one literally.
type Wildcard struct {
	Common
	Field           string
	Pattern         string
	CaseInsensitive bool
	// Lenient matches nothing, rather than fail, on a field without text. Query
	// strings set it; the clause itself has no such option.
	Lenient bool
}

// Kind returns "wildcard".
func (*Wildcard) Kind() string { return "wildcard" }

func (q *Wildcard) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.String("value", q.Pattern)
		w.BoolIf("case_insensitive", q.CaseInsensitive)
	})
}

func parseWildcard(p *parser, n *jsonval.Node) (Query, error) {
	q := &Wildcard{}
	return q, p.fieldClause(n, "wildcard", &q.Field, &q.Common, "value", options{
		"value":            p.text(&q.Pattern),
		"wildcard":         p.text(&q.Pattern),
		"case_insensitive": p.boolean(&q.CaseInsensitive),
		"rewrite":          p.rewrite(),
	})
}

// Regexp matches documents with a value that fits a Lucene regular expression
// as a whole.
type Regexp struct {
	Common
	Field           string
	Pattern         string
	Flags           string
	CaseInsensitive bool
	// MaxStates limits the automaton; 0 means 10,000.
	MaxStates int
	// Lenient matches nothing, rather than fail, on a field without text. Query
	// strings set it; the clause itself has no such option.
	Lenient bool
}

// Kind returns "regexp".
func (*Regexp) Kind() string { return "regexp" }

func (q *Regexp) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.String("value", q.Pattern)
		w.StringIf("flags", q.Flags)
		w.BoolIf("case_insensitive", q.CaseInsensitive)
		if q.MaxStates != 0 {
			w.Int("max_determinized_states", int64(q.MaxStates))
		}
	})
}

func parseRegexp(p *parser, n *jsonval.Node) (Query, error) {
	q := &Regexp{}
	return q, p.fieldClause(n, "regexp", &q.Field, &q.Common, "value", options{
		"value":                   p.text(&q.Pattern),
		"flags":                   p.text(&q.Flags),
		"case_insensitive":        p.boolean(&q.CaseInsensitive),
		"max_determinized_states": p.count(&q.MaxStates),
		"rewrite":                 p.rewrite(),
	})
}

// Fuzzy matches documents with a term close to Value.
type Fuzzy struct {
	Common
	Field string
	Value Value
	Fuzziness
	// Lenient is as in Prefix.
	Lenient bool
}

// Kind returns "fuzzy".
func (*Fuzzy) Kind() string { return "fuzzy" }

func (q *Fuzzy) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.Scalar("value", q.Value)
		w.StringIf("fuzziness", q.Distance)
		if q.PrefixLength != 0 {
			w.Int("prefix_length", int64(q.PrefixLength))
		}
		if q.MaxExpansions != 0 {
			w.Int("max_expansions", int64(q.MaxExpansions))
		}
		if q.NoTranspositions {
			w.Bool("transpositions", false)
		}
	})
}

func parseFuzzy(p *parser, n *jsonval.Node) (Query, error) {
	q := &Fuzzy{}
	return q, p.fieldClause(n, "fuzzy", &q.Field, &q.Common, "value", options{
		"value":          p.scalar(&q.Value),
		"term":           p.scalar(&q.Value),
		"fuzziness":      p.fuzziness(&q.Distance),
		"prefix_length":  p.count(&q.PrefixLength),
		"max_expansions": p.count(&q.MaxExpansions),
		"transpositions": p.negated(&q.NoTranspositions),
		"rewrite":        p.rewrite(),
	})
}
