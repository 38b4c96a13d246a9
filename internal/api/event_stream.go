package api

import (
	"bytes"
	"net/http"
	"time"

	"elkhorn/internal/es/result"
)

// mediaEvents is the type of server-sent events (WHATWG HTML, section 9.2).
const mediaEvents = "text/event-stream"

// eventStall is how long a client may take to read what was sent before the stream is given up.
const eventStall = 60 * time.Second

// eventWriter writes server-sent events. Errors mean that the client has gone; the first one stays.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buf     []byte
	sent    time.Time // when something was sent last
	err     error
}

// stream sends the head of an event stream and hands the rest to run.
func (c *call) stream(run func(*eventWriter)) {
	header := c.writer.Header()
	header.Set("Content-Type", mediaEvents)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events back
	c.writer.WriteHeader(http.StatusOK)
	run(&eventWriter{w: c.writer, control: http.NewResponseController(c.writer)})
}

// hit adds a document; id, where there is one, is what a client resumes with.
func (e *eventWriter) hit(h *result.Hit, id string) { e.add("hit", id, h.AppendJSON(nil)) }

// event sends one event at once.
func (e *eventWriter) event(name, id string, data []byte) {
	e.add(name, id, data)
	e.flush()
}

// add appends an event. Line ends in data are blanks between tokens of JSON; in a stream they would end the line.
func (e *eventWriter) add(name, id string, data []byte) {
	e.buf = append(e.buf, "event: "+name+"\n"...)
	if id != "" {
		e.buf = append(e.buf, "id: "+id+"\n"...)
	}
	e.buf = append(e.buf, "data: "...)
	from := len(e.buf)
	e.buf = append(e.buf, data...)
	for i, b := range e.buf[from:] {
		if b == '\n' || b == '\r' {
			e.buf[from+i] = ' '
		}
	}
	e.buf = append(e.buf, '\n', '\n')
	if len(e.buf) >= eventBuffer {
		e.flush()
	}
}

// eventBuffer is how many bytes are collected before they are sent although the batch goes on.
const eventBuffer = 64 << 10

// comment keeps the connection alive; with an id it also tells the client where it stands.
func (e *eventWriter) comment(id string) error {
	e.buf = append(e.buf, ":\n"...)
	if id != "" {
		e.buf = append(e.buf, "id: "+id+"\n"...)
	}
	e.buf = append(e.buf, '\n')
	return e.flush()
}

// flush sends what was added.
func (e *eventWriter) flush() error {
	if e.err != nil {
		return e.err
	}
	e.sent = time.Now()
	if e.err = e.control.SetWriteDeadline(e.sent.Add(eventStall)); e.err != nil {
		return e.err
	}
	if _, e.err = bytes.NewReader(e.buf).WriteTo(e.w); e.err != nil {
		return e.err
	}
	e.buf = e.buf[:0]
	e.err = e.control.Flush()
	return e.err
}
