package painless

import "unicode/utf8"

// boxed is the class of a primitive type.
func boxed(t typ) typ {
	names := map[Kind]string{KindBool: "Boolean", KindByte: "Byte", KindShort: "Short", KindChar: "Character", KindInt: "Integer", KindLong: "Long",
		KindFloat: "Float", KindDouble: "Double"}
	return typ{class: classes[names[t.kind]]}
}

// cast turns an expression into one of another type, as an assignment does or, explicit, as a cast does.
func (c *compiler) cast(e expr, to typ, explicit bool) expr {
	from := e.typ
	switch {
	case to == from:
		return e
	case to.void:
		return e
	case from.void:
		panic(&fault{e.off, "class_cast_exception", "Cannot cast from [void] to [" + to.String() + "]."})
	case to.isDef():
		return expr{off: e.off, typ: typDef, value: e.value, konst: e.konst}
	case from.isNumeric() && to.isNumeric():
		return c.castNumber(e, to, explicit)
	case e.konst != nil && e.konst.kind == KindNull && (to.class != nil || to.kind == KindString || to.array != ""):
		return expr{off: e.off, typ: to, value: e.value}
	}
	if (from.kind == KindBool || from.isNumeric()) && to.class != nil && fitsBox(from, to) {
		return expr{off: e.off, typ: to, value: e.value}
	}
	if !explicit && !from.isDef() && from.class == nil || from.kind == KindBool && to != typString || to.kind == KindBool && !from.isDef() && boxKindOf(from) != KindBool {
		if !(from.kind == KindString && to.class != nil && to.class.has != nil && to.class.has(StringOf(""))) && !(from.array != "" && to.array == "" && to.class != nil) {
			c.badCast(e, to)
		}
	}
	as := c.converter(from, to, explicit, e.off)
	f := e.value
	return typedOrNull(to, e.off, func(fr *frame) Value { return as(fr, f(fr)) })
}

func boxKindOf(t typ) Kind {
	if t.class == nil {
		return KindNull
	}
	return t.class.box
}

// fitsBox says whether a primitive can be held by a class: an int by Integer, Number and Object.
func fitsBox(from, to typ) bool {
	return to.class.has != nil && to.class.has(Value{kind: from.kind})
}

func (c *compiler) badCast(e expr, to typ) {
	panic(&fault{e.off, "class_cast_exception", "Cannot cast from [" + e.typ.String() + "] to [" + to.String() + "]."})
}

// typedOrNull makes an expression of a type; primitive ones get their fast forms.
func typedOrNull(t typ, off int, f func(*frame) Value) expr {
	e := typedExpr(t, f)
	e.off = off
	return e
}

// castNumber converts between primitive numbers.
func (c *compiler) castNumber(e expr, to typ, explicit bool) expr {
	from := e.typ.kind
	fits := e.konst != nil && e.konst.kind == KindInt && to.kind < KindInt && narrow(to.kind, int64(e.konst.num)) == int64(e.konst.num)
	if !explicit && !fits && (to.kind < from || to.kind == KindChar || from == KindChar && to.kind < KindInt) {
		c.badCast(e, to)
	}
	if e.konst != nil {
		out := constant(convert(*e.konst, to.kind))
		out.off = e.off
		return out
	}
	k := to.kind
	var out expr
	switch {
	case k == KindDouble:
		out = realExpr(k, e.double())
	case k == KindFloat:
		f := e.double()
		out = realExpr(k, func(fr *frame) float64 { return float64(float32(f(fr))) })
	case e.whole != nil:
		f := e.whole
		out = wholeExpr(k, func(fr *frame) int64 { return narrow(k, f(fr)) })
	default:
		f := e.value
		out = wholeExpr(k, func(fr *frame) int64 { return int64(convert(f(fr), k).num) })
	}
	out.off = e.off
	return out
}

// converter makes what checks and converts values of a type that is only known when they are there.
func (c *compiler) converter(from, to typ, explicit bool, off int) func(*frame, Value) Value {
	switch {
	case to.isDef() || to.void:
		return func(_ *frame, v Value) Value { return v }
	case to.isNumeric():
		return func(fr *frame, v Value) Value {
			if v.kind == to.kind {
				return v
			}
			fr.r.at = off
			return convertDef(v, to, explicit)
		}
	case to.kind == KindBool:
		return func(fr *frame, v Value) Value {
			if v.kind != KindBool {
				fr.r.at = off
				badDefCast(v, to)
			}
			return v
		}
	case to.kind == KindString:
		return func(fr *frame, v Value) Value {
			if v.kind == KindString || v.kind == KindNull {
				return v
			}
			fr.r.at = off
			if v.kind == KindChar && explicit {
				return StringOf(v.String())
			}
			badDefCast(v, to)
			return Null
		}
	}
	return func(fr *frame, v Value) Value {
		if v.kind == KindNull || isInstance(v, to) {
			return v
		}
		fr.r.at = off
		if to.class != nil && to.class.box != 0 && v.numeric() && explicit {
			return convert(v, to.class.box)
		}
		badDefCast(v, to)
		return Null
	}
}

// convertDef makes a number of a value: widening, or with an explicit cast anything.
func convertDef(v Value, to typ, explicit bool) Value {
	switch {
	case v.numeric() && (explicit || v.kind <= to.kind && to.kind != KindChar && !(v.kind == KindChar && to.kind < KindInt)):
		return convert(v, to.kind)
	case v.kind == KindString && to.kind == KindChar && utf16Length(v.Text()) == 1:
		r, _ := utf8.DecodeRuneInString(v.Text())
		return charOf(uint16(r))
	case v.numeric():
		throw("ClassCastException", "cannot implicitly cast def [%s] to %s", className(v), to)
	case v.kind == KindNull:
		throw("NullPointerException", "cannot cast null to [%s]", to)
	}
	badDefCast(v, to)
	return Null
}

func badDefCast(v Value, to typ) {
	if v.kind == KindNull {
		throw("NullPointerException", "cannot cast null to [%s]", to)
	}
	throw("ClassCastException", "cannot cast def [%s] to %s", className(v), to)
}
