package query

import "elkhorn/internal/es/jsonval"

// Exists matches documents that hold an indexed value in Field, which may be
// an object or a pattern with *.
type Exists struct {
	Common
	Field string
}

// Kind returns "exists".
func (*Exists) Kind() string { return "exists" }

func (q *Exists) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", q.Field)
	q.write(&w)
	return w.End()
}

func parseExists(p *parser, n *jsonval.Node) (Query, error) {
	q := &Exists{}
	if err := p.options(n, "exists", &q.Common, options{"field": p.text(&q.Field)}); err != nil {
		return nil, err
	}
	if q.Field == "" {
		return nil, p.fail(n, "[exists] must be provided with a [field]")
	}
	return q, nil
}
