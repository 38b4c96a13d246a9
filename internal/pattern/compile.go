package pattern

import (
	"fmt"
	"unicode/utf8"
)

// maxInstructions bounds a program: a{1000}{1000} is a short text and a long program. The largest grok patterns have
// about 2,000 instructions.
const maxInstructions = 100_000

// program is a compiled expression. Instructions name their successor, so that a program is compiled from its end to
// its beginning and each step knows what follows it.
type program struct {
	code   []instruction
	firsts []first // by instruction: it and all that follows
	start  int32
	groups int      // captures, the whole match (group 0) included
	slots  int      // two per group, then one register per loop that can go round without taking a character
	names  []string // by group
	// literals are texts every match holds, in order.
	literals []string
	// rare is the one of them that is looked for before anything is tried: most texts of another form lack it. It is ""
	// when none of them is rare.
	rare string
	// prefix is a text every match begins with.
	prefix string
	// heads rules out places where no match can begin; nil when the first byte does as well, or prefix or anchor does.
	heads *heads
	// anchor tells where matches can begin.
	anchor startAnchor
	// memoryless tells that whether a step succeeds depends on the place in the text alone: not on what a group matched
	// (back-references) nor on where a loop's round began. See machine.failed.
	memoryless bool
	// callSlot holds the innermost call of a group that has not returned, 0 when the expression calls none.
	callSlot int
	// keepSlot holds the start that \K sets, 0 when there is no \K.
	keepSlot int
}

type startAnchor uint8

const (
	anywhere     startAnchor = iota
	atTextStart              // \A
	atLineStart              // ^
	atSearchFrom             // \G, or a leading .* that matches newlines too
)

type opcode uint8

const (
	opMatch     opcode = iota // the whole expression has matched
	opSubMatch                // a look-around's or atomic group's inner expression has matched
	opByte                    // min is the byte
	opLiteral                 // text
	opSet                     // one character of set
	opRun                     // min to max characters of set, the most first, giving back one by one
	opRunAll                  // the same without giving back
	opRunLazy                 // the same, the fewest first
	opSplit                   // go on at next or, if that fails, at alt
	opSave                    // slot min is the position
	opLoopStart               // slot min is the position before a loop's round
	opLoopEnd                 // leave the loop when the round took nothing since slot min
	opAtomic                  // sub is a program of its own, which is not re-entered
	opLook                    // the same, without moving; min characters back when behind
	opNotNext                 // the next character is not in set (or is not there)
	opNotPrev                 // the character before is not in set (or is not there)
	opAssert
	opBackref
	opCondition // go on at next when one of groups has matched, else at alt
	opAbsent    // as much text as does not hold what alt matches, giving back one by one
	opCall      // go on at alt, and from its opReturn at next
	opReturn
)

type instruction struct {
	op               opcode
	negative, behind bool
	fold             bool
	assert           assertKind
	next, alt        int32 // alt is also the entry of a sub-program
	min, max         int
	set              *set
	text             string // the literal; for opRunLazy the literal that must follow
	groups           []int
}

type compiler struct {
	prog *program
	// plain leaves out everything that is only there for speed: what a step can begin with, literals, anchors. Tests hold
	// the program against its plain form.
	plain bool
	// bodies are the groups as a node by number, entries where those that are called begin, and calls the steps that wait
	// for it.
	bodies  []*node
	entries map[int]int32
	calls   []pendingCall
	// registers tells that some loop needed one.
	registers bool
}

type pendingCall struct {
	at    int32
	group int
}

// tooLarge travels by panic from emit to compile.
type tooLarge struct{}

func compile(root *node, p *parser, plain bool) (*program, error) {
	return compileBefore(firstAnything, root, p, plain)
}

// compileBefore compiles what something follows that begins so.
func compileBefore(follow first, root *node, p *parser, plain bool) (prog *program, err error) {
	prog = &program{groups: len(p.names), slots: 2 * len(p.names), names: p.names}
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case tooLarge:
			prog, err = nil, &SyntaxError{Source: p.source, Reason: fmt.Sprintf("needs more than %d steps", maxInstructions)}
		default:
			panic(fault)
		}
	}()
	c := compiler{prog: prog, plain: plain, bodies: p.nodes, entries: map[int]int32{}}
	end := c.emit(instruction{op: opMatch}, follow)
	prog.start = c.node(root, end)
	c.link()
	if !plain {
		prog.literals = requiredLiterals(root, nil)
		prog.rare = rarest(prog.literals)
		prog.prefix, prog.anchor = beginning(root, len(p.refs) > 0)
		if prog.prefix == "" && prog.anchor == anywhere {
			prog.heads = newHeads(root)
		}
		prog.memoryless = len(p.refs) == 0 && !c.registers
	}
	return prog, nil
}

// beginning finds a literal or an anchor that every match begins with. backrefs tells that the expression refers back
// to what it matched.
func beginning(n *node, backrefs bool) (string, startAnchor) {
	atomic := false
	for {
		switch n.kind {
		case nodeConcat:
			n = n.subs[0]
			continue
		case nodeCapture, nodeAtomic:
			atomic = atomic || n.kind == nodeAtomic
			n = n.subs[0]
			continue
		case nodeLiteral:
			return n.text, anywhere
		case nodeRepeat:
			// A leading .* that can match anything and be shortened: what matches further on matches from here too.
			if n.min == 0 && n.max == unlimited && n.mode != possessive && n.subs[0].set == anySet && !atomic && !backrefs {
				return "", atSearchFrom
			}
		case nodeAssert:
			switch n.assert {
			case textStart:
				return "", atTextStart
			case lineStart:
				return "", atLineStart
			case searchStart:
				return "", atSearchFrom
			}
		}
		return "", anywhere
	}
}

func (c *compiler) emit(in instruction, f first) int32 {
	if len(c.prog.code) >= maxInstructions {
		panic(tooLarge{})
	}
	if c.plain {
		f = firstAnything
	}
	c.prog.code = append(c.prog.code, in)
	c.prog.firsts = append(c.prog.firsts, f)
	return int32(len(c.prog.code) - 1)
}

// node compiles n so that it goes on at next, and returns its entry.
func (c *compiler) node(n *node, next int32) int32 {
	switch n.kind {
	case nodeEmpty:
		return next
	case nodeLiteral:
		var f first
		f.bytes.add(n.text[0])
		if len(n.text) == 1 {
			return c.emit(instruction{op: opByte, min: int(n.text[0]), next: next}, f)
		}
		return c.emit(instruction{op: opLiteral, text: n.text, next: next}, f)
	case nodeSet:
		return c.emit(instruction{op: opSet, set: n.set, next: next}, first{bytes: n.set.bytes})
	case nodeConcat:
		for i := len(n.subs) - 1; i >= 0; i-- {
			next = c.node(n.subs[i], next)
		}
		return next
	case nodeChoice:
		return c.choice(n.subs, next)
	case nodeRepeat:
		return c.repeat(n, next)
	case nodeCapture:
		next = c.through(instruction{op: opSave, min: 2*n.group + 1, next: next})
		next = c.node(n.subs[0], next)
		return c.through(instruction{op: opSave, min: 2 * n.group, next: next})
	case nodeAtomic:
		return c.atomic(n.subs[0], next)
	case nodeLook:
		return c.look(n, next)
	case nodeBackref:
		return c.emit(instruction{op: opBackref, groups: n.groups, fold: n.fold, next: next}, firstAnything)
	case nodeCondition:
		split := c.split(c.node(n.subs[0], next), c.node(n.subs[1], next))
		c.prog.code[split].op, c.prog.code[split].groups = opCondition, n.groups
		return split
	case nodeAbsent:
		sub := c.node(n.subs[0], c.emit(instruction{op: opSubMatch}, firstAnything))
		return c.emit(instruction{op: opAbsent, alt: sub, next: next}, firstAnything)
	case nodeCall:
		call := c.emit(instruction{op: opCall, groups: n.around, next: next}, firstAnything)
		c.calls = append(c.calls, pendingCall{call, n.group})
		return call
	case nodeAssert:
		return c.assert(n.assert, next)
	case nodeKeep:
		if c.prog.keepSlot == 0 {
			c.prog.keepSlot = c.prog.slots
			c.prog.slots++
		}
		return c.through(instruction{op: opSave, min: c.prog.keepSlot, next: next})
	}
	panic(fmt.Sprintf("pattern: node kind %d cannot be compiled", n.kind))
}

// link compiles the groups that are called, each once, and tells the calls where they begin.
func (c *compiler) link() {
	if len(c.calls) == 0 {
		return
	}
	c.prog.callSlot = c.prog.slots
	c.prog.slots++
	for i := 0; i < len(c.calls); i++ { // compiling a group can add calls
		call := c.calls[i]
		entry, ok := c.entries[call.group]
		if !ok {
			body := c.bodies[call.group]
			if call.group == 0 {
				body = body.subs[0]
			}
			entry = c.node(body, c.emit(instruction{op: opReturn}, firstAnything))
			c.entries[call.group] = entry
		}
		c.prog.code[call.at].alt = entry
	}
}

// through emits a step that takes no character: it begins as what follows it does.
func (c *compiler) through(in instruction) int32 { return c.emit(in, c.prog.firsts[in.next]) }

func (c *compiler) assert(kind assertKind, next int32) int32 {
	f := c.prog.firsts[next]
	switch kind {
	case lineEnd, textEndNewline:
		f.bytes = byteSet{}
		f.bytes.add('\n')
		f.empty = true
	case textEnd:
		f = first{empty: true}
	}
	return c.emit(instruction{op: opAssert, assert: kind, next: next}, f)
}

func (c *compiler) choice(subs []*node, next int32) int32 {
	entry := c.node(subs[len(subs)-1], next)
	for i := len(subs) - 2; i >= 0; i-- {
		entry = c.split(c.node(subs[i], next), entry)
	}
	return entry
}

// split emits a step that tries a before b.
func (c *compiler) split(a, b int32) int32 {
	fa, fb := c.prog.firsts[a], c.prog.firsts[b]
	return c.emit(instruction{op: opSplit, next: a, alt: b}, first{bytes: fa.bytes.or(fb.bytes), empty: fa.empty || fb.empty})
}

func (c *compiler) atomic(body *node, next int32) int32 {
	if body.decided() {
		return c.node(body, next)
	}
	if body.kind == nodeRepeat && body.subs[0].charSet() != nil && body.mode == greedy {
		run := *body
		run.mode = possessive
		return c.repeat(&run, next)
	}
	f := c.bodyFirst(body, next)
	sub := c.node(body, c.emit(instruction{op: opSubMatch}, firstAnything))
	return c.emit(instruction{op: opAtomic, alt: sub, next: next}, f)
}

// bodyFirst is how body followed by next begins.
func (c *compiler) bodyFirst(body *node, next int32) first {
	bytes, nullable := nodeFirst(body)
	f := first{bytes: bytes}
	if nullable {
		f.bytes, f.empty = f.bytes.or(c.prog.firsts[next].bytes), c.prog.firsts[next].empty
	}
	return f
}

func (c *compiler) look(n *node, next int32) int32 {
	body := n.subs[0]
	if s := body.charSet(); s != nil && n.negative {
		op := opNotNext
		if n.behind {
			op = opNotPrev
		}
		return c.through(instruction{op: op, set: s, next: next})
	}
	sub := c.node(body, c.emit(instruction{op: opSubMatch}, firstAnything))
	in := instruction{op: opLook, negative: n.negative, behind: n.behind, min: n.min, alt: sub, next: next}
	f := c.prog.firsts[next]
	if !n.negative && !n.behind {
		// What is seen ahead is also what follows begins with, unless nothing follows that takes it.
		bytes, nullable := nodeFirst(body)
		if !nullable {
			f = first{bytes: bytes}
		}
	}
	return c.emit(in, f)
}

func (c *compiler) repeat(n *node, next int32) int32 {
	if n.max == 0 {
		return next
	}
	body := n.subs[0]
	if flat := flattened(n, body); flat != nil && !c.plain {
		n, body = flat, flat.subs[0]
	}
	if s := body.charSet(); s != nil {
		return c.run(n, s, next)
	}
	if n.mode == possessive {
		plain := *n
		plain.mode = greedy
		return c.atomic(&plain, next)
	}
	if n.max == unlimited {
		next = c.loop(body, n.mode, next)
	}
	exit := next
	for range n.max - n.min { // the optional rounds, the last first; each can leave at once
		round := c.node(body, next)
		if round == next {
			break // the body takes and tests nothing
		}
		next = c.choose(round, exit, n.mode)
	}
	for range n.min {
		round := c.node(body, next)
		if round == next {
			break
		}
		next = round
	}
	return next
}

// flattened is (x+)+ as x+, and the like, for one character x: nested, the two find the same text in exponential time.
// It is nil when n is not of that form.
func flattened(n, body *node) *node {
	if body.kind == nodeRepeat {
		if inner := flattened(body, body.subs[0]); inner != nil {
			body = inner
		}
	}
	if body.kind != nodeRepeat || body.subs[0].charSet() == nil || n.mode != greedy || body.mode != greedy ||
		n.max != unlimited || body.max != unlimited || n.min > 1 || body.min > 1 {
		return nil
	}
	flat := *body
	flat.min = n.min * body.min
	return &flat
}

func (c *compiler) choose(round, exit int32, mode repeatMode) int32 {
	if mode == lazy {
		return c.split(exit, round)
	}
	return c.split(round, exit)
}

// loop compiles body any number of times.
func (c *compiler) loop(body *node, mode repeatMode, next int32) int32 {
	bytes, nullable := nodeFirst(body)
	f := c.prog.firsts[next]
	f.bytes, f.empty = f.bytes.or(bytes), f.empty || nullable
	in := instruction{op: opSplit}
	loop := c.emit(in, f)
	back := loop
	slot := c.prog.slots
	if nullable {
		c.registers = true
		c.prog.slots++
		back = c.emit(instruction{op: opLoopEnd, min: slot, next: loop, alt: next}, f)
	}
	round := c.node(body, back)
	if nullable {
		round = c.through(instruction{op: opLoopStart, min: slot, next: round})
	}
	in.next, in.alt = round, next
	if mode == lazy {
		in.next, in.alt = next, round
	}
	c.prog.code[loop] = in
	return loop
}

// run compiles a repeat of single characters.
func (c *compiler) run(n *node, s *set, next int32) int32 {
	follow := c.prog.firsts[next]
	in := instruction{op: opRun, set: s, min: n.min, max: n.max, next: next}
	switch {
	case n.mode == lazy:
		in.op = opRunLazy
		if !c.plain {
			in.text = c.literalAt(next)
		}
	case n.mode == possessive, n.min == n.max, s.bytes.disjoint(follow.bytes):
		// When no member can begin what follows, giving members back cannot help.
		in.op = opRunAll
	}
	f := first{bytes: s.bytes}
	if n.min == 0 {
		f.bytes, f.empty = f.bytes.or(follow.bytes), follow.empty
	}
	return c.emit(in, f)
}

// literalAt is the literal that what follows must begin with, "" when there is none.
func (c *compiler) literalAt(at int32) string {
	for {
		switch in := &c.prog.code[at]; in.op {
		case opSave:
			at = in.next
		case opByte:
			return string([]byte{byte(in.min)})
		case opLiteral:
			return in.text
		default:
			return ""
		}
	}
}

// charsBack is the place n characters before pos, or -1.
func charsBack(text string, pos, n int) int {
	for ; n > 0; n-- {
		if pos <= 0 {
			return -1
		}
		_, size := utf8.DecodeLastRuneInString(text[:pos])
		pos -= size
	}
	return pos
}
