package ruby

// keyword reads what a keyword begins: a literal word, a control structure or a jump.
func (p *parser) keyword() (expr, error) {
	at := node{p.tok.pos}
	switch p.tok.text {
	case "nil":
		return &literalExpr{at, nil}, p.advance()
	case "true":
		return &literalExpr{at, true}, p.advance()
	case "false":
		return &literalExpr{at, false}, p.advance()
	case "not":
		return p.lowNot()
	case "defined?":
		return p.defined()
	case "if", "unless", "case", "while", "until", "begin", "for", "def":
		return p.structure()
	case "lambda", "proc":
		return p.lambdaWord()
	case "retry":
		if p.rescues > 0 {
			return &jumpExpr{at, jumpRetry, nil}, p.advance()
		}
	case "return", "next", "break":
		return p.jump()
	}
	return nil, p.unexpected("")
}

// structure reads a construct that ends in end; commas and blocks inside it start afresh.
func (p *parser) structure() (x expr, err error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	argDepth, noDo := p.argDepth, p.noDo
	p.argDepth, p.noDo = 0, false
	defer func() { p.argDepth, p.noDo = argDepth, noDo }()
	switch p.tok.text {
	case "case":
		return p.caseWhen()
	case "while", "until":
		return p.loop()
	case "begin":
		return p.beginEnd()
	case "for":
		return p.forIn()
	case "def":
		return p.definition()
	}
	return p.ifElse(p.tok.text, p.tok.pos)
}

// ifElse reads if, unless and, for itself, elsif. The end belongs to the outermost.
func (p *parser) ifElse(word string, opened Pos) (expr, error) {
	x := &ifExpr{node: node{p.tok.pos}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	var err error
	if x.cond, err = p.statement(); err != nil {
		return nil, err
	}
	if p.isKeyword("then") {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if x.then, err = p.statements(); err != nil {
		return nil, err
	}
	switch {
	case p.isKeyword("elsif") && word != "unless":
		if err := p.enter(); err != nil {
			return nil, err
		}
		defer p.leave()
		x.alt, err = p.ifElse("elsif", opened)
		return x, err
	case p.isKeyword("else"):
		if err := p.advance(); err != nil {
			return nil, err
		}
		if x.alt, err = p.statements(); err != nil {
			return nil, err
		}
	}
	if word == "unless" {
		x.then, x.alt = x.alt, x.then
	}
	return x, p.expectKeyword("end", "if", opened)
}

func (p *parser) caseWhen() (expr, error) {
	x := &caseExpr{node: node{p.tok.pos}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	var err error
	if p.tok.kind != tokNewline && !p.isKeyword("when") {
		if x.subject, err = p.statement(); err != nil {
			return nil, err
		}
	}
	if err := p.skipNewlines(); err != nil {
		return nil, err
	}
	if !p.isKeyword("when") {
		return nil, p.unexpected(`"when"`)
	}
	for p.isKeyword("when") {
		clause, err := p.whenClause()
		if err != nil {
			return nil, err
		}
		x.whens = append(x.whens, clause)
	}
	if p.isKeyword("else") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if x.alt, err = p.statements(); err != nil {
			return nil, err
		}
	}
	return x, p.expectKeyword("end", "case", x.pos)
}

func (p *parser) whenClause() (whenClause, error) {
	var w whenClause
	for {
		if err := p.afterOperator(); err != nil { // when or the comma
			return w, err
		}
		p.argDepth++
		test, err := p.expressionOrSplat()
		p.argDepth--
		if err != nil {
			return w, err
		}
		w.tests = append(w.tests, test)
		if !p.isOp(",") {
			break
		}
	}
	if p.isKeyword("then") {
		if err := p.advance(); err != nil {
			return w, err
		}
	}
	body, err := p.statements()
	w.body = body
	return w, err
}

func (p *parser) loop() (expr, error) {
	x := &loopExpr{node: node{p.tok.pos}, until: p.tok.text == "until"}
	word := p.tok.text
	if err := p.advance(); err != nil {
		return nil, err
	}
	p.noDo = true
	cond, err := p.statement()
	p.noDo = false
	if err != nil {
		return nil, err
	}
	x.cond = cond
	if p.isKeyword("do") {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	p.loops++
	defer func() { p.loops-- }()
	if x.body, err = p.statements(); err != nil {
		return nil, err
	}
	return x, p.expectKeyword("end", word, x.pos)
}

// forIn reads for x in list … end: each, whose variables are those of the code around it.
func (p *parser) forIn() (expr, error) {
	at := p.tok.pos
	block := &blockExpr{node: node{at}}
	for {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.tok.kind != tokIdent {
			return nil, p.unexpected("a variable's name")
		}
		block.params = append(block.params, p.declare(p.tok.text))
		if err := p.advance(); err != nil {
			return nil, err
		}
		if !p.isOp(",") {
			break
		}
	}
	if err := p.expectKeyword("in", "for", at); err != nil {
		return nil, err
	}
	p.noDo = true
	list, err := p.statement()
	p.noDo = false
	if err != nil {
		return nil, err
	}
	if p.isKeyword("do") {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	p.loops++
	defer func() { p.loops-- }()
	if block.body, err = p.statements(); err != nil {
		return nil, err
	}
	return &callExpr{node: node{at}, recv: list, name: "each", block: block}, p.expectKeyword("end", "for", at)
}

func (p *parser) beginEnd() (expr, error) {
	at := p.tok.pos
	if err := p.advance(); err != nil {
		return nil, err
	}
	body, err := p.bodyWithRescue()
	if err != nil {
		return nil, err
	}
	if _, ok := body.(*rescueExpr); !ok {
		body = &rescueExpr{node: node{at}, body: body} // so that begin … end while c is known
	}
	return body, p.expectKeyword("end", "begin", at)
}

// bodyWithRescue reads statements and the rescue, else and ensure parts that may follow.
func (p *parser) bodyWithRescue() (expr, error) {
	body, err := p.statements()
	if err != nil || !p.isKeyword("rescue", "ensure") {
		return body, err
	}
	x := &rescueExpr{node: node{p.tok.pos}, body: body}
	for p.isKeyword("rescue") {
		clause, err := p.rescueClause()
		if err != nil {
			return nil, err
		}
		x.clauses, x.retries = append(x.clauses, clause), true
	}
	if p.isKeyword("else") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if x.alt, err = p.statements(); err != nil {
			return nil, err
		}
	}
	if p.isKeyword("ensure") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if x.ensure, err = p.statements(); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// rescueClause reads rescue A, B => name.
func (p *parser) rescueClause() (rescueClause, error) {
	c := rescueClause{slot: -1}
	if err := p.advance(); err != nil {
		return c, err
	}
	for p.tok.kind == tokConst {
		at := p.tok.pos
		x, err := p.constant()
		if err != nil {
			return c, err
		}
		for p.isOp("::") {
			if x, err = p.constantPath(x); err != nil {
				return c, err
			}
		}
		class, ok := x.(*constExpr)
		if !ok || !isErrorClass(class.name) {
			return c, syntaxErrorf(at, "this is not an error class that is known here")
		}
		c.classes = append(c.classes, class.name)
		if !p.isOp(",") {
			break
		}
		if err := p.afterOperator(); err != nil {
			return c, err
		}
	}
	if p.isOp("=>") {
		if err := p.advance(); err != nil {
			return c, err
		}
		if p.tok.kind != tokIdent {
			return c, p.unexpected("a variable's name")
		}
		c.slot = p.declare(p.tok.text)
		if err := p.advance(); err != nil {
			return c, err
		}
	}
	if p.isKeyword("then") {
		if err := p.advance(); err != nil {
			return c, err
		}
	}
	p.rescues++
	body, err := p.statements()
	p.rescues--
	c.body = body
	return c, err
}

// jump reads return, next and break with the value they may carry.
func (p *parser) jump() (expr, error) {
	j := &jumpExpr{node: node{p.tok.pos}}
	switch word := p.tok.text; word {
	case "next", "break":
		j.kind = map[string]jumpKind{"next": jumpNext, "break": jumpBreak}[word]
		if p.loops == 0 {
			return nil, syntaxErrorf(j.pos, "%s stands outside of a loop and of a block", word)
		}
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokNewline || p.endsBody() || p.isKeyword("if", "unless", "while", "until", "rescue", "and", "or") {
		return j, nil
	}
	x, err := p.expression()
	j.value = x
	return j, err
}
