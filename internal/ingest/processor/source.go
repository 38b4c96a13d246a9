package processor

import (
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

// source is a value of a definition that may hold templates, at any depth.
type source struct {
	literal  value
	text     *mustache.Template // of a string with tags
	names    []*mustache.Template
	members  []*source // of a list or an object that holds templates
	isObject bool
}

// compileSource takes a value of a definition apart. Values without templates stay as they are.
func compileSource(v value, escape mustache.Escaping) (*source, error) {
	if !hasTags(v) {
		return &source{literal: v}, nil
	}
	if v.Kind() == event.String {
		t, err := mustache.Compile(v.Str(), escape)
		return &source{text: t}, err
	}
	s := &source{isObject: v.Kind() == event.Object}
	for i, member := range v.Items() {
		if s.isObject {
			name, err := mustache.Compile(v.NameAt(i), escape)
			if err != nil {
				return nil, err
			}
			s.names = append(s.names, name)
		}
		inner, err := compileSource(member, escape)
		if err != nil {
			return nil, err
		}
		s.members = append(s.members, inner)
	}
	return s, nil
}

func hasTags(v value) bool {
	if v.Kind() == event.String {
		return strings.Contains(v.Str(), "{{")
	}
	for i, member := range v.Items() {
		if v.Kind() == event.Object && strings.Contains(v.NameAt(i), "{{") || hasTags(member) {
			return true
		}
	}
	return false
}

// resolve returns the value for a document; the caller owns it.
func (d *Document) resolve(s *source) (value, error) {
	switch {
	case s.text != nil:
		text, err := d.render(s.text)
		return event.StringOf(text), err
	case s.members == nil:
		if err := d.spend(weight(s.literal)); err != nil {
			return value{}, err
		}
		return s.literal.Clone(), nil
	}
	result := event.ArrayOf()
	if s.isObject {
		result = event.NewObject()
	}
	for i, member := range s.members {
		v, err := d.resolve(member)
		if err != nil {
			return value{}, err
		}
		if !s.isObject {
			result.Append(v)
			continue
		}
		name, err := d.render(s.names[i])
		if err != nil {
			return value{}, err
		}
		result.SetMember(name, v)
	}
	return result, nil
}

// field is a path of a definition, which may be a template.
type field struct {
	path *path // of a constant one
	text *mustache.Template
}

// at returns the path for a document.
func (d *Document) at(f *field) (*path, error) {
	if f.path != nil {
		return f.path, nil
	}
	text, err := d.render(f.text)
	if err != nil {
		return nil, err
	}
	return parsePath(text)
}
