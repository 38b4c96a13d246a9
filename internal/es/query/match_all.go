package query

import "elkhorn/internal/es/jsonval"

// MatchAll matches every document.
type MatchAll struct{ Common }

// Kind returns "match_all".
func (*MatchAll) Kind() string { return "match_all" }

func (q *MatchAll) appendBody(dst []byte) []byte { return q.appendOnly(dst) }

// MatchNone matches no document.
type MatchNone struct{ Common }

// Kind returns "match_none".
func (*MatchNone) Kind() string { return "match_none" }

func (q *MatchNone) appendBody(dst []byte) []byte { return q.appendOnly(dst) }

// appendOnly prints a clause that has no options of its own.
func (c *Common) appendOnly(dst []byte) []byte {
	w := jsonval.Begin(dst)
	c.write(&w)
	return w.End()
}

func parseMatchAll(p *parser, n *jsonval.Node) (Query, error) {
	q := &MatchAll{}
	return q, p.options(n, "match_all", &q.Common, nil)
}

func parseMatchNone(p *parser, n *jsonval.Node) (Query, error) {
	q := &MatchNone{}
	return q, p.options(n, "match_none", &q.Common, nil)
}
