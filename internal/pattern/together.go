package pattern

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"unicode/utf8"
)

// Together is expressions that are tried on one text in turn. Those that begin alike share the work of that beginning: once
// one of them has not matched, the ways in which the beginning matches the text are found for the others, which go on from
// there. Each finds the match that it finds alone. A Together is immutable and safe for concurrent use.
type Together struct {
	groks []*Grok
	tails []tail // by expression
	trial sync.Pool
	heads int
}

// tail is an expression without its beginning.
type tail struct {
	head int // which beginning it shares, -1 for none
	// begin matches the beginning and ends there; prog goes on from such an end.
	begin, prog *program
}

// NewTogether finds what expressions have in common.
func NewTogether(groks []*Grok) *Together {
	t := &Together{groks: groks, tails: make([]tail, len(groks))}
	t.trial.New = func() any { return &Trial{heads: make([]sharedHead, t.heads)} }
	parts := make([][]*node, len(groks))
	for i, g := range groks {
		parts[i], t.tails[i].head = g.parts(), -1
	}
	for i := range groks {
		if parts[i] == nil || t.tails[i].head >= 0 {
			continue
		}
		alike := []int{i}
		shared := len(parts[i])
		for j := i + 1; j < len(groks); j++ {
			if n := commonParts(parts[i], parts[j]); n > 0 && t.tails[j].head < 0 {
				alike, shared = append(alike, j), min(shared, n)
			}
		}
		if len(alike) > 1 && takesWork(parts[i][:shared]) {
			t.share(alike, parts, shared)
		}
	}
	return t
}

// parts are what the expression is a sequence of; nil when it is none, or when what happens behind a place depends on more than
// that place, so that nothing can be shared.
func (g *Grok) parts() []*node {
	if prog := g.re.prog; !prog.memoryless || prog.callSlot > 0 || prog.keepSlot > 0 {
		return nil
	}
	root, _, err := parse(g.re.source, g.flags)
	if err != nil || root.kind != nodeConcat {
		return nil
	}
	return root.subs
}

// commonParts is how many parts two expressions begin with that are the same, the numbers of their groups included.
func commonParts(a, b []*node) int {
	n := 0
	for n < min(len(a), len(b)) && reflect.DeepEqual(a[n], b[n]) {
		n++
	}
	return n
}

// takesWork tells that parts are more than literals and assertions, which are as quickly tried as remembered.
func takesWork(parts []*node) bool {
	for _, n := range parts {
		if n.kind == nodeRepeat || n.kind == nodeChoice || takesWork(n.subs) {
			return true
		}
	}
	return false
}

// share compiles the beginning that some expressions have in common, and what each has behind it.
func (t *Together) share(alike []int, parts [][]*node, shared int) {
	cut := commonLiteral(alike, parts, shared)
	var follow first
	tails := make([]*program, len(alike))
	for i, at := range alike {
		rest := parts[at][shared:]
		if cut != "" {
			rest = append([]*node{literalNode(rest[0].text[len(cut):])}, rest[1:]...)
		}
		prog, err := compile(concat(rest), t.parserOf(at), false)
		if err != nil {
			return // too large: each for itself
		}
		tails[i] = prog
		f := prog.firsts[prog.start]
		follow = first{bytes: follow.bytes.or(f.bytes), empty: follow.empty || f.empty}
	}
	one := alike[0]
	begin, err := compileBefore(follow, concat(append(slices.Clip(parts[one][:shared]), literalNode(cut))), t.parserOf(one), false)
	if err != nil {
		return
	}
	for i, at := range alike {
		t.tails[at] = tail{head: t.heads, begin: begin, prog: tails[i]}
	}
	t.heads++
}

// parserOf is what compiling needs to know of an expression that neither calls groups nor refers to them.
func (t *Together) parserOf(i int) *parser { return &parser{names: t.groks[i].re.prog.names} }

func literalNode(text string) *node {
	if text == "" {
		return &node{kind: nodeEmpty}
	}
	return &node{kind: nodeLiteral, text: text}
}

// commonLiteral is the text with which all of some expressions go on behind the parts that they share.
func commonLiteral(alike []int, parts [][]*node, shared int) string {
	cut := ""
	for i, at := range alike {
		if shared == len(parts[at]) || parts[at][shared].kind != nodeLiteral {
			return ""
		}
		text := parts[at][shared].text
		if i == 0 {
			cut = text
		}
		same := 0
		for same < min(len(cut), len(text)) && cut[same] == text[same] {
			same++
		}
		for same > 0 && same < len(text) && !utf8.RuneStart(text[same]) {
			same--
		}
		cut = cut[:same]
	}
	return cut
}

// Trial is a text that expressions are tried on. It is for one goroutine, until [Trial.End].
type Trial struct {
	of    *Together
	text  string
	limit Limit
	heads []sharedHead
}

// sharedHead is what is known of the ways in which a beginning matches the text.
type sharedHead struct {
	missed  bool     // one expression has not matched: from now on it pays to remember
	machine *machine // nil until then
	open    bool     // the machine may have more ways for the place where it found the last one
	tried   bool     // at one place at least
	next    int      // where it is tried next
	limit   int      // the last place where it can begin, -1 while that is not known
	ways    []headWay
	slots   []int // of all ways
}

// headWay is a way in which the beginning matches.
type headWay struct{ start, end int }

// maxWays bounds what is remembered of a beginning: with so many, as of a long text that begins with .*, each expression goes
// its own way.
const maxWays = 200

var errManyWays = errors.New("the beginning matches in too many ways to remember")

// Begin begins a trial.
func (t *Together) Begin(text string) *Trial {
	trial := t.trial.Get().(*Trial)
	trial.of, trial.text = t, text
	return trial
}

// End gives back what the trial took.
func (t *Trial) End() {
	for i := range t.heads {
		h := &t.heads[i]
		if h.machine != nil {
			h.machine.release()
		}
		*h = sharedHead{ways: h.ways[:0], slots: h.slots[:0]}
	}
	t.text = ""
	t.of.trial.Put(t)
}

// Match is [Grok.Match], or with a limit [Grok.MatchWithin], of expression i.
func (t *Trial) Match(i int, dst []int, limit *Limit) ([]int, error) {
	g, tail := t.of.groks[i], &t.of.tails[i]
	if limit == nil {
		limit = &t.limit
		*limit = Limit{Duration: g.re.timeout}
	}
	switch {
	case tail.head < 0:
		return g.MatchWithin(dst, t.text, limit)
	case g.re.prog.lacksRare(t.text):
		return nil, nil
	}
	h := &t.heads[tail.head]
	if h.missed {
		bounds, err := t.matchBehind(h, g.re.prog, tail, dst, limit)
		if err != errManyWays {
			return bounds, err
		}
	}
	h.missed = true
	return g.MatchWithin(dst, t.text, limit)
}

// matchBehind matches an expression behind the ways of its beginning.
func (t *Trial) matchBehind(h *sharedHead, prog *program, tail *tail, dst []int, limit *Limit) ([]int, error) {
	m := newMachine(tail.prog, t.text, limit.Duration)
	defer m.release()
	m.from, m.failed = 0, nil
	last := -1 // the last place where this expression can begin, looked for when it has not matched at the first
	for n := 0; ; n++ {
		way, slots, err := h.way(n, tail.begin, t.text, limit)
		if way == nil {
			return nil, err
		}
		if last < 0 && way.start > h.ways[0].start {
			if last = prog.lastStart(t.text, 0); last < 0 {
				return nil, nil
			}
		}
		if last >= 0 && way.start > last {
			return nil, nil
		}
		m.deadline = limit.deadline
		found := m.goOn(way, slots)
		if limit.deadline = m.deadline; found {
			return append(dst, m.slots[:2*prog.groups]...), nil
		}
		if m.err != nil {
			return nil, m.err
		}
	}
}

// goOn runs the machine's program from where a beginning ended.
func (m *machine) goOn(way *headWay, slots []int) bool {
	for i := range m.slots {
		m.slots[i] = -1
	}
	copy(m.slots, slots)
	m.stack, m.calls, m.starts = m.stack[:0], m.calls[:0], m.starts[:0]
	end, ok := m.run(m.prog.start, way.end)
	m.slots[0], m.slots[1] = way.start, end
	return ok
}

// way returns the nth way in which the beginning matches, in the order in which a search comes upon them, and its groups. It is nil
// when there are no more, or with an error.
func (h *sharedHead) way(n int, prog *program, text string, limit *Limit) (*headWay, []int, error) {
	size := prog.slots
	for len(h.ways) <= n {
		if found, err := h.find(prog, text, limit); !found {
			return nil, nil, err
		}
	}
	return &h.ways[n], h.slots[n*size : (n+1)*size], nil
}

// find finds one more way.
func (h *sharedHead) find(prog *program, text string, limit *Limit) (bool, error) {
	if h.machine == nil {
		h.machine, h.limit = newMachine(prog, text, limit.Duration), -1
		h.machine.from, h.machine.failed = 0, nil
		if prog.lacksRare(text) {
			h.next = len(text) + 1
		}
	}
	if len(h.ways) == maxWays {
		return false, errManyWays
	}
	m := h.machine
	m.timeout, m.deadline = limit.Duration, limit.deadline
	defer func() { limit.deadline = m.deadline }()
	if h.open {
		if h.open = h.another(); h.open {
			return true, nil
		}
		h.next = nextStart(text, h.next)
	}
	for pos := m.candidate(h.next); pos >= 0 && m.err == nil; pos = m.candidate(h.next) {
		if h.tried { // mostly the first place is the one
			if h.limit < 0 {
				h.limit = prog.lastStart(text, 0)
			}
			if pos > h.limit {
				break
			}
		}
		h.next, h.tried = pos, true
		if m.attempt(pos) {
			h.open = true
			h.note(pos, m.slots[1])
			return true, nil
		}
		h.next = nextStart(text, pos)
	}
	if m.err == nil {
		h.next = len(text) + 1
	}
	return false, m.err
}

// another takes up the choices that the last way left open.
func (h *sharedHead) another() bool {
	m := h.machine
	at, pos, ok := m.backtrack(0)
	if !ok {
		return false
	}
	end, ok := m.runAbove(0, at, pos)
	if ok {
		m.dirty = true
		h.note(h.next, end)
	}
	return ok
}

func (h *sharedHead) note(start, end int) {
	h.ways = append(h.ways, headWay{start, end})
	h.slots = append(h.slots, h.machine.slots...)
}
