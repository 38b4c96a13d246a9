package ruby

import "strings"

// expression reads assignments and everything that binds tighter.
func (p *parser) expression() (expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if p.isOp("*") {
		return p.splatAssignment()
	}
	left, err := p.ternary()
	if err != nil {
		return nil, err
	}
	switch {
	case p.isOp("="):
		return p.assignment(left)
	case p.isOp("||=", "&&=", "+=", "-=", "*=", "/=", "%=", "**=", "|=", "&=", "^=", "<<=", ">>="):
		return p.operatorAssignment(left)
	case p.isOp(",") && isTarget(left) && p.multiFollows():
		return p.multiAssignment([]expr{left}, -1)
	}
	return p.resolve(left)
}

// identExpr is a name that is not a local variable (yet): a target of an assignment or a call of a
// method of the program itself, which is a mistake.
type identExpr struct {
	node
	name string
}

// resolve turns a name that nothing was assigned to into the error that it is.
func (p *parser) resolve(x expr) (expr, error) {
	if id, ok := x.(*identExpr); ok && !p.inDefined {
		return nil, syntaxErrorf(id.pos, "%q is neither a variable that has a value by now nor a function here", id.name)
	}
	return x, nil
}

func isTarget(x expr) bool {
	switch x := x.(type) {
	case *identExpr, *localExpr, *ivarExpr:
		return true
	case *callExpr:
		if x.recv == nil || x.block != nil {
			return false
		}
		_, ofEvent := x.recv.(*eventExpr)
		return x.name == "[]" || !ofEvent && len(x.args) == 0 && methodsNamed(x.name+"=") != nil
	}
	return false
}

// target makes x assignable, declaring the variable that it names.
func (p *parser) target(x expr) (expr, error) {
	switch x := x.(type) {
	case *identExpr:
		return &localExpr{x.node, p.declare(x.name)}, nil
	case *constExpr:
		if _, taken := constants[x.name]; !taken && !isClass(x.name) && !strings.Contains(x.name, "::") {
			return &ivarExpr{x.node, ownConstant + x.name}, nil
		}
	case *eventExpr:
		return nil, syntaxErrorf(x.pos, "event cannot be assigned to")
	case *callExpr:
		if !isTarget(x) {
			return nil, syntaxErrorf(x.pos, "the attribute %q cannot be assigned to; use event.set or x[\"key\"] = …", x.name)
		}
	}
	if !isTarget(x) {
		return nil, syntaxErrorf(x.at(), "this cannot be assigned to")
	}
	return x, nil
}

func (p *parser) assignment(left expr) (expr, error) {
	at := p.tok.pos
	target, err := p.target(left)
	if err != nil {
		return nil, err
	}
	if err := p.afterOperator(); err != nil {
		return nil, err
	}
	x, err := p.assignedValue()
	return &assignExpr{node{at}, target, "", x}, err
}

// assignedValue reads the right side of =, where a, b makes an array and rescue gives another value.
func (p *parser) assignedValue() (expr, error) {
	x, err := p.expressionOrSplat()
	if err != nil {
		return nil, err
	}
	if _, splat := x.(*splatExpr); splat || p.isOp(",") && p.argDepth == 0 {
		items := []expr{x}
		for p.isOp(",") {
			if err := p.afterOperator(); err != nil {
				return nil, err
			}
			item, err := p.expressionOrSplat()
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		x = &arrayExpr{node{x.at()}, items}
	}
	if p.isKeyword("rescue") {
		at := p.tok.pos
		if err := p.advance(); err != nil {
			return nil, err
		}
		y, err := p.expression()
		return &rescueExpr{node: node{at}, body: x, clauses: []rescueClause{{slot: -1, body: y}}}, err
	}
	return x, nil
}

func (p *parser) expressionOrSplat() (expr, error) {
	if !p.isOp("*") {
		return p.expression()
	}
	at := p.tok.pos
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.ternary()
	if err != nil {
		return nil, err
	}
	x, err = p.resolve(x)
	return &splatExpr{node{at}, x}, err
}

func (p *parser) operatorAssignment(left expr) (expr, error) {
	at, op := p.tok.pos, p.tok.text[:len(p.tok.text)-1]
	if _, fresh := left.(*identExpr); fresh && op != "||" && op != "&&" {
		return p.resolve(left)
	}
	target, err := p.target(left)
	if err != nil {
		return nil, err
	}
	if err := p.afterOperator(); err != nil {
		return nil, err
	}
	x, err := p.assignedValue()
	return &assignExpr{node{at}, target, op, x}, err
}

// multiFollows looks ahead for a, b = …; the comma is the current token.
func (p *parser) multiFollows() bool {
	if p.argDepth > 0 {
		return false
	}
	saved := *p
	defer func() { *p = saved }()
	for p.isOp(",") {
		if p.advance() != nil {
			return false
		}
		if p.isOp("*") && p.advance() != nil {
			return false
		}
		if p.tok.kind != tokIdent && p.tok.kind != tokIVar {
			return false
		}
		if p.advance() != nil {
			return false
		}
	}
	return p.isOp("=")
}

func (p *parser) splatAssignment() (expr, error) {
	at := p.tok.pos
	if err := p.advance(); err != nil {
		return nil, err
	}
	left, err := p.primary()
	if err != nil {
		return nil, err
	}
	if !isTarget(left) || !(p.isOp("=") || p.multiFollows()) {
		return nil, syntaxErrorf(at, "a splat (*) stands only in arguments, arrays and assignments")
	}
	return p.multiAssignment([]expr{left}, 0)
}

// multiAssignment reads the rest of a, b = x, y.
func (p *parser) multiAssignment(targets []expr, splat int) (expr, error) {
	at := p.tok.pos
	for p.isOp(",") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.isOp("*") {
			if splat >= 0 {
				return nil, syntaxErrorf(p.tok.pos, "only one splat can stand on the left of =")
			}
			splat = len(targets)
			if err := p.advance(); err != nil {
				return nil, err
			}
		}
		x, err := p.primary()
		if err != nil {
			return nil, err
		}
		targets = append(targets, x)
	}
	if err := p.expectOp("="); err != nil {
		return nil, err
	}
	if err := p.skipNewlines(); err != nil {
		return nil, err
	}
	x, err := p.assignedValue()
	if err != nil {
		return nil, err
	}
	for i := range targets { // after the values: in a, b = b, a the right side is read first
		if targets[i], err = p.target(targets[i]); err != nil {
			return nil, err
		}
	}
	return &multiAssignExpr{node{at}, targets, splat, []expr{x}}, nil
}

// afterOperator passes over a binary operator and the line ends that may follow it.
func (p *parser) afterOperator() error {
	if err := p.advance(); err != nil {
		return err
	}
	return p.skipNewlines()
}

// ternary reads c ? x : y.
func (p *parser) ternary() (expr, error) {
	cond, err := p.rangeOf()
	if err != nil || !p.isOp("?") {
		return cond, err
	}
	if cond, err = p.resolve(cond); err != nil {
		return nil, err
	}
	at := p.tok.pos
	if err := p.afterOperator(); err != nil {
		return nil, err
	}
	var then expr
	if p.tok.kind == tokLabel { // c ? x: y
		label := p.tok
		if err := p.advance(); err != nil {
			return nil, err
		}
		slot, ok := p.lookup(label.text)
		if !ok {
			return nil, syntaxErrorf(label.pos, "put a space before the : of this ? … : …")
		}
		then = &localExpr{node{label.pos}, slot}
	} else {
		if then, err = p.expression(); err != nil {
			return nil, err
		}
		if err := p.skipNewlines(); err != nil {
			return nil, err
		}
		if err := p.expectOp(":"); err != nil {
			return nil, err
		}
	}
	if err := p.skipNewlines(); err != nil {
		return nil, err
	}
	alt, err := p.expression()
	return &ifExpr{node{at}, cond, then, alt}, err
}

func (p *parser) rangeOf() (expr, error) {
	low, err := p.binary(0)
	if err != nil || !p.isOp("..", "...") {
		return low, err
	}
	if low, err = p.resolve(low); err != nil {
		return nil, err
	}
	r := &rangeExpr{node: node{p.tok.pos}, low: low, exclusive: p.tok.text == "..."}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokNewline || p.isOp(")", "]", ",") || p.isKeyword("then") {
		return r, nil
	}
	if r.high, err = p.binary(0); err != nil {
		return nil, err
	}
	r.high, err = p.resolve(r.high)
	return r, err
}

// levels are the binary operators from the loosest to the tightest.
var levels = [][]string{
	{"||"}, {"&&"}, {"<=>", "==", "===", "!=", "=~", "!~"}, {"<", "<=", ">", ">="}, {"|", "^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"},
}

func (p *parser) binary(level int) (expr, error) {
	if level == len(levels) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	for err == nil && p.isOp(levels[level]...) {
		if left, err = p.resolve(left); err != nil {
			return nil, err
		}
		at, op := p.tok.pos, p.tok.text
		if err = p.afterOperator(); err != nil {
			break
		}
		var right expr
		if right, err = p.binary(level + 1); err != nil {
			break
		}
		if right, err = p.resolve(right); err != nil {
			break
		}
		left = joinBinary(at, op, left, right)
	}
	return left, err
}

func joinBinary(at Pos, op string, left, right expr) expr {
	switch op {
	case "||", "&&":
		return &logicExpr{node{at}, op == "||", left, right}
	case "!=":
		return &notExpr{node{at}, &callExpr{node: node{at}, recv: left, name: "==", args: []expr{right}}}
	case "!~":
		return &notExpr{node{at}, &callExpr{node: node{at}, recv: left, name: "=~", args: []expr{right}}}
	}
	return &callExpr{node: node{at}, recv: left, name: op, args: []expr{right}}
}

func (p *parser) unary() (expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	at := p.tok.pos
	switch {
	case p.isOp("!"):
		if err := p.advance(); err != nil {
			return nil, err
		}
		x, err := p.unary()
		if err == nil {
			x, err = p.resolve(x)
		}
		return &notExpr{node{at}, x}, err
	case p.isOp("-"):
		if err := p.advance(); err != nil {
			return nil, err
		}
		literal := p.tok.kind == tokInt || p.tok.kind == tokFloat
		x, err := p.power(literal)
		if err == nil {
			x, err = p.resolve(x)
		}
		if err != nil {
			return nil, err
		}
		return negated(at, x), nil
	case p.isOp("+"):
		if err := p.advance(); err != nil {
			return nil, err
		}
		return p.unary()
	case p.isOp("~"):
		return nil, syntaxErrorf(at, "the operator ~ is not supported")
	case p.isKeyword("defined?"):
		return p.defined()
	}
	return p.power(false)
}

func (p *parser) defined() (expr, error) {
	at := p.tok.pos
	if err := p.advance(); err != nil {
		return nil, err
	}
	outer := p.inDefined
	p.inDefined = true
	defer func() { p.inDefined = outer }()
	if p.isOp("(") && !p.tok.space {
		x, err := p.parenthesis()
		if err != nil {
			return nil, err
		}
		p.inDefined = outer
		return p.postfix(&definedExpr{node{at}, x})
	}
	x, err := p.unary()
	return &definedExpr{node{at}, x}, err
}

// negated folds the sign into a number; -2.abs is (-2).abs, -x.abs is -(x.abs).
func negated(at Pos, x expr) expr {
	if lit, ok := x.(*literalExpr); ok {
		switch n := lit.value.(type) {
		case int64:
			return &literalExpr{node{at}, -n}
		case float64:
			return &literalExpr{node{at}, -n}
		}
	}
	return &callExpr{node: node{at}, recv: x, name: "-@"}
}

// power reads x ** y, which binds to the right and tighter than the sign before x.
func (p *parser) power(negative bool) (expr, error) {
	base, err := p.signedPrimary(negative)
	if err != nil || !p.isOp("**") {
		return base, err
	}
	if base, err = p.resolve(base); err != nil {
		return nil, err
	}
	at := p.tok.pos
	if err := p.afterOperator(); err != nil {
		return nil, err
	}
	exp, err := p.unary()
	if err == nil {
		exp, err = p.resolve(exp)
	}
	return &callExpr{node: node{at}, recv: base, name: "**", args: []expr{exp}}, err
}

// signedPrimary reads an operand; after a sign, a number literal takes the sign before its methods apply.
func (p *parser) signedPrimary(negative bool) (expr, error) {
	if !negative {
		return p.primary()
	}
	x, err := p.atom()
	if err != nil {
		return nil, err
	}
	if p.isOp(".", "&.") {
		y, err := p.postfix(negated(x.at(), x))
		return &callExpr{node: node{x.at()}, recv: y, name: "-@"}, err
	}
	return x, nil
}
