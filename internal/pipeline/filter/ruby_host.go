package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/ruby"
)

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

// newRubyHost is what programs get from their surroundings.
func newRubyHost(env *pipeline.Env) *ruby.Host {
	return &ruby.Host{Regexp: compileRubyRegexp, Field: resolveRubyField, ParseJSON: parseRubyJSON, PrintJSON: printRubyJSON, Now: env.Now,
		NewEvent: func(fields *ruby.Hash) (ruby.Event, error) {
			ev, err := eventOfHash(fields, env.Now())
			return &rubyEvent{Event: ev}, err
		}}
}

// eventOfHash makes an event of a program's hash.
func eventOfHash(fields *ruby.Hash, now time.Time) (*event.Event, error) {
	budget := maxRubyNodes
	object, err := fromRubyHash(fields, 0, &budget)
	if err != nil {
		return nil, err
	}
	return event.FromObject(object, now), nil
}

// maxEmitted bounds the events that one run of a program makes.
const maxEmitted = 100_000

// rubyRun is one run of a program: its event, and the function with which it makes others.
type rubyRun struct {
	event    rubyEvent
	newEvent ruby.Callback
	emit     func(*event.Event)
	emitted  int
}

// newRubyRun makes a run. keeps says that the program can keep values for later runs.
func newRubyRun(keeps bool) *rubyRun {
	r := &rubyRun{event: rubyEvent{copies: keeps}}
	r.newEvent.Call = r.emitEvent
	return r
}

// begin begins the run for an event.
func (r *rubyRun) begin(ev *event.Event, emit func(*event.Event)) {
	r.event.Event, r.emit, r.emitted = ev, emit, 0
}

// end takes the event out of the program's reach: what it keeps of it in its variables can do nothing any more.
func (r *rubyRun) end() { r.event.Event, r.emit = nil, nil }

// emitEvent is new_event_block.
func (r *rubyRun) emitEvent(args []ruby.Value) error {
	if len(args) != 1 {
		return fmt.Errorf("new_event_block takes one event, %d values are given", len(args))
	}
	made, ok := args[0].(*rubyEvent)
	switch {
	case !ok:
		return errors.New("new_event_block takes an event: LogStash::Event.new(…) or event.clone")
	case made == &r.event:
		return errors.New("new_event_block takes another event than the one at hand; give it event.clone")
	case made.Event == nil || r.event.Event == nil:
		return errGone
	}
	if r.emitted++; r.emitted > maxEmitted {
		return fmt.Errorf("a program makes at most %d events of one", maxEmitted)
	}
	made.Follow(r.event.Event)
	r.emit(made.Event)
	made.Event = nil
	return nil
}

var errGone = errors.New("the event has left the filter")

// rubyEvent lets a program reach an event for as long as that is in the filter.
type rubyEvent struct {
	*event.Event
	// copies says that texts are given as copies: what a program keeps must not hold on to the line that it is a part of.
	copies bool
}

func (e *rubyEvent) value(v event.Value) ruby.Value {
	if e.copies {
		return toRubyWith(v, strings.Clone)
	}
	return toRuby(v)
}

// Get returns a field's value; nil when there is none.
func (e *rubyEvent) Get(f ruby.Field) ruby.Value {
	if e.Event == nil {
		return nil
	}
	v, _ := e.Event.Get(f.(*event.Path))
	return e.value(v)
}

// Set puts a value into a field.
func (e *rubyEvent) Set(f ruby.Field, v ruby.Value) error {
	if e.Event == nil {
		return errGone
	}
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
func (e *rubyEvent) Remove(f ruby.Field) ruby.Value {
	if e.Event == nil {
		return nil
	}
	v, _ := e.Event.Remove(f.(*event.Path))
	return e.value(v)
}

// Includes says whether the field is there, be it null.
func (e *rubyEvent) Includes(f ruby.Field) bool {
	if e.Event == nil {
		return false
	}
	_, ok := e.Event.Get(f.(*event.Path))
	return ok
}

// ToHash copies the event's fields, with @timestamp and, when asked for, @metadata.
func (e *rubyEvent) ToHash(metadata bool) ruby.Value {
	if e.Event == nil {
		return ruby.NewHash()
	}
	h, _ := e.value(e.Fields()).(*ruby.Hash)
	h.Set("@timestamp", ruby.Timestamp{Time: e.Timestamp()})
	if metadata {
		md := e.value(e.Metadata())
		if md == nil {
			md = ruby.NewHash()
		}
		h.Set("@metadata", md)
	}
	return h
}

// Expand puts field values in place of references.
func (e *rubyEvent) Expand(text string) (string, error) {
	if e.Event == nil {
		return "", errGone
	}
	t, err := event.CompileTemplate(text)
	if err != nil {
		return "", err
	}
	return t.Expand(e.Event), nil
}

// Tag adds a tag.
func (e *rubyEvent) Tag(tag string) {
	if e.Event != nil {
		e.Event.Tag(tag)
	}
}

// Cancel drops the event.
func (e *rubyEvent) Cancel() {
	if e.Event != nil {
		e.Event.Cancel()
	}
}

// Cancelled says whether it was dropped.
func (e *rubyEvent) Cancelled() bool { return e.Event != nil && e.Event.Cancelled() }

// Append adds another event's fields, as Logstash merges two: objects member by member, other values to an array that has
// each of them once.
func (e *rubyEvent) Append(other ruby.Event) error {
	from, ok := other.(*rubyEvent)
	if !ok || e.Event == nil || from.Event == nil {
		return errGone
	}
	addMembers(e.Fields(), from.Fields().Clone())
	return nil
}

func addMembers(into, from event.Value) {
	for i, v := range from.Items() {
		name := from.NameAt(i)
		have, ok := into.Member(name)
		switch {
		case !ok || have.Kind() == event.Null:
			into.SetMember(name, v)
		case have.Kind() == event.Object && v.Kind() == event.Object:
			addMembers(have, v)
		case have.Kind() == event.Array || v.Kind() == event.Array || !have.Equal(v):
			into.SetMember(name, union(have, v))
		}
	}
}

// union is an array of the values of two, of which each is an array or a value by itself.
func union(a, b event.Value) event.Value {
	var all []event.Value
	for _, v := range []event.Value{a, b} {
		items := []event.Value{v}
		if v.Kind() == event.Array {
			items = v.Items()
		}
		for _, item := range items {
			if !slices.ContainsFunc(all, item.Equal) {
				all = append(all, item)
			}
		}
	}
	return event.ArrayOf(all...)
}

// Overwrite takes another event's fields and time in place of its own.
func (e *rubyEvent) Overwrite(other ruby.Event) error {
	from, ok := other.(*rubyEvent)
	if !ok || e.Event == nil || from.Event == nil {
		return errGone
	}
	if from.Event == e.Event {
		return nil
	}
	fields, theirs := e.Fields(), from.Fields().Clone()
	for fields.Len() > 0 {
		fields.RemoveMember(fields.NameAt(fields.Len() - 1))
	}
	for i, v := range theirs.Items() {
		fields.SetMember(theirs.NameAt(i), v)
	}
	e.SetTimestamp(from.Timestamp())
	return nil
}

// Copy makes an event with the same fields.
func (e *rubyEvent) Copy() ruby.Event {
	if e.Event == nil {
		return e
	}
	return &rubyEvent{e.Event.Copy(), e.copies}
}

// toRuby copies a value for a program: what it changes does not reach the event until event.set.
func toRuby(v event.Value) ruby.Value {
	return toRubyWith(v, func(text string) string { return text })
}

// toRubyWith is toRuby with something done to each text and name.
func toRubyWith(v event.Value, text func(string) string) ruby.Value {
	switch v.Kind() {
	case event.Bool:
		return v.Bool()
	case event.Int:
		return v.Int()
	case event.Float:
		return v.Float()
	case event.String:
		return text(v.Str())
	case event.Time:
		return ruby.Timestamp{Time: v.Time()}
	case event.Array:
		a := &ruby.Array{Items: make([]ruby.Value, v.Len())}
		for i, item := range v.Items() {
			a.Items[i] = toRubyWith(item, text)
		}
		return a
	case event.Object:
		h := ruby.NewHash()
		for i, member := range v.Items() {
			h.Set(text(v.NameAt(i)), toRubyWith(member, text))
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
