package painless

import (
	"strings"

	"elkhorn/internal/pattern"
)

func (c *compiler) call(n *node) expr {
	name, args := n.text, n.kids[1:]
	if n.kids[0].kind == nodeClass {
		return c.staticCall(n, n.kids[0].class, args)
	}
	if refused := refusedMethods[name]; refused != "" {
		panic(faultAt(n.off, "%s", refused))
	}
	if f := c.docValues(n.kids[0]); f != nil {
		if e, ok := docCall(f, name, len(args)); ok {
			return e
		}
	}
	receiver := c.expr(n.kids[0])
	values := c.values(args)
	key := methodKey(name, len(args))
	c.knownMethod(n, receiver, key)
	set, off, safe := methods[key], n.off, n.safe
	return defExpr(func(fr *frame) Value {
		self := receiver.value(fr)
		if self.kind == KindNull {
			fr.r.at = off
			if safe {
				return Null
			}
			throw("NullPointerException", "cannot access method/field [%s] from a null def reference", name)
		}
		if len(values) == 0 {
			fr.r.at = off
			return invoke(fr, set, key, self, nil)
		}
		list := fr.arguments(values)
		fr.r.at = off
		out := invoke(fr, set, key, self, list)
		fr.r.args = fr.r.args[:len(fr.r.args)-len(list)]
		return out
	})
}

// arguments works out the arguments of a call, onto the run's stack: a method must not keep the slice.
func (fr *frame) arguments(values []func(*frame) Value) []Value {
	if len(values) == 1 {
		v := values[0](fr)
		fr.r.args = append(fr.r.args, v)
	} else {
		at := len(fr.r.args)
		for range values {
			fr.r.args = append(fr.r.args, Null)
		}
		for i, f := range values {
			v := f(fr)
			fr.r.args[at+i] = v
		}
	}
	end := len(fr.r.args)
	return fr.r.args[end-len(values) : end : end]
}

// invoke calls a method of an object.
func invoke(fr *frame, set *methodSet, key string, self Value, args []Value) Value {
	if self.kind == KindObject {
		if m := self.ref.(object).class().methods[key]; m != nil {
			return m(fr, self, args)
		}
	}
	if set != nil {
		if m := set[self.kind]; m != nil {
			return m(fr, self, args)
		}
	}
	throw("IllegalArgumentException", "dynamic method [%s, %s] not found", className(self), key)
	return Null
}

// refusedMethods are methods of Painless that would tell the inside of a Java program.
var refusedMethods = map[string]string{}

// knownMethod refuses a method that no class has, or that the declared type lacks.
func (c *compiler) knownMethod(n *node, receiver expr, key string) {
	t := receiver.typ
	switch {
	case t.isNumeric() || t.kind == KindBool || t.kind == KindString:
		if set := methods[key]; set == nil || set[t.kind] == nil {
			panic(faultAt(n.off, "member method [%s, %s] not found", boxName(t), key))
		}
	case !methodNames[key]:
		if t.isDef() {
			panic(faultAt(n.off, "dynamic method [def, %s] not found: no class of this store's subset of Painless has it", key))
		}
		panic(faultAt(n.off, "member method [%s, %s] not found", t, key))
	}
}

func boxName(t typ) string {
	if t.kind == KindString {
		return "java.lang.String"
	}
	return className(Value{kind: t.kind})
}

// docCall is the direct form of the frequent methods of doc['f'].
func docCall(f func(*frame) *docField, name string, args int) (expr, bool) {
	if args != 0 {
		return expr{}, false
	}
	switch name {
	case "size", "getLength":
		return wholeExpr(KindInt, func(fr *frame) int64 { return int64(f(fr).values.Len()) }), true
	case "isEmpty":
		return truthExpr(func(fr *frame) bool { return f(fr).values.Len() == 0 }), true
	}
	return expr{}, false
}

func (c *compiler) staticCall(n *node, class *class, args []*node) expr {
	key := methodKey(n.text, len(args))
	if class.name == "Debug" {
		panic(faultAt(n.off, "[Debug.explain] is not supported by this store"))
	}
	if e, ok := c.mathCall(n, class, args); ok {
		return e
	}
	f := class.statics[key]
	if f == nil {
		f = class.statics[n.text+"/*"]
	}
	if f == nil {
		panic(faultAt(n.off, "static method [%s, %s] not found", class.full, key))
	}
	values, off := c.values(args), n.off
	call := func(fr *frame) Value {
		list := make([]Value, len(values))
		for i, v := range values {
			list[i] = v(fr)
		}
		fr.r.at = off
		return f(fr, list)
	}
	if t, ok := staticTypes[class.name+"."+key]; ok {
		return typedExpr(t, call)
	}
	return defExpr(call)
}

// staticTypes are the types of static methods that calculations are made with.
var staticTypes = map[string]typ{
	"Integer.parseInt/1": typInt, "Long.parseLong/1": typLong, "Double.parseDouble/1": typDouble, "Boolean.parseBoolean/1": typBool,
	"String.valueOf/1": typString, "String.join/2": typString, "Integer.toString/1": typString, "Long.toString/1": typString, "Double.toString/1": typString,
	"Double.isNaN/1": typBool, "Double.isInfinite/1": typBool, "Double.compare/2": typInt, "Integer.compare/2": typInt, "Long.compare/2": typInt,
}

// mathCall compiles a function of Math on numbers whose types are known without making Values.
func (c *compiler) mathCall(n *node, class *class, args []*node) (expr, bool) {
	if class.name != "Math" && class.name != "StrictMath" {
		return expr{}, false
	}
	list := make([]expr, len(args))
	for i, a := range args {
		list[i] = c.expr(a)
	}
	switch {
	case len(list) == 1 && mathDouble1[n.text] != nil:
		f, x := mathDouble1[n.text], c.cast(list[0], typDouble, false).real
		return realExpr(KindDouble, func(fr *frame) float64 { return f(x(fr)) }), true
	case len(list) == 2 && mathDouble2[n.text] != nil:
		f, x, y := mathDouble2[n.text], c.cast(list[0], typDouble, false).real, c.cast(list[1], typDouble, false).real
		return realExpr(KindDouble, func(fr *frame) float64 { return f(x(fr), y(fr)) }), true
	}
	return expr{}, false
}

func (c *compiler) callLocal(n *node) expr {
	key := methodKey(n.text, len(n.kids))
	if f := c.functions[key]; f != nil {
		return c.callFunction(n, f)
	}
	ctx := &c.script.context
	if c.inMain {
		switch {
		case n.text == "emit" && ctx.Emit != KindNull && len(n.kids) == 1:
			return c.emit(n)
		case n.text == "field" && ctx.Doc && len(n.kids) == 1:
			return c.fieldCall(n)
		case n.text == "$" && ctx.Doc && len(n.kids) == 2:
			f, d := c.fieldCall(n).value, c.expr(n.kids[1]).value
			return defExpr(func(fr *frame) Value { return fieldGet(f(fr).ref.(*docField), 0, d(fr)) })
		}
		if f := contextFunctions[ctx.Name][key]; f != nil {
			return c.contextCall(n, f)
		}
	}
	panic(faultAt(n.off, "Unknown call [%s] with [%d] arguments.", n.text, len(n.kids)))
}

func (c *compiler) contextCall(n *node, f staticFunc) expr {
	values, off := c.values(n.kids), n.off
	return defExpr(func(fr *frame) Value {
		list := make([]Value, len(values))
		for i, v := range values {
			list[i] = v(fr)
		}
		fr.r.at = off
		return f(fr, list)
	})
}

func (c *compiler) callFunction(n *node, f *userFunction) expr {
	args := make([]func(*frame) Value, len(n.kids))
	for i, k := range n.kids {
		args[i] = c.cast(c.expr(k), f.node.params[i].of, false).value
	}
	off := n.off
	call := func(fr *frame) Value {
		inner := frame{r: fr.r, slots: make([]Value, f.size)}
		for i, a := range args {
			inner.slots[i] = a(fr)
		}
		fr.r.at = off
		fr.r.spend(1 + f.size/4)
		fr.r.enter()
		f.body(&inner)
		fr.r.calls--
		return inner.ret
	}
	return typedExpr(f.node.returns, call)
}

func (r *run) enter() {
	if r.calls++; r.calls > maxCalls {
		throw("StackOverflowError", "functions call each other more than [%d] deep", maxCalls)
	}
}

func (c *compiler) emit(n *node) expr {
	want := typ{kind: c.script.context.Emit}
	value, off := c.cast(c.expr(n.kids[0]), want, false).value, n.off
	return expr{typ: typVoid, value: func(fr *frame) Value {
		v := value(fr)
		fr.r.at = off
		if v.kind == KindNull {
			throw("NullPointerException", "emit of null")
		}
		fr.r.alloc(valueBytes)
		if fr.r.env.Emit != nil {
			fr.r.env.Emit(v)
		}
		return Null
	}}
}

func (c *compiler) fieldCall(n *node) expr {
	k, off := n.kids[0], n.off
	c.script.uses["doc"] = true
	if k.kind == nodeConst && k.value.kind == KindString {
		number := c.fieldNumber(k.value.Text())
		return defExpr(func(fr *frame) Value {
			fr.r.at = off
			return Value{kind: KindField, ref: fr.r.field(number)}
		})
	}
	name := c.cast(c.expr(k), typString, false).value
	return defExpr(func(fr *frame) Value {
		v := name(fr)
		fr.r.at = off
		return Value{kind: KindField, ref: fr.r.find(v.Text())}
	})
}

func (c *compiler) newObject(n *node) expr {
	f := n.class.create[len(n.kids)]
	if f == nil {
		panic(faultAt(n.off, "constructor [%s, <init>/%d] not found", n.class.full, len(n.kids)))
	}
	values, off := c.values(n.kids), n.off
	return typedExpr(n.of, func(fr *frame) Value {
		list := make([]Value, len(values))
		for i, v := range values {
			list[i] = v(fr)
		}
		fr.r.at = off
		return f(fr, list)
	})
}

func (c *compiler) newArray(n *node) expr {
	of := strings.TrimSuffix(n.of.array, "[]")
	item, ok := primitives[of]
	if !ok {
		item = typDef
		if cl := classes[of]; cl != nil {
			item = cl.typ()
		}
	}
	off, array := n.off, n.of.array
	if n.init {
		list := make([]func(*frame) Value, len(n.kids))
		for i, k := range n.kids {
			list[i] = c.cast(c.expr(k), item, false).value
		}
		return typedExpr(n.of, func(fr *frame) Value {
			fr.r.at = off
			fr.r.alloc(valueBytes * (len(list) + 2))
			l := &List{items: make([]Value, len(list)), fixed: true, of: array}
			for i, f := range list {
				l.items[i] = f(fr)
			}
			return listValue(l)
		})
	}
	size := c.cast(c.expr(n.kids[0]), typInt, false).whole
	zero := defaultOf(item)
	return typedExpr(n.of, func(fr *frame) Value {
		n := size(fr)
		fr.r.at = off
		if n < 0 {
			throw("NegativeArraySizeException", "%d", n)
		}
		fr.r.alloc(valueBytes * int(min(n, 1<<32)))
		l := &List{items: make([]Value, n), fixed: true, of: array}
		for i := range l.items {
			l.items[i] = zero
		}
		return listValue(l)
	})
}

// regex compiles /x/flags once.
func (c *compiler) regex(n *node) expr {
	p, why := compilePattern(n.text, n.flags)
	if why != "" {
		panic(faultAt(n.off, "%s", why))
	}
	v := objectOf(p)
	return typedExpr(classes["Pattern"].typ(), func(*frame) Value { return v })
}

// compilePattern compiles a regular expression of Java's; what goes wrong is told in words.
func compilePattern(source, flags string) (*regexPattern, string) {
	var f pattern.Flags
	for _, r := range flags {
		switch r {
		case 'i':
			f |= pattern.IgnoreCase
		case 's':
			f |= pattern.DotAll
		case 'x':
			f |= pattern.Extended
		case 'm', 'u', 'U', 'c', 'l':
			if r != 'm' && r != 'u' && r != 'U' {
				return nil, "the flag [" + string(r) + "] of a regular expression is not supported by this store"
			}
		}
	}
	translated := source
	if !strings.ContainsRune(flags, 'm') {
		translated = anchors(source)
	}
	re, err := pattern.CompileFlags(translated, f)
	if err != nil {
		return nil, "invalid regular expression: " + err.Error()
	}
	return &regexPattern{source: source, re: re, flags: f}, ""
}

// anchors gives ^ and $ Java's meaning, the ends of the text, where Ruby means those of a line.
func anchors(source string) string {
	var b strings.Builder
	class := 0
	for i := 0; i < len(source); i++ {
		c := source[i]
		switch {
		case c == '\\' && i+1 < len(source):
			b.WriteByte(c)
			i++
			b.WriteByte(source[i])
			continue
		case c == '[':
			class++
		case c == ']' && class > 0:
			class--
		case class == 0 && c == '^':
			b.WriteString(`\A`)
			continue
		case class == 0 && c == '$':
			b.WriteString(`\Z`)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// matchOperator compiles =~ (somewhere) and ==~ (the whole).
func (c *compiler) matchOperator(n *node, a, b expr) expr {
	x, y, off, whole := a.value, b.value, n.off, n.op == opMatch
	return truthExpr(func(fr *frame) bool {
		text, re := x(fr), y(fr)
		fr.r.at = off
		p, ok := re.ref.(*regexPattern)
		if re.kind != KindObject || !ok {
			throw("ClassCastException", "Cannot cast from [%s] to [java.util.regex.Pattern].", className(re))
		}
		if text.kind == KindNull {
			throw("NullPointerException", "cannot match null")
		}
		m := &regexMatcher{pattern: p, text: text.String(), region: -1}
		if whole {
			return m.matches(fr)
		}
		return m.find(fr)
	})
}
