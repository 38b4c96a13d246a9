package exec

import "elkhorn/internal/es/result"

// fixedBuckets counts rows into a known number of buckets per parent, which may overlap: filters and
// ranges. Bucket i of a parent has the ordinal parent*each + i.
type fixedBuckets struct {
	acct   *account
	leaf   *leaf // that the collector is bound to
	each   int
	counts []int64
	out    []uint32
}

// fixedBytes is about what one bucket takes, its part of the partial result included.
const fixedBytes = 96

// grow makes room for parents below limit.
func (f *fixedBuckets) grow(limit int) error {
	var err error
	f.counts, err = growBuckets(f.counts, limit*f.each, f.acct, fixedBytes)
	return err
}

// assign counts all rows of d into bucket i of their parents. The result is good until the next call.
func (f *fixedBuckets) assign(d *docs, i int) (*docs, error) {
	w, err := f.leaf.weights(d.block)
	if err != nil {
		return nil, err
	}
	f.out = f.out[:0]
	for at, row := range d.rows {
		b := d.bucket(at)*uint32(f.each) + uint32(i)
		f.counts[b] += w.of(row)
		f.out = append(f.out, b)
	}
	return &docs{block: d.block, rows: d.rows, buckets: f.out, limit: d.limit * f.each}, nil
}

// collect counts rows into bucket i and hands them on to what is inside it.
func (f *fixedBuckets) collect(d *docs, i int, subs collectors) error {
	if err := f.acct.check(); err != nil { // there may be thousands of buckets
		return err
	}
	in, err := f.assign(d, i)
	if err != nil {
		return err
	}
	return subs.collect(in)
}

// parts are the buckets of a parent.
func (f *fixedBuckets) parts(parent uint32, subs collectors) []bucketPart {
	list := make([]bucketPart, f.each)
	for i := range list {
		b := noKey
		if at := int(parent)*f.each + i; at < len(f.counts) {
			b = uint32(at)
			list[i].count = f.counts[at]
		}
		list[i].subs = subs.partials(b)
	}
	return list
}

// fixedShape is what a fixedPartial needs of its aggregation.
type fixedShape interface {
	plans() []*aggPlan
	// frame is the result without buckets.
	frame() *result.Buckets
	// print sets the key of bucket i.
	print(out *result.Bucket, i int)
}

// fixedPartial are the buckets of one parent.
type fixedPartial struct {
	shape fixedShape
	parts []bucketPart
}

func (p *fixedPartial) merge(other partial) error {
	o := other.(*fixedPartial)
	for i := range p.parts {
		p.parts[i].count += o.parts[i].count
		if err := p.parts[i].subs.merge(o.parts[i].subs); err != nil {
			return err
		}
	}
	return nil
}

func (p *fixedPartial) result(r *reducer) (result.Agg, error) {
	out := p.shape.frame()
	out.Buckets = make([]result.Bucket, len(p.parts))
	if err := r.addBuckets(len(p.parts)); err != nil {
		return nil, err
	}
	for i := range p.parts {
		subs, err := r.results(p.shape.plans(), p.parts[i].subs)
		if err != nil {
			return nil, err
		}
		out.Buckets[i] = result.Bucket{DocCount: p.parts[i].count, Aggs: subs}
		p.shape.print(&out.Buckets[i], i)
	}
	return out, nil
}
