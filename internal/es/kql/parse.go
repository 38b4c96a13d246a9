package kql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
)

// maxNesting is how deep parentheses, braces and not may stand inside each
// other.
const maxNesting = 50

// Hint points at a form that was understood although it is not KQL.
type Hint struct {
	// Offset is where it begins, in bytes.
	Offset int
	Text   string
}

// Parse reads a query. Blank text is a nil Node, which matches everything.
func Parse(text string) (Node, []Hint, error) {
	if !utf8.ValidString(text) {
		return nil, nil, eserr.ParsingException(1, 1, "the query is not valid UTF-8")
	}
	p := &parser{text: text}
	if p.space(); p.pos == len(text) {
		return nil, nil, nil
	}
	n, err := p.or(0)
	if err != nil {
		return nil, nil, err
	}
	if p.pos < len(text) {
		return nil, nil, p.expected("and, or, end of input")
	}
	return n, p.hints, nil
}

type parser struct {
	text  string
	pos   int
	hints []Hint
}

// expected is the error for what stands at pos.
func (p *parser) expected(what string) error {
	found := "end of input"
	if p.pos < len(p.text) {
		r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
		found = strconv.QuoteRune(r)
	}
	return p.fail(p.pos, "Expected %s but %s found.", what, found)
}

// fail is an error at an offset. Columns count characters.
func (p *parser) fail(offset int, format string, args ...any) error {
	before := p.text[:offset]
	line := strings.Count(before, "\n") + 1
	col := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return eserr.ParsingException(line, col, "cannot read the query [%s] at line %d, column %d: %s", p.text, line, col, fmt.Sprintf(format, args...))
}

func (p *parser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// has consumes s and the space after it, if s stands next.
func (p *parser) has(s string) bool {
	if !strings.HasPrefix(p.text[p.pos:], s) {
		return false
	}
	p.pos += len(s)
	p.space()
	return true
}

// keyword consumes a word such as and, in any case, when it stands alone.
func (p *parser) keyword(word string) bool {
	if p.atKeyword(p.pos, word) == 0 {
		return false
	}
	p.pos += len(word)
	p.space()
	return true
}

// atKeyword returns the length of a keyword that stands alone at pos, else 0.
func (p *parser) atKeyword(pos int, word string) int {
	rest := p.text[pos:]
	if len(rest) <= len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return 0
	}
	if strings.IndexByte(" \t\r\n(", rest[len(word)]) < 0 {
		return 0
	}
	return len(word)
}

func (p *parser) or(depth int) (Node, error) {
	return p.list("or", p.and, func(m []Node) Node { return &Or{Members: m} }, depth)
}

func (p *parser) and(depth int) (Node, error) {
	return p.list("and", p.not, func(m []Node) Node { return &And{Members: m} }, depth)
}

// list reads members with a keyword between them.
func (p *parser) list(word string, member func(int) (Node, error), join func([]Node) Node, depth int) (Node, error) {
	var members []Node
	for {
		n, err := member(depth)
		if err != nil {
			return nil, err
		}
		members = append(members, n)
		if !p.keyword(word) {
			break
		}
	}
	if len(members) == 1 {
		return members[0], nil
	}
	return join(members), nil
}

func (p *parser) not(depth int) (Node, error) {
	if depth > maxNesting {
		return nil, p.fail(p.pos, "nested deeper than %d levels", maxNesting)
	}
	if p.keyword("not") {
		n, err := p.not(depth + 1)
		return &Not{Member: n}, err
	}
	if p.has("(") {
		n, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.has(")") {
			return nil, p.expected(`")"`)
		}
		return n, nil
	}
	return p.expression(depth)
}

// expression reads field: value, field > value, field: { … } or a value alone.
func (p *parser) expression(depth int) (Node, error) {
	start := p.pos
	first, ok, err := p.literal()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, p.expected(`"(", "{", field name, value`)
	}
	if op := p.operator(); op != "" {
		return p.comparison(first, op)
	}
	if !p.has(":") {
		return &Match{Any: true, Value: first}, nil
	}
	if p.has("{") {
		inner, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.has("}") {
			return nil, p.expected(`"}"`)
		}
		return &Nested{Path: first, Member: inner}, nil
	}
	if op := p.operator(); op != "" {
		p.hints = append(p.hints, Hint{
			Offset: start,
			Text:   fmt.Sprintf("%s:%s is Lucene syntax; in KQL it is written %s %s …", first.Text, op, first.Text, op),
		})
		return p.comparison(first, op)
	}
	return p.valueOr(first, depth)
}

// operator reads a comparison's sign, if one stands next.
func (p *parser) operator() string {
	for _, op := range []string{"<=", ">=", "<", ">"} {
		if p.has(op) {
			return op
		}
	}
	return ""
}

func (p *parser) comparison(field Literal, op string) (Node, error) {
	start := p.pos
	value, ok, err := p.literal()
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, p.expected("literal")
	case value.Pattern:
		return nil, p.fail(start, "a wildcard cannot be compared with %s", op)
	}
	return &Compare{Field: field, Op: op, Value: value}, nil
}

// valueOr reads what stands after field: a value, or values in parentheses
// with and, or and not between them.
func (p *parser) valueOr(field Literal, depth int) (Node, error) {
	if depth > maxNesting {
		return nil, p.fail(p.pos, "nested deeper than %d levels", maxNesting)
	}
	if p.has("(") {
		n, err := p.values(field, depth+1)
		if err != nil {
			return nil, err
		}
		if !p.has(")") {
			return nil, p.expected(`")"`)
		}
		return n, nil
	}
	value, ok, err := p.literal()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, p.expected(`"(", "{", value`)
	}
	return &Match{Field: field, Value: value}, nil
}

func (p *parser) values(field Literal, depth int) (Node, error) {
	var notValue func(depth int) (Node, error)
	notValue = func(depth int) (Node, error) {
		if p.keyword("not") {
			if depth > maxNesting {
				return nil, p.fail(p.pos, "nested deeper than %d levels", maxNesting)
			}
			n, err := notValue(depth + 1)
			return &Not{Member: n}, err
		}
		return p.valueOr(field, depth)
	}
	and := func(depth int) (Node, error) {
		return p.list("and", notValue, func(m []Node) Node { return &And{Members: m} }, depth)
	}
	return p.list("or", and, func(m []Node) Node { return &Or{Members: m} }, depth)
}

// literal reads a phrase in quotes or words up to the next operator; ok is
// false when there is neither.
func (p *parser) literal() (l Literal, ok bool, err error) {
	if p.pos < len(p.text) && p.text[p.pos] == '"' {
		l, err = p.quoted()
		return l, true, err
	}
	var plain, pattern strings.Builder
	end := p.pos // after the last character that is not space
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if strings.IndexByte(`():<>"{}`, c) >= 0 || p.keywordHere() {
			break
		}
		switch {
		case c == '\\':
			s, err := p.escaped()
			if err != nil {
				return l, false, err
			}
			if s == "*" || s == `\` {
				pattern.WriteByte('\\')
			}
			plain.WriteString(s)
			pattern.WriteString(s)
			end = p.pos
			continue
		case c == '*':
			l.Pattern = true
		}
		plain.WriteByte(c)
		pattern.WriteByte(c)
		p.pos++
		if strings.IndexByte(" \t\r\n", c) < 0 {
			end = p.pos
		}
	}
	trimmed := p.pos - end // the spaces that were written after the last word
	l.Text = plain.String()
	if l.Pattern {
		l.Text = pattern.String()
	}
	l.Text = l.Text[:len(l.Text)-trimmed]
	return l, l.Text != "", nil
}

// keywordHere reports whether a keyword stands at pos, after white space or at
// the beginning of a literal's word.
func (p *parser) keywordHere() bool {
	if p.pos > 0 && strings.IndexByte(" \t\r\n", p.text[p.pos-1]) < 0 {
		return false
	}
	return p.atKeyword(p.pos, "and") > 0 || p.atKeyword(p.pos, "or") > 0 || p.atKeyword(p.pos, "not") > 0
}

// escaped reads a backslash and what it stands for outside quotes: a keyword,
// a control character, or the character after it.
func (p *parser) escaped() (string, error) {
	p.pos++
	if p.pos == len(p.text) {
		return "", p.fail(p.pos-1, "a backslash with nothing after it")
	}
	for _, word := range []string{"and", "or", "not"} {
		if len(p.text)-p.pos >= len(word) && strings.EqualFold(p.text[p.pos:p.pos+len(word)], word) {
			p.pos += len(word)
			return p.text[p.pos-len(word) : p.pos], nil
		}
	}
	if s, ok := p.control(); ok {
		return s, nil
	}
	_, size := utf8.DecodeRuneInString(p.text[p.pos:])
	p.pos += size
	return p.text[p.pos-size : p.pos], nil
}

// control reads n, r, t or uXXXX after a backslash, if one stands there.
func (p *parser) control() (string, bool) {
	rest := p.text[p.pos:]
	switch {
	case strings.HasPrefix(rest, "n"):
		p.pos++
		return "\n", true
	case strings.HasPrefix(rest, "r"):
		p.pos++
		return "\r", true
	case strings.HasPrefix(rest, "t"):
		p.pos++
		return "\t", true
	case strings.HasPrefix(rest, "u") && len(rest) >= 5:
		if v, err := strconv.ParseUint(rest[1:5], 16, 16); err == nil {
			p.pos += 5
			return string(rune(v)), true
		}
	}
	return "", false
}

func (p *parser) quoted() (Literal, error) {
	start := p.pos
	p.pos++
	var b strings.Builder
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; c {
		case '"':
			p.pos++
			p.space()
			return Literal{Text: b.String(), Quoted: true}, nil
		case '\\':
			p.pos++
			s, ok := p.control()
			switch {
			case ok:
				b.WriteString(s)
			case p.has1('"'), p.has1('\\'):
				b.WriteByte(p.text[p.pos-1])
			default: // any other backslash is itself: "C:\dir"
				b.WriteByte('\\')
			}
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
	return Literal{}, p.fail(start, "a quote that is not closed")
}

// has1 consumes c if it stands next.
func (p *parser) has1(c byte) bool {
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}
