package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
)

// stringNode matches rows with a value, compared by its bytes, that passes a test. Over a dictionary
// the test runs once per distinct value; else once per row.
type stringNode struct {
	view   stringView
	test   stringTest
	weight float64
}

// stringTest decides values. With exact set, values are looked up; otherwise match is called.
type stringTest struct {
	exact []string // sorted, distinct
	match func(value []byte) bool
}

func exactly(values ...string) stringTest {
	slices.Sort(values)
	return stringTest{exact: slices.Compact(values)}
}

func (t *stringTest) passes(value []byte) bool {
	if t.match != nil {
		return t.match(value)
	}
	if len(t.exact) == 1 {
		return string(value) == t.exact[0]
	}
	_, ok := slices.BinarySearch(t.exact, string(value))
	return ok
}

func (n *stringNode) bind(l *leaf) (matcher, error) {
	c := l.column(n.view.column)
	if c == nil || n.test.match == nil && len(n.test.exact) == 0 {
		return noneMatcher{}, nil
	}
	switch c.kind {
	case column.Ordinal:
		return n.bindDict(c)
	case column.Bytes:
		m := &bytesMatcher{constant: constant{n.weight}, col: c, stringNode: n}
		if _, ok := n.view.stored(""); ok && n.test.match == nil {
			m.filtered, _ = c.col.(column.Filtered)
			m.finding, _ = c.col.(column.Finding)
			for _, v := range n.test.exact {
				if v, _ := n.view.stored(v); !n.view.hides([]byte(v)) {
					m.wanted = append(m.wanted, []byte(v))
				}
			}
		}
		return m, nil
	}
	return nil, errKind(c, column.Ordinal)
}

// bindDict turns the test into a set of ordinals.
func (n *stringNode) bindDict(c *leafColumn) (matcher, error) {
	set := column.NewBitmap(c.dict.Len())
	if _, ok := n.view.stored(""); ok && n.test.match == nil {
		for _, v := range n.test.exact {
			v, _ := n.view.stored(v)
			if ord, ok := c.dict.Lookup([]byte(v)); ok && !n.view.hides([]byte(v)) {
				set.Set(int(ord))
			}
		}
	} else {
		for ord := range c.dict.Len() {
			if err := c.leaf.acct.stopAt(ord); err != nil {
				return nil, err
			}
			if v, ok := n.view.see(c.dict.Value(uint32(ord))); ok && n.test.passes(v) {
				set.Set(ord)
			}
		}
	}
	return newOrdMatcher(c, set, n.weight), nil
}

// newOrdMatcher matches rows with an ordinal of the set.
func newOrdMatcher(c *leafColumn, set column.Bitmap, weight float64) matcher {
	first := set.Next(0)
	if first < 0 {
		return noneMatcher{}
	}
	last := set.Prev(len(set)<<6 - 1)
	m := &ordRangeMatcher{constant{weight}, c, uint32(first), uint32(last), column.NewKeeper(int64(first), int64(last), nil)}
	if set.Count() == last-first+1 {
		return m
	}
	m.keeper = column.NewKeeper(int64(first), int64(last), set)
	return &ordSetMatcher{m, set}
}

// ordRangeMatcher matches consecutive ordinals, most often one.
type ordRangeMatcher struct {
	constant
	col    *leafColumn
	lo, hi uint32
	keeper *column.Keeper
}

func (m *ordRangeMatcher) cost() int { return m.col.costOf(costOrdinal) }

func (m *ordRangeMatcher) bound(block int) bound {
	s := m.col.col.Stats(block)
	switch {
	case !s.HasValues || s.MinOrd > m.hi || s.MaxOrd < m.lo:
		return boundNone
	case s.MinOrd >= m.lo && s.MaxOrd <= m.hi && m.col.everyRow(block):
		return boundAll
	}
	return boundUnknown
}

func (m *ordRangeMatcher) filter(block int, sel column.Bitmap) error {
	if p, ok, err := m.col.packed(block); ok || err != nil {
		if err == nil {
			m.keeper.Keep(&p, sel)
		}
		return err
	}
	b, err := m.col.block(block)
	if err != nil {
		return err
	}
	if s := m.col.col.Stats(block); s.MinOrd >= m.lo && s.MaxOrd <= m.hi {
		keepPresent(b, sel)
		return nil
	}
	keepBetween(b, b.Ords, m.lo, m.hi, sel)
	return nil
}

// ordSetMatcher matches a set of ordinals.
type ordSetMatcher struct {
	*ordRangeMatcher
	set column.Bitmap
}

func (m *ordSetMatcher) bound(block int) bound { return atMostUnknown(m.ordRangeMatcher.bound(block)) }

func (m *ordSetMatcher) filter(block int, sel column.Bitmap) error {
	if p, ok, err := m.col.packed(block); ok || err != nil {
		if err == nil {
			m.keeper.Keep(&p, sel)
		}
		return err
	}
	b, err := m.col.block(block)
	if err != nil {
		return err
	}
	keepInSet(b, m.set, sel)
	return nil
}

// bytesMatcher tests each value of a column without dictionary.
type bytesMatcher struct {
	constant
	col *leafColumn
	*stringNode
	// filtered, unless nil, tells blocks that lack all the values that are looked up.
	filtered column.Filtered
	// finding, unless nil, finds wanted in blocks as they are stored.
	finding column.Finding
	wanted  [][]byte
}

func (m *bytesMatcher) cost() int { return m.col.costOf(costBytes) }

func (m *bytesMatcher) bound(block int) bound {
	if !m.col.col.Stats(block).HasValues {
		return boundNone
	}
	return boundUnknown
}

// mayHold says whether a block may hold one of the values that are looked up.
func (m *bytesMatcher) mayHold(block int) (bool, error) {
	if m.filtered == nil {
		return true, nil
	}
	for _, v := range m.test.exact {
		v, _ := m.view.stored(v)
		if may, err := m.filtered.MayHold(block, []byte(v)); may || err != nil {
			return may, err
		}
	}
	return false, nil
}

func (m *bytesMatcher) filter(block int, sel column.Bitmap) error {
	if may, err := m.mayHold(block); err != nil || !may {
		sel.Reset()
		return err
	}
	if m.finding != nil {
		if ok, err := m.finding.KeepTexts(block, m.wanted, sel); ok || err != nil {
			return err
		}
	}
	return eachGranule(m.col, block, sel, func(b *column.Block, sel column.Bitmap) error {
		keepWhere(b, sel, func(i int) bool {
			v, ok := m.view.see(b.Bytes(i))
			return ok && m.test.passes(v)
		})
		return nil
	})
}

// eachGranule calls fn for each granule of the block with selected rows. Its selection and block both
// count rows from the granule's first.
func eachGranule(c *leafColumn, block int, sel column.Bitmap, fn func(b *column.Block, sel column.Bitmap) error) error {
	for g := 0; g*granuleWords < len(sel); g++ {
		part := sel[g*granuleWords : min((g+1)*granuleWords, len(sel))]
		if !part.Any() {
			continue
		}
		if err := c.leaf.acct.check(); err != nil {
			return err
		}
		b, err := c.granule(block, g)
		if err != nil {
			return err
		}
		if err := fn(b, part); err != nil {
			return err
		}
	}
	return nil
}
