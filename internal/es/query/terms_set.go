package query

import "elkhorn/internal/es/jsonval"

// TermsSet matches documents whose field holds so many of Terms as the document itself says.
type TermsSet struct {
	Common
	Field string
	Terms []Value
	// MinimumField names the field with the number; Script is the raw JSON of one that computes it, and Minimum is the same for
	// all documents. Only one of them is given.
	MinimumField string
	Script       []byte
	Minimum      string
}

// Kind returns "terms_set".
func (*TermsSet) Kind() string { return "terms_set" }

func (q *TermsSet) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.Key("terms")
		w.Value(func(dst []byte) []byte { return appendValues(dst, q.Terms) })
		w.StringIf("minimum_should_match_field", q.MinimumField)
		w.StringIf("minimum_should_match", q.Minimum)
		if q.Script != nil {
			w.Raw("minimum_should_match_script", q.Script)
		}
	})
}

func parseTermsSet(p *parser, n *jsonval.Node) (Query, error) {
	q := &TermsSet{}
	err := p.fieldClause(n, "terms_set", &q.Field, &q.Common, "", options{
		"terms": func(at place, n *jsonval.Node) error {
			if n.Kind != jsonval.Array {
				return at.unknownToken(n)
			}
			return p.values(n, at.clause, at.option, &q.Terms)
		},
		"minimum_should_match_field":  p.text(&q.MinimumField),
		"minimum_should_match_script": p.raw(&q.Script),
		"minimum_should_match":        p.text(&q.Minimum),
	})
	if err != nil {
		return nil, err
	}
	given := 0
	for _, has := range []bool{q.MinimumField != "", q.Script != nil, q.Minimum != ""} {
		if has {
			given++
		}
	}
	switch {
	case q.Terms == nil:
		return nil, p.fail(n, "No [terms] specified for terms_set query")
	case given == 0:
		return nil, p.fail(n, "No [minimum_should_match_field], [minimum_should_match_script] or [minimum_should_match] specified for terms_set query")
	case given > 1:
		return nil, p.fail(n, "A terms_set query takes only one of [minimum_should_match_field], [minimum_should_match_script] and [minimum_should_match]")
	}
	return q, nil
}
