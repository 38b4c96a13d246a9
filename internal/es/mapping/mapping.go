package mapping

import (
	"slices"
	"strings"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/wildcard"
)

// Mapping is one version of an index's mapping.
type Mapping struct {
	root *Field
	// byPath finds objects, leaves, multi-fields and aliases.
	byPath map[string]*Field
	// leaves is indexed by Field.Ord.
	leaves []*Field
	meta
}

// meta is what a mapping holds besides fields.
type meta struct {
	templates       []*DynamicTemplate
	noDateDetection bool
	numericDetect   bool
	// dateFormats are those tried on new strings; nil is the default list.
	dateFormats []*dates.Format
	// explicit root members, for printing, canonical JSON by name.
	members []param
	// sourceDisabled, sourceIncludes and sourceExcludes are _source's options.
	sourceDisabled                 bool
	sourceIncludes, sourceExcludes []string
	routingRequired                bool
	timestampRequired              bool // of data streams
	// runtime are the runtime fields, sorted by path; runtimeRemoved are those that an update takes away.
	runtime        []*Field
	runtimeRemoved []string
}

// Empty returns a mapping without fields.
func Empty() *Mapping {
	return &Mapping{root: &Field{Type: Object, Ord: -1}, byPath: map[string]*Field{}}
}

// Root returns the object that holds all fields. Its path is empty.
func (m *Mapping) Root() *Field { return m.root }

// Lookup returns the field at a path: a leaf, a multi-field, an object, or
// what an alias there stands for. It is nil when there is none.
func (m *Mapping) Lookup(path string) *Field {
	f := m.byPath[path]
	if f != nil && f.Type == Alias {
		return m.byPath[f.Target]
	}
	return f
}

// At is Lookup that returns an alias itself.
func (m *Mapping) At(path string) *Field { return m.byPath[path] }

// ResolveField is Lookup for queries. Where x.keyword is asked for, does not
// exist, and x is a keyword, it returns x and substituted is true, so that the
// caller can warn: dashboards often carry .keyword to indices with explicit
// keyword mappings.
func (m *Mapping) ResolveField(path string) (f *Field, substituted bool) {
	if f = m.Lookup(path); f != nil {
		return f, false
	}
	if base, ok := strings.CutSuffix(path, ".keyword"); ok {
		if f = m.Lookup(base); f != nil && f.Type.IsKeyword() && f.Type != Flattened {
			return f, true
		}
	}
	return nil, false
}

// FlattenedAt returns the flattened field that holds a path, and the path's
// rest within it: for "labels.app" the field "labels" and "app".
func (m *Mapping) FlattenedAt(path string) (f *Field, key string) {
	for i := strings.LastIndexByte(path, '.'); i > 0; i = strings.LastIndexByte(path[:i], '.') {
		if f := m.Lookup(path[:i]); f != nil {
			if f.Type == Flattened {
				return f, path[i+1:]
			}
			return nil, ""
		}
	}
	return nil, ""
}

// NestedAt returns the path of the innermost nested object around a path, or
// "" for the root documents.
func (m *Mapping) NestedAt(path string) string {
	for i := len(path); i > 0; i = strings.LastIndexByte(path[:i], '.') {
		if f := m.byPath[path[:i]]; f != nil && f.Type == Nested {
			return path[:i]
		}
	}
	return ""
}

// Fields returns the leaves, multi-fields included, by Ord. The slice must not
// be changed.
func (m *Mapping) Fields() []*Field { return m.leaves }

// Matching returns the leaves whose path fits a pattern with *, sorted by
// path. Without a * it is what Lookup returns, if that is a leaf.
func (m *Mapping) Matching(pattern string) []*Field {
	if !strings.Contains(pattern, "*") {
		if f := m.Lookup(pattern); f != nil && f.IsLeaf() {
			return []*Field{f}
		}
		return nil
	}
	var out []*Field
	for path, f := range m.byPath {
		if f.Type == Alias {
			f = m.byPath[f.Target]
		}
		if f != nil && f.IsLeaf() && wildcard.Match(pattern, path) && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *Field) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// FieldCount counts fields as index.mapping.total_fields.limit does: objects,
// leaves, multi-fields, aliases and runtime fields.
func (m *Mapping) FieldCount() int { return len(m.byPath) + len(m.runtime) }

// Dynamic returns the rule for unknown fields directly inside the object at a
// path ("" is the root), taken from the nearest object that has one.
func (m *Mapping) Dynamic(path string) Dynamic {
	for {
		f := m.root
		if path != "" {
			f = m.byPath[path]
		}
		if f != nil && f.Dynamic != DynamicInherit {
			return f.Dynamic
		}
		if path == "" {
			return DynamicTrue
		}
		path = path[:max(strings.LastIndexByte(path, '.'), 0)]
	}
}

// SourceEnabled reports whether _source is kept.
func (m *Mapping) SourceEnabled() bool { return !m.sourceDisabled }

// SourceFilter returns the patterns of _source's includes and excludes.
func (m *Mapping) SourceFilter() (includes, excludes []string) {
	return m.sourceIncludes, m.sourceExcludes
}

// RoutingRequired reports whether every document must name its routing.
func (m *Mapping) RoutingRequired() bool { return m.routingRequired }

// Enabled reports whether documents are looked into at all.
func (m *Mapping) Enabled() bool { return !m.root.Disabled }

// findChild looks a name up among sorted children.
func findChild(children []*Field, name string) (int, bool) {
	return slices.BinarySearchFunc(children, name, func(f *Field, name string) int { return strings.Compare(f.Name, name) })
}

// index rebuilds byPath and leaves after the tree changed. Leaves keep the
// number they have; new ones get the next.
func (m *Mapping) index(previous int) {
	m.byPath = make(map[string]*Field)
	m.leaves = make([]*Field, previous)
	var visit func(f *Field)
	visit = func(f *Field) {
		if f != m.root {
			m.byPath[f.Path] = f
		}
		if f.IsLeaf() {
			if f.Ord < 0 {
				f.Ord = len(m.leaves)
				m.leaves = append(m.leaves, nil)
			}
			m.leaves[f.Ord] = f
		}
		for _, sub := range f.Multi {
			visit(sub)
		}
		for _, child := range f.Children {
			visit(child)
		}
	}
	visit(m.root)
}
