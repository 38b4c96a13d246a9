package exec

import (
	"math"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// dateHistogramNode makes a bucket per interval of time. Keys are milliseconds.
type dateHistogramNode struct {
	histogramShape
	body     *agg.DateHistogram
	field    *field // nil: the index does not have it
	rounding *dates.Rounding
	zone     *time.Location
	format   *dates.Format
	missing  *int64 // milliseconds
	// hardMin and hardMax bound the keys that are kept.
	hardMin, hardMax int64
	maxBuckets       int // of one range, where the field holds ranges
}

func compileDateHistogram(c *compiler, b *agg.DateHistogram, subs []*aggPlan) (aggNode, error) {
	n := &dateHistogramNode{body: b, hardMin: math.MinInt64, hardMax: math.MaxInt64, maxBuckets: c.plan.req.MaxBuckets}
	n.histogramShape = histogramShape{kind: "date_histogram", keyed: b.Keyed, minDocCount: b.MinDocCount, subs: subs, next: n.next, print: n.print}
	var err error
	if n.order, err = c.bucketOrder(b.Order, orderKey{by: orderKeyOf}, subs); err != nil {
		return nil, err
	}
	if n.rounding, err = b.Rounding(); err != nil {
		return nil, err
	}
	if n.zone, err = dates.Zone(b.TimeZone); err != nil {
		return nil, err
	}
	if n.field, err = c.valuesField(b.Field); err != nil {
		return nil, err
	}
	ranges := n.field.rangeOf(mapping.DateRange)
	if n.field != nil && n.field.class == classRange && !ranges {
		return nil, notRangeOf(n.field, "date_histogram")
	}
	if n.field != nil && !n.field.isDate() && n.field.class != classInt && !ranges {
		return nil, notSupportedOn(n.field, "date_histogram")
	}
	if ranges && b.Missing != nil {
		return nil, noMissingRange()
	}
	if n.format, err = n.keyFormat(); err != nil {
		return nil, err
	}
	return n, n.compileBounds(c)
}

func (n *dateHistogramNode) keyFormat() (*dates.Format, error) {
	if n.body.Format != "" {
		return dates.Compile(n.body.Format)
	}
	if n.field != nil {
		return n.field.dateFormat(), nil
	}
	return dates.Default, nil
}

func (n *dateHistogramNode) compileBounds(c *compiler) error {
	if b := n.body.HardBounds; b != nil {
		for _, end := range []struct {
			v  query.Value
			to *int64
		}{{b.Min, &n.hardMin}, {b.Max, &n.hardMax}} {
			if !end.v.IsNull() {
				ms, err := n.bound(c, end.v)
				if err != nil {
					return err
				}
				*end.to = ms
			}
		}
	}
	if b := n.body.ExtendedBounds; b != nil {
		for _, end := range []struct {
			v  query.Value
			to **int64
		}{{b.Min, &n.extendedMin}, {b.Max, &n.extendedMax}} {
			if !end.v.IsNull() {
				ms, err := n.bound(c, end.v)
				if err != nil {
					return err
				}
				key := n.rounding.Round(ms)
				*end.to = &key
			}
		}
	}
	if m := n.body.Missing; m != nil {
		ms, err := n.bound(c, *m)
		if err != nil {
			return err
		}
		n.missing = &ms
	}
	return nil
}

// bound reads a date or date math. It may be in the aggregation's format or in the field's.
func (n *dateHistogramNode) bound(c *compiler, v query.Value) (int64, error) {
	if ms, ok := v.Int64(); ok && v.Kind == jsonval.Number {
		return ms, nil
	}
	at, err := n.format.Eval(v.Text, dates.FromTime(c.plan.req.Now), n.zone, false)
	if err != nil && n.field != nil {
		if again, failed := n.field.dateFormat().Eval(v.Text, dates.FromTime(c.plan.req.Now), n.zone, false); failed == nil {
			return again.Millis(), nil
		}
	}
	return at.Millis(), err
}

func (n *dateHistogramNode) next(key int64) int64 { return n.rounding.Next(key) }

func (n *dateHistogramNode) print(out *result.Bucket, key int64) {
	out.Key = jsonval.Int(key)
	out.KeyAsString = string(n.format.AppendMillis(nil, key, n.zone))
}

func (n *dateHistogramNode) collector(subs collectors, acct *account) collector {
	if n.field.rangeOf(mapping.DateRange) {
		k := n.dateRangeKeyer(acct)
		return &histogramCollector{shape: &n.histogramShape, keyer: k, grid: newGrid(acct), subs: subs, keyOf: func(key uint32) int64 { return k.values[key] }}
	}
	k := &timeKeyer{keyBuffer: keyBuffer{missing: noKey}, node: n, acct: acct, ids: map[int64]uint32{}}
	return &histogramCollector{shape: &n.histogramShape, unmapped: n.field == nil && n.missing == nil, keyer: k, grid: newGrid(acct), subs: subs,
		keyOf: func(key uint32) int64 { return k.values[key] }}
}

// timeKeyer hands out keys for intervals of time.
type timeKeyer struct {
	keyBuffer
	node *dateHistogramNode
	acct *account

	ids    map[int64]uint32 // start of interval in milliseconds → key
	values []int64          // by key

	col   *leafColumn
	unit  int64 // column units in a millisecond
	from  int64 // the interval seen last, in the column's unit: from <= v < to
	to    int64
	last  uint32
	fixed int64 // length of intervals in the column's unit, 0 when they differ
	shift int64
	base  int64 // first interval of the segment
	// small maps interval-base to key plus remapShift where intervals are fixed and not too many.
	small []uint32
}

func (k *timeKeyer) limit() int { return len(k.values) }

func (k *timeKeyer) bind(l *leaf) error {
	k.col, k.small, k.from, k.to, k.unit = nil, nil, 0, 0, 1
	if k.node.missing != nil {
		key, err := k.intern(k.node.rounding.Round(*k.node.missing))
		if err != nil {
			return err
		}
		k.missing = key
	}
	if k.node.field == nil {
		return nil
	}
	if k.node.field.class == classNanos {
		k.unit = nanosPerMilli
	}
	if k.col = l.column(k.node.field.view.column); k.col == nil {
		return nil
	}
	if k.col.kind != column.Int64 {
		return errKind(k.col, column.Int64)
	}
	k.fixed, k.shift = k.node.rounding.FixedMillis()*k.unit, k.node.rounding.Shift()*k.unit
	k.bindSmall(l)
	return nil
}

// bindSmall makes the table by interval if the segment spans few of them.
func (k *timeKeyer) bindSmall(l *leaf) {
	if k.fixed == 0 {
		return
	}
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for block := range l.blocks {
		if s := k.col.col.Stats(block); s.HasValues {
			lo, hi = min(lo, s.MinInt), max(hi, s.MaxInt)
		}
	}
	// Years beyond these would overflow below; they do not get a table.
	const far = math.MaxInt64 / 4
	if lo > hi || lo < -far || hi > far {
		return
	}
	first, last := floorDiv(lo-k.shift, k.fixed), floorDiv(hi-k.shift, k.fixed)
	if last-first < smallSpan {
		k.base, k.small = first, make([]uint32, last-first+1)
	}
}

func (k *timeKeyer) keys(d *docs) (keyed, error) {
	if k.col == nil {
		return k.absent(d), nil
	}
	b, err := k.col.rows(d.block, d.rows)
	if err != nil {
		return keyed{}, err
	}
	if k.small != nil {
		return gather(&k.keyBuffer, d, b, tableLookup{k, b.Ints})
	}
	return gather(&k.keyBuffer, d, b, timeLookup{k, b.Ints})
}

// tableLookup finds keys of fixed intervals.
type tableLookup struct {
	k    *timeKeyer
	ints []int64
}

func (l tableLookup) keyAt(i int) (uint32, error) {
	k, v := l.k, l.ints[i]
	if v >= k.from && v < k.to {
		return k.last, nil
	}
	interval := floorDiv(v-k.shift, k.fixed)
	k.from = interval*k.fixed + k.shift
	k.to = k.from + k.fixed
	slot := &k.small[interval-k.base]
	if *slot == 0 {
		key, err := k.start(floorDiv(k.from, k.unit))
		if err != nil {
			return 0, err
		}
		*slot = key + remapShift
	}
	k.last = *slot - remapShift
	return k.last, nil
}

// timeLookup finds keys of any intervals.
type timeLookup struct {
	k    *timeKeyer
	ints []int64
}

func (l timeLookup) keyAt(i int) (uint32, error) {
	k, v := l.k, l.ints[i]
	if v >= k.from && v < k.to {
		return k.last, nil
	}
	ms := floorDiv(v, k.unit)
	start := k.node.rounding.Round(ms)
	key, err := k.start(start)
	if err != nil {
		return 0, err
	}
	// The zone's clock may go back inside an interval, so only what lies after the value is known.
	k.from, k.to, k.last = v, v+1, key
	if next := k.node.rounding.Next(start); next > ms && k.node.rounding.Round(next-1) == start {
		k.to = next * k.unit
	}
	return key, nil
}

// start returns the key of the interval that begins at start.
func (k *timeKeyer) start(start int64) (uint32, error) {
	if start < k.node.hardMin && k.node.rounding.Next(start) <= k.node.hardMin || start > k.node.hardMax {
		return noKey, nil
	}
	return k.intern(start)
}

func (k *timeKeyer) intern(start int64) (uint32, error) {
	if key, ok := k.ids[start]; ok {
		return key, nil
	}
	if err := k.acct.grow(40); err != nil {
		return 0, err
	}
	key := uint32(len(k.values))
	k.values = append(k.values, start)
	k.ids[start] = key
	return key, nil
}
