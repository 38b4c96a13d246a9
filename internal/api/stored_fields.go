package api

import (
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/result"
)

// storedFields returns the values of the fields that a get asks for with stored_fields and that the
// mapping stores apart; they are the same as in _source. It takes _source off the answer unless that
// is asked for too.
func (c *call) storedFields(res *es.GetResponse, names []string, asksSource bool) ([]result.Field, error) {
	if names == nil || !res.Found {
		return nil, nil
	}
	if !asksSource && !slices.Contains(names, "_source") {
		res.Source = nil
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "_") })
	if len(names) == 0 {
		return nil, nil // metadata is in the answer anyway
	}
	indices, err := c.store.Indices(c.ctx(), es.Target{Names: []string{res.Index}})
	if err != nil || len(indices) == 0 || indices[0].Mapping == nil {
		return nil, err
	}
	whole, err := c.store.Get(c.ctx(), &es.GetRequest{Index: res.Index, ID: res.ID, Routing: res.Routing, NotRealtime: !c.flagOr("realtime", true)})
	if err != nil || whole.Source == nil {
		return nil, err
	}
	root, err := jsonval.Parse(whole.Source)
	if err != nil {
		return nil, err
	}
	var fields []result.Field
	for _, name := range names {
		f := indices[0].Mapping.Lookup(name)
		if f != nil && f.Type.IsObject() {
			return nil, eserr.IllegalArgument("field [%s] isn't a leaf field", name)
		}
		if values := storedValues(root, f); len(values) > 0 {
			fields = append(fields, result.Field{Name: name, Values: list(len(values), func(dst []byte, i int) []byte { return append(dst, values[i]...) })})
		}
	}
	return fields, nil
}

// storedValues returns the values of a field that is stored, as JSON.
func storedValues(root *jsonval.Node, f *mapping.Field) [][]byte {
	if f == nil || !f.Store {
		return nil
	}
	var values [][]byte
	var walk func(n *jsonval.Node, path string)
	walk = func(n *jsonval.Node, path string) {
		switch {
		case n.Kind == jsonval.Array:
			for i := range n.Items {
				walk(&n.Items[i], path)
			}
		case n.Kind == jsonval.Object:
			for i, key := range n.Keys {
				if key == path {
					walk(&n.Items[i], "")
				} else if rest, found := strings.CutPrefix(path, key+"."); found {
					walk(&n.Items[i], rest)
				}
			}
		case path == "" && n.Kind != jsonval.Null:
			values = append(values, n.Raw)
		}
	}
	walk(root, f.Path)
	return values
}
