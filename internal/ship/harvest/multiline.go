package harvest

import (
	"regexp"
	"time"
)

// multilineOptions say which lines belong together.
type multilineOptions struct {
	pattern     *regexp.Regexp
	negate      bool // lines that do not match continue
	before      bool // a continuing line is joined to the next one instead of the one before
	flush       *regexp.Regexp
	maxLines    int // further lines are passed over
	timeout     time.Duration
	skipNewline bool // join without a newline between
}

// multiline joins lines. The deadline is set while it holds a message.
type multiline struct {
	opts     *multilineOptions
	maxBytes int
	held     *message
	last     bool // whether the last line matched the pattern
	deadline time.Time
}

// add takes a line. emit gets the message before it when the line begins a new one.
func (m *multiline) add(next message, now time.Time, emit func(message)) {
	if next.skip {
		// Its bytes are passed with the message in front of it.
		if m.held == nil {
			emit(next)
			return
		}
		m.held.bytes += next.bytes
		return
	}
	matches := m.opts.pattern.Match(next.text) != m.opts.negate
	continues := matches
	if m.opts.before {
		continues = m.last
	}
	m.last = matches
	if m.held == nil || !continues {
		m.flush(emit)
		m.hold(next)
	} else {
		m.join(next)
	}
	m.deadline = now.Add(m.opts.timeout)
	if m.opts.flush != nil && m.opts.flush.Match(next.text) {
		m.flush(emit)
	}
}

func (m *multiline) hold(next message) {
	next.text = append([]byte(nil), next.text...)
	m.held = &next
}

func (m *multiline) join(next message) {
	h := m.held
	h.bytes += next.bytes
	h.lines++
	if h.fields.Len() == 0 {
		h.fields = next.fields
	}
	if h.lines > m.opts.maxLines {
		h.truncated = true
		return
	}
	if !m.opts.skipNewline {
		h.text = append(h.text, '\n')
	}
	h.text = append(h.text, next.text...)
	h.truncated = h.truncated || next.truncated
	if len(h.text) > m.maxBytes {
		h.text, h.truncated = h.text[:m.maxBytes], true
	}
}

// flush emits what is held.
func (m *multiline) flush(emit func(message)) {
	if m.held == nil {
		return
	}
	held := *m.held
	m.held, m.deadline = nil, time.Time{}
	emit(held)
}
