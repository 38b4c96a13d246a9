package filter

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

func upper(text string) string { return strings.ToUpper(text) }

func lower(text string) string { return strings.ToLower(text) }

func capital(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 || r == utf8.RuneError {
		return text
	}
	return string(unicode.ToTitle(r)) + strings.ToLower(text[size:])
}

// stripped takes away what Ruby's strip does: ASCII white space on both sides and NUL.
func stripped(text string) string { return strings.Trim(text, "\x00\t\n\v\f\r ") }

func splitStep(field *event.Path, separator string) (mutation, error) {
	return func(ev *event.Event) error {
		v, ok := ev.Get(field)
		if !ok || v.Kind() != event.String {
			return nil
		}
		parts := splitText(v.Str(), separator)
		items := make([]event.Value, len(parts))
		for i, part := range parts {
			items[i] = event.StringOf(part)
		}
		ev.Set(field, event.ArrayOf(items...))
		return nil
	}, nil
}

// splitText is Ruby's String#split: empty parts at the end are left out, and a single blank stands for any white space.
func splitText(text, separator string) []string {
	if separator == " " {
		return strings.Fields(text)
	}
	parts := strings.Split(text, separator)
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts
}

func joinStep(field *event.Path, separator string) (mutation, error) {
	return func(ev *event.Event) error {
		v, ok := ev.Get(field)
		if !ok || v.Kind() != event.Array {
			return nil
		}
		joined, _ := appendJoined(nil, v, separator, true)
		ev.Set(field, event.StringOf(string(joined)))
		return nil
	}, nil
}

// appendJoined joins an array's items, those of arrays within it too.
func appendJoined(dst []byte, array event.Value, separator string, first bool) ([]byte, bool) {
	for _, item := range array.Items() {
		if item.Kind() == event.Array {
			dst, first = appendJoined(dst, item, separator, first)
			continue
		}
		if !first {
			dst = append(dst, separator...)
		}
		dst, first = item.AppendText(dst), false
	}
	return dst, first
}

func mergeSteps(s *plugin.Settings, option string) ([]mutation, error) {
	var steps []mutation
	for _, pair := range s.Pairs(option) {
		target, err := event.ParsePath(pair.Key)
		if err != nil {
			return nil, err
		}
		sources, err := expressionTexts(pair.Value)
		if err != nil {
			return nil, errors.New("wants a field or an array of fields for each field")
		}
		for _, name := range sources {
			source, err := event.ParsePath(name)
			if err != nil {
				return nil, err
			}
			steps = append(steps, func(ev *event.Event) error {
				mergeFields(ev, target, source)
				return nil
			})
		}
	}
	return steps, nil
}

// mergeFields adds source's value to target's: objects member by member, everything else as items of an array. An object
// and something else cannot be merged, and are left as they are.
func mergeFields(ev *event.Event, target, source *event.Path) {
	have, _ := ev.Get(target)
	added, _ := ev.Get(source)
	if (have.Kind() == event.Object) != (added.Kind() == event.Object) {
		return
	}
	if have.Kind() == event.Object {
		merged := have.Clone()
		for i, v := range added.Items() {
			merged.SetMember(added.NameAt(i), v.Clone())
		}
		ev.Set(target, merged)
		return
	}
	items := slices.Concat(itemsOf(have), itemsOf(added.Clone()))
	ev.Set(target, event.ArrayOf(items...))
}

func itemsOf(v event.Value) []event.Value {
	switch v.Kind() {
	case event.Null:
		return nil
	case event.Array:
		return v.Items()
	}
	return []event.Value{v}
}
