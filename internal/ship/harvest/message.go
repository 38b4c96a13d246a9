package harvest

import (
	"regexp"
	"time"

	"elkhorn/internal/event"
)

// message is what becomes one event: a line, or several joined.
type message struct {
	text      []byte
	bytes     int64       // of the file that it accounts for
	time      time.Time   // from a container runtime; zero for none
	fields    event.Value // of a JSON line; null for none
	stream    string      // of a container: stdout or stderr
	badRecord string      // why a container record could not be read
	truncated bool
	lines     int
	skip      bool // no event; only bytes counts
}

// decoder turns lines into messages, in the order of Filebeat's readers: container format, JSON, multi-line. One file uses it.
type decoder struct {
	opts      *decodeOptions
	container *containerDecoder // nil when the file has no such format
	multiline *multiline        // nil for none
}

// decodeOptions are the settings of one input.
type decodeOptions struct {
	container *containerOptions
	json      *jsonOptions
	multiline *multilineOptions
	include   []*regexp.Regexp
	exclude   []*regexp.Regexp
	maxBytes  int
}

func (o *decodeOptions) newDecoder() *decoder {
	d := &decoder{opts: o}
	if o.container != nil {
		d.container = &containerDecoder{opts: o.container, maxBytes: o.maxBytes}
	}
	if o.multiline != nil {
		d.multiline = &multiline{opts: o.multiline, maxBytes: o.maxBytes}
	}
	return d
}

// line takes a line and calls emit for what is complete with it. The bytes of messages add up to the bytes of lines.
func (d *decoder) line(l line, now time.Time, emit func(message)) {
	m := message{text: l.text, bytes: l.bytes, truncated: l.truncated, lines: 1}
	if d.container != nil {
		var complete bool
		if m, complete = d.container.add(m); !complete {
			return
		}
	}
	if d.opts.json != nil && !m.skip {
		d.opts.json.decode(&m)
	}
	if d.multiline == nil {
		d.emit(m, emit)
		return
	}
	d.multiline.add(m, now, func(m message) { d.emit(m, emit) })
}

// flush emits a message that waits for more lines.
func (d *decoder) flush(emit func(message)) {
	if d.multiline != nil {
		d.multiline.flush(func(m message) { d.emit(m, emit) })
	}
}

// deadline is when flush is due; zero for never.
func (d *decoder) deadline() time.Time {
	if d.multiline == nil {
		return time.Time{}
	}
	return d.multiline.deadline
}

func (d *decoder) emit(m message, emit func(message)) {
	if !m.skip {
		m.skip = d.unwanted(&m)
	}
	emit(m)
}

func (d *decoder) unwanted(m *message) bool {
	if len(m.text) == 0 && m.fields.Len() == 0 {
		return true
	}
	if len(d.opts.include) > 0 && !matchesAny(d.opts.include, m.text) {
		return true
	}
	return matchesAny(d.opts.exclude, m.text)
}

func matchesAny(expressions []*regexp.Regexp, text []byte) bool {
	for _, re := range expressions {
		if re.Match(text) {
			return true
		}
	}
	return false
}
