package query

import "elkhorn/internal/es/jsonval"

// DisMax matches what any of its Queries matches. A match scores as its best clause, plus a share of the
// scores of the others.
type DisMax struct {
	Common
	Queries []Query
	// TieBreaker is that share, 0 for none.
	TieBreaker *float64
}

// Kind returns "dis_max".
func (*DisMax) Kind() string { return "dis_max" }

func (q *DisMax) children() []Query { return q.Queries }

func (q *DisMax) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("queries")
	w.Value(func(dst []byte) []byte { return appendList(dst, q.Queries) })
	if q.TieBreaker != nil {
		w.Float("tie_breaker", *q.TieBreaker)
	}
	q.write(&w)
	return w.End()
}

func parseDisMax(p *parser, n *jsonval.Node) (Query, error) {
	q := &DisMax{}
	err := p.options(n, "dis_max", &q.Common, options{
		"queries":     p.clauseList(&q.Queries),
		"tie_breaker": p.float(&q.TieBreaker),
	})
	if err == nil && len(q.Queries) == 0 {
		err = p.fail(n, "[dis_max] requires 'queries' field with at least one clause")
	}
	return q, err
}
