package pattern

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// machines are reused so that matching does not allocate.
var machines = sync.Pool{New: func() any { return new(machine) }}

func newMachine(prog *program, text string, timeout time.Duration) *machine {
	m := machines.Get().(*machine)
	m.prog, m.text, m.timeout = prog, text, timeout
	if cap(m.slots) < prog.slots {
		m.slots = make([]int, prog.slots)
	}
	m.slots = m.slots[:prog.slots]
	m.looks, m.steps, m.err, m.deadline, m.slow = 0, clockSteps, nil, time.Time{}, false
	m.dirty, m.depth = true, 0
	return m
}

// release hands the machine back; what it found must have been copied.
func (m *machine) release() {
	m.prog, m.text, m.failed = nil, "", nil
	if cap(m.stack) > keptFrames {
		m.stack = nil
	}
	if cap(m.calls) > keptFrames {
		m.calls, m.starts = nil, nil
	}
	machines.Put(m)
}

// find looks for the first match that begins at from or later. Afterwards slots 0 and 1 are its bounds and the slots
// above them those of the groups.
func (m *machine) find(from int) (bool, error) {
	m.from, m.failed = from, nil
	if m.prog.lacksRare(m.text[min(from, len(m.text)):]) {
		return false, nil
	}
	limit := -1
	for pos := m.candidate(from); pos >= 0; pos = m.candidate(pos) {
		if m.attempt(pos) {
			return true, nil
		}
		if m.err != nil {
			return false, m.err
		}
		if limit < 0 { // the first attempt mostly succeeds: only now it pays to look through the text
			if limit = m.prog.lastStart(m.text, from); limit < 0 {
				return false, nil
			}
		}
		if pos = nextStart(m.text, pos); pos > limit {
			return false, nil
		}
	}
	return false, nil
}

func (m *machine) attempt(pos int) bool {
	if m.dirty {
		for i := range m.slots {
			m.slots[i] = -1
		}
		m.dirty = false
	}
	m.stack, m.calls, m.starts = m.stack[:0], m.calls[:0], m.starts[:0]
	end, ok := m.run(m.prog.start, pos)
	if !ok {
		return false
	}
	m.dirty = true
	m.slots[0], m.slots[1] = pos, end
	if keep := m.prog.keepSlot; keep > 0 && m.slots[keep] >= 0 {
		m.slots[0] = m.slots[keep]
	}
	return true
}

// candidate is the first place from pos on where a match can begin, -1 when there is none.
func (m *machine) candidate(pos int) int {
	prog, text := m.prog, m.text
	if pos > len(text) {
		return -1
	}
	switch prog.anchor {
	case atTextStart:
		if pos > 0 {
			return -1
		}
		return pos
	case atSearchFrom:
		if pos > m.from {
			return -1
		}
		return pos
	case atLineStart:
		if pos == 0 || text[pos-1] == '\n' {
			return pos
		}
		n := strings.IndexByte(text[pos:], '\n')
		if n < 0 {
			return -1
		}
		return pos + n + 1
	}
	if prog.prefix != "" {
		n := strings.Index(text[pos:], prog.prefix)
		if n < 0 {
			return -1
		}
		return pos + n
	}
	if prog.heads != nil {
		if pos = prog.heads.skip(text, pos); pos <= len(text)-headBytes {
			return pos
		}
	}
	start := &prog.firsts[prog.start]
	for ; pos < len(text); pos++ {
		if start.bytes.has(text[pos]) && utf8.RuneStart(text[pos]) {
			return pos
		}
	}
	if start.empty {
		return pos
	}
	return -1
}

// nextStart is where the character behind pos begins.
func nextStart(text string, pos int) int {
	pos++
	if pos < len(text) && !utf8.RuneStart(text[pos]) {
		_, size := utf8.DecodeRuneInString(text[pos-1:])
		pos += size - 1
	}
	return pos
}

// lacksRare tells that text cannot hold a match, at one look.
func (p *program) lacksRare(text string) bool { return p.rare != "" && !strings.Contains(text, p.rare) }

// lastStart is the last place where a match can begin if the literals that every match holds are to fit behind it; -1
// when they do not fit at all.
func (p *program) lastStart(text string, from int) int {
	end := len(text)
	for i := len(p.literals) - 1; i >= 0; i-- {
		n := strings.LastIndex(text[from:end], p.literals[i])
		if n < 0 {
			return -1
		}
		end = from + n
	}
	return end
}
