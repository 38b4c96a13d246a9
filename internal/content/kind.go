package content

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Kind is one kind of work.
type Kind struct {
	Name    string
	Summary string
	Options []plugin.Option
	New     func(env Env, s *plugin.Settings) (Worker, error)
}

// Kinds lists all there are, by name.
var Kinds = []*Kind{&Cardinality, &GenAI, &NormalizePath, &Redact, &Sample, &Schema, &Summarize}

// Env is what work needs of its host.
type Env struct {
	// ReadFile reads a file that the configuration names; nil where files cannot be named.
	ReadFile func(path string) ([]byte, error)
	Now      func() time.Time
	Logger   *slog.Logger
}

// Record is an event or a document.
type Record struct {
	// Root is the object of all fields; work changes it in place.
	Root event.Value
	// Time is the record's own time.
	Time time.Time
	// SetElsewhere sets what is not below Root, such as [@metadata][x] or _index; nil where there is nothing else. It answers
	// whether there is such a place.
	SetElsewhere func(f *Field, v event.Value) bool
}

// Result is what became of a record.
type Result uint8

const (
	// Unmatched means there was nothing to do, or that it failed and tagged the record.
	Unmatched Result = iota
	// Matched means success.
	Matched
	// Dropped means that the record is not to be kept.
	Dropped
)

// Worker does the work. It is safe for concurrent use, on different records.
type Worker interface {
	Work(r *Record) Result
}

// Field is a field reference, parsed once.
type Field struct {
	text  string
	parts []string
	flat  string // the parts joined by dots
	path  *event.Path
}

// Path is the field as a pipeline's events know it.
func (f *Field) Path() *event.Path { return f.path }

// Name is the field's name, its parts joined by dots.
func (f *Field) Name() string { return f.flat }

// ParseField parses [a][b], a.b or a.
func ParseField(text string) (Field, error) {
	f := Field{text: text}
	switch {
	case text == "":
		return f, errors.New("empty field reference")
	case text[0] == '[':
		if !strings.HasSuffix(text, "]") {
			return f, fmt.Errorf("field reference %q: a [ is never closed", text)
		}
		f.parts = strings.Split(text[1:len(text)-1], "][")
	default:
		f.parts = strings.Split(text, ".")
	}
	for _, p := range f.parts {
		if p == "" || strings.ContainsAny(p, "[]") {
			return f, fmt.Errorf("field reference %q has an empty part or a bracket in one", text)
		}
	}
	f.flat = strings.Join(f.parts, ".")
	var err error
	f.path, err = event.ParsePath("[" + strings.Join(f.parts, "][") + "]")
	return f, err
}

// mustField is ParseField for names in the program itself.
func mustField(text string) Field {
	f, err := ParseField(text)
	if err != nil {
		panic(err)
	}
	return f
}

func mustFields(texts ...string) []Field {
	fields := make([]Field, len(texts))
	for i, t := range texts {
		fields[i] = mustField(t)
	}
	return fields
}

// Get finds the field: nested, or flat with dots in its name.
func (f *Field) Get(root event.Value) (event.Value, bool) {
	v, ok := root, true
	for _, p := range f.parts {
		if v, ok = v.Member(p); !ok {
			break
		}
	}
	if ok {
		return v, true
	}
	if len(f.parts) > 1 {
		return root.Member(f.flat)
	}
	return event.Value{}, false
}

// Set sets the field where it stands, or nested where it does not. It answers false when a value that is no object is in the way.
func (f *Field) Set(root, v event.Value) bool {
	if len(f.parts) > 1 {
		if _, flat := root.Member(f.flat); flat {
			root.SetMember(f.flat, v)
			return true
		}
	}
	last := len(f.parts) - 1
	for _, p := range f.parts[:last] {
		next, ok := root.Member(p)
		switch {
		case !ok || next.Kind() == event.Null:
			next = event.NewObject()
			root.SetMember(p, next)
		case next.Kind() != event.Object:
			return false
		}
		root = next
	}
	root.SetMember(f.parts[last], v)
	return true
}

// Remove takes the field out.
func (f *Field) Remove(root event.Value) bool {
	last := len(f.parts) - 1
	parent, ok := root, true
	for _, p := range f.parts[:last] {
		if parent, ok = parent.Member(p); !ok {
			break
		}
	}
	if ok {
		if _, had := parent.RemoveMember(f.parts[last]); had {
			return true
		}
	}
	_, had := root.RemoveMember(f.flat)
	return had
}

// first is the first of several fields that is there and not null.
func first(fields []Field, root event.Value) (event.Value, *Field) {
	for i := range fields {
		if v, ok := fields[i].Get(root); ok && v.Kind() != event.Null {
			return v, &fields[i]
		}
	}
	return event.Value{}, nil
}

// set sets a field of the record, or of what is beside it.
func (r *Record) set(f *Field, v event.Value) bool {
	if c := f.parts[0][0]; (c == '@' || c == '_') && r.SetElsewhere != nil && r.SetElsewhere(f, v) {
		return true
	}
	return f.Set(r.Root, v)
}

// tag adds a tag to the field tags.
func (r *Record) tag(name string) {
	if name == "" {
		return
	}
	v := event.StringOf(name)
	old, ok := r.Root.Member("tags")
	switch {
	case !ok || old.Kind() == event.Null:
		r.Root.SetMember("tags", event.ArrayOf(v))
	case old.Kind() != event.Array:
		if !old.Equal(v) {
			r.Root.SetMember("tags", event.ArrayOf(old, v))
		}
	default:
		for _, t := range old.Items() {
			if t.Equal(v) {
				return
			}
		}
		old.Append(v)
	}
}

// fieldsOption reads an option that lists fields.
func fieldsOption(s *plugin.Settings, name string) ([]Field, error) {
	var fields []Field
	for _, text := range s.Strings(name) {
		f, err := ParseField(text)
		if err != nil {
			return nil, s.Errorf(name, "%v", err)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// fieldOption reads an option that names a field; nil when it is "".
func fieldOption(s *plugin.Settings, name string) (*Field, error) {
	text := s.String(name)
	if text == "" {
		return nil, nil
	}
	f, err := ParseField(text)
	if err != nil {
		return nil, s.Errorf(name, "%v", err)
	}
	return &f, nil
}

// number is a value as a number, also from text.
func number(v event.Value) (float64, bool) {
	if v.IsNumber() {
		return v.Float(), true
	}
	return parseNumber(v.Str())
}
