package exec

import (
	"time"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// plan is a request compiled against one index.
type plan struct {
	position int
	index    *Index
	req      *Request
	fields   *fields
	query    node
	post     node // nil for none
	filter   node // of the alias that was searched, nil for none; query holds it too
	inner    []*innerHits
	named    []*namedQuery
	collapse *collapseKey // nil for none
	marks    *highlighter // nil for none
	keys     []*sortKey
	rescore  []rescorer
	after    []sortVal // cursor of search_after; nil for none
	// all are the aggregations in request order; aggs and globals divide them by whether the query
	// applies.
	all, aggs, globals []*aggPlan
	// ranges are those that every match of the query lies in.
	ranges []*intRangeNode
	// sameScore is the score of every match, nil where they differ.
	sameScore *float64
	// everySource says that aggregations must see segments in which the query matches nothing.
	everySource bool
	// key finds what runs of blocks contributed to the same request before; nil when that is not kept.
	key *requestKey
	// volatile says that the same request may find something else: its scripts are named, or it brings fields of its own.
	volatile bool
	// profile is nil unless the search is profiled. acct accounts for what planning takes.
	profile *planProfile
	acct    *account
	// explained is nil unless scores are to be explained.
	explained *explained
}

func newPlan(position int, index *Index, req *Request, acct *account) (*plan, error) {
	p := &plan{position: position, index: index, req: req, fields: &fields{index: index}, acct: acct}
	if req.Profile {
		p.profile = &planProfile{}
		defer since(&p.profile.compile, time.Now())
	}
	if req.Explain {
		p.explained = &explained{source: map[node]query.Query{}}
	}
	c := newCompiler(p)
	err := p.narrow(c)
	if err != nil {
		return p, err
	}
	if p.query, err = c.root(req.Query, p.filter); err != nil {
		return p, c.shardError(err)
	}
	if boost, ok := req.IndexBoosts[index.Name]; ok {
		p.query = weighted(p.query, boost)
	}
	if req.PostFilter != nil {
		if p.post, err = c.compile(req.PostFilter); err != nil {
			return p, c.shardError(err)
		}
	}
	if p.rescore, err = c.rescorers(req.Rescore); err != nil {
		return p, c.shardError(err)
	}
	p.inner = c.inner
	if err = c.scoreNamed(); err != nil {
		return p, c.shardError(err)
	}
	c.unnamed, c.found = true, p.query
	p.ranges = requiredRanges(nil, p.query)
	if score, ok := fixedScore(p.query); ok {
		p.sameScore = &score
	}
	if p.marks, err = c.highlight(req.Highlight, p.query); err != nil {
		return p, c.shardError(err)
	}
	if p.keys, err = c.sortKeys(req.Sort); err != nil {
		return p, err
	}
	if p.collapse, err = c.collapse(); err != nil {
		return p, err
	}
	c.clause = nil // the queries of aggregations are part of what those cost
	if p.all, err = c.aggs(req.Aggs); err != nil {
		return p, err
	}
	for _, a := range p.all {
		if _, ok := a.node.(*globalNode); ok {
			p.globals = append(p.globals, a)
		} else {
			p.aggs = append(p.aggs, a)
		}
	}
	if p.profile != nil {
		p.profile.aggs = profileAggs(p.all)
	}
	p.everySource = len(p.globals) > 0 || wantsEmptyBuckets(req.Aggs)
	p.key = p.keyOf(c)
	return p, nil
}

// narrow compiles what the alias and the part of the index that is searched leave.
func (p *plan) narrow(c *compiler) (err error) {
	if p.index.Filter != nil {
		if p.filter, err = c.compile(p.index.Filter); err != nil {
			return c.shardError(err)
		}
	}
	c.inner, p.named = nil, nil // an alias asks for none
	if p.index.Restrict == nil {
		return nil
	}
	part, err := c.restricted(p.index.Restrict)
	if err != nil {
		return err
	}
	filters := []node{part}
	if p.filter != nil {
		filters = append(filters, p.filter)
	}
	p.filter = &boolNode{filter: filters, weight: 1}
	return nil
}

// wantsEmptyBuckets says whether an aggregation lists values that no matching document has.
func wantsEmptyBuckets(aggs []*agg.Agg) bool {
	found := false
	agg.Walk(aggs, func(a *agg.Agg) {
		if terms, ok := a.Body.(*agg.Terms); ok && terms.MinDocCount == 0 {
			found = true
		}
	})
	return found
}

// root compiles the request's query; filter, unless nil, must match too.
func (c *compiler) root(q query.Query, filter node) (node, error) {
	if q == nil {
		q = &query.MatchAll{}
		if len(c.plan.req.Knn) > 0 {
			q = &query.MatchNone{}
		}
	}
	n, err := c.compile(q)
	if near := c.plan.index.near; len(near) > 0 && err == nil {
		c.plan.volatile = true // what is near depends on all segments
		n = &boolNode{should: append([]node{n}, near...), least: 1, weight: 1}
	}
	if c.plan.explained != nil {
		c.plan.explained.root = n
	}
	if err != nil || filter == nil {
		return n, err
	}
	return &boolNode{must: []node{n}, filter: []node{filter}, weight: 1}, nil
}

// shardError wraps what goes wrong when a query meets an index's mapping as Elasticsearch does.
func (c *compiler) shardError(err error) error {
	if c.innerErr != nil {
		return c.innerErr
	}
	e := eserr.From(err)
	if e.Type == "query_shard_exception" || e.Type == "parsing_exception" || e.Status >= 500 {
		return err
	}
	return eserr.QueryShard("failed to create query: %s", e.Reason).With("index_uuid", c.fields.index.UUID).With("index", c.fields.index.Name).Because(e)
}

// directions says per key whether it is descending.
func (p *plan) directions() []bool {
	desc := make([]bool, len(p.keys))
	for i, k := range p.keys {
		desc[i] = k.desc
	}
	return desc
}

// tasks cuts a segment into runs of blocks, best first by the first sort key, and leaves out blocks
// that cannot match.
func (p *plan) tasks(source int) []task {
	if p.profile != nil {
		defer since(&p.profile.prune, time.Now())
	}
	l := p.leaf(source, nil)
	order := p.candidates(l, 0, len(l.blocks))
	if p.profile != nil {
		p.profile.segments.Add(1)
		p.profile.blocks.all.Add(int64(len(l.blocks)))
		p.profile.blocks.outside.Add(int64(len(l.blocks) - len(order)))
	}
	if len(order) == 0 {
		return nil
	}
	best := p.bestOf(l, source)
	if best != nil {
		sortBlocks(order, best, p.keys[0].desc)
	}
	var list []task
	for len(order) > 0 {
		n := min(len(order), taskBlocks)
		list = append(list, p.task(source, order[:n], best))
		order = order[n:]
	}
	return list
}

// candidates are the blocks from one to another that may have matches.
func (p *plan) candidates(l *leaf, from, to int) []int {
	order := make([]int, 0, to-from)
	for block := from; block < to; block++ {
		if p.everySource || p.mayMatch(l, block) {
			order = append(order, block)
		}
	}
	return order
}

// task is a run of blocks, in order of best, which is nil where that is not known.
func (p *plan) task(source int, blocks []int, best []sortVal) task {
	t := task{plan: p.position, source: source, blocks: blocks}
	if best != nil {
		t.best, t.hasBest = best[blocks[0]], true
	}
	return t
}

// mayMatch says whether a block may have matches, as far as the ranges that every match lies in tell.
// It is asked before anything else of the segment is looked up, so that a search of an hour does not
// pay for the days around it.
func (p *plan) mayMatch(l *leaf, block int) bool {
	for _, r := range p.ranges {
		c := l.column(r.column)
		if c == nil {
			return false
		}
		if s := c.col.Stats(block); !s.HasValues || s.MinInt > r.hi || s.MaxInt < r.lo {
			return false
		}
	}
	return !isNone(p.query)
}

// requiredRanges appends the ranges of whole numbers and dates that every match of a clause lies in.
func requiredRanges(list []*intRangeNode, n node) []*intRangeNode {
	switch n := plainNode(n).(type) {
	case *intRangeNode:
		return append(list, n)
	case *constantNode:
		return requiredRanges(list, n.node)
	case *boolNode:
		for _, part := range [][]node{n.must, n.filter} {
			for _, child := range part {
				list = requiredRanges(list, child)
			}
		}
	}
	return list
}

// firstRow numbers the rows of an index through its segments.
func (p *plan) firstRow(source int) int {
	n := 0
	for _, s := range p.index.Sources[:source] {
		n += segment.Rows(s.Segment)
	}
	return n
}
