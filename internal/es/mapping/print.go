package mapping

import "elkhorn/internal/es/jsonval"

// MarshalJSON prints the mapping as it stands under "mappings" in the answer
// of GET _mapping.
func (m *Mapping) MarshalJSON() ([]byte, error) { return m.Append(nil), nil }

// Append appends what MarshalJSON prints.
func (m *Mapping) Append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	m.root.writeObject(&w, func() {
		for _, p := range m.members {
			w.Raw(p.name, []byte(p.json))
		}
		if len(m.runtime) > 0 {
			w.Key("runtime")
			w.Value(func(dst []byte) []byte { return appendRuntime(dst, m.runtime) })
		}
		if len(m.templates) > 0 {
			w.Key("dynamic_templates")
			w.Value(func(dst []byte) []byte { return appendTemplates(dst, m.templates) })
		}
	})
	return w.End()
}

// MarshalJSON prints the field's definition, without its name.
func (f *Field) MarshalJSON() ([]byte, error) { return f.append(nil), nil }

func (f *Field) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	if f.Type.IsObject() {
		if f.Type == Nested || len(f.Children) == 0 {
			w.String("type", f.Type.String())
		}
		f.writeObject(&w, func() {})
		return w.End()
	}
	w.String("type", f.Type.String())
	for _, p := range f.params {
		w.Raw(p.name, []byte(p.json))
	}
	writeFields(&w, "fields", f.Multi)
	return w.End()
}

// writeObject prints what objects and the root have in common; extra prints
// what the root has besides.
func (f *Field) writeObject(w *jsonval.Writer, extra func()) {
	w.BoolIf("include_in_parent", f.IncludeInParent)
	w.BoolIf("include_in_root", f.IncludeInRoot)
	if f.Dynamic != DynamicInherit {
		w.String("dynamic", f.Dynamic.String())
	}
	if f.Disabled {
		w.Bool("enabled", false)
	}
	if f.NoSubobjects {
		w.Bool("subobjects", false)
	}
	extra()
	writeFields(w, "properties", f.Children)
}

func writeFields(w *jsonval.Writer, name string, fields []*Field) {
	if len(fields) == 0 {
		return
	}
	w.Key(name)
	w.Value(func(dst []byte) []byte {
		o := jsonval.Begin(dst)
		for _, f := range fields {
			o.Key(f.Name)
			o.Value(f.append)
		}
		return o.End()
	})
}
