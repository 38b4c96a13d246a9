package exec

import (
	"sync/atomic"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/query"
)

// planProfile is what a profiled search measures in one index. Workers add to it at once; times are sums over
// them.
type planProfile struct {
	compile, prune, bind, scan, fetch atomic.Int64 // nanoseconds
	segments, segmentsBound           atomic.Int64
	blocks                            blockCounts
	// decoded counts blocks and values that were unpacked; stored those that were looked at as they are.
	decodedBlocks, decodedValues, storedBlocks atomic.Int64
	rowsScanned, rowsMatched, hits             atomic.Int64
	meter                                      segment.Meter
	root                                       clauseProfile // its children are the query's clauses
	aggs                                       []*aggProfile
}

// blockCounts say what became of an index's blocks.
type blockCounts struct {
	all       atomic.Int64
	outside   atomic.Int64 // no value in a range that every match lies in
	excluded  atomic.Int64 // an index, a dictionary or bounds tell that nothing matches
	unneeded  atomic.Int64 // matches would be neither counted nor among the best
	allMatch  atomic.Int64 // bounds tell that all rows match
	looked    atomic.Int64 // rows were compared
	matchless atomic.Int64 // of those: none matched
}

// clauseProfile is what one clause of the query cost.
type clauseProfile struct {
	query    query.Query
	children []*clauseProfile
	compile  int64 // nanoseconds, by the one goroutine that compiles

	binds, bindNanos             atomic.Int64
	bounds, boundNanos           atomic.Int64
	boundNone, boundAll          atomic.Int64
	filters, filterNanos         atomic.Int64
	rowsIn, rowsOut              atomic.Int64
	scores, scoreNanos, rowScore atomic.Int64
}

// since adds the time that has passed.
func since(to *atomic.Int64, began time.Time) { to.Add(time.Since(began).Nanoseconds()) }

// compileProfiled compiles a clause and wraps what comes of it.
func (c *compiler) compileProfiled(q query.Query, compile queryCompiler) (node, error) {
	own := &clauseProfile{query: q}
	outer := c.clause
	outer.children = append(outer.children, own)
	c.clause = own
	began := time.Now()
	n, err := compile(c, q)
	own.compile = time.Since(began).Nanoseconds()
	c.clause = outer
	if err != nil || isNone(n) {
		return n, err
	}
	return &profiledNode{n, own}, nil
}

// profiledNode measures a clause.
type profiledNode struct {
	node
	profile *clauseProfile
}

// plainNode is the node behind what measures it.
func plainNode(n node) node {
	if p, ok := n.(*profiledNode); ok {
		return p.node
	}
	return n
}

func (n *profiledNode) bind(l *leaf) (matcher, error) {
	defer since(&n.profile.bindNanos, time.Now())
	n.profile.binds.Add(1)
	m, err := n.node.bind(l)
	if err != nil {
		return nil, err
	}
	return &profiledMatcher{m, n.profile}, nil
}

type profiledMatcher struct {
	matcher
	profile *clauseProfile
}

func (m *profiledMatcher) bound(block int) bound {
	defer since(&m.profile.boundNanos, time.Now())
	m.profile.bounds.Add(1)
	b := m.matcher.bound(block)
	switch {
	case b.none():
		m.profile.boundNone.Add(1)
	case b.all():
		m.profile.boundAll.Add(1)
	}
	return b
}

func (m *profiledMatcher) filter(block int, sel column.Bitmap) error {
	defer since(&m.profile.filterNanos, time.Now())
	m.profile.filters.Add(1)
	m.profile.rowsIn.Add(int64(sel.Count()))
	err := m.matcher.filter(block, sel)
	m.profile.rowsOut.Add(int64(sel.Count()))
	return err
}

func (m *profiledMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	defer since(&m.profile.scoreNanos, time.Now())
	m.profile.scores.Add(1)
	m.profile.rowScore.Add(int64(matched.Count()))
	return m.matcher.score(block, matched, scores)
}

// aggProfile is what one aggregation cost, those inside it included.
type aggProfile struct {
	name, kind string
	subs       []*aggProfile

	collectors             atomic.Int64
	binds, bindNanos       atomic.Int64
	collects, collectNanos atomic.Int64
	rows                   atomic.Int64
	partials, partialNanos atomic.Int64
}

// profiledCollector measures a collector.
type profiledCollector struct {
	collector
	profile *aggProfile
}

func (c *profiledCollector) bind(at *leafPlace) error {
	defer since(&c.profile.bindNanos, time.Now())
	c.profile.binds.Add(1)
	return c.collector.bind(at)
}

func (c *profiledCollector) collect(d *docs) error {
	defer since(&c.profile.collectNanos, time.Now())
	c.profile.collects.Add(1)
	c.profile.rows.Add(int64(len(d.rows)))
	return c.collector.collect(d)
}

func (c *profiledCollector) partial(bucket uint32) partial {
	defer since(&c.profile.partialNanos, time.Now())
	c.profile.partials.Add(1)
	return c.collector.partial(bucket)
}

// profileAggs makes the profiles of compiled aggregations.
func profileAggs(plans []*aggPlan) []*aggProfile {
	var list []*aggProfile
	for _, p := range plans {
		p.profile = &aggProfile{name: p.name, kind: p.kind, subs: profileAggs(p.subs)}
		list = append(list, p.profile)
	}
	return list
}

// leaf is a segment of the plan's index for one goroutine.
func (p *plan) leaf(source int, acct *account) *leaf {
	s := p.index.Sources[source]
	if p.profile == nil {
		return newLeaf(s, acct)
	}
	given := s.Segment
	s.Segment = segment.WithMeter(given, &p.profile.meter)
	l := newLeaf(s, acct)
	l.given, l.profile = given, p.profile
	return l
}

// What became of a block.
const (
	blockExcluded = iota
	blockUnneeded
)

func (p *plan) note(what int) {
	if p.profile == nil {
		return
	}
	switch what {
	case blockExcluded:
		p.profile.blocks.excluded.Add(1)
	case blockUnneeded:
		p.profile.blocks.unneeded.Add(1)
	}
}

// noteRows counts a block that was scanned.
func (p *plan) noteRows(known bound, rows, matched int) {
	if p.profile == nil {
		return
	}
	b := &p.profile.blocks
	p.profile.rowsScanned.Add(int64(rows))
	p.profile.rowsMatched.Add(int64(matched))
	switch {
	case known.all():
		b.allMatch.Add(1)
	case matched == 0:
		b.matchless.Add(1)
		b.looked.Add(1)
	default:
		b.looked.Add(1)
	}
}
