package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// filterNode is one bucket of the documents that match a query. missing is a filter too.
type filterNode struct {
	kind  string
	query node
	subs  []*aggPlan
}

func compileFilterAgg(c *compiler, b *agg.Filter, subs []*aggPlan) (aggNode, error) {
	nodes, err := c.unscored([]query.Query{b.Query})
	if err != nil {
		return nil, c.shardError(err)
	}
	return &filterNode{"filter", nodes[0], subs}, nil
}

func compileMissingAgg(c *compiler, b *agg.Missing, subs []*aggPlan) (aggNode, error) {
	f, err := c.valuesField(b.Field)
	if err != nil {
		return nil, err
	}
	n := &filterNode{"missing", allNode{1}, subs}
	switch {
	case b.Missing != nil || f.isConstant(): // no document lacks a value
		n.query = noneNode{}
	case f != nil:
		n.query = &boolNode{not: []node{&presentNode{views: []stringView{f.view}, weight: 1}}, weight: 1}
	}
	return n, nil
}

func (n *filterNode) collector(subs collectors, acct *account) collector {
	return &filterCollector{node: n, subs: subs, acct: acct}
}

type filterCollector struct {
	node   *filterNode
	subs   collectors
	acct   *account
	filter docFilter
	counts []int64
}

func (f *filterCollector) bind(at *leafPlace) error {
	if err := f.filter.bind(at.leaf, f.node.query); err != nil {
		return err
	}
	return f.subs.bind(at)
}

func (f *filterCollector) collect(d *docs) error {
	var err error
	if f.counts, err = growBuckets(f.counts, d.limit, f.acct, 8); err != nil {
		return err
	}
	kept, err := f.filter.keep(d)
	if err != nil {
		return err
	}
	w, err := f.filter.leaf.weights(d.block)
	if err != nil {
		return err
	}
	for i, row := range kept.rows {
		f.counts[kept.bucket(i)] += w.of(row)
	}
	return f.subs.collect(kept)
}

func (f *filterCollector) partial(bucket uint32) partial {
	p := &singlePartial{kind: f.node.kind, plans: f.node.subs, subs: f.subs.partials(bucket)}
	if int(bucket) < len(f.counts) {
		p.count = f.counts[bucket]
	}
	return p
}

// docFilter narrows docs by a query.
type docFilter struct {
	matcher matcher
	leaf    *leaf
	sel     column.Bitmap
	// kept holds the rows that match; dropped those that do not.
	rows    []uint16
	buckets []uint32
	scratch scratch
}

func (f *docFilter) bind(l *leaf, n node) error {
	m, err := n.bind(l)
	f.matcher, f.leaf = m, l
	return err
}

// match returns the rows of d that match, as a selection that is good until the next call.
func (f *docFilter) match(d *docs) (column.Bitmap, error) {
	rows := f.leaf.blocks[d.block].Rows
	if f.sel == nil {
		f.sel = column.NewBitmap(column.BlockRows)
	}
	sel := f.sel[:(rows+63)/64]
	sel.Reset()
	for _, r := range d.rows {
		sel[r>>6] |= 1 << (r & 63)
	}
	return sel, apply(f.matcher, d.block, sel)
}

// keep returns the part of d that matches; it is good until the next call.
func (f *docFilter) keep(d *docs) (*docs, error) {
	known := f.matcher.bound(d.block)
	switch {
	case known.none():
		return &docs{block: d.block, limit: d.limit}, nil
	case known.all():
		return d, nil
	}
	sel, err := f.match(d)
	if err != nil {
		return nil, err
	}
	kept := f.pick(d, sel, true)
	return kept, f.scratch.hold(f.leaf.acct, 8*cap(f.sel)+2*cap(f.rows)+4*cap(f.buckets))
}

// pick returns the rows of d that are in sel, or those that are not.
func (f *docFilter) pick(d *docs, sel column.Bitmap, in bool) *docs {
	f.rows, f.buckets = f.rows[:0], f.buckets[:0]
	for i, r := range d.rows {
		if sel.Has(int(r)) != in {
			continue
		}
		f.rows = append(f.rows, r)
		if d.buckets != nil {
			f.buckets = append(f.buckets, d.buckets[i])
		}
	}
	out := &docs{block: d.block, rows: f.rows, limit: d.limit}
	if d.buckets != nil {
		out.buckets = f.buckets
	}
	return out
}

// filtersNode is a bucket per query, and one for documents that match none if that is asked for.
type filtersNode struct {
	body    *agg.Filters
	queries []node
	subs    []*aggPlan
}

func compileFiltersAgg(c *compiler, b *agg.Filters, subs []*aggPlan) (aggNode, error) {
	n := &filtersNode{body: b, subs: subs}
	for _, f := range b.Filters {
		nodes, err := c.unscored([]query.Query{f.Query})
		if err != nil {
			return nil, c.shardError(err)
		}
		n.queries = append(n.queries, nodes[0])
	}
	return n, nil
}

func (n *filtersNode) collector(subs collectors, acct *account) collector {
	return &filtersCollector{node: n, subs: subs, fixed: fixedBuckets{acct: acct, each: n.buckets()}, filters: make([]docFilter, len(n.queries))}
}

// buckets is how many buckets there are per parent.
func (n *filtersNode) buckets() int {
	if n.body.OtherBucket {
		return len(n.queries) + 1
	}
	return len(n.queries)
}

type filtersCollector struct {
	node    *filtersNode
	subs    collectors
	fixed   fixedBuckets
	filters []docFilter
	other   docFilter
}

func (f *filtersCollector) bind(at *leafPlace) error {
	f.fixed.leaf = at.leaf
	for i, q := range f.node.queries {
		if err := f.filters[i].bind(at.leaf, q); err != nil {
			return err
		}
	}
	return f.subs.bind(at)
}

func (f *filtersCollector) collect(d *docs) error {
	if err := f.fixed.grow(d.limit); err != nil {
		return err
	}
	var matched column.Bitmap
	if f.node.body.OtherBucket {
		matched = make(column.Bitmap, column.BlockRows/64)
	}
	for i := range f.filters {
		kept, err := f.filters[i].keep(d)
		if err != nil {
			return err
		}
		if matched != nil {
			for _, r := range kept.rows {
				matched.Set(int(r))
			}
		}
		if err := f.fixed.collect(kept, i, f.subs); err != nil {
			return err
		}
	}
	if matched == nil {
		return nil
	}
	return f.fixed.collect(f.other.pick(d, matched, false), len(f.filters), f.subs)
}

func (f *filtersCollector) partial(parent uint32) partial {
	return &fixedPartial{shape: f.node, parts: f.fixed.parts(parent, f.subs)}
}

func (n *filtersNode) plans() []*aggPlan { return n.subs }

func (n *filtersNode) frame() *result.Buckets {
	return &result.Buckets{Kind: "filters", Keyed: !n.body.Anonymous && !n.body.Listed}
}

func (n *filtersNode) print(out *result.Bucket, i int) {
	if n.body.Anonymous {
		return
	}
	key := n.body.OtherKey
	if i < len(n.body.Filters) {
		key = n.body.Filters[i].Key
	}
	if n.body.Listed {
		out.Key = jsonval.Str(key)
		return
	}
	out.KeyAsString, out.Key = key, jsonval.Scalar{}
}
