package query

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// NestedSort says which nested objects the values of a sort key come from.
type NestedSort struct {
	Path string
	// Filter leaves out objects; nil for none.
	Filter Query
	// MaxChildren bounds the objects with a value that are looked at per document; 0 is no bound.
	MaxChildren int
	// Nested goes on to objects inside those; nil for no further.
	Nested *NestedSort
}

// maxNestedSort bounds steps inwards, far above any mapping's depth limit.
const maxNestedSort = 50

// ParseNestedSort reads the "nested" of a sort key.
func ParseNestedSort(n *jsonval.Node) (*NestedSort, error) { return parseNestedSort(n, 0) }

func parseNestedSort(n *jsonval.Node, depth int) (*NestedSort, error) {
	if n.Kind != jsonval.Object || depth > maxNestedSort {
		return nil, eserr.ParsingException(n.Line, n.Col, "[nested] of a sort must be an object with a path")
	}
	s := &NestedSort{}
	for i, key := range n.Keys {
		item := &n.Items[i]
		var err error
		switch key {
		case "path":
			s.Path = item.Text
		case "filter":
			s.Filter, err = ParseNode(item)
		case "max_children":
			most, ok := item.Scalar().Int64()
			if !ok || most < 0 {
				return nil, eserr.IllegalArgument("[max_children] of [nested] must be a whole number that is not negative, got [%s]", item.Raw)
			}
			s.MaxChildren = int(min(most, 1<<31-1))
		case "nested":
			s.Nested, err = parseNestedSort(item, depth+1)
		default:
			return nil, eserr.ParsingException(item.Line, item.Col, "[nested_sort] unknown field [%s]", key)
		}
		if err != nil {
			return nil, err
		}
	}
	if s.Path == "" {
		return nil, eserr.ParsingException(n.Line, n.Col, "Required [path]")
	}
	return s, nil
}

// Append prints the sort's "nested".
func (s *NestedSort) Append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("path", s.Path)
	if s.Filter != nil {
		w.Key("filter")
		w.Value(func(dst []byte) []byte { return Append(dst, s.Filter) })
	}
	if s.MaxChildren > 0 {
		w.Int("max_children", int64(s.MaxChildren))
	}
	if s.Nested != nil {
		w.Key("nested")
		w.Value(s.Nested.Append)
	}
	return w.End()
}
