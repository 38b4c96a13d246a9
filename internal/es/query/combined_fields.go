package query

import "elkhorn/internal/es/jsonval"

// CombinedFields is a match over several text fields that are scored as if their words stood in one field.
type CombinedFields struct {
	Common
	Text               Value
	Fields             []FieldBoost
	Operator           Operator
	MinimumShouldMatch string
	ZeroTermsAll       bool
}

// Kind returns "combined_fields".
func (*CombinedFields) Kind() string { return "combined_fields" }

func (q *CombinedFields) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Scalar("query", q.Text)
	writeFields(&w, q.Fields)
	if q.Operator == And {
		w.String("operator", "AND")
	}
	w.StringIf("minimum_should_match", q.MinimumShouldMatch)
	writeZeroTerms(&w, q.ZeroTermsAll)
	q.write(&w)
	return w.End()
}

func parseCombinedFields(p *parser, n *jsonval.Node) (Query, error) {
	q := &CombinedFields{}
	err := p.strict(n, "combined_fields", &q.Common, options{
		"query":                               p.scalar(&q.Text),
		"fields":                              p.fields(&q.Fields),
		"operator":                            p.operator(&q.Operator),
		"minimum_should_match":                p.text(&q.MinimumShouldMatch),
		"zero_terms_query":                    p.zeroTerms(&q.ZeroTermsAll),
		"auto_generate_synonyms_phrase_query": p.only("true", "false"),
	})
	switch {
	case err != nil:
		return nil, err
	case q.Text.IsNull():
		return nil, p.fail(n, "Required [query]")
	case len(q.Fields) == 0:
		return nil, p.fail(n, "Required [fields]")
	}
	for _, f := range q.Fields {
		if f.Boost < 1 {
			return nil, p.fail(n, "[combined_fields] requires field boosts to be >= 1.0")
		}
	}
	return q, nil
}
