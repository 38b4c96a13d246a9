package mapping

import (
	"strings"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
)

// With returns a new version with fields added, each at its Path, making plain
// objects on the way where there are none. The fields are copied. A field that
// exists already is merged as Merge does.
func (m *Mapping) With(additions []*Field) (*Mapping, error) {
	root, meta := m.root, m.meta
	for _, f := range additions {
		var err error
		if f.Runtime {
			meta.runtime = mergeRuntime(meta.runtime, []*Field{f}, nil)
			continue
		}
		if root, err = insert(root, "", f.Path, f); err != nil {
			return nil, err
		}
	}
	out := &Mapping{root: root, meta: meta}
	out.index(len(m.leaves))
	return out, nil
}

// insert returns a copy of object with f at the path rest below it.
func insert(object *Field, prefix, rest string, f *Field) (*Field, error) {
	out := *object
	out.Children = append([]*Field(nil), object.Children...)
	name, below, dotted := rest, "", false
	if !object.NoSubobjects {
		name, below, dotted = strings.Cut(rest, ".")
	}
	path := join(prefix, name)
	old := object.Child(name)
	var added *Field
	var err error
	switch {
	case dotted && old == nil:
		added, err = insert(&Field{Name: name, Path: path, Type: Object, Ord: -1}, path, below, f)
	case dotted && !old.Type.IsObject():
		return nil, eserr.IllegalArgument("can't merge a non object mapping [%s] with an object mapping", path)
	case dotted:
		added, err = insert(old, path, below, f)
	case old == nil:
		added = adopt(f)
	default:
		added, err = mergeField(old, f, mergeUpdate)
	}
	if err != nil {
		return nil, err
	}
	out.addChild(added)
	return &out, nil
}

// Limits bound a mapping against explosion; 0 is no limit. They are the index
// settings index.mapping.total_fields.limit, .depth.limit, .nested_fields.limit
// and .field_name_length.limit.
type Limits struct{ Fields, Depth, NestedFields, NameLength int }

// checkNames finds names that are too long, among those that the version before has not.
func (m *Mapping) checkNames(limit int, before *Mapping) error {
	for path, f := range m.byPath {
		if utf8.RuneCountInString(f.Name) > limit && (before == nil || before.byPath[path] == nil) {
			return eserr.IllegalArgument("Field name [%s] is longer than the limit of [%d] characters", f.Name, limit)
		}
	}
	return nil
}

// DefaultLimits are Elasticsearch's.
var DefaultLimits = Limits{Fields: 1000, Depth: 20, NestedFields: 100}

// Check returns an illegal_argument_exception when the mapping is beyond a
// limit. before is the version it grew from, nil for none; a mapping that was
// beyond a limit already may stay so, as long as it does not grow.
func (m *Mapping) Check(l Limits, before *Mapping) error {
	was := 0
	if before != nil {
		was = before.FieldCount()
	}
	if n := m.FieldCount(); l.Fields > 0 && n > l.Fields && n > was {
		return eserr.IllegalArgument("Limit of total fields [%d] has been exceeded while adding new fields [%d]", l.Fields, n-was)
	}
	if l.NameLength > 0 {
		if err := m.checkNames(l.NameLength, before); err != nil {
			return err
		}
	}
	nested := 0
	for path, f := range m.byPath {
		if f.Type == Nested {
			nested++
		}
		if depth := strings.Count(path, ".") + 1; f.Type.IsObject() && l.Depth > 0 && depth+1 > l.Depth {
			return eserr.IllegalArgument("Limit of mapping depth [%d] has been exceeded due to object field [%s]", l.Depth, path)
		}
	}
	if l.NestedFields > 0 && nested > l.NestedFields {
		return eserr.IllegalArgument("Limit of nested fields [%d] has been exceeded", l.NestedFields)
	}
	return nil
}
