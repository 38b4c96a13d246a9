package filter

import (
	"slices"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var deDot = pipeline.FilterSpec{
	Name:    "de_dot",
	Summary: "Renames fields that have dots in their names.",
	Options: []plugin.Option{
		{Name: "separator", Kind: plugin.String, Default: "_", Help: "What to put in place of a dot; it must not have one."},
		{Name: "nested", Kind: plugin.Boolean, Help: "Make objects in place of dots: a.b becomes [a][b]. A name such as a..b cannot be, and gets the failure tag."},
		{Name: "recursive", Kind: plugin.Boolean, Help: "Look into objects too."},
		{Name: "fields", Kind: plugin.Strings, Help: "Fields to look at; without it all at the top of the event."},
		{Name: "tag_on_failure", Kind: plugin.String, Default: "_de_dot_error", Help: "Tag for an event that the filter failed on."},
	},
	New: newDeDot,
}

type deDotFilter struct {
	separator         string
	nested, recursive bool
	fields            [][]string // names along the way; nil for all
	failureTag        string
}

func newDeDot(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &deDotFilter{separator: s.String("separator"), nested: s.Bool("nested"), recursive: s.Bool("recursive"), failureTag: s.String("tag_on_failure")}
	if strings.Contains(f.separator, ".") {
		return nil, s.Errorf("separator", "must not hold a dot")
	}
	if _, err := event.ParsePath("a" + f.separator + "b"); err != nil {
		return nil, s.Errorf("separator", "must not hold brackets; for objects there is nested")
	}
	for _, text := range s.Strings("fields") {
		if _, err := event.ParsePath(text); err != nil {
			return nil, s.Errorf("fields", "%v", err)
		}
		f.fields = append(f.fields, strings.Split(strings.Trim(text, "[]"), "]["))
	}
	return f, nil
}

func (f *deDotFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	root := ev.Fields()
	ok := true
	if f.fields == nil {
		ok = f.members(root)
	}
	for _, names := range f.fields {
		ok = f.rename(root, names) && ok
	}
	if !ok {
		ev.Tag(f.failureTag)
		return pipeline.Unmatched
	}
	return pipeline.Matched
}

// members renames all members of an object.
func (f *deDotFilter) members(object event.Value) bool {
	names := make([]string, object.Len())
	for i := range names {
		names[i] = object.NameAt(i)
	}
	ok := true
	for _, name := range names {
		ok = f.rename(object, []string{name}) && ok
	}
	return ok
}

// rename moves the value that names lead to from root, and with recursive those below it.
func (f *deDotFilter) rename(root event.Value, names []string) bool {
	v, found := memberAt(root, names)
	if !found {
		return true
	}
	dotted := slices.IndexFunc(names, func(name string) bool { return strings.Contains(name, ".") })
	if dotted >= 0 {
		renamed := f.undotted(names)
		if slices.Contains(renamed, "") || !canNest(root, renamed) {
			return false
		}
		setNested(root, renamed, v)
		parent, _ := memberAt(root, names[:dotted])
		parent.RemoveMember(names[dotted])
	}
	if f.recursive && v.Kind() == event.Object {
		return f.members(v)
	}
	return true
}

// canNest says that only objects are on the way to a place.
func canNest(v event.Value, names []string) bool {
	for _, name := range names[:len(names)-1] {
		inner, ok := v.Member(name)
		if !ok {
			return true
		}
		if inner.Kind() != event.Object {
			return false
		}
		v = inner
	}
	return true
}

func (f *deDotFilter) undotted(names []string) []string {
	var renamed []string
	for _, name := range names {
		if f.nested {
			renamed = append(renamed, strings.Split(name, ".")...)
		} else {
			renamed = append(renamed, strings.ReplaceAll(name, ".", f.separator))
		}
	}
	return renamed
}

// memberAt follows names from an object.
func memberAt(v event.Value, names []string) (event.Value, bool) {
	for _, name := range names {
		var ok bool
		if v, ok = v.Member(name); !ok {
			return v, false
		}
	}
	return v, true
}
