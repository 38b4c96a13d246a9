package filter

import (
	"errors"
	"fmt"
	"log/slog"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/ruby"
)

var rubyFilter = pipeline.FilterSpec{
	Name:    "ruby",
	Summary: "Runs a Ruby program on each event.",
	Options: []plugin.Option{
		{Name: "code", Kind: plugin.String, Required: true, Help: "The program; it reaches the event as event. Package ruby's documentation says which part of Ruby it may use; anything else is an error when the configuration is loaded."},
		{Name: "init", Kind: plugin.String, Help: "A program that runs once, before the first event, to set instance variables (@name) for code. With instance variables, events go through code one at a time."},
		{Name: "tag_on_exception", Kind: plugin.String, Default: "_rubyexception", Help: "Tag for an event whose program raised an error or reached a limit on steps or memory."},
		{Name: "tag_with_exception_message", Kind: plugin.Boolean, Help: "Add the error's text to that tag, after a colon."},
		{Name: "path", Kind: plugin.Path, Unsupported: "script files are; put the program into code"},
		{Name: "script_params", Kind: plugin.Hash, Unsupported: "script files are; put the program into code"},
	},
	New: newRuby,
}

type rubyProgram struct {
	code        *ruby.Program
	tag         string
	withMessage bool
	logger      *slog.Logger
}

func newRuby(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	host := &ruby.Host{Regexp: compileRubyRegexp, Field: resolveRubyField, ParseJSON: parseRubyJSON, PrintJSON: printRubyJSON, Now: env.Now}
	state := ruby.NewState()
	logger := env.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	f := &rubyProgram{tag: s.String("tag_on_exception"), withMessage: s.Bool("tag_with_exception_message"), logger: logger}
	if s.Has("init") {
		setUp, err := ruby.Compile(s.String("init"), host, state)
		if err != nil {
			return nil, rubyError(s, "init", err)
		}
		if _, err := setUp.Run(nil); err != nil {
			return nil, s.Errorf("init", "%v", err)
		}
	}
	var err error
	if f.code, err = ruby.Compile(s.String("code"), host, state); err != nil {
		return nil, rubyError(s, "code", err)
	}
	return f, nil
}

// rubyError moves a program's line and column to their place in the configuration file.
func rubyError(s *plugin.Settings, option string, err error) error {
	var syntax *ruby.SyntaxError
	if !errors.As(err, &syntax) {
		return s.Errorf(option, "%v", err)
	}
	v, _ := s.Value(option)
	at := v.Pos
	if syntax.Pos.Line == 1 {
		at.Column += syntax.Pos.Column // the opening quote is one column
	} else {
		at.Line, at.Column = at.Line+syntax.Pos.Line-1, syntax.Pos.Column
	}
	return &plugin.Error{Pos: at, Plugin: s.Plugin, Option: option, Reason: syntax.Reason}
}

func (f *rubyProgram) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	_, err := f.code.Run(rubyEvent{ev})
	if err == nil {
		return pipeline.Matched
	}
	tag := f.tag
	if f.withMessage {
		tag += ": " + err.Error()
	}
	ev.Tag(tag)
	f.logger.Debug("ruby program failed", "error", err)
	return pipeline.Unmatched
}

type rubyRegexp struct{ *pattern.Regexp }

// FindAt finds the first match at or after a byte offset.
func (r rubyRegexp) FindAt(text string, from int) ([]int, error) { return r.Find(nil, text, from) }

func compileRubyRegexp(source, flags string) (ruby.Regexp, error) {
	var f pattern.Flags
	for _, c := range flags {
		switch c {
		case 'i':
			f |= pattern.IgnoreCase
		case 'm':
			f |= pattern.DotAll
		case 'x':
			f |= pattern.Extended
		}
	}
	re, err := pattern.CompileFlags(source, f)
	if err != nil {
		return nil, err
	}
	return rubyRegexp{re}, nil
}

func resolveRubyField(reference string) (ruby.Field, error) { return event.ParsePath(reference) }

func parseRubyJSON(text string) (ruby.Value, error) {
	v, err := event.ParseJSON([]byte(text))
	return toRuby(v), err
}

func printRubyJSON(v ruby.Value) (string, error) {
	budget := maxRubyNodes
	value, err := fromRuby(v, 0, &budget)
	return string(value.AppendJSON(nil)), err
}

// rubyEvent lets a program reach an event.
type rubyEvent struct{ *event.Event }

// Get returns a field's value; nil when there is none.
func (e rubyEvent) Get(f ruby.Field) ruby.Value {
	v, _ := e.Event.Get(f.(*event.Path))
	return toRuby(v)
}

// Set puts a value into a field.
func (e rubyEvent) Set(f ruby.Field, v ruby.Value) error {
	path := f.(*event.Path)
	budget := maxRubyNodes
	value, err := fromRuby(v, 0, &budget)
	if err != nil {
		return err
	}
	if !e.Event.Set(path, value) {
		return fmt.Errorf("%s cannot be set to %s %s", path, value.Kind(), value.Text())
	}
	return nil
}

// Remove removes a field and returns its value.
func (e rubyEvent) Remove(f ruby.Field) ruby.Value {
	v, _ := e.Event.Remove(f.(*event.Path))
	return toRuby(v)
}

// Includes says whether the field is there, be it null.
func (e rubyEvent) Includes(f ruby.Field) bool {
	_, ok := e.Event.Get(f.(*event.Path))
	return ok
}

// ToHash copies the event's fields, with @timestamp and, when asked for, @metadata.
func (e rubyEvent) ToHash(metadata bool) ruby.Value {
	h, _ := toRuby(e.Fields()).(*ruby.Hash)
	h.Set("@timestamp", ruby.Timestamp{Time: e.Timestamp()})
	if metadata {
		md := toRuby(e.Metadata())
		if md == nil {
			md = ruby.NewHash()
		}
		h.Set("@metadata", md)
	}
	return h
}

// Expand puts field values in place of references.
func (e rubyEvent) Expand(text string) (string, error) {
	t, err := event.CompileTemplate(text)
	if err != nil {
		return "", err
	}
	return t.Expand(e.Event), nil
}

// toRuby copies a value for a program: what it changes does not reach the event until event.set.
func toRuby(v event.Value) ruby.Value {
	switch v.Kind() {
	case event.Bool:
		return v.Bool()
	case event.Int:
		return v.Int()
	case event.Float:
		return v.Float()
	case event.String:
		return v.Str()
	case event.Time:
		return ruby.Timestamp{Time: v.Time()}
	case event.Array:
		a := &ruby.Array{Items: make([]ruby.Value, v.Len())}
		for i, item := range v.Items() {
			a.Items[i] = toRuby(item)
		}
		return a
	case event.Object:
		h := ruby.NewHash()
		for i, member := range v.Items() {
			h.Set(v.NameAt(i), toRuby(member))
		}
		return h
	}
	return nil
}

const (
	// maxRubyNodes bounds the parts of one value that a program sets: an array that holds itself twice
	// over, forty times, is small in the program and endless as a document.
	maxRubyNodes = 1_000_000
	// maxRubyDepth bounds its nesting, as documents are bounded.
	maxRubyDepth = 500
)

func fromRuby(v ruby.Value, depth int, budget *int) (event.Value, error) {
	if *budget--; *budget < 0 || depth > maxRubyDepth {
		return event.NullValue, errors.New("the value has too many parts or is nested too deeply")
	}
	switch v := v.(type) {
	case nil:
		return event.NullValue, nil
	case bool:
		return event.BoolOf(v), nil
	case int64:
		return event.IntOf(v), nil
	case float64:
		return event.FloatOf(v), nil
	case string:
		return event.StringOf(v), nil
	case ruby.Symbol:
		return event.StringOf(string(v)), nil
	case ruby.Time:
		return event.TimeOf(v.Time), nil
	case ruby.Timestamp:
		return event.TimeOf(v.Time), nil
	case *ruby.Array:
		items := make([]event.Value, len(v.Items))
		for i, item := range v.Items {
			var err error
			if items[i], err = fromRuby(item, depth+1, budget); err != nil {
				return event.NullValue, err
			}
		}
		return event.ArrayOf(items...), nil
	case *ruby.Hash:
		return fromRubyHash(v, depth, budget)
	}
	return event.NullValue, fmt.Errorf("a field cannot hold a %T", v)
}

func fromRubyHash(h *ruby.Hash, depth int, budget *int) (event.Value, error) {
	obj := event.NewObject()
	for i := range h.Len() {
		key, item := h.At(i)
		name, err := fromRuby(key, depth+1, budget)
		if err != nil {
			return event.NullValue, err
		}
		value, err := fromRuby(item, depth+1, budget)
		if err != nil {
			return event.NullValue, err
		}
		obj.SetMember(name.Text(), value)
	}
	return obj, nil
}
