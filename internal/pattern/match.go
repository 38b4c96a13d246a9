package pattern

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Errors of matching. Both mean that no answer was found, neither a match nor the certainty that there is none.
var (
	ErrTimeout    = errors.New("regular expression took longer than its time limit")
	ErrTooLong    = errors.New("the text with its replacements is too long")
	ErrTooComplex = errors.New("regular expression needs more backtracking than is allowed")
)

const (
	// maxFrames bounds the backtrack stack to 24 MB. A frame is pushed per choice that is still open; text of a
	// megabyte against (?:a|b)* reaches it.
	maxFrames = 1 << 20
	// keptFrames is the stack a pooled machine may hold on to: 400 kB.
	keptFrames = 1 << 14
	// clockSteps is the work between two looks at the clock, about 100 us. A step is a choice, a turn back, or 16 bytes
	// of a run.
	clockSteps   = 1 << 13
	bytesPerStep = 16
)

// frame is one choice that is still open, or one slot to put back.
type frame struct {
	at  int32 // instruction to go on with; for a frameRestore the slot
	how frameKind
	pos int // position to go on at; for a frameRestore the old value
	low int // of a run: the shortest end (opRun); characters still allowed (opRunLazy)
}

// call is a group's call: the step that made it, and the call around it (index, -1 for none). Calls are only added
// while a match is attempted, since backtracking can go back into any of them.
type call struct {
	site   int32
	around int
	starts int // in machine.starts, where the groups around the call begin
}

type frameKind int32

const (
	frameBranch  frameKind = iota // go on at instruction at
	frameRun                      // give back one character of a run
	frameLazy                     // take one more character
	frameRestore                  // put back a slot and backtrack further
)

// machine runs a program over a text. It is reused by one call after another.
type machine struct {
	prog   *program
	text   string
	from   int   // where the search began, for \G
	slots  []int // captures and loop registers; -1 is unset
	looks  int   // look-arounds being tried
	dirty  bool  // slots were set with nothing on the stack to put them back
	stack  []frame
	calls  []call
	starts []int
	steps  int // work left until the clock is looked at
	// failed remembers by step and position where the search has turned back from, once it takes long. Where a step's
	// success depends on the position alone, taking it up again would fail again; so no search takes longer than steps
	// times characters. It holds for the whole search, and for the program itself, not for what is inside atomic groups
	// and look-arounds (depth > 0), whose success is not the program's.
	failed []uint64
	depth  int
	// deadline is found out when the clock is first looked at, so that quick matches never ask for the time.
	timeout  time.Duration
	deadline time.Time
	slow     bool // the clock was looked at: steps are remembered if they can be
	err      error
}

// run goes on from instruction at and position pos until the program or sub-program ends. It leaves frames above the
// stack's height on entry: the caller cuts or uses them. A step that fails leaves the switch, and the newest open choice is
// taken up.
func (m *machine) run(at int32, pos int) (end int, ok bool) { return m.runAbove(len(m.stack), at, pos) }

// runAbove is run with the frames above base, those of an earlier success, as its own open choices.
func (m *machine) runAbove(base int, at int32, pos int) (end int, ok bool) {
	text := m.text
	code, firsts := m.prog.code, m.prog.firsts
	for {
		in := &code[at]
		switch in.op {
		case opMatch, opSubMatch:
			return pos, true
		case opByte:
			if pos < len(text) && text[pos] == byte(in.min) {
				pos, at = pos+1, in.next
				continue
			}
		case opLiteral:
			if len(text)-pos >= len(in.text) && text[pos:pos+len(in.text)] == in.text {
				pos, at = pos+len(in.text), in.next
				continue
			}
		case opSet:
			if pos < len(text) && text[pos] < utf8.RuneSelf {
				if in.set.bytes.has(text[pos]) {
					pos, at = pos+1, in.next
					continue
				}
			} else if n := in.set.width(text, pos); n > 0 {
				pos, at = pos+n, in.next
				continue
			}
		case opRunAll:
			if end, ok := in.set.span(text, pos, in.min, in.max); ok {
				m.steps -= (end - pos) / bytesPerStep
				pos, at = end, in.next
				continue
			}
		case opRun:
			if end, ok := m.takeMost(at, in, pos); ok {
				pos, at = end, in.next
				continue
			}
		case opRunLazy:
			if end, ok := m.takeFewest(at, in, pos); ok {
				pos, at = end, in.next
				continue
			}
		case opSplit:
			m.steps--
			if m.failed != nil && m.depth == 0 && m.note(at, pos) {
				break
			}
			a, b := firsts[in.next].admits(text, pos), firsts[in.alt].admits(text, pos)
			if a && (!b || m.push(frame{at: in.alt, how: frameBranch, pos: pos})) {
				at = in.next
				continue
			}
			if b && !a {
				at = in.alt
				continue
			}
		case opSave, opLoopStart:
			if m.save(in.min, pos) {
				at = in.next
				continue
			}
		case opLoopEnd:
			if at = in.next; m.slots[in.min] == pos {
				at = in.alt
			}
			continue
		case opAtomic:
			if end, ok := m.atomic(in.alt, pos); ok {
				pos, at = end, in.next
				continue
			}
		case opLook:
			if m.look(in, pos) {
				at = in.next
				continue
			}
		case opNotNext:
			if in.set.width(text, pos) == 0 {
				at = in.next
				continue
			}
		case opNotPrev:
			if before := charsBack(text, pos, 1); before < 0 || in.set.width(text, before) == 0 {
				at = in.next
				continue
			}
		case opAssert:
			if m.holds(in.assert, pos) {
				at = in.next
				continue
			}
		case opBackref:
			if end, ok := m.repeatGroup(in, pos); ok {
				pos, at = end, in.next
				continue
			}
		case opCondition:
			if at = in.alt; m.anyMatched(in.groups) {
				at = in.next
			}
			continue
		case opAbsent:
			if end, ok := m.absent(at, in, pos); ok {
				pos, at = end, in.next
				continue
			}
		case opCall:
			if m.enter(at, in) {
				at = in.alt
				continue
			}
		case opReturn:
			if next, ok := m.leave(); ok {
				at = next
				continue
			}
		}
		if at, pos, ok = m.backtrack(base); !ok {
			return 0, false
		}
	}
}

// takeMost is opRun: as many characters as there are, down to the last place where what follows can begin, with a frame to
// give back more.
func (m *machine) takeMost(at int32, in *instruction, pos int) (end int, ok bool) {
	low, ok := in.set.span(m.text, pos, in.min, in.min)
	if !ok {
		return 0, false
	}
	end, _ = in.set.span(m.text, low, 0, rest(in.max, in.min))
	m.steps -= (end - pos) / bytesPerStep
	if end = giveBack(&m.prog.firsts[in.next], m.text, end, low); end < low {
		return 0, false
	}
	return end, end == low || m.push(frame{at: at, how: frameRun, pos: end, low: low})
}

// takeFewest is opRunLazy: as few characters as it may, up to the first place where what follows can begin, with a frame
// to take more.
func (m *machine) takeFewest(at int32, in *instruction, pos int) (end int, ok bool) {
	low, ok := in.set.span(m.text, pos, in.min, in.min)
	if !ok {
		return 0, false
	}
	end, left, ok := m.takeMore(in, low, rest(in.max, in.min))
	if !ok {
		return 0, false
	}
	m.steps -= (end - pos) / bytesPerStep
	return end, left == 0 || m.push(frame{at: at, how: frameLazy, pos: end, low: left})
}

// rest is how many characters a run may take beyond the least.
func rest(most, least int) int {
	if most == unlimited {
		return unlimited
	}
	return most - least
}

// span takes from least to most members and returns where they end; ok is false when there are fewer than least.
func (s *set) span(text string, pos, least, most int) (end int, ok bool) {
	if s.high != highSome && (most == unlimited && least <= 1) {
		// Members beyond ASCII are all or none: whole bytes will do.
		end = pos
		for end < len(text) && s.bytes.has(text[end]) {
			end++
		}
		return end, end > pos || least == 0
	}
	count := 0
	for count != most && pos < len(text) {
		n := 1
		if b := text[pos]; b >= utf8.RuneSelf || !s.bytes.has(b) {
			if n = s.width(text, pos); n == 0 {
				break
			}
		}
		pos += n
		count++
	}
	return pos, count >= least
}

// giveBack shortens a run that ends at end, but not below low, to the last place where what follows can begin; below
// low when there is none.
func giveBack(follow *first, text string, end, low int) int {
	for end >= low && !follow.admits(text, end) {
		end--
		for end > low && !utf8.RuneStart(text[end]) {
			end--
		}
	}
	return end
}

// takeMore lengthens a lazy run from pos to the first place where what follows can begin. left is how many more
// characters it may take after that.
func (m *machine) takeMore(in *instruction, pos, most int) (end, left int, ok bool) {
	follow := &m.prog.firsts[in.next]
	text := m.text
	if in.text != "" && in.set == anySet && most == unlimited {
		n := strings.Index(text[pos:], in.text)
		return pos + n, unlimited, n >= 0
	}
	for !follow.admits(text, pos) {
		n := 0
		if most != 0 {
			n = in.set.width(text, pos)
		}
		if n == 0 {
			return 0, 0, false
		}
		pos += n
		if most > 0 {
			most--
		}
	}
	return pos, most, true
}

// backtrack takes up the newest open choice above base. There is none once the machine has an error.
func (m *machine) backtrack(base int) (at int32, pos int, ok bool) {
	if m.steps--; m.err != nil || m.steps < 0 && m.late() {
		return 0, 0, false
	}
	for len(m.stack) > base {
		f := &m.stack[len(m.stack)-1]
		switch f.how {
		case frameBranch:
			m.stack = m.stack[:len(m.stack)-1]
			if !m.again(f.at, f.pos) {
				return f.at, f.pos, true
			}
		case frameRestore:
			m.slots[f.at] = f.pos
			m.stack = m.stack[:len(m.stack)-1]
		case frameRun:
			next := m.prog.code[f.at].next
			_, size := utf8.DecodeLastRuneInString(m.text[f.low:f.pos])
			end := giveBack(&m.prog.firsts[next], m.text, f.pos-size, f.low)
			if end <= f.low {
				m.stack = m.stack[:len(m.stack)-1]
			}
			if end >= f.low {
				f.pos = end
				if !m.again(next, end) {
					return next, end, true
				}
			}
		case frameLazy:
			in := &m.prog.code[f.at]
			n := in.set.width(m.text, f.pos)
			end, left, ok := 0, 0, n > 0
			if ok {
				end, left, ok = m.takeMore(in, f.pos+n, fewer(f.low))
			}
			if !ok || left == 0 {
				m.stack = m.stack[:len(m.stack)-1]
			}
			if ok {
				f.pos, f.low = end, left
				if !m.again(in.next, end) {
					return in.next, end, true
				}
			}
		}
	}
	return 0, 0, false
}

func fewer(left int) int {
	if left == unlimited {
		return unlimited
	}
	return left - 1
}

func (m *machine) push(f frame) bool {
	if len(m.stack) >= maxFrames {
		m.err = ErrTooComplex
		return false
	}
	m.stack = append(m.stack, f)
	return true
}

// save sets a slot. The old value is kept on the stack while something could come back to it: an open choice, or a
// look-around that fails and is then no reason to fail.
func (m *machine) save(slot, pos int) bool {
	if len(m.stack) == 0 && m.looks == 0 {
		m.dirty = true
	} else if !m.push(frame{at: int32(slot), how: frameRestore, pos: m.slots[slot]}) {
		return false
	}
	m.slots[slot] = pos
	return true
}

// cut drops the choices above height but keeps what puts slots back.
func (m *machine) cut(height int) {
	kept := m.stack[:height]
	for _, f := range m.stack[height:] {
		if f.how == frameRestore {
			kept = append(kept, f)
		}
	}
	m.stack = kept
}

// atomic runs a sub-program to its first success and drops the choices it left open.
func (m *machine) atomic(entry int32, pos int) (end int, ok bool) {
	height := len(m.stack)
	m.depth++
	end, ok = m.run(entry, pos)
	m.depth--
	m.cut(height)
	return end, ok
}

func (m *machine) look(in *instruction, pos int) bool {
	start := pos
	if in.behind {
		if start = charsBack(m.text, pos, in.min); start < 0 {
			return in.negative
		}
	}
	height := len(m.stack)
	m.looks++
	m.depth++
	end, found := m.run(in.alt, start)
	m.depth--
	m.looks--
	found = found && (!in.behind || end == pos)
	if m.err != nil {
		return false
	}
	if found && !in.negative {
		m.cut(height)
		return true
	}
	m.undo(height) // what was captured in vain
	return found != in.negative
}

func sameFold(a, b rune) bool {
	for f := unicode.SimpleFold(a); ; f = unicode.SimpleFold(f) {
		if f == b {
			return true
		}
		if f == a {
			return false
		}
	}
}

// maxFailedBits bounds the memory of failed steps to 4 MB; a longer text does without it.
const maxFailedBits = 32 << 20

// remember begins to note failed steps.
func (m *machine) remember() {
	bits := len(m.prog.code) * (len(m.text) + 1)
	if m.prog.memoryless && bits <= maxFailedBits {
		m.failed = make([]uint64, bits/64+1)
	}
}

// again tells whether step at was taken up at pos before, and notes that it is now. A choice notes itself when it is
// reached, by whatever way.
func (m *machine) again(at int32, pos int) bool {
	return m.failed != nil && m.depth == 0 && m.prog.code[at].op != opSplit && m.note(at, pos)
}

// note marks a step at a position and tells whether it was marked before.
func (m *machine) note(at int32, pos int) bool {
	bit := int(at)*(len(m.text)+1) + pos
	word, mask := &m.failed[bit/64], uint64(1)<<(bit%64)
	seen := *word&mask != 0
	*word |= mask
	return seen
}

func (m *machine) late() bool {
	m.steps = clockSteps
	now := time.Now()
	if m.deadline.IsZero() {
		m.deadline = now.Add(m.timeout)
	}
	if !m.slow {
		m.slow = true
		m.remember()
	}
	if now.After(m.deadline) {
		m.err = ErrTimeout
		return true
	}
	return false
}
