package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
)

// A terms aggregation at the root without others inside it counts the ordinals of each segment and
// looks at values only to reduce: of hundreds of thousands of distinct values a few are asked for,
// and making a key of each would cost ten times the counting.

// termRun are the counts of one segment's dictionary values.
type termRun struct {
	plan, source int
	dict         column.Dict
	view         stringView
	counts       []int64 // by ordinal
}

// countsOrdinals says whether the aggregation may count by ordinal where columns have dictionaries.
func (n *termsNode) countsOrdinals() bool {
	return n.class == classKeyword && n.constant == "" && len(n.subs) == 0 && n.missing == nil && n.body.MinDocCount > 0 &&
		n.field != nil && n.field.view.plain() && (n.significant == nil || !n.significant.text)
}

// collectRun counts rows by ordinal; false says that the column has no dictionary.
func (t *termsCollector) collectRun(d *docs) (bool, error) {
	col := t.strings.col
	if d.buckets != nil || col == nil || col.kind != column.Ordinal || !t.node.countsOrdinals() || t.place.leaf.weighs() {
		return false, nil
	}
	run, err := t.run(col)
	if err != nil {
		return false, err
	}
	b, err := col.rows(d.block, d.rows)
	if err != nil {
		return false, err
	}
	run.count(d.rows, b)
	return true, nil
}

// run returns the counts of the segment that the collector is bound to.
func (t *termsCollector) run(col *leafColumn) (*termRun, error) {
	for _, r := range t.runs {
		if r.source == t.place.source {
			return r, nil
		}
	}
	n := col.dict.Len()
	if err := t.grid.acct.grow(8 * n); err != nil {
		return nil, err
	}
	r := &termRun{plan: t.place.plan.position, source: t.place.source, dict: col.dict, view: t.node.field.view, counts: make([]int64, n)}
	t.runs = append(t.runs, r)
	return r, nil
}

func (r *termRun) count(rows []uint16, b *column.Block) {
	counts := r.counts
	if b.Offsets == nil && b.Present == nil {
		for _, row := range rows {
			counts[b.Ords[row]]++
		}
		return
	}
	var distinct []uint32
	for _, row := range rows {
		lo, hi := b.Range(int(row))
		if hi-lo == 1 {
			counts[b.Ords[lo]]++
			continue
		}
		distinct = append(distinct[:0], b.Ords[lo:hi]...)
		slices.Sort(distinct)
		for _, ord := range slices.Compact(distinct) {
			counts[ord]++
		}
	}
}

// mergeRuns adds the counts of o; those of one segment, by two workers, become one.
func (p *termsPartial) mergeRuns(o *termsPartial) {
	for _, r := range o.runs {
		i := slices.IndexFunc(p.runs, func(have *termRun) bool { return have.plan == r.plan && have.source == r.source })
		if i < 0 {
			p.runs = append(p.runs, r)
			continue
		}
		for ord, n := range r.counts {
			p.runs[i].counts[ord] += n
		}
	}
}

// settleRuns turns counts into buckets: all of them, or when the most frequent are asked for those
// that may be among them. It returns the documents of buckets that it left out.
func (p *termsPartial) settleRuns() (leftOut int64, err error) {
	if len(p.runs) == 0 {
		return 0, nil
	}
	for _, r := range p.runs {
		r.drop(p.node.acceptText)
	}
	if err := p.index(); err != nil {
		return 0, err
	}
	least := int64(1)
	if p.node.order.mostFrequent() && p.node.body.MinDocCount == 1 {
		least = p.leastCount()
	}
	if p.fewReach(least) {
		leftOut, err = p.takeFrequent(least)
	} else {
		err = p.takeAll()
	}
	p.runs = nil
	return leftOut, err
}

// mostFrequent says that buckets with most documents go first, the default.
func (o bucketOrder) mostFrequent() bool { return o[0].by == orderCount && o[0].desc }

// fewReach says whether looking up in every segment the values that are at least so often in one of them
// costs less than making buckets of all.
func (p *termsPartial) fewReach(least int64) bool {
	reach, all := 0, 0
	for _, r := range p.runs {
		for _, n := range r.counts {
			if n > 0 {
				all++
			}
			if n >= least {
				reach++
			}
		}
	}
	return least > 1 && reach*len(p.runs) < all
}

// takeAll makes a bucket of every value.
func (p *termsPartial) takeAll() error {
	for _, r := range p.runs {
		for ord, n := range r.counts {
			if err := p.acct.stopAt(ord); err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if err := p.addCount(string(r.dict.Value(uint32(ord))), n); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeFrequent completes the buckets there are and makes those of values that are at least so often in
// some segment; other buckets may stay incomplete, which does not bring them among the most frequent. It
// returns the documents it left out.
func (p *termsPartial) takeFrequent(least int64) (leftOut int64, err error) {
	for i := range p.list {
		if b := &p.list[i]; b.count >= least {
			b.count += p.take([]byte(b.str))
		}
	}
	for _, r := range p.runs {
		for ord, n := range r.counts {
			if n < least {
				continue
			}
			value := r.dict.Value(uint32(ord))
			if err := p.addCount(string(value), p.take(value)); err != nil {
				return 0, err
			}
		}
	}
	for _, r := range p.runs {
		for _, n := range r.counts {
			leftOut += n
		}
	}
	return leftOut, nil
}

// take removes a value from all runs and returns how often it was there.
func (p *termsPartial) take(value []byte) (n int64) {
	for _, r := range p.runs {
		if at, ok := r.dict.Lookup(value); ok {
			n += r.counts[at]
			r.counts[at] = 0
		}
	}
	return n
}

// total is how often a value is in all segments.
func (p *termsPartial) total(value []byte) (n int64) {
	for _, r := range p.runs {
		if at, ok := r.dict.Lookup(value); ok {
			n += r.counts[at]
		}
	}
	if at, ok := p.byStr[string(value)]; ok {
		n += p.list[at].count
	}
	return n
}

func (p *termsPartial) addCount(value string, n int64) error {
	b := bucketPart{str: value, count: n}
	if at, ok := p.find(&b); ok {
		p.list[at].count += n
		return nil
	}
	if err := p.acct.grow(mergedBytes + len(value)); err != nil {
		return err
	}
	p.put(&b, len(p.list))
	p.list = append(p.list, b)
	return nil
}

// drop forgets values that the field does not see or the request excludes.
func (r *termRun) drop(accept func([]byte) bool) {
	if accept == nil && !r.view.partial() {
		return
	}
	for ord, n := range r.counts {
		if n == 0 {
			continue
		}
		if v := r.dict.Value(uint32(ord)); r.view.hides(v) || accept != nil && !accept(v) {
			r.counts[ord] = 0
		}
	}
}

// leastCount is how often a value must be in some segment to be among the most frequent of all. When k
// values are known to be bound times or more in all, so are the k most frequent, and each of those has at
// least its share of them in one of the segments. The buckets there are already, of segments without
// dictionary, count as one segment more.
func (p *termsPartial) leastCount() int64 {
	k := p.node.body.Size
	var best *termRun
	bound := int64(0)
	for _, r := range p.runs {
		if n := kthGreatest(r.counts, k); n > bound {
			best, bound = r, n
		}
	}
	sources := int64(len(p.runs))
	if len(p.list) > 0 {
		sources++
		counts := make([]int64, len(p.list))
		for i := range p.list {
			counts[i] = p.list[i].count
		}
		bound = max(bound, kthGreatest(counts, k))
	}
	if best != nil {
		bound = max(bound, p.leastTotal(best, k))
	}
	return max((bound+sources-1)/sources, 1)
}

// maxSampled bounds the values whose totals are worked out for a better bound.
const maxSampled = 1000

// leastTotal is the least of the totals of a run's k most frequent values, 0 when they are too many to ask.
func (p *termsPartial) leastTotal(r *termRun, k int) int64 {
	if k > maxSampled {
		return 0
	}
	least, found := int64(0), 0
	for ord, enough := 0, kthGreatest(r.counts, k); ord < len(r.counts) && found < k; ord++ {
		if r.counts[ord] < enough {
			continue
		}
		if n := p.total(r.dict.Value(uint32(ord))); found == 0 || n < least {
			least = n
		}
		found++
	}
	return least
}

// kthGreatest returns the k-th greatest of some counts, 0 when there are fewer.
func kthGreatest(counts []int64, k int) int64 {
	if len(counts) < k {
		return 0
	}
	top := make([]int64, 0, k) // a heap, least first
	for _, n := range counts {
		switch {
		case n == 0:
		case len(top) < k:
			top = append(top, n)
			for i := len(top) - 1; i > 0 && top[i] < top[(i-1)/2]; i = (i - 1) / 2 {
				top[i], top[(i-1)/2] = top[(i-1)/2], top[i]
			}
		case n > top[0]:
			top[0] = n
			siftLeast(top)
		}
	}
	if len(top) < k {
		return 0
	}
	return top[0]
}

func siftLeast(heap []int64) {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && heap[child+1] < heap[child] {
			child++
		}
		if heap[i] <= heap[child] {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}
