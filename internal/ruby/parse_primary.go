package ruby

import (
	"strconv"
	"strings"
)

// primary reads an operand with its calls: x, x.y(z), x[i], x.each { … }.
func (p *parser) primary() (expr, error) {
	x, err := p.atom()
	if err != nil {
		return nil, err
	}
	return p.postfix(x)
}

func (p *parser) postfix(x expr) (expr, error) {
	var err error
	for {
		if _, fresh := x.(*identExpr); fresh && !p.isOp("=") && (p.isOp(".", "&.") || p.isOp("[") && !p.tok.space) {
			return p.resolve(x)
		}
		switch {
		case p.isOp(".", "&."):
			x, err = p.methodCall(x)
		case p.isOp("::"):
			x, err = p.constantPath(x)
		case p.isOp("[") && (!p.tok.space || isVariable(x)):
			x, err = p.index(x)
		default:
			return x, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func isVariable(x expr) bool {
	_, ok := x.(*localExpr)
	return ok
}

// constantPath reads LogStash::Timestamp.
func (p *parser) constantPath(x expr) (expr, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	c, ok := x.(*constExpr)
	if !ok || p.tok.kind != tokConst {
		return nil, p.unexpected("a constant's name after ::")
	}
	full := &constExpr{c.node, c.name + "::" + p.tok.text}
	return full, p.advance()
}

func (p *parser) index(recv expr) (expr, error) {
	at := p.tok.pos
	if err := p.advance(); err != nil {
		return nil, err
	}
	args, err := p.arguments("]")
	return &callExpr{node: node{at}, recv: recv, name: "[]", args: args}, err
}

// atom reads an operand without its calls.
func (p *parser) atom() (expr, error) {
	t := p.tok
	at := node{t.pos}
	switch t.kind {
	case tokInt, tokFloat:
		return p.number()
	case tokString:
		x, err := p.textParts(t)
		if err != nil {
			return nil, err
		}
		return p.adjacentTexts(x)
	case tokSymbol:
		return &literalExpr{at, Symbol(t.text)}, p.advance()
	case tokWords:
		return p.wordList()
	case tokRegex:
		src, err := p.textParts(t)
		return &regexExpr{at, src, t.text}, err
	case tokIVar:
		return &ivarExpr{at, t.text}, p.advance()
	case tokGlobal:
		if t.text == "~" {
			return &matchExpr{at, 0, true}, p.advance()
		}
		return &matchExpr{at, int(t.text[0] - '0'), false}, p.advance()
	case tokConst:
		return p.constant()
	case tokIdent:
		return p.identifier()
	case tokKeyword:
		return p.keyword()
	case tokOp:
		return p.bracketed()
	}
	return nil, p.unexpected("")
}

func (p *parser) number() (expr, error) {
	t := p.tok
	var v Value
	var err error
	if t.kind == tokInt {
		text := t.text
		if len(text) > 1 && text[0] == '0' && isDigit(text[1]) {
			text = "0o" + text[1:]
		}
		v, err = strconv.ParseInt(text, 0, 64)
	} else {
		v, err = strconv.ParseFloat(t.text, 64)
	}
	if err != nil {
		return nil, syntaxErrorf(t.pos, "the number %s does not fit 64 bits", t.text)
	}
	return &literalExpr{node{t.pos}, v}, p.advance()
}

// textParts makes a text of its pieces and passes over the token.
func (p *parser) textParts(t token) (expr, error) {
	if len(t.parts) == 0 || len(t.parts) == 1 && !t.parts[0].isCode {
		lit := ""
		if len(t.parts) == 1 {
			lit = t.parts[0].literal
		}
		return &literalExpr{node{t.pos}, lit}, p.advance()
	}
	s := &stringExpr{node: node{t.pos}}
	for _, part := range t.parts {
		x, err := p.textPart(part, t.pos)
		if err != nil {
			return nil, err
		}
		s.parts = append(s.parts, x)
	}
	return s, p.advance()
}

func (p *parser) textPart(part strPart, at Pos) (expr, error) {
	if !part.isCode {
		return &literalExpr{node{at}, part.literal}, nil
	}
	return p.interpolated(part)
}

// interpolated parses the code of #{…} in the scope around it.
func (p *parser) interpolated(part strPart) (expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	outerLex, outerTok, argDepth := p.lex, p.tok, p.argDepth
	defer func() { p.lex, p.tok, p.argDepth = outerLex, outerTok, argDepth }()
	p.lex = newLexer(part.code, part.pos, p.isLocal)
	p.argDepth = 0
	return p.parse()
}

// adjacentTexts joins "a" "b".
func (p *parser) adjacentTexts(x expr) (expr, error) {
	for p.tok.kind == tokString {
		y, err := p.textParts(p.tok)
		if err != nil {
			return nil, err
		}
		x = &stringExpr{node{x.at()}, []expr{x, y}}
	}
	return x, nil
}

func (p *parser) wordList() (expr, error) {
	a := &arrayExpr{node: node{p.tok.pos}}
	for _, w := range p.tok.words {
		var v Value = w
		if p.tok.text == "i" {
			v = Symbol(w)
		}
		a.items = append(a.items, &literalExpr{a.node, v})
	}
	return a, p.advance()
}

// constant reads a class's name or a function such as Integer(x).
func (p *parser) constant() (expr, error) {
	t := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.isOp("(") && !p.tok.space {
		call := &callExpr{node: node{t.pos}, name: t.text}
		return call, p.callRest(call)
	}
	return &constExpr{node{t.pos}, t.text}, nil
}

// identifier reads a variable, event, a function's call or a name yet to be assigned.
func (p *parser) identifier() (expr, error) {
	t := p.tok
	at := node{t.pos}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if slot, ok := p.lookup(t.text); ok {
		return &localExpr{at, slot}, nil
	}
	switch t.text {
	case "event":
		return &eventExpr{at}, nil
	case "_1", "_2", "it":
		if p.scope.outer != nil {
			return &localExpr{at, p.declareHere(t.text)}, nil
		}
	}
	if _, defined := p.definitions[t.text]; defined || functions[t.text] != nil || refusedFunctions[t.text] != "" {
		call := &callExpr{node: at, name: t.text}
		return call, p.callRest(call)
	}
	if p.isOp("(") && !p.tok.space || p.beginsArgument() && p.tok.kind != tokOp {
		return nil, syntaxErrorf(t.pos, "there is no function %q here%s", t.text, suggestFunction(t.text))
	}
	return &identExpr{at, t.text}, nil
}

func suggestFunction(name string) string {
	if strings.HasSuffix(name, "!") || strings.HasSuffix(name, "?") {
		return "; a method is called on a value, as in x." + name
	}
	return "; the program defines none of that name"
}

// bracketed reads ( … ), [ … ], { … } and operators that open an operand.
func (p *parser) bracketed() (expr, error) {
	at := node{p.tok.pos}
	switch p.tok.text {
	case "(":
		return p.parenthesis()
	case "[":
		if err := p.advance(); err != nil {
			return nil, err
		}
		items, err := p.arguments("]")
		for i, item := range items {
			if pairs, ok := item.(*pairsExpr); ok {
				items[i] = pairs.hashExpr
			}
		}
		return &arrayExpr{at, items}, err
	case "{":
		return p.hashLiteral()
	case "..", "...":
		r := &rangeExpr{node: at, exclusive: p.tok.text == "..."}
		if err := p.advance(); err != nil {
			return nil, err
		}
		var err error
		r.high, err = p.binary(4)
		return r, err
	case "->":
		return p.arrow()
	case "::":
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.tok.kind != tokConst {
			return nil, p.unexpected("a constant's name after ::")
		}
		return p.constant()
	}
	return nil, p.unexpected("")
}

func (p *parser) parenthesis() (expr, error) {
	open := p.tok.pos
	argDepth, noDo := p.argDepth, p.noDo
	p.argDepth, p.noDo = 0, false
	defer func() { p.argDepth, p.noDo = argDepth, noDo }()
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.statements()
	if err != nil {
		return nil, err
	}
	if p.tok.kind == tokEOF {
		return nil, syntaxErrorf(open, "the ( here is never closed by )")
	}
	return &bodyExpr{node{open}, []expr{x}}, p.expectOp(")")
}

func (p *parser) hashLiteral() (expr, error) {
	at := p.tok.pos
	if err := p.advance(); err != nil {
		return nil, err
	}
	args, err := p.arguments("}")
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return &hashExpr{node: node{at}}, nil
	}
	pairs, ok := args[0].(*pairsExpr)
	if !ok || len(args) != 1 {
		return nil, syntaxErrorf(at, "the hash that begins here holds something that is no key => value")
	}
	return pairs.hashExpr, nil
}
