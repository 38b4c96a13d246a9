package ruby

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
	if !p.tok.space { // x.is_a?String, x.count"="
		switch p.tok.kind {
		case tokString, tokIdent, tokConst, tokIVar:
			return true
		}
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
