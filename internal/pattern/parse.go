package pattern

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on an expression, so that hostile configuration cannot exhaust memory or the stack. The largest expression met
// in practice, COMBINEDAPACHELOG spelled out, has 9,000 bytes and is nested 20 deep.
const (
	maxSourceBytes = 256 << 10
	maxNesting     = 200
	maxRepeatSigns = 10      // in a row, as in a{2}{3}; together with nesting they bound the tree's depth
	maxRepeatCount = 100_000 // Oniguruma's own
	maxGroups      = 10_000
	maxRanges      = 500_000 // of characters in all classes: 4 MB; [[:alpha:]] has 700
)

// SyntaxError is a fault in a regular expression.
type SyntaxError struct {
	Source string
	Offset int // byte of Source
	Reason string
}

func (e *SyntaxError) Error() string {
	source := e.Source
	if len(source) > 200 {
		source = source[:200] + "..."
	}
	return fmt.Sprintf("regular expression %q: at byte %d: %s", source, e.Offset, e.Reason)
}

// Flags are the options behind the closing slash of a Ruby regular expression.
type Flags uint8

const (
	IgnoreCase  Flags = 1 << iota // i
	DotAll                        // m: the dot matches a newline too
	Extended                      // x: blanks and comments are not part of the expression
	unicodeSets                   // u: \w, \d and \s are Unicode
	asciiSets                     // a: POSIX classes are ASCII
)

type parser struct {
	source string
	pos    int
	depth  int
	flags  Flags
	// named tells that some group has a name: then plain parentheses do not capture, as in Ruby.
	named bool
	names []string // by group number; "" for a plain group
	nodes []*node  // capture nodes by group number
	refs  []*node  // back-references and calls, resolved at the end
	// around are the capturing groups that are open.
	around []int
	// ranges counts those of all classes so far.
	ranges int
}

// syntaxFault travels by panic from the depth of the parser to parse, the only place that recovers it.
type syntaxFault struct{ err *SyntaxError }

func (p *parser) fail(at int, format string, args ...any) {
	panic(syntaxFault{&SyntaxError{Source: p.source, Offset: at, Reason: fmt.Sprintf(format, args...)}})
}

// parse reads an expression in Oniguruma's Ruby syntax.
func parse(source string, flags Flags) (root *node, p *parser, err error) {
	p = &parser{source: source, flags: flags, names: []string{""}, nodes: []*node{nil}}
	if len(source) > maxSourceBytes {
		return nil, nil, &SyntaxError{Source: source, Reason: fmt.Sprintf("longer than %d bytes", maxSourceBytes)}
	}
	defer func() {
		if fault, ok := recover().(syntaxFault); ok {
			root, err = nil, fault.err
		}
	}()
	p.named = hasNamedGroup(source)
	root = p.choice()
	if p.pos < len(p.source) {
		p.fail(p.pos, "unmatched )")
	}
	p.nodes[0] = &node{kind: nodeAtomic, subs: []*node{root}}
	p.resolve()
	return root, p, nil
}

// hasNamedGroup looks ahead for (?<name> or (?'name', which change what a plain parenthesis means.
func hasNamedGroup(source string) bool {
	inClass := 0
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case '\\':
			i++
		case '[':
			inClass++
		case ']':
			inClass = max(0, inClass-1)
		case '(':
			rest := source[i:]
			if inClass == 0 && len(rest) > 3 && (strings.HasPrefix(rest, "(?<") && rest[3] != '=' && rest[3] != '!' ||
				strings.HasPrefix(rest, "(?'")) {
				return true
			}
		}
	}
	return false
}

func (p *parser) more() bool { return p.pos < len(p.source) }

func (p *parser) peek() byte { return p.source[p.pos] }

func (p *parser) accept(text string) bool {
	if strings.HasPrefix(p.source[p.pos:], text) {
		p.pos += len(text)
		return true
	}
	return false
}

// choice reads alternatives up to a closing parenthesis or the end. Options set inside end with it.
func (p *parser) choice() *node {
	if p.depth++; p.depth > maxNesting {
		p.fail(p.pos, "groups are nested more than %d deep", maxNesting)
	}
	saved := p.flags
	subs := []*node{p.sequence()}
	for p.accept("|") {
		subs = append(subs, p.sequence())
	}
	p.flags = saved
	p.depth--
	if len(subs) == 1 {
		return subs[0]
	}
	return &node{kind: nodeChoice, subs: subs}
}

func (p *parser) sequence() *node {
	var parts []*node
	for p.more() && p.peek() != '|' && p.peek() != ')' {
		if p.flags&Extended != 0 && p.skipExtended() {
			continue
		}
		start := p.pos
		atom := p.atom()
		if atom == nil {
			continue
		}
		parts = append(parts, p.repeats(atom, start))
	}
	return concat(parts)
}

func (p *parser) skipExtended() bool {
	switch p.peek() {
	case ' ', '\t', '\n', '\r', '\f', '\v':
		p.pos++
		return true
	case '#':
		end := strings.IndexByte(p.source[p.pos:], '\n')
		if end < 0 {
			end = len(p.source) - p.pos - 1
		}
		p.pos += end + 1
		return true
	}
	return false
}

// atom reads what a repeat can follow; nil for what stands for nothing (options, comments).
func (p *parser) atom() *node {
	start := p.pos
	switch c := p.peek(); c {
	case '(':
		return p.group()
	case '[':
		return p.setNode(p.bracket())
	case '.':
		p.pos++
		if p.flags&DotAll != 0 {
			return &node{kind: nodeSet, set: anySet}
		}
		return &node{kind: nodeSet, set: notNewline}
	case '^':
		p.pos++
		return &node{kind: nodeAssert, assert: lineStart}
	case '$':
		p.pos++
		return &node{kind: nodeAssert, assert: lineEnd}
	case '*', '+', '?', '{':
		if _, _, _, ok := p.repeatSign(); ok {
			p.fail(start, "%s has nothing to repeat", p.source[start:p.pos])
		}
	case '\\':
		return p.escape()
	}
	r, size := utf8.DecodeRuneInString(p.source[p.pos:])
	p.pos += size
	return p.char(r, p.source[start:p.pos])
}

// char makes the node of one literal character; text is its bytes, which differ from r when they are not UTF-8.
func (p *parser) char(r rune, text string) *node {
	if p.flags&IgnoreCase != 0 && unicode.SimpleFold(r) != r {
		return &node{kind: nodeSet, set: newSet(runeRange{r, r}).fold()}
	}
	return &node{kind: nodeLiteral, text: text}
}

func (p *parser) setNode(s *set) *node {
	if p.flags&IgnoreCase != 0 {
		s = s.fold()
	}
	if p.ranges += len(s.ranges); p.ranges > maxRanges {
		p.fail(p.pos, "character classes have more than %d ranges", maxRanges)
	}
	return &node{kind: nodeSet, set: s}
}

// repeats reads the repeat signs after an atom; several in a row repeat each other.
func (p *parser) repeats(atom *node, start int) *node {
	for times := 0; p.more(); times++ {
		for p.more() && (p.flags&Extended != 0 && p.skipExtended() || p.skipComment()) {
		}
		if !p.more() {
			break
		}
		lo, hi, interval, ok := p.repeatSign()
		if !ok {
			break
		}
		if times == maxRepeatSigns {
			p.fail(start, "more than %d repeats in a row", maxRepeatSigns)
		}
		mode := greedy
		switch {
		case interval && lo == hi && p.accept("?"): // Ruby: x{n}? is (?:x{n})?
			atom = &node{kind: nodeRepeat, subs: []*node{atom}, min: lo, max: hi}
			lo, hi = 0, 1
		case p.accept("?"):
			mode = lazy
		case !interval && p.accept("+"): // Ruby: x{n,m}+ repeats the interval, only *+ ++ ?+ are possessive
			mode = possessive
		}
		atom = &node{kind: nodeRepeat, subs: []*node{atom}, min: lo, max: hi, mode: mode}
	}
	return atom
}

func (p *parser) repeatSign() (lo, hi int, interval, ok bool) {
	switch p.peek() {
	case '*':
		p.pos++
		return 0, unlimited, false, true
	case '+':
		p.pos++
		return 1, unlimited, false, true
	case '?':
		p.pos++
		return 0, 1, false, true
	case '{':
		end := strings.IndexByte(p.source[p.pos:], '}')
		if end < 0 {
			return 0, 0, false, false
		}
		first, second, comma := strings.Cut(p.source[p.pos+1:p.pos+end], ",")
		lo, okLo := p.count(first, 0)
		hi, okHi := p.count(second, unlimited)
		if !okLo || !okHi || first == "" && second == "" {
			return 0, 0, false, false // {text} is plain text
		}
		if !comma {
			hi = lo
		}
		if hi != unlimited && lo > hi {
			p.fail(p.pos, "repeat range {%s,%s} is out of order", first, second)
		}
		p.pos += end + 1
		return lo, hi, true, true
	}
	return 0, 0, false, false
}

func (p *parser) count(text string, empty int) (int, bool) {
	if text == "" {
		return empty, true
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n > maxRepeatCount {
		p.fail(p.pos, "repeat count %s is above %d", text, maxRepeatCount)
	}
	return n, true
}

// group reads what begins with a parenthesis.
func (p *parser) group() *node {
	start := p.pos
	p.pos++
	if !p.accept("?") {
		if p.named {
			return p.close(p.choice(), start)
		}
		return p.capture("", start)
	}
	if p.pos = start; p.skipComment() {
		return nil
	}
	p.pos += len("(?")
	switch {
	case p.accept(":"):
		return p.close(p.choice(), start)
	case p.accept(">"):
		return &node{kind: nodeAtomic, subs: []*node{p.close(p.choice(), start)}}
	case p.accept("="):
		return &node{kind: nodeLook, subs: []*node{p.close(p.choice(), start)}}
	case p.accept("!"):
		return &node{kind: nodeLook, negative: true, subs: []*node{p.close(p.choice(), start)}}
	case p.accept("<="):
		return p.lookBehind(start, false)
	case p.accept("<!"):
		return p.lookBehind(start, true)
	case p.accept("<"):
		return p.capture(p.name(start, '>'), start)
	case p.accept("'"):
		return p.capture(p.name(start, '\''), start)
	case p.accept("~"):
		return &node{kind: nodeAbsent, subs: []*node{p.close(p.choice(), start)}}
	case p.accept("("):
		return p.conditional(start)
	}
	return p.options(start)
}

// skipComment passes over (?#...).
func (p *parser) skipComment() bool {
	start := p.pos
	if !p.accept("(?#") {
		return false
	}
	for ; p.more() && p.peek() != ')'; p.pos++ {
		if p.peek() == '\\' {
			p.pos++
		}
	}
	if !p.accept(")") {
		p.fail(start, "comment is not closed")
	}
	return true
}

// conditional reads (?(1)yes|no), (?(<name>)yes|no) and the same without no, from behind the second parenthesis.
func (p *parser) conditional(start int) *node {
	end := strings.IndexByte(p.source[p.pos:], ')')
	if end <= 0 {
		p.fail(start, "conditional (?( wants a group")
	}
	name := p.source[p.pos : p.pos+end]
	quoted := len(name) > 2 && (name[0] == '<' && name[len(name)-1] == '>' || name[0] == '\'' && name[len(name)-1] == '\'')
	if quoted {
		name = name[1 : len(name)-1]
	}
	if _, err := strconv.ParseUint(name, 10, 32); !quoted && err != nil {
		p.fail(start, "conditional (?(%s): only the number or <name> of a group can be asked for", name)
	} else if err == nil && p.named {
		p.fail(start, "a numbered conditional cannot be used beside named groups")
	}
	p.pos += end + 1
	if p.depth++; p.depth > maxNesting {
		p.fail(p.pos, "groups are nested more than %d deep", maxNesting)
	}
	saved := p.flags
	n := &node{kind: nodeCondition, text: name, min: start, subs: []*node{p.sequence(), {kind: nodeEmpty}}}
	if p.accept("|") {
		n.subs[1] = p.sequence()
	}
	if p.more() && p.peek() == '|' {
		p.fail(p.pos, "a conditional has two alternatives at most")
	}
	p.flags = saved
	p.depth--
	return p.close(p.addReference(n), start)
}

func (p *parser) close(inner *node, start int) *node {
	if !p.accept(")") {
		p.fail(start, "( is not closed")
	}
	return inner
}

func (p *parser) capture(name string, start int) *node {
	if len(p.names) > maxGroups {
		p.fail(start, "more than %d groups", maxGroups)
	}
	n := &node{kind: nodeCapture, group: len(p.names), text: name}
	p.names = append(p.names, name)
	p.nodes = append(p.nodes, n)
	p.around = append(p.around, n.group)
	n.subs = []*node{p.close(p.choice(), start)}
	p.around = p.around[:len(p.around)-1]
	return n
}

func (p *parser) name(start int, end byte) string {
	i := strings.IndexByte(p.source[p.pos:], end)
	if i <= 0 {
		p.fail(start, "group name is empty or not closed")
	}
	name := p.source[p.pos : p.pos+i]
	if '0' <= name[0] && name[0] <= '9' || strings.ContainsRune(name, ')') {
		p.fail(start, "group name %q is not valid", name)
	}
	p.pos += i + 1
	return name
}

// lookBehind splits alternatives of different length, each of which must have a fixed one: Oniguruma's rule.
func (p *parser) lookBehind(start int, negative bool) *node {
	inner := p.close(p.choice(), start)
	subs := []*node{inner}
	if inner.kind == nodeChoice {
		subs = inner.subs
	}
	looks := make([]*node, len(subs))
	for i, sub := range subs {
		n, ok := sub.fixedChars()
		if !ok {
			p.fail(start, "look-behind needs text of a fixed length")
		}
		looks[i] = &node{kind: nodeLook, behind: true, negative: negative, min: n, subs: []*node{sub}}
	}
	switch {
	case len(looks) == 1:
		return looks[0]
	case negative: // none of them may stand before
		return concat(looks)
	}
	return &node{kind: nodeChoice, subs: looks}
}

// options reads (?imx-imx) and (?imx-imx:...). The first form holds to the end of the enclosing group, alternatives
// included: a(?i)b|c is a(?i:b|c).
func (p *parser) options(start int) *node {
	flags, off := p.flags, false
	for ; p.more(); p.pos++ {
		var flag Flags
		switch p.peek() {
		case '-':
			off = true
			continue
		case 'i':
			flag = IgnoreCase
		case 'm':
			flag = DotAll
		case 'x':
			flag = Extended
		case 'u', 'a', 'd':
			flags &^= unicodeSets | asciiSets
			flags |= map[byte]Flags{'u': unicodeSets, 'a': asciiSets}[p.peek()]
			continue
		case ':', ')':
			saved := p.flags
			p.flags = flags
			if p.accept(":") {
				inner := p.close(p.choice(), start)
				p.flags = saved
				return inner
			}
			p.pos++
			inner := p.choice()
			p.flags = saved
			return &node{kind: nodeConcat, subs: []*node{inner}}
		default:
			p.fail(p.pos, "group option (?%c is not supported", p.peek())
		}
		if off {
			flags &^= flag
		} else {
			flags |= flag
		}
	}
	p.fail(start, "( is not closed")
	return nil
}
