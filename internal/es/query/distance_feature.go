package query

import "elkhorn/internal/es/jsonval"

// DistanceFeature matches documents with a value of a date or a position; the nearer it is to Origin, the more they score: half of
// the boost at the distance Pivot.
type DistanceFeature struct {
	Common
	Field string
	// Origin is raw JSON: a date, or a position in any of its forms.
	Origin []byte
	Pivot  string
}

// Kind returns "distance_feature".
func (*DistanceFeature) Kind() string { return "distance_feature" }

func (q *DistanceFeature) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", q.Field)
	w.Raw("origin", q.Origin)
	w.String("pivot", q.Pivot)
	q.write(&w)
	return w.End()
}

func parseDistanceFeature(p *parser, n *jsonval.Node) (Query, error) {
	q := &DistanceFeature{}
	err := p.strict(n, "distance_feature", &q.Common, options{
		"field": p.text(&q.Field),
		"pivot": p.text(&q.Pivot),
		"origin": func(_ place, n *jsonval.Node) error {
			q.Origin = append([]byte(nil), n.Raw...)
			return nil
		},
	})
	switch {
	case err != nil:
		return nil, err
	case q.Field == "" || q.Origin == nil || q.Pivot == "":
		return nil, p.fail(n, "Required [field, origin, pivot]")
	}
	return q, nil
}
