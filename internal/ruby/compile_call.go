package ruby

import (
	"fmt"
	"slices"
	"strings"
)

func (c *compiler) call(x *callExpr) (thunk, error) {
	if x.recv == nil {
		return c.function(x)
	}
	if _, ok := x.recv.(*eventExpr); ok {
		if t, err := c.eventCall(x); t != nil || err != nil {
			return t, err
		}
	}
	if cl, ok := x.recv.(*constExpr); ok && (knownClasses[cl.name] || libraryModules[cl.name]) {
		return c.classCall(x, cl)
	}
	if changesVariable(x) {
		return c.changeVariable(x)
	}
	if countsItems(x) {
		return c.withIndex(x)
	}
	if slot, args, ok := appendChain(x); ok {
		return c.appendTo(x.pos, slot, args)
	}
	if t, err := c.localEventCall(x); t != nil || err != nil {
		return t, err
	}
	recv, err := c.compile(x.recv)
	if err != nil {
		return nil, err
	}
	if len(x.args) == 1 && x.block == nil && !x.safe && isOperator(x.name) {
		if _, splat := x.args[0].(*splatExpr); !splat {
			arg, err := c.compile(x.args[0])
			if err != nil {
				return nil, err
			}
			return c.operator(x.pos, x.name, recv, arg)
		}
	}
	return c.methodCall(x, recv)
}

func isOperator(name string) bool {
	return strings.IndexByte("+-*/%<>=&|^", name[0]) >= 0 && name != "-@"
}

func (c *compiler) methodCall(x *callExpr, recv thunk) (thunk, error) {
	set := methodsNamed(x.name)
	if set == nil {
		return nil, unknownMethod(x)
	}
	if err := set.accepts(x); err != nil {
		return nil, err
	}
	args, err := c.list(x.args)
	if err != nil {
		return nil, err
	}
	block, err := c.block(x.block)
	if err != nil {
		return nil, err
	}
	pos, safe := x.pos, x.safe
	return func(fr *frame) (Value, error) {
		r, err := recv(fr)
		if err != nil || safe && r == nil {
			return nil, err
		}
		a, err := args(fr)
		if err != nil {
			return nil, err
		}
		cl := fr.newCall(r, a)
		if block == nil {
			return set.dispatch(cl, pos)
		}
		if cl.block, err = block.closure(fr); err != nil {
			return nil, withPos(err, pos)
		}
		v, err := set.dispatch(cl, pos)
		if j, ok := err.(*jump); ok && j.kind == jumpBreak {
			return j.value, nil
		}
		return v, err
	}, nil
}

// accepts says whether any method of the name takes the call's arguments and goes without a block where the call
// has none; else the call cannot succeed, whatever its receiver is.
func (s *methodSet) accepts(x *callExpr) error {
	fits, blockless := false, false
	for _, m := range s.by {
		if m == nil {
			continue
		}
		fits = fits || len(x.args) >= m.min && (m.max < 0 || len(x.args) <= m.max)
		blockless = blockless || m.block != blockRequired
	}
	switch {
	case !fits && !hasSplat(x.args):
		return syntaxErrorf(x.pos, "%s does not take %d arguments", x.name, len(x.args))
	case !blockless && x.block == nil:
		return syntaxErrorf(x.pos, "%s needs a block; chains of enumerators, as in each_with_index.map, are not supported", x.name)
	}
	return nil
}

func unknownMethod(x *callExpr) error {
	if reason := refusedMethods[x.name]; reason != "" {
		return syntaxErrorf(x.pos, "the method %q is not supported: %s", x.name, reason)
	}
	names := make([]string, 0, len(methodSets))
	for n := range methodSets {
		names = append(names, n)
	}
	slices.Sort(names)
	if near := nearest(x.name, names); near != "" {
		return syntaxErrorf(x.pos, "there is no method %q here; did you mean %q?", x.name, near)
	}
	return syntaxErrorf(x.pos, "there is no method %q here", x.name)
}

// nearest finds the name that differs from got by one letter left out, put in or changed.
func nearest(got string, names []string) string {
	for _, n := range names {
		shared := 0
		for shared < min(len(n), len(got)) && n[shared] == got[shared] {
			shared++
		}
		a, b := n[shared:], got[shared:]
		switch {
		case len(a) == len(b)+1 && a[1:] == b, len(b) == len(a)+1 && b[1:] == a,
			len(a) == len(b) && len(a) > 0 && a[1:] == b[1:]:
			return n
		}
	}
	return ""
}

func (c *compiler) block(x *blockExpr) (*compiledBlock, error) {
	if x == nil {
		return nil, nil
	}
	b := &compiledBlock{params: x.params, locals: x.locals, pos: x.pos}
	if x.symbol != "" {
		if b.send = methodsNamed(x.symbol); b.send == nil {
			return nil, unknownMethod(&callExpr{node: x.node, name: x.symbol})
		}
		return b, nil
	}
	var err error
	if x.lambda != nil {
		b.lambda, err = c.compile(x.lambda)
		return b, err
	}
	b.body, err = c.compile(x.body)
	return b, err
}

// closure is the block in a run.
func (b *compiledBlock) closure(fr *frame) (*closure, error) {
	if b.lambda == nil {
		return &closure{fr: fr, block: b}, nil
	}
	v, err := b.lambda(fr)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *procValue:
		return &closure{fr: fr, block: b, native: func(args ...Value) (Value, error) {
			if a, ok := first(args).(*Array); ok && len(args) == 1 && len(v.block.params) > 1 {
				args = a.Items
			}
			return v.call(fr, args)
		}}, nil
	case Symbol:
		if set := methodsNamed(string(v)); set != nil {
			return &closure{fr: fr, block: &compiledBlock{send: set, pos: b.pos}}, nil
		}
	}
	return nil, typeErrorf("wrong argument type %s (expected Proc)", className(v))
}

func first(args []Value) Value {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

// operator compiles a binary operator; numbers take a short way round the method tables.
func (c *compiler) operator(at Pos, op string, left, right thunk) (thunk, error) {
	set := methodsNamed(op)
	if set == nil {
		return nil, syntaxErrorf(at, "the operator %s is not supported", op)
	}
	fast := fastOperators[op]
	return func(fr *frame) (Value, error) {
		l, err := left(fr)
		if err != nil {
			return nil, err
		}
		r, err := right(fr)
		if err != nil {
			return nil, err
		}
		if fast != nil {
			if v, ok := fast(l, r); ok {
				return v, nil
			}
		}
		return set.dispatch(fr.newCall(l, append(fr.newList(1), r)), at)
	}, nil
}

// appendChain takes x << a << b for a local variable x apart.
func appendChain(x *callExpr) (slot int, args []expr, ok bool) {
	if x.name != "<<" || len(x.args) != 1 || x.block != nil {
		return 0, nil, false
	}
	switch recv := x.recv.(type) {
	case *localExpr:
		return recv.slot, x.args, true
	case *callExpr:
		slot, args, ok = appendChain(recv)
		return slot, append(args[:len(args):len(args)], x.args[0]), ok
	}
	return 0, nil, false
}

// appendTo compiles x << a << b for a local variable x: texts are immutable here, so the variable gets
// the longer text.
func (c *compiler) appendTo(at Pos, slot int, args []expr) (thunk, error) {
	values, err := c.list(args)
	set := methodsNamed("<<")
	return func(fr *frame) (Value, error) {
		list, err := values(fr)
		if err != nil {
			return nil, err
		}
		v := fr.vars[slot]
		for _, arg := range list {
			s, ok := v.(string)
			if !ok {
				if v, err = set.dispatch(fr.newCall(v, append(fr.newList(1), arg)), at); err != nil {
					return nil, err
				}
				continue
			}
			add, ok := arg.(string)
			if !ok {
				return nil, withPos(typeErrorf("no implicit conversion of %s into String", className(arg)), at)
			}
			if err := fr.grow(len(s) + len(add)); err != nil {
				return nil, err
			}
			v = s + add
			fr.vars[slot] = v
		}
		return v, nil
	}, err
}

// fieldMethods are the methods of event that take a field reference first.
var fieldMethods = map[string]bool{"get": true, "set": true, "remove": true, "include?": true}

func refuseEventIndex(at Pos) error {
	return syntaxErrorf(at, `event["field"] is not supported since Logstash 5; use event.get and event.set`)
}

// eventCall resolves the field of event.get("…") and its like once. It returns nil for other calls.
func (c *compiler) eventCall(x *callExpr) (thunk, error) {
	if x.name == "[]" {
		return nil, refuseEventIndex(x.pos)
	}
	if methods[kindEvent][x.name] == nil && methods[kinds][x.name] == nil {
		return nil, syntaxErrorf(x.pos, "event has no method %q; it has get, set, remove, include?, tag, cancel, cancelled?, clone, append, overwrite, sprintf, timestamp, to_hash and to_hash_with_metadata", x.name)
	}
	if m := methods[kindEvent][x.name]; m != nil && !hasSplat(x.args) && (len(x.args) < m.min || len(x.args) > m.max) {
		return nil, syntaxErrorf(x.pos, "event.%s takes %d arguments, %d are given", x.name, m.min, len(x.args))
	}
	if !fieldMethods[x.name] || hasSplat(x.args) {
		return nil, nil
	}
	lit, ok := x.args[0].(*literalExpr)
	if !ok {
		return nil, nil
	}
	ref, ok := lit.value.(string)
	if !ok {
		return nil, syntaxErrorf(lit.pos, "event.%s takes a field reference, a text", x.name)
	}
	field, err := c.host.Field(ref)
	if err != nil {
		return nil, syntaxErrorf(lit.pos, "%v", err)
	}
	args, err := c.list(x.args[1:])
	name, pos := x.name, x.pos
	return func(fr *frame) (Value, error) {
		a, err := args(fr)
		if err != nil {
			return nil, err
		}
		if err := fr.step(); err != nil {
			return nil, err
		}
		if fr.event == nil {
			return nil, withPos(errNoEvent(), pos)
		}
		v, err := onField(fr.event, name, field, a)
		return v, withPos(err, pos)
	}, err
}

// localEventCall resolves the field of e.get("…") once, where e is a variable that may hold an event, as the parameter of a
// script's filter does. It returns nil for other calls.
func (c *compiler) localEventCall(x *callExpr) (thunk, error) {
	local, ok := x.recv.(*localExpr)
	if !ok || !fieldMethods[x.name] || x.block != nil || x.safe || len(x.args) == 0 || hasSplat(x.args) {
		return nil, nil
	}
	lit, ok := x.args[0].(*literalExpr)
	if !ok {
		return nil, nil
	}
	ref, ok := lit.value.(string)
	if !ok {
		return nil, nil
	}
	field, err := c.host.Field(ref)
	if err != nil {
		return nil, nil // no field: then it is no event either, or its error comes when it runs
	}
	recv, err := c.compile(local)
	if err != nil {
		return nil, err
	}
	other, err := c.methodCall(x, recv)
	if err != nil {
		return nil, err
	}
	args, err := c.list(x.args[1:])
	name, pos, slot := x.name, x.pos, local.slot
	return func(fr *frame) (Value, error) {
		ev, ok := fr.vars[slot].(Event)
		if !ok {
			return other(fr)
		}
		a, err := args(fr)
		if err != nil {
			return nil, err
		}
		if err := fr.step(); err != nil {
			return nil, err
		}
		v, err := onField(ev, name, field, a)
		return v, withPos(err, pos)
	}, err
}

func hasSplat(args []expr) bool {
	return slices.ContainsFunc(args, func(a expr) bool { _, ok := a.(*splatExpr); return ok })
}

func onField(ev Event, name string, field Field, args []Value) (Value, error) {
	switch name {
	case "get":
		return ev.Get(field), nil
	case "remove":
		return ev.Remove(field), nil
	case "include?":
		return ev.Includes(field), nil
	}
	if len(args) != 1 {
		return nil, argumentErrorf("event.set takes a field and a value")
	}
	if err := ev.Set(field, args[0]); err != nil {
		return nil, typeErrorf("%v", err)
	}
	return args[0], nil
}

// function compiles a call without a receiver, such as Integer(x).
func (c *compiler) function(x *callExpr) (thunk, error) {
	if c.definitions[x.name] != nil {
		return c.definedCall(x)
	}
	if reason := refusedFunctions[x.name]; reason != "" {
		return nil, syntaxErrorf(x.pos, "%s is not supported: %s", x.name, reason)
	}
	if x.name == "require" && len(x.args) == 1 {
		if lit, ok := x.args[0].(*literalExpr); !ok || !requirable[fmt.Sprint(lit.value)] {
			return nil, syntaxErrorf(x.pos, "this library cannot be required here; there are json, time, digest, base64, cgi, csv, uri, addressable/uri, set, socket, ipaddr and securerandom")
		}
	}
	return c.static(x, functions[x.name], "there is no function "+x.name)
}

// classCall compiles Time.now and its like.
func (c *compiler) classCall(x *callExpr, cl *constExpr) (thunk, error) {
	if m := classMethods[cl.name+"."+x.name]; m != nil {
		return c.static(x, m, "")
	}
	if m := libraryMethods[cl.name+"."+x.name]; m != nil {
		return c.static(x, m, "")
	}
	if methods[kindClass][x.name] != nil || methods[kinds][x.name] != nil {
		recv := constant(class(cl.name))
		return c.methodCall(x, recv)
	}
	return nil, syntaxErrorf(x.pos, "%s.%s is not supported", cl.name, x.name)
}

func (c *compiler) static(x *callExpr, m *method, missing string) (thunk, error) {
	if m == nil {
		return nil, syntaxErrorf(x.pos, "%s", missing)
	}
	args, err := c.list(x.args)
	if err != nil {
		return nil, err
	}
	block, err := c.block(x.block)
	if err != nil {
		return nil, err
	}
	name, pos := x.name, x.pos
	return func(fr *frame) (Value, error) {
		a, err := args(fr)
		if err != nil {
			return nil, err
		}
		cl := fr.newCall(nil, a)
		if block != nil {
			if cl.block, err = block.closure(fr); err != nil {
				return nil, withPos(err, pos)
			}
		}
		v, err := m.invoke(cl, name)
		if j, ok := err.(*jump); ok && j.kind == jumpBreak {
			return j.value, nil
		}
		return v, withPos(err, pos)
	}, nil
}
