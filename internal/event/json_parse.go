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
	empty  *shape // of an object
	// values are the members of the arrays and objects that are open, the innermost last.
	values []Value
	// nodes and slab have room for those that are closed.
	nodes   []node
	slab    []Value
	usual   sizes // of the document before
	taken   sizes // of this one so far
	scratch *jsonScratch
}

// sizes count a document's arrays and objects, and the members of those below its root.
type sizes struct{ nodes, members int }

// jsonScratch is what parsers use in turn. Documents that follow each other are mostly of one size.
type jsonScratch struct {
	values []Value
	sizes  sizes
}

var jsonScratches = sync.Pool{New: func() any { return &jsonScratch{} }}

// keptScratch is how many members a scratch in the pool may have had room for: 24 kB.
const keptScratch = 1024

// document parses a value, which nothing of the parser's outlives.
func (p *jsonParser) document() (Value, error) {
	p.scratch = jsonScratches.Get().(*jsonScratch)
	p.values, p.usual, p.empty = p.scratch.values[:0], p.scratch.sizes, noMembers()
	v, err := p.value(0)
	if cap(p.values) <= keptScratch {
		p.pop(0) // after an error some are left
		p.scratch.values, p.scratch.sizes = p.values, p.taken
		jsonScratches.Put(p.scratch)
	}
	return v, err
}

// rootRoom is the room that filters find in an event's fields for members of their own.
const rootRoom = 8

// pop takes members off the stack. They are cleared, so that the pool keeps nothing of a document alive.
func (p *jsonParser) pop(first int) {
	clear(p.values[first:])
	p.values = p.values[:first]
}

// closeNode takes the members from the given place on off the stack and makes a node of them.
func (p *jsonParser) closeNode(s *shape, first int, root bool) *node {
	members := p.values[first:]
	n := p.newNode()
	n.shape = s
	if root {
		n.values = append(make([]Value, 0, len(members)+rootRoom), members...)
	} else {
		n.values = p.carve(members)
	}
	p.pop(first)
	return n
}

func (p *jsonParser) newNode() *node {
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = make([]node, 0, min(max(p.usual.nodes-p.taken.nodes, 4), slabMembers))
	}
	p.taken.nodes++
	p.nodes = p.nodes[:len(p.nodes)+1]
	return &p.nodes[len(p.nodes)-1]
}

// slabMembers bounds a slab: what is left of an event keeps all of its slabs alive.
const slabMembers = 128

// carve copies members to the end of the slab, or of a new one of the size that is usual. The part has no room behind it,
// so that it is copied when it grows.
func (p *jsonParser) carve(members []Value) []Value {
	if len(members) == 0 {
		return nil
	}
	if cap(p.slab)-len(p.slab) < len(members) {
		p.slab = make([]Value, 0, max(len(members), min(p.usual.members-p.taken.members, slabMembers)))
	}
	p.taken.members += len(members)
	start := len(p.slab)
	p.slab = append(p.slab, members...)
	return p.slab[start:len(p.slab):len(p.slab)]
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
	shape, first := p.empty, len(p.values)
	for {
		p.skipSpace()
		if p.pos < len(p.data) && p.data[p.pos] == '}' && shape == p.empty {
			p.pos++
			return NewObject(), nil
		}
		next, again, err := p.name(shape)
		if err != nil {
			return Value{}, err
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		if again >= 0 {
			p.values[first+again] = v
		} else {
			p.values = append(p.values, v)
		}
		shape = next
		more, err := p.comma('}')
		if err != nil {
			return Value{}, err
		}
		if !more {
			return nodeOf(Object, p.closeNode(shape, first, depth == 0)), nil
		}
	}
}

// name reads a member's name and the colon, and returns the shape that the object has with it. Of members with one name the
// last one's value counts, at the place of the first, which again is then; else it is -1.
func (p *jsonParser) name(s *shape) (next *shape, again int, err error) {
	if next, n := s.next.Load().labelled(p.data[p.pos:]); next != nil {
		p.pos += n
		return next, -1, nil
	}
	if p.pos >= len(p.data) || p.data[p.pos] != '"' {
		return nil, 0, p.fail("expected a member name")
	}
	name, err := p.text()
	if err != nil {
		return nil, 0, err
	}
	if p.skipSpace(); p.pos >= len(p.data) || p.data[p.pos] != ':' {
		return nil, 0, p.fail("expected : after a member name")
	}
	p.pos++
	switch again := s.find(name); {
	case again < 0:
		return s.with(name), -1, nil
	case p.unique:
		return nil, 0, p.fail("the second member of one object called " + strconv.Quote(name))
	default:
		return s, again, nil
	}
}

func (p *jsonParser) array(depth int) (Value, error) {
	p.pos++
	start := len(p.values)
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
			return nodeOf(Array, p.closeNode(nil, start, depth == 0)), nil
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
	negative := p.data[p.pos] == '-'
	if negative {
		p.pos++
	}
	first := p.pos
	mantissa := p.digits(0)
	whole := p.pos - first
	switch {
	case whole == 0:
		return Value{}, p.fail("expected a digit")
	case whole > 1 && p.data[first] == '0':
		return Value{}, p.fail("a number must not begin with 0")
	}
	fraction := 0
	if p.pos < len(p.data) && p.data[p.pos] == '.' {
		p.pos++
		from := p.pos
		mantissa = p.digits(mantissa)
		if fraction = p.pos - from; fraction == 0 {
			return Value{}, p.fail("expected a digit")
		}
	}
	exponent, err := p.exponent()
	if err != nil {
		return Value{}, err
	}
	integer := fraction == 0 && !exponent
	switch {
	case exponent || whole+fraction > exactDigits:
		return p.longNumber(p.data[start:p.pos], integer)
	case integer && negative:
		return IntOf(-int64(mantissa)), nil
	case integer:
		return IntOf(int64(mantissa)), nil
	case negative:
		return FloatOf(-(float64(mantissa) / powersOf10[fraction])), nil
	}
	return FloatOf(float64(mantissa) / powersOf10[fraction]), nil
}

// exactDigits is how many digits a decimal may have so that, written as a whole number and a power of ten, both are
// float64s and their quotient, once rounded, is the one nearest to the decimal. No two decimals of as many digits have
// the same one.
const exactDigits = 15

var powersOf10 = [exactDigits + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// longNumber makes a number of a text that is one.
func (p *jsonParser) longNumber(text string, integer bool) (Value, error) {
	if integer {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return IntOf(n), nil
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && math.IsInf(f, 0) {
		return Value{}, p.fail("number out of range")
	}
	if integer {
		return literalOf(f, text), nil // a big one: print it as it came
	}
	return FloatOf(f), nil
}

// exponent passes over an exponent and says whether there is one.
func (p *jsonParser) exponent() (bool, error) {
	if p.pos >= len(p.data) || p.data[p.pos]|0x20 != 'e' {
		return false, nil
	}
	p.pos++
	if p.pos < len(p.data) && (p.data[p.pos] == '+' || p.data[p.pos] == '-') {
		p.pos++
	}
	from := p.pos
	if p.digits(0); p.pos == from {
		return true, p.fail("expected a digit")
	}
	return true, nil
}

// digits passes over digits and appends them to a whole number, whose value is of no use when there are too many.
func (p *jsonParser) digits(n uint64) uint64 {
	for p.pos < len(p.data) {
		d := p.data[p.pos] - '0'
		if d > 9 {
			break
		}
		n = n*10 + uint64(d)
		p.pos++
	}
	return n
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
