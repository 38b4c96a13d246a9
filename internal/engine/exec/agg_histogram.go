package exec

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// histogramNode makes a bucket per interval of numbers. Keys count intervals from the offset.
type histogramNode struct {
	histogramShape
	body             *agg.Histogram
	values           *valuesNode
	hardMin, hardMax float64
	maxBuckets       int // of one range, where the field holds ranges
}

func compileHistogram(c *compiler, b *agg.Histogram, subs []*aggPlan) (aggNode, error) {
	n := &histogramNode{body: b, hardMin: math.Inf(-1), hardMax: math.Inf(1), maxBuckets: c.plan.req.MaxBuckets}
	n.histogramShape = histogramShape{kind: "histogram", keyed: b.Keyed, minDocCount: b.MinDocCount, subs: subs,
		next: func(key int64) int64 { return key + 1 }, print: n.print}
	var err error
	if n.order, err = c.bucketOrder(b.Order, orderKey{by: orderKeyOf}, subs); err != nil {
		return nil, err
	}
	if n.values, err = c.numbersOrRanges(b); err != nil {
		return nil, err
	}
	return n, n.compileBounds()
}

// rangesOfNumbers are the types of fields that a histogram takes besides numbers.
var rangesOfNumbers = []mapping.Type{mapping.IntegerRange, mapping.LongRange, mapping.FloatRange, mapping.DoubleRange}

func (c *compiler) numbersOrRanges(b *agg.Histogram) (*valuesNode, error) {
	f, err := c.valuesField(b.Field)
	if err != nil {
		return nil, err
	}
	switch {
	case f != nil && f.class == classRange && !f.rangeOf(rangesOfNumbers...):
		return nil, notRangeOf(f, "histogram")
	case !f.rangeOf(rangesOfNumbers...):
		return c.numbersOf("histogram", b.Field, b.Format, b.Missing)
	case b.Missing != nil:
		return nil, noMissingRange()
	case b.Format != "":
		return nil, eserr.IllegalArgument("Field [%s] of type [%s] does not support custom formats", f.name, f.typ)
	}
	return &valuesNode{field: f, column: f.view.column, scale: 1}, nil
}

func noMissingRange() error {
	return eserr.IllegalArgument("Can't apply missing values on a range field")
}

func (n *histogramNode) compileBounds() error {
	number := func(v query.Value, to *float64) error {
		if v.IsNull() {
			return nil
		}
		x, err := parseNumber(v)
		*to = x
		return err
	}
	if b := n.body.HardBounds; b != nil {
		if err := number(b.Min, &n.hardMin); err != nil {
			return err
		}
		if err := number(b.Max, &n.hardMax); err != nil {
			return err
		}
	}
	b := n.body.ExtendedBounds
	if b == nil {
		return nil
	}
	for _, end := range []struct {
		v  query.Value
		to **int64
	}{{b.Min, &n.extendedMin}, {b.Max, &n.extendedMax}} {
		if end.v.IsNull() {
			continue
		}
		x := 0.0
		if err := number(end.v, &x); err != nil {
			return err
		}
		key, ok := n.interval(x)
		if !ok {
			return eserr.IllegalArgument("extended_bounds [%s] of [histogram] lie too many intervals away", end.v.Text)
		}
		*end.to = &key
	}
	return nil
}

// interval is the key of a number; ok is false for numbers that are none or too far away to count
// intervals exactly.
func (n *histogramNode) interval(x float64) (key int64, ok bool) {
	const exact = 1 << 53
	k := n.intervals(x)
	return int64(k), k > -exact && k < exact
}

// intervals is how many intervals a number is away from the offset.
func (n *histogramNode) intervals(x float64) float64 {
	return math.Floor((x - n.body.Offset) / n.body.Interval)
}

func (n *histogramNode) print(out *result.Bucket, key int64) {
	x := float64(key)*n.body.Interval + n.body.Offset
	out.Key, out.KeyAsString = floatScalar(x, 64), n.values.keyText(x)
}

func (n *histogramNode) collector(subs collectors, acct *account) collector {
	if n.values.field.rangeOf(rangesOfNumbers...) {
		k := n.numberRangeKeyer(acct)
		return &histogramCollector{shape: &n.histogramShape, keyer: k, grid: newGrid(acct), subs: subs, keyOf: func(key uint32) int64 { return k.values[key] }}
	}
	k := &intervalKeyer{node: n, reader: valueReader{node: n.values}, acct: acct, ids: map[int64]uint32{}, missing: noKey}
	return &histogramCollector{shape: &n.histogramShape, unmapped: n.values.field == nil && n.values.missing == nil,
		keyer: k, grid: newGrid(acct), subs: subs, keyOf: func(key uint32) int64 { return k.values[key] }}
}

// intervalKeyer hands out keys for intervals of numbers.
type intervalKeyer struct {
	node   *histogramNode
	reader valueReader
	acct   *account

	ids     map[int64]uint32
	values  []int64 // by key
	missing uint32  // key of documents without a value, or noKey

	place []uint32
	last  int64 // interval seen last, and its key
	key   uint32
	any   bool
	out   keyed
}

func (k *intervalKeyer) limit() int { return len(k.values) }

func (k *intervalKeyer) bind(l *leaf) error {
	k.reader.bind(l)
	return nil
}

func (k *intervalKeyer) keys(d *docs) (keyed, error) {
	for len(k.place) < len(d.rows) {
		k.place = append(k.place, uint32(len(k.place)))
	}
	values, places, err := k.reader.gather(&docs{block: d.block, rows: d.rows, buckets: k.place[:len(d.rows)], limit: len(d.rows)})
	if err != nil {
		return keyed{}, err
	}
	out := keyed{rows: k.out.rows[:0], parents: k.out.parents[:0], keys: k.out.keys[:0]}
	if k.missing != noKey {
		return k.withMissing(d, values, places)
	}
	row := 0 // where the document's keys begin
	for i, v := range values {
		if i > 0 && places[i] != places[i-1] {
			row = len(out.keys)
		}
		key, err := k.keyOf(v)
		if err != nil {
			return keyed{}, err
		}
		if key == noKey || contains(out.keys[row:], key) {
			continue
		}
		p := int(places[i])
		out.keys = append(out.keys, key)
		out.rows = append(out.rows, d.rows[p])
		out.parents = append(out.parents, d.bucket(p))
	}
	k.out = out
	if d.buckets == nil {
		out.parents = nil
	}
	return out, nil
}

// withMissing gives rows without a value a key too.
func (k *intervalKeyer) withMissing(d *docs, values []float64, places []uint32) (keyed, error) {
	out := keyed{rows: k.out.rows[:0], parents: k.out.parents[:0], keys: k.out.keys[:0]}
	for place, at := 0, 0; place < len(d.rows); place++ {
		row := len(out.keys)
		for ; at < len(places) && int(places[at]) == place; at++ {
			key, err := k.keyOf(values[at])
			if err != nil {
				return keyed{}, err
			}
			if key != noKey && !contains(out.keys[row:], key) {
				out.keys = append(out.keys, key)
			}
		}
		if len(out.keys) == row {
			out.keys = append(out.keys, k.missing)
		}
		for range out.keys[row:] {
			out.rows, out.parents = append(out.rows, d.rows[place]), append(out.parents, d.bucket(place))
		}
	}
	k.out = out
	if d.buckets == nil {
		out.parents = nil
	}
	return out, nil
}

func contains(keys []uint32, key uint32) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

func (k *intervalKeyer) keyOf(v float64) (uint32, error) {
	interval, ok := k.node.interval(v)
	if !ok || v < k.node.hardMin || v > k.node.hardMax {
		return noKey, nil
	}
	if k.any && interval == k.last {
		return k.key, nil
	}
	key, ok := k.ids[interval]
	if !ok {
		if err := k.acct.grow(40); err != nil {
			return 0, err
		}
		key = uint32(len(k.values))
		k.values = append(k.values, interval)
		k.ids[interval] = key
	}
	k.last, k.key, k.any = interval, key, true
	return key, nil
}
