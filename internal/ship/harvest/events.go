package harvest

import (
	"time"

	"elkhorn/internal/event"
)

// eventMaker makes events of one input's messages. It is read-only after construction.
type eventMaker struct {
	inputType string
	decode    decodeOptions
}

// make makes an event. Offset is where the message begins in its file; path is empty for what is no file.
func (e *eventMaker) make(m *message, path string, offset int64, now time.Time) *event.Event {
	at := now
	if !m.time.IsZero() {
		at = m.time
	}
	ev := event.New(at)
	root := ev.Fields()
	root.SetMember("input", object("type", event.StringOf(e.inputType)))
	root.SetMember("log", e.logField(m, path, offset))
	if m.stream != "" {
		root.SetMember("stream", event.StringOf(m.stream))
	}
	if e.decode.container != nil {
		if id := containerID(path); id != "" {
			root.SetMember("container", object("id", event.StringOf(id)))
		}
	}
	if len(m.text) > 0 {
		root.SetMember("message", event.StringOf(string(m.text)))
	}
	if m.badRecord != "" {
		failure := object("message", event.StringOf(m.badRecord))
		failure.SetMember("type", event.StringOf("container"))
		root.SetMember("error", failure)
	}
	if e.decode.json != nil {
		e.decode.json.apply(ev, m)
	}
	return ev
}

func (e *eventMaker) logField(m *message, path string, offset int64) event.Value {
	log := event.NewObject()
	if path != "" {
		log.SetMember("offset", event.IntOf(offset))
		log.SetMember("file", object("path", event.StringOf(path)))
	}
	var flags []event.Value
	if m.lines > 1 {
		flags = append(flags, event.StringOf("multiline"))
	}
	if m.truncated {
		flags = append(flags, event.StringOf("truncated"))
	}
	if len(flags) > 0 {
		log.SetMember("flags", event.ArrayOf(flags...))
	}
	return log
}

func object(name string, v event.Value) event.Value {
	o := event.NewObject()
	o.SetMember(name, v)
	return o
}
