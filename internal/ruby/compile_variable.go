package ruby

import "strings"

// textBangs are the methods that change a text in place. Texts are immutable here, so the variable gets the new text.
var textBangs = map[string]bool{"gsub!": true, "sub!": true, "strip!": true, "lstrip!": true, "rstrip!": true, "chomp!": true, "chop!": true, "upcase!": true, "downcase!": true,
	"capitalize!": true, "swapcase!": true, "squeeze!": true, "tr!": true, "delete!": true}

// changesVariable says whether a call changes a text that a variable, or a place in an array or hash, holds.
func changesVariable(x *callExpr) bool {
	if !textBangs[x.name] {
		return false
	}
	switch recv := x.recv.(type) {
	case *localExpr, *ivarExpr:
		return true
	case *callExpr:
		_, ofEvent := recv.recv.(*eventExpr)
		return recv.name == "[]" && recv.recv != nil && !ofEvent
	}
	return false
}

// changeVariable compiles x.gsub!(…) to x = x.gsub(…), with nil for its value where nothing changed, as in Ruby.
func (c *compiler) changeVariable(x *callExpr) (thunk, error) {
	get, err := c.compile(x.recv)
	if err != nil {
		return nil, err
	}
	set, err := c.target(x.recv)
	if err != nil {
		return nil, err
	}
	plain := *x
	plain.name = strings.TrimSuffix(x.name, "!")
	changed, err := c.methodCall(&plain, get)
	return func(fr *frame) (Value, error) {
		before, err := get(fr)
		if err != nil || x.safe && before == nil {
			return nil, err
		}
		after, err := changed(fr)
		if err != nil || before == after {
			return nil, err
		}
		return after, set(fr, after)
	}, err
}

// withIndex compiles x.map.with_index(1) { |item, i| … } and its like: the method gets a block that counts.
func (c *compiler) withIndex(x *callExpr) (thunk, error) {
	inner := x.recv.(*callExpr)
	name := inner.name
	if name == "each_with_index" {
		name = "each"
	}
	recv, err := c.compile(inner.recv)
	if err != nil {
		return nil, err
	}
	set := methodsNamed(name)
	args, err := c.list(inner.args)
	if err != nil {
		return nil, err
	}
	offset, err := c.list(x.args)
	if err != nil {
		return nil, err
	}
	block, err := c.block(x.block)
	pos := x.pos
	return func(fr *frame) (Value, error) {
		r, err := recv(fr)
		if err != nil {
			return nil, err
		}
		a, err := args(fr)
		if err != nil {
			return nil, err
		}
		from, err := offset(fr)
		if err != nil {
			return nil, err
		}
		at := int64(0)
		if len(from) > 0 && from[0] != nil {
			if at, err = intArg(from[0]); err != nil {
				return nil, withPos(err, pos)
			}
		}
		counted := &closure{fr: fr, block: block}
		counting := func(items ...Value) (Value, error) {
			var item Value
			if len(items) == 1 {
				item = items[0]
			} else {
				item = &Array{items}
			}
			at++
			return counted.call(item, at-1)
		}
		v, err := set.dispatch(&call{fr: fr, recv: r, args: a, block: &closure{fr: fr, native: counting}}, pos)
		if j, ok := err.(*jump); ok && j.kind == jumpBreak {
			return j.value, nil
		}
		return v, err
	}, err
}

// countsItems says whether a call is with_index behind a method that waits for a block.
func countsItems(x *callExpr) bool {
	inner, ok := x.recv.(*callExpr)
	return ok && x.name == "with_index" && x.block != nil && inner.block == nil && inner.recv != nil && len(x.args) <= 1 && methodsNamed(inner.name) != nil
}
