package mapping

import (
	"elkhorn/internal/es/eserr"
)

// mergeMode says how two definitions of one field meet.
type mergeMode uint8

const (
	// mergeUpdate is PUT _mapping: what exists must stay compatible.
	mergeUpdate mergeMode = iota
	// mergeTemplate is one template over another: the later definition wins.
	mergeTemplate
)

// Merge returns a with b's fields and settings added, as PUT _mapping does. A
// field that both have must keep its type and its unchangeable parameters;
// else the error is an illegal_argument_exception in Elasticsearch's words.
func Merge(a, b *Mapping) (*Mapping, error) { return merge(a, b, mergeUpdate) }

// Overlay returns a with b's definitions over it, as when an index takes its
// mapping from several templates: a field that both define is b's.
func Overlay(a, b *Mapping) (*Mapping, error) { return merge(a, b, mergeTemplate) }

func merge(a, b *Mapping, mode mergeMode) (*Mapping, error) {
	root, err := mergeField(a.root, b.root, mode)
	if err != nil {
		return nil, err
	}
	m := &Mapping{root: root, meta: a.meta.merge(&b.meta, mode)}
	m.index(len(a.leaves))
	m.dropGaps()
	return m, m.checkReferences()
}

// merge returns x with what y says explicitly.
func (x *meta) merge(y *meta, mode mergeMode) meta {
	out := *x
	out.members = append([]param(nil), x.members...)
	for _, p := range y.members {
		out.setMember(p.name, p.json)
		switch p.name {
		case "date_detection":
			out.noDateDetection = y.noDateDetection
		case "numeric_detection":
			out.numericDetect = y.numericDetect
		case "dynamic_date_formats":
			out.dateFormats = y.dateFormats
		case "_source":
			out.sourceDisabled, out.sourceIncludes, out.sourceExcludes = y.sourceDisabled, y.sourceIncludes, y.sourceExcludes
		case "_data_stream_timestamp":
			out.timestampRequired = y.timestampRequired
		case "_routing":
			out.routingRequired = y.routingRequired
		}
	}
	out.runtime = mergeRuntime(x.runtime, y.runtime, y.runtimeRemoved)
	out.runtimeRemoved = nil
	if y.templates != nil {
		out.templates = mergeTemplates(x.templates, y.templates, mode)
	}
	return out
}

// mergeTemplates replaces the list when a mapping is updated; templates of
// templates are replaced one by one, by name.
func mergeTemplates(x, y []*DynamicTemplate, mode mergeMode) []*DynamicTemplate {
	if mode == mergeUpdate {
		return y
	}
	out := append([]*DynamicTemplate(nil), x...)
next:
	for _, t := range y {
		for i := range out {
			if out[i].Name == t.Name {
				out[i] = t
				continue next
			}
		}
		out = append(out, t)
	}
	return out
}

// mergeField returns a new field; a and b stay as they are. Children of a that
// b does not touch are shared.
func mergeField(a, b *Field, mode mergeMode) (*Field, error) {
	switch {
	case a.Type.IsObject() && b.Type.IsObject():
		return mergeObject(a, b, mode)
	case mode == mergeTemplate:
		return adopt(b), nil
	case a.Type.IsObject() || b.Type.IsObject():
		if b.Type.IsObject() {
			return nil, eserr.IllegalArgument("can't merge a non object mapping [%s] with an object mapping", a.Path)
		}
		return nil, eserr.IllegalArgument("can't merge an object mapping [%s] with a non object mapping", a.Path)
	case a.Type != b.Type:
		return nil, eserr.IllegalArgument("mapper [%s] cannot be changed from type [%s] to [%s]", a.Path, a.Type, b.Type)
	}
	return mergeLeaf(a, b)
}

func mergeObject(a, b *Field, mode mergeMode) (*Field, error) {
	if a.Type != b.Type && mode == mergeUpdate {
		if a.Type == Nested {
			return nil, eserr.IllegalArgument("cannot change object mapping from nested to non-nested")
		}
		if b.Type == Nested {
			return nil, eserr.IllegalArgument("cannot change object mapping from non-nested to nested")
		}
	}
	if a.Disabled != b.Disabled && mode == mergeUpdate && a.Path != "" && (b.Disabled || a.Disabled && len(b.Children) > 0) {
		return nil, eserr.IllegalArgument("the [enabled] parameter can't be updated for the object mapping [%s]", a.Path)
	}
	if mode == mergeUpdate && a.Type == Nested {
		for _, p := range []struct {
			name       string
			was, wants bool
		}{{"include_in_parent", a.IncludeInParent, b.IncludeInParent}, {"include_in_root", a.IncludeInRoot, b.IncludeInRoot}} {
			if p.was != p.wants {
				return nil, eserr.New(500, "mapper_exception", "the [%s] parameter can't be updated on a nested object mapping", p.name)
			}
		}
	}
	out := *a
	out.Type = b.Type
	if mode == mergeTemplate || a.Path == "" {
		out.Disabled = a.Disabled || b.Disabled
	}
	if b.Dynamic != DynamicInherit {
		out.Dynamic = b.Dynamic
	}
	out.NoSubobjects = a.NoSubobjects || b.NoSubobjects
	if b.saysParent {
		out.IncludeInParent, out.saysParent = b.IncludeInParent, true
	}
	if b.saysRoot {
		out.IncludeInRoot, out.saysRoot = b.IncludeInRoot, true
	}
	if out.Type != Nested {
		out.IncludeInParent, out.IncludeInRoot = false, false
	}
	out.Children = append([]*Field(nil), a.Children...)
	for _, child := range b.Children {
		added := adopt(child)
		if old := a.Child(child.Name); old != nil {
			var err error
			if added, err = mergeField(old, child, mode); err != nil {
				return nil, err
			}
		}
		out.addChild(added)
	}
	return &out, nil
}

// mergeLeaf takes b's definition where every parameter that differs may be
// changed, and joins the multi-fields of both.
func mergeLeaf(a, b *Field) (*Field, error) {
	for i := range paramTable {
		spec := &paramTable[i]
		if spec.update || spec.once && !(a.says(spec) && b.says(spec)) || spec.name == "index_options" && a.Type == DenseVector {
			continue
		}
		was, will := a.effective(spec), b.effective(spec)
		if was != will {
			return nil, eserr.IllegalArgument("Mapper for [%s] conflicts with existing mapper:\n\tCannot update parameter [%s] from [%s] to [%s]",
				a.Path, spec.name, unquote(was), unquote(will))
		}
	}
	if !a.Norms && b.Norms {
		return nil, eserr.IllegalArgument("Mapper for [%s] conflicts with existing mapper:\n\tCannot update parameter [norms] from [false] to [true]", a.Path)
	}
	out := *b
	out.Ord = a.Ord
	if a.Value != "" || a.Dims != 0 && b.Dims == 0 {
		out.Value, out.Dims, out.params = a.Value, a.Dims, a.params
	}
	out.Multi = append([]*Field(nil), a.Multi...)
	for _, sub := range b.Multi {
		added := adopt(sub)
		if old := a.MultiField(sub.Name); old != nil {
			var err error
			if added, err = mergeField(old, sub, mergeUpdate); err != nil {
				return nil, err
			}
		}
		out.addMulti(added)
	}
	return &out, nil
}

// says reports whether a parameter is given.
func (f *Field) says(spec *paramSpec) bool {
	_, given := f.param(spec.name)
	return given
}

// effective is a parameter's JSON, the default's where it is not given.
func (f *Field) effective(spec *paramSpec) string {
	if json, ok := f.param(spec.name); ok {
		return json
	}
	if spec.def != nil && spec.has(f.Type) {
		return spec.def(f.Type)
	}
	return "null"
}

func unquote(json string) string {
	if len(json) >= 2 && json[0] == '"' {
		return json[1 : len(json)-1]
	}
	return json
}

// adopt returns a deep copy of a field that comes from another mapping, so
// that its leaves are numbered anew.
func adopt(f *Field) *Field {
	out := *f
	out.Ord = -1
	out.Multi, out.Children = nil, nil
	for _, sub := range f.Multi {
		out.Multi = append(out.Multi, adopt(sub))
	}
	for _, child := range f.Children {
		out.Children = append(out.Children, adopt(child))
	}
	return &out
}

// dropGaps renumbers leaves after Overlay replaced some, which happens before
// there is any data. Merge and With leave no gaps.
func (m *Mapping) dropGaps() {
	for _, f := range m.leaves {
		if f == nil {
			root := adopt(m.root)
			m.root = root
			m.index(0)
			return
		}
	}
}
