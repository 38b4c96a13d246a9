package exec

import (
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// aggScope is the scope of the aggregations inside one.
func (c *compiler) aggScope(a *agg.Agg) (string, error) {
	switch b := a.Body.(type) {
	case *agg.Nested:
		return b.Path, c.aggPath(a, b.Path)
	case *agg.ReverseNested:
		if c.scope == "" {
			return "", eserr.IllegalArgument("Reverse nested aggregation [%s] can not be used outside a [nested] context", a.Name)
		}
		return b.Path, c.aggPath(a, b.Path)
	}
	return c.scope, nil
}

// aggPath refuses a path that is mapped and not nested; one that is not mapped has no objects.
func (c *compiler) aggPath(a *agg.Agg, path string) error {
	if c.fields.index.Mapping == nil || path == "" {
		return nil
	}
	if f := c.fields.index.Mapping.Lookup(path); f != nil && f.Type != mapping.Nested {
		return eserr.New(500, "aggregation_execution_exception", "[%s] nested path [%s] is not nested", a.Body.Kind(), path)
	}
	return nil
}

// nestedAggNode is one bucket of the nested objects that documents hold at a path.
type nestedAggNode struct {
	path   string // "" where there can be no objects
	scored bool   // some aggregation inside looks at scores
	subs   []*aggPlan
}

func compileNestedAgg(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
	n := &nestedAggNode{path: a.Body.(*agg.Nested).Path, scored: aggsNeedScores(a.Subs), subs: subs}
	if !isBelow(n.path, c.scope) {
		n.path = ""
	}
	return n, nil
}

func (n *nestedAggNode) collector(subs collectors, acct *account) collector {
	return &nestedCollector{node: n, subs: subs, acct: acct}
}

type nestedCollector struct {
	node    *nestedAggNode
	subs    collectors
	acct    *account
	objects *descent // nil: the segment has none
	outer   []float64
	scores  []float64
	counts  []int64
	rows    []uint16
	buckets []uint32
}

func (n *nestedCollector) bind(at *leafPlace) error {
	n.objects = nil
	if n.node.path != "" {
		n.objects = at.leaf.descend(n.node.path)
	}
	if n.objects == nil {
		return nil
	}
	inner := leafPlace{leaf: n.objects.leaf, plan: at.plan, source: at.source, outer: at, ids: newIDReader(n.objects.leaf, at.plan.index.IDs)}
	if n.outer = at.scores; n.outer != nil {
		if n.scores == nil {
			n.scores = make([]float64, column.BlockRows)
		}
		inner.scores = n.scores
	}
	return n.subs.bind(&inner)
}

func (n *nestedCollector) collect(d *docs) error {
	var err error
	if n.counts, err = growBuckets(n.counts, d.limit, n.acct, 8); err != nil || n.objects == nil {
		return err
	}
	offsets, err := n.objects.objects(d.block)
	if err != nil {
		return err
	}
	l := n.objects.leaf
	for i := 0; i < len(d.rows); {
		next := int(offsets[d.rows[i]])
		if next == int(offsets[d.rows[i]+1]) {
			i++
			continue
		}
		block := l.blockOf(next)
		if i, err = n.block(d, offsets, i, block); err != nil {
			return err
		}
	}
	return nil
}

// block collects the objects in one of their blocks that rows from position i on hold. It returns the
// position of the first row that goes on in a later block.
func (n *nestedCollector) block(d *docs, offsets []uint32, i, block int) (int, error) {
	info := n.objects.leaf.blocks[block]
	for b := block; ; {
		i = n.gather(d, offsets, i, info)
		inner := docs{block: b, rows: n.rows, limit: d.limit}
		if d.buckets != nil {
			inner.buckets = n.buckets
		}
		if err := n.subs.collect(&inner); err != nil {
			return i, err
		}
		if i == len(d.rows) || int(offsets[d.rows[i]]) >= info.FirstRow+info.Rows {
			return i, nil
		}
		b++ // the row has objects on both sides
		info = n.objects.leaf.blocks[b]
	}
}

// gather lists the objects of one block in order, each with the buckets of its row. It returns the position of the
// first row that has objects beyond the block.
func (n *nestedCollector) gather(d *docs, offsets []uint32, i int, info segment.BlockInfo) int {
	n.rows, n.buckets = n.rows[:0], n.buckets[:0]
	end := info.FirstRow + info.Rows
	for i < len(d.rows) {
		row := d.rows[i]
		same := i + 1 // a row stands once per bucket
		for same < len(d.rows) && d.rows[same] == row {
			same++
		}
		from, to := max(int(offsets[row]), info.FirstRow), min(int(offsets[row+1]), end)
		for at := from; at < to; at++ {
			for k := i; k < same; k++ {
				n.rows = append(n.rows, uint16(at-info.FirstRow))
				n.counts[d.bucket(k)]++
				if d.buckets != nil {
					n.buckets = append(n.buckets, d.buckets[k])
				}
			}
			if n.outer != nil {
				n.scores[at-info.FirstRow] = n.outer[row]
			}
		}
		if int(offsets[row+1]) > end || int(offsets[row]) >= end {
			break
		}
		i = same
	}
	return i
}

func (n *nestedCollector) partial(bucket uint32) partial {
	return singlePartialOf("nested", n.node.subs, n.counts, n.subs, bucket)
}

// singlePartialOf is the one bucket of a collector that counts by parent.
func singlePartialOf(kind string, plans []*aggPlan, counts []int64, subs collectors, bucket uint32) partial {
	p := &singlePartial{kind: kind, plans: plans, subs: subs.partials(bucket)}
	if int(bucket) < len(counts) {
		p.count = counts[bucket]
	}
	return p
}

// reverseNode is one bucket of the documents, or outer objects, that hold the objects at hand.
type reverseNode struct {
	path string
	none bool // nothing can be there
	subs []*aggPlan
}

func compileReverseNested(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
	n := &reverseNode{path: a.Body.(*agg.ReverseNested).Path, subs: subs}
	n.none = n.path != "" && n.path != c.scope && !strings.HasPrefix(c.scope, n.path+".")
	return n, nil
}

func (n *reverseNode) collector(subs collectors, acct *account) collector {
	return &reverseCollector{node: n, subs: subs, acct: acct}
}

type reverseCollector struct {
	node   *reverseNode
	subs   collectors
	acct   *account
	leaf   *leaf
	outer  *leaf // nil: nothing to collect
	levels []*segment.Children
	counts []int64
	last   []int // by bucket: the outer row that was collected last, plus one
	out    docs
}

func (v *reverseCollector) bind(at *leafPlace) error {
	v.leaf, v.outer, v.levels = at.leaf, nil, nil
	clear(v.last)
	if v.node.none {
		return nil
	}
	to := at.leaf
	for to.around != nil && to.around.space.Path != v.node.path {
		v.levels = append(v.levels, segment.NewChildren(to.around.outer.seg, to.around.space))
		to = to.around.outer
	}
	v.outer = to
	return v.subs.bind(at.placeOf(to))
}

// placeOf is the place of a leaf around this one.
func (p *leafPlace) placeOf(l *leaf) *leafPlace {
	for at := p; at != nil; at = at.outer {
		if at.leaf == l {
			return at
		}
	}
	out := &leafPlace{leaf: l, plan: p.plan, source: p.source, outer: p.outer, ids: newIDReader(l, p.plan.index.IDs)}
	if p.scores != nil {
		out.scores = make([]float64, column.BlockRows) // objects that were stepped over have none
	}
	return out
}

func (v *reverseCollector) collect(d *docs) error {
	var err error
	if v.counts, err = growBuckets(v.counts, d.limit, v.acct, 8); err != nil || v.outer == nil {
		return err
	}
	if v.last, err = growBuckets(v.last, d.limit, v.acct, 8); err != nil {
		return err
	}
	v.out = docs{block: -1, rows: v.out.rows[:0], buckets: v.out.buckets[:0], limit: d.limit}
	first := v.leaf.blocks[d.block].FirstRow
	for i, r := range d.rows {
		row := first + int(r)
		for _, level := range v.levels {
			if row, err = level.Parent(row); err != nil {
				return err
			}
		}
		bucket := d.bucket(i)
		if v.last[bucket] == row+1 {
			continue
		}
		v.last[bucket] = row + 1
		if err := v.add(row, bucket, d.buckets == nil); err != nil {
			return err
		}
	}
	return v.flush(d.buckets == nil)
}

// add collects an outer row; those of one block go on together.
func (v *reverseCollector) add(row int, bucket uint32, root bool) error {
	if b := v.out.block; b < 0 || row < v.outer.blocks[b].FirstRow || row >= v.outer.blocks[b].FirstRow+v.outer.blocks[b].Rows {
		if err := v.flush(root); err != nil {
			return err
		}
		v.out.block = v.outer.blockOf(row)
	}
	v.out.rows = append(v.out.rows, uint16(row-v.outer.blocks[v.out.block].FirstRow))
	v.out.buckets = append(v.out.buckets, bucket)
	return nil
}

func (v *reverseCollector) flush(root bool) error {
	if v.out.block < 0 {
		return nil
	}
	d := v.out
	w, err := v.outer.weights(d.block)
	if err != nil {
		return err
	}
	for i, row := range d.rows {
		v.counts[d.buckets[i]] += w.of(row)
	}
	if root {
		d.buckets = nil
	}
	v.out.rows, v.out.buckets = v.out.rows[:0], v.out.buckets[:0]
	return v.subs.collect(&d)
}

func (v *reverseCollector) partial(bucket uint32) partial {
	return singlePartialOf("reverse_nested", v.node.subs, v.counts, v.subs, bucket)
}
