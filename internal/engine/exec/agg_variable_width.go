package exec

import (
	"cmp"
	"math"
	"slices"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// variableWidthNode makes buckets of numbers that lie close together. Each value is a cluster of its own until there are
// too many; from then on values join the nearest one. In the end the nearest clusters are joined until there are as many as
// asked for.
type variableWidthNode struct {
	body   *agg.VariableWidthHistogram
	values *valuesNode
	subs   []*aggPlan
}

func compileVariableWidth(c *compiler, b *agg.VariableWidthHistogram, subs []*aggPlan) (aggNode, error) {
	v, err := c.numbersOf("variable_width_histogram", b.Field, b.Format, b.Missing)
	return &variableWidthNode{body: b, values: v, subs: subs}, err
}

func (n *variableWidthNode) collector(subs collectors, acct *account) collector {
	return &variableWidthCollector{node: n, subs: subs, acct: acct, reader: valueReader{node: n.values}, ids: map[float64]uint32{}}
}

// cluster are values that lie close together.
type cluster struct {
	min, max, sum float64
	count         int64
	bucket        uint32
	subs          partials
}

// clusterBytes is about what one takes, its place in the table and its partial results included.
const clusterBytes = 200

func (c *cluster) centroid() float64 { return c.sum / float64(c.count) }

// join takes in another cluster.
func (c *cluster) join(o *cluster) error {
	c.min, c.max = min(c.min, o.min), max(c.max, o.max)
	c.sum += o.sum
	c.count += o.count
	return c.subs.merge(o.subs)
}

type variableWidthCollector struct {
	node   *variableWidthNode
	subs   collectors
	acct   *account
	leaf   *leaf
	reader valueReader

	ids      map[float64]uint32 // value → cluster
	clusters []cluster
	sorted   []uint32 // clusters by value, once there are as many as may be

	places  []uint32
	rows    []uint16
	buckets []uint32
}

func (c *variableWidthCollector) bind(at *leafPlace) error {
	c.leaf = at.leaf
	c.reader.bind(at.leaf)
	return c.subs.bind(at)
}

func (c *variableWidthCollector) collect(d *docs) error {
	for len(c.places) < len(d.rows) {
		c.places = append(c.places, uint32(len(c.places)))
	}
	values, places, err := c.reader.gather(&docs{block: d.block, rows: d.rows, buckets: c.places[:len(d.rows)], limit: len(d.rows)})
	if err != nil {
		return err
	}
	w, err := c.leaf.weights(d.block)
	if err != nil {
		return err
	}
	c.rows, c.buckets = c.rows[:0], c.buckets[:0]
	for i, v := range values {
		if i > 0 && places[i] == places[i-1] && v == values[i-1] {
			continue
		}
		at, err := c.clusterOf(v)
		if err != nil {
			return err
		}
		row := d.rows[places[i]]
		one := &c.clusters[at]
		one.min, one.max = min(one.min, v), max(one.max, v)
		one.sum += v * float64(w.of(row))
		one.count += w.of(row)
		c.rows, c.buckets = append(c.rows, row), append(c.buckets, at)
	}
	if len(c.rows) == 0 {
		return nil
	}
	return c.subs.collect(&docs{block: d.block, rows: c.rows, buckets: c.buckets, limit: len(c.clusters)})
}

// clusterOf finds the cluster of a value or makes one.
func (c *variableWidthCollector) clusterOf(v float64) (uint32, error) {
	v += 0 // -0 is 0
	if at, ok := c.ids[v]; ok {
		return at, nil
	}
	if len(c.clusters) >= c.node.body.InitialBuffer {
		return c.nearest(v), nil
	}
	if err := c.acct.grow(clusterBytes); err != nil {
		return 0, err
	}
	at := uint32(len(c.clusters))
	c.ids[v] = at
	c.clusters = append(c.clusters, cluster{min: v, max: v, bucket: at})
	return at, nil
}

// nearest is the cluster whose first value lies nearest.
func (c *variableWidthCollector) nearest(v float64) uint32 {
	if c.sorted == nil {
		c.sorted = make([]uint32, 0, len(c.ids))
		for _, at := range c.ids {
			c.sorted = append(c.sorted, at)
		}
		slices.SortFunc(c.sorted, func(a, b uint32) int { return cmp.Compare(c.clusters[a].min, c.clusters[b].min) })
	}
	i, _ := slices.BinarySearchFunc(c.sorted, v, func(at uint32, v float64) int { return cmp.Compare(c.clusters[at].min, v) })
	switch {
	case i == len(c.sorted):
		return c.sorted[i-1]
	case i > 0 && v-c.clusters[c.sorted[i-1]].max < c.clusters[c.sorted[i]].min-v:
		return c.sorted[i-1]
	}
	return c.sorted[i]
}

func (c *variableWidthCollector) partial(parent uint32) partial {
	p := &variableWidthPartial{node: c.node, acct: c.acct}
	if c.node.values.field == nil && c.node.values.missing == nil {
		return &unmappedPartial{p}
	}
	if parent != 0 { // it stands in single buckets only
		return p
	}
	for _, one := range c.clusters {
		one.subs = c.subs.partials(one.bucket)
		p.list = append(p.list, one)
	}
	return p
}

// variableWidthPartial are the clusters of the one parent.
type variableWidthPartial struct {
	node *variableWidthNode
	acct *account
	list []cluster
}

func (p *variableWidthPartial) merge(o partial) error {
	p.list = append(p.list, o.(*variableWidthPartial).list...)
	return p.acct.grow(clusterBytes * len(o.(*variableWidthPartial).list))
}

// maxJoined bounds the clusters that are joined by distance, which takes the square of their number in steps.
const maxJoined = 5000

func (p *variableWidthPartial) result(r *reducer) (result.Agg, error) {
	slices.SortFunc(p.list, func(a, b cluster) int { return cmp.Compare(a.centroid(), b.centroid()) })
	if err := p.joinSame(); err != nil {
		return nil, err
	}
	if err := p.joinEvenly(max(min(p.node.body.ShardSize*3/4, maxJoined), p.node.body.Buckets)); err != nil {
		return nil, err
	}
	for len(p.list) > p.node.body.Buckets {
		if err := p.acct.check(); err != nil {
			return nil, err
		}
		if err := p.joinAt(p.closest()); err != nil {
			return nil, err
		}
	}
	p.separate()
	return p.print(r)
}

// joinSame joins clusters with the same centroid.
func (p *variableWidthPartial) joinSame() error {
	out := p.list[:0]
	for i := range p.list {
		if last := len(out) - 1; last >= 0 && out[last].centroid() == p.list[i].centroid() {
			if err := out[last].join(&p.list[i]); err != nil {
				return err
			}
			continue
		}
		out = append(out, p.list[i])
	}
	p.list = out
	return nil
}

// joinEvenly joins neighbours until there are no more than so many.
func (p *variableWidthPartial) joinEvenly(most int) error {
	each := (len(p.list) + most - 1) / most
	if each <= 1 {
		return nil
	}
	out := p.list[:0]
	for i := range p.list {
		if i%each == 0 {
			out = append(out, p.list[i])
		} else if err := out[len(out)-1].join(&p.list[i]); err != nil {
			return err
		}
	}
	p.list = out
	return nil
}

// closest is the first of the two clusters that lie closest together.
func (p *variableWidthPartial) closest() int {
	at, least := 0, math.Inf(1)
	for i := range len(p.list) - 1 {
		if d := p.list[i+1].centroid() - p.list[i].centroid(); d < least {
			at, least = i, d
		}
	}
	return at
}

func (p *variableWidthPartial) joinAt(i int) error {
	err := p.list[i].join(&p.list[i+1])
	p.list = slices.Delete(p.list, i+1, i+2)
	return err
}

// separate puts the bounds of clusters that overlap in the middle.
func (p *variableWidthPartial) separate() {
	for i := 1; i < len(p.list); i++ {
		if before, one := &p.list[i-1], &p.list[i]; one.min < before.max {
			one.min = (before.max + one.min) / 2
			before.max = one.min
		}
	}
}

func (p *variableWidthPartial) print(r *reducer) (result.Agg, error) {
	if err := r.addBuckets(len(p.list)); err != nil {
		return nil, err
	}
	v := p.node.values
	out := &result.Buckets{Kind: "variable_width_histogram", Buckets: make([]result.Bucket, 0, len(p.list))}
	for i := range p.list {
		one := &p.list[i]
		subs, err := r.results(p.node.subs, one.subs)
		if err != nil {
			return nil, err
		}
		middle := one.centroid()
		b := result.Bucket{Key: floatScalar(middle, 64), KeyAsString: v.keyText(middle), DocCount: one.count, Aggs: subs}
		for _, end := range []struct {
			name string
			x    float64
		}{{"min", one.min}, {"max", one.max}} {
			b.Head = append(b.Head, result.Member{Name: end.name, JSON: floatScalar(end.x, 64).Append(nil)})
			if text := v.keyText(end.x); text != "" {
				b.Head = append(b.Head, result.Member{Name: end.name + "_as_string", JSON: jsonval.AppendString(nil, text)})
			}
		}
		out.Buckets = append(out.Buckets, b)
	}
	return out, nil
}
