package painless

import "math"

// expr is a compiled expression. value always is there; truth is for booleans, whole for byte to long, real for float and
// double, so that typed expressions need no Value.
type expr struct {
	off   int
	typ   typ
	value func(*frame) Value
	truth func(*frame) bool
	whole func(*frame) int64
	real  func(*frame) float64
	konst *Value // what it is when it is known
}

func (c *compiler) expr(n *node) expr {
	e := c.compile(n)
	e.off = n.off
	return e
}

func constant(v Value) expr {
	e := expr{konst: &v, typ: typeOf(v), value: func(*frame) Value { return v }}
	switch {
	case v.kind == KindBool:
		b := v.Bool()
		e.truth = func(*frame) bool { return b }
	case v.kind >= KindByte && v.kind <= KindLong:
		n := int64(v.num)
		e.whole = func(*frame) int64 { return n }
	case v.kind == KindFloat || v.kind == KindDouble:
		x := v.Double()
		e.real = func(*frame) float64 { return x }
	}
	return e
}

func typeOf(v Value) typ {
	if v.kind == KindNull {
		return typDef
	}
	return typ{kind: v.kind}
}

func truthExpr(f func(*frame) bool) expr {
	return expr{typ: typBool, truth: f, value: func(fr *frame) Value { return BoolOf(f(fr)) }}
}

func wholeExpr(k Kind, f func(*frame) int64) expr {
	return expr{typ: typ{kind: k}, whole: f, value: func(fr *frame) Value { return Value{kind: k, num: uint64(f(fr))} }}
}

func realExpr(k Kind, f func(*frame) float64) expr {
	return expr{typ: typ{kind: k}, real: f, value: func(fr *frame) Value { return Value{kind: k, num: math.Float64bits(f(fr))} }}
}

func defExpr(f func(*frame) Value) expr { return expr{typ: typDef, value: f} }

// typedExpr makes an expression whose values are known to be of a type.
func typedExpr(t typ, f func(*frame) Value) expr {
	e := expr{typ: t, value: f}
	switch {
	case t.kind == KindBool:
		e.truth = func(fr *frame) bool { return f(fr).num != 0 }
	case t.isWhole():
		e.whole = func(fr *frame) int64 { return int64(f(fr).num) }
	case t.isNumeric():
		e.real = func(fr *frame) float64 { return math.Float64frombits(f(fr).num) }
	}
	return e
}

// double reads a numeric expression as a double.
func (e expr) double() func(*frame) float64 {
	if e.real != nil {
		return e.real
	}
	whole := e.whole
	return func(fr *frame) float64 { return float64(whole(fr)) }
}

func (c *compiler) compile(n *node) expr {
	switch n.kind {
	case nodeConst:
		return constant(n.value)
	case nodeRegex:
		return c.regex(n)
	case nodeName:
		return c.variable(n)
	case nodeList:
		return c.list(n)
	case nodeMapInit:
		return c.mapInit(n)
	case nodeNew:
		return c.newObject(n)
	case nodeNewArray:
		return c.newArray(n)
	case nodeCallLocal:
		return c.callLocal(n)
	case nodeCall:
		return c.call(n)
	case nodeField:
		return c.field(n)
	case nodeIndex:
		return c.index(n)
	case nodeUnary:
		return c.unary(n)
	case nodeCast:
		return c.cast(c.expr(n.kids[0]), n.of, true)
	case nodeBinary:
		return c.binary(n)
	case nodeInstanceof:
		return c.instanceof(n)
	case nodeAnd, nodeOr:
		return c.logic(n)
	case nodeTernary:
		return c.ternary(n)
	case nodeElvis:
		return c.elvis(n)
	case nodeAssign, nodeAssignOp, nodeStep:
		return c.assign(n)
	case nodeLambda:
		return c.lambda(n)
	case nodeRef:
		return c.reference(n)
	case nodeClass:
		panic(faultAt(n.off, "value required: instead found unexpected type [%s]", n.class.full))
	}
	panic(faultAt(n.off, "this construct is not supported by this store"))
}

func (c *compiler) variable(n *node) expr {
	if v := c.lookup(n.text); v != nil {
		slot := v.slot
		return typedExpr(v.of, func(fr *frame) Value { return fr.slots[slot] })
	}
	if c.inMain {
		if i := c.contextVar(n.text); i >= 0 {
			c.script.uses[n.text] = true
			return typedExpr(c.script.context.Vars[i].Type.typ(), func(fr *frame) Value { return fr.r.env.Vars[i] })
		}
		if n.text == "doc" && c.script.context.Doc {
			c.script.uses["doc"] = true
			return defExpr(func(*frame) Value { return Value{kind: KindDoc} })
		}
	}
	panic(faultAt(n.off, "cannot resolve symbol [%s]", n.text))
}

func (c *compiler) list(n *node) expr {
	items := c.values(n.kids)
	return typedExpr(classes["ArrayList"].typ(), func(fr *frame) Value {
		fr.r.alloc(valueBytes * (len(items) + 2))
		l := &List{items: make([]Value, len(items))}
		for i, f := range items {
			l.items[i] = f(fr)
		}
		return listValue(l)
	})
}

func (c *compiler) mapInit(n *node) expr {
	items := c.values(n.kids)
	return typedExpr(classes["HashMap"].typ(), func(fr *frame) Value {
		fr.r.alloc(valueBytes * (len(items) + 4))
		m := NewMap()
		for i := 0; i < len(items); i += 2 {
			m.Set(items[i](fr), items[i+1](fr))
		}
		return MapOf(m)
	})
}

// values compiles arguments.
func (c *compiler) values(list []*node) []func(*frame) Value {
	out := make([]func(*frame) Value, len(list))
	for i, k := range list {
		e := c.expr(k)
		if e.typ.void {
			panic(faultAt(k.off, "Cannot cast from [void] to [def]."))
		}
		out[i] = e.value
	}
	return out
}

func (c *compiler) unary(n *node) expr {
	e, off := c.expr(n.kids[0]), n.off
	if n.text == "!" {
		f := c.cast(e, typBool, false).truth
		return truthExpr(func(fr *frame) bool { return !f(fr) })
	}
	if e.typ.isDef() {
		name := n.text
		return defExpr(func(fr *frame) Value {
			v := e.value(fr)
			fr.r.at = off
			return unaryValue(name, v)
		})
	}
	if !e.typ.isNumeric() || n.text == "~" && !e.typ.isWhole() {
		panic(&fault{off, "class_cast_exception", "cannot apply the " + unaryNames[n.text] + " operator [" + n.text + "] to the type [" + e.typ.String() + "]"})
	}
	k := max(e.typ.kind, KindInt)
	if k > KindLong {
		f := e.real
		if n.text == "-" {
			return realExpr(k, func(fr *frame) float64 { return -f(fr) })
		}
		return e
	}
	f := e.whole
	switch n.text {
	case "-":
		return wholeExpr(k, func(fr *frame) int64 { return narrow(k, -f(fr)) })
	case "~":
		return wholeExpr(k, func(fr *frame) int64 { return ^f(fr) })
	}
	return wholeExpr(k, f)
}

var unaryNames = map[string]string{"-": "negation", "+": "plus", "~": "bitwise not"}

func unaryValue(sign string, v Value) Value {
	if !v.numeric() || sign == "~" && v.kind > KindLong {
		badOperands(opSub, v, v)
	}
	k := max(v.kind, KindInt)
	switch {
	case sign == "~":
		return Value{kind: k, num: ^v.num}
	case sign == "-" && k > KindLong:
		return Value{kind: k, num: math.Float64bits(-v.Double())}
	case sign == "-":
		return Value{kind: k, num: uint64(narrow(k, -int64(v.num)))}
	}
	return convert(v, k)
}

func (c *compiler) logic(n *node) expr {
	a, b := c.cast(c.expr(n.kids[0]), typBool, false).truth, c.cast(c.expr(n.kids[1]), typBool, false).truth
	if n.kind == nodeAnd {
		return truthExpr(func(fr *frame) bool { return a(fr) && b(fr) })
	}
	return truthExpr(func(fr *frame) bool { return a(fr) || b(fr) })
}

func (c *compiler) instanceof(n *node) expr {
	e, of := c.expr(n.kids[0]).value, n.of
	if of.class == nil && of.array == "" && of.kind != KindString && !of.isDef() {
		of = boxed(of)
	}
	return truthExpr(func(fr *frame) bool { return isInstance(e(fr), of) })
}

// common is the type of a value that comes from either of two expressions.
func common(a, b expr) typ {
	switch {
	case a.typ == b.typ:
		return a.typ
	case a.typ.isNumeric() && b.typ.isNumeric() && a.typ.kind != KindChar && b.typ.kind != KindChar:
		return typ{kind: promote(a.typ.kind, b.typ.kind)}
	}
	return typDef
}

func (c *compiler) ternary(n *node) expr {
	cond := c.cast(c.expr(n.kids[0]), typBool, false).truth
	a, b := c.expr(n.kids[1]), c.expr(n.kids[2])
	t := common(a, b)
	a, b = c.cast(a, t, false), c.cast(b, t, false)
	switch {
	case a.truth != nil && b.truth != nil:
		return truthExpr(func(fr *frame) bool {
			if cond(fr) {
				return a.truth(fr)
			}
			return b.truth(fr)
		})
	case a.real != nil && b.real != nil:
		return realExpr(t.kind, func(fr *frame) float64 {
			if cond(fr) {
				return a.real(fr)
			}
			return b.real(fr)
		})
	}
	return typedExpr(t, func(fr *frame) Value {
		if cond(fr) {
			return a.value(fr)
		}
		return b.value(fr)
	})
}

func (c *compiler) elvis(n *node) expr {
	a, b := c.expr(n.kids[0]), c.expr(n.kids[1])
	if !a.typ.isDef() && a.typ.class == nil && a.typ.kind != KindString && a.typ.array == "" {
		panic(faultAt(n.off, "Extraneous elvis operator. LHS is a primitive."))
	}
	return defOf(common(a, b), func(fr *frame) Value {
		if v := a.value(fr); v.kind != KindNull {
			return v
		}
		return b.value(fr)
	})
}

// defOf is typedExpr for what may also be null.
func defOf(t typ, f func(*frame) Value) expr {
	if t.class == nil && t.kind != KindString {
		t = typDef
	}
	return expr{typ: t, value: f}
}
