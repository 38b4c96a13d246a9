package lucene

import (
	"math"
	"strconv"
	"strings"
)

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
	edits, err := p.suffixes(&w.Boost)
	switch {
	case err != nil:
		return nil, err
	case edits != nil && w.Pattern:
		return nil, p.failAt(edits.pos, "a pattern cannot be fuzzy")
	case edits != nil:
		w.Fuzzy, err = p.fuzziness(edits)
	}
	return w, err
}

// sign consumes the minus of a negative number after a field's name, or a sign
// that stands alone.
func (p *parser) sign(field string) string {
	rest := p.text[p.pos:]
	negative := field != "" && len(rest) > 1 && rest[0] == '-' && '0' <= rest[1] && rest[1] <= '9'
	if !negative && !p.bareSign() {
		return ""
	}
	p.pos++
	return rest[:1]
}

// tilde is what stands behind ~, and where.
type tilde struct {
	text string
	pos  int
}

// suffixes reads ~edits and ^boost, in either order; a boost that is not there is 1.
func (p *parser) suffixes(boost *float64) (*tilde, error) {
	edits := p.tilde()
	var err error
	*boost, err = p.boost()
	if edits == nil && err == nil {
		edits = p.tilde()
	}
	return edits, err
}

// tilde reads ~ and the number or word behind it; nil if there is none.
func (p *parser) tilde() *tilde {
	if !p.hasBehind("~") {
		return nil
	}
	start := p.pos
	for p.pos < len(p.text) && isSpace(p.text[p.pos:]) == 0 && strings.IndexByte(endsTerm+`!/*?\`, p.text[p.pos]) < 0 {
		p.pos++
	}
	return &tilde{text: p.text[start:p.pos], pos: start}
}

// fuzziness reads the number after ~. Below 1 it is the share of letters that
// must be equal, as before Lucene 4, and the store chooses the edits.
func (p *parser) fuzziness(edits *tilde) (string, error) {
	if edits.text == "" || strings.EqualFold(edits.text, "AUTO") {
		return "AUTO", nil
	}
	f, ok := number(edits.text)
	switch {
	case !ok:
		return "", p.failAt(edits.pos, "expected 0, 1, 2 or AUTO after ~")
	case f < 1 && f > 0:
		return "AUTO", nil
	case f != math.Trunc(f) || f > 2:
		return "", p.failAt(edits.pos, "fractional or too many edits")
	}
	return strconv.Itoa(int(f)), nil
}

// numberSize returns the length of the digits, with a fraction or not, that s begins with.
func numberSize(s string) int {
	digits := func(from int) int {
		for from < len(s) && '0' <= s[from] && s[from] <= '9' {
			from++
		}
		return from
	}
	whole := digits(0)
	if whole == 0 || whole == len(s) || s[whole] != '.' {
		return whole
	}
	if end := digits(whole + 1); end > whole+1 {
		return end
	}
	return whole
}

// number reads a text that is nothing but a number.
func number(s string) (f float64, ok bool) {
	if s == "" || numberSize(s) != len(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// boost reads ^number; 1 if there is none.
func (p *parser) boost() (float64, error) {
	if !p.hasBehind("^") {
		return 1, nil
	}
	p.space()
	start := p.pos
	p.pos += numberSize(p.text[start:])
	f, ok := number(p.text[start:p.pos])
	if !ok {
		return 0, p.failAt(start, "expected a number after ^")
	}
	return f, nil
}

func (p *parser) phrase(field string) (Node, error) {
	text, err := p.quoted()
	if err != nil {
		return nil, err
	}
	n := &Phrase{Field: field, Text: text}
	slop, err := p.suffixes(&n.Boost)
	if err != nil || slop == nil || slop.text == "" {
		return n, err
	}
	f, ok := number(slop.text)
	if !ok || f > math.MaxInt32 {
		return nil, p.failAt(slop.pos, "expected a number after ~")
	}
	n.Slop = int(f)
	return n, nil
}

// quoted reads text in double quotes.
func (p *parser) quoted() (string, error) {
	start := p.pos
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
	return "", p.failAt(start, "a quote that is not closed")
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
	if !p.has("TO") || isSpace(p.text[p.pos:]) == 0 {
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
