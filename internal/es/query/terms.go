package query

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Terms matches documents whose field holds at least one of Values.
type Terms struct {
	Common
	Field  string
	Values []Value
	// Lookup says which document has the values; nil when they are in the clause. Whoever has documents puts them into Values.
	Lookup *TermsLookup
}

// TermsLookup is a place in a document.
type TermsLookup struct {
	Index, ID, Routing, Path string
}

// Kind returns "terms".
func (*Terms) Kind() string { return "terms" }

func (q *Terms) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key(q.Field)
	w.Value(func(dst []byte) []byte {
		if q.Lookup != nil {
			return q.Lookup.append(dst)
		}
		return appendValues(dst, q.Values)
	})
	q.write(&w)
	return w.End()
}

func (l *TermsLookup) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("index", l.Index)
	w.String("id", l.ID)
	w.String("path", l.Path)
	w.StringIf("routing", l.Routing)
	return w.End()
}

func (p *parser) termsLookup(n *jsonval.Node) (*TermsLookup, error) {
	l := &TermsLookup{}
	var none Common
	err := p.strict(n, "terms_lookup", &none, options{"index": p.text(&l.Index), "id": p.text(&l.ID), "path": p.text(&l.Path), "routing": p.text(&l.Routing)})
	for _, part := range []struct{ name, value string }{{"index", l.Index}, {"id", l.ID}, {"path", l.Path}} {
		if err == nil && part.value == "" {
			err = eserr.IllegalArgument("[terms] query lookup element requires specifying the %s.", part.name)
		}
	}
	return l, err
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
		case item.Kind != jsonval.Array && item.Kind != jsonval.Object:
			return nil, p.fail(item, "[terms] query does not support [%s]", key)
		case q.Field != "":
			return nil, p.fail(item, "[terms] query does not support multiple fields")
		case item.Kind == jsonval.Object:
			q.Field = key
			var err error
			if q.Lookup, err = p.termsLookup(item); err != nil {
				return nil, err
			}
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
