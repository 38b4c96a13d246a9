package lucene

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
)

// maxNesting is how deep parentheses may stand inside each other.
const maxNesting = 50

// Parse reads a query. defaultAnd makes clauses without an operator between
// them wanted rather than optional. A text without any clause is a nil Node.
func Parse(text string, defaultAnd bool) (Node, error) {
	p := &parser{text: text, defaultAnd: defaultAnd}
	g, err := p.group(0)
	if err != nil {
		return nil, err
	}
	if p.pos < len(text) {
		return nil, p.fail("unexpected %q", p.rune())
	}
	if len(g.Clauses) == 0 {
		return nil, nil
	}
	return g, nil
}

type parser struct {
	text       string
	pos        int
	defaultAnd bool
}

// fail is the error that Elasticsearch gives for a query string, with the
// place as cause. Columns count characters.
func (p *parser) fail(format string, args ...any) error {
	return p.failAt(p.pos, format, args...)
}

func (p *parser) failAt(pos int, format string, args ...any) error {
	before := p.text[:pos]
	line := strings.Count(before, "\n") + 1
	col := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	why := fmt.Sprintf(format, args...)
	return eserr.QueryShard("Failed to parse query [%s]", p.text).Because(
		eserr.ParseException("Cannot parse '%s': %s at line %d, column %d", p.text, why, line, col).
			With("line", line).With("col", col))
}

func (p *parser) rune() rune {
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return r
}

func (p *parser) space() {
	for p.pos < len(p.text) && isSpace(p.text[p.pos:]) > 0 {
		p.pos += isSpace(p.text[p.pos:])
	}
}

// isSpace returns the length of the white space that s begins with; the
// ideographic space is the only one of several bytes.
func isSpace(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == ' ' || s[0] == '\t' || s[0] == '\n' || s[0] == '\r':
		return 1
	case strings.HasPrefix(s, "\u3000"):
		return len("\u3000")
	}
	return 0
}

// has consumes s if it stands next.
func (p *parser) has(s string) bool {
	if !strings.HasPrefix(p.text[p.pos:], s) {
		return false
	}
	p.pos += len(s)
	return true
}

// hasBehind consumes s if it stands next, behind white space or not: a field's
// name and its colon, a word and its ~ or ^ may stand apart.
func (p *parser) hasBehind(s string) bool {
	start := p.pos
	p.space()
	if p.has(s) {
		return true
	}
	p.pos = start
	return false
}

// operator consumes AND, OR, NOT, && or || when nothing that would make it part
// of a longer word follows.
func (p *parser) operator(s string) bool {
	rest, ok := strings.CutPrefix(p.text[p.pos:], s)
	if !ok || rest != "" && isSpace(rest) == 0 && strings.IndexByte(endsTerm+"!", rest[0]) < 0 {
		return false
	}
	p.pos += len(s)
	return true
}

type conjunction uint8

const (
	none conjunction = iota
	and
	or
)

func (p *parser) conjunction() conjunction {
	switch {
	case p.operator("&&"), p.operator("AND"):
		return and
	case p.operator("||"), p.operator("OR"):
		return or
	}
	return none
}

// group reads clauses up to a closing parenthesis or the end.
func (p *parser) group(depth int) (*Group, error) {
	if depth > maxNesting {
		return nil, p.fail("parentheses nested deeper than %d", maxNesting)
	}
	g := &Group{Boost: 1}
	for {
		p.space()
		if p.pos == len(p.text) || p.text[p.pos] == ')' {
			return g, nil
		}
		start := p.pos
		conj := p.conjunction()
		if conj != none && len(g.Clauses) == 0 {
			return nil, p.failAt(start, "an operator without a clause before it")
		}
		p.space()
		occur := p.modifier()
		p.space()
		n, err := p.clause(depth)
		if err != nil {
			return nil, err
		}
		g.add(conj, occur, n, p.defaultAnd)
	}
}

// modifier reads + - ! or NOT. A sign with white space behind it is a word: "a - b" excludes nothing.
func (p *parser) modifier() Occur {
	switch {
	case p.bareSign():
		return Should
	case p.has("+"):
		return Must
	case p.has("-"), p.has("!"), p.operator("NOT"):
		return MustNot
	}
	return Should
}

// bareSign reports whether a sign that stands alone is next.
func (p *parser) bareSign() bool {
	rest := p.text[p.pos:]
	return rest != "" && strings.IndexByte("+-!", rest[0]) >= 0 && isSpace(rest[1:]) > 0
}

// add puts a clause into the group by the classic parser's rules: AND makes
// the clause before it wanted too, and with AND as default an explicit OR makes
// the clauses on both sides optional.
func (g *Group) add(conj conjunction, occur Occur, n Node, defaultAnd bool) {
	if len(g.Clauses) > 0 {
		last := &g.Clauses[len(g.Clauses)-1]
		switch {
		case last.Occur == MustNot:
		case conj == and:
			last.Occur = Must
		case conj == or && defaultAnd:
			last.Occur = Should
		}
	}
	switch {
	case occur == Should && (conj == and || defaultAnd && conj != or):
		occur = Must
	case occur == Must && defaultAnd && conj == or:
		occur = Should
	}
	g.Clauses = append(g.Clauses, Clause{Occur: occur, Node: n})
}

// clause reads an optional field and what is searched in it.
func (p *parser) clause(depth int) (Node, error) {
	field, err := p.field()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos == len(p.text) {
		return nil, p.fail("unexpected end")
	}
	start := p.pos
	if p.conjunction() != none || p.operator("NOT") {
		return nil, p.failAt(start, "unexpected operator %s", p.text[start:p.pos])
	}
	switch c := p.text[p.pos]; {
	case c == '(':
		return p.parenthesis(field, depth)
	case c == '"':
		return p.phrase(field)
	case c == '[' || c == '{':
		return p.rangeClause(field)
	case (c == '>' || c == '<') && field != "":
		return p.comparison(field)
	case c == '/':
		if n, ok, err := p.regexp(field); ok || err != nil {
			return n, err
		}
	}
	return p.wordClause(field)
}

// field reads a name and a colon, or nothing.
func (p *parser) field() (string, error) {
	start := p.pos
	name, _, err := p.term(true)
	if err != nil || name == "" || !p.hasBehind(":") {
		p.pos = start
		return "", nil // not a field: read again as a word
	}
	return name, nil
}

// endsTerm are the characters that end a word. Those that only begin
// something else (+ - !) may stand inside a word.
const endsTerm = "(){}[]^\"~:"

// term reads a word. In a field's name patterns are kept without escapes. The
// text of a pattern keeps backslashes before literal * ? and \.
func (p *parser) term(asField bool) (text string, pattern bool, err error) {
	start := p.pos
	var plain, escaped strings.Builder
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		switch {
		case c == '\\':
			p.pos++
			if p.pos == len(p.text) {
				return "", false, p.fail("a backslash with nothing after it")
			}
			r, err := p.escaped()
			if err != nil {
				return "", false, err
			}
			plain.WriteString(r)
			if r == "*" || r == "?" || r == `\` {
				escaped.WriteByte('\\')
			}
			escaped.WriteString(r)
			continue
		case isSpace(p.text[p.pos:]) > 0 || strings.IndexByte(endsTerm, c) >= 0,
			p.pos == start && strings.IndexByte("+-!", c) >= 0:
			return finishTerm(&plain, &escaped, pattern, asField)
		case c == '*' || c == '?':
			pattern = true
		}
		plain.WriteByte(c)
		escaped.WriteByte(c)
		p.pos++
	}
	return finishTerm(&plain, &escaped, pattern, asField)
}

func finishTerm(plain, escaped *strings.Builder, pattern, asField bool) (string, bool, error) {
	if pattern && !asField {
		return escaped.String(), true, nil
	}
	return plain.String(), pattern, nil
}

// escaped reads what stands after a backslash: \uXXXX, two of them that are one character, or one character.
func (p *parser) escaped() (string, error) {
	if r, ok := codeUnit(p.text[p.pos:]); ok {
		p.pos += 5
		if utf16.IsSurrogate(r) {
			next, _ := codeUnit(strings.TrimPrefix(p.text[p.pos:], `\`))
			if r = utf16.DecodeRune(r, next); r != utf8.RuneError {
				p.pos += 6
			}
		}
		return string(r), nil
	}
	_, size := utf8.DecodeRuneInString(p.text[p.pos:])
	p.pos += size
	return p.text[p.pos-size : p.pos], nil
}

// codeUnit reads uXXXX.
func codeUnit(s string) (rune, bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[1:5], 16, 16)
	return rune(v), err == nil
}

func (p *parser) parenthesis(field string, depth int) (Node, error) {
	p.pos++
	g, err := p.group(depth + 1)
	if err != nil {
		return nil, err
	}
	if !p.has(")") {
		return nil, p.fail("expected a closing parenthesis")
	}
	if len(g.Clauses) == 0 {
		return nil, p.fail("empty parentheses")
	}
	g.Field = field
	g.Boost, err = p.boost()
	return g, err
}
