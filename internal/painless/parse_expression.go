package painless

import (
	"math"
	"strconv"
	"strings"
)

// binaryPrecedence ranks the operators on two operands; instanceof stands between comparisons and equality.
var binaryPrecedence = map[string]int{
	"||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "===": 6, "!==": 6, "instanceof": 7, "<": 8, "<=": 8, ">": 8, ">=": 8,
	"<<": 9, ">>": 9, ">>>": 9, "=~": 10, "==~": 10, "+": 11, "-": 11, "*": 12, "/": 12, "%": 12,
}

var binaryOps = func() map[string]op {
	m := map[string]op{}
	for i, name := range opNames {
		m[name] = op(i)
	}
	return m
}()

// expression reads an expression, assignments included.
func (p *parser) expression() *node {
	p.enter()
	defer p.leave()
	if n := p.lambda(); n != nil {
		return n
	}
	left := p.conditional()
	t := p.peek()
	if t.kind != tokSign || !strings.HasSuffix(t.text, "=") {
		return left
	}
	o, compound := binaryOps[strings.TrimSuffix(t.text, "=")]
	switch {
	case t.text == "=":
		p.next()
		return &node{kind: nodeAssign, off: t.off, kids: []*node{assignable(left), p.expression()}}
	case compound && o < opLT:
		p.next()
		return &node{kind: nodeAssignOp, op: o, off: t.off, kids: []*node{assignable(left), p.expression()}}
	}
	return left
}

// assignable refuses what cannot be assigned to.
func assignable(n *node) *node {
	switch n.kind {
	case nodeName, nodeIndex:
		return n
	case nodeField:
		if !n.safe {
			return n
		}
	}
	panic(faultAt(n.off, "invalid assignment: cannot assign a value to this expression"))
}

func (p *parser) conditional() *node {
	cond := p.binary(1)
	t := p.peek()
	switch {
	case p.accept("?"):
		p.enter()
		defer p.leave()
		then := p.expression()
		p.want(":")
		return &node{kind: nodeTernary, off: t.off, kids: []*node{cond, then, p.expression()}}
	case p.accept("?:"):
		p.enter()
		defer p.leave()
		return &node{kind: nodeElvis, off: t.off, kids: []*node{cond, p.conditional()}}
	}
	return cond
}

func (p *parser) binary(least int) *node {
	left := p.unary()
	for {
		t := p.peek()
		rank := binaryPrecedence[t.text]
		if rank < least || t.kind != tokSign && t.text != "instanceof" || t.kind == tokString {
			return left
		}
		p.next()
		if t.text == "instanceof" {
			of, end, ok := p.typeAt(0)
			if !ok {
				p.unexpected("TYPE")
			}
			p.at += end
			left = &node{kind: nodeInstanceof, off: t.off, of: of, kids: []*node{left}}
			continue
		}
		p.enter()
		right := p.binary(rank + 1)
		p.leave()
		n := &node{kind: nodeBinary, off: t.off, op: binaryOps[t.text], kids: []*node{left, right}}
		switch t.text {
		case "&&":
			n.kind = nodeAnd
		case "||":
			n.kind = nodeOr
		}
		left = n
	}
}

func (p *parser) unary() *node {
	p.enter()
	defer p.leave()
	t := p.peek()
	if t.kind == tokSign {
		switch t.text {
		case "!", "~", "+", "-":
			p.next()
			if t.text == "-" && p.peek().kind == tokNumber { // so that -2147483648 is an int
				p.tokens[p.at].text = "-" + p.peek().text
				n := p.chain()
				return n
			}
			return &node{kind: nodeUnary, off: t.off, text: t.text, kids: []*node{p.unary()}}
		case "++", "--":
			p.next()
			return &node{kind: nodeStep, off: t.off, op: stepOp(t.text), kids: []*node{assignable(p.chain())}}
		case "(":
			if of, end, ok := p.typeAt(1); ok && p.ahead(1+end-1).text == ")" && p.castFollows(end+1, of) {
				p.at += end + 1
				return &node{kind: nodeCast, off: t.off, of: of, kids: []*node{p.unary()}}
			}
		}
	}
	n := p.chain()
	if t := p.peek(); t.kind == tokSign && (t.text == "++" || t.text == "--") {
		p.next()
		return &node{kind: nodeStep, off: t.off, op: stepOp(t.text), post: true, kids: []*node{assignable(n)}}
	}
	return n
}

func stepOp(sign string) op {
	if sign == "++" {
		return opAdd
	}
	return opSub
}

// castFollows tells a cast from a class in parentheses by the token after it.
func (p *parser) castFollows(i int, of typ) bool {
	t := p.ahead(i)
	if t.kind != tokSign {
		return t.kind != tokEnd && (t.kind != tokName || t.text != "instanceof")
	}
	switch t.text {
	case "(", "[", "!", "~":
		return true
	case "+", "-", "++", "--":
		return of.class == nil && of.kind != KindString && of.array == ""
	}
	return false
}

// chain reads a primary expression and what follows it with dots and brackets.
func (p *parser) chain() *node {
	n := p.primary()
	for count := 0; ; count++ {
		if count > 1000 {
			panic(faultAt(p.peek().off, "an expression has more than [1000] links"))
		}
		t := p.peek()
		if t.kind != tokSign {
			return n
		}
		switch t.text {
		case ".", "?.":
			p.next()
			name := p.peek()
			if name.kind != tokName && name.kind != tokNumber {
				p.unexpected("DOTID")
			}
			p.next()
			if name.kind == tokName && p.is("(") {
				n = &node{kind: nodeCall, off: t.off, text: name.text, safe: t.text == "?.", kids: append([]*node{n}, p.arguments()...)}
			} else {
				n = &node{kind: nodeField, off: t.off, text: name.text, safe: t.text == "?.", kids: []*node{n}}
			}
		case "[":
			p.next()
			index := p.expression()
			p.want("]")
			n = &node{kind: nodeIndex, off: t.off, kids: []*node{n, index}}
		default:
			return n
		}
	}
}

func (p *parser) arguments() []*node {
	p.want("(")
	var list []*node
	for !p.accept(")") {
		if len(list) > 0 {
			p.want(",")
		}
		list = append(list, p.expression())
	}
	return list
}

func (p *parser) primary() *node {
	t := p.peek()
	switch t.kind {
	case tokNumber:
		p.next()
		return number(t)
	case tokString:
		p.next()
		return &node{kind: nodeConst, off: t.off, value: StringOf(t.text)}
	case tokRegex:
		p.next()
		return &node{kind: nodeRegex, off: t.off, text: t.text, flags: t.flags}
	case tokSign:
		switch t.text {
		case "(":
			p.next()
			n := p.expression()
			p.want(")")
			return n
		case "[":
			return p.listOrMap()
		case "$":
			p.next()
			return &node{kind: nodeCallLocal, off: t.off, text: "$", kids: p.arguments()}
		}
	case tokName:
		return p.named()
	}
	p.unexpected("")
	return nil
}

// named reads a primary expression that begins with a word.
func (p *parser) named() *node {
	t := p.peek()
	switch t.text {
	case "true", "false":
		p.next()
		return &node{kind: nodeConst, off: t.off, value: BoolOf(t.text == "true")}
	case "null":
		p.next()
		return &node{kind: nodeConst, off: t.off}
	case "new":
		return p.newObject()
	case "this":
		if p.ahead(1).text == "::" {
			p.at += 2
			return &node{kind: nodeRef, off: t.off, text: p.name()}
		}
	}
	if keywords[t.text] {
		p.unexpected("")
	}
	if of, end, ok := p.typeAt(0); ok && p.ahead(end).kind == tokSign {
		switch p.ahead(end).text {
		case "::":
			p.at += end + 1
			n := &node{kind: nodeRef, off: t.off, of: of, class: classOfType(of)}
			if p.word("new") {
				p.next()
				n.text = "new"
			} else {
				n.text = p.name()
			}
			return n
		case ".":
			if c := classOfType(of); c != nil {
				p.at += end
				return &node{kind: nodeClass, off: t.off, class: c}
			}
		}
	}
	p.next()
	switch {
	case p.is("("):
		return &node{kind: nodeCallLocal, off: t.off, text: t.text, kids: p.arguments()}
	case p.is("::"):
		p.next()
		return &node{kind: nodeRef, off: t.off, text: p.name(), kids: []*node{{kind: nodeName, off: t.off, text: t.text}}}
	}
	return &node{kind: nodeName, off: t.off, text: t.text}
}

func (p *parser) newObject() *node {
	off := p.next().off
	name := p.peek()
	of, end, ok := p.typeAt(0)
	if !ok {
		if name.kind == tokName {
			panic(faultAt(name.off, "cannot resolve type [%s]", name.text))
		}
		p.unexpected("TYPE")
	}
	p.at += end
	switch {
	case of.array != "" && p.is("{"):
		p.next()
		n := &node{kind: nodeNewArray, off: off, of: of, init: true}
		for !p.accept("}") {
			if len(n.kids) > 0 {
				p.want(",")
			}
			n.kids = append(n.kids, p.expression())
		}
		return n
	case of.array == "" && p.accept("["):
		n := &node{kind: nodeNewArray, off: off, of: typ{kind: KindList, array: of.String() + "[]"}, kids: []*node{p.expression()}}
		p.want("]")
		if p.is("[") {
			panic(faultAt(off, "arrays of several dimensions are not supported by this store"))
		}
		return n
	}
	c := classOfType(of)
	if c == nil {
		panic(faultAt(off, "cannot create an object of type [%s]", of))
	}
	return &node{kind: nodeNew, off: off, class: c, of: of, kids: p.arguments()}
}

func (p *parser) listOrMap() *node {
	off := p.want("[").off
	if p.accept(":") {
		p.want("]")
		return &node{kind: nodeMapInit, off: off}
	}
	n := &node{kind: nodeList, off: off}
	for !p.accept("]") {
		if len(n.kids) > 0 {
			p.want(",")
		}
		n.kids = append(n.kids, p.expression())
		if len(n.kids) == 1 && p.is(":") {
			n.kind = nodeMapInit
		}
		if n.kind == nodeMapInit {
			p.want(":")
			n.kids = append(n.kids, p.expression())
		}
	}
	return n
}

// lambda reads a lambda when one begins here, else it returns nil.
func (p *parser) lambda() *node {
	t := p.peek()
	switch {
	case t.kind == tokName && p.ahead(1).kind == tokSign && p.ahead(1).text == "->" && !keywords[t.text]:
		p.at++
		return p.lambdaBody(t.off, []param{{typDef, t.text}})
	case p.is("("):
		params, end, ok := p.lambdaParams()
		if !ok {
			return nil
		}
		p.at += end
		return p.lambdaBody(t.off, params)
	}
	return nil
}

// lambdaParams reads (a, int b) before an arrow, without moving.
func (p *parser) lambdaParams() (list []param, end int, ok bool) {
	for i := 1; ; {
		t := p.ahead(i)
		if t.kind == tokSign && t.text == ")" {
			return list, i + 1, p.ahead(i+1).kind == tokSign && p.ahead(i+1).text == "->"
		}
		if len(list) > 0 {
			if t.kind != tokSign || t.text != "," {
				return nil, 0, false
			}
			i++
		}
		one := param{of: typDef}
		if of, end, ok := p.typeAt(i); ok && p.ahead(end).kind == tokName {
			one.of, i = of, end
		}
		if n := p.ahead(i); n.kind == tokName && !keywords[n.text] {
			one.name = n.text
			list = append(list, one)
			i++
			continue
		}
		return nil, 0, false
	}
}

func (p *parser) lambdaBody(off int, params []param) *node {
	p.want("->")
	n := &node{kind: nodeLambda, off: off, params: params}
	if p.is("{") {
		n.kids = []*node{p.block()}
	} else {
		n.kids = []*node{p.expression()}
	}
	return n
}

// number reads a literal.
func number(t *token) *node {
	n := &node{kind: nodeConst, off: t.off}
	text := strings.TrimPrefix(t.text, "-")
	minus := len(text) != len(t.text)
	sign := ""
	if minus {
		sign = "-"
	}
	hex := len(text) > 1 && text[1]|0x20 == 'x'
	last := text[len(text)-1] | 0x20
	switch {
	case !hex && (last == 'f' || last == 'd' || strings.ContainsAny(text, ".eE")):
		x, err := strconv.ParseFloat(sign+strings.TrimRight(text, "fFdD"), 64)
		if err != nil || math.IsInf(x, 0) {
			panic(faultAt(t.off, "Invalid double constant [%s].", t.text))
		}
		n.value = DoubleOf(x)
		if last == 'f' {
			n.value = floatOf(x)
		}
	default:
		digits, base := strings.TrimRight(text, "lL"), 10
		switch {
		case hex:
			digits, base = digits[2:], 16
		case len(digits) > 1 && digits[0] == '0':
			base = 8
		}
		whole, err := strconv.ParseUint(digits, base, 64)
		long := last == 'l'
		v, ok := signed(whole, minus, base != 10, long)
		switch {
		case err == nil && ok && long:
			n.value = LongOf(v)
		case err == nil && ok:
			n.value = IntOf(int32(v))
		case err == nil && !long && (whole <= math.MaxInt64):
			panic(faultAt(t.off, "Invalid int constant [%s]. If you want a long constant then change it to [%sL].", t.text, t.text))
		case long:
			panic(faultAt(t.off, "Invalid long constant [%s].", t.text))
		default:
			panic(faultAt(t.off, "Invalid int constant [%s].", t.text))
		}
	}
	return n
}

// signed fits a literal into a long or an int.
func signed(whole uint64, minus, bits, long bool) (int64, bool) {
	width := uint(31)
	if long {
		width = 63
	}
	limit := uint64(1) << width
	if minus {
		return -int64(whole), whole <= limit
	}
	if bits && whole >= limit && (long || whole>>32 == 0) { // 0xFFFFFFFF is -1
		if long {
			return int64(whole), true
		}
		return int64(int32(uint32(whole))), true
	}
	return int64(whole), whole < limit
}
