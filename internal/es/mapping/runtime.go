package mapping

import (
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// Runtime fields are not kept in columns: a search that names one reads it out of _source. They hide mapped
// fields of the same path. A script may compute them instead.

// runtimeTypes are the types that can be read out of _source.
var runtimeTypes = []Type{Keyword, Long, Double, Date, Boolean, IP}

// ParseRuntime reads a "runtime" section, or the "runtime_mappings" of a search: {"name":{"type":…},…}, sorted by
// path. removed lists the names that are set to null.
func ParseRuntime(n *jsonval.Node) (fields []*Field, removed []string, err error) {
	if n.Kind != jsonval.Object {
		return nil, nil, eserr.MapperParsing("Expected a JSON object under [runtime] but got [%s]", n.Kind)
	}
	for i, name := range n.Keys {
		item := &n.Items[i]
		if item.Kind == jsonval.Null {
			removed = append(removed, name)
			continue
		}
		f, err := parseRuntimeField(name, item)
		if err != nil {
			return nil, nil, err
		}
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, b *Field) int { return strings.Compare(a.Path, b.Path) })
	return fields, removed, nil
}

func parseRuntimeField(path string, n *jsonval.Node) (*Field, error) {
	if n.Kind != jsonval.Object {
		return nil, eserr.MapperParsing("Expected map for runtime field [%s] definition but got a %s", path, n.Kind)
	}
	if strings.TrimSpace(path) == "" {
		return nil, eserr.IllegalArgument("name cannot be empty string")
	}
	t := n.Get("type")
	if t == nil {
		return nil, eserr.MapperParsing("No type specified for runtime field [%s]", path)
	}
	typ, ok := ParseType(t.Text)
	if !ok || !slices.Contains(runtimeTypes, typ) {
		if knownRuntimeTypes[t.Text] {
			return nil, eserr.Unsupported("type [" + t.Text + "] of runtime field [" + path + "]")
		}
		return nil, eserr.MapperParsing("No handler for type [%s] declared on runtime field [%s]", t.Text, path)
	}
	f := newRuntime(path, typ)
	for i, key := range n.Keys {
		item := &n.Items[i]
		switch {
		case key == "type" || key == "meta" && item.Kind == jsonval.Object:
		case key == "script":
			if err := f.readScript(item); err != nil {
				return nil, err
			}
		case key == "format" && typ == Date:
			json, err := readFormat(f, item)
			if err != nil {
				return nil, err
			}
			f.params = append(f.params, param{key, json})
		case key == "on_script_error" && item.Text == "fail":
			f.params = append(f.params, param{key, string(item.Raw)})
		case key == "locale" && typ == Date, key == "on_script_error":
			return nil, eserr.Unsupported("[" + key + "] of runtime field [" + path + "]")
		default:
			return nil, eserr.MapperParsing("unknown parameter [%s] on runtime field [%s] of type [%s]", key, path, typ)
		}
	}
	return f, nil
}

// readScript reads a runtime field's script, which has to compile.
func (f *Field) readScript(n *jsonval.Node) error {
	if n.Kind == jsonval.Null {
		return nil
	}
	spec, err := painless.ParseSpec(n)
	if err != nil {
		return err
	}
	if spec.ID != "" {
		return eserr.IllegalArgument("stored scripts are not supported for runtime field [%s]", f.Path)
	}
	if _, err := painless.CompileCached(spec.Source, *f.ScriptContext()); err != nil {
		return err
	}
	f.Script = spec
	f.params = append(f.params, param{"script", string(spec.AppendJSON(nil))})
	return nil
}

// ScriptContext is where the field's script runs.
func (f *Field) ScriptContext() *painless.Context {
	if f.Context != nil {
		return f.Context
	}
	switch f.Type {
	case Long:
		return &painless.LongField
	case Double:
		return &painless.DoubleField
	case Date:
		return &painless.DateField
	case Boolean:
		return &painless.BooleanField
	case IP:
		return &painless.IPField
	}
	return &painless.KeywordField
}

// Emits reports whether the field's script emits its values rather than return them.
func (f *Field) Emits() bool { return f.ScriptContext().Emit != painless.KindNull }

// NewScripted makes a runtime field whose values a script of a request gives.
func NewScripted(path string, typ Type, script *painless.Spec, ctx *painless.Context, of string) *Field {
	f := newRuntime(path, typ)
	f.Script, f.Context, f.ScriptOf = script, ctx, of
	return f
}

// knownRuntimeTypes are Elasticsearch's others.
var knownRuntimeTypes = map[string]bool{"geo_point": true, "composite": true, "lookup": true, "geo_shape": true}

// newRuntime makes a runtime field with the defaults of its type.
func newRuntime(path string, typ Type) *Field {
	f := &Field{Name: path, Path: path, Type: typ, Ord: -1, Runtime: true}
	f.setDefaults()
	return f
}

// readRuntime reads the section of a mapping.
func readRuntime(m *Mapping, n *jsonval.Node) error {
	var err error
	m.runtime, m.runtimeRemoved, err = ParseRuntime(n)
	return err
}

// Runtime returns the runtime fields, sorted by path. The slice must not be changed.
func (m *Mapping) Runtime() []*Field { return m.runtime }

// RuntimeAt returns the runtime field of a path, or nil.
func (m *Mapping) RuntimeAt(path string) *Field {
	i, found := slices.BinarySearchFunc(m.runtime, path, func(f *Field, path string) int { return strings.Compare(f.Path, path) })
	if !found {
		return nil
	}
	return m.runtime[i]
}

// mergeRuntime returns one list with another's fields over it, without those that are removed.
func mergeRuntime(list, over []*Field, removed []string) []*Field {
	if len(over) == 0 && len(removed) == 0 {
		return list
	}
	var out []*Field
	for _, f := range list {
		again := func(o *Field) bool { return o.Path == f.Path }
		if !slices.Contains(removed, f.Path) && !slices.ContainsFunc(over, again) {
			out = append(out, f)
		}
	}
	out = append(out, over...)
	slices.SortFunc(out, func(a, b *Field) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// runtimeField is what a new value becomes under dynamic: runtime. Objects are mapped as ever, without fields.
func runtimeField(path, matchKind string) *Field {
	types := map[string]Type{"string": Keyword, "long": Long, "double": Double, "boolean": Boolean, "date": Date}
	if typ, ok := types[matchKind]; ok {
		return newRuntime(path, typ)
	}
	return nil
}

func appendRuntime(dst []byte, fields []*Field) []byte {
	w := jsonval.Begin(dst)
	for _, f := range fields {
		w.Key(f.Path)
		w.Value(func(dst []byte) []byte {
			one := jsonval.Begin(dst)
			one.String("type", f.Type.String())
			for _, p := range f.params {
				one.Raw(p.name, []byte(p.json))
			}
			return one.End()
		})
	}
	return w.End()
}
