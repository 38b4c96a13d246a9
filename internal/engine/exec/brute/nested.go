package brute

import (
	"slices"
	"strings"

	"elkhorn/internal/es/query"
)

// A field whose type is "nested" is a path of objects of their own: a Doc inside another, with Scope for
// its path and Outer for the document that holds it.

// scope is the innermost nested path around a field, "" for none.
func (t Types) scope(field string) string {
	parts := strings.Split(field, ".")
	for i := len(parts) - 1; i > 0; i-- {
		if path := strings.Join(parts[:i], "."); t[path] == "nested" {
			return path
		}
	}
	return ""
}

// objects are the nested objects of a document at a path, each under its whole path.
func (t Types) objects(d *Doc, path string) []Doc {
	var out []Doc
	var walk func(v any, rest []string, outer *Doc, at string)
	walk = func(v any, rest []string, outer *Doc, at string) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item, rest, outer, at)
			}
		case map[string]any:
			if t[at] == "nested" && at != d.Scope {
				outer = &Doc{ID: d.ID, Body: wrap(v, strings.Split(at, ".")), Scope: at, Outer: outer}
			}
			if len(rest) == 0 {
				out = append(out, *outer)
				return
			}
			walk(v[rest[0]], rest[1:], outer, strings.TrimPrefix(at+"."+rest[0], "."))
		}
	}
	rest := strings.Split(path, ".")
	body, at := any(d.Body), ""
	for _, part := range strings.Split(d.Scope, ".") {
		if d.Scope != "" {
			body, rest, at = body.(map[string]any)[part], rest[1:], strings.TrimPrefix(at+"."+part, ".")
		}
	}
	walk(body, rest, d, at)
	return out
}

func wrap(body map[string]any, path []string) map[string]any {
	for i := len(path) - 1; i >= 0; i-- {
		body = map[string]any{path[i]: body}
	}
	return body
}

// nested says whether one of a document's objects matches.
func (t Types) nested(d Doc, q *query.Nested) bool {
	return slices.ContainsFunc(t.objects(&d, q.Path), func(o Doc) bool { return t.Match(o, q.Inner) })
}

// inside are the objects of all documents at a path.
func (t Types) inside(docs []Doc, path string) []Doc {
	var out []Doc
	for i := range docs {
		out = append(out, t.objects(&docs[i], path)...)
	}
	return out
}

// around are the documents at an outer path that hold some objects, each once; "" is the root.
func around(docs []Doc, path string) []Doc {
	var out []Doc
	seen := map[*Doc]bool{}
	for i := range docs {
		d := &docs[i]
		for d.Outer != nil && d.Scope != path {
			d = d.Outer
		}
		if d.Scope == path && !seen[d] {
			seen[d] = true
			out = append(out, *d)
		}
	}
	return out
}
