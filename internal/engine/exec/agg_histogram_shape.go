package exec

import (
	"cmp"
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

// histogramShape is what date_histogram and histogram share: buckets with numbers as keys, in a
// sequence that has gaps to fill.
type histogramShape struct {
	kind        string
	keyed       bool
	minDocCount int64
	order       bucketOrder
	subs        []*aggPlan
	// extendedMin and extendedMax are keys out to which empty buckets are added; nil: not.
	extendedMin, extendedMax *int64
	// next is the key after a key.
	next func(key int64) int64
	// print sets a bucket's key.
	print func(out *result.Bucket, key int64)
}

// notRangeOf refuses a field of ranges that are not of the kind that an aggregation makes buckets of.
func notRangeOf(f *field, kind string) error {
	if kind == "date_histogram" {
		return eserr.IllegalArgument("Expected date range type but found range type [%s]", f.typ)
	}
	return eserr.IllegalArgument("Expected numeric range type but found non-numeric range [%s]", f.typ)
}

// notSupportedOn refuses a field of the wrong type.
func notSupportedOn(f *field, kind string) error {
	return eserr.IllegalArgument("Field [%s] of type [%s] is not supported for aggregation [%s]", f.name, f.typ, kind)
}

// histogramCollector counts rows into intervals.
type histogramCollector struct {
	shape    *histogramShape
	unmapped bool
	keyer    keyer
	keyOf    func(key uint32) int64
	grid     *grid
	subs     collectors
	leaf     *leaf
}

func (h *histogramCollector) bind(at *leafPlace) error {
	h.leaf = at.leaf
	if err := h.keyer.bind(at.leaf); err != nil {
		return err
	}
	return h.subs.bind(at)
}

func (h *histogramCollector) collect(d *docs) error {
	k, err := h.keyer.keys(d)
	if err != nil || len(k.rows) == 0 {
		return err
	}
	return h.grid.collect(k, h.keyer.limit(), h.leaf, d.block, h.subs)
}

func (h *histogramCollector) partial(parent uint32) partial {
	p := &histogramPartial{shape: h.shape, bucketList: bucketList{acct: h.grid.acct}}
	if h.unmapped {
		return &unmappedPartial{p}
	}
	h.grid.children(parent, func(key, bucket uint32, count int64) {
		p.list = append(p.list, bucketPart{num: h.keyOf(key), count: count, subs: h.subs.partials(bucket)})
	})
	return p
}

// histogramPartial are the buckets of one parent.
type histogramPartial struct {
	bucketList
	shape *histogramShape
}

func (p *histogramPartial) merge(o partial) error {
	return p.mergeList(&o.(*histogramPartial).bucketList)
}

func compareNums(a, b *bucketPart) int { return cmp.Compare(a.num, b.num) }

func (p *histogramPartial) result(r *reducer) (result.Agg, error) {
	slices.SortFunc(p.list, func(a, b bucketPart) int { return compareNums(&a, &b) })
	if p.shape.minDocCount == 0 {
		if err := p.fill(r); err != nil {
			return nil, err
		}
	}
	best := p.ordered()
	if err := r.addBuckets(len(best)); err != nil {
		return nil, err
	}
	out := &result.Buckets{Kind: p.shape.kind, Keyed: p.shape.keyed, Buckets: make([]result.Bucket, 0, len(best))}
	for _, i := range best {
		b := &p.list[i]
		subs, err := r.results(p.shape.subs, b.subs)
		if err != nil {
			return nil, err
		}
		one := result.Bucket{DocCount: b.count, Aggs: subs}
		p.shape.print(&one, b.num)
		out.Buckets = append(out.Buckets, one)
	}
	return out, nil
}

// ordered returns the positions of the buckets to print, in order. They stand in order of their keys already.
func (p *histogramPartial) ordered() []int {
	pass := func(b *bucketPart) bool { return b.count >= p.shape.minDocCount }
	first := &p.shape.order[0]
	if first.by != orderKeyOf {
		return newSorter(p.shape.order, p.list, compareNums).best(len(p.list), pass)
	}
	list := make([]int, 0, len(p.list))
	for i := range p.list {
		if pass(&p.list[i]) {
			list = append(list, i)
		}
	}
	if first.desc {
		slices.Reverse(list)
	}
	return list
}

// fill adds the empty buckets between the first and the last one, or out to the extended bounds.
func (p *histogramPartial) fill(r *reducer) error {
	first, last, any := p.span()
	if !any {
		return nil
	}
	full := make([]bucketPart, 0, len(p.list))
	rest := p.list
	for key := first; key <= last; key = p.shape.next(key) {
		if len(rest) > 0 && rest[0].num <= key {
			full = append(full, rest[0])
			key = rest[0].num
			rest = rest[1:]
		} else {
			full = append(full, bucketPart{num: key, subs: newCollectors(p.shape.subs, nil).partials(noKey)})
		}
		if r.buckets+len(full) > r.maxBuckets {
			return eserr.TooManyBuckets(r.maxBuckets)
		}
	}
	p.list = append(full, rest...)
	return nil
}

// span is from the first to the last key that must be there.
func (p *histogramPartial) span() (first, last int64, any bool) {
	if n := len(p.list); n > 0 {
		first, last, any = p.list[0].num, p.list[n-1].num, true
	}
	lo, hi := p.shape.extendedMin, p.shape.extendedMax
	switch {
	case any && lo != nil:
		first = min(first, *lo)
	case lo != nil && hi != nil:
		return *lo, *hi, *lo <= *hi
	}
	if any && hi != nil {
		last = max(last, *hi)
	}
	return first, last, any
}
