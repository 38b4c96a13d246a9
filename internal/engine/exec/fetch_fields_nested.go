package exec

import (
	"strings"

	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// nestedFields are fields inside nested objects as "fields" prints them: a list of the objects, each with its
// own values under names that count from the object.
type nestedFields struct {
	name   string // of the path, as it is printed
	path   string
	inner  *innerLeaf // nil: the segment has none
	fields *fieldFetcher
}

// scope is the nested path whose objects are the rows; "" for documents.
func (f *fieldFetcher) scope() string {
	if f.objects == nil {
		return ""
	}
	return f.objects.path
}

// nestedPath is the nested path, next inside the rows at hand, that a field lies in; "" for one of the rows
// themselves.
func (f *fieldFetcher) nestedPath(p *plan, one *field) string {
	if one.spec == nil {
		return ""
	}
	next := ""
	for path := p.index.Mapping.NestedAt(one.spec.Path); path != "" && path != f.scope(); path = p.index.Mapping.NestedAt(parentPath(path)) {
		next = path
	}
	return next
}

// group returns the fields inside objects at a path.
func (f *fieldFetcher) group(p *plan, path string) *nestedFields {
	for _, g := range f.nested {
		if g.path == path {
			return g
		}
	}
	g := &nestedFields{name: path, path: path, inner: f.leaf.inner(path)}
	if f.within != "" {
		g.name = strings.TrimPrefix(path, f.within+".")
	}
	g.fields = &fieldFetcher{leaf: f.leaf, docs: f.docs, within: path, objects: &objectFetcher{path: path, docs: f.docs, parsed: -1, single: singleName(p.index, path)}}
	if g.inner != nil {
		g.fields.leaf, g.fields.objects.leaf = g.inner.leaf, g.inner.leaf
	}
	f.nested = append(f.nested, g)
	return g
}

// fetch prints the objects of a row that have some of the fields.
func (g *nestedFields) fetch(row int, h *result.Hit) error {
	if g.inner == nil {
		return nil
	}
	from, err := g.inner.children().First(row)
	if err != nil {
		return err
	}
	to, err := g.inner.children().First(row + 1)
	if err != nil {
		return err
	}
	var objects [][]byte
	for at := from; at < to; at++ {
		var one result.Hit
		if err := g.fields.fetch(at, &one); err != nil {
			return err
		}
		if len(one.Fields) == 0 {
			continue
		}
		w := jsonval.Begin(nil)
		for _, field := range one.Fields {
			w.Raw(strings.TrimPrefix(field.Name, g.path+"."), field.Values)
		}
		objects = append(objects, w.End())
	}
	if len(objects) > 0 {
		h.Fields = append(h.Fields, result.Field{Name: g.name, Values: jsonArray(objects)})
	}
	return nil
}
