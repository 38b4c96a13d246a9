package filter

import (
	"log/slog"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// ecsOption is taken by filters whose result has another layout in the Elastic Common Schema.
var ecsOption = plugin.Option{Name: "ecs_compatibility", Kind: plugin.String, Default: "disabled", Allowed: []string{"disabled", "v1", "v8"},
	Help: "Layout of the result: the legacy one, or that of the Elastic Common Schema (v1 and v8 are the same here). The legacy layout is the default whatever the version, since index templates commonly map its names (geoip.location)."}

// ecsLayout tells whether the block asks for the Elastic Common Schema.
func ecsLayout(s *plugin.Settings) bool { return s.String("ecs_compatibility") != "disabled" }

// failureTagOption is taken by filters that tag the event when they fail.
func failureTagOption(tag string) plugin.Option {
	return plugin.Option{Name: "tag_on_failure", Kind: plugin.Strings, Default: []string{tag},
		Help: "Tags for an event that the filter failed on; an empty array for none."}
}

// pathOption returns an option as a field reference; nil when it is neither given nor has a default.
func pathOption(s *plugin.Settings, name string) (*event.Path, error) {
	text := s.String(name)
	if text == "" {
		return nil, nil
	}
	p, err := event.ParsePath(text)
	if err != nil {
		return nil, s.Errorf(name, "%v", err)
	}
	return p, nil
}

func tagAll(ev *event.Event, tags []string) {
	for _, tag := range tags {
		ev.Tag(tag)
	}
}

// firstItem is the value itself or, of an array, its first item: how filters with one source read a field.
func firstItem(v event.Value) event.Value {
	if v.Kind() != event.Array {
		return v
	}
	if v.Len() == 0 {
		return event.NullValue
	}
	return v.At(0)
}

// mergeObject puts the members of object below path, beside those that are there, and takes object over.
func mergeObject(ev *event.Event, path *event.Path, object event.Value) {
	have, ok := ev.Get(path)
	if !ok || have.Kind() != event.Object {
		ev.Set(path, object)
		return
	}
	mergeMembers(have, object)
}

func mergeMembers(have, added event.Value) {
	for i, v := range added.Items() {
		name := added.NameAt(i)
		if old, ok := have.Member(name); ok && old.Kind() == event.Object && v.Kind() == event.Object {
			mergeMembers(old, v)
			continue
		}
		have.SetMember(name, v)
	}
}

// setNested sets a member of an object at a path of names, making the objects in between.
func setNested(object event.Value, names []string, v event.Value) {
	for _, name := range names[:len(names)-1] {
		inner, ok := object.Member(name)
		if !ok {
			inner = event.NewObject()
			object.SetMember(name, inner)
		}
		object = inner
	}
	object.SetMember(names[len(names)-1], v)
}

// pathsOption returns an array option as field references.
func pathsOption(s *plugin.Settings, name string) ([]*event.Path, error) {
	var paths []*event.Path
	for _, text := range s.Strings(name) {
		p, err := event.ParsePath(text)
		if err != nil {
			return nil, s.Errorf(name, "%v", err)
		}
		paths = append(paths, p)
	}
	return paths, nil
}

// templateOption returns a text option with its references compiled.
func templateOption(s *plugin.Settings, name string) (*event.Template, error) {
	t, err := event.CompileTemplate(s.String(name))
	if err != nil {
		return nil, s.Errorf(name, "%v", err)
	}
	return t, nil
}

// templatesOption returns an array option with its references compiled.
func templatesOption(s *plugin.Settings, name string) ([]*event.Template, error) {
	var templates []*event.Template
	for _, text := range s.Strings(name) {
		t, err := event.CompileTemplate(text)
		if err != nil {
			return nil, s.Errorf(name, "%v", err)
		}
		templates = append(templates, t)
	}
	return templates, nil
}

// loggerOf is the environment's log, or one that keeps nothing.
func loggerOf(env *pipeline.Env) *slog.Logger {
	if env.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return env.Logger
}
