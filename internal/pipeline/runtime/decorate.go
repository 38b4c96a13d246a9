package runtime

import (
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// decoration is the common options of one plugin, compiled: what is added to and taken from its events.
type decoration struct {
	addFields    []fieldAddition
	removeFields []fieldName
	addTags      []*event.Template
	removeTags   []*event.Template
	typeName     string // of an input; for events that have none
}

// fieldName is a field whose name may hold references.
type fieldName struct {
	path     *event.Path     // when the name has no references
	template *event.Template // else
}

type fieldAddition struct {
	name   fieldName
	values []*event.Template
}

var typePath = event.MustPath("type")

// newDecoration compiles the common options of a filter or an input. An input's tags are called tags.
func newDecoration(s *plugin.Settings, input bool) (*decoration, error) {
	d := &decoration{}
	for _, pair := range s.Pairs("add_field") {
		a, err := newFieldAddition(s, pair)
		if err != nil {
			return nil, err
		}
		d.addFields = append(d.addFields, a)
	}
	tags := "tags"
	if input {
		d.typeName = s.String("type")
	} else {
		tags = "add_tag"
		for _, name := range s.Strings("remove_field") {
			f, err := newFieldName(name)
			if err != nil {
				return nil, s.Errorf("remove_field", "%v", err)
			}
			d.removeFields = append(d.removeFields, f)
		}
		var err error
		if d.removeTags, err = templates(s, "remove_tag"); err != nil {
			return nil, err
		}
	}
	var err error
	d.addTags, err = templates(s, tags)
	return d, err
}

func templates(s *plugin.Settings, option string) ([]*event.Template, error) {
	var out []*event.Template
	for _, text := range s.Strings(option) {
		t, err := event.CompileTemplate(text)
		if err != nil {
			return nil, s.Errorf(option, "%v", err)
		}
		out = append(out, t)
	}
	return out, nil
}

func newFieldName(text string) (fieldName, error) {
	t, err := event.CompileTemplate(text)
	if err != nil {
		return fieldName{}, err
	}
	name, ok := t.Constant()
	if !ok {
		return fieldName{template: t}, nil
	}
	p, err := event.ParsePath(name)
	return fieldName{path: p}, err
}

func newFieldAddition(s *plugin.Settings, pair plugin.Pair) (fieldAddition, error) {
	name, err := newFieldName(pair.Key)
	if err != nil {
		return fieldAddition{}, s.Errorf("add_field", "%v", err)
	}
	values := []plugin.Value{pair.Value}
	if pair.Value.Kind == plugin.List {
		values = pair.Value.List
	}
	a := fieldAddition{name: name}
	for _, v := range values {
		if v.Kind != plugin.Text && v.Kind != plugin.Number {
			return a, s.Errorf("add_field", "wants texts as values, for field %q too", pair.Key)
		}
		t, err := event.CompileTemplate(v.Str)
		if err != nil {
			return a, s.Errorf("add_field", "%v", err)
		}
		a.values = append(a.values, t)
	}
	return a, nil
}

// resolve returns the field for an event; nil when its name with values in place is no reference.
func (f fieldName) resolve(ev *event.Event) *event.Path {
	if f.path != nil {
		return f.path
	}
	p, err := event.ParsePath(f.template.Expand(ev))
	if err != nil {
		return nil
	}
	return p
}

// empty says that apply would do nothing.
func (d *decoration) empty() bool {
	return len(d.addFields) == 0 && len(d.removeFields) == 0 && len(d.addTags) == 0 && len(d.removeTags) == 0 && d.typeName == ""
}

// apply changes an event, in Logstash's order.
func (d *decoration) apply(ev *event.Event) {
	for _, a := range d.addFields {
		path := a.name.resolve(ev)
		if path == nil {
			continue
		}
		for _, v := range a.values {
			ev.Add(path, event.StringOf(v.Expand(ev)))
		}
	}
	for _, f := range d.removeFields {
		if path := f.resolve(ev); path != nil {
			ev.Remove(path)
		}
	}
	for _, t := range d.addTags {
		ev.Tag(t.Expand(ev))
	}
	for _, t := range d.removeTags {
		ev.Untag(t.Expand(ev))
	}
	if d.typeName != "" {
		if _, has := ev.Get(typePath); !has {
			ev.Set(typePath, event.StringOf(d.typeName))
		}
	}
}
