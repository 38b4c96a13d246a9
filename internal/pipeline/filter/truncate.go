package filter

import (
	"unicode/utf8"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var truncate = pipeline.FilterSpec{
	Name:    "truncate",
	Summary: "Cuts long texts off. The common options are applied where something was cut.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Strings, Help: "Fields to cut: texts, texts in arrays, and all of an object's members; without it all fields of the event."},
		{Name: "length_bytes", Kind: plugin.Integer, Required: true, Unit: "bytes", Help: "The most bytes that a text keeps; a character that would be cut in two goes as a whole."},
	},
	New: newTruncate,
}

type truncateFilter struct {
	fields []*event.Path // nil for all
	length int
}

func newTruncate(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &truncateFilter{length: int(s.Int("length_bytes"))}
	if f.length < 0 {
		return nil, s.Errorf("length_bytes", "must not be negative")
	}
	var err error
	f.fields, err = pathsOption(s, "fields")
	return f, err
}

func (f *truncateFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	cut := false
	if f.fields == nil {
		cut = f.members(ev.Fields())
	}
	for _, field := range f.fields {
		v, ok := ev.Get(field)
		if !ok {
			continue
		}
		if shorter, changed := f.value(v); changed {
			ev.Set(field, shorter)
			cut = true
		}
	}
	if cut {
		return pipeline.Matched
	}
	return pipeline.Unmatched
}

// members cuts the texts of an object in place.
func (f *truncateFilter) members(object event.Value) bool {
	cut := false
	for i, v := range object.Items() {
		if shorter, changed := f.value(v); changed {
			object.SetMember(object.NameAt(i), shorter)
			cut = true
		}
	}
	return cut
}

// value returns what is to stand in the place of v. An object is changed itself; of an array only the texts are cut.
func (f *truncateFilter) value(v event.Value) (event.Value, bool) {
	switch v.Kind() {
	case event.String:
		if len(v.Str()) > f.length {
			return event.StringOf(cutText(v.Str(), f.length)), true
		}
	case event.Array:
		items, cut := make([]event.Value, v.Len()), false
		for i, item := range v.Items() {
			items[i] = item
			if item.Kind() == event.String && len(item.Str()) > f.length {
				items[i], cut = event.StringOf(cutText(item.Str(), f.length)), true
			}
		}
		return event.ArrayOf(items...), cut
	case event.Object:
		return v, f.members(v)
	}
	return v, false
}

// cutText is the longest part of text, from its begin, that has at most length bytes and no character cut in two.
func cutText(text string, length int) string {
	end := length
	for end > 0 && end > length-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
