package ruby

import (
	"slices"
)

// orderOf compares two items by the block or by <=>.
func orderOf(c *call, a, b Value) (int, error) {
	if c.block == nil {
		return order(c.fr, a, b)
	}
	v, err := c.block.call(a, b)
	if err != nil {
		return 0, err
	}
	if v == nil {
		return 0, argumentErrorf("comparison of %s with %s failed", className(a), className(b))
	}
	n, err := intArg(v)
	return int(max(-1, min(n, 1))), err
}

// extreme is max (sign 1) and min (sign -1), of all or the first n in that order.
func extreme(c *call, sign int) (Value, error) {
	if len(c.args) == 1 {
		sorted, err := sortItems(c)
		if err != nil {
			return nil, err
		}
		items := sorted.(*Array).Items
		if sign > 0 {
			slices.Reverse(items)
		}
		n, err := intArg(c.args[0])
		return &Array{items[:max(0, min(n, int64(len(items))))]}, err
	}
	var best Value
	first := true
	err := each(c, func(item Value) error {
		if first {
			best, first = item, false
			return nil
		}
		o, err := orderOf(c, item, best)
		if o*sign > 0 {
			best = item
		}
		return err
	})
	return best, err
}

func minMax(c *call) (Value, error) {
	low, err := extreme(c, -1)
	if err != nil {
		return nil, err
	}
	high, err := extreme(c, 1)
	return &Array{[]Value{low, high}}, err
}

func extremeBy(c *call, sign int) (Value, error) {
	var best, bestKey Value
	first := true
	err := each(c, func(item Value) error {
		key, err := c.block.call(item)
		if err != nil {
			return err
		}
		o := sign
		if !first {
			o, err = order(c.fr, key, bestKey)
		}
		if first || o*sign > 0 {
			best, bestKey, first = item, key, false
		}
		return err
	})
	return best, err
}

// sorted sorts a copy; the first error of a comparison ends it.
func sorted(fr *frame, items []Value, compare func(a, b Value) (int, error)) (Value, error) {
	out := slices.Clone(items)
	var failed error
	slices.SortStableFunc(out, func(a, b Value) int {
		if failed != nil {
			return 0
		}
		if failed = fr.step(); failed != nil {
			return 0
		}
		o, err := compare(a, b)
		failed = err
		return o
	})
	if failed != nil {
		return nil, failed
	}
	return &Array{out}, fr.grow(16 * len(out))
}

func sortItems(c *call) (Value, error) {
	items, err := toItems(c.fr, c.recv)
	if err != nil {
		return nil, err
	}
	return sorted(c.fr, items, func(a, b Value) (int, error) { return orderOf(c, a, b) })
}

func sortBy(c *call) (Value, error) {
	keyed, err := gather(c, func(out []Value, item Value) ([]Value, error) {
		key, err := c.block.call(item)
		return append(out, &Array{[]Value{key, item}}), err
	})
	if err != nil {
		return nil, err
	}
	v, err := sorted(c.fr, keyed.(*Array).Items, func(a, b Value) (int, error) {
		return order(c.fr, a.(*Array).Items[0], b.(*Array).Items[0])
	})
	if err != nil {
		return nil, err
	}
	out := v.(*Array)
	for i, pair := range out.Items {
		out.Items[i] = pair.(*Array).Items[1]
	}
	return out, nil
}
