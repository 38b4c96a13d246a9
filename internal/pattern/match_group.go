package pattern

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// repeatGroup matches what a group matched. Of several groups with the name each is tried, the last one first.
func (m *machine) repeatGroup(in *instruction, pos int) (int, bool) {
	for _, g := range slices.Backward(in.groups) {
		start, end := m.slots[2*g], m.slots[2*g+1]
		if start < 0 || end < start { // unset, or a group that refers to itself in a later round
			continue
		}
		if end, ok := m.repeatText(m.text[start:end], in.fold, pos); ok {
			return end, true
		}
	}
	return 0, false
}

func (m *machine) repeatText(want string, fold bool, pos int) (end int, ok bool) {
	if !fold {
		return pos + len(want), strings.HasPrefix(m.text[pos:], want)
	}
	for _, r := range want {
		got, size := utf8.DecodeRuneInString(m.text[pos:])
		if size == 0 || !sameFold(r, got) {
			return 0, false
		}
		pos += size
	}
	return pos, true
}

func (m *machine) anyMatched(groups []int) bool {
	return slices.ContainsFunc(groups, func(g int) bool { return m.slots[2*g] >= 0 && m.slots[2*g+1] >= 0 })
}

// maxCalls bounds the calls of one attempt to 16 MB; a text nested a hundred thousand deep stays below it.
const maxCalls = 1 << 20

// enter notes a call of a group.
func (m *machine) enter(at int32, in *instruction) bool {
	if m.steps--; len(m.calls) >= maxCalls {
		m.err = ErrTooComplex
		return false
	}
	m.calls = append(m.calls, call{site: at, around: m.slots[m.prog.callSlot], starts: len(m.starts)})
	for _, g := range in.groups {
		m.starts = append(m.starts, m.slots[2*g])
	}
	return m.save(m.prog.callSlot, len(m.calls)-1)
}

// leave returns from the innermost call. The groups around it begin again where they began before.
func (m *machine) leave() (next int32, ok bool) {
	c := m.calls[m.slots[m.prog.callSlot]]
	site := &m.prog.code[c.site]
	for i, g := range site.groups {
		if !m.save(2*g, m.starts[c.starts+i]) {
			return 0, false
		}
	}
	return site.next, m.save(m.prog.callSlot, c.around)
}

// absent is opAbsent: the longest text that holds no match of the sub-program, down to the last place where what follows
// can begin, with a frame to give back more.
func (m *machine) absent(at int32, in *instruction, pos int) (end int, ok bool) {
	limit := len(m.text) + 1 // where the first match of the sub-program ends: the text must be shorter
	for start := pos; start < limit && m.err == nil; {
		if e, found := m.shortest(in.alt, start); found {
			limit = min(limit, e)
		}
		_, size := utf8.DecodeRuneInString(m.text[start:])
		start += max(size, 1)
	}
	if m.err != nil || limit == pos {
		return 0, false
	}
	end = len(m.text)
	if limit <= end {
		end = charsBack(m.text, limit, 1)
	}
	if end = giveBack(&m.prog.firsts[in.next], m.text, end, pos); end < pos {
		return 0, false
	}
	return end, end == pos || m.push(frame{at: at, how: frameRun, pos: end, low: pos})
}

// shortest tries all ways in which a sub-program matches at pos and returns the nearest end.
func (m *machine) shortest(entry int32, pos int) (end int, found bool) {
	height := len(m.stack)
	m.looks++
	m.depth++
	e, ok := m.run(entry, pos)
	for ok {
		if !found || e < end {
			end, found = e, true
		}
		var at int32
		var from int
		if end == pos {
			break
		}
		if at, from, ok = m.backtrack(height); ok {
			e, ok = m.runAbove(height, at, from)
		}
	}
	m.depth--
	m.looks--
	m.undo(height)
	return end, found
}

// undo drops the frames above height and puts back the slots that they remember.
func (m *machine) undo(height int) {
	for len(m.stack) > height {
		if f := m.stack[len(m.stack)-1]; f.how == frameRestore {
			m.slots[f.at] = f.pos
		}
		m.stack = m.stack[:len(m.stack)-1]
	}
}
