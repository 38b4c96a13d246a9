package lucene

import (
	"fmt"
	"math"
	"strconv"
	"strings"
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
	before := p.text[:p.pos]
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

// word consumes an operator in capitals when it stands alone.
func (p *parser) word(s string) bool {
	rest := p.text[p.pos:]
	if !strings.HasPrefix(rest, s) {
		return false
	}
	if after := rest[len(s):]; after != "" && isSpace(after) == 0 && strings.IndexByte("()\"+-!", after[0]) < 0 {
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
	case p.has("&&"), p.word("AND"):
		return and
	case p.has("||"), p.word("OR"):
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
		conj := p.conjunction()
		if conj != none && len(g.Clauses) == 0 {
			return nil, p.fail("an operator without a clause before it")
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

// modifier reads + - ! or NOT.
func (p *parser) modifier() Occur {
	switch {
	case p.has("+"):
		return Must
	case p.has("-"), p.has("!"), p.word("NOT"):
		return MustNot
	}
	return Should
}

// add puts a clause into the group by the classic parser's rules: AND makes
// the clause before it wanted too, and with AND as default an explicit OR makes
// the clause before it optional.
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
	if occur == Should && (conj == and || defaultAnd && conj != or) {
		occur = Must
	}
	g.Clauses = append(g.Clauses, Clause{Occur: occur, Node: n})
}

// clause reads an optional field and what is searched in it.
func (p *parser) clause(depth int) (Node, error) {
	field, err := p.field()
	if err != nil {
		return nil, err
	}
	if field != "" {
		p.space()
	}
	if p.pos == len(p.text) {
		return nil, p.fail("unexpected end")
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
	if err != nil || name == "" || !p.has(":") {
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
			p.pos == start && strings.IndexByte("+-!", c) >= 0,
			strings.HasPrefix(p.text[p.pos:], "&&"), strings.HasPrefix(p.text[p.pos:], "||"):
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

// escaped reads what stands after a backslash: \uXXXX or one character.
func (p *parser) escaped() (string, error) {
	if p.text[p.pos] == 'u' && len(p.text)-p.pos >= 5 {
		if v, err := strconv.ParseUint(p.text[p.pos+1:p.pos+5], 16, 16); err == nil {
			p.pos += 5
			return string(rune(v)), nil
		}
	}
	_, size := utf8.DecodeRuneInString(p.text[p.pos:])
	p.pos += size
	return p.text[p.pos-size : p.pos], nil
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

func (p *parser) wordClause(field string) (Node, error) {
	sign := p.sign(field)
	text, pattern, err := p.term(false)
	if err != nil {
		return nil, err
	}
	text = sign + text
	if text == "" {
		return nil, p.fail("unexpected %q", p.rune())
	}
	w := &Word{Field: field, Text: text, Pattern: pattern}
	if p.has("~") {
		if w.Pattern {
			return nil, p.fail("a pattern cannot be fuzzy")
		}
		if w.Fuzzy, err = p.fuzziness(); err != nil {
			return nil, err
		}
	}
	w.Boost, err = p.boost()
	return w, err
}

// sign consumes the minus of a negative number after a field's name.
func (p *parser) sign(field string) string {
	rest := p.text[p.pos:]
	if field == "" || len(rest) < 2 || rest[0] != '-' || rest[1] < '0' || rest[1] > '9' {
		return ""
	}
	p.pos++
	return "-"
}

// fuzziness reads the number after ~. Below 1 it is the share of letters that
// must be equal, as before Lucene 4, and the store chooses the edits.
func (p *parser) fuzziness() (string, error) {
	f, given, err := p.number()
	switch {
	case err != nil:
		return "", err
	case !given || f < 1 && f > 0:
		return "AUTO", nil
	case f != math.Trunc(f) || f > 2:
		return "", p.fail("fractional or too many edits")
	}
	return strconv.Itoa(int(f)), nil
}

// number reads digits with an optional fraction, if there are any.
func (p *parser) number() (f float64, given bool, err error) {
	start := p.pos
	for p.pos < len(p.text) && (p.text[p.pos] == '.' || '0' <= p.text[p.pos] && p.text[p.pos] <= '9') {
		p.pos++
	}
	if p.pos == start {
		return 0, false, nil
	}
	f, parseErr := strconv.ParseFloat(p.text[start:p.pos], 64)
	if parseErr != nil || math.IsInf(f, 0) {
		return 0, true, p.fail("%q is no number", p.text[start:p.pos])
	}
	return f, true, nil
}

// boost reads ^number; 1 if there is none.
func (p *parser) boost() (float64, error) {
	if !p.has("^") {
		return 1, nil
	}
	f, given, err := p.number()
	if err == nil && !given {
		err = p.fail("expected a number after ^")
	}
	return f, err
}

func (p *parser) phrase(field string) (Node, error) {
	text, err := p.quoted()
	if err != nil {
		return nil, err
	}
	n := &Phrase{Field: field, Text: text}
	if p.has("~") {
		slop, given, err := p.number()
		switch {
		case err != nil:
			return nil, err
		case !given || slop > math.MaxInt32:
			return nil, p.fail("expected a number after ~")
		}
		n.Slop = int(slop)
	}
	n.Boost, err = p.boost()
	return n, err
}

// quoted reads text in double quotes.
func (p *parser) quoted() (string, error) {
	p.pos++
	var b strings.Builder
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; c {
		case '"':
			p.pos++
			return b.String(), nil
		case '\\':
			p.pos++
			if p.pos == len(p.text) {
				return "", p.fail("a backslash with nothing after it")
			}
			s, err := p.escaped()
			if err != nil {
				return "", err
			}
			b.WriteString(s)
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
	return "", p.fail("a quote that is not closed")
}

// rangeClause reads [a TO b] with either bracket inclusive or not.
func (p *parser) rangeClause(field string) (Node, error) {
	r := &Range{Field: field}
	lowerInclusive := p.text[p.pos] == '['
	p.pos++
	var err error
	if r.Lower, err = p.bound(lowerInclusive); err != nil {
		return nil, err
	}
	p.space()
	if !p.has("TO") {
		return nil, p.fail("expected TO")
	}
	if r.Upper, err = p.bound(false); err != nil {
		return nil, err
	}
	p.space()
	switch {
	case p.has("]"):
		if r.Upper != nil {
			r.Upper.Inclusive = true
		}
	case p.has("}"):
	default:
		return nil, p.fail("expected ] or }")
	}
	r.Boost, err = p.boost()
	return r, err
}

// bound reads one end of a range; nil for *.
func (p *parser) bound(inclusive bool) (*Bound, error) {
	p.space()
	if p.pos < len(p.text) && p.text[p.pos] == '"' {
		text, err := p.quoted()
		return &Bound{Text: text, Inclusive: inclusive}, err
	}
	var b strings.Builder
	for p.pos < len(p.text) && isSpace(p.text[p.pos:]) == 0 && p.text[p.pos] != ']' && p.text[p.pos] != '}' {
		if p.text[p.pos] == '\\' && p.pos+1 < len(p.text) {
			p.pos++
		}
		b.WriteByte(p.text[p.pos])
		p.pos++
	}
	switch b.String() {
	case "":
		return nil, p.fail("expected a bound")
	case "*":
		return nil, nil
	}
	return &Bound{Text: b.String(), Inclusive: inclusive}, nil
}

// comparison reads >5, >=5, <5 and <=5.
func (p *parser) comparison(field string) (Node, error) {
	lower := p.text[p.pos] == '>'
	p.pos++
	b := &Bound{Inclusive: p.has("=")}
	p.space()
	var err error
	if p.pos < len(p.text) && p.text[p.pos] == '"' {
		b.Text, err = p.quoted()
	} else {
		b.Text, err = p.comparand()
	}
	if err != nil {
		return nil, err
	}
	r := &Range{Field: field, Upper: b}
	if lower {
		r.Lower, r.Upper = b, nil
	}
	r.Boost, err = p.boost()
	return r, err
}

// comparand reads a value up to white space or a closing parenthesis; unlike a
// word it may begin with - and hold colons, as dates do.
func (p *parser) comparand() (string, error) {
	var b strings.Builder
	for p.pos < len(p.text) && isSpace(p.text[p.pos:]) == 0 && p.text[p.pos] != ')' && p.text[p.pos] != '^' {
		if p.text[p.pos] == '\\' && p.pos+1 < len(p.text) {
			p.pos++
		}
		b.WriteByte(p.text[p.pos])
		p.pos++
	}
	if b.Len() == 0 {
		return "", p.fail("expected a value")
	}
	return b.String(), nil
}

// regexp reads /pattern/ when the second slash ends the word; else nothing.
func (p *parser) regexp(field string) (n Node, ok bool, err error) {
	var b strings.Builder
	for i := p.pos + 1; i < len(p.text); i++ {
		switch c := p.text[i]; c {
		case '/':
			after := p.text[i+1:]
			if b.Len() == 0 || after != "" && isSpace(after) == 0 && after[0] != ')' && after[0] != '^' {
				return nil, false, nil
			}
			p.pos = i + 1
			r := &Regexp{Field: field, Pattern: b.String()}
			r.Boost, err = p.boost()
			return r, true, err
		case '\\':
			if i+1 < len(p.text) {
				i++
				if p.text[i] != '/' {
					b.WriteByte('\\')
				}
			}
			b.WriteByte(p.text[i])
		case '\n':
			return nil, false, nil
		default:
			b.WriteByte(c)
		}
	}
	return nil, false, nil
}
