package ruby

import (
	"slices"
	"strings"
)

func items(c *call) []Value { return c.recv.(*Array).Items }

var arrayMethods = table{
	"each":    {0, 0, blockRequired, eachItem},
	"length":  {0, 0, 0, func(c *call) (Value, error) { return int64(len(items(c))), nil }},
	"size":    {0, 0, 0, func(c *call) (Value, error) { return int64(len(items(c))), nil }},
	"empty?":  {0, 0, 0, func(c *call) (Value, error) { return len(items(c)) == 0, nil }},
	"[]":      {1, 2, 0, sliceArray},
	"slice":   {1, 2, 0, sliceArray},
	"at":      {1, 1, 0, sliceArray},
	"[]=":     {2, 2, 0, setItem},
	"fetch":   {1, 2, blockOptional, fetchItem},
	"dig":     {1, -1, 0, dig},
	"last":    {0, 1, 0, lastItems},
	"push":    {0, -1, 0, pushItems},
	"append":  {0, -1, 0, pushItems},
	"<<":      {1, 1, 0, pushItems},
	"concat":  {0, -1, 0, concatItems},
	"pop":     {0, 0, 0, popItem},
	"shift":   {0, 0, 0, shiftItem},
	"unshift": {0, -1, 0, unshiftItems},
	"prepend": {0, -1, 0, unshiftItems},
	"+": {1, 1, 0, func(c *call) (Value, error) {
		other, err := arrayArg(c.args[0])
		if err != nil {
			return nil, err
		}
		return newArray(c.fr, slices.Concat(items(c), other))
	}},
	"-":          {1, 1, 0, func(c *call) (Value, error) { return setOperation(c, items(c), false) }},
	"difference": {1, 1, 0, func(c *call) (Value, error) { return setOperation(c, items(c), false) }},
	"&": {1, 1, 0, func(c *call) (Value, error) {
		v, err := uniqItems(&call{fr: c.fr, recv: c.recv})
		if err != nil {
			return nil, err
		}
		return setOperation(c, v.(*Array).Items, true)
	}},
	"|":    {1, 1, 0, unionItems},
	"*":    {1, 1, 0, multiplyArray},
	"join": {0, 1, 0, joinItems},
	"reverse": {0, 0, 0, func(c *call) (Value, error) {
		out := slices.Clone(items(c))
		slices.Reverse(out)
		return newArray(c.fr, out)
	}},
	"compact": {0, 0, 0, func(c *call) (Value, error) {
		return newArray(c.fr, slices.DeleteFunc(slices.Clone(items(c)), func(v Value) bool { return v == nil }))
	}},
	"flatten":   {0, 1, 0, flattenArray},
	"index":     {0, 1, blockOptional, indexItem},
	"values_at": {0, -1, 0, valuesAt},
	"delete":    {1, 1, 0, deleteItem},
	"delete_at": {1, 1, 0, deleteAt},
	"delete_if": {0, 0, blockRequired, func(c *call) (Value, error) {
		return replaceItems(c, func() (Value, error) { return filterItems(c, false) })
	}},
	"reject!": {0, 0, blockRequired, func(c *call) (Value, error) {
		return replaceItems(c, func() (Value, error) { return filterItems(c, false) })
	}},
	"select!": {0, 0, blockRequired, func(c *call) (Value, error) {
		return replaceItems(c, func() (Value, error) { return filterItems(c, true) })
	}},
	"keep_if": {0, 0, blockRequired, func(c *call) (Value, error) {
		return replaceItems(c, func() (Value, error) { return filterItems(c, true) })
	}},
	"map!":       {0, 0, blockRequired, func(c *call) (Value, error) { return replaceItems(c, func() (Value, error) { return mapItems(c) }) }},
	"sort!":      {0, 0, blockOptional, func(c *call) (Value, error) { return replaceItems(c, func() (Value, error) { return sortItems(c) }) }},
	"uniq!":      {0, 0, blockOptional, func(c *call) (Value, error) { return replaceItems(c, func() (Value, error) { return uniqItems(c) }) }},
	"clear":      {0, 0, 0, func(c *call) (Value, error) { c.recv.(*Array).Items = nil; return c.recv, nil }},
	"each_index": {0, 0, blockRequired, func(c *call) (Value, error) { return countUp(c, 0, int64(len(items(c)))-1) }},
	"transpose":  {0, 0, 0, transpose},
	"to_ary":     {0, 0, 0, identity},
}

func newArray(fr *frame, items []Value) (Value, error) {
	return &Array{items}, fr.grow(16 * len(items))
}

func arrayArg(v Value) ([]Value, error) {
	if a, ok := v.(*Array); ok {
		return a.Items, nil
	}
	return nil, typeErrorf("no implicit conversion of %s into Array", nilOr(v))
}

func sliceArray(c *call) (Value, error) {
	list := items(c)
	if r, ok := c.args[0].(*Range); ok {
		from, to, ok, err := rangeSpan(len(list), r)
		if err != nil || !ok {
			return nil, err
		}
		return newArray(c.fr, slices.Clone(list[from:to]))
	}
	start, err := intArg(c.args[0])
	if err != nil {
		return nil, err
	}
	if len(c.args) == 1 {
		if start < 0 {
			start += int64(len(list))
		}
		if start < 0 || start >= int64(len(list)) {
			return nil, nil
		}
		return list[start], nil
	}
	count, err := intArg(c.args[1])
	if err != nil {
		return nil, err
	}
	from, to, ok := span(len(list), start, count)
	if !ok {
		return nil, nil
	}
	return newArray(c.fr, slices.Clone(list[from:to]))
}

func setItem(c *call) (Value, error) {
	a := c.recv.(*Array)
	i, err := intArg(c.args[0])
	if err != nil {
		return nil, err
	}
	if i < 0 {
		i += int64(len(a.Items))
	}
	if i < 0 {
		return nil, raisef("IndexError", "index too small for array")
	}
	if missing := i + 1 - int64(len(a.Items)); missing > 0 {
		if err := c.fr.grow(16 * int(min(missing, maxBytes))); err != nil {
			return nil, err
		}
		a.Items = append(a.Items, make([]Value, missing)...)
	}
	a.Items[i] = c.args[1]
	return c.args[1], nil
}

func fetchItem(c *call) (Value, error) {
	i, err := intArg(c.args[0])
	if err != nil {
		return nil, err
	}
	n := int64(len(items(c)))
	if i < 0 {
		i += n
	}
	switch {
	case i >= 0 && i < n:
		return items(c)[i], nil
	case c.block != nil:
		return c.block.call(c.args[0])
	case len(c.args) == 2:
		return c.args[1], nil
	}
	return nil, raisef("IndexError", "index %d outside of array bounds", i)
}

// dig follows indexes and keys into arrays and hashes.
func dig(c *call) (Value, error) {
	v := c.recv
	for _, key := range c.args {
		switch in := v.(type) {
		case nil:
			return nil, nil
		case *Hash:
			v, _ = in.Get(key)
		case *Array:
			var err error
			if v, err = sliceArray(&call{fr: c.fr, recv: in, args: []Value{key}}); err != nil {
				return nil, err
			}
		default:
			return nil, typeErrorf("%s does not have #dig method", className(v))
		}
	}
	return v, nil
}

func lastItems(c *call) (Value, error) {
	list := items(c)
	if len(c.args) == 0 {
		if len(list) == 0 {
			return nil, nil
		}
		return list[len(list)-1], nil
	}
	n, err := intArg(c.args[0])
	if err != nil || n < 0 {
		return nil, argumentErrorf("negative array size")
	}
	return newArray(c.fr, slices.Clone(list[int64(len(list))-min(n, int64(len(list))):]))
}

func pushItems(c *call) (Value, error) {
	a := c.recv.(*Array)
	a.Items = append(a.Items, c.args...)
	return a, c.fr.grow(16 * len(c.args))
}

func concatItems(c *call) (Value, error) {
	a := c.recv.(*Array)
	for _, arg := range c.args {
		more, err := arrayArg(arg)
		if err != nil {
			return nil, err
		}
		if err := c.fr.grow(16 * len(more)); err != nil {
			return nil, err
		}
		a.Items = append(a.Items, more...)
	}
	return a, nil
}

func popItem(c *call) (Value, error) {
	a := c.recv.(*Array)
	if len(a.Items) == 0 {
		return nil, nil
	}
	last := a.Items[len(a.Items)-1]
	a.Items = a.Items[:len(a.Items)-1]
	return last, nil
}

func shiftItem(c *call) (Value, error) {
	a := c.recv.(*Array)
	if len(a.Items) == 0 {
		return nil, nil
	}
	first := a.Items[0]
	a.Items = a.Items[1:]
	return first, nil
}

func unshiftItems(c *call) (Value, error) {
	a := c.recv.(*Array)
	a.Items = slices.Concat(c.args, a.Items)
	return a, c.fr.grow(16 * len(a.Items))
}

// setOperation keeps the items that are (or are not) in the argument.
func setOperation(c *call, list []Value, keep bool) (Value, error) {
	other, err := arrayArg(c.args[0])
	if err != nil {
		return nil, err
	}
	in := NewHash()
	for _, v := range other {
		in.Set(v, true)
	}
	var out []Value
	for _, v := range list {
		if _, ok := in.Get(v); ok == keep {
			out = append(out, v)
		}
	}
	return newArray(c.fr, out)
}

func unionItems(c *call) (Value, error) {
	other, err := arrayArg(c.args[0])
	if err != nil {
		return nil, err
	}
	return uniqItems(&call{fr: c.fr, recv: &Array{slices.Concat(items(c), other)}})
}

func multiplyArray(c *call) (Value, error) {
	if sep, ok := c.args[0].(string); ok {
		return joinItems(&call{fr: c.fr, recv: c.recv, args: []Value{sep}})
	}
	n, err := intArg(c.args[0])
	if err != nil || n < 0 {
		return nil, argumentErrorf("argument must be non-negative")
	}
	list := items(c)
	if len(list) > 0 && n > int64(maxBytes/len(list)) {
		return nil, c.fr.grow(maxBytes + 1)
	}
	if err := c.fr.grow(16 * len(list) * int(n)); err != nil || len(list) == 0 {
		return &Array{}, err
	}
	return &Array{slices.Repeat(list, int(n))}, nil
}

func joinItems(c *call) (Value, error) {
	sep := ""
	if len(c.args) == 1 && c.args[0] != nil {
		var err error
		if sep, err = textArg(c.args[0]); err != nil {
			return nil, err
		}
	}
	var b strings.Builder
	if err := appendJoined(c.fr, &b, items(c), sep, 0); err != nil {
		return nil, err
	}
	return b.String(), nil
}

func appendJoined(fr *frame, b *strings.Builder, list []Value, sep string, depth int) error {
	if depth > maxNesting {
		return argumentErrorf("recursive array join")
	}
	for i, v := range list {
		if i > 0 {
			b.WriteString(sep)
		}
		if inner, ok := v.(*Array); ok {
			if err := fr.step(); err != nil {
				return err
			}
			if err := appendJoined(fr, b, inner.Items, sep, depth+1); err != nil {
				return err
			}
			continue
		}
		s, err := fr.toS(v)
		if err != nil {
			return err
		}
		if err := fr.grow(len(s) + len(sep)); err != nil {
			return err
		}
		b.WriteString(s)
	}
	return nil
}

func flattenArray(c *call) (Value, error) {
	depth := int64(maxNesting)
	if len(c.args) == 1 && c.args[0] != nil {
		var err error
		if depth, err = intArg(c.args[0]); err != nil {
			return nil, err
		}
	}
	var out []Value
	var add func(list []Value, depth int64) error
	add = func(list []Value, depth int64) error {
		for _, v := range list {
			if err := c.fr.step(); err != nil {
				return err
			}
			if inner, ok := v.(*Array); ok && depth > 0 {
				if err := add(inner.Items, depth-1); err != nil {
					return err
				}
				continue
			}
			out = append(out, v)
		}
		return nil
	}
	if err := add(items(c), min(depth, maxNesting)); err != nil {
		return nil, err
	}
	return newArray(c.fr, out)
}

func indexItem(c *call) (Value, error) {
	for i, v := range items(c) {
		var hit bool
		var err error
		if c.block != nil {
			hit, err = c.block.test(v)
		} else {
			hit, err = equal(c.fr, v, c.arg(0))
		}
		if hit || err != nil {
			return int64(i), err
		}
	}
	return nil, nil
}

func valuesAt(c *call) (Value, error) {
	var out []Value
	for _, i := range c.args {
		v, err := sliceArray(&call{fr: c.fr, recv: c.recv, args: []Value{i}})
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return newArray(c.fr, out)
}

func deleteItem(c *call) (Value, error) {
	a := c.recv.(*Array)
	var kept []Value
	var deleted Value
	for _, v := range a.Items {
		same, err := equal(c.fr, v, c.args[0])
		if err != nil {
			return nil, err
		}
		if same {
			deleted = v
		} else {
			kept = append(kept, v)
		}
	}
	a.Items = kept
	return deleted, nil
}

func deleteAt(c *call) (Value, error) {
	a := c.recv.(*Array)
	i, err := intArg(c.args[0])
	if err != nil {
		return nil, err
	}
	if i < 0 {
		i += int64(len(a.Items))
	}
	if i < 0 || i >= int64(len(a.Items)) {
		return nil, nil
	}
	v := a.Items[i]
	a.Items = slices.Concat(a.Items[:i], a.Items[i+1:])
	return v, nil
}

// replaceItems gives an array the items of another form of itself.
func replaceItems(c *call, form func() (Value, error)) (Value, error) {
	v, err := form()
	if err != nil {
		return nil, err
	}
	c.recv.(*Array).Items = v.(*Array).Items
	return c.recv, nil
}

func transpose(c *call) (Value, error) {
	var out []Value
	for i, row := range items(c) {
		cells, err := arrayArg(row)
		if err != nil {
			return nil, err
		}
		if i > 0 && len(cells) != len(out) {
			return nil, raisef("IndexError", "element size differs (%d should be %d)", len(cells), len(out))
		}
		for j, cell := range cells {
			if i == 0 {
				out = append(out, &Array{})
			}
			column := out[j].(*Array)
			column.Items = append(column.Items, cell)
		}
	}
	return newArray(c.fr, out)
}
