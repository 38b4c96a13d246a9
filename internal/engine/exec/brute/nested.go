package brute

import "slices"

// An object under a nested mapping is a document inside another: a Doc with Scope for its path and Outer for the document that
// holds it. Fields inside it have values there alone.

// inside are the objects of a document at a path, however deep.
func (d *Doc) inside(path string) []*Doc {
	var out []*Doc
	for _, object := range d.inner {
		if object.Scope == path {
			out = append(out, object)
		} else {
			out = append(out, object.inside(path)...)
		}
	}
	return out
}

// nested says whether one of a document's objects matches.
func (d *Doc) nested(o *Node) bool {
	for _, object := range d.inside(o.text("path", "")) {
		if object.Matches(o.Get("query")) {
			return true
		}
	}
	return false
}

// insideAll are the objects of all documents at a path.
func insideAll(docs []*Doc, path string) []*Doc {
	var out []*Doc
	for _, d := range docs {
		out = append(out, d.inside(path)...)
	}
	return out
}

// around are the documents at an outer path that hold some objects, each once; "" is the root.
func around(docs []*Doc, path string) []*Doc {
	var out []*Doc
	seen := map[*Doc]bool{}
	for _, d := range docs {
		for d.Outer != nil && d.Scope != path {
			d = d.Outer
		}
		if d.Scope == path && !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	return out
}

// enter begins an object inside the document at hand; the answer ends it.
func (r *reader) enter(path string) (leave func()) {
	outer := r.at
	object := &Doc{Index: outer.Index, Scope: path, Outer: outer, stored: map[string][]any{}}
	outer.inner = append(outer.inner, object)
	r.at = object
	return func() { r.at = outer }
}

// values are those that a document is sorted by, in order.
func (k *Key) values(d *Doc, f *Field) []any {
	objects := []*Doc{d}
	for n := k.Nested; n != nil; n = n.Get("nested") {
		var inner []*Doc
		for _, object := range insideAll(objects, n.text("path", "")) {
			if object.Matches(n.Get("filter")) {
				inner = append(inner, object)
			}
		}
		objects = inner
	}
	var out []any
	for _, object := range objects {
		out = append(out, object.values(f)...)
	}
	slices.SortFunc(out, order)
	return out
}
