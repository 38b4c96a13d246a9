package event

import "time"

// Event is one log event. The zero Event is not usable; call New.
type Event struct {
	fields    Value
	metadata  Value
	timestamp time.Time
	receipt   *Receipt
	cancelled bool
}

// New makes an event with no fields and the given event time.
func New(timestamp time.Time) *Event {
	return &Event{fields: NewObject(), timestamp: timestamp}
}

// FromObject makes an event of a decoded object, which it takes over. A member "@timestamp" that
// holds an ISO 8601 time becomes the event time; one that does not is kept as
// "_@timestamp" with the tag _timestampparsefailure, and now is used, as Logstash does. A member
// "@metadata" that is an object becomes the metadata; "@version" is kept.
func FromObject(obj Value, now time.Time) *Event {
	e := &Event{fields: obj, timestamp: now}
	if obj.kind != Object {
		e.fields = NewObject()
		e.fields.SetMember("message", obj)
		return e
	}
	if md, ok := obj.RemoveMember("@metadata"); ok && md.kind == Object {
		e.metadata = md
	}
	if ts, ok := obj.RemoveMember("@timestamp"); ok {
		if t, ok := toTime(ts); ok {
			e.timestamp = t
		} else {
			obj.SetMember("_@timestamp", ts)
			e.Tag("_timestampparsefailure")
		}
	}
	return e
}

func toTime(v Value) (time.Time, bool) {
	switch v.kind {
	case Time:
		return v.Time(), true
	case String:
		t, err := time.Parse(time.RFC3339Nano, v.text())
		return t, err == nil
	}
	return time.Time{}, false
}

// Timestamp is the event time.
func (e *Event) Timestamp() time.Time { return e.timestamp }

// SetTimestamp sets the event time.
func (e *Event) SetTimestamp(t time.Time) { e.timestamp = t }

// Get returns the value at p and whether there is one.
func (e *Event) Get(p *Path) (Value, bool) {
	switch p.root {
	case rootTimestamp:
		return TimeOf(e.timestamp), true
	case rootMetadata:
		if e.metadata.kind != Object {
			return Value{}, false
		}
		return get(e.metadata, p.parts)
	}
	return get(e.fields, p.parts)
}

// Set puts v at p, making the objects in between. Setting @timestamp takes a timestamp or an
// ISO 8601 text; it reports false, and changes nothing, for anything else.
func (e *Event) Set(p *Path, v Value) bool {
	switch p.root {
	case rootTimestamp:
		t, ok := toTime(v)
		if ok {
			e.timestamp = t
		}
		return ok
	case rootMetadata:
		if len(p.parts) == 0 {
			if v.kind != Object {
				return false
			}
			e.metadata = v
			return true
		}
		if e.metadata.kind != Object {
			e.metadata = NewObject()
		}
		set(e.metadata, p.parts, v)
		return true
	}
	set(e.fields, p.parts, v)
	return true
}

// Add puts v at p; when p has a value already, both become an array, as add_field does.
func (e *Event) Add(p *Path, v Value) {
	old, ok := e.Get(p)
	switch {
	case !ok || p.root == rootTimestamp:
		e.Set(p, v)
	case old.kind == Array:
		old.Append(v)
	default:
		e.Set(p, ArrayOf(old, v))
	}
}

// Remove takes the value at p out of the event and returns it.
func (e *Event) Remove(p *Path) (Value, bool) {
	switch p.root {
	case rootTimestamp:
		return Value{}, false
	case rootMetadata:
		if len(p.parts) == 0 {
			old := e.metadata
			e.metadata = Value{}
			return old, old.kind == Object
		}
		if e.metadata.kind != Object {
			return Value{}, false
		}
		return remove(e.metadata, p.parts)
	}
	return remove(e.fields, p.parts)
}

var tagsPath = MustPath("tags")

// Tag adds a tag unless the event has it. A "tags" field that is a single value becomes an array.
func (e *Event) Tag(tag string) {
	v := StringOf(tag)
	old, ok := e.fields.Member("tags")
	switch {
	case !ok || old.kind == Null:
		e.fields.SetMember("tags", ArrayOf(v))
	case old.kind == Array:
		if !e.HasTag(tag) {
			old.Append(v)
		}
	case !old.Equal(v):
		e.fields.SetMember("tags", ArrayOf(old, v))
	}
}

// Untag removes a tag.
func (e *Event) Untag(tag string) {
	tags, _ := e.fields.Member("tags")
	if tags.kind == String && tags.text() == tag {
		e.Remove(tagsPath)
		return
	}
	if tags.kind != Array {
		return
	}
	for i := len(tags.node().values) - 1; i >= 0; i-- {
		if tags.node().values[i].Str() == tag {
			tags.node().removeAt(i)
		}
	}
}

// HasTag says whether the event has a tag.
func (e *Event) HasTag(tag string) bool {
	tags, _ := e.fields.Member("tags")
	if tags.kind == String {
		return tags.text() == tag
	}
	for _, t := range tags.Items() {
		if t.kind == String && t.text() == tag {
			return true
		}
	}
	return false
}

// Fields is the root object, without @timestamp and @metadata. Changing it changes the event.
func (e *Event) Fields() Value { return e.fields }

// Metadata is the @metadata object; its kind is Null when nothing was set.
func (e *Event) Metadata() Value { return e.metadata }

// Cancel marks the event as dropped: no later filter and no output sees it.
func (e *Event) Cancel() { e.cancelled = true }

// Cancelled says whether the event was dropped.
func (e *Event) Cancelled() bool { return e.cancelled }

// Clone copies the event. The copy holds the source's acknowledgement back as the original does:
// both must be Done.
func (e *Event) Clone() *Event {
	c := e.Copy()
	c.Follow(e)
	return c
}

// Copy copies the event's fields and time only: nobody waits for the copy.
func (e *Event) Copy() *Event {
	return &Event{fields: e.fields.Clone(), metadata: e.metadata.Clone(), timestamp: e.timestamp}
}

// Follow ties an event that nobody waits for to the receipt of another, which it holds back from now on.
func (e *Event) Follow(of *Event) {
	e.receipt = of.receipt
	if e.receipt != nil {
		e.receipt.Add(1)
	}
}
