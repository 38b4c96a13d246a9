package ruby

import "slices"

// procValue is a lambda: a block with the frame that it was made in. Its variables are kept and put back around a call, so that
// it can call itself.
type procValue struct {
	fr    *frame
	block *compiledBlock
}

// lambdaExpr is lambda { |x| … } and ->(x) { … }.
type lambdaExpr struct {
	node
	block *blockExpr
}

// lambdaWord reads lambda { … }, and proc, which is the same here.
func (p *parser) lambdaWord() (expr, error) {
	x := &lambdaExpr{node: node{p.tok.pos}}
	word := p.tok.text
	if err := p.advance(); err != nil {
		return nil, err
	}
	if !p.isOp("{") && !p.isKeyword("do") {
		return nil, p.unexpected("the block of " + word)
	}
	var err error
	x.block, err = p.block()
	return x, err
}

// arrow reads ->(x, y) { … }.
func (p *parser) arrow() (expr, error) {
	x := &lambdaExpr{node: node{p.tok.pos}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	closed, err := p.acceptOp("(")
	if err != nil {
		return nil, err
	}
	var names []string
	for p.tok.kind == tokIdent {
		names = append(names, p.tok.text)
		if err := p.advance(); err != nil {
			return nil, err
		}
		if !p.isOp(",") {
			break
		}
		if err := p.afterOperator(); err != nil {
			return nil, err
		}
	}
	if closed {
		if err := p.expectOp(")"); err != nil {
			return nil, err
		}
	}
	if !p.isOp("{") && !p.isKeyword("do") {
		return nil, p.unexpected("the block of ->")
	}
	x.block, err = p.block(names...)
	return x, err
}

func (c *compiler) lambda(x *lambdaExpr) (thunk, error) {
	block, err := c.block(x.block)
	return func(fr *frame) (Value, error) {
		return &procValue{fr, block}, fr.grow(64)
	}, err
}

// call runs the lambda in the run of its caller.
func (p *procValue) call(by *frame, args []Value) (Value, error) {
	if len(args) != len(p.block.params) {
		return nil, argumentErrorf("wrong number of arguments (given %d, expected %d)", len(args), len(p.block.params))
	}
	if by.calls++; by.calls > maxCalls {
		return nil, &limitError{"methods called each other more than 400 deep; does one call itself for ever?"}
	}
	if err := by.grow(16 * len(p.block.locals)); err != nil {
		return nil, err
	}
	fr := p.fr
	if fr != by { // made by init, or kept in an instance variable
		fr.steps, fr.bytes, fr.calls, fr.event = by.steps, by.bytes, by.calls, by.event
		defer func() { by.steps, by.bytes = fr.steps, fr.bytes }()
	}
	saved := make([]Value, len(p.block.locals))
	for i, slot := range p.block.locals {
		saved[i] = fr.vars[slot]
	}
	defer func() {
		for i, slot := range p.block.locals {
			fr.vars[slot] = saved[i]
		}
		by.calls--
	}()
	v, err := (&closure{fr: fr, block: p.block}).call(slices.Clip(args)...)
	if j, ok := err.(*jump); ok && j.kind == jumpReturn {
		return j.value, nil
	}
	return v, err
}

func callProc(c *call) (Value, error) { return c.recv.(*procValue).call(c.fr, c.args) }

var procMethods = table{
	"call": {0, -1, 0, callProc}, "[]": {0, -1, 0, callProc}, "===": {0, -1, 0, callProc}, "to_proc": {0, 0, 0, identity},
	"arity": {0, 0, 0, func(c *call) (Value, error) { return int64(len(c.recv.(*procValue).block.params)), nil }},
}
