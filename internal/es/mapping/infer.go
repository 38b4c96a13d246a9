package mapping

import (
	"strconv"
	"strings"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// ValueKind is what a JSON value of a document looks like.
type ValueKind uint8

// The kinds. Nulls and empty arrays make no fields; an array is as its first
// element that is not null.
const (
	StringValue ValueKind = iota
	// IntegerValue is a number without fraction and exponent.
	IntegerValue
	// FloatValue is any other number.
	FloatValue
	BoolValue
	ObjectValue
)

// Decision is what becomes of a value whose field is not mapped.
type Decision uint8

const (
	// Add means the field is to be added to the mapping, by With.
	Add Decision = iota
	// Ignore means the value stays in _source only, with all that is in it.
	Ignore
)

// detectFormats are the formats tried on new strings unless the mapping has a
// list of its own.
var detectFormats = func() []*dates.Format {
	formats := make([]*dates.Format, len(dates.DetectPatterns))
	for i, pattern := range dates.DetectPatterns {
		f, err := dates.Compile(pattern)
		if err != nil {
			panic(err) // the patterns are right
		}
		formats[i] = f
	}
	return formats
}()

// Infer says what becomes of a value that a document has at a path no field is
// mapped at. path is the names from the root down, without dots unless the
// object around has subobjects off; text is the string's or number's text.
//
// Ingest calls it on the way down: for an object (ObjectValue) before what is
// inside, because a dynamic template may make the object nested, flattened or
// disabled. The error is that of a strict mapping, or of a template that
// cannot be applied. template is the name of the dynamic template that the document asks for, whatever it matches; "" for the first
// that matches. The mapping is not changed: pass the field to With.
func (m *Mapping) Infer(path []string, kind ValueKind, text, template string) (*Field, Decision, error) {
	for _, name := range path {
		if strings.TrimSpace(name) == "" {
			return nil, Ignore, eserr.IllegalArgument("field name cannot contain only whitespace: [%s]", strings.Join(path, "."))
		}
	}
	parent, name := strings.Join(path[:len(path)-1], "."), path[len(path)-1]
	if kind != ObjectValue && m.RuntimeAt(join(parent, name)) != nil {
		return nil, Ignore, nil // whoever asks for it reads it out of _source
	}
	switch m.dynamicOf(parent) {
	case DynamicFalse:
		return nil, Ignore, nil
	case DynamicStrict:
		return nil, Ignore, eserr.StrictDynamicMapping("mapping set to strict, dynamic introduction of [%s] within [%s] is not allowed", name, orDoc(parent))
	}
	matchKind, format := m.detect(kind, text)
	full := join(parent, name)
	for _, t := range m.templates {
		if template == "" && t.matches(full, name, matchKind) || template != "" && t.Name == template {
			f, err := t.apply(parent, name, matchKind)
			return f, Add, err
		}
	}
	if template != "" {
		return nil, Ignore, eserr.DocumentParsing("Can't find dynamic template for dynamic template name [%s] of field [%s]", template, full)
	}
	if m.dynamicOf(parent) == DynamicRuntime {
		if f := runtimeField(full, matchKind); f != nil {
			if format != nil && format.String() != dates.DetectPatterns[0] {
				f.setDetectedFormat(format)
			}
			return f, Add, nil
		}
	}
	return defaultField(parent, name, matchKind, format), Add, nil
}

// GrowsBy reports whether a value at a path that is not mapped asks the mapping to grow, or is refused.
func (m *Mapping) GrowsBy(path string) bool {
	return m.RuntimeAt(path) == nil && m.dynamicOf(path[:max(strings.LastIndexByte(path, '.'), 0)]) != DynamicFalse
}

// dynamicOf is Dynamic for a path whose last objects may not be mapped yet.
func (m *Mapping) dynamicOf(path string) Dynamic {
	for path != "" && m.byPath[path] == nil {
		path = path[:max(strings.LastIndexByte(path, '.'), 0)]
	}
	return m.Dynamic(path)
}

func orDoc(path string) string {
	if path == "" {
		return "_doc"
	}
	return path
}

// detect returns the match_mapping_type of a value, and for a date the format
// that read it.
func (m *Mapping) detect(kind ValueKind, text string) (matchKind string, format *dates.Format) {
	switch kind {
	case IntegerValue:
		return "long", nil
	case FloatValue:
		return "double", nil
	case BoolValue:
		return "boolean", nil
	case ObjectValue:
		return "object", nil
	}
	if m.numericDetect {
		if _, err := strconv.ParseInt(text, 10, 64); err == nil {
			return "long", nil
		}
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			return "double", nil
		}
	}
	if !m.noDateDetection && looksLikeDate(text) {
		formats := m.dateFormats
		if formats == nil {
			formats = detectFormats
		}
		for _, f := range formats {
			if _, ok := f.ParseBytes([]byte(text)); ok {
				return "date", f
			}
		}
	}
	return "string", nil
}

// looksLikeDate spares most strings the attempt: a date has a digit, is not
// long, and is not a bare number: "2026" is too often something else.
func looksLikeDate(text string) bool {
	const longestDate = 64
	if len(text) == 0 || len(text) > longestDate || !strings.ContainsAny(text, "0123456789") {
		return false
	}
	_, err := strconv.ParseFloat(text, 64)
	return err != nil
}

// defaultField is what a value becomes when no template is for it.
func defaultField(parent, name, matchKind string, format *dates.Format) *Field {
	f := &Field{Name: name, Path: join(parent, name), Type: defaultTypes[matchKind], Ord: -1}
	if f.Type == Object {
		return f
	}
	f.setDefaults()
	switch {
	case f.Type == Text:
		sub := &Field{Name: "keyword", Path: f.Path + ".keyword", Type: Keyword, Ord: -1, MultiOf: f.Path}
		sub.setDefaults()
		sub.IgnoreAbove = defaultIgnoreAbove
		sub.params = []param{{"ignore_above", strconv.Itoa(defaultIgnoreAbove)}}
		f.Multi = []*Field{sub}
	case format != nil && format.String() != dates.DetectPatterns[0]:
		f.setDetectedFormat(format)
	}
	return f
}

// defaultIgnoreAbove is that of the keyword beside a dynamic text field.
const defaultIgnoreAbove = 256

// setDetectedFormat gives a date field the format its first value was read by.
func (f *Field) setDetectedFormat(format *dates.Format) {
	f.Format = format
	f.params = []param{{"format", string(jsonval.AppendString(nil, format.String()))}}
}
