package ruby

import (
	"slices"
)

// toItems reads the items of a collection: an array's, a hash's pairs, a range's integers.
func toItems(fr *frame, v Value) ([]Value, error) {
	switch v := v.(type) {
	case *Array:
		return v.Items, nil
	case *Hash:
		return v.pairs(), fr.grow(64 * v.Len())
	case *Range:
		return v.items(fr)
	case nil:
		return nil, nil
	}
	return []Value{v}, nil
}

func (r *Range) items(fr *frame) ([]Value, error) {
	low, ok := r.Low.(int64)
	if !ok {
		if s, isText := r.Low.(string); isText {
			return r.textItems(fr, s)
		}
		return nil, typeErrorf("can't iterate from %s", className(r.Low))
	}
	if r.High == nil {
		return nil, raisef("RangeError", "cannot convert endless range to an array")
	}
	high, err := intArg(r.High)
	if err != nil {
		return nil, err
	}
	if r.Exclusive && kindOf(r.High) == kindInt {
		high--
	}
	if high < low {
		return nil, nil
	}
	if uint64(high-low) > maxBytes/16 {
		return nil, fr.grow(maxBytes + 1)
	}
	items := make([]Value, 0, high-low+1)
	for i := low; i <= high; i++ {
		items = append(items, i)
	}
	return items, fr.grow(16 * len(items))
}

// textItems spreads ranges of single characters, such as "a".."f".
func (r *Range) textItems(fr *frame, low string) ([]Value, error) {
	high, ok := r.High.(string)
	if !ok || len(low) != 1 || len(high) != 1 {
		return nil, typeErrorf("only ranges of integers and of single letters can be iterated")
	}
	var items []Value
	for c := int(low[0]); c <= int(high[0]); c++ {
		if c == int(high[0]) && r.Exclusive {
			break
		}
		items = append(items, string(rune(c)))
	}
	return items, fr.grow(16 * len(items))
}

// each calls visit with every item; the collection may change meanwhile.
func each(c *call, visit func(item Value) error) error {
	items, err := toItems(c.fr, c.recv)
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := c.fr.step(); err != nil {
			return err
		}
		if err := visit(item); err != nil {
			return err
		}
	}
	return nil
}

// stopEach ends an each early; it never leaves the method that uses it.
var stopEach error = &jump{}

func ended(err error) error {
	if err == stopEach {
		return nil
	}
	return err
}

// gather makes an array of what pick appends.
func gather(c *call, pick func(out []Value, item Value) ([]Value, error)) (Value, error) {
	var out []Value
	err := each(c, func(item Value) (err error) {
		before := len(out)
		out, err = pick(out, item)
		if err != nil {
			return err
		}
		return c.fr.grow(16 * (len(out) - before))
	})
	return &Array{out}, err
}

var enumerableMethods = table{
	"map":              {0, 0, blockRequired, mapItems},
	"collect":          {0, 0, blockRequired, mapItems},
	"flat_map":         {0, 0, blockRequired, flatMap},
	"filter_map":       {0, 0, blockRequired, filterMap},
	"select":           {0, 0, blockRequired, func(c *call) (Value, error) { return filterItems(c, true) }},
	"filter":           {0, 0, blockRequired, func(c *call) (Value, error) { return filterItems(c, true) }},
	"find_all":         {0, 0, blockRequired, func(c *call) (Value, error) { return filterItems(c, true) }},
	"reject":           {0, 0, blockRequired, func(c *call) (Value, error) { return filterItems(c, false) }},
	"find":             {0, 0, blockRequired, findItem},
	"detect":           {0, 0, blockRequired, findItem},
	"each_with_index":  {0, 0, blockOptional, eachWithIndex},
	"each_cons":        {1, 1, blockOptional, eachCons},
	"each_with_object": {1, 1, blockRequired, eachWithObject},
	"each_slice":       {1, 1, blockOptional, eachSlice},
	"each_entry":       {0, 0, blockRequired, eachItem},
	"any?":             {0, 1, blockOptional, func(c *call) (Value, error) { n, err := countHits(c, 1); return n > 0, err }},
	"none?":            {0, 1, blockOptional, func(c *call) (Value, error) { n, err := countHits(c, 1); return n == 0, err }},
	"one?":             {0, 1, blockOptional, func(c *call) (Value, error) { n, err := countHits(c, 2); return n == 1, err }},
	"all?":             {0, 1, blockOptional, allItems},
	"count":            {0, 1, blockOptional, countItems},
	"sum":              {0, 1, blockOptional, sumItems},
	"max":              {0, 1, blockOptional, func(c *call) (Value, error) { return extreme(c, 1) }},
	"min":              {0, 1, blockOptional, func(c *call) (Value, error) { return extreme(c, -1) }},
	"minmax":           {0, 0, blockIgnored, minMax},
	"max_by":           {0, 0, blockRequired, func(c *call) (Value, error) { return extremeBy(c, 1) }},
	"min_by":           {0, 0, blockRequired, func(c *call) (Value, error) { return extremeBy(c, -1) }},
	"sort":             {0, 0, blockOptional, sortItems},
	"sort_by":          {0, 0, blockRequired, sortBy},
	"group_by":         {0, 0, blockRequired, groupBy},
	"partition":        {0, 0, blockRequired, partitionItems},
	"tally":            {0, 0, blockIgnored, tally},
	"reduce":           {0, 2, blockOptional, reduceItems},
	"inject":           {0, 2, blockOptional, reduceItems},
	"to_a":             {0, 0, blockIgnored, toArray},
	"entries":          {0, 0, blockIgnored, toArray},
	"include?":         {1, 1, blockIgnored, includesItem},
	"member?":          {1, 1, blockIgnored, includesItem},
	"first":            {0, 1, blockIgnored, firstItems},
	"take":             {1, 1, blockIgnored, firstItems},
	"drop":             {1, 1, blockIgnored, dropItems},
	"take_while":       {0, 0, blockRequired, takeWhile},
	"drop_while":       {0, 0, blockRequired, dropWhile},
	"zip":              {0, -1, blockIgnored, zipItems},
	"uniq":             {0, 0, blockOptional, uniqItems},
	"to_h":             {0, 0, blockOptional, itemsToHash},
	"to_set":           {0, 0, blockIgnored, uniqItems},
	"find_index":       {0, 1, blockOptional, findIndex},
}

func eachItem(c *call) (Value, error) {
	return c.recv, each(c, func(item Value) error { _, err := c.block.call(item); return err })
}

func mapItems(c *call) (Value, error) {
	return gather(c, func(out []Value, item Value) ([]Value, error) {
		v, err := c.block.call(item)
		return append(out, v), err
	})
}

func flatMap(c *call) (Value, error) {
	return gather(c, func(out []Value, item Value) ([]Value, error) {
		v, err := c.block.call(item)
		return append(out, listOf(v)...), err
	})
}

func filterMap(c *call) (Value, error) {
	return gather(c, func(out []Value, item Value) ([]Value, error) {
		v, err := c.block.call(item)
		if truthy(v) {
			out = append(out, v)
		}
		return out, err
	})
}

func filterItems(c *call, keep bool) (Value, error) {
	return gather(c, func(out []Value, item Value) ([]Value, error) {
		hit, err := c.block.test(item)
		if hit == keep {
			out = append(out, item)
		}
		return out, err
	})
}

func findItem(c *call) (found Value, err error) {
	err = each(c, func(item Value) error {
		hit, err := c.block.test(item)
		if err == nil && hit {
			found, err = item, stopEach
		}
		return err
	})
	return found, ended(err)
}

func findIndex(c *call) (found Value, err error) {
	i := int64(0)
	err = each(c, func(item Value) error {
		hit, err := hits(c, item)
		if err == nil && hit {
			found, err = i, stopEach
		}
		i++
		return err
	})
	return found, ended(err)
}

// eachWithIndex without a block gives the pairs that an enumerator would go through.
func eachWithIndex(c *call) (Value, error) {
	i := int64(0)
	if c.block == nil {
		pairs := &Array{}
		return pairs, each(c, func(item Value) error {
			pairs.Items = append(pairs.Items, &Array{[]Value{item, i}})
			i++
			return c.fr.grow(80)
		})
	}
	return c.recv, each(c, func(item Value) error {
		_, err := c.block.call(item, i)
		i++
		return err
	})
}

// eachCons goes through every n items that follow each other.
func eachCons(c *call) (Value, error) {
	n, err := intArg(c.args[0])
	if err != nil || n < 1 {
		return nil, argumentErrorf("invalid size")
	}
	var window []Value
	groups := &Array{}
	err = each(c, func(item Value) error {
		if window = append(window, item); int64(len(window)) < n {
			return nil
		}
		group := &Array{append([]Value(nil), window...)}
		window = window[1:]
		if err := c.fr.grow(16 * len(group.Items)); err != nil {
			return err
		}
		if c.block == nil {
			groups.Items = append(groups.Items, group)
			return nil
		}
		_, err := c.block.call(group)
		return err
	})
	if c.block == nil {
		return groups, err
	}
	return c.recv, err
}

func eachWithObject(c *call) (Value, error) {
	return c.args[0], each(c, func(item Value) error { _, err := c.block.call(item, c.args[0]); return err })
}

func eachSlice(c *call) (Value, error) {
	n, err := intArg(c.args[0])
	if err != nil || n < 1 {
		return nil, argumentErrorf("invalid slice size")
	}
	items, err := toItems(c.fr, c.recv)
	if err != nil {
		return nil, err
	}
	out := &Array{}
	for part := range slices.Chunk(items, int(min(n, int64(len(items)+1)))) {
		slice := &Array{slices.Clone(part)}
		if c.block == nil {
			out.Items = append(out.Items, slice)
		} else if _, err := c.block.call(slice); err != nil {
			return nil, err
		}
	}
	if c.block != nil {
		return c.recv, nil
	}
	return out, c.fr.grow(32 * len(items))
}

func toArray(c *call) (Value, error) {
	if a, ok := c.recv.(*Array); ok {
		return a, nil
	}
	items, err := toItems(c.fr, c.recv)
	return &Array{items}, err
}

func includesItem(c *call) (Value, error) {
	found := false
	err := each(c, func(item Value) (err error) {
		if found, err = equal(c.fr, item, c.args[0]); found && err == nil {
			return stopEach
		}
		return err
	})
	return found, ended(err)
}

func firstItems(c *call) (Value, error) {
	if r, ok := c.recv.(*Range); ok && len(c.args) == 0 {
		return r.Low, nil
	}
	items, err := toItems(c.fr, c.recv)
	if err != nil {
		return nil, err
	}
	if len(c.args) == 0 {
		if len(items) == 0 {
			return nil, nil
		}
		return items[0], nil
	}
	n, err := intArg(c.args[0])
	if err != nil || n < 0 {
		return nil, argumentErrorf("attempt to take negative size")
	}
	return &Array{slices.Clone(items[:min(n, int64(len(items)))])}, c.fr.grow(16 * len(items))
}

func dropItems(c *call) (Value, error) {
	items, err := toItems(c.fr, c.recv)
	if err != nil {
		return nil, err
	}
	n, err := intArg(c.args[0])
	if err != nil || n < 0 {
		return nil, argumentErrorf("attempt to drop negative size")
	}
	return &Array{slices.Clone(items[min(n, int64(len(items))):])}, c.fr.grow(16 * len(items))
}

func takeWhile(c *call) (Value, error) {
	taking := true
	return gather(c, func(out []Value, item Value) (_ []Value, err error) {
		if taking {
			taking, err = c.block.test(item)
		}
		if taking {
			out = append(out, item)
		}
		return out, err
	})
}

func dropWhile(c *call) (Value, error) {
	dropping := true
	return gather(c, func(out []Value, item Value) (_ []Value, err error) {
		if dropping {
			dropping, err = c.block.test(item)
		}
		if !dropping {
			out = append(out, item)
		}
		return out, err
	})
}

func zipItems(c *call) (Value, error) {
	others := make([][]Value, len(c.args))
	for i, a := range c.args {
		var err error
		if others[i], err = toItems(c.fr, a); err != nil {
			return nil, err
		}
	}
	i := 0
	return gather(c, func(out []Value, item Value) ([]Value, error) {
		row := []Value{item}
		for _, o := range others {
			if i < len(o) {
				row = append(row, o[i])
			} else {
				row = append(row, nil)
			}
		}
		i++
		return append(out, &Array{row}), c.fr.grow(16 * len(row))
	})
}

func uniqItems(c *call) (Value, error) {
	seen := NewHash()
	return gather(c, func(out []Value, item Value) (_ []Value, err error) {
		key := item
		if c.block != nil {
			if key, err = c.block.call(item); err != nil {
				return nil, err
			}
		}
		if _, dup := seen.Get(key); !dup {
			seen.Set(key, true)
			out = append(out, item)
		}
		return out, c.fr.grow(32)
	})
}

func itemsToHash(c *call) (Value, error) {
	h := NewHash()
	return h, each(c, func(item Value) (err error) {
		if c.block != nil {
			if item, err = c.block.call(item); err != nil {
				return err
			}
		}
		pair, ok := item.(*Array)
		if !ok || len(pair.Items) != 2 {
			return typeErrorf("wrong element type %s (expected array of two)", className(item))
		}
		h.Set(pair.Items[0], pair.Items[1])
		return c.fr.grow(32)
	})
}
