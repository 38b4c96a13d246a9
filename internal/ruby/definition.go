package ruby

import (
	"regexp"
	"slices"
)

// definition is a method that a program defines. Its variables have slots of their own in the run's frame; a call keeps what they hold
// and puts it back, so that a method can call itself.
type definition struct {
	name       string
	pos        Pos
	params     []int
	defaults   []expr // of the last parameters
	first, end int    // its slots
	tree       expr
	body       thunk
	otherwise  []thunk // defaults, compiled
}

// maxCalls bounds how deep methods call each other.
const maxCalls = 400

// definedNames finds the names that a program defines, so that a method can be called above its definition.
var definedNames = regexp.MustCompile(`(?m)(?:^|[;\s])def\s+([a-z_]\w*[?!]?)`)

// definition reads def name(a, b = 1) … end.
func (p *parser) definition() (expr, error) {
	d := &definition{pos: p.tok.pos, first: p.slots}
	if p.scope.outer != nil || p.inDefinition {
		return nil, syntaxErrorf(d.pos, "def stands at the top of a program only")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind != tokIdent {
		return nil, syntaxErrorf(p.tok.pos, "only plain names can be defined, found %s", p.tok.describe())
	}
	d.name = p.tok.text
	if functions[d.name] != nil || refusedFunctions[d.name] != "" {
		return nil, syntaxErrorf(p.tok.pos, "%q is a function already", d.name)
	}
	if p.definitions[d.name] != nil {
		return nil, syntaxErrorf(d.pos, "the method %s is defined twice", d.name)
	}
	outer, loops, rescues := p.scope, p.loops, p.rescues
	p.scope, p.loops, p.rescues, p.inDefinition = &scope{names: map[string]int{}}, 0, 0, true
	defer func() { p.scope, p.loops, p.rescues, p.inDefinition = outer, loops, rescues, false }()
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.definitionParams(d); err != nil {
		return nil, err
	}
	body, err := p.bodyWithRescue()
	if err != nil {
		return nil, err
	}
	d.tree, d.end = body, p.slots
	p.definitions[d.name] = d
	return &literalExpr{node{d.pos}, Symbol(d.name)}, p.expectKeyword("end", "def", d.pos)
}

// definitionParams reads (a, b = 1), or a, b without parentheses.
func (p *parser) definitionParams(d *definition) error {
	closed, err := p.acceptOp("(")
	if err != nil {
		return err
	}
	for p.tok.kind == tokIdent {
		d.params = append(d.params, p.declareHere(p.tok.text))
		if err := p.advance(); err != nil {
			return err
		}
		switch {
		case p.isOp("="):
			if err := p.afterOperator(); err != nil {
				return err
			}
			p.argDepth++
			x, err := p.expression()
			p.argDepth--
			if err != nil {
				return err
			}
			d.defaults = append(d.defaults, x)
		case len(d.defaults) > 0:
			return syntaxErrorf(p.tok.pos, "a parameter without a value stands after one that has one")
		}
		if !p.isOp(",") {
			break
		}
		if err := p.afterOperator(); err != nil {
			return err
		}
	}
	if closed {
		return p.expectOp(")")
	}
	if p.tok.kind != tokNewline {
		return p.unexpected("the end of the parameters: plain names with or without a value")
	}
	return nil
}

// define compiles the methods of a program.
func (c *compiler) define(definitions map[string]*definition) error {
	c.definitions = definitions
	for _, d := range definitions {
		var err error
		if d.otherwise, err = c.all(d.defaults); err != nil {
			return err
		}
		if d.body, err = c.compile(d.tree); err != nil {
			return err
		}
	}
	return nil
}

// definedCall compiles a call of a method of the program's own.
func (c *compiler) definedCall(x *callExpr) (thunk, error) {
	d := c.definitions[x.name]
	if d == nil {
		return nil, syntaxErrorf(x.pos, "there is no function %q here", x.name)
	}
	if x.block != nil {
		return nil, syntaxErrorf(x.pos, "methods of the program take no blocks; give a lambda as an argument")
	}
	if n := len(x.args); !hasSplat(x.args) && (n > len(d.params) || n < len(d.params)-len(d.defaults)) {
		return nil, syntaxErrorf(x.pos, "%s takes %d arguments, %d are given", d.name, len(d.params), n)
	}
	args, err := c.list(x.args)
	pos := x.pos
	return func(fr *frame) (Value, error) {
		a, err := args(fr)
		if err != nil {
			return nil, err
		}
		v, err := d.call(fr, a)
		return v, withPos(err, pos)
	}, err
}

// call runs the method.
func (d *definition) call(fr *frame, args []Value) (Value, error) {
	if err := fr.step(); err != nil {
		return nil, err
	}
	if len(args) > len(d.params) || len(args) < len(d.params)-len(d.defaults) {
		return nil, argumentErrorf("wrong number of arguments for %s (given %d, expected %d)", d.name, len(args), len(d.params))
	}
	if fr.calls++; fr.calls > maxCalls {
		return nil, &limitError{"methods called each other more than 400 deep; does one call itself for ever?"}
	}
	if err := fr.grow(16 * (d.end - d.first)); err != nil {
		return nil, err
	}
	own := fr.vars[d.first:d.end]
	saved, match := slices.Clone(own), fr.match
	defer func() {
		copy(own, saved)
		fr.match = match
		fr.calls--
	}()
	clear(own)
	for i, slot := range d.params {
		if i < len(args) {
			fr.vars[slot] = args[i]
			continue
		}
		v, err := d.otherwise[i-(len(d.params)-len(d.otherwise))](fr)
		if err != nil {
			return nil, err
		}
		fr.vars[slot] = v
	}
	v, err := d.body(fr)
	if j, ok := err.(*jump); ok {
		return j.value, nil // return
	}
	return v, err
}
