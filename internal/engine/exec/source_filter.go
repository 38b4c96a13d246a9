package exec

import (
	"bytes"

	"elkhorn/internal/es/jsonval"
)

// sourceFilter leaves out parts of _source.
type sourceFilter struct {
	includes, excludes []pathPattern
}

// newSourceFilter returns nil when nothing is left out.
func newSourceFilter(f SourceFilter) *sourceFilter {
	if len(f.Includes) == 0 && len(f.Excludes) == 0 {
		return nil
	}
	return &sourceFilter{pathPatterns(f.Includes), pathPatterns(f.Excludes)}
}

// FilterSource returns a document without what a filter leaves out. A filter that is Disabled is the
// caller's to look at.
func FilterSource(raw []byte, f SourceFilter) []byte { return newSourceFilter(f).apply(raw) }

// apply returns the document without what is left out. Values and their order stay as written; white
// space between them goes.
func (f *sourceFilter) apply(raw []byte) []byte {
	if f == nil {
		return raw
	}
	root, err := jsonval.Parse(raw)
	if err != nil || root.Kind != jsonval.Object {
		return raw // the store only holds documents that were parsed before
	}
	out, _ := f.object(nil, root, "", len(f.includes) == 0)
	if out == nil {
		return []byte("{}")
	}
	return out
}

// applyAt is apply for a part of a document that stands at a path.
func (f *sourceFilter) applyAt(n *jsonval.Node, path string) []byte {
	if f == nil {
		return n.Raw
	}
	out, _ := f.object(nil, n, path, len(f.includes) == 0 || matchesPath(f.includes, path))
	return out
}

// object appends an object. included says that everything below is wanted; kept says whether anything
// was appended.
func (f *sourceFilter) object(dst []byte, n *jsonval.Node, path string, included bool) (out []byte, kept bool) {
	dst = append(dst, '{')
	first := true
	for i, key := range n.Keys {
		start := len(dst)
		if !first {
			dst = append(dst, ',')
		}
		dst = append(jsonval.AppendString(dst, key), ':')
		var ok bool
		if dst, ok = f.value(dst, &n.Items[i], joinPath(path, key), included); !ok {
			dst = dst[:start]
			continue
		}
		first = false
	}
	return append(dst, '}'), !first
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// value appends what is wanted of a value; ok is false when that is nothing.
func (f *sourceFilter) value(dst []byte, n *jsonval.Node, path string, included bool) (out []byte, ok bool) {
	if matchesPath(f.excludes, path) {
		return dst, false
	}
	included = included || matchesPath(f.includes, path)
	switch n.Kind {
	case jsonval.Object:
		if !included && !mayMatchBelow(f.includes, path) {
			return dst, false
		}
		dst, kept := f.object(dst, n, path, included)
		return dst, kept || included // an object stays when all inside it is excluded
	case jsonval.Array:
		return f.array(dst, n, path, included)
	}
	if !included {
		return dst, false
	}
	return append(dst, n.Raw...), true
}

func (f *sourceFilter) array(dst []byte, n *jsonval.Node, path string, included bool) (out []byte, ok bool) {
	dst = append(dst, '[')
	kept := false
	for i := range n.Items {
		start := len(dst)
		if kept {
			dst = append(dst, ',')
		}
		var ok bool
		dst, ok = f.value(dst, &n.Items[i], path, included)
		if !ok || emptied(&n.Items[i], dst) {
			dst = dst[:start]
			continue
		}
		kept = true
	}
	return append(dst, ']'), kept || included
}

// emptied says whether an object of an array had members and dst ends with it having none.
func emptied(n *jsonval.Node, dst []byte) bool {
	return n.Kind == jsonval.Object && len(n.Keys) > 0 && bytes.HasSuffix(dst, []byte("{}"))
}

// pathPattern is a field path in which * stands for any text.
type pathPattern struct {
	text  string
	match func([]byte) bool
}

func pathPatterns(texts []string) []pathPattern {
	var list []pathPattern
	for _, t := range texts {
		list = append(list, pathPattern{t, compileWildcardPattern(t, false)})
	}
	return list
}

// matchesPath says whether a pattern names the path or something above it.
func matchesPath(list []pathPattern, path string) bool {
	for _, p := range list {
		if p.match([]byte(path)) {
			return true
		}
	}
	return false
}

// mayMatchBelow says whether a pattern may name something below the path.
func mayMatchBelow(list []pathPattern, path string) bool {
	for _, p := range list {
		if wildcardReaches(p.text, path+".") {
			return true
		}
	}
	return false
}

// wildcardReaches says whether some text that begins with prefix fits the pattern.
func wildcardReaches(pattern, prefix string) bool {
	for i := 0; i < len(prefix); i++ {
		if i >= len(pattern) {
			return false
		}
		if pattern[i] == '*' {
			return true
		}
		if pattern[i] != prefix[i] && pattern[i] != '?' {
			return false
		}
	}
	return true
}
