package painless

import "strings"

// maxDepth bounds how deep constructs are nested: a parser that recurses must not run out of stack.
const maxDepth = 200

type parser struct {
	tokens    []token
	at, depth int
}

// program is a parsed script.
type program struct {
	functions []*functionNode
	body      *node
}

// parse reads a script. Faults leave it as panics of type *fault, which parseScript recovers.
func parseScript(src string) (p *program, err *fault) {
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(*fault)
			if !ok {
				panic(r)
			}
			p, err = nil, f
		}
	}()
	q := &parser{tokens: tokens}
	out := &program{body: &node{kind: nodeBlock}}
	for q.isFunction() {
		out.functions = append(out.functions, q.function())
	}
	for q.peek().kind != tokEnd {
		if s := q.statement(); s != nil {
			out.body.kids = append(out.body.kids, s)
		}
	}
	return out, nil
}

func (p *parser) peek() *token { return &p.tokens[p.at] }

func (p *parser) ahead(n int) *token {
	if p.at+n >= len(p.tokens) {
		return &p.tokens[len(p.tokens)-1]
	}
	return &p.tokens[p.at+n]
}

func (p *parser) next() *token {
	t := &p.tokens[p.at]
	if t.kind != tokEnd {
		p.at++
	}
	return t
}

func (p *parser) is(sign string) bool {
	t := p.peek()
	return t.kind == tokSign && t.text == sign
}

func (p *parser) word(name string) bool {
	t := p.peek()
	return t.kind == tokName && t.text == name
}

func (p *parser) accept(sign string) bool {
	if p.is(sign) {
		p.at++
		return true
	}
	return false
}

// unexpected reports the token at hand.
func (p *parser) unexpected(expecting string) {
	t := p.peek()
	if t.kind == tokEnd {
		panic(faultAt(t.off, "unexpected end of script."))
	}
	text := t.text
	if t.kind == tokString {
		text = "'" + text + "'"
	}
	panic(faultAt(t.off, "unexpected token ['%s']%s", clip(text), expectedSuffix(expecting)))
}

func expectedSuffix(expecting string) string {
	if expecting == "" {
		return "."
	}
	return " was expecting one of [{" + expecting + "}]."
}

func (p *parser) want(sign string) *token {
	if !p.is(sign) {
		p.unexpected("'" + sign + "'")
	}
	return p.next()
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		panic(faultAt(p.peek().off, "the script is nested more than [%d] deep", maxDepth))
	}
}

func (p *parser) leave() { p.depth-- }

// name reads the name of a variable or function.
func (p *parser) name() string {
	t := p.peek()
	if t.kind != tokName || keywords[t.text] {
		p.unexpected("ID")
	}
	p.at++
	return t.text
}

// typeAt reads a type at token i, without moving; ok is false when there is none.
func (p *parser) typeAt(i int) (t typ, end int, ok bool) {
	first := p.ahead(i)
	if first.kind != tokName || keywords[first.text] {
		return typ{}, 0, false
	}
	name := first.text
	i++
	t, ok = primitives[name]
	if !ok {
		var c *class
		if c = classes[name]; c == nil && p.ahead(i).text != "." {
			return typ{}, 0, false
		}
		for p.ahead(i).kind == tokSign && p.ahead(i).text == "." && p.ahead(i+1).kind == tokName {
			longer := name + "." + p.ahead(i+1).text
			known := classes[longer]
			if known == nil && !isPackage(longer) {
				break
			}
			c, name, i = known, longer, i+2
		}
		if c == nil || c.hidden {
			return typ{}, 0, false
		}
		t = c.typ()
	}
	for p.ahead(i).text == "[" && p.ahead(i).kind == tokSign && p.ahead(i+1).text == "]" && p.ahead(i+1).kind == tokSign {
		t = typ{kind: KindList, array: t.String() + "[]"}
		i += 2
	}
	return t, i, true
}

// isPackage says that a dotted name begins the full name of a class.
func isPackage(name string) bool {
	for full := range classes {
		if strings.HasPrefix(full, name+".") {
			return true
		}
	}
	return false
}

// declares says that a declaration begins at the token at hand: a type and a name.
func (p *parser) declares() (t typ, end int, ok bool) {
	t, end, ok = p.typeAt(0)
	if !ok {
		// an unknown type before a name is a type that is missing, not an expression
		if a, b := p.peek(), p.ahead(1); a.kind == tokName && !keywords[a.text] && b.kind == tokName && !keywords[b.text] {
			panic(faultAt(a.off, "invalid declaration: cannot resolve type [%s]", a.text))
		}
		return t, end, false
	}
	n := p.ahead(end)
	return t, end, n.kind == tokName && !keywords[n.text]
}

func (p *parser) isFunction() bool {
	_, end, ok := p.typeAt(0)
	return ok && p.ahead(end).kind == tokName && !keywords[p.ahead(end).text] && p.ahead(end+1).text == "(" && p.ahead(end+1).kind == tokSign
}

func (p *parser) function() *functionNode {
	f := &functionNode{off: p.peek().off}
	t, end, _ := p.typeAt(0)
	f.returns = t
	p.at += end
	f.name = p.name()
	p.want("(")
	for !p.accept(")") {
		if len(f.params) > 0 {
			p.want(",")
		}
		t, end, ok := p.declares()
		if !ok {
			p.unexpected("TYPE")
		}
		p.at += end
		f.params = append(f.params, param{t, p.name()})
	}
	f.body = p.block()
	return f
}

func (p *parser) block() *node {
	p.enter()
	defer p.leave()
	b := &node{kind: nodeBlock, off: p.want("{").off}
	for !p.accept("}") {
		if p.peek().kind == tokEnd {
			p.unexpected("'}'")
		}
		if s := p.statement(); s != nil {
			b.kids = append(b.kids, s)
		}
	}
	return b
}

// trailer is what follows if, else, for and while.
func (p *parser) trailer() *node {
	if p.is("{") {
		return p.block()
	}
	s := p.statement()
	if s == nil {
		return &node{kind: nodeBlock, off: p.peek().off}
	}
	return &node{kind: nodeBlock, off: s.off, kids: []*node{s}}
}

// statement reads one statement; nil is an empty one.
func (p *parser) statement() *node {
	p.enter()
	defer p.leave()
	t := p.peek()
	if t.kind == tokName {
		switch t.text {
		case "if":
			return p.ifStatement()
		case "while":
			p.next()
			return &node{kind: nodeWhile, off: t.off, kids: []*node{p.condition(), p.trailer()}}
		case "for":
			return p.forStatement()
		case "try":
			return p.tryStatement()
		}
	}
	if p.accept(";") {
		return nil
	}
	s := p.simple()
	if p.peek().kind != tokEnd && !p.is("}") {
		p.want(";")
	}
	return s
}

func (p *parser) condition() *node {
	p.want("(")
	c := p.expression()
	p.want(")")
	return c
}

func (p *parser) ifStatement() *node {
	n := &node{kind: nodeIf, off: p.next().off}
	n.kids = append(n.kids, p.condition(), p.trailer())
	if p.word("else") {
		p.next()
		n.kids = append(n.kids, p.trailer())
	}
	return n
}

func (p *parser) forStatement() *node {
	off := p.next().off
	p.want("(")
	if p.peek().kind == tokName && p.ahead(1).kind == tokName && p.ahead(1).text == "in" {
		name := p.name()
		p.next()
		return p.each(off, typDef, name)
	}
	if !p.is(";") {
		if t, end, ok := p.declares(); ok && p.ahead(end+1).text == ":" && p.ahead(end+1).kind == tokSign {
			p.at += end
			name := p.name()
			p.next()
			return p.each(off, t, name)
		}
	}
	n := &node{kind: nodeFor, off: off, kids: make([]*node, 4)}
	if !p.is(";") {
		n.kids[0] = p.initializer()
	}
	p.want(";")
	if !p.is(";") {
		n.kids[1] = p.expression()
	}
	p.want(";")
	if !p.is(")") {
		n.kids[2] = p.expression()
	}
	p.want(")")
	n.kids[3] = p.trailer()
	return n
}

func (p *parser) each(off int, t typ, name string) *node {
	n := &node{kind: nodeEach, off: off, of: t, text: name}
	n.kids = append(n.kids, p.expression())
	p.want(")")
	n.kids = append(n.kids, p.trailer())
	return n
}

func (p *parser) initializer() *node {
	if _, _, ok := p.declares(); ok {
		return p.declaration()
	}
	off := p.peek().off
	return &node{kind: nodeExpr, off: off, kids: []*node{p.expression()}}
}

// declaration reads one or more variables of a type.
func (p *parser) declaration() *node {
	t, end, _ := p.declares()
	off := p.peek().off
	if t.void {
		panic(faultAt(off, "invalid declaration: cannot declare a variable of type [void]"))
	}
	p.at += end
	var list []*node
	for {
		n := &node{kind: nodeDeclare, off: off, of: t}
		if len(list) > 0 {
			n.off = p.peek().off
		}
		n.text = p.name()
		if p.accept("=") {
			n.kids = []*node{p.expression()}
		}
		list = append(list, n)
		if !p.accept(",") {
			break
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	return &node{kind: nodeBlock, off: off, kids: list, init: true} // init: without a scope of its own
}

func (p *parser) tryStatement() *node {
	n := &node{kind: nodeTry, off: p.next().off}
	n.kids = []*node{p.block()}
	for p.word("catch") {
		c := trap{off: p.next().off}
		p.want("(")
		t, end, ok := p.declares()
		if !ok {
			p.unexpected("TYPE")
		}
		if t.class == nil || t.class.throwable == "" {
			panic(faultAt(p.peek().off, "cannot cast from [%s] to [java.lang.Exception]", t))
		}
		p.at += end
		c.class, c.name = t.class, p.name()
		p.want(")")
		c.body = p.block()
		n.traps = append(n.traps, c)
	}
	if len(n.traps) == 0 {
		p.unexpected("'catch'")
	}
	return n
}

// simple reads a statement that ends with a semicolon.
func (p *parser) simple() *node {
	t := p.peek()
	if t.kind == tokName {
		switch t.text {
		case "do":
			p.next()
			body := p.block()
			if !p.word("while") {
				p.unexpected("'while'")
			}
			p.next()
			return &node{kind: nodeDo, off: t.off, kids: []*node{body, p.condition()}}
		case "continue":
			p.next()
			return &node{kind: nodeContinue, off: t.off}
		case "break":
			p.next()
			return &node{kind: nodeBreak, off: t.off}
		case "return":
			p.next()
			n := &node{kind: nodeReturn, off: t.off}
			if !p.is(";") && !p.is("}") && p.peek().kind != tokEnd {
				n.kids = []*node{p.expression()}
			}
			return n
		case "throw":
			p.next()
			return &node{kind: nodeThrow, off: t.off, kids: []*node{p.expression()}}
		}
		if _, _, ok := p.declares(); ok {
			return p.declaration()
		}
	}
	return &node{kind: nodeExpr, off: t.off, kids: []*node{p.expression()}}
}
