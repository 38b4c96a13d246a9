package exec

import (
	"math"
	"slices"
)

// quantiles holds a distribution of numbers: exactly while there are few, then as a histogram whose
// buckets are a constant fraction of their value wide (128 per power of two), so that any quantile is
// within 0.8 % of a true one. Adding a value costs a shift and an increment; a t-digest costs a
// hundred times that. It merges without loss.
type quantiles struct {
	acct     *account
	exact    []float64
	placed   []uint16 // ascending places in exact: what is before one is no greater than what stands there, what is behind no less
	shared   bool     // others read exact, which may not be reordered
	counts   []int64  // histogram; nil while exact
	base     int      // slot of counts[0]
	n        int64
	min, max float64
}

const (
	// exactQuantiles is how many values are kept as they are.
	exactQuantiles = 2048
	// slotShift leaves a float64's exponent and its 7 highest mantissa bits.
	slotShift = 52 - 7
)

// slotOf maps a number to its bucket; greater numbers have greater slots.
func slotOf(v float64) int {
	n := int(math.Float64bits(math.Abs(v)) >> slotShift)
	if v < 0 {
		return -n
	}
	return n
}

// slotBounds returns the numbers between which a bucket lies, the one nearer to zero first.
func slotBounds(slot int) (inner, outer float64) {
	if slot < 0 {
		inner, outer = slotBounds(-slot)
		return -inner, -outer
	}
	return math.Float64frombits(uint64(slot) << slotShift), math.Float64frombits(uint64(slot+1) << slotShift)
}

// add takes in a number. NaN is left out.
func (q *quantiles) add(v float64) error {
	if math.IsNaN(v) {
		return nil
	}
	if q.n == 0 {
		q.min, q.max = v, v
	}
	q.n++
	q.min, q.max = min(q.min, v), max(q.max, v)
	if q.counts != nil {
		return q.count(slotOf(v), 1)
	}
	if len(q.exact) == cap(q.exact) {
		if err := q.acct.grow(8 * max(len(q.exact), 4)); err != nil {
			return err
		}
	}
	q.exact, q.placed, q.shared = append(q.exact, v), nil, false // what is shared has no room and is copied
	if len(q.exact) > exactQuantiles {
		return q.toHistogram()
	}
	return nil
}

func (q *quantiles) toHistogram() error {
	lo, hi := slotOf(q.min), slotOf(q.max)
	if err := q.acct.grow(8 * (hi - lo + 1)); err != nil {
		return err
	}
	q.base, q.counts = lo, make([]int64, hi-lo+1)
	for _, v := range q.exact {
		q.counts[slotOf(v)-lo]++
	}
	q.exact = nil
	return nil
}

// count adds n values to a bucket.
func (q *quantiles) count(slot int, n int64) error {
	if at := slot - q.base; at >= 0 && at < len(q.counts) {
		q.counts[at] += n
		return nil
	}
	lo, hi := min(q.base, slot), max(q.base+len(q.counts), slot+1)
	wider := (hi - lo) / 4 // room to grow into, so that creeping bounds do not copy each time
	if slot < q.base {
		lo -= wider
	} else {
		hi += wider
	}
	if err := q.acct.grow(8 * (hi - lo - len(q.counts))); err != nil {
		return err
	}
	counts := make([]int64, hi-lo)
	copy(counts[q.base-lo:], q.counts)
	q.base, q.counts = lo, counts
	q.counts[slot-lo] += n
	return nil
}

// merge takes in the values of o.
func (q *quantiles) merge(o *quantiles) error {
	if o.n == 0 {
		return nil
	}
	if o.counts == nil {
		for _, v := range o.exact {
			if err := q.add(v); err != nil {
				return err
			}
		}
		return nil
	}
	if q.n == 0 {
		q.min, q.max = o.min, o.max
	}
	q.min, q.max = min(q.min, o.min), max(q.max, o.max)
	if q.counts == nil {
		if err := q.toHistogram(); err != nil {
			return err
		}
	}
	q.n += o.n
	for i, n := range o.counts {
		if n > 0 {
			if err := q.count(o.base+i, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// quantile returns the number below which a share (0 to 1) of the values lies, interpolated between
// neighbours; ok is false when there are no values, and for what is no share.
func (q *quantiles) quantile(share float64) (v float64, ok bool) {
	if q.n == 0 || !isShare(share) {
		return 0, false
	}
	rank := share * float64(q.n-1)
	if q.counts == nil {
		lo := int(rank)
		if lo >= len(q.exact)-1 {
			return q.max, true
		}
		at, next := q.place(lo), q.place(lo+1)
		return at + (next-at)*(rank-float64(lo)), true
	}
	switch rank {
	case 0:
		return q.min, true
	case float64(q.n - 1):
		return q.max, true
	}
	before := int64(0)
	for i, n := range q.counts {
		if n > 0 && rank < float64(before+n) {
			return q.within(q.base+i, (rank-float64(before)+0.5)/float64(n)), true
		}
		before += n
	}
	return q.max, true
}

// isShare leaves out NaN too: a path such as "p.NaN" names a percentile.
func isShare(share float64) bool { return share >= 0 && share <= 1 }

// place brings the number to a place of exact that stands there when all are in order. Each is looked for among what
// those before have left between them.
func (q *quantiles) place(at int) float64 {
	i, found := slices.BinarySearch(q.placed, uint16(at))
	if found {
		return q.exact[at]
	}
	q.own()
	from, to := 0, len(q.exact)
	if i > 0 {
		from = int(q.placed[i-1]) + 1
	}
	if i < len(q.placed) {
		to = int(q.placed[i])
	}
	if v := q.exact[from:to]; from == at {
		least := 0
		for j := range v {
			if v[j] < v[least] {
				least = j
			}
		}
		v[0], v[least] = v[least], v[0]
	} else {
		selectAt(v, at-from)
	}
	q.placed = slices.Insert(q.placed, i, uint16(at))
	return q.exact[at]
}

// share makes a copy that reads the same numbers; whichever of the two changes them takes its own first. What is shared
// already is only read.
func (q *quantiles) share(acct *account) *quantiles {
	if !q.shared {
		q.exact, q.placed, q.shared = slices.Clip(q.exact), slices.Clip(q.placed), true
	}
	out := *q
	out.acct, out.counts = acct, slices.Clone(q.counts)
	return &out
}

// own makes exact the sketch's own, to be brought into another order.
func (q *quantiles) own() {
	if q.shared {
		q.exact, q.shared = slices.Clone(q.exact), false
	}
}

// within is the number at a share of a bucket's width, no further than the values themselves.
func (q *quantiles) within(slot int, share float64) float64 {
	if slot == 0 { // zero, and what is too small to matter
		return 0
	}
	lo, hi := slotBounds(slot)
	if slot < 0 {
		lo, hi = hi, lo
	}
	return min(max(lo+(hi-lo)*min(share, 1), q.min), q.max)
}

// rank returns the share (0 to 1) of values that are at most v; ok is false when there are no values.
func (q *quantiles) rank(v float64) (share float64, ok bool) {
	switch {
	case q.n == 0:
		return 0, false
	case v < q.min:
		return 0, true
	case v >= q.max:
		return 1, true
	}
	n := int64(0)
	for _, x := range q.exact {
		if x <= v {
			n++
		}
	}
	at := slotOf(v) - q.base
	partly := 0.0
	for i, count := range q.counts {
		if i < at {
			n += count
		} else if i == at {
			lo, hi := slotBounds(q.base + i)
			partly = float64(count) * (v - min(lo, hi)) / math.Abs(hi-lo)
		}
	}
	return (float64(n) + partly) / float64(q.n), true
}
