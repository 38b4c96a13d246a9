package ruby

func (c *compiler) control(x expr) (thunk, error) {
	switch x := x.(type) {
	case *identExpr:
		return nil, syntaxErrorf(x.pos, "%q has no value here", x.name)
	case *bodyExpr:
		return c.body(x)
	case *logicExpr:
		return c.logic(x)
	case *notExpr:
		t, err := c.compile(x.x)
		return func(fr *frame) (Value, error) {
			v, err := t(fr)
			return !truthy(v), err
		}, err
	case *assignExpr:
		return c.assign(x)
	case *multiAssignExpr:
		return c.multiAssign(x)
	case *ifExpr:
		return c.ifElse(x)
	case *caseExpr:
		return c.caseWhen(x)
	case *loopExpr:
		return c.loop(x)
	case *rescueExpr:
		return c.rescue(x)
	case *jumpExpr:
		return c.jump(x)
	case *definedExpr:
		return c.defined(x)
	}
	return nil, syntaxErrorf(x.at(), "this construct is not supported")
}

func (c *compiler) body(x *bodyExpr) (thunk, error) {
	list, err := c.all(x.list)
	if err != nil {
		return nil, err
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return func(fr *frame) (last Value, err error) {
		for _, t := range list {
			if last, err = t(fr); err != nil {
				return nil, err
			}
		}
		return last, nil
	}, nil
}

func (c *compiler) logic(x *logicExpr) (thunk, error) {
	left, err := c.compile(x.left)
	if err != nil {
		return nil, err
	}
	right, err := c.compile(x.right)
	or := x.or
	return func(fr *frame) (Value, error) {
		v, err := left(fr)
		if err != nil || truthy(v) == or {
			return v, err
		}
		return right(fr)
	}, err
}

func (c *compiler) ifElse(x *ifExpr) (thunk, error) {
	parts, err := c.all([]expr{x.cond, x.then, x.alt})
	if err != nil {
		return nil, err
	}
	cond, then, alt := parts[0], parts[1], parts[2]
	return func(fr *frame) (Value, error) {
		v, err := cond(fr)
		switch {
		case err != nil:
			return nil, err
		case truthy(v):
			return then(fr)
		}
		return alt(fr)
	}, nil
}

func (c *compiler) caseWhen(x *caseExpr) (thunk, error) {
	subject, err := c.compile(x.subject)
	if err != nil {
		return nil, err
	}
	alt, err := c.compile(x.alt)
	if err != nil {
		return nil, err
	}
	type arm struct {
		tests func(*frame) ([]Value, error)
		one   thunk // the only test, the common case
		body  thunk
	}
	arms := make([]arm, len(x.whens))
	for i, w := range x.whens {
		if arms[i].body, err = c.compile(w.body); err != nil {
			return nil, err
		}
		if _, splat := w.tests[0].(*splatExpr); len(w.tests) == 1 && !splat {
			arms[i].one, err = c.compile(w.tests[0])
		} else {
			arms[i].tests, err = c.list(w.tests)
		}
		if err != nil {
			return nil, err
		}
	}
	bare := x.subject == nil
	return func(fr *frame) (Value, error) {
		v, err := subject(fr)
		if err != nil {
			return nil, err
		}
		for i := range arms {
			var tests []Value
			if arms[i].one != nil {
				var one Value
				one, err = arms[i].one(fr)
				tests = []Value{one}
			} else {
				tests, err = arms[i].tests(fr)
			}
			if err != nil {
				return nil, err
			}
			hit, err := matchesAny(fr, tests, v, bare)
			if err != nil {
				return nil, err
			}
			if hit {
				return arms[i].body(fr)
			}
		}
		return alt(fr)
	}, nil
}

func matchesAny(fr *frame, tests []Value, v Value, bare bool) (bool, error) {
	for _, test := range tests {
		if bare {
			if truthy(test) {
				return true, nil
			}
			continue
		}
		if hit, err := caseEqual(fr, test, v); hit || err != nil {
			return hit, err
		}
	}
	return false, nil
}

func (c *compiler) loop(x *loopExpr) (thunk, error) {
	cond, err := c.compile(x.cond)
	if err != nil {
		return nil, err
	}
	body, err := c.compile(x.body)
	until, bodyFirst := x.until, x.bodyFirst
	return func(fr *frame) (Value, error) {
		for first := true; ; first = false {
			if err := fr.step(); err != nil {
				return nil, err
			}
			if !first || !bodyFirst {
				v, err := cond(fr)
				if err != nil {
					return nil, err
				}
				if truthy(v) == until {
					return nil, nil
				}
			}
			_, err := body(fr)
			if j, ok := err.(*jump); ok && j.kind != jumpReturn {
				if j.kind == jumpBreak {
					return j.value, nil
				}
				continue
			}
			if err != nil {
				return nil, err
			}
		}
	}, err
}

func (c *compiler) jump(x *jumpExpr) (thunk, error) {
	value, err := c.compile(x.value)
	kind := x.kind
	return func(fr *frame) (Value, error) {
		v, err := value(fr)
		if err != nil {
			return nil, err
		}
		return nil, &jump{kind, v}
	}, err
}

// defined tells what a name is without evaluating it.
func (c *compiler) defined(x *definedExpr) (thunk, error) {
	switch y := x.x.(type) {
	case *identExpr:
		return constant(nil), nil
	case *localExpr, *eventExpr:
		return constant("local-variable"), nil
	case *ivarExpr:
		c.usesState = true
		return func(fr *frame) (Value, error) {
			if _, ok := fr.state[y.name]; ok {
				return "instance-variable", nil
			}
			return nil, nil
		}, nil
	case *bodyExpr:
		if len(y.list) == 1 {
			return c.defined(&definedExpr{x.node, y.list[0]})
		}
	}
	if _, err := c.compile(x.x); err != nil {
		return constant(nil), nil // names something that does not exist, which is what defined? asks
	}
	return constant("expression"), nil
}

func (c *compiler) rescue(x *rescueExpr) (thunk, error) {
	parts, err := c.all([]expr{x.body, x.alt, x.ensure})
	if err != nil {
		return nil, err
	}
	body, alt, ensure := parts[0], parts[1], parts[2]
	handlers := make([]thunk, len(x.clauses))
	for i, clause := range x.clauses {
		if handlers[i], err = c.compile(clause.body); err != nil {
			return nil, err
		}
	}
	clauses, hasElse := x.clauses, x.alt != nil
	protected := func(fr *frame) (Value, error) {
		v, err := body(fr)
		raised, ok := err.(*Error)
		switch {
		case err == nil && hasElse:
			return alt(fr)
		case !ok:
			return v, err
		}
		for i, clause := range clauses {
			if clause.catches(raised.Class) {
				if clause.slot >= 0 {
					fr.vars[clause.slot] = raised
				}
				return handlers[i](fr)
			}
		}
		return nil, err
	}
	if x.retries {
		once := protected
		protected = func(fr *frame) (Value, error) {
			for {
				v, err := once(fr)
				if j, ok := err.(*jump); !ok || j.kind != jumpRetry {
					return v, err
				}
				if err := fr.step(); err != nil {
					return nil, err
				}
			}
		}
	}
	if x.ensure == nil {
		return protected, nil
	}
	return func(fr *frame) (Value, error) {
		v, err := protected(fr)
		if _, err := ensure(fr); err != nil {
			return nil, err
		}
		return v, err
	}, nil
}

func (r rescueClause) catches(class string) bool {
	if len(r.classes) == 0 {
		return isErrorOf(class, "StandardError")
	}
	for _, c := range r.classes {
		if isErrorOf(class, c) {
			return true
		}
	}
	return false
}
