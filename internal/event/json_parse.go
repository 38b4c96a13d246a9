package event

import (
	"fmt"
	"math"
	"strconv"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonParser parses one document. Texts are parts of data, and the members of arrays and objects parts of a few slices
// that the whole document shares: a parsed document costs a handful of allocations, however many members it has.
type jsonParser struct {
	data string
	pos  int
	// unique refuses an object that names a member twice.
	unique bool
	// names and values are the members of the arrays and objects that are open, the innermost last.
	names  []string
	values []Value
	// nodes, nameSlab and valueSlab have room for those that are closed.
	nodes     []node
	nameSlab  []string
	valueSlab []Value
	scratch   *jsonScratch
}

// jsonScratch is what parsers use in turn.
type jsonScratch struct {
	names  []string
	values []Value
}

var jsonScratches = sync.Pool{New: func() any { return &jsonScratch{} }}

// keptScratch is how many members a scratch in the pool may have had room for: 60 kB.
const keptScratch = 1024

// document parses a value, which nothing of the parser's outlives.
func (p *jsonParser) document() (Value, error) {
	p.scratch = jsonScratches.Get().(*jsonScratch)
	p.names, p.values = p.scratch.names[:0], p.scratch.values[:0]
	v, err := p.value(0)
	if cap(p.values) <= keptScratch && cap(p.names) <= keptScratch {
		p.pop(0, 0) // after an error some are left
		p.scratch.names, p.scratch.values = p.names, p.values
		jsonScratches.Put(p.scratch)
	}
	return v, err
}

// rootRoom is the room that filters find in an event's fields for members of their own.
const rootRoom = 8

// pop takes members off the stacks. They are cleared, so that the pool keeps nothing of a document alive.
func (p *jsonParser) pop(firstName, firstValue int) {
	clear(p.names[firstName:])
	clear(p.values[firstValue:])
	p.names, p.values = p.names[:firstName], p.values[:firstValue]
}

// closeNode takes the members from the given place on off the stacks and makes a node of them.
func (p *jsonParser) closeNode(firstName, firstValue int, root bool) *node {
	names, values := p.names[firstName:], p.values[firstValue:]
	var n *node
	if root {
		n = &node{values: append(make([]Value, 0, len(values)+rootRoom), values...)}
		if len(names) > 0 {
			n.names = append(make([]string, 0, len(names)+rootRoom), names...)
		}
	} else {
		n = p.newNode()
		n.names, p.nameSlab = carve(p.nameSlab, names, p.expected())
		n.values, p.valueSlab = carve(p.valueSlab, values, p.expected())
	}
	p.pop(firstName, firstValue)
	return n
}

// expected guesses how many members the rest of the text has: one in 16 bytes is usual.
func (p *jsonParser) expected() int { return (len(p.data)-p.pos)/16 + 4 }

func (p *jsonParser) newNode() *node {
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = make([]node, 0, min(max(p.expected()/6, 2), slabMembers/2))
	}
	p.nodes = p.nodes[:len(p.nodes)+1]
	return &p.nodes[len(p.nodes)-1]
}

// slabMembers bounds a slab: what is left of an event keeps all of its slabs alive.
const slabMembers = 128

// carve copies members to the end of a slab, or of a new one of about the expected size. The part has no room behind it,
// so that it is copied when it grows.
func carve[T any](slab, members []T, expected int) (part, rest []T) {
	if len(members) == 0 {
		return nil, slab
	}
	if cap(slab)-len(slab) < len(members) {
		slab = make([]T, 0, max(len(members), min(expected, slabMembers)))
	}
	start := len(slab)
	slab = append(slab, members...)
	return slab[start:len(slab):len(slab)], slab
}

func (p *jsonParser) fail(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrJSON, what, p.pos)
}

func (p *jsonParser) skipSpace() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *jsonParser) value(depth int) (Value, error) {
	p.skipSpace()
	if p.pos >= len(p.data) {
		return Value{}, p.fail("unexpected end")
	}
	if depth > maxJSONDepth {
		return Value{}, p.fail("nested too deep")
	}
	switch c := p.data[p.pos]; c {
	case '{':
		return p.object(depth)
	case '[':
		return p.array(depth)
	case '"':
		s, err := p.text()
		return StringOf(s), err
	case 't':
		return BoolOf(true), p.word("true")
	case 'f':
		return BoolOf(false), p.word("false")
	case 'n':
		return NullValue, p.word("null")
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return p.number()
		}
		return Value{}, p.fail(fmt.Sprintf("unexpected %q", c))
	}
}

func (p *jsonParser) word(w string) error {
	if len(p.data)-p.pos < len(w) || p.data[p.pos:p.pos+len(w)] != w {
		return p.fail("unexpected literal")
	}
	p.pos += len(w)
	return nil
}

func (p *jsonParser) object(depth int) (Value, error) {
	p.pos++
	firstName, firstValue := len(p.names), len(p.values)
	for first := true; ; first = false {
		p.skipSpace()
		if p.pos < len(p.data) && p.data[p.pos] == '}' && first {
			p.pos++
			return NewObject(), nil
		}
		if p.pos >= len(p.data) || p.data[p.pos] != '"' {
			return Value{}, p.fail("expected a member name")
		}
		name, err := p.text()
		if err != nil {
			return Value{}, err
		}
		if p.skipSpace(); p.pos >= len(p.data) || p.data[p.pos] != ':' {
			return Value{}, p.fail("expected : after a member name")
		}
		p.pos++
		p.names = append(p.names, name) // before the value's own members, whose names are off again when it is there
		v, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		p.values = append(p.values, v)
		more, err := p.comma('}')
		if err != nil {
			return Value{}, err
		}
		if !more {
			return p.closeObject(firstName, firstValue, depth == 0)
		}
	}
}

// closeObject makes the object. Of members with one name the last one's value counts, at the place of the first.
func (p *jsonParser) closeObject(firstName, firstValue int, root bool) (Value, error) {
	names := p.names[firstName:]
	if len(names) > scannedMembers || repeats(names) {
		obj := NewObject()
		for i, name := range names {
			if p.unique && obj.node.find(name) >= 0 {
				return Value{}, p.fail("the second member of one object called " + strconv.Quote(name))
			}
			obj.node.set(name, p.values[firstValue+i])
		}
		p.pop(firstName, firstValue)
		return obj, nil
	}
	return Value{kind: Object, node: p.closeNode(firstName, firstValue, root)}, nil
}

// repeats tells whether a short list holds a name twice.
func repeats(names []string) bool {
	for i, name := range names {
		for _, before := range names[:i] {
			if before == name {
				return true
			}
		}
	}
	return false
}

func (p *jsonParser) array(depth int) (Value, error) {
	p.pos++
	firstName, firstValue := len(p.names), len(p.values)
	for first := true; ; first = false {
		p.skipSpace()
		if p.pos < len(p.data) && p.data[p.pos] == ']' && first {
			p.pos++
			return ArrayOf(), nil
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		p.values = append(p.values, v)
		more, err := p.comma(']')
		if err != nil {
			return Value{}, err
		}
		if !more {
			return Value{kind: Array, node: p.closeNode(firstName, firstValue, depth == 0)}, nil
		}
	}
}

// comma reads what follows a member: a comma (true) or the closing bracket (false).
func (p *jsonParser) comma(end byte) (bool, error) {
	p.skipSpace()
	if p.pos >= len(p.data) {
		return false, p.fail("unexpected end")
	}
	switch p.data[p.pos] {
	case ',':
		p.pos++
		return true, nil
	case end:
		p.pos++
		return false, nil
	}
	return false, p.fail(fmt.Sprintf("expected , or %q", end))
}

func (p *jsonParser) number() (Value, error) {
	start := p.pos
	integer := true
	if p.data[p.pos] == '-' {
		p.pos++
	}
	switch n := p.digits(); {
	case n == 0:
		return Value{}, p.fail("expected a digit")
	case n > 1 && p.data[p.pos-n] == '0':
		return Value{}, p.fail("a number must not begin with 0")
	}
	if p.pos < len(p.data) && p.data[p.pos] == '.' {
		integer = false
		p.pos++
		if p.digits() == 0 {
			return Value{}, p.fail("expected a digit")
		}
	}
	if p.pos < len(p.data) && (p.data[p.pos] == 'e' || p.data[p.pos] == 'E') {
		integer = false
		p.pos++
		if p.pos < len(p.data) && (p.data[p.pos] == '+' || p.data[p.pos] == '-') {
			p.pos++
		}
		if p.digits() == 0 {
			return Value{}, p.fail("expected a digit")
		}
	}
	text := p.data[start:p.pos]
	if integer {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return IntOf(n), nil
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && math.IsInf(f, 0) {
		return Value{}, p.fail("number out of range")
	}
	v := FloatOf(f)
	if integer {
		v.str = text // a big integer: print it as it came
	}
	return v, nil
}

func (p *jsonParser) digits() int {
	start := p.pos
	for p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '9' {
		p.pos++
	}
	return p.pos - start
}

// text reads a string whose opening quote is at pos.
func (p *jsonParser) text() (string, error) {
	p.pos++
	start := p.pos
	p.pos += plainPrefix(p.data[p.pos:])
	if p.pos >= len(p.data) {
		return "", p.fail("a string is never closed")
	}
	if p.data[p.pos] != '"' {
		return p.slowText(start)
	}
	p.pos++
	return p.data[start : p.pos-1], nil
}

func (p *jsonParser) slowText(start int) (string, error) {
	buf := append(make([]byte, 0, p.pos-start+64), p.data[start:p.pos]...)
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			p.pos++
			return string(buf), nil
		case c == '\\':
			var err error
			if buf, err = p.escape(buf); err != nil {
				return "", err
			}
		case c < 0x20:
			return "", p.fail("a control character in a string")
		case c < utf8.RuneSelf:
			buf = append(buf, c)
			p.pos++
		default:
			r, n := utf8.DecodeRuneInString(p.data[p.pos:])
			buf = utf8.AppendRune(buf, r)
			p.pos += n
		}
	}
	return "", p.fail("a string is never closed")
}

func (p *jsonParser) escape(buf []byte) ([]byte, error) {
	if p.pos+1 >= len(p.data) {
		return nil, p.fail("a string is never closed")
	}
	c := p.data[p.pos+1]
	p.pos += 2
	switch c {
	case '"', '\\', '/':
		return append(buf, c), nil
	case 'b':
		return append(buf, '\b'), nil
	case 'f':
		return append(buf, '\f'), nil
	case 'n':
		return append(buf, '\n'), nil
	case 'r':
		return append(buf, '\r'), nil
	case 't':
		return append(buf, '\t'), nil
	case 'u':
		r, ok := p.hex4()
		if !ok {
			return nil, p.fail("a broken \\u escape")
		}
		if utf16.IsSurrogate(r) {
			r = p.lowSurrogate(r)
		}
		return utf8.AppendRune(buf, r), nil
	}
	return nil, p.fail("an unknown escape")
}

func (p *jsonParser) lowSurrogate(high rune) rune {
	if p.pos+1 < len(p.data) && p.data[p.pos] == '\\' && p.data[p.pos+1] == 'u' {
		mark := p.pos
		p.pos += 2
		if low, ok := p.hex4(); ok {
			if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
				return r
			}
		}
		p.pos = mark
	}
	return utf8.RuneError
}

func (p *jsonParser) hex4() (rune, bool) {
	if p.pos+4 > len(p.data) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.data[p.pos : p.pos+4]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	p.pos += 4
	return r, true
}
