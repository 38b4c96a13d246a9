package exec

import (
	"strings"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// objectFetcher prints nested objects as hits: the part of the document that an object is, and where in the
// document it stands.
type objectFetcher struct {
	leaf *leaf // the objects
	path string
	docs *segment.SourceReader
	// single names the only field of the objects, under which a plain value in an object's place is printed.
	single string
	parsed int // document in root; -1 for none
	root   *jsonval.Node
}

// newObjectFetcher prints objects at a path; nil when the segment has none.
func (f *fetcher) newObjectFetcher(path string) *objectFetcher {
	d := f.leaf.descend(path)
	if d == nil {
		return nil
	}
	return &objectFetcher{leaf: d.leaf, path: path, docs: f.docs, parsed: -1, single: singleName(f.plan.index, path)}
}

// singleName is the name of the only field of the objects at a path; "" where they have several.
func singleName(index *Index, path string) string {
	if spec := index.Mapping.Lookup(path); spec != nil && len(spec.Children) == 1 {
		return spec.Children[0].Name
	}
	return ""
}

// objectHit fills in what an object's hit has of its own, and returns the document's row.
func (f *fetcher) objectHit(object int, h *result.Hit) (row int, err error) {
	o := f.objects
	h.Nested, row, err = o.identity(object)
	if err != nil || !f.wantsSource() {
		return row, err
	}
	n, err := o.cut(h.Nested, row)
	if n != nil {
		h.Source = f.filter.applyAt(n, o.path)
	}
	return row, err
}

// values are those that an object has at a path, as they are written.
func (o *objectFetcher) values(object int, path string) ([][]byte, error) {
	id, row, err := o.identity(object)
	if err != nil {
		return nil, err
	}
	n, err := o.cut(id, row)
	if err != nil || n == nil {
		return nil, err
	}
	var out [][]byte
	eachAt(n.Raw, strings.TrimPrefix(path, o.path+"."), func(value []byte) { out = append(out, value) })
	return out, nil
}

// identity says where an object stands, level by level from the document on.
func (o *objectFetcher) identity(object int) (id *result.Nested, row int, err error) {
	row = object
	for l := o.leaf; l.around != nil; l = l.around.outer {
		children := l.around.children()
		parent, err := children.Parent(row)
		if err != nil {
			return nil, 0, err
		}
		first, err := children.First(parent)
		if err != nil {
			return nil, 0, err
		}
		field := l.around.space.Path
		if outer := l.around.outer.around; outer != nil {
			field = strings.TrimPrefix(field, outer.space.Path+".")
		}
		id = &result.Nested{Field: field, Offset: row - first, Inner: id}
		row = parent
	}
	return id, row, nil
}

// cut finds an object in its document.
func (o *objectFetcher) cut(id *result.Nested, row int) (*jsonval.Node, error) {
	if o.parsed != row {
		raw, err := o.docs.Append(nil, row)
		if err != nil {
			return nil, err
		}
		if o.root, err = jsonval.Parse(raw); err != nil {
			return nil, err
		}
		o.parsed = row
	}
	n := o.root
	for ; id != nil && n != nil; id = id.Inner {
		at := id.Offset
		n = nthObject(n, id.Field, &at)
	}
	if n != nil && n.Kind != jsonval.Object { // a plain value in an object's place
		n = objectOf(o.single, n)
	}
	return n, nil
}

// nthObject finds the object at a path with number *n, counted as ingest does: in order of source, through
// arrays, with a plain value or a key that runs through the path as an object too.
func nthObject(node *jsonval.Node, path string, n *int) *jsonval.Node {
	switch {
	case node.Kind == jsonval.Array:
		for i := range node.Items {
			if found := nthObject(&node.Items[i], path, n); found != nil {
				return found
			}
		}
		return nil
	case path == "" && node.Kind != jsonval.Null:
		if *n--; *n < 0 {
			return node
		}
		return nil
	case node.Kind != jsonval.Object:
		return nil
	}
	for i, key := range node.Keys {
		var found *jsonval.Node
		switch item := &node.Items[i]; {
		case key == path:
			found = nthObject(item, "", n)
		case strings.HasPrefix(path, key+"."):
			found = nthObject(item, path[len(key)+1:], n)
		case strings.HasPrefix(key, path+"."):
			found = nthObject(objectOf(key[len(path)+1:], item), "", n)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// objectOf is an object with one member.
func objectOf(key string, value *jsonval.Node) *jsonval.Node {
	w := jsonval.Begin(nil)
	w.Raw(key, value.Raw)
	return &jsonval.Node{Kind: jsonval.Object, Keys: []string{key}, Items: []jsonval.Node{*value}, Raw: w.End()}
}
