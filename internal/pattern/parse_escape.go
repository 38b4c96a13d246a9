package pattern

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var asserts = map[byte]assertKind{'A': textStart, 'z': textEnd, 'Z': textEndNewline, 'b': wordBoundary,
	'B': notWordBoundary, 'G': searchStart}

// escape reads what begins with a backslash outside a bracket.
func (p *parser) escape() *node {
	start := p.pos
	p.pos++
	if !p.more() {
		p.fail(start, "the expression ends in a backslash")
	}
	c := p.peek()
	if kind, ok := asserts[c]; ok {
		p.pos++
		if p.flags&asciiSets != 0 {
			switch kind {
			case wordBoundary:
				kind = asciiBoundary
			case notWordBoundary:
				kind = notASCIIBoundary
			}
		}
		return &node{kind: nodeAssert, assert: kind}
	}
	if s := p.classEscape(); s != nil {
		return p.setNode(s)
	}
	switch {
	case c == 'K':
		p.pos++
		return &node{kind: nodeKeep}
	case c == 'R':
		p.pos++
		return lineBreak()
	case c == 'X':
		p.fail(start, `\X is not supported`)
	case c == 'k' || c == 'g':
		return p.reference(start, c)
	case '1' <= c && c <= '9':
		if ref := p.numberedReference(start); ref != nil {
			return ref
		}
	}
	r, raw := p.charEscape(start)
	if raw {
		return &node{kind: nodeLiteral, text: string([]byte{byte(r)})}
	}
	return p.char(r, string(r))
}

// lineBreak is \R: any line break, CR LF as one.
func lineBreak() *node {
	single := newSet(runeRange{'\n', '\r'}, runeRange{0x85, 0x85}, runeRange{0x2028, 0x2029})
	return &node{kind: nodeAtomic, subs: []*node{{kind: nodeChoice, subs: []*node{
		{kind: nodeLiteral, text: "\r\n"}, {kind: nodeSet, set: single},
	}}}}
}

// classEscape reads \d, \p{...} and their like; nil when the escape is none of them.
func (p *parser) classEscape() *set {
	c := p.peek()
	var s *set
	switch c | 0x20 {
	case 'd':
		s = p.byOption(digitASCII, digitUnicode)
	case 'w':
		s = p.byOption(wordASCII, wordUnicode)
	case 's':
		s = p.byOption(spaceASCII, spaceUnicode)
	case 'h':
		s = hexASCII
	case 'p':
		return p.property()
	default:
		return nil
	}
	p.pos++
	if 'A' <= c && c <= 'Z' {
		return s.negate()
	}
	return s
}

func (p *parser) byOption(ascii, full *set) *set {
	if p.flags&unicodeSets != 0 {
		return full
	}
	return ascii
}

// property reads p{Name}, p{^Name} and P{Name}.
func (p *parser) property() *set {
	start := p.pos
	negative := p.peek() == 'P'
	p.pos++
	end := strings.IndexByte(p.source[p.pos:], '}')
	if !p.accept("{") || end < 0 {
		p.fail(start, `\p wants a name in braces`)
	}
	name := p.source[p.pos : p.pos+end-1]
	p.pos += end
	if rest, ok := strings.CutPrefix(name, "^"); ok {
		name, negative = rest, !negative
	}
	s := namedSet(name)
	if s == nil {
		p.fail(start, "character property %q is not known", name)
	}
	if negative {
		s = s.negate()
	}
	return s
}

// charEscape reads an escape that stands for one character, the position being after the backslash. raw tells that the
// value is a single byte beyond ASCII rather than a character.
func (p *parser) charEscape(start int) (r rune, raw bool) {
	c := p.peek()
	switch c {
	case 't':
		p.pos++
		return '\t', false
	case 'n':
		p.pos++
		return '\n', false
	case 'r':
		p.pos++
		return '\r', false
	case 'f':
		p.pos++
		return '\f', false
	case 'v':
		p.pos++
		return '\v', false
	case 'a':
		p.pos++
		return '\a', false
	case 'e':
		p.pos++
		return 0x1b, false
	case 'x':
		p.pos++
		if p.accept("{") {
			return p.codePoint(start), false
		}
		n := p.digits(16, 2)
		return n, n > unicode.MaxASCII
	case 'u':
		p.pos++
		if p.accept("{") {
			return p.codePoint(start), false
		}
		at := p.pos
		n := p.digits(16, 4)
		if p.pos-at != 4 {
			p.fail(start, `\u wants four hexadecimal digits`)
		}
		return n, false
	case 'c', 'C':
		return p.control(start), false
	case 'M':
		p.fail(start, `\M- is not supported`)
	}
	if '0' <= c && c <= '7' {
		n := p.digits(8, 3)
		return n & 0xff, n&0xff > unicode.MaxASCII
	}
	r, size := utf8.DecodeRuneInString(p.source[p.pos:])
	p.pos += size
	return r, false
}

// digits reads up to limit digits of a base.
func (p *parser) digits(base, limit int) rune {
	end := p.pos
	for end < len(p.source) && end-p.pos < limit {
		if _, err := strconv.ParseUint(p.source[end:end+1], base, 8); err != nil {
			break
		}
		end++
	}
	if end == p.pos {
		return 0 // \x with no digit is the character 0, as in Oniguruma
	}
	n, err := strconv.ParseUint(p.source[p.pos:end], base, 32)
	if err != nil {
		p.fail(p.pos, "number is not valid: %v", err)
	}
	p.pos = end
	return rune(n)
}

func (p *parser) codePoint(start int) rune {
	end := strings.IndexByte(p.source[p.pos:], '}')
	if end < 0 {
		p.fail(start, "brace is not closed")
	}
	n, err := strconv.ParseUint(p.source[p.pos:p.pos+end], 16, 32)
	if err != nil || n > unicode.MaxRune {
		p.fail(start, "%q is not a code point", p.source[p.pos:p.pos+end])
	}
	p.pos += end + 1
	return rune(n)
}

func (p *parser) control(start int) rune {
	if p.accept("C") && !p.accept("-") {
		p.fail(start, `\C wants -`)
	}
	if p.pos == start+1 {
		p.pos++ // c
	}
	if !p.more() {
		p.fail(start, "control character is cut short")
	}
	c := p.peek()
	p.pos++
	if c == '?' {
		return 0x7f
	}
	return rune(c & 0x1f)
}

// reference reads \k<name>, \k'name' and \g<name>.
func (p *parser) reference(start int, letter byte) *node {
	p.pos++
	var end byte
	switch {
	case p.accept("<"):
		end = '>'
	case p.accept("'"):
		end = '\''
	default:
		p.fail(start, `\%c wants a group in <>`, letter)
	}
	i := strings.IndexByte(p.source[p.pos:], end)
	if i <= 0 {
		p.fail(start, "group name is empty or not closed")
	}
	name := p.source[p.pos : p.pos+i]
	p.pos += i + 1
	kind := nodeBackref
	if letter == 'g' {
		kind = nodeCall
	}
	return p.addReference(&node{kind: kind, text: name, min: start})
}

// numberedReference reads \1; nil when no such group can be meant, and the digits are an octal number.
func (p *parser) numberedReference(start int) *node {
	end := p.pos
	for end < len(p.source) && '0' <= p.source[end] && p.source[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(p.source[p.pos:end])
	if err != nil || n > 9 && n >= len(p.names) {
		return nil
	}
	if p.named {
		p.fail(start, "a numbered back-reference cannot be used beside named groups; give the group a name and write \\k<name>")
	}
	text := p.source[p.pos:end]
	p.pos = end
	return p.addReference(&node{kind: nodeBackref, text: text, min: start})
}

// addReference remembers how many groups were open or closed before it, from which relative numbers count.
func (p *parser) addReference(ref *node) *node {
	ref.group = len(p.names) - 1
	ref.around = slices.Clone(p.around)
	ref.fold = p.flags&IgnoreCase != 0
	p.refs = append(p.refs, ref)
	return ref
}

// bracket reads a character class: [...], with classes inside classes, && and POSIX names.
func (p *parser) bracket() *set {
	start := p.pos
	if p.depth++; p.depth > maxNesting {
		p.fail(start, "classes are nested more than %d deep", maxNesting)
	}
	defer func() { p.depth-- }()
	p.pos++
	negative := p.accept("^")
	var result *set // what stands before &&
	members := &set{}
	for first := true; ; first = false {
		if !p.more() {
			p.fail(start, "[ is not closed")
		}
		switch {
		case p.peek() == ']' && !(first && strings.Contains(p.source[p.pos+1:], "]")):
			p.pos++
			return p.endBracket(result, members, negative)
		case p.accept("&&"):
			result = intersected(result, members.finish())
			members = &set{}
		case p.peek() == '[':
			if s := p.posix(); s != nil {
				members = members.union(s)
				continue
			}
			members = members.union(p.bracket())
		default:
			members.ranges = append(members.ranges, p.members(start)...)
		}
	}
}

func intersected(result, members *set) *set {
	if result == nil {
		return members
	}
	return result.intersect(members)
}

func (p *parser) endBracket(result, members *set, negative bool) *set {
	s := intersected(result, members.finish())
	if p.flags&IgnoreCase != 0 {
		s = s.fold() // before the negation: [^a] without case excludes A too
	}
	if negative {
		s = s.negate()
	}
	return s
}

// posix reads [:name:] and [:^name:]; nil when the bracket is an ordinary one.
func (p *parser) posix() *set {
	rest := p.source[p.pos:]
	if !strings.HasPrefix(rest, "[:") {
		return nil
	}
	end := strings.Index(rest, ":]")
	if end < 0 {
		return nil
	}
	name, negative := strings.CutPrefix(rest[2:end], "^")
	for _, known := range posixNames {
		if name == known {
			p.pos += end + 2
			s := namedSet(name)
			if p.flags&asciiSets != 0 {
				s = s.intersect(newSet(runeRange{0, unicode.MaxASCII}))
			}
			if negative {
				s = s.negate()
			}
			return s
		}
	}
	if len(name) <= maxPosixName && !strings.ContainsAny(name, ":]") {
		p.fail(p.pos, "[:%s:] is no class of characters", name)
	}
	return nil
}

// maxPosixName is how far Oniguruma looks for the :] that makes a bracket a mistaken class.
const maxPosixName = 20

// members reads one character, escape or range of a class.
func (p *parser) members(start int) []runeRange {
	lo, s := p.member(start)
	if s != nil {
		return s.ranges
	}
	rest := p.source[p.pos:]
	if len(rest) < 2 || rest[0] != '-' || rest[1] == ']' {
		return []runeRange{{lo, lo}}
	}
	mark := p.pos
	p.pos++
	if p.peek() == '[' || strings.HasPrefix(p.source[p.pos:], "&&") {
		p.pos = mark
		return []runeRange{{lo, lo}}
	}
	hi, s := p.member(start)
	if s != nil { // [a-\d]: the hyphen is itself
		return append([]runeRange{{lo, lo}, {'-', '-'}}, s.ranges...)
	}
	if hi < lo {
		p.fail(mark, "range %q-%q is out of order", lo, hi)
	}
	return []runeRange{{lo, hi}}
}

// member reads one character, or a class escape as a set.
func (p *parser) member(start int) (rune, *set) {
	if p.peek() != '\\' {
		r, size := utf8.DecodeRuneInString(p.source[p.pos:])
		p.pos += size
		return r, nil
	}
	at := p.pos
	p.pos++
	if !p.more() {
		p.fail(start, "[ is not closed")
	}
	if p.peek() == 'b' {
		p.pos++
		return '\b', nil
	}
	if s := p.classEscape(); s != nil {
		return 0, s
	}
	r, raw := p.charEscape(at)
	if raw {
		p.fail(at, "a byte beyond ASCII cannot stand in a class; write the character")
	}
	return r, nil
}
