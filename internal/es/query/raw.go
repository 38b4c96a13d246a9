package query

import "elkhorn/internal/es/jsonval"

// Raw is a clause that Elasticsearch has and this package does not model, or
// a form of a modelled clause that it does not (terms that look their values
// up in another document). It is kept as written; the embedded
// engine refuses it by name.
type Raw struct {
	Common
	// Name is the clause's name, one of Foreign or that of a modelled clause.
	Name string
	// JSON is what stands beside the name, boost and _name included.
	JSON []byte
}

// Kind returns the clause's name.
func (q *Raw) Kind() string { return q.Name }

func (q *Raw) appendBody(dst []byte) []byte { return append(dst, q.JSON...) }

func parseRaw(name string, n *jsonval.Node) Query {
	return &Raw{Name: name, JSON: append([]byte(nil), n.Raw...)}
}
