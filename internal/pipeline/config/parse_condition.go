package config

import (
	"strings"

	"elkhorn/internal/plugin"
)

// condition reads a whole condition. "and" binds tighter than "or". "nand" and "xor" have no rank in Logstash, which
// refuses a condition that joins one of them with any other operator; parentheses say what is meant.
func (p *parser) condition() (Expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	chain, err := p.chain()
	if err != nil {
		return nil, err
	}
	return chain.join(), nil
}

// chain is comparisons with the operators between them: one operator less than comparisons.
type chain struct {
	operands []Expr
	ops      []operator
}

type operator struct {
	word string
	at   plugin.Pos
}

func (p *parser) chain() (chain, error) {
	var c chain
	for {
		x, err := p.comparison()
		if err != nil {
			return c, err
		}
		c.operands = append(c.operands, x)
		at, word := p.pos(), p.acceptLogic()
		if word == "" {
			break
		}
		c.ops = append(c.ops, operator{word, at})
		if n := len(c.ops); n > 1 && (unranked(word) || unranked(c.ops[n-2].word)) {
			return c, p.errorf(at, "%s after %s has no rank, and Logstash refuses it: put parentheses around what belongs together", word, c.ops[n-2].word)
		}
	}
	if len(c.operands) > 1 {
		for _, x := range c.operands {
			if t, ok := x.(*Truth); ok && t.Operand.Kind == Literal {
				return c, p.errorf(t.Operand.Pos, "a text, number or array is a condition only alone; compare it with a field")
			}
		}
	}
	return c, p.refuseForeignLogic()
}

func unranked(op string) bool { return op == "nand" || op == "xor" }

// acceptLogic passes over an operator, which needs no blank after it.
func (p *parser) acceptLogic() string {
	p.skipSpace()
	for _, w := range []string{"and", "or", "xor", "nand"} {
		if p.accept(w) {
			return w
		}
	}
	return ""
}

// join makes the tree: what "and" joins first, from left to right.
func (c chain) join() Expr {
	var alternatives []Expr
	var ors []operator
	left := c.operands[0]
	for i, op := range c.ops {
		if op.word == "or" {
			alternatives, ors = append(alternatives, left), append(ors, op)
			left = c.operands[i+1]
			continue
		}
		left = &Logic{Op: op.word, Left: left, Right: c.operands[i+1], Pos: op.at}
	}
	alternatives = append(alternatives, left)
	joined := alternatives[0]
	for i, op := range ors {
		joined = &Logic{Op: "or", Left: joined, Right: alternatives[i+1], Pos: op.at}
	}
	return joined
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
		if t, ok := x.(*Truth); ok && t.Operand.Kind == Literal {
			return nil, p.errorf(t.Operand.Pos, "a text, number or array cannot be negated; compare it with a field")
		}
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
	for _, word := range []string{"in", "not"} {
		if strings.HasPrefix(p.rest(), word) {
			return word
		}
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
		if p.skipSpace(); !p.accept("in") {
			return nil, p.expected("in after not", "")
		}
		right, err := p.operand(true)
		return &In{Negate: true, Left: left, Right: right, Pos: at}, err
	case "=~", "!~":
		if v := left.Value; left.Kind == Literal && v.Kind != String {
			return nil, p.errorf(left.Pos, "only a field or a text stands before %s", op)
		}
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

// operand reads a field, text, number or array. An array of one item looks like a field named so, and Logstash takes
// it for one; after "in", where set is true, it is an array here, with a warning, when the item is a text or a number.
func (p *parser) operand(set bool) (Operand, error) {
	p.skipSpace()
	at := p.pos()
	switch c := p.peek(); {
	case c == '[':
		if p.looksLikeArray(set) {
			v, err := p.list()
			if len(v.Items) == 1 && err == nil {
				p.warn(at, "an array of one item is a field's name for Logstash, where this condition never holds; write the item twice to mean the same in both")
			}
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
		return Operand{}, p.foreignOperand(at)
	}
	return Operand{}, p.expected("a field, text, number or array", "")
}

// foreignOperand names what the word at the current place would be in other languages.
func (p *parser) foreignOperand(at plugin.Pos) error {
	w := p.peekWord()
	after := p.scanner
	after.advance(len(w))
	after.skipSpace()
	switch {
	case w == "true" || w == "false":
		return p.errorf(at, "the language has no %s: write [field] for a field that is set and not false, ![field] for its opposite", w)
	case after.peek() == '(':
		return p.errorf(at, "%s( ) is a call, and conditions have none; work the value out in a ruby filter first", clip(w))
	}
	return p.errorf(at, "%q needs brackets to be a field, [%s], or quotes to be a text", clip(w), clip(w))
}

// looksLikeArray tells an array from a field. What Logstash reads as a field is one, but in the place of a set.
func (p *parser) looksLikeArray(set bool) bool {
	rest := p.rest()[1:]
	end := strings.IndexAny(rest, "[],")
	if !set && end > 0 && rest[end] == ']' {
		return false
	}
	ahead := p.scanner
	ahead.advance(1)
	ahead.skipSpace()
	c := ahead.peek()
	return c == '"' || c == '\'' || c == ']' || set && (isDigit(c) || c == '-') ||
		isNameByte(c) && end > 0 && rest[end] == ',' // bare words, each a text: [ true, false ]
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
