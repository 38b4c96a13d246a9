package query

import "elkhorn/internal/es/jsonval"

// Terms matches documents whose field holds at least one of Values.
type Terms struct {
	Common
	Field  string
	Values []Value
}

// Kind returns "terms".
func (*Terms) Kind() string { return "terms" }

func (q *Terms) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key(q.Field)
	w.Value(func(dst []byte) []byte { return appendValues(dst, q.Values) })
	q.write(&w)
	return w.End()
}

func appendValues(dst []byte, values []Value) []byte {
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = v.Append(dst)
	}
	return append(dst, ']')
}

// parseTerms is unlike the other field clauses: boost and _name stand beside
// the field's name, and the field's value is an array.
func parseTerms(p *parser, n *jsonval.Node) (Query, error) {
	q := &Terms{}
	for i, key := range n.Keys {
		item := &n.Items[i]
		switch {
		case key == "boost" || key == "_name":
			if err := p.common(item, "terms", key, &q.Common); err != nil {
				return nil, err
			}
		case item.Kind == jsonval.Object:
			// A lookup of the terms in another document is not modelled.
			return parseRaw("terms", n), nil
		case item.Kind != jsonval.Array:
			return nil, p.fail(item, "[terms] query does not support [%s]", key)
		case q.Field != "":
			return nil, p.fail(item, "[terms] query does not support multiple fields")
		default:
			q.Field = key
			if err := p.values(item, "terms", key, &q.Values); err != nil {
				return nil, err
			}
		}
	}
	if q.Field == "" {
		return nil, p.fail(n, "[terms] query requires a field name, followed by array of terms or a document lookup specification")
	}
	return q, nil
}

// IDs matches documents by _id.
type IDs struct {
	Common
	Values []string
}

// Kind returns "ids".
func (*IDs) Kind() string { return "ids" }

func (q *IDs) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Strings("values", q.Values)
	q.write(&w)
	return w.End()
}

func parseIDs(p *parser, n *jsonval.Node) (Query, error) {
	q := &IDs{}
	return q, p.strict(n, "ids", &q.Common, options{"values": p.texts(&q.Values)})
}
