package exec

import (
	"cmp"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// nearestNode matches the rows that were found to be the nearest when its clause was compiled.
type nearestNode struct {
	found  map[segment.Segment][]nearRow // in the order of rows
	weight float64
}

// nearRow is a row of a segment with its score.
type nearRow struct {
	row   int
	score float64
}

// compileKnn looks for the nearest documents of the index at hand.
func compileKnn(c *compiler, q *query.Knn) (node, error) {
	c.plan.volatile = true // what is near depends on all segments
	scan, err := c.nearScan(q, cmp.Or(q.K, q.NumCandidates, c.defaultNear()))
	if err != nil || scan == nil {
		return noneNode{}, err
	}
	if err := scan.run(); err != nil {
		return nil, err
	}
	return nearestOf(scan.best.sorted(), c.fields.index, q.Weight()), nil
}

// defaultNear is how many documents a clause is after that does not say: as many as the search.
func (c *compiler) defaultNear() int { return defaultNear(c.plan.req) }

func defaultNear(req *Request) int { return cmp.Or(req.Size, 10) }

// lookNear looks for the nearest documents of all indices and gives each index its own.
func (s *search) lookNear(q *query.Knn, searched []*Index, failed []error, acct *account) {
	k := cmp.Or(q.K, defaultNear(s.req))
	best := &nearHeap{k: k}
	for i, ix := range searched {
		if failed[i] != nil {
			continue
		}
		p := &plan{position: i, index: ix, req: s.req, fields: &fields{index: ix}, acct: acct}
		c := newCompiler(p)
		c.unnamed = true
		if failed[i] = p.narrow(c); failed[i] != nil {
			continue
		}
		scan, err := c.nearScan(q, k)
		if err == nil && scan != nil {
			scan.best.plan = i
			err = scan.run()
		}
		if err != nil {
			failed[i] = c.shardError(err)
			continue
		}
		if scan != nil {
			best.merge(scan.best)
		}
	}
	all := best.sorted()
	for i, ix := range searched {
		own := make([]nearFound, 0, len(all))
		for _, f := range all {
			if f.plan == i {
				own = append(own, f)
			}
		}
		with := *ix // an index belongs to who gave it
		with.near = append(with.near[:len(with.near):len(with.near)], nearestOf(own, ix, q.Weight()))
		searched[i] = &with
	}
}

// nearScan compiles a search for the k nearest documents of an index; nil where no document can have a vector.
func (c *compiler) nearScan(q *query.Knn, k int) (*nearScan, error) {
	f := c.fields.lookup(q.Field)
	switch {
	case f == nil:
		return nil, nil
	case f.class != classVector:
		return nil, eserr.IllegalArgument("[knn] queries are only supported on [dense_vector] fields")
	case !f.indexed:
		return nil, eserr.IllegalArgument("to perform knn search on field [%s], its mapping must have [index] set to [true]", f.name)
	case c.scope != "" || c.fields.index.Mapping.NestedAt(f.spec.Path) != "":
		e := eserr.Unsupported("[knn] on field [" + f.name + "], which lies in nested objects,")
		e.Reason += ": keep one vector in a document"
		return nil, e
	case f.spec.Dims == 0: // no document has one
		return nil, nil
	case len(q.Vector) != f.spec.Dims:
		return nil, eserr.IllegalArgument("The query vector has a different number of dimensions [%d] than the document vectors [%d].", len(q.Vector), f.spec.Dims)
	}
	if reason := f.spec.CheckVector(q.Vector); reason != nil {
		return nil, reason
	}
	var filters []node
	if c.plan.filter != nil {
		filters = append(filters, c.plan.filter)
	}
	nodes, err := c.unscored(q.Filters)
	if err != nil {
		return nil, err
	}
	measure := newVectorMeasure(f.spec, q.Vector)
	s := &nearScan{compiler: c, field: f, measure: measure, best: &nearHeap{k: k}}
	if q.Similarity != nil {
		s.least = q.Similarity
	}
	if filters = append(filters, nodes...); len(filters) > 0 {
		s.filter = &boolNode{filter: filters, weight: 1}
	}
	return s, nil
}

// nearestOf makes a clause of what was found in an index.
func nearestOf(found []nearFound, ix *Index, weight float64) node {
	n := &nearestNode{found: map[segment.Segment][]nearRow{}, weight: weight}
	for _, f := range byRow(found) {
		seg := ix.Sources[f.source].Segment
		n.found[seg] = append(n.found[seg], nearRow{f.row, f.score})
	}
	return n
}

func (n *nearestNode) bind(l *leaf) (matcher, error) {
	rows := n.found[l.given]
	if len(rows) == 0 {
		return noneMatcher{}, nil
	}
	return &nearestMatcher{leaf: l, rows: rows, weight: n.weight}, nil
}

type nearestMatcher struct {
	leaf   *leaf
	rows   []nearRow
	weight float64
	kept   []int
}

// in are the rows found that lie in a block, which begins at first.
func (m *nearestMatcher) in(block int) (rows []nearRow, first int) {
	info := m.leaf.blocks[block]
	lo, hi := 0, len(m.rows)
	for lo < hi && m.rows[lo].row < info.FirstRow {
		lo++
	}
	for hi > lo && m.rows[hi-1].row >= info.FirstRow+info.Rows {
		hi--
	}
	return m.rows[lo:hi], info.FirstRow
}

func (m *nearestMatcher) cost() int { return costNumber }

func (m *nearestMatcher) bound(block int) bound {
	b := bound{exact: true}
	rows, first := m.in(block)
	for _, r := range rows {
		b.granules |= 1 << ((r.row - first) / column.GranuleRows)
	}
	b.exact = b.granules == 0
	return b
}

func (m *nearestMatcher) filter(block int, sel column.Bitmap) error {
	rows, first := m.in(block)
	m.kept = m.kept[:0]
	for _, r := range rows {
		if sel.Has(r.row - first) {
			m.kept = append(m.kept, r.row-first)
		}
	}
	sel.Reset()
	for _, r := range m.kept {
		sel.Set(r)
	}
	return nil
}

func (m *nearestMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	rows, first := m.in(block)
	for _, r := range rows {
		if matched.Has(r.row - first) {
			scores[r.row-first] += m.weight * r.score
		}
	}
	return nil
}
