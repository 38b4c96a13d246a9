package query

import "elkhorn/internal/es/jsonval"

// MultiMatch is a match over several fields.
type MultiMatch struct {
	Common
	Text Value
	// Fields may hold patterns; none means the index's default fields.
	Fields []FieldBoost
	// Type says how the fields combine: "best_fields" (the default, also when
	// empty), "most_fields", "cross_fields", "phrase", "phrase_prefix" or
	// "bool_prefix".
	Type               string
	Operator           Operator
	MinimumShouldMatch string
	Analyzer           string
	Slop               int
	TieBreaker         *float64
	Lenient            bool
	ZeroTermsAll       bool
	Fuzzy              Fuzziness
}

// Kind returns "multi_match".
func (*MultiMatch) Kind() string { return "multi_match" }

func (q *MultiMatch) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Scalar("query", q.Text)
	writeFields(&w, q.Fields)
	w.StringIf("type", q.Type)
	if q.Operator == And {
		w.String("operator", "AND")
	}
	w.StringIf("minimum_should_match", q.MinimumShouldMatch)
	w.StringIf("analyzer", q.Analyzer)
	if q.Slop != 0 {
		w.Int("slop", int64(q.Slop))
	}
	if q.TieBreaker != nil {
		w.Float("tie_breaker", *q.TieBreaker)
	}
	w.BoolIf("lenient", q.Lenient)
	writeZeroTerms(&w, q.ZeroTermsAll)
	q.Fuzzy.write(&w, "fuzziness")
	q.write(&w)
	return w.End()
}

func parseMultiMatch(p *parser, n *jsonval.Node) (Query, error) {
	q := &MultiMatch{}
	err := p.options(n, "multi_match", &q.Common, p.fuzzy(&q.Fuzzy, options{
		"query":                               p.scalar(&q.Text),
		"fields":                              p.fields(&q.Fields),
		"type":                                p.oneOf(&q.Type, "best_fields", "most_fields", "cross_fields", "phrase", "phrase_prefix", "bool_prefix"),
		"operator":                            p.operator(&q.Operator),
		"minimum_should_match":                p.text(&q.MinimumShouldMatch),
		"analyzer":                            p.text(&q.Analyzer),
		"slop":                                p.count(&q.Slop),
		"tie_breaker":                         p.float(&q.TieBreaker),
		"lenient":                             p.boolean(&q.Lenient),
		"zero_terms_query":                    p.zeroTerms(&q.ZeroTermsAll),
		"auto_generate_synonyms_phrase_query": p.only("true", "false"),
	}))
	if err != nil {
		return nil, err
	}
	if q.Type == "bool_prefix" && q.Slop != 0 {
		return nil, p.fail(n, "[slop] not allowed for type [bool_prefix]")
	}
	if q.Text.IsNull() {
		return nil, p.fail(n, "No text specified for multi_match query")
	}
	return q, nil
}
