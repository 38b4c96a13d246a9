package query

import "elkhorn/internal/es/jsonval"

// QueryString holds a search in Lucene's syntax. It is kept as text: package
// lucene turns it into a tree once the index's default fields are known.
type QueryString struct {
	Common
	Text string
	// DefaultField is searched by words that name no field; Fields excludes it.
	DefaultField string
	Fields       []FieldBoost
	// Type combines several fields, as in MultiMatch.
	Type               string
	DefaultOperator    Operator
	MinimumShouldMatch string
	Analyzer           string
	QuoteAnalyzer      string
	TimeZone           string
	// PhraseSlop is the slop of phrases that give none.
	PhraseSlop int
	// AnalyzeWildcard analyzes words with wildcards; without it they are only
	// brought to lower case.
	AnalyzeWildcard bool
	// NoLeadingWildcard refuses words that begin with * or ?.
	NoLeadingWildcard bool
	// Lenient matches nothing, rather than fail, where text does not fit a field's type. NotLenient says that the clause wants
	// the failure, whatever the index's default is.
	Lenient, NotLenient bool
	Fuzzy               Fuzziness
	// Escape takes the whole text as plain words.
	Escape bool
	// QuoteFieldSuffix is added to the names of the fields that phrases are searched in, where there are such fields.
	QuoteFieldSuffix string
}

// Kind returns "query_string".
func (*QueryString) Kind() string { return "query_string" }

func (q *QueryString) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("query", q.Text)
	w.StringIf("default_field", q.DefaultField)
	writeFields(&w, q.Fields)
	w.StringIf("type", q.Type)
	if q.DefaultOperator == And {
		w.String("default_operator", "AND")
	}
	w.StringIf("minimum_should_match", q.MinimumShouldMatch)
	w.StringIf("analyzer", q.Analyzer)
	w.StringIf("quote_analyzer", q.QuoteAnalyzer)
	w.StringIf("time_zone", q.TimeZone)
	if q.PhraseSlop != 0 {
		w.Int("phrase_slop", int64(q.PhraseSlop))
	}
	w.BoolIf("analyze_wildcard", q.AnalyzeWildcard)
	if q.NoLeadingWildcard {
		w.Bool("allow_leading_wildcard", false)
	}
	w.BoolIf("lenient", q.Lenient)
	if q.NotLenient {
		w.Bool("lenient", false)
	}
	w.StringIf("fuzziness", q.Fuzzy.Distance)
	writeFuzzyPrefixed(&w, &q.Fuzzy)
	w.BoolIf("escape", q.Escape)
	w.StringIf("quote_field_suffix", q.QuoteFieldSuffix)
	q.write(&w)
	return w.End()
}

// writeFuzzyPrefixed prints fuzzy options under the names that the two query
// string clauses give them.
func writeFuzzyPrefixed(w *jsonval.Writer, f *Fuzziness) {
	if f.PrefixLength != 0 {
		w.Int("fuzzy_prefix_length", int64(f.PrefixLength))
	}
	if f.MaxExpansions != 0 {
		w.Int("fuzzy_max_expansions", int64(f.MaxExpansions))
	}
	if f.NoTranspositions {
		w.Bool("fuzzy_transpositions", false)
	}
}

func parseQueryString(p *parser, n *jsonval.Node) (Query, error) {
	q := &QueryString{}
	given := false
	err := p.options(n, "query_string", &q.Common, options{
		"query":                  p.required(&q.Text, &given),
		"default_field":          p.text(&q.DefaultField),
		"fields":                 p.fields(&q.Fields),
		"type":                   p.oneOf(&q.Type, "best_fields", "most_fields", "cross_fields", "phrase", "phrase_prefix", "bool_prefix"),
		"default_operator":       p.operator(&q.DefaultOperator),
		"minimum_should_match":   p.text(&q.MinimumShouldMatch),
		"analyzer":               p.text(&q.Analyzer),
		"quote_analyzer":         p.text(&q.QuoteAnalyzer),
		"time_zone":              p.text(&q.TimeZone),
		"phrase_slop":            p.count(&q.PhraseSlop),
		"analyze_wildcard":       p.boolean(&q.AnalyzeWildcard),
		"allow_leading_wildcard": p.negated(&q.NoLeadingWildcard),
		"lenient": func(at place, n *jsonval.Node) error {
			err := p.boolean(&q.Lenient)(at, n)
			q.NotLenient = err == nil && !q.Lenient
			return err
		},
		"fuzziness":                           p.fuzziness(&q.Fuzzy.Distance),
		"fuzzy_prefix_length":                 p.count(&q.Fuzzy.PrefixLength),
		"fuzzy_max_expansions":                p.count(&q.Fuzzy.MaxExpansions),
		"fuzzy_transpositions":                p.negated(&q.Fuzzy.NoTranspositions),
		"escape":                              p.boolean(&q.Escape),
		"quote_field_suffix":                  p.text(&q.QuoteFieldSuffix),
		"fuzzy_rewrite":                       p.rewrite(),
		"rewrite":                             p.rewrite(),
		"enable_position_increments":          p.only("true"),
		"auto_generate_synonyms_phrase_query": p.only("true", "false"),
		"max_determinized_states":             p.only("10000"),
	})
	if err != nil {
		return nil, err
	}
	if !given {
		return nil, p.fail(n, "[query_string] must be provided with a [query]")
	}
	if q.DefaultField != "" && len(q.Fields) > 0 {
		return nil, p.fail(n, "cannot use [fields] parameter in conjunction with [default_field]")
	}
	return q, nil
}

// SimpleQueryString holds a search in the syntax that never fails: + | - " ( ) *
// and ~ have a meaning, anything else is words.
type SimpleQueryString struct {
	Common
	Text               string
	Fields             []FieldBoost
	DefaultOperator    Operator
	MinimumShouldMatch string
	Analyzer           string
	// Flags names the operators in force ("OR|AND|PREFIX"); empty means all.
	Flags           string
	AnalyzeWildcard bool
	Lenient         bool
	Fuzzy           Fuzziness
	// QuoteFieldSuffix is as in QueryString.
	QuoteFieldSuffix string
}

// Kind returns "simple_query_string".
func (*SimpleQueryString) Kind() string { return "simple_query_string" }

func (q *SimpleQueryString) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("query", q.Text)
	writeFields(&w, q.Fields)
	if q.DefaultOperator == And {
		w.String("default_operator", "AND")
	}
	w.StringIf("minimum_should_match", q.MinimumShouldMatch)
	w.StringIf("analyzer", q.Analyzer)
	w.StringIf("flags", q.Flags)
	w.BoolIf("analyze_wildcard", q.AnalyzeWildcard)
	w.BoolIf("lenient", q.Lenient)
	writeFuzzyPrefixed(&w, &q.Fuzzy)
	w.StringIf("quote_field_suffix", q.QuoteFieldSuffix)
	q.write(&w)
	return w.End()
}

func parseSimpleQueryString(p *parser, n *jsonval.Node) (Query, error) {
	q := &SimpleQueryString{}
	given := false
	err := p.options(n, "simple_query_string", &q.Common, options{
		"query":                               p.required(&q.Text, &given),
		"fields":                              p.fields(&q.Fields),
		"default_operator":                    p.operator(&q.DefaultOperator),
		"minimum_should_match":                p.text(&q.MinimumShouldMatch),
		"analyzer":                            p.text(&q.Analyzer),
		"flags":                               p.text(&q.Flags),
		"analyze_wildcard":                    p.boolean(&q.AnalyzeWildcard),
		"lenient":                             p.boolean(&q.Lenient),
		"fuzzy_prefix_length":                 p.count(&q.Fuzzy.PrefixLength),
		"fuzzy_max_expansions":                p.count(&q.Fuzzy.MaxExpansions),
		"fuzzy_transpositions":                p.negated(&q.Fuzzy.NoTranspositions),
		"auto_generate_synonyms_phrase_query": p.only("true", "false"),
		"quote_field_suffix":                  p.text(&q.QuoteFieldSuffix),
	})
	if err != nil {
		return nil, err
	}
	if !given {
		return nil, p.fail(n, "[simple_query_string] query text missing")
	}
	return q, nil
}
