package ruby

import (
	"math"
)

// hits says whether an item is what any?, count and their like look for: by argument, block or truth.
func hits(c *call, item Value) (bool, error) {
	switch {
	case len(c.args) > 0:
		return caseEqual(c.fr, c.args[0], item)
	case c.block != nil:
		return c.block.test(item)
	}
	return truthy(item), nil
}

func countHits(c *call, most int) (n int, err error) {
	err = each(c, func(item Value) error {
		hit, err := hits(c, item)
		if hit {
			if n++; n == most && err == nil {
				return stopEach
			}
		}
		return err
	})
	return n, ended(err)
}

func allItems(c *call) (Value, error) {
	all := true
	err := each(c, func(item Value) (err error) {
		if all, err = hits(c, item); err == nil && !all {
			return stopEach
		}
		return err
	})
	return all, ended(err)
}

func countItems(c *call) (Value, error) {
	n := int64(0)
	err := each(c, func(item Value) error {
		hit := true
		var err error
		switch {
		case len(c.args) > 0:
			hit, err = equal(c.fr, item, c.args[0])
		case c.block != nil:
			hit, err = c.block.test(item)
		}
		if hit {
			n++
		}
		return err
	})
	return n, err
}

// sumItems adds up. Floats are added with Kahan and Babuska's compensation, as Ruby does, so that the last
// digit is the same.
func sumItems(c *call) (Value, error) {
	var total Value = int64(0)
	if len(c.args) > 0 {
		total = c.args[0]
	}
	var sum, compensation float64 // of floats, once there is one: total is not used any more then
	start, floats := total.(float64)
	sum = start
	add := c.fr.sets["+"]
	err := each(c, func(item Value) (err error) {
		if c.block != nil {
			if item, err = c.block.call(item); err != nil {
				return err
			}
		}
		if floats {
			if x, err := toFloat(item); err == nil {
				sum = compensated(sum, x, &compensation)
				return nil
			}
			floats, total = false, sum
		}
		if x, isFloat := item.(float64); isFloat && kindOf(total) == kindInt {
			floats, sum = true, compensated(float64(total.(int64)), x, &compensation)
			return nil
		}
		total, err = add.dispatch(c.fr.newCall(total, append(c.fr.newList(1), item)), Pos{})
		if total, isFloat := total.(float64); isFloat {
			floats, sum = true, total
		}
		return err
	})
	if floats {
		total = sum
		if !math.IsInf(sum, 0) {
			total = sum + compensation
		}
	}
	return total, err
}

func compensated(sum, x float64, compensation *float64) float64 {
	t := sum + x
	switch {
	case math.IsInf(t, 0) || math.IsNaN(t):
	case math.Abs(sum) >= math.Abs(x):
		*compensation += (sum - t) + x
	default:
		*compensation += (x - t) + sum
	}
	return t
}

func groupBy(c *call) (Value, error) {
	groups := NewHash()
	return groups, each(c, func(item Value) error {
		key, err := c.block.call(item)
		if err != nil {
			return err
		}
		if g, ok := groups.Get(key); ok {
			a := g.(*Array)
			a.Items = append(a.Items, item)
		} else {
			groups.Set(key, &Array{[]Value{item}})
		}
		return c.fr.grow(32)
	})
}

func partitionItems(c *call) (Value, error) {
	yes, no := &Array{}, &Array{}
	err := each(c, func(item Value) error {
		hit, err := c.block.test(item)
		if hit {
			yes.Items = append(yes.Items, item)
		} else {
			no.Items = append(no.Items, item)
		}
		return err
	})
	return &Array{[]Value{yes, no}}, err
}

func tally(c *call) (Value, error) {
	counts := NewHash()
	return counts, each(c, func(item Value) error {
		n, _ := counts.Get(item)
		old, _ := n.(int64)
		counts.Set(item, old+1)
		return c.fr.grow(32)
	})
}

// reduceItems is reduce with a block, a symbol, or a first value and either.
func reduceItems(c *call) (Value, error) {
	args := c.args
	var send *methodSet
	if n := len(args); n > 0 && c.block == nil {
		name, err := nameArg(args[n-1])
		if err != nil {
			return nil, err
		}
		if send = c.fr.sets[name]; send == nil {
			return nil, raisef("NoMethodError", "undefined method '%s'", name)
		}
		args = args[:n-1]
	}
	if send == nil && c.block == nil || len(args) > 1 {
		return nil, argumentErrorf("reduce needs a block or a method's name")
	}
	var total Value
	started := len(args) == 1
	if started {
		total = args[0]
	}
	return total, each(c, func(item Value) (err error) {
		switch {
		case !started:
			total, started = item, true
		case send != nil:
			total, err = send.dispatch(c.fr.newCall(total, append(c.fr.newList(1), item)), Pos{})
		default:
			total, err = c.block.call(total, item)
		}
		return err
	})
}
