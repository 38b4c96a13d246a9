package filter

import (
	"errors"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/ruby"
)

// stored is a task as its file has it: times in Unix nanoseconds, the map as storedRuby writes it.
func (t *aggregateTask) stored() event.Value {
	object := event.NewObject()
	for name, at := range map[string]time.Time{"created": t.Created, "last_event": t.LastEvent, "began": t.began, "heard": t.heard} {
		object.SetMember(name, event.IntOf(at.UnixNano()))
	}
	object.SetMember("timeout", storedRuby(t.Timeout))
	object.SetMember("inactivity_timeout", storedRuby(t.InactivityTimeout))
	object.SetMember("map", storedRuby(t.fields))
	return object
}

var errNoTasks = errors.New("it is no file of tasks")

func taskOf(id string, stored event.Value) (*aggregateTask, error) {
	t := &aggregateTask{Task: ruby.Task{ID: id}}
	for name, to := range map[string]*time.Time{"created": &t.Created, "last_event": &t.LastEvent, "began": &t.began, "heard": &t.heard} {
		at, ok := stored.Member(name)
		if !ok || at.Kind() != event.Int {
			return nil, errNoTasks
		}
		*to = time.Unix(0, at.Int()).UTC()
	}
	for name, to := range map[string]*ruby.Value{"timeout": &t.Timeout, "inactivity_timeout": &t.InactivityTimeout} {
		v, _ := stored.Member(name)
		*to = rubyOfStored(v)
	}
	v, _ := stored.Member("map")
	fields, ok := rubyOfStored(v).(*ruby.Hash)
	if !ok {
		return nil, errNoTasks
	}
	t.fields = fields
	return t, nil
}

// storedRuby writes a program's value: what JSON has as it is, the rest as an array that begins with its type's name. What
// is of no use later, such as an event, is null, and so is what lies too deep in a value that holds itself.
func storedRuby(v ruby.Value) event.Value {
	parts := maxRubyNodes
	return storedPart(v, 0, &parts)
}

func storedPart(v ruby.Value, depth int, parts *int) event.Value {
	if *parts--; *parts < 0 || depth > maxRubyDepth {
		return event.NullValue
	}
	switch v := v.(type) {
	case bool:
		return event.BoolOf(v)
	case int64:
		return event.IntOf(v)
	case float64:
		return event.FloatOf(v)
	case string:
		return event.StringOf(v)
	case ruby.Symbol:
		return tagged("symbol", event.StringOf(string(v)))
	case ruby.Time:
		return tagged("time", event.IntOf(v.UnixNano()))
	case ruby.Timestamp:
		return tagged("timestamp", event.IntOf(v.UnixNano()))
	case *ruby.Array:
		items := make([]event.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = storedPart(item, depth+1, parts)
		}
		return tagged("array", items...)
	case *ruby.Hash:
		var items []event.Value
		for i := range v.Len() {
			name, item := v.At(i)
			items = append(items, storedPart(name, depth+1, parts), storedPart(item, depth+1, parts))
		}
		return tagged("hash", items...)
	}
	return event.NullValue
}

func tagged(kind string, items ...event.Value) event.Value {
	return event.ArrayOf(append([]event.Value{event.StringOf(kind)}, items...)...)
}

func rubyOfStored(v event.Value) ruby.Value {
	if v.Kind() != event.Array || v.Len() == 0 {
		return toRuby(v)
	}
	items := v.Items()[1:]
	first := event.NullValue
	if len(items) > 0 {
		first = items[0]
	}
	switch v.At(0).Str() {
	case "symbol":
		return ruby.Symbol(first.Str())
	case "time":
		return ruby.Time{Time: time.Unix(0, first.Int()).UTC()}
	case "timestamp":
		return ruby.Timestamp{Time: time.Unix(0, first.Int()).UTC()}
	case "array":
		a := &ruby.Array{Items: make([]ruby.Value, len(items))}
		for i, item := range items {
			a.Items[i] = rubyOfStored(item)
		}
		return a
	case "hash":
		h := ruby.NewHash()
		for i := 0; i+1 < len(items); i += 2 {
			h.Set(rubyOfStored(items[i]), rubyOfStored(items[i+1]))
		}
		return h
	}
	return nil
}
