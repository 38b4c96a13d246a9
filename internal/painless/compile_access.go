package painless

import (
	"slices"
	"strconv"
	"strings"
)

// fieldNumber gives a field that stands in the script as a text its number.
func (c *compiler) fieldNumber(name string) int {
	s := c.script
	if i := slices.Index(s.fields, name); i >= 0 {
		return i
	}
	s.fields = append(s.fields, name)
	return len(s.fields) - 1
}

// isDoc says that a node is the variable doc.
func (c *compiler) isDoc(n *node) bool {
	return n.kind == nodeName && n.text == "doc" && c.inMain && c.script.context.Doc && c.lookup("doc") == nil
}

// isParams says that a node is the variable params.
func (c *compiler) isParams(n *node) bool {
	return n.kind == nodeName && n.text == "params" && c.inMain && c.lookup("params") == nil
}

// docValues compiles doc['name'] and doc.name; nil when n is neither.
func (c *compiler) docValues(n *node) func(*frame) *docField {
	name := ""
	off := n.off
	switch {
	case n.kind == nodeIndex && c.isDoc(n.kids[0]) && n.kids[1].kind == nodeConst && n.kids[1].value.kind == KindString:
		name, off = n.kids[1].value.Text(), n.kids[1].off
	case n.kind == nodeField && c.isDoc(n.kids[0]):
		name = n.text
	default:
		return nil
	}
	c.script.uses["doc"] = true
	number := c.fieldNumber(name)
	return func(fr *frame) *docField {
		f := fr.r.env.fields[number]
		if f == nil || f.values == nil {
			fr.r.at = off
			f = fr.r.field(number).mapped()
		}
		return f
	}
}

func (c *compiler) field(n *node) expr {
	if n.kids[0].kind == nodeClass {
		v, ok := n.kids[0].class.constants[n.text]
		if !ok {
			panic(faultAt(n.off, "static field [%s, %s] not found", n.kids[0].class.full, n.text))
		}
		return constantOf(v)
	}
	if f := c.docValues(n); f != nil {
		return defExpr(func(fr *frame) Value { return Value{kind: KindValues, ref: f(fr)} })
	}
	if c.isParams(n.kids[0]) {
		if e, ok := c.special(n, n.text); ok {
			return e
		}
	}
	off := n.off
	if f := c.docValues(n.kids[0]); f != nil && n.text == "value" {
		return defExpr(func(fr *frame) Value {
			d := f(fr)
			if d.values.Len() == 0 {
				fr.r.at = off
			}
			return d.first()
		})
	}
	e := c.expr(n.kids[0])
	c.knownField(n, e)
	load := loader(n.text)
	if n.safe {
		return defExpr(func(fr *frame) Value {
			v := e.value(fr)
			if v.kind == KindNull {
				return Null
			}
			fr.r.at = off
			return load(fr, v)
		})
	}
	return defExpr(func(fr *frame) Value {
		v := e.value(fr)
		fr.r.at = off
		return load(fr, v)
	})
}

// constantOf is constant for values that are objects.
func constantOf(v Value) expr {
	if v.kind == KindObject {
		return defExpr(func(*frame) Value { return v })
	}
	return constant(v)
}

// knownField refuses a field that no value of a declared type has.
func (c *compiler) knownField(n *node, e expr) {
	if e.typ.isNumeric() || e.typ.kind == KindBool || e.typ.kind == KindString {
		if methods[methodKey(getter("get", n.text), 0)] == nil && methods[methodKey(getter("is", n.text), 0)] == nil {
			panic(faultAt(n.off, "field [%s, %s] not found", e.typ, n.text))
		}
	}
}

// special compiles what params has besides the parameters: the document's source.
func (c *compiler) special(n *node, name string) (expr, bool) {
	if !c.script.context.Doc {
		return expr{}, false
	}
	switch name {
	case "_source":
		c.script.uses["_source"] = true
		off := n.off
		return defExpr(func(fr *frame) Value {
			fr.r.at = off
			if fr.r.env.Source == nil {
				return Null
			}
			v, err := fr.r.env.Source()
			if err != nil {
				fail(err)
			}
			return v
		}), true
	case "_fields", "_doc":
		panic(faultAt(n.off, "params['%s'] is not supported by this store", name))
	}
	return expr{}, false
}

// getter is the name of the method behind a field: year is getYear.
func getter(prefix, field string) string {
	if field == "" {
		return prefix
	}
	return prefix + strings.ToUpper(field[:1]) + field[1:]
}

// loader makes what reads a field of a value: an entry of a map, an element of a list, or what a get method returns.
func loader(name string) func(*frame, Value) Value {
	key := StringOf(name)
	get, is := methods[methodKey(getter("get", name), 0)], methods[methodKey(getter("is", name), 0)]
	getName, isName := methodKey(getter("get", name), 0), methodKey(getter("is", name), 0)
	index, err := strconv.Atoi(name)
	isIndex := err == nil && isDigit(name[0])
	return func(fr *frame, v Value) Value {
		switch v.kind {
		case KindMap:
			out, _ := v.ref.(*Map).Get(key)
			return out
		case KindNull:
			throw("NullPointerException", "cannot access method/field [%s] from a null def reference", name)
		case KindDoc:
			return Value{kind: KindValues, ref: fr.r.find(name).mapped()}
		case KindObject:
			c := v.ref.(object).class()
			for _, k := range []string{getName, isName} {
				if m := c.methods[k]; m != nil {
					return m(fr, v, nil)
				}
			}
		case KindList:
			if isIndex {
				return element(v.ref.(*List), int64(index))
			}
		case KindValues:
			if isIndex {
				return element(valuesList(v), int64(index))
			}
		}
		if get != nil && get[v.kind] != nil {
			return get[v.kind](fr, v, nil)
		}
		if is != nil && is[v.kind] != nil {
			return is[v.kind](fr, v, nil)
		}
		throw("IllegalArgumentException", "dynamic getter [%s, %s] not found", className(v), name)
		return Null
	}
}

// element is list[i]; negative numbers count from the end, as in Painless.
func element(l *List, i int64) Value { return l.items[position(l, i)] }

func position(l *List, i int64) int {
	n := int64(len(l.items))
	at := i
	if at < 0 {
		at += n
	}
	if at < 0 || at >= n {
		if l.of != "" {
			throw("ArrayIndexOutOfBoundsException", "Index %d out of bounds for length %d", i, n)
		}
		throw("IndexOutOfBoundsException", "Index %d out of bounds for length %d", i, n)
	}
	return int(at)
}

func (c *compiler) index(n *node) expr {
	if f := c.docValues(n); f != nil {
		return defExpr(func(fr *frame) Value { return Value{kind: KindValues, ref: f(fr)} })
	}
	if key := n.kids[1]; c.isParams(n.kids[0]) && key.kind == nodeConst && key.value.kind == KindString {
		if e, ok := c.special(n, key.value.Text()); ok {
			return e
		}
	}
	a, b, off := c.expr(n.kids[0]), c.expr(n.kids[1]), n.kids[1].off
	x, y := a.value, b.value
	return defExpr(func(fr *frame) Value {
		v := x(fr)
		i := y(fr)
		fr.r.at = off
		return loadIndex(fr, v, i)
	})
}

func loadIndex(fr *frame, v, i Value) Value {
	switch v.kind {
	case KindMap:
		out, _ := v.ref.(*Map).Get(i)
		return out
	case KindList:
		return element(v.ref.(*List), indexOf(i))
	case KindValues:
		return element(valuesList(v), indexOf(i))
	case KindDoc:
		return Value{kind: KindValues, ref: fr.r.find(i.Text()).mapped()}
	case KindNull:
		throw("NullPointerException", "cannot access an element of a null def reference")
	}
	throw("IllegalArgumentException", "Attempting to address a non-array-like type [%s] as an array.", className(v))
	return Null
}

func indexOf(v Value) int64 { return int64(convertDef(v, typInt, false).num) }

// place is something that can be assigned to.
type place struct {
	typ   typ
	prep  func(fr *frame) (object, key Value)
	load  func(fr *frame, object, key Value) Value
	store func(fr *frame, object, key, v Value)
}

func none(*frame) (a, b Value) { return }

func (c *compiler) place(n *node) place {
	switch n.kind {
	case nodeName:
		v := c.lookup(n.text)
		if v == nil {
			if c.inMain && (c.contextVar(n.text) >= 0 || n.text == "doc" && c.script.context.Doc) {
				panic(faultAt(n.off, "invalid assignment: cannot assign a value to the read-only variable [%s]", n.text))
			}
			panic(faultAt(n.off, "cannot resolve symbol [%s]", n.text))
		}
		if v.lambda != c.scope.lambda {
			panic(faultAt(n.off, "invalid assignment: cannot assign a value to the captured variable [%s]", n.text))
		}
		slot := v.slot
		return place{v.of, none, func(fr *frame, _, _ Value) Value { return fr.slots[slot] }, func(fr *frame, _, _, v Value) { fr.slots[slot] = v }}
	case nodeField:
		if n.kids[0].kind == nodeClass {
			panic(faultAt(n.off, "invalid assignment: cannot assign a value to the read-only field [%s.%s]", n.kids[0].class.name, n.text))
		}
		object, key, load := c.expr(n.kids[0]).value, StringOf(n.text), loader(n.text)
		store := storer(n.text)
		return place{typDef, func(fr *frame) (Value, Value) { return object(fr), key },
			func(fr *frame, object, _ Value) Value { return load(fr, object) },
			func(fr *frame, object, _, v Value) { store(fr, object, v) }}
	}
	object, key := c.expr(n.kids[0]).value, c.expr(n.kids[1]).value
	return place{typDef, func(fr *frame) (Value, Value) { return object(fr), key(fr) }, loadIndex, storeIndex}
}

func storer(name string) func(fr *frame, object, v Value) {
	key := StringOf(name)
	index, err := strconv.Atoi(name)
	set := methodKey(getter("set", name), 1)
	return func(fr *frame, object, v Value) {
		switch {
		case object.kind == KindMap:
			putChecked(fr, object.ref.(*Map), key, v)
		case object.kind == KindList && err == nil:
			storeElement(object.ref.(*List), int64(index), v)
		case object.kind == KindNull:
			throw("NullPointerException", "cannot access method/field [%s] from a null def reference", name)
		case object.kind == KindObject && object.ref.(interface{ class() *class }).class().methods[set] != nil:
			object.ref.(interface{ class() *class }).class().methods[set](fr, object, []Value{v})
		default:
			throw("IllegalArgumentException", "dynamic setter [%s, %s] not found", className(object), name)
		}
	}
}

func storeIndex(fr *frame, object, key, v Value) {
	switch object.kind {
	case KindMap:
		putChecked(fr, object.ref.(*Map), key, v)
	case KindList:
		storeElement(object.ref.(*List), indexOf(key), v)
	case KindNull:
		throw("NullPointerException", "cannot access an element of a null def reference")
	default:
		throw("IllegalArgumentException", "Attempting to address a non-array-like type [%s] as an array.", className(object))
	}
}

func storeElement(l *List, i int64, v Value) {
	if l.read {
		throw("UnsupportedOperationException", "doc values are unmodifiable")
	}
	at := position(l, i)
	if of, ok := primitives[strings.TrimSuffix(l.of, "[]")]; ok && l.of != "" && !of.isDef() {
		if of.isNumeric() {
			v = convertDef(v, of, false)
		} else if v.kind != of.kind && !(of.kind == KindString && v.kind == KindNull) {
			badDefCast(v, of)
		}
	}
	l.items[at] = v
}

// putChecked is Map.put with what the host and the budget say.
func putChecked(fr *frame, m *Map, key, v Value) Value {
	if m.read {
		throw("UnsupportedOperationException", "the map cannot be changed")
	}
	if m.deny != nil {
		if why := m.deny(key.String()); why != "" {
			throw("IllegalArgumentException", "%s", why)
		}
	}
	fr.r.alloc(2 * valueBytes)
	return m.Set(key, v)
}

// assign compiles =, op= and ++ --.
func (c *compiler) assign(n *node) expr {
	p, off := c.place(n.kids[0]), n.kids[0].off
	if n.kind == nodeAssign {
		e := c.cast(c.expr(n.kids[1]), p.typ, false)
		if e.typ.void {
			panic(&fault{e.off, "class_cast_exception", "Cannot cast from [void] to [" + p.typ.String() + "]."})
		}
		value := e.value
		return typedExpr(p.typ, func(fr *frame) Value {
			object, key := p.prep(fr)
			v := value(fr)
			fr.r.at = off
			p.store(fr, object, key, v)
			return v
		})
	}
	return c.compound(n, p, off)
}

// compound compiles target op= value: the target's object is evaluated once.
func (c *compiler) compound(n *node, p place, off int) expr {
	// the old value passes through a slot of its own to the expression that is compiled like any other
	slot := c.scope.next
	c.scope.next++
	c.scope.size = max(c.scope.size, c.scope.next)
	defer func() { c.scope.next-- }()
	old := typedExpr(p.typ, func(fr *frame) Value { return fr.slots[slot] })
	old.off = off
	by := constant(IntOf(1))
	if n.kind == nodeAssignOp {
		by = c.expr(n.kids[1])
	} else if !p.typ.isDef() && !p.typ.isNumeric() && boxKind(p.typ) == 0 {
		panic(&fault{n.off, "class_cast_exception", "Cannot apply [" + opNames[n.op] + "] operation to type [" + p.typ.String() + "]."})
	}
	var e expr
	if n.op == opAdd && (p.typ.kind == KindString || by.typ.kind == KindString) {
		e = concat(n.off, old, by)
	} else {
		e = c.arithmetic(n.op, n.off, old, by)
	}
	e.off = n.off
	e = c.cast(e, p.typ, p.typ.isNumeric())
	value, post := e.value, n.post
	return typedExpr(p.typ, func(fr *frame) Value {
		object, key := p.prep(fr)
		fr.r.at = off
		was := p.load(fr, object, key)
		fr.slots[slot] = was
		v := value(fr)
		fr.r.at = off
		p.store(fr, object, key, v)
		if post {
			return was
		}
		return v
	})
}
