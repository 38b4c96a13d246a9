package ruby

import (
	"strings"
)

// compiler turns a tree into closures.
type compiler struct {
	host        *Host
	usesState   bool
	definitions map[string]*definition
	// given are the shared variables (see shared.go) that have a value by what was compiled so far; read are those that
	// were read, with the first place.
	given map[string]bool
	read  map[string]Pos
}

func newCompiler(host *Host, state *State) *compiler {
	return &compiler{host: host, given: state.given, read: map[string]Pos{}}
}

func constant(v Value) thunk { return func(*frame) (Value, error) { return v, nil } }

// compile compiles one node; nil compiles to nil.
func (c *compiler) compile(x expr) (thunk, error) {
	switch x := x.(type) {
	case nil:
		return constant(nil), nil
	case *literalExpr:
		return constant(x.value), nil
	case *stringExpr:
		return c.interpolation(x)
	case *regexExpr:
		return c.regex(x)
	case *arrayExpr:
		return c.array(x)
	case *hashExpr:
		return c.hash(x)
	case *pairsExpr:
		return c.hash(x.hashExpr)
	case *rangeExpr:
		return c.rangeOf(x)
	case *localExpr:
		slot := x.slot
		return func(fr *frame) (Value, error) { return fr.vars[slot], nil }, nil
	case *ivarExpr:
		return c.kept(x), nil
	case *matchExpr:
		return compileMatch(x), nil
	case *constExpr:
		return c.constantValue(x)
	case *eventExpr:
		return func(fr *frame) (Value, error) {
			if fr.event == nil {
				return nil, errNoEvent()
			}
			return fr.event, nil
		}, nil
	case *callExpr:
		return c.call(x)
	case *lambdaExpr:
		return c.lambda(x)
	case *splatExpr:
		return nil, syntaxErrorf(x.pos, "a splat (*) stands only in arguments and arrays")
	case *blockExpr:
		return nil, syntaxErrorf(x.pos, "a block stands only after a call")
	}
	return c.control(x)
}

func (c *compiler) all(xs []expr) ([]thunk, error) {
	out := make([]thunk, len(xs))
	for i, x := range xs {
		t, err := c.compile(x)
		if err != nil {
			return nil, err
		}
		out[i] = t
	}
	return out, nil
}

// list compiles expressions among which splats may stand to one that yields all values.
func (c *compiler) list(xs []expr) (func(*frame) ([]Value, error), error) {
	thunks := make([]thunk, len(xs))
	splat := make([]bool, len(xs))
	for i, x := range xs {
		if s, ok := x.(*splatExpr); ok {
			splat[i], x = true, s.x
		}
		t, err := c.compile(x)
		if err != nil {
			return nil, err
		}
		thunks[i] = t
	}
	return func(fr *frame) ([]Value, error) {
		if len(thunks) == 0 {
			return nil, nil
		}
		values := fr.newList(len(thunks))
		for i, t := range thunks {
			v, err := t(fr)
			if err != nil {
				return nil, err
			}
			if splat[i] {
				items, err := toItems(fr, v)
				if err != nil {
					return nil, err
				}
				values = append(values, items...)
				continue
			}
			values = append(values, v)
		}
		return values, nil
	}, nil
}

func (c *compiler) interpolation(x *stringExpr) (thunk, error) {
	parts, err := c.all(x.parts)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) (Value, error) {
		var b strings.Builder
		for _, part := range parts {
			v, err := part(fr)
			if err != nil {
				return nil, err
			}
			s, err := fr.toS(v)
			if err != nil {
				return nil, err
			}
			if err := fr.grow(len(s)); err != nil {
				return nil, err
			}
			b.WriteString(s)
		}
		return b.String(), nil
	}, nil
}

func (c *compiler) regex(x *regexExpr) (thunk, error) {
	flags := strings.Map(func(r rune) rune {
		if strings.ContainsRune("imx", r) {
			return r
		}
		return -1 // o, u, n, s, e: once-only and encodings, without effect on UTF-8 text
	}, x.flags)
	if lit, ok := x.source.(*literalExpr); ok {
		source, _ := lit.value.(string)
		re, err := c.host.Regexp(source, flags)
		if err != nil {
			return nil, syntaxErrorf(x.pos, "%v", err)
		}
		return constant(&regexValue{re, source, flags}), nil
	}
	source, err := c.compile(x.source)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) (Value, error) {
		v, err := source(fr)
		if err != nil {
			return nil, err
		}
		text, _ := v.(string)
		re, err := fr.host.Regexp(text, flags)
		if err != nil {
			return nil, raisef("RegexpError", "%v", err)
		}
		return &regexValue{re, text, flags}, nil
	}, nil
}

func (c *compiler) array(x *arrayExpr) (thunk, error) {
	items, err := c.list(x.items)
	return func(fr *frame) (Value, error) {
		values, err := items(fr)
		if err != nil {
			return nil, err
		}
		return &Array{values}, fr.grow(16 * len(values))
	}, err
}

func (c *compiler) hash(x *hashExpr) (thunk, error) {
	keys, err := c.all(x.keys)
	if err != nil {
		return nil, err
	}
	values, err := c.all(x.values)
	if err != nil {
		return nil, err
	}
	return func(fr *frame) (Value, error) {
		h := NewHash()
		for i := range keys {
			k, err := keys[i](fr)
			if err != nil {
				return nil, err
			}
			v, err := values[i](fr)
			if err != nil {
				return nil, err
			}
			h.Set(k, v)
		}
		return h, fr.grow(32 * len(keys))
	}, nil
}

func (c *compiler) rangeOf(x *rangeExpr) (thunk, error) {
	low, err := c.compile(x.low)
	if err != nil {
		return nil, err
	}
	high, err := c.compile(x.high)
	if err != nil {
		return nil, err
	}
	exclusive := x.exclusive
	evaluate := func(fr *frame) (Value, error) {
		l, err := low(fr)
		if err != nil {
			return nil, err
		}
		h, err := high(fr)
		if err != nil {
			return nil, err
		}
		if l != nil && h != nil {
			if _, ok := compareValues(fr, l, h); !ok {
				return nil, argumentErrorf("bad value for range")
			}
		}
		return &Range{l, h, exclusive}, nil
	}
	if isLiteral(x.low) && isLiteral(x.high) { // made once: a range is immutable
		if v, err := evaluate(&frame{}); err == nil {
			return constant(v), nil
		}
	}
	return evaluate, nil
}

func isLiteral(x expr) bool {
	if x == nil {
		return true
	}
	_, ok := x.(*literalExpr)
	return ok
}

func compileMatch(x *matchExpr) thunk {
	group, whole := x.group, x.whole
	return func(fr *frame) (Value, error) {
		switch {
		case fr.match == nil:
			return nil, nil
		case whole:
			return fr.match, nil
		}
		return fr.match.group(group), nil
	}
}

func (c *compiler) constantValue(x *constExpr) (thunk, error) {
	if v, ok := constants[x.name]; ok {
		return constant(v), nil
	}
	if isClass(x.name) {
		return constant(class(x.name)), nil
	}
	if name := ownConstant + x.name; c.given[name] {
		return c.kept(&ivarExpr{x.node, name}), nil
	}
	if x.name == "ENV" {
		return nil, syntaxErrorf(x.pos, "ENV is not supported: write ${NAME:default} in the program's text, which the configuration fills in")
	}
	return nil, syntaxErrorf(x.pos, "the constant %s is not known here", x.name)
}
