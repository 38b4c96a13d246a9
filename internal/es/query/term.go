package query

import "elkhorn/internal/es/jsonval"

// Term matches documents whose field holds exactly Value. The value is not
// analyzed; on an ip field it may be a network such as 10.0.0.0/8.
type Term struct {
	Common
	Field string
	Value Value
	// CaseInsensitive compares ASCII letters without regard to case.
	CaseInsensitive bool
}

// Kind returns "term".
func (*Term) Kind() string { return "term" }

func (q *Term) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		w.Scalar("value", q.Value)
		w.BoolIf("case_insensitive", q.CaseInsensitive)
	})
}

func parseTerm(p *parser, n *jsonval.Node) (Query, error) {
	q := &Term{}
	return q, p.fieldClause(n, "term", &q.Field, &q.Common, "value", options{
		"value":            p.scalar(&q.Value),
		"term":             p.scalar(&q.Value),
		"case_insensitive": p.boolean(&q.CaseInsensitive),
	})
}
