package filter

import (
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// ecsOption is taken by filters whose result has another layout in the Elastic Common Schema, which is not offered yet.
var ecsOption = plugin.Option{Name: "ecs_compatibility", Kind: plugin.String, Default: "disabled", Allowed: []string{"disabled"},
	Help: "Layout of the result. The legacy layout is the one that index templates for geoip.location and user_agent.name map."}

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

// mergeObject puts the members of object below path, beside those that are there.
func mergeObject(ev *event.Event, path *event.Path, object event.Value) {
	have, ok := ev.Get(path)
	if !ok || have.Kind() != event.Object {
		ev.Set(path, object)
		return
	}
	for i, v := range object.Items() {
		have.SetMember(object.NameAt(i), v)
	}
}
