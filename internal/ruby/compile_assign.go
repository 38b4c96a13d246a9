package ruby

// store is a compiled target: it gives the target a value.
type store func(fr *frame, v Value) error

func (c *compiler) target(x expr) (store, error) {
	switch x := x.(type) {
	case *localExpr:
		slot := x.slot
		return func(fr *frame, v Value) error { fr.vars[slot] = v; return nil }, nil
	case *ivarExpr:
		c.usesState = true
		name := x.name
		if isShared(name) {
			c.given[name] = true
		}
		return func(fr *frame, v Value) error {
			fr.state[name] = v
			return fr.grow(64)
		}, nil
	case *callExpr:
		if _, ok := x.recv.(*eventExpr); ok {
			return nil, refuseEventIndex(x.pos)
		}
		recv, err := c.compile(x.recv)
		if err != nil {
			return nil, err
		}
		args, err := c.list(x.args)
		if err != nil {
			return nil, err
		}
		set, pos := methodsNamed("[]="), x.pos
		if x.name != "[]" {
			set = methodsNamed(x.name + "=")
		}
		return func(fr *frame, v Value) error {
			r, err := recv(fr)
			if err != nil {
				return err
			}
			a, err := args(fr)
			if err != nil {
				return err
			}
			_, err = set.dispatch(&call{fr: fr, recv: r, args: append(a, v)}, pos)
			return err
		}, nil
	}
	return nil, syntaxErrorf(x.at(), "this cannot be assigned to")
}

func (c *compiler) assign(x *assignExpr) (thunk, error) {
	set, err := c.target(x.target)
	if err != nil {
		return nil, err
	}
	value, err := c.compile(x.x)
	if err != nil {
		return nil, err
	}
	if x.op == "" {
		return func(fr *frame) (Value, error) {
			v, err := value(fr)
			if err != nil {
				return nil, err
			}
			return v, set(fr, v)
		}, nil
	}
	get, err := c.compile(x.target)
	if err != nil {
		return nil, err
	}
	if x.op == "||" || x.op == "&&" {
		or := x.op == "||"
		return func(fr *frame) (Value, error) {
			old, err := get(fr)
			if err != nil || truthy(old) == or {
				return old, err
			}
			v, err := value(fr)
			if err != nil {
				return nil, err
			}
			return v, set(fr, v)
		}, nil
	}
	operate, err := c.operator(x.pos, x.op, get, value)
	return func(fr *frame) (Value, error) {
		v, err := operate(fr)
		if err != nil {
			return nil, err
		}
		return v, set(fr, v)
	}, err
}

// multiAssign gives several targets the items of one array.
func (c *compiler) multiAssign(x *multiAssignExpr) (thunk, error) {
	value, err := c.compile(x.values[0])
	if err != nil {
		return nil, err
	}
	targets := make([]store, len(x.targets))
	for i, t := range x.targets {
		if targets[i], err = c.target(t); err != nil {
			return nil, err
		}
	}
	splat := x.splat
	return func(fr *frame) (Value, error) {
		v, err := value(fr)
		if err != nil {
			return nil, err
		}
		items := []Value{v}
		if a, ok := v.(*Array); ok {
			items = append([]Value(nil), a.Items...)
		}
		for i, set := range targets {
			if err := set(fr, itemFor(i, len(targets), splat, items)); err != nil {
				return nil, err
			}
		}
		return v, nil
	}, nil
}

// itemFor picks what target i of n gets; the splat takes what the others leave.
func itemFor(i, n, splat int, items []Value) Value {
	rest := max(0, len(items)-(n-1))
	switch {
	case splat >= 0 && i == splat:
		return &Array{items[min(i, len(items)):min(i+rest, len(items))]}
	case splat >= 0 && i > splat:
		i += rest - 1
	}
	if i < len(items) {
		return items[i]
	}
	return nil
}
