package agg

import (
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// AdjacencyMatrix makes a bucket per query and per pair of queries that some document matches.
type AdjacencyMatrix struct {
	// Filters are sorted by key.
	Filters []NamedFilter
	// Separator stands between the two keys of a pair.
	Separator string
}

// Kind returns "adjacency_matrix".
func (*AdjacencyMatrix) Kind() string { return "adjacency_matrix" }

// Family returns Bucket.
func (*AdjacencyMatrix) Family() Family { return Bucket }

func (b *AdjacencyMatrix) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("filters")
	w.Value((&Filters{Filters: b.Filters}).appendFilters)
	if b.Separator != "&" {
		w.String("separator", b.Separator)
	}
	return w.End()
}

// maxAdjacencyFilters bounds the buckets of each parent to half its square.
const maxAdjacencyFilters = 1024

func parseAdjacencyMatrix(p *parser, n *jsonval.Node) (Body, error) {
	b := &AdjacencyMatrix{Separator: "&"}
	err := p.options(n, options{
		"filters": func(at place, n *jsonval.Node) error {
			if n.Kind != jsonval.Object {
				return at.unknownToken(n)
			}
			for i, key := range n.Keys {
				q, err := query.ParseNode(&n.Items[i])
				if err != nil {
					return err
				}
				b.Filters = append(b.Filters, NamedFilter{Key: key, Query: q})
			}
			return nil
		},
		"separator": p.text(&b.Separator),
	})
	switch {
	case err != nil:
		return nil, err
	case len(b.Filters) == 0:
		return nil, eserr.IllegalArgument("[filters] cannot be empty.")
	case len(b.Filters) > maxAdjacencyFilters:
		return nil, eserr.IllegalArgument("Number of filters is too large, must be less than or equal to: [%d] but was [%d]. "+
			"This limit can be set by changing the [indices.query.bool.max_clause_count] setting.", maxAdjacencyFilters, len(b.Filters))
	}
	slices.SortFunc(b.Filters, func(x, y NamedFilter) int { return strings.Compare(x.Key, y.Key) })
	return b, nil
}
