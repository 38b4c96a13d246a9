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

func (p *parser) methodCall(recv expr) (expr, error) {
	call := &callExpr{recv: recv, safe: p.tok.text == "&."}
	if err := p.afterOperator(); err != nil {
		return nil, err
	}
	if p.isOp("(") { // f.(x) is f.call(x)
		call.pos, call.name = p.tok.pos, "call"
		p.tok.space = false
		return call, p.callRest(call)
	}
	if p.tok.kind != tokIdent && p.tok.kind != tokConst {
		return nil, p.unexpected("a method's name")
	}
	call.pos, call.name = p.tok.pos, p.tok.text
	if err := p.advance(); err != nil {
		return nil, err
	}
	return call, p.callRest(call)
}

// callRest reads a call's arguments, in parentheses or not, and its block.
func (p *parser) callRest(call *callExpr) (err error) {
	switch {
	case p.isOp("(") && !p.tok.space:
		if err = p.advance(); err != nil {
			return err
		}
		call.args, err = p.arguments(")")
	case p.beginsArgument():
		call.args, err = p.commandArguments()
	}
	if err != nil {
		return err
	}
	call.args, call.block, err = blockArgument(call.args)
	if err != nil {
		return err
	}
	if p.isOp("{") || p.isKeyword("do") && !p.noDo {
		if call.block != nil {
			return syntaxErrorf(p.tok.pos, "this call has two blocks")
		}
		call.block, err = p.block()
	}
	return err
}

// blockArgument takes &:name from the end of an argument list.
func blockArgument(args []expr) ([]expr, *blockExpr, error) {
	for i, a := range args {
		if b, ok := a.(*blockExpr); ok {
			if i != len(args)-1 {
				return nil, nil, syntaxErrorf(b.pos, "&:%s must be the last argument", b.symbol)
			}
			return args[:i], b, nil
		}
	}
	return args, nil, nil
}

// beginsArgument says whether the current token begins the argument of a call without parentheses.
func (p *parser) beginsArgument() bool {
	if !p.tok.space {
		return false
	}
	switch p.tok.kind {
	case tokString, tokInt, tokFloat, tokIdent, tokConst, tokIVar, tokGlobal, tokSymbol, tokRegex, tokWords, tokLabel:
		return true
	case tokKeyword:
		switch p.tok.text {
		case "nil", "true", "false", "not", "case", "defined?":
			return true
		}
	case tokOp:
		switch p.tok.text {
		case "[", "-", "*", "&", "!":
			return p.tok.tight || p.tok.text == "["
		case "(":
			return true
		}
	}
	return false
}

func (p *parser) commandArguments() ([]expr, error) {
	p.argDepth++
	defer func() { p.argDepth-- }()
	var args []expr
	for {
		done, err := p.argument(&args)
		if err != nil || done || !p.isOp(",") {
			return args, err
		}
		if err := p.afterOperator(); err != nil {
			return nil, err
		}
	}
}

// arguments reads up to the closing bracket.
func (p *parser) arguments(closing string) ([]expr, error) {
	p.argDepth++
	noDo := p.noDo
	p.noDo = false
	defer func() { p.argDepth--; p.noDo = noDo }()
	var args []expr
	for {
		if err := p.skipNewlines(); err != nil {
			return nil, err
		}
		if ok, err := p.acceptOp(closing); ok || err != nil {
			return args, err
		}
		if _, err := p.argument(&args); err != nil {
			return nil, err
		}
		if err := p.skipNewlines(); err != nil {
			return nil, err
		}
		if !p.isOp(closing) {
			if !p.isOp(",") {
				return nil, p.unexpected(`"," or "` + closing + `"`)
			}
			if err := p.advance(); err != nil {
				return nil, err
			}
		}
	}
}

// argument reads one argument. Pairs (a: 1, "b" => 2) gather in one hash at the end; done says that
// nothing may follow.
func (p *parser) argument(args *[]expr) (done bool, err error) {
	at := p.tok.pos
	if p.isOp("&") {
		b, err := p.symbolBlock()
		*args = append(*args, b)
		return true, err
	}
	if p.isOp("**") {
		return false, syntaxErrorf(at, "** in arguments is not supported")
	}
	var key expr
	if p.tok.kind == tokLabel {
		key = &literalExpr{node{at}, Symbol(p.tok.text)}
		if err := p.advance(); err != nil {
			return false, err
		}
	} else {
		x, err := p.notOrExpression()
		if err != nil {
			return false, err
		}
		if !p.isOp("=>") {
			*args = append(*args, x)
			return false, nil
		}
		key = x
		if err := p.advance(); err != nil {
			return false, err
		}
	}
	if err := p.skipNewlines(); err != nil {
		return false, err
	}
	value, err := p.notOrExpression()
	if err != nil {
		return false, err
	}
	h, ok := lastPairs(*args)
	if !ok {
		h = &hashExpr{node: node{at}}
		*args = append(*args, &pairsExpr{h})
	}
	h.keys, h.values = append(h.keys, key), append(h.values, value)
	return false, nil
}

// pairsExpr is the hash that an argument list's pairs make, told apart from a hash in braces.
type pairsExpr struct{ *hashExpr }

func lastPairs(args []expr) (*hashExpr, bool) {
	if len(args) == 0 {
		return nil, false
	}
	pairs, ok := args[len(args)-1].(*pairsExpr)
	if !ok {
		return nil, false
	}
	return pairs.hashExpr, true
}

func (p *parser) notOrExpression() (expr, error) {
	if p.isKeyword("not") {
		return p.lowNot()
	}
	return p.expressionOrSplat()
}

func (p *parser) symbolBlock() (*blockExpr, error) {
	b := &blockExpr{node: node{p.tok.pos}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokIdent || p.tok.kind == tokIVar || p.isOp("->") { // a lambda
		x, err := p.primary()
		b.lambda = x
		return b, err
	}
	if p.tok.kind != tokSymbol {
		return nil, syntaxErrorf(b.pos, "only a method's name or a lambda can follow &, as in map(&:upcase)")
	}
	b.symbol = p.tok.text
	return b, p.advance()
}

// block reads { |a, b| … } or do |a, b| … end; names are parameters that stand before it, as those of ->(a, b).
func (p *parser) block(names ...string) (*blockExpr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	b := &blockExpr{node: node{p.tok.pos}}
	closing := "}"
	if p.tok.text == "do" {
		closing = "end"
	}
	outer, first := p.scope, p.slots
	argDepth, noDo := p.argDepth, p.noDo
	p.scope = &scope{outer: outer, names: map[string]int{}}
	p.argDepth, p.noDo = 0, false
	p.loops++
	defer func() { p.scope, p.argDepth, p.noDo = outer, argDepth, noDo; p.loops-- }()
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.skipNewlines(); err != nil {
		return nil, err
	}
	for _, name := range names {
		b.params = append(b.params, p.declareHere(name))
	}
	if err := p.blockParams(b); err != nil {
		return nil, err
	}
	body, err := p.bodyWithRescue()
	if err != nil {
		return nil, err
	}
	b.body = body
	if len(b.params) == 0 {
		b.params = p.implicitParams()
	}
	for slot := first; slot < p.slots; slot++ {
		b.locals = append(b.locals, slot)
	}
	if closing == "end" {
		return b, p.expectKeyword("end", "do", b.pos)
	}
	return b, p.expectOp("}")
}

// implicitParams finds _1, _2 and it, which stand for a block's arguments when it names none.
func (p *parser) implicitParams() []int {
	var params []int
	for _, name := range []string{"_1", "_2"} {
		if slot, ok := p.scope.names[name]; ok {
			params = append(params, slot)
		}
	}
	if slot, ok := p.scope.names["it"]; ok && params == nil {
		params = []int{slot}
	}
	return params
}

func (p *parser) blockParams(b *blockExpr) error {
	if ok, err := p.acceptOp("||"); ok || err != nil {
		return err
	}
	if !p.isOp("|") {
		return nil
	}
	for {
		if err := p.advance(); err != nil {
			return err
		}
		if p.isOp("|") {
			return p.advance()
		}
		if p.tok.kind != tokIdent {
			return syntaxErrorf(p.tok.pos, "only plain names can stand between | and |, found %s", p.tok.describe())
		}
		b.params = append(b.params, p.declareHere(p.tok.text))
		if err := p.advance(); err != nil {
			return err
		}
		if p.isOp("|") {
			return p.advance()
		}
		if !p.isOp(",") {
			return p.unexpected(`"," or "|"`)
		}
	}
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
		return nil, syntaxErrorf(at.pos, "write the constant without the leading ::")
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
