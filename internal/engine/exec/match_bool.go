package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
)

// boolNode combines clauses. Rows match when they match all of must and filter, none of not, and at
// least least of should.
type boolNode struct {
	must, filter, should, not []node
	least                     int
	weight                    float64
}

func (n *boolNode) bind(l *leaf) (matcher, error) {
	m := &boolMatcher{least: n.least, weight: n.weight}
	for _, part := range []struct {
		from []node
		to   *[]matcher
	}{{n.must, &m.must}, {n.filter, &m.filters}, {n.should, &m.should}, {n.not, &m.not}} {
		for _, child := range part.from {
			c, err := child.bind(l)
			if err != nil {
				return nil, err
			}
			*part.to = append(*part.to, c)
		}
	}
	m.all = slices.Concat(m.must, m.filters)
	for _, list := range [][]matcher{m.all, m.not} {
		slices.SortStableFunc(list, func(a, b matcher) int { return a.cost() - b.cost() })
	}
	return m, nil
}

type boolMatcher struct {
	must, filters, should, not []matcher
	all                        []matcher // must and filter, cheapest first
	least                      int
	weight                     float64
}

func (m *boolMatcher) cost() int {
	most := costNone
	for _, list := range [][]matcher{m.all, m.not} {
		for _, c := range list {
			most = max(most, c.cost())
		}
	}
	if m.least > 0 {
		for _, c := range m.should {
			most = max(most, c.cost())
		}
	}
	return most
}

func (m *boolMatcher) bound(block int) bound {
	b := boundAll
	for _, c := range m.all {
		if b = b.and(c.bound(block)); b.none() {
			return b
		}
	}
	for _, c := range m.not {
		if b = b.and(c.bound(block).not()); b.none() {
			return b
		}
	}
	if m.least > 0 {
		b = b.and(m.shouldBound(block))
	}
	return b
}

func (m *boolMatcher) shouldBound(block int) bound {
	if m.least == 1 {
		b := boundNone
		for _, c := range m.should {
			b = b.or(c.bound(block))
		}
		return b
	}
	var counts [8]int // per granule: clauses that may match
	for _, c := range m.should {
		g := c.bound(block).granules
		for i := range counts {
			counts[i] += int(g >> i & 1)
		}
	}
	b := bound{}
	for i, n := range counts {
		if n >= m.least {
			b.granules |= 1 << i
		}
	}
	return b
}

func (m *boolMatcher) filter(block int, sel column.Bitmap) error {
	for _, c := range m.all {
		if err := apply(c, block, sel); err != nil || !sel.Any() {
			return err
		}
	}
	for _, c := range m.not {
		gone := sel.Clone()
		if err := apply(c, block, gone); err != nil {
			return err
		}
		if sel.AndNot(gone); !sel.Any() {
			return nil
		}
	}
	switch {
	case m.least == 0:
		return nil
	case m.least == 1:
		return keepAny(m.should, block, sel)
	}
	return m.keepLeast(block, sel)
}

// keepLeast keeps rows that match at least least of should.
func (m *boolMatcher) keepLeast(block int, sel column.Bitmap) error {
	counts := make([]uint16, len(sel)*64)
	try := make(column.Bitmap, len(sel))
	for _, c := range m.should {
		copy(try, sel)
		if err := apply(c, block, try); err != nil {
			return err
		}
		for r := try.Next(0); r >= 0; r = try.Next(r + 1) {
			counts[r]++
		}
	}
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		if int(counts[r]) < m.least {
			sel.Clear(r)
		}
	}
	return nil
}

// score adds the sum of the scores of the clauses of must and should that match.
func (m *boolMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	out := scores
	if m.weight != 1 {
		out = make([]float64, len(scores))
	}
	for _, c := range m.must {
		if err := c.score(block, matched, out); err != nil {
			return err
		}
	}
	for _, c := range m.should {
		try := matched.Clone()
		if err := apply(c, block, try); err != nil {
			return err
		}
		if err := c.score(block, try, out); err != nil {
			return err
		}
	}
	if m.weight != 1 {
		for r := matched.Next(0); r >= 0; r = matched.Next(r + 1) {
			scores[r] += m.weight * out[r]
		}
	}
	return nil
}
