package ruby

import "slices"

// parser is a recursive-descent parser over the lexer's tokens. It resolves local variables to slots on
// the way, since Ruby's grammar depends on which names are local.
type parser struct {
	lex   lexer
	tok   token
	scope *scope
	slots int
	depth int
	noDo  bool // in the condition of while and until, whose do is not a block's
	// argDepth > 0 inside arguments and brackets, where a comma does not continue an assignment.
	argDepth  int
	inDefined bool // inside defined?, where a name need not have a value
	loops     int  // loops and blocks around this place: break and next stand only in one
	rescues   int  // rescue clauses around this place: retry stands only in one
	// definitions are the methods that the program defines, by name; nil for one that is yet to be read.
	definitions  map[string]*definition
	inDefinition bool
}

// scope is the variables of the program or of a block; a block sees those around it.
type scope struct {
	outer *scope
	names map[string]int
}

func (p *parser) lookup(name string) (int, bool) {
	for s := p.scope; s != nil; s = s.outer {
		if slot, ok := s.names[name]; ok {
			return slot, true
		}
	}
	return 0, false
}

func (p *parser) declare(name string) int {
	if slot, ok := p.lookup(name); ok {
		return slot
	}
	return p.declareHere(name)
}

// declareHere makes a variable in the innermost scope, hiding an outer one.
func (p *parser) declareHere(name string) int {
	slot := p.slots
	p.slots++
	p.scope.names[name] = slot
	return slot
}

func newParser(src string) *parser {
	p := &parser{scope: &scope{names: map[string]int{}}, definitions: map[string]*definition{}}
	for _, found := range definedNames.FindAllStringSubmatch(src, -1) {
		p.definitions[found[1]] = nil
	}
	p.lex = newLexer(src, Pos{1, 1}, p.isLocal)
	return p
}

func (p *parser) isLocal(name string) bool {
	_, ok := p.lookup(name)
	return ok || name == "event"
}

// parse reads a whole program.
func (p *parser) parse() (expr, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	body, err := p.statements()
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokEOF {
		return nil, p.unexpected("")
	}
	return body, nil
}

func (p *parser) advance() (err error) {
	p.tok, err = p.lex.next()
	return err
}

func (p *parser) unexpected(wanted string) error {
	if p.tok.kind == tokKeyword {
		if reason := refusedKeywords[p.tok.text]; reason != "" {
			return syntaxErrorf(p.tok.pos, "%s: %s", p.tok.text, reason)
		}
	}
	if wanted == "" {
		return syntaxErrorf(p.tok.pos, "unexpected %s", p.tok.describe())
	}
	return syntaxErrorf(p.tok.pos, "expected %s, found %s", wanted, p.tok.describe())
}

var refusedKeywords = map[string]string{
	"class":  "defining classes is not supported",
	"module": "defining modules is not supported",
	"yield":  "there is no method here to yield from", "redo": "is not supported",
	"retry": "stands only in a rescue", "super": "there is no method here", "undef": "is not supported", "alias": "is not supported",
	"BEGIN": "is not supported", "END": "is not supported", "self": "has no meaning in a pipeline; use event",
	"__FILE__": "is not supported", "__LINE__": "is not supported", "__method__": "is not supported", "in": "pattern matching is not supported",
}

func (p *parser) isOp(ops ...string) bool {
	return p.tok.kind == tokOp && slices.Contains(ops, p.tok.text)
}

func (p *parser) isKeyword(words ...string) bool {
	return p.tok.kind == tokKeyword && slices.Contains(words, p.tok.text)
}

// acceptOp passes over the operator if it is the current token.
func (p *parser) acceptOp(op string) (bool, error) {
	if !p.isOp(op) {
		return false, nil
	}
	return true, p.advance()
}

func (p *parser) expectOp(op string) error {
	if !p.isOp(op) {
		return p.unexpected(`"` + op + `"`)
	}
	return p.advance()
}

func (p *parser) expectKeyword(word, opened string, at Pos) error {
	if !p.isKeyword(word) {
		if p.tok.kind == tokEOF {
			return syntaxErrorf(at, "this %s has no end", opened)
		}
		return p.unexpected(`"` + word + `"`)
	}
	return p.advance()
}

func (p *parser) skipNewlines() error {
	for p.tok.kind == tokNewline {
		if err := p.advance(); err != nil {
			return err
		}
	}
	return nil
}

// enter counts one level of nesting.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxNesting {
		return syntaxErrorf(p.tok.pos, "nested more than %d levels deep", maxNesting)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// statements reads up to a token that cannot begin one: end, else, }, …
func (p *parser) statements() (expr, error) {
	body := &bodyExpr{node: node{p.tok.pos}}
	for {
		if err := p.skipNewlines(); err != nil {
			return nil, err
		}
		if p.endsBody() {
			break
		}
		st, err := p.statement()
		if err != nil {
			return nil, err
		}
		body.list = append(body.list, st)
		if p.tok.kind != tokNewline && !p.endsBody() {
			return nil, p.unexpected("the end of the statement")
		}
	}
	if len(body.list) == 1 {
		return body.list[0], nil
	}
	return body, nil
}

func (p *parser) endsBody() bool {
	return p.tok.kind == tokEOF || p.isOp("}", ")") || p.isKeyword("end", "else", "elsif", "when", "rescue", "ensure")
}

// statement reads an expression with its modifiers: x if y, x unless y, x while y, x rescue y.
func (p *parser) statement() (expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	x, err := p.lowLogic()
	for err == nil && p.isKeyword("if", "unless", "while", "until", "rescue") {
		word, at := p.tok.text, p.tok.pos
		if err = p.advance(); err != nil {
			break
		}
		var y expr
		if y, err = p.lowLogic(); err != nil {
			break
		}
		switch word {
		case "if":
			x = &ifExpr{node{at}, y, x, nil}
		case "unless":
			x = &ifExpr{node{at}, y, nil, x}
		case "rescue":
			x = &rescueExpr{node: node{at}, body: x, clauses: []rescueClause{{slot: -1, body: y}}}
		default:
			_, isBegin := x.(*rescueExpr)
			x = &loopExpr{node: node{at}, cond: y, until: word == "until", body: x, bodyFirst: isBegin}
		}
	}
	return x, err
}

// lowLogic reads not, and, or: they bind less tightly than assignment.
func (p *parser) lowLogic() (expr, error) {
	left, err := p.lowNot()
	for err == nil && p.isKeyword("and", "or") {
		at, or := p.tok.pos, p.tok.text == "or"
		if err = p.advance(); err != nil {
			break
		}
		if err = p.skipNewlines(); err != nil {
			break
		}
		var right expr
		right, err = p.lowNot()
		left = &logicExpr{node{at}, or, left, right}
	}
	return left, err
}

func (p *parser) lowNot() (expr, error) {
	if !p.isKeyword("not") {
		return p.expression()
	}
	at := p.tok.pos
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.lowNot()
	return &notExpr{node{at}, x}, err
}
