package ruby

import "slices"

func hash(c *call) *Hash { return c.recv.(*Hash) }

var hashMethods = table{
	"each":       {0, 0, blockRequired, eachItem},
	"each_pair":  {0, 0, blockRequired, eachItem},
	"each_key":   {0, 0, blockRequired, func(c *call) (Value, error) { return eachOf(c, hash(c).keys) }},
	"each_value": {0, 0, blockRequired, func(c *call) (Value, error) { return eachOf(c, hash(c).values) }},
	"[]":         {1, 1, 0, lookUp},
	"[]=":        {2, 2, 0, setEntry},
	"store":      {2, 2, 0, setEntry},
	"fetch":      {1, 2, blockOptional, fetchEntry},
	"dig":        {1, -1, 0, dig},
	"key?":       {1, 1, 0, hasKey},
	"has_key?":   {1, 1, 0, hasKey},
	"include?":   {1, 1, 0, hasKey},
	"member?":    {1, 1, 0, hasKey},
	"value?":     {1, 1, 0, hasValue},
	"has_value?": {1, 1, 0, hasValue},
	"key":        {1, 1, 0, keyOfValue},
	"keys":       {0, 0, 0, func(c *call) (Value, error) { return newArray(c.fr, slices.Clone(hash(c).keys)) }},
	"values":     {0, 0, 0, func(c *call) (Value, error) { return newArray(c.fr, slices.Clone(hash(c).values)) }},
	"values_at":  {0, -1, 0, entriesAt},
	"length":     {0, 0, 0, func(c *call) (Value, error) { return int64(hash(c).Len()), nil }},
	"size":       {0, 0, 0, func(c *call) (Value, error) { return int64(hash(c).Len()), nil }},
	"empty?":     {0, 0, 0, func(c *call) (Value, error) { return hash(c).Len() == 0, nil }},
	"select":     {0, 0, blockRequired, func(c *call) (Value, error) { return filterHash(c, true) }},
	"filter":     {0, 0, blockRequired, func(c *call) (Value, error) { return filterHash(c, true) }},
	"reject":     {0, 0, blockRequired, func(c *call) (Value, error) { return filterHash(c, false) }},
	"delete_if":  {0, 0, blockRequired, func(c *call) (Value, error) { return replaceHash(c, false) }},
	"reject!":    {0, 0, blockRequired, func(c *call) (Value, error) { return replaceHash(c, false) }},
	"select!":    {0, 0, blockRequired, func(c *call) (Value, error) { return replaceHash(c, true) }},
	"keep_if":    {0, 0, blockRequired, func(c *call) (Value, error) { return replaceHash(c, true) }},
	"compact": {0, 0, 0, func(c *call) (Value, error) {
		return keepEntries(c, func(_, v Value) (bool, error) { return v != nil, nil })
	}},
	"slice":            {0, -1, 0, func(c *call) (Value, error) { return pickKeys(c, true) }},
	"except":           {0, -1, 0, func(c *call) (Value, error) { return pickKeys(c, false) }},
	"delete":           {1, 1, 0, func(c *call) (Value, error) { v, _ := hash(c).Delete(c.args[0]); return v, nil }},
	"clear":            {0, 0, 0, func(c *call) (Value, error) { h := hash(c); h.keys, h.values, h.index = nil, nil, nil; return h, nil }},
	"merge":            {0, -1, blockOptional, func(c *call) (Value, error) { return mergeHash(c, hash(c).copy()) }},
	"merge!":           {0, -1, blockOptional, func(c *call) (Value, error) { return mergeHash(c, hash(c)) }},
	"update":           {0, -1, blockOptional, func(c *call) (Value, error) { return mergeHash(c, hash(c)) }},
	"to_h":             {0, 0, blockOptional, hashToHash},
	"invert":           {0, 0, 0, invertHash},
	"transform_values": {0, 0, blockRequired, transformValues},
	"transform_keys":   {0, 1, blockOptional, transformKeys},
	"any?":             {0, 0, blockOptional, anyEntry},
}

// lookUp is hash[key], which falls back to the hash's default.
func lookUp(c *call) (Value, error) {
	h := hash(c)
	v, ok := h.Get(c.args[0])
	switch {
	case ok:
		return v, nil
	case h.missing != nil:
		return h.missing(c.args[0])
	}
	return h.fallback, nil
}

func eachOf(c *call, list []Value) (Value, error) {
	for _, v := range slices.Clone(list) {
		if _, err := c.block.call(v); err != nil {
			return nil, err
		}
	}
	return c.recv, nil
}

func setEntry(c *call) (Value, error) {
	hash(c).Set(c.args[0], c.args[1])
	return c.args[1], c.fr.grow(32)
}

func fetchEntry(c *call) (Value, error) {
	v, ok := hash(c).Get(c.args[0])
	switch {
	case ok:
		return v, nil
	case c.block != nil:
		return c.block.call(c.args[0])
	case len(c.args) == 2:
		return c.args[1], nil
	}
	return nil, raisef("KeyError", "key not found: %s", inspectShort(c.args[0]))
}

func hasKey(c *call) (Value, error) {
	_, ok := hash(c).Get(c.args[0])
	return ok, nil
}

func hasValue(c *call) (Value, error) {
	v, err := keyOfValue(c)
	return v != nil, err
}

func keyOfValue(c *call) (Value, error) {
	for i, v := range hash(c).values {
		if same, err := equal(c.fr, v, c.args[0]); same || err != nil {
			return hash(c).keys[i], err
		}
	}
	return nil, nil
}

func entriesAt(c *call) (Value, error) {
	var out []Value
	for _, k := range c.args {
		v, _ := hash(c).Get(k)
		out = append(out, v)
	}
	return newArray(c.fr, out)
}

// keepEntries makes a hash of the entries that keep wants.
func keepEntries(c *call, keep func(k, v Value) (bool, error)) (Value, error) {
	h, out := hash(c), NewHash()
	for i := range h.Len() {
		k, v := h.At(i)
		hit, err := keep(k, v)
		if err != nil {
			return nil, err
		}
		if hit {
			out.Set(k, v)
		}
	}
	return out, c.fr.grow(32 * out.Len())
}

func filterHash(c *call, want bool) (Value, error) {
	return keepEntries(c, func(k, v Value) (bool, error) {
		hit, err := c.block.call(k, v)
		return truthy(hit) == want, err
	})
}

func replaceHash(c *call, want bool) (Value, error) {
	v, err := filterHash(&call{fr: c.fr, recv: hash(c).copy(), block: c.block}, want)
	if err != nil {
		return nil, err
	}
	*hash(c) = *v.(*Hash)
	return c.recv, nil
}

func pickKeys(c *call, want bool) (Value, error) {
	return keepEntries(c, func(k, _ Value) (bool, error) {
		return slices.ContainsFunc(c.args, func(a Value) bool { return keyOf(a) == keyOf(k) }) == want, nil
	})
}

// mergeHash puts the arguments' entries into out; the block decides between two values of one key.
func mergeHash(c *call, out *Hash) (Value, error) {
	for _, arg := range c.args {
		other, ok := arg.(*Hash)
		if !ok {
			return nil, typeErrorf("no implicit conversion of %s into Hash", nilOr(arg))
		}
		for i := range other.Len() {
			k, v := other.At(i)
			if old, dup := out.Get(k); dup && c.block != nil {
				var err error
				if v, err = c.block.call(k, old, v); err != nil {
					return nil, err
				}
			}
			out.Set(k, v)
		}
		if err := c.fr.grow(32 * other.Len()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func hashToHash(c *call) (Value, error) {
	if c.block == nil {
		return c.recv, nil
	}
	return itemsToHash(c)
}

func invertHash(c *call) (Value, error) {
	out := NewHash()
	for i, v := range hash(c).values {
		out.Set(v, hash(c).keys[i])
	}
	return out, c.fr.grow(32 * out.Len())
}

func transformValues(c *call) (Value, error) {
	h, out := hash(c).copy(), NewHash()
	for i := range h.Len() {
		k, v := h.At(i)
		w, err := c.block.call(v)
		if err != nil {
			return nil, err
		}
		out.Set(k, w)
	}
	return out, c.fr.grow(32 * out.Len())
}

func transformKeys(c *call) (Value, error) {
	h, out := hash(c).copy(), NewHash()
	names, _ := c.arg(0).(*Hash)
	for i := range h.Len() {
		k, v := h.At(i)
		if names != nil {
			if renamed, ok := names.Get(k); ok {
				out.Set(renamed, v)
				continue
			}
		}
		if c.block != nil {
			var err error
			if k, err = c.block.call(k); err != nil {
				return nil, err
			}
		}
		out.Set(k, v)
	}
	return out, c.fr.grow(32 * out.Len())
}

func anyEntry(c *call) (Value, error) {
	if c.block == nil {
		return hash(c).Len() > 0, nil
	}
	n, err := countHits(c, 1)
	return n > 0, err
}

var rangeMethods = table{
	"each":     {0, 0, blockRequired, eachInRange},
	"begin":    {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*Range).Low, nil }},
	"end":      {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*Range).High, nil }},
	"last":     {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*Range).High, nil }},
	"cover?":   {1, 1, 0, func(c *call) (Value, error) { return c.recv.(*Range).covers(c.fr, c.args[0]), nil }},
	"include?": {1, 1, 0, func(c *call) (Value, error) { return c.recv.(*Range).covers(c.fr, c.args[0]), nil }},
	"member?":  {1, 1, 0, func(c *call) (Value, error) { return c.recv.(*Range).covers(c.fr, c.args[0]), nil }},
	"size":     {0, 0, 0, func(c *call) (Value, error) { list, err := c.recv.(*Range).items(c.fr); return int64(len(list)), err }},
	"step":     {1, 1, blockRequired, stepRange},
}

// eachInRange counts without making the integers first, so that an open end can be left by break.
func eachInRange(c *call) (Value, error) {
	r := c.recv.(*Range)
	low, ok := r.Low.(int64)
	if !ok || r.High != nil {
		return eachItem(c)
	}
	return countUp(c, low, 1<<62)
}

func stepRange(c *call) (Value, error) {
	r := c.recv.(*Range)
	if r.Exclusive || r.High == nil {
		return nil, argumentErrorf("step is supported on ranges with both ends (..) only")
	}
	if _, err := toFloat(r.Low); err != nil {
		return nil, err
	}
	_, err := stepNumbers(&call{fr: c.fr, recv: r.Low, args: []Value{r.High, c.args[0]}, block: c.block})
	return c.recv, err
}
