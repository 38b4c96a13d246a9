package agg

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Order is one key that buckets are sorted by.
type Order struct {
	// Path is "_count", "_key", or the way to a number in a sub-aggregation:
	// "latency", "latency.avg", "latency.99", "filtered>latency.avg".
	Path string
	Desc bool
}

func writeOrder(w *jsonval.Writer, orders []Order) {
	if len(orders) == 0 {
		return
	}
	w.Key("order")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, o := range orders {
			if i > 0 {
				dst = append(dst, ',')
			}
			item := jsonval.Begin(dst)
			item.String(o.Path, o.direction())
			dst = item.End()
		}
		return append(dst, ']')
	})
}

func (o Order) direction() string {
	if o.Desc {
		return "desc"
	}
	return "asc"
}

// order reads {"path":"asc"} or an array of such objects.
func (p *parser) order(target *[]Order) option {
	return func(at place, n *jsonval.Node) error {
		*target = nil
		for _, item := range elements(n) {
			if item.Kind != jsonval.Object {
				return at.unknownToken(&item)
			}
			if len(item.Keys) != 1 {
				return eserr.ParsingException(item.Line, item.Col, "Must specify at least one field for [order]")
			}
			o := Order{Path: item.Keys[0]}
			switch direction := item.Items[0]; strings.ToLower(direction.Text) {
			case "asc":
			case "desc":
				o.Desc = true
			default:
				return eserr.ParsingException(direction.Line, direction.Col, "Unknown order direction [%s]", direction.Text)
			}
			switch o.Path { // the names of releases before 6.0
			case "_term", "_time":
				o.Path = "_key"
			}
			*target = append(*target, o)
		}
		return nil
	}
}
