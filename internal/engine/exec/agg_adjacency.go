package exec

import (
	"slices"
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// adjacencyNode is a bucket per query and per pair of queries, of those that have documents.
type adjacencyNode struct {
	queries []node
	keys    []string // by bucket: the queries' names, then those of pairs
	pairs   [][2]int // by bucket less the queries
	subs    []*aggPlan
}

func compileAdjacency(c *compiler, b *agg.AdjacencyMatrix, subs []*aggPlan) (aggNode, error) {
	n := &adjacencyNode{subs: subs}
	for _, f := range b.Filters {
		nodes, err := c.unscored([]query.Query{f.Query})
		if err != nil {
			return nil, c.shardError(err)
		}
		n.queries = append(n.queries, nodes[0])
		n.keys = append(n.keys, f.Key)
	}
	for i := range b.Filters {
		for j := i + 1; j < len(b.Filters); j++ {
			n.pairs = append(n.pairs, [2]int{i, j})
			n.keys = append(n.keys, b.Filters[i].Key+b.Separator+b.Filters[j].Key)
		}
	}
	return n, nil
}

func (n *adjacencyNode) collector(subs collectors, acct *account) collector {
	return &adjacencyCollector{node: n, subs: subs, fixed: fixedBuckets{acct: acct, each: len(n.keys)}, filters: make([]docFilter, len(n.queries))}
}

type adjacencyCollector struct {
	node    *adjacencyNode
	subs    collectors
	fixed   fixedBuckets
	filters []docFilter
	matched []column.Bitmap // by query, of the block at hand
	pick    docFilter
	both    column.Bitmap
}

func (c *adjacencyCollector) bind(at *leafPlace) error {
	c.fixed.leaf = at.leaf
	for i, q := range c.node.queries {
		if err := c.filters[i].bind(at.leaf, q); err != nil {
			return err
		}
	}
	return c.subs.bind(at)
}

func (c *adjacencyCollector) collect(d *docs) error {
	if err := c.fixed.grow(d.limit); err != nil {
		return err
	}
	if c.matched == nil {
		for range c.node.queries {
			c.matched = append(c.matched, column.NewBitmap(column.BlockRows))
		}
		c.both = column.NewBitmap(column.BlockRows)
	}
	for i := range c.filters {
		kept, err := c.filters[i].keep(d)
		if err != nil {
			return err
		}
		c.matched[i].Reset()
		for _, r := range kept.rows {
			c.matched[i].Set(int(r))
		}
		if err := c.fixed.collect(kept, i, c.subs); err != nil {
			return err
		}
	}
	for i, pair := range c.node.pairs {
		any := uint64(0)
		for w, word := range c.matched[pair[0]] {
			c.both[w] = word & c.matched[pair[1]][w]
			any |= c.both[w]
		}
		if any == 0 {
			continue
		}
		if err := c.fixed.collect(c.pick.pick(d, c.both, true), len(c.filters)+i, c.subs); err != nil {
			return err
		}
	}
	return nil
}

func (c *adjacencyCollector) partial(parent uint32) partial {
	return &adjacencyPartial{node: c.node, fixedPartial: fixedPartial{shape: c.node, parts: c.fixed.parts(parent, c.subs)}}
}

// adjacencyPartial are the buckets of one parent, of which those without documents are not printed.
type adjacencyPartial struct {
	fixedPartial
	node *adjacencyNode
}

func (p *adjacencyPartial) merge(o partial) error {
	return p.fixedPartial.merge(&o.(*adjacencyPartial).fixedPartial)
}

func (p *adjacencyPartial) result(r *reducer) (result.Agg, error) {
	out := p.node.frame()
	out.Buckets = []result.Bucket{}
	var order []int
	for i := range p.parts {
		if p.parts[i].count > 0 {
			order = append(order, i)
		}
	}
	if err := r.addBuckets(len(order)); err != nil {
		return nil, err
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(p.node.keys[a], p.node.keys[b]) })
	for _, i := range order {
		subs, err := r.results(p.node.subs, p.parts[i].subs)
		if err != nil {
			return nil, err
		}
		one := result.Bucket{DocCount: p.parts[i].count, Aggs: subs}
		p.node.print(&one, i)
		out.Buckets = append(out.Buckets, one)
	}
	return out, nil
}

func (n *adjacencyNode) plans() []*aggPlan { return n.subs }

func (n *adjacencyNode) frame() *result.Buckets { return &result.Buckets{Kind: "adjacency_matrix"} }

func (n *adjacencyNode) print(out *result.Bucket, i int) { out.Key = jsonval.Str(n.keys[i]) }
