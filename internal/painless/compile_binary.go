package painless

import "math"

func (c *compiler) binary(n *node) expr {
	a, b := c.expr(n.kids[0]), c.expr(n.kids[1])
	if a.typ.void || b.typ.void {
		panic(&fault{n.off, "class_cast_exception", "Cannot apply [" + opNames[n.op] + "] operation to types [" + a.typ.String() + "] and [" + b.typ.String() + "]."})
	}
	switch {
	case n.op == opFind || n.op == opMatch:
		return c.matchOperator(n, a, b)
	case n.op >= opEQ:
		return c.equality(n, a, b)
	case n.op.compares():
		return c.comparison(n, a, b)
	case n.op == opAdd && (a.typ.kind == KindString || b.typ.kind == KindString):
		return concat(n.off, a, b)
	}
	return c.arithmetic(n.op, n.off, a, b)
}

// arithmetic compiles + - * / % << >> >>> & ^ |.
func (c *compiler) arithmetic(o op, off int, a, b expr) expr {
	if a.typ.isDef() || b.typ.isDef() || boxKind(a.typ) != 0 || boxKind(b.typ) != 0 {
		return defArithmetic(o, off, a, b)
	}
	bits := o >= opAnd && o <= opOr
	if bits && a.typ.kind == KindBool && b.typ.kind == KindBool {
		return truthExpr(func(fr *frame) bool { return arith(o, BoolOf(a.truth(fr)), BoolOf(b.truth(fr))).num != 0 })
	}
	shifts := o >= opLsh && o <= opUsh
	if !a.typ.isNumeric() || !b.typ.isNumeric() || (bits || shifts) && !(a.typ.isWhole() && b.typ.isWhole()) {
		panic(&fault{off, "class_cast_exception", "Cannot apply [" + opNames[o] + "] operation to types [" + a.typ.String() + "] and [" + b.typ.String() + "]."})
	}
	k := promote(a.typ.kind, b.typ.kind)
	var e expr
	switch {
	case shifts:
		k = max(a.typ.kind, KindInt)
		x, y := a.whole, b.whole
		e = wholeExpr(k, func(fr *frame) int64 { return shift(o, k, x(fr), y(fr)) })
	case k <= KindLong:
		e = wholeArithmetic(o, off, k, a.whole, b.whole)
	default:
		e = realArithmetic(o, k, a.double(), b.double())
	}
	if a.konst != nil && b.konst != nil && (o != opDiv && o != opRem || k > KindLong || b.konst.num != 0) {
		return constant(e.value(nil))
	}
	return e
}

func wholeArithmetic(o op, off int, k Kind, a, b func(*frame) int64) expr {
	if k == KindInt {
		switch o {
		case opAdd:
			return wholeExpr(k, func(fr *frame) int64 { return int64(int32(a(fr) + b(fr))) })
		case opSub:
			return wholeExpr(k, func(fr *frame) int64 { return int64(int32(a(fr) - b(fr))) })
		case opMul:
			return wholeExpr(k, func(fr *frame) int64 { return int64(int32(a(fr) * b(fr))) })
		}
	}
	switch o {
	case opAdd:
		return wholeExpr(k, func(fr *frame) int64 { return a(fr) + b(fr) })
	case opSub:
		return wholeExpr(k, func(fr *frame) int64 { return a(fr) - b(fr) })
	case opMul:
		return wholeExpr(k, func(fr *frame) int64 { return a(fr) * b(fr) })
	case opDiv, opRem:
		return wholeExpr(k, func(fr *frame) int64 {
			x, y := a(fr), b(fr)
			if y == 0 {
				fr.r.at = off
			}
			return narrow(k, addLong(o, x, y))
		})
	}
	return wholeExpr(k, func(fr *frame) int64 { return addLong(o, a(fr), b(fr)) })
}

func realArithmetic(o op, k Kind, a, b func(*frame) float64) expr {
	if k == KindFloat {
		return realExpr(k, func(fr *frame) float64 { return float64(float32(addDouble(o, a(fr), b(fr)))) })
	}
	switch o {
	case opAdd:
		return realExpr(k, func(fr *frame) float64 { return a(fr) + b(fr) })
	case opSub:
		return realExpr(k, func(fr *frame) float64 { return a(fr) - b(fr) })
	case opMul:
		return realExpr(k, func(fr *frame) float64 { return a(fr) * b(fr) })
	case opDiv:
		return realExpr(k, func(fr *frame) float64 { return a(fr) / b(fr) })
	}
	return realExpr(k, func(fr *frame) float64 { return math.Mod(a(fr), b(fr)) })
}

// defArithmetic works on values whose types are only known when they are there.
func defArithmetic(o op, off int, a, b expr) expr {
	x, y := a.value, b.value
	if b.konst != nil && b.konst.numeric() && o < opAdd+4 {
		return defConstArithmetic(o, off, x, *b.konst)
	}
	if o == opAdd {
		return defExpr(func(fr *frame) Value {
			l, r := x(fr), y(fr)
			fr.r.at = off
			if l.kind == KindString || r.kind == KindString {
				return concatValues(fr, l, r)
			}
			return arith(opAdd, l, r)
		})
	}
	return defExpr(func(fr *frame) Value {
		l, r := x(fr), y(fr)
		fr.r.at = off
		return arith(o, l, r)
	})
}

// defConstArithmetic is the frequent doc['x'].value * 2.
func defConstArithmetic(o op, off int, x func(*frame) Value, k Value) expr {
	real := k.Double()
	whole := int64(k.num)
	isWhole := k.kind <= KindLong
	return defExpr(func(fr *frame) Value {
		l := x(fr)
		switch {
		case l.kind == KindDouble:
			return DoubleOf(addDouble(o, math.Float64frombits(l.num), real))
		case l.kind == KindLong && isWhole && whole != 0:
			return LongOf(addLong(o, int64(l.num), whole))
		}
		fr.r.at = off
		if o == opAdd && l.kind == KindString {
			return concatValues(fr, l, k)
		}
		return arith(o, l, k)
	})
}

func (c *compiler) comparison(n *node, a, b expr) expr {
	o, off := n.op, n.off
	if a.typ.isNumeric() && b.typ.isNumeric() {
		if a.whole != nil && b.whole != nil {
			return wholeComparison(o, a.whole, b.whole)
		}
		return realComparison(o, a.double(), b.double())
	}
	if !orderable(a.typ) || !orderable(b.typ) {
		panic(&fault{off, "class_cast_exception", "Cannot apply [" + opNames[o] + "] operation to types [" + a.typ.String() + "] and [" + b.typ.String() + "]."})
	}
	x, y := a.value, b.value
	if b.konst != nil && b.konst.numeric() {
		return defConstComparison(o, off, x, *b.konst)
	}
	return truthExpr(func(fr *frame) bool {
		l, r := x(fr), y(fr)
		fr.r.at = off
		return compareValues(o, l, r)
	})
}

// orderable says that values of a type may turn out to be numbers.
func orderable(t typ) bool { return t.isDef() || t.isNumeric() || boxKind(t) != 0 }

// boxKind is the kind of number that a class such as Integer holds; 0 for others.
func boxKind(t typ) Kind {
	if t.class == nil {
		return 0
	}
	if t.class.name == "Number" {
		return KindDouble
	}
	return t.class.box
}

func wholeComparison(o op, a, b func(*frame) int64) expr {
	switch o {
	case opLT:
		return truthExpr(func(fr *frame) bool { return a(fr) < b(fr) })
	case opLE:
		return truthExpr(func(fr *frame) bool { return a(fr) <= b(fr) })
	case opGT:
		return truthExpr(func(fr *frame) bool { return a(fr) > b(fr) })
	}
	return truthExpr(func(fr *frame) bool { return a(fr) >= b(fr) })
}

func realComparison(o op, a, b func(*frame) float64) expr {
	switch o {
	case opLT:
		return truthExpr(func(fr *frame) bool { return a(fr) < b(fr) })
	case opLE:
		return truthExpr(func(fr *frame) bool { return a(fr) <= b(fr) })
	case opGT:
		return truthExpr(func(fr *frame) bool { return a(fr) > b(fr) })
	}
	return truthExpr(func(fr *frame) bool { return a(fr) >= b(fr) })
}

// defConstComparison is the frequent doc['x'].value > 5.
func defConstComparison(o op, off int, x func(*frame) Value, k Value) expr {
	real, whole, isWhole := k.Double(), int64(k.num), k.kind <= KindLong
	return truthExpr(func(fr *frame) bool {
		l := x(fr)
		switch {
		case l.kind == KindDouble:
			return compareDouble(o, math.Float64frombits(l.num), real)
		case l.kind == KindLong && isWhole:
			return compareLong(o, int64(l.num), whole)
		}
		fr.r.at = off
		return compareValues(o, l, k)
	})
}

func (c *compiler) equality(n *node, a, b expr) expr {
	o := n.op
	not := o == opNE || o == opNotSame
	if a.typ.isNumeric() && b.typ.isNumeric() {
		if a.whole != nil && b.whole != nil {
			x, y := a.whole, b.whole
			return truthExpr(func(fr *frame) bool { return (x(fr) == y(fr)) != not })
		}
		x, y := a.double(), b.double()
		return truthExpr(func(fr *frame) bool { return (x(fr) == y(fr)) != not })
	}
	primitive := func(t typ) bool { return t.isNumeric() || t.kind == KindBool }
	if primitive(a.typ) && (primitive(b.typ) || b.typ.kind == KindString) || primitive(b.typ) && a.typ.kind == KindString {
		if a.typ != b.typ {
			panic(&fault{n.off, "class_cast_exception", "Cannot cast from [" + b.typ.String() + "] to [" + a.typ.String() + "]."})
		}
	}
	x, y := a.value, b.value
	if o == opSame || o == opNotSame {
		return truthExpr(func(fr *frame) bool { return same(fr, x(fr), y(fr)) != not })
	}
	if b.konst != nil && b.konst.kind == KindString {
		k := b.konst.Text()
		return truthExpr(func(fr *frame) bool {
			v := x(fr)
			return (v.kind == KindString && int(v.num) == len(k) && v.Text() == k) != not
		})
	}
	if b.konst != nil && b.konst.kind == KindNull {
		return truthExpr(func(fr *frame) bool { return (x(fr).kind == KindNull) != not })
	}
	return truthExpr(func(fr *frame) bool { return equalLoose(fr, x(fr), y(fr)) != not })
}

// same is ===: the same object. Numbers and texts are compared by value, because they have no identity here.
func same(fr *frame, a, b Value) bool {
	switch a.kind {
	case KindList, KindMap, KindSet, KindObject, KindFunc:
		return a.kind == b.kind && a.ref == b.ref
	}
	return equalLoose(fr, a, b)
}

func concat(off int, a, b expr) expr {
	x, y := a.value, b.value
	if a.konst != nil && b.konst != nil {
		return constant(StringOf(a.konst.String() + b.konst.String()))
	}
	return expr{typ: typString, value: func(fr *frame) Value {
		l, r := x(fr), y(fr)
		fr.r.at = off
		return concatValues(fr, l, r)
	}}
}

func concatValues(fr *frame, a, b Value) Value {
	text := fr.appendText(fr.appendText(nil, a), b)
	return StringOf(string(text))
}
