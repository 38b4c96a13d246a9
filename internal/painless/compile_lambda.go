package painless

// function is a lambda or method reference.
type function struct {
	name string
	args int // how many a lambda takes
	call func(fr *frame, args []Value) Value
}

func (c *compiler) lambda(n *node) expr {
	s := c.scope
	c.open()
	s.lambda++
	returned := c.returns
	c.returns = typDef
	defer func() {
		c.returns = returned
		s.lambda--
		c.close()
	}()
	slots := make([]int, len(n.params))
	types := make([]func(*frame, Value) Value, len(n.params))
	for i, p := range n.params {
		slots[i] = c.declare(n.off, p.name, p.of).slot
		types[i] = c.converter(typDef, p.of, false, n.off)
	}
	var body statement
	var value func(*frame) Value
	if n.kids[0].kind == nodeBlock {
		body = c.block(n.kids[0])
	} else {
		value = c.expr(n.kids[0]).value
	}
	off := n.off
	return defExpr(func(fr *frame) Value {
		fr.r.alloc(valueBytes * (len(fr.slots) + 4))
		own := &frame{r: fr.r, slots: append([]Value(nil), fr.slots...)}
		busy := false
		call := func(_ *frame, args []Value) Value {
			in := own
			if len(args) != len(slots) {
				throw("IllegalArgumentException", "Incorrect number of parameters for lambda: expected [%d] but found [%d]", len(slots), len(args))
			}
			if busy { // it calls itself: each call has variables of its own
				in = &frame{r: own.r, slots: append([]Value(nil), own.slots...)}
			} else {
				busy = true
				defer func() { busy = false }()
			}
			in.r.spend(1)
			in.r.enter()
			in.ret = Null
			for i, slot := range slots {
				in.slots[slot] = types[i](in, args[i])
			}
			var v Value
			if value != nil {
				v = value(in)
			} else {
				body(in)
				v = in.ret
			}
			in.r.calls--
			in.r.at = off
			return v
		}
		return Value{kind: KindFunc, ref: &function{name: "lambda", args: len(slots), call: call}}
	})
}

// reference compiles Class::method, Class::new, this::function and object::method.
func (c *compiler) reference(n *node) expr {
	off := n.off
	switch {
	case len(n.kids) == 1: // of a variable
		self := c.expr(n.kids[0]).value
		return defExpr(func(fr *frame) Value {
			object := self(fr)
			return funcValue(n.text, func(fr *frame, args []Value) Value { return callMethod(fr, off, n.text, object, args) })
		})
	case n.class == nil && n.of.array == "": // this::name
		for _, f := range c.functions {
			if f.node.name == n.text {
				return c.localReference(n, f)
			}
		}
		panic(faultAt(off, "Unknown reference [this::%s].", n.text))
	case n.text == "new":
		return c.constructorReference(n)
	}
	return c.classReference(n)
}

func funcValue(name string, call func(fr *frame, args []Value) Value) Value {
	return Value{kind: KindFunc, ref: &function{name: name, call: call}}
}

// funcOf is funcValue for a function that takes a number of arguments.
func funcOf(name string, want int, call func(fr *frame, args []Value) Value) Value {
	v := funcValue(name, func(fr *frame, args []Value) Value {
		if len(args) != want {
			throw("IllegalArgumentException", "Incorrect number of parameters for [%s]: expected [%d] but found [%d]", name, want, len(args))
		}
		return call(fr, args)
	})
	v.ref.(*function).args = want
	return v
}

func callMethod(fr *frame, off int, name string, self Value, args []Value) Value {
	fr.r.at = off
	fr.r.spend(1)
	if self.kind == KindNull {
		throw("NullPointerException", "cannot access method/field [%s] from a null def reference", name)
	}
	key := methodKey(name, len(args))
	return invoke(fr, methods[key], key, self, args)
}

func (c *compiler) localReference(n *node, f *userFunction) expr {
	converters := make([]func(*frame, Value) Value, len(f.node.params))
	for i, p := range f.node.params {
		converters[i] = c.converter(typDef, p.of, false, n.off)
	}
	v := funcValue(n.text, func(fr *frame, args []Value) Value {
		if len(args) != len(converters) {
			throw("IllegalArgumentException", "Incorrect number of parameters for [%s]: expected [%d] but found [%d]", n.text, len(converters), len(args))
		}
		in := frame{r: fr.r, slots: make([]Value, f.size)}
		for i, as := range converters {
			in.slots[i] = as(fr, args[i])
		}
		fr.r.spend(1 + f.size/4)
		fr.r.enter()
		f.body(&in)
		fr.r.calls--
		return in.ret
	})
	return defExpr(func(*frame) Value { return v })
}

func (c *compiler) constructorReference(n *node) expr {
	if n.of.array != "" {
		array := n.of.array
		v := funcOf("new", 1, func(fr *frame, args []Value) Value {
			size := convertDef(args[0], typInt, false).Long()
			fr.r.alloc(valueBytes * int(max(size, 0)))
			return listValue(&List{items: make([]Value, max(size, 0)), fixed: true, of: array})
		})
		return defExpr(func(*frame) Value { return v })
	}
	if len(n.class.create) == 0 {
		panic(faultAt(n.off, "constructor reference [%s::new] not found", n.class.full))
	}
	v := funcValue("new", func(fr *frame, args []Value) Value {
		f := n.class.create[len(args)]
		if f == nil {
			throw("IllegalArgumentException", "constructor [%s, <init>/%d] not found", n.class.full, len(args))
		}
		return f(fr, args)
	})
	return defExpr(func(*frame) Value { return v })
}

// classReference is a static method, or a method of the first argument.
func (c *compiler) classReference(n *node) expr {
	off, class := n.off, n.class
	found := false
	for args := range 4 {
		key := methodKey(n.text, args)
		found = found || class.statics[key] != nil || class.statics[n.text+"/*"] != nil || methodNames[key]
	}
	if !found {
		panic(faultAt(off, "function reference [%s::%s] matching no method", class.full, n.text))
	}
	v := funcValue(n.text, func(fr *frame, args []Value) Value {
		fr.r.at = off
		fr.r.spend(1)
		if f := class.statics[methodKey(n.text, len(args))]; f != nil {
			return f(fr, args)
		}
		if f := class.statics[n.text+"/*"]; f != nil {
			return f(fr, args)
		}
		if len(args) == 0 {
			throw("IllegalArgumentException", "function reference [%s::%s] matching no method", class.full, n.text)
		}
		return callMethod(fr, off, n.text, args[0], args[1:])
	})
	return defExpr(func(*frame) Value { return v })
}

// callFunc calls a function value with arguments.
func callFunc(fr *frame, f Value, args ...Value) Value {
	if f.kind != KindFunc {
		if f.kind == KindNull {
			throw("NullPointerException", "a function is null")
		}
		throw("ClassCastException", "Cannot cast from [%s] to a functional interface.", className(f))
	}
	return f.ref.(*function).call(fr, args)
}

// callTest calls a function that answers yes or no.
func callTest(fr *frame, f Value, args ...Value) bool {
	v := callFunc(fr, f, args...)
	if v.kind != KindBool {
		badDefCast(v, typBool)
	}
	return v.num != 0
}
