package agg

import (
	"elkhorn/internal/es/jsonval"
)

// Raw is an aggregation that Elasticsearch has and this package does not
// model. It is kept as written; the embedded engine refuses it
// by name.
type Raw struct {
	Name string
	// JSON is what stands beside the name.
	JSON   []byte
	family Family
}

// Kind returns the aggregation's name.
func (b *Raw) Kind() string { return b.Name }

// Family returns what the kind yields in Elasticsearch.
func (b *Raw) Family() Family { return b.family }

func (b *Raw) appendBody(dst []byte) []byte { return append(dst, b.JSON...) }

func parseRaw(name string, family Family, n *jsonval.Node) Body {
	return &Raw{Name: name, JSON: append([]byte(nil), n.Raw...), family: family}
}
