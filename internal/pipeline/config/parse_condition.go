package config

import (
	"strings"

	"elkhorn/internal/plugin"
)

// condition reads a whole condition. "and" and "nand" bind tighter than "or" and "xor", each from
// left to right, as in Logstash.
func (p *parser) condition() (Expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	return p.logic([]string{"or", "xor"}, func() (Expr, error) {
		return p.logic([]string{"and", "nand"}, p.comparison)
	})
}

// logic reads operands joined by any of ops.
func (p *parser) logic(ops []string, operand func() (Expr, error)) (Expr, error) {
	left, err := operand()
	if err != nil {
		return nil, err
	}
	for {
		op := p.acceptOneOf(ops)
		if op == "" {
			return left, p.refuseForeignLogic()
		}
		at := p.pos()
		right, err := operand()
		if err != nil {
			return nil, err
		}
		left = &Logic{Op: op, Left: left, Right: right, Pos: at}
	}
}

func (p *parser) acceptOneOf(words []string) string {
	for _, w := range words {
		if p.acceptWord(w) {
			return w
		}
	}
	return ""
}

// refuseForeignLogic names the operators of other languages, the likeliest slip here.
func (p *parser) refuseForeignLogic() error {
	for written, meant := range map[string]string{"&&": "and", "||": "or"} {
		if strings.HasPrefix(p.rest(), written) {
			return p.errorf(p.pos(), "expected %s, found %q", meant, written)
		}
	}
	return nil
}

func (p *parser) comparison() (Expr, error) {
	p.skipSpace()
	at := p.pos()
	switch {
	case p.accept("!"):
		return p.negation(at)
	case p.accept("("):
		return p.group(at)
	}
	if p.peekWord() == "not" {
		return nil, p.errorf(at, "not stands only before in; write ! before a parenthesis or a field")
	}
	left, err := p.operand(false)
	if err != nil {
		return nil, err
	}
	return p.comparisonAfter(left)
}

func (p *parser) group(open plugin.Pos) (Expr, error) {
	x, err := p.condition()
	if err != nil {
		return nil, err
	}
	if !p.accept(")") {
		return nil, p.expected(") for the ( at "+open.String(), "")
	}
	return x, nil
}

// negation reads what follows a !: a parenthesis or a field.
func (p *parser) negation(at plugin.Pos) (Expr, error) {
	p.skipSpace()
	open := p.pos()
	if p.accept("(") {
		x, err := p.group(open)
		return &Not{X: x, Pos: at}, err
	}
	if p.peek() != '[' {
		return nil, p.expected("a field or ( after !", "")
	}
	field, err := p.fieldRef()
	if err != nil {
		return nil, err
	}
	if op := p.peekComparison(); op != "" {
		return nil, p.errorf(p.pos(), "! takes a field or a parenthesis: write !(%s %s …)", field.Text, op)
	}
	return &Not{X: &Truth{Operand: field}, Pos: at}, nil
}

// comparisons in the order in which they must be tried: the longer before its prefix.
var comparisons = []string{"==", "!=", "=~", "!~", "<=", ">=", "<", ">"}

// peekComparison returns the comparison at the current place, or "".
func (p *parser) peekComparison() string {
	p.skipSpace()
	for _, op := range comparisons {
		if strings.HasPrefix(p.rest(), op) {
			return op
		}
	}
	if w := p.peekWord(); w == "in" || w == "not" {
		return w
	}
	return ""
}

func (p *parser) comparisonAfter(left Operand) (Expr, error) {
	op := p.peekComparison()
	at := p.pos()
	p.advance(len(op))
	switch op {
	case "":
		if p.peek() == '=' {
			return nil, p.errorf(at, "expected a comparison, found =; write == to compare")
		}
		return &Truth{Operand: left}, nil
	case "in":
		right, err := p.operand(true)
		return &In{Left: left, Right: right, Pos: at}, err
	case "not":
		if !p.acceptWord("in") {
			return nil, p.expected("in after not", "")
		}
		right, err := p.operand(true)
		return &In{Negate: true, Left: left, Right: right, Pos: at}, err
	case "=~", "!~":
		right, err := p.pattern()
		return &Match{Negate: op == "!~", Left: left, Right: right, Pos: at}, err
	}
	right, err := p.operand(false)
	return &Compare{Op: op, Left: left, Right: right, Pos: at}, err
}

// pattern reads the right side of =~ and !~: a regex or a text that is one.
func (p *parser) pattern() (Operand, error) {
	p.skipSpace()
	at := p.pos()
	switch p.peek() {
	case '/':
		text, err := p.regex()
		return Operand{Kind: Regex, Text: text, Pos: at}, err
	case '"', '\'':
		v, err := p.text()
		return Operand{Kind: Literal, Value: v, Pos: at}, err
	}
	return Operand{}, p.expected("a regular expression", "write it between slashes: /…/")
}

// operand reads a field, text, number or array. In the place of a set (after "in") a bracket that holds
// a number is an array; elsewhere only one that holds a quote is.
func (p *parser) operand(set bool) (Operand, error) {
	p.skipSpace()
	at := p.pos()
	switch c := p.peek(); {
	case c == '[':
		if p.looksLikeArray(set) {
			v, err := p.list()
			return Operand{Kind: Literal, Value: v, Pos: at}, err
		}
		return p.fieldRef()
	case c == '"' || c == '\'':
		v, err := p.text()
		return Operand{Kind: Literal, Value: v, Pos: at}, err
	case isDigit(c) || c == '-':
		v, err := p.number()
		return Operand{Kind: Literal, Value: v, Pos: at}, err
	case c == '/':
		return Operand{}, p.errorf(at, "a regular expression stands only after =~ and !~")
	case isNameByte(c):
		w := p.peekWord()
		if w == "true" || w == "false" {
			p.advance(len(w))
			return Operand{Kind: Literal, Value: Value{Kind: Bareword, Raw: w, Text: w, Pos: at}, Pos: at}, nil
		}
		return Operand{}, p.errorf(at, "%q needs brackets to be a field, [%s], or quotes to be a text", clip(w), clip(w))
	}
	return Operand{}, p.expected("a field, text, number or array", "")
}

func (p *parser) looksLikeArray(set bool) bool {
	ahead := p.scanner
	ahead.advance(1)
	ahead.skipSpace()
	c := ahead.peek()
	return c == '"' || c == '\'' || c == ']' || set && (isDigit(c) || c == '-')
}

// fieldRef reads [a][b].
func (p *parser) fieldRef() (Operand, error) {
	at := p.pos()
	start := p.off
	for p.peek() == '[' {
		rest := p.rest()
		end := strings.IndexAny(rest[1:], "[],\n") + 1
		switch {
		case end == 0 || rest[end] == '\n':
			return Operand{}, p.errorf(p.pos(), "the [ of this field is never closed by ]")
		case rest[end] == ',':
			return Operand{}, p.errorf(p.pos(), "a field's name cannot hold a comma; put quotes around the items of an array")
		case rest[end] == '[':
			return Operand{}, p.errorf(p.pos(), "brackets inside brackets; write a nested field as [a][b]")
		case strings.TrimSpace(rest[1:end]) == "":
			return Operand{}, p.errorf(p.pos(), "empty brackets; write the field's name in them")
		}
		p.advance(end + 1)
	}
	return Operand{Kind: FieldRef, Text: p.src[start:p.off], Pos: at}, nil
}
