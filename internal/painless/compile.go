package painless

import (
	"slices"
)

// maxSourceBytes is Elasticsearch's script.max_size_in_bytes.
const maxSourceBytes = 65_535

// outcome is how a statement ended.
type outcome uint8

const (
	goOn outcome = iota
	didBreak
	didContinue
	didReturn
)

// statement is a compiled statement.
type statement func(*frame) outcome

// compiler turns a tree into closures. Faults leave it as panics of type *fault.
type compiler struct {
	script    *Script
	functions map[string]*userFunction // by name/arguments
	scope     *scope
	returns   typ
	inMain    bool
}

// userFunction is a function of a script.
type userFunction struct {
	node *functionNode
	body statement
	size int // of its frame
}

// scope is what a function, or a lambda in it, sees.
type scope struct {
	blocks []map[string]*local
	next   int // slot
	size   int
	lambda int // how many lambdas are around
}

// local is a variable of a function.
type local struct {
	slot   int
	of     typ
	lambda int // where it was declared
}

// Compile compiles a script for a context. An error is a script_exception.
func Compile(source string, ctx Context) (*Script, error) {
	if len(source) > maxSourceBytes {
		return nil, tooLong(source)
	}
	s := &Script{source: source, lang: Lang, context: ctx, uses: map[string]bool{}}
	if f := compileInto(s); f != nil {
		return nil, compileError(source, f)
	}
	return s, nil
}

func compileInto(s *Script) (err *fault) {
	p, err := parseScript(s.source)
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(*fault)
			if !ok {
				panic(r)
			}
			err = f
		}
	}()
	c := &compiler{script: s, functions: map[string]*userFunction{}}
	for _, f := range p.functions {
		key := methodKey(f.name, len(f.params))
		if c.functions[key] != nil {
			return faultAt(f.off, "invalid function definition: function [%s/%d] already defined.", f.name, len(f.params))
		}
		c.functions[key] = &userFunction{node: f}
	}
	for _, f := range p.functions {
		c.function(c.functions[methodKey(f.name, len(f.params))])
	}
	c.main(p.body)
	slices.Sort(s.statements)
	s.statements = slices.Compact(s.statements)
	return nil
}

func methodKey(name string, args int) string {
	return name + "/" + string(appendNumber(nil, IntOf(int32(args))))
}

func (c *compiler) function(f *userFunction) {
	c.scope, c.returns, c.inMain = &scope{blocks: []map[string]*local{{}}}, f.node.returns, false
	for _, p := range f.node.params {
		c.declare(f.node.off, p.name, p.of)
	}
	body := f.node.body
	if !f.node.returns.void {
		autoReturn(body)
	}
	if !f.node.returns.void && !returns(body) {
		panic(faultAt(f.node.off, "invalid function definition: not all paths provide a return value for function [%s] with [%d] parameters", f.node.name, len(f.node.params)))
	}
	f.body = c.block(body)
	f.size = c.scope.size
}

// returns says whether a statement always ends by returning or throwing.
func returns(n *node) bool {
	switch n.kind {
	case nodeReturn, nodeThrow:
		return true
	case nodeBlock:
		return len(n.kids) > 0 && returns(n.kids[len(n.kids)-1])
	case nodeIf:
		return len(n.kids) == 3 && returns(n.kids[1]) && returns(n.kids[2])
	case nodeTry:
		for _, t := range n.traps {
			if !returns(t.body) {
				return false
			}
		}
		return returns(n.kids[0])
	case nodeWhile, nodeDo, nodeFor:
		return endless(n)
	}
	return false
}

// endless says that a loop is only left by returning.
func endless(n *node) bool {
	var cond, body *node
	switch n.kind {
	case nodeWhile:
		cond, body = n.kids[0], n.kids[1]
	case nodeDo:
		cond, body = n.kids[1], n.kids[0]
	default:
		cond, body = n.kids[1], n.kids[3]
	}
	return (cond == nil || cond.kind == nodeConst && cond.value.Bool()) && !breaks(body)
}

func breaks(n *node) bool {
	switch n.kind {
	case nodeBreak:
		return true
	case nodeBlock, nodeIf:
		return slices.ContainsFunc(n.kids, breaks)
	case nodeTry:
		return breaks(n.kids[0]) || slices.ContainsFunc(n.traps, func(t trap) bool { return breaks(t.body) })
	}
	return false
}

func resultType(r Result) typ {
	switch r {
	case ResultNone:
		return typVoid
	case ResultBool:
		return typBool
	case ResultDouble:
		return typDouble
	case ResultLong:
		return typLong
	case ResultString:
		return typString
	}
	return typDef
}

func (c *compiler) main(body *node) {
	s := c.script
	c.scope, c.returns, c.inMain = &scope{blocks: []map[string]*local{{}}}, resultType(s.context.Result), true
	if len(body.kids) == 0 {
		panic(&fault{text: "Cannot generate an empty script."})
	}
	if !c.returns.void {
		autoReturn(body)
	}
	if len(body.kids) == 1 && body.kids[0].kind == nodeReturn && len(body.kids[0].kids) == 1 {
		n := body.kids[0]
		s.statements = append(s.statements, n.off)
		e := c.cast(c.expr(n.kids[0]), c.returns, false)
		if s.slots = c.scope.size; s.slots == 0 && e.typ == typBool {
			s.truth = e.truth
		}
		s.value = e.value
		return
	}
	s.body = c.block(body)
	s.slots = c.scope.size
	if d := defaultOf(c.returns); d.kind != KindNull {
		inner := s.body
		s.body = func(fr *frame) outcome {
			fr.ret = d
			return inner(fr)
		}
	}
}

// defaultOf is what a variable without a value holds, and a script that returns nothing gives.
func defaultOf(t typ) Value {
	switch {
	case t.kind == KindBool:
		return BoolOf(false)
	case t.kind == KindFloat || t.kind == KindDouble:
		return convert(IntOf(0), t.kind)
	case t.isNumeric():
		return Value{kind: t.kind}
	}
	return Null
}

// autoReturn makes the last statement of a script its value.
func autoReturn(n *node) {
	switch n.kind {
	case nodeBlock:
		if len(n.kids) > 0 {
			autoReturn(n.kids[len(n.kids)-1])
		}
	case nodeIf:
		for _, k := range n.kids[1:] {
			autoReturn(k)
		}
	case nodeTry:
		autoReturn(n.kids[0])
		for _, t := range n.traps {
			autoReturn(t.body)
		}
	case nodeExpr:
		n.kind = nodeReturn
	}
}

func (c *compiler) declare(off int, name string, of typ) *local {
	for i := len(c.scope.blocks) - 1; i >= 0; i-- {
		if c.scope.blocks[i][name] != nil {
			panic(faultAt(off, "variable [%s] is already defined", name))
		}
	}
	if c.inMain && c.contextVar(name) >= 0 {
		panic(faultAt(off, "variable [%s] is already defined", name))
	}
	v := &local{slot: c.scope.next, of: of, lambda: c.scope.lambda}
	c.scope.next++
	c.scope.size = max(c.scope.size, c.scope.next)
	c.scope.blocks[len(c.scope.blocks)-1][name] = v
	return v
}

func (c *compiler) lookup(name string) *local {
	for i := len(c.scope.blocks) - 1; i >= 0; i-- {
		if v := c.scope.blocks[i][name]; v != nil {
			return v
		}
	}
	return nil
}

func (c *compiler) contextVar(name string) int {
	return slices.IndexFunc(c.script.context.Vars, func(v Var) bool { return v.Name == name })
}

func (c *compiler) open() { c.scope.blocks = append(c.scope.blocks, map[string]*local{}) }

func (c *compiler) close() {
	last := len(c.scope.blocks) - 1
	c.scope.next -= len(c.scope.blocks[last])
	c.scope.blocks = c.scope.blocks[:last]
}

func (c *compiler) block(n *node) statement {
	if !n.init {
		c.open()
		defer c.close()
	}
	list := make([]statement, 0, len(n.kids))
	for i, k := range n.kids {
		if i > 0 && (returns(n.kids[i-1]) || n.kids[i-1].kind == nodeBreak || n.kids[i-1].kind == nodeContinue) {
			panic(faultAt(k.off, "unreachable statement"))
		}
		list = append(list, c.statement(k))
	}
	switch len(list) {
	case 0:
		return func(*frame) outcome { return goOn }
	case 1:
		return list[0]
	}
	return func(fr *frame) outcome {
		for _, s := range list {
			if o := s(fr); o != goOn {
				return o
			}
		}
		return goOn
	}
}

func (c *compiler) statement(n *node) statement {
	if n.kind != nodeBlock {
		c.script.statements = append(c.script.statements, n.off)
	}
	switch n.kind {
	case nodeBlock:
		return c.block(n)
	case nodeIf:
		return c.ifStatement(n)
	case nodeWhile, nodeDo, nodeFor:
		return c.loop(n)
	case nodeEach:
		return c.each(n)
	case nodeDeclare:
		return c.declareStatement(n)
	case nodeContinue:
		return func(*frame) outcome { return didContinue }
	case nodeBreak:
		return func(*frame) outcome { return didBreak }
	case nodeReturn:
		return c.returnStatement(n)
	case nodeThrow:
		return c.throwStatement(n)
	case nodeTry:
		return c.tryStatement(n)
	}
	e := n.kids[0]
	switch e.kind {
	case nodeAssign, nodeAssignOp, nodeStep, nodeCall, nodeCallLocal, nodeNew, nodeTernary, nodeElvis:
	case nodeField, nodeIndex, nodeName, nodeConst, nodeBinary, nodeAnd, nodeOr, nodeUnary, nodeCast, nodeInstanceof, nodeList, nodeMapInit, nodeRegex, nodeClass, nodeNewArray:
		panic(faultAt(e.off, "not a statement: result not used from %s", describe(e)))
	}
	run := c.expr(e).value
	return func(fr *frame) outcome {
		run(fr)
		return goOn
	}
}

// describe names a construct in messages.
func describe(n *node) string {
	switch n.kind {
	case nodeBinary:
		return "operation [" + opNames[n.op] + "]"
	case nodeField:
		return "dot operator [.]"
	case nodeIndex:
		return "brace operator [[]]"
	case nodeName:
		return "variable [" + n.text + "]"
	case nodeConst:
		return "constant [" + n.value.String() + "]"
	case nodeInstanceof:
		return "instanceof"
	}
	return "expression"
}

func (c *compiler) ifStatement(n *node) statement {
	cond := c.cast(c.expr(n.kids[0]), typBool, false).truth
	then := c.block(n.kids[1])
	if len(n.kids) == 2 {
		return func(fr *frame) outcome {
			if cond(fr) {
				return then(fr)
			}
			return goOn
		}
	}
	other := c.block(n.kids[2])
	return func(fr *frame) outcome {
		if cond(fr) {
			return then(fr)
		}
		return other(fr)
	}
}

func (c *compiler) loop(n *node) statement {
	c.open()
	defer c.close()
	always := func(*frame) bool { return true }
	cond, init, after := always, func(*frame) {}, func(*frame) {}
	var body statement
	condition := func(k *node) {
		if k != nil {
			cond = c.cast(c.expr(k), typBool, false).truth
		}
	}
	switch n.kind {
	case nodeWhile:
		condition(n.kids[0])
		body = c.block(n.kids[1])
	case nodeDo:
		body = c.block(n.kids[0])
		condition(n.kids[1])
	case nodeFor:
		if k := n.kids[0]; k != nil {
			s := c.statementOrExpr(k)
			init = func(fr *frame) { s(fr) }
		}
		condition(n.kids[1])
		if k := n.kids[2]; k != nil {
			e := c.expr(k).value
			after = func(fr *frame) { e(fr) }
		}
		body = c.block(n.kids[3])
	}
	first := n.kind == nodeDo
	return func(fr *frame) outcome {
		init(fr)
		for once := first; once || cond(fr); once = false {
			fr.r.turn()
			switch body(fr) {
			case didReturn:
				return didReturn
			case didBreak:
				return goOn
			}
			after(fr)
		}
		return goOn
	}
}

// statementOrExpr compiles the initializer of a for, which may be any expression.
func (c *compiler) statementOrExpr(n *node) statement {
	if n.kind != nodeExpr {
		return c.statement(n)
	}
	e := c.expr(n.kids[0]).value
	return func(fr *frame) outcome {
		e(fr)
		return goOn
	}
}

func (c *compiler) each(n *node) statement {
	what := c.expr(n.kids[0])
	c.open()
	defer c.close()
	v := c.declare(n.off, n.text, n.of)
	as := c.converter(typDef, n.of, false, n.off)
	body := c.block(n.kids[1])
	off := n.kids[0].off
	return func(fr *frame) outcome {
		over := what.value(fr)
		fr.r.at = off
		out := goOn
		iterate(fr, over, func(item Value) bool {
			fr.r.turn()
			fr.slots[v.slot] = as(fr, item)
			switch body(fr) {
			case didReturn:
				out = didReturn
				return false
			case didBreak:
				return false
			}
			return true
		})
		return out
	}
}

func (c *compiler) declareStatement(n *node) statement {
	if len(n.kids) == 0 {
		slot := c.declare(n.off, n.text, n.of).slot
		d := defaultOf(n.of)
		return func(fr *frame) outcome {
			fr.slots[slot] = d
			return goOn
		}
	}
	e := c.cast(c.expr(n.kids[0]), n.of, false)
	slot, value := c.declare(n.off, n.text, n.of).slot, e.value
	return func(fr *frame) outcome {
		fr.slots[slot] = value(fr)
		return goOn
	}
}

func (c *compiler) returnStatement(n *node) statement {
	if len(n.kids) == 0 {
		if !c.returns.void && !c.inMain {
			panic(faultAt(n.off, "invalid return: return value is missing"))
		}
		return func(*frame) outcome { return didReturn }
	}
	e := c.expr(n.kids[0])
	if c.returns.void {
		// the value of a script without one is left aside, as is that of a function without one
		if !c.inMain {
			panic(faultAt(n.off, "Cannot cast from [%s] to [void].", e.typ))
		}
		run := e.value
		return func(fr *frame) outcome {
			run(fr)
			return didReturn
		}
	}
	value := c.cast(e, c.returns, false).value
	return func(fr *frame) outcome {
		fr.ret = value(fr)
		return didReturn
	}
}

func (c *compiler) throwStatement(n *node) statement {
	e, off := c.expr(n.kids[0]).value, n.off
	return func(fr *frame) outcome {
		v := e(fr)
		fr.r.at = off
		t, ok := v.ref.(*exception)
		if v.kind != KindObject || !ok {
			throw("ClassCastException", "Cannot cast from [%s] to [java.lang.Exception].", className(v))
		}
		t.thrown.off = off
		panic(t.thrown)
	}
}

func (c *compiler) tryStatement(n *node) statement {
	body := c.block(n.kids[0])
	type handler struct {
		class *class
		slot  int
		body  statement
	}
	var list []handler
	for _, t := range n.traps {
		c.open()
		slot := c.declare(t.off, t.name, t.class.typ()).slot
		list = append(list, handler{t.class, slot, c.block(t.body)})
		c.close()
	}
	return func(fr *frame) outcome {
		out, caught := attempt(fr, body)
		if caught == nil {
			return out
		}
		for _, h := range list {
			if caught.cause == nil && h.class.catches(caught.class) {
				fr.slots[h.slot] = objectOf(&exception{caught})
				return h.body(fr)
			}
		}
		panic(caught)
	}
}

// attempt runs a statement and returns the exception that ended it.
func attempt(fr *frame, body statement) (out outcome, caught *thrown) {
	calls, args := fr.r.calls, len(fr.r.args)
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if caught = asThrown(fr.r, p); caught == nil {
			panic(p)
		}
		fr.r.calls, fr.r.args = calls, fr.r.args[:args]
	}()
	return body(fr), nil
}

// catches says whether an exception of class other is one of class c.
func (c *class) catches(other *class) bool {
	for other != nil {
		if other == c {
			return true
		}
		other = classes[other.throwable]
	}
	return false
}
