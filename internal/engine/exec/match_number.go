package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
)

// intRangeNode matches rows with a value from lo to hi in an Int64 column: whole numbers, booleans,
// dates.
type intRangeNode struct {
	column string
	lo, hi int64
	weight float64
}

func (n *intRangeNode) bind(l *leaf) (matcher, error) {
	c := l.column(n.column)
	if c == nil || n.lo > n.hi {
		return noneMatcher{}, nil
	}
	if c.kind != column.Int64 {
		return nil, errKind(c, column.Int64)
	}
	return &intRangeMatcher{constant{n.weight}, c, n.lo, n.hi, column.NewKeeper(n.lo, n.hi, nil)}, nil
}

type intRangeMatcher struct {
	constant
	col    *leafColumn
	lo, hi int64
	keeper *column.Keeper
}

func (m *intRangeMatcher) cost() int { return m.col.costOf(costNumber) }

func (m *intRangeMatcher) bound(block int) bound {
	s := m.col.col.Stats(block)
	switch {
	case !s.HasValues || s.MinInt > m.hi || s.MaxInt < m.lo:
		return boundNone
	case s.MinInt >= m.lo && s.MaxInt <= m.hi && m.col.everyRow(block):
		return boundAll
	}
	return boundUnknown
}

func (m *intRangeMatcher) filter(block int, sel column.Bitmap) error {
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
	if s := m.col.col.Stats(block); s.MinInt >= m.lo && s.MaxInt <= m.hi {
		keepPresent(b, sel)
		return nil
	}
	keepBetween(b, b.Ints, m.lo, m.hi, sel)
	return nil
}

// intSetNode matches rows with one of some values in an Int64 column.
type intSetNode struct {
	column string
	values []int64 // sorted, not empty
	weight float64
}

func newIntSet(column string, values []int64, weight float64) node {
	slices.Sort(values)
	values = slices.Compact(values)
	switch len(values) {
	case 0:
		return noneNode{}
	case 1:
		return &intRangeNode{column, values[0], values[0], weight}
	}
	return &intSetNode{column, values, weight}
}

func (n *intSetNode) bind(l *leaf) (matcher, error) {
	first, last := n.values[0], n.values[len(n.values)-1]
	m, err := (&intRangeNode{n.column, first, last, n.weight}).bind(l)
	if span, ok := m.(*intRangeMatcher); ok {
		return &intSetMatcher{span, n.values}, err
	}
	return m, err
}

type intSetMatcher struct {
	*intRangeMatcher
	values []int64
}

// bound says less than that of the range the values lie in.
func (m *intSetMatcher) bound(block int) bound { return atMostUnknown(m.intRangeMatcher.bound(block)) }

// atMostUnknown forgets that all rows match: those that are looked at may still not.
func atMostUnknown(b bound) bound {
	if b.none() {
		return b
	}
	return boundUnknown
}

func (m *intSetMatcher) filter(block int, sel column.Bitmap) error {
	b, err := m.col.block(block)
	if err != nil {
		return err
	}
	keepWhere(b, sel, func(i int) bool {
		_, ok := slices.BinarySearch(m.values, b.Ints[i])
		return ok
	})
	return nil
}

// floatRangeNode matches rows with a value from lo to hi in a Float64 column.
type floatRangeNode struct {
	column string
	lo, hi float64
	weight float64
}

func (n *floatRangeNode) bind(l *leaf) (matcher, error) {
	c := l.column(n.column)
	if c == nil || !(n.lo <= n.hi) {
		return noneMatcher{}, nil
	}
	if c.kind != column.Float64 {
		return nil, errKind(c, column.Float64)
	}
	return &floatRangeMatcher{constant{n.weight}, c, n.lo, n.hi}, nil
}

type floatRangeMatcher struct {
	constant
	col    *leafColumn
	lo, hi float64
}

func (m *floatRangeMatcher) cost() int { return m.col.costOf(costNumber) }

func (m *floatRangeMatcher) bound(block int) bound {
	s := m.col.col.Stats(block)
	if !s.HasValues || s.MinFloat > m.hi || s.MaxFloat < m.lo {
		return boundNone
	}
	return boundUnknown // of bounds that hold all values too: NaN is outside them
}

func (m *floatRangeMatcher) filter(block int, sel column.Bitmap) error {
	b, err := m.col.block(block)
	if err != nil {
		return err
	}
	keepBetween(b, b.Floats, m.lo, m.hi, sel)
	return nil
}

// floatSetNode matches rows with one of some values in a Float64 column.
type floatSetNode struct {
	column string
	values []float64 // sorted, not empty
	weight float64
}

func newFloatSet(column string, values []float64, weight float64) node {
	slices.Sort(values)
	values = slices.Compact(values)
	switch len(values) {
	case 0:
		return noneNode{}
	case 1:
		return &floatRangeNode{column, values[0], values[0], weight}
	}
	return &floatSetNode{column, values, weight}
}

func (n *floatSetNode) bind(l *leaf) (matcher, error) {
	first, last := n.values[0], n.values[len(n.values)-1]
	m, err := (&floatRangeNode{n.column, first, last, n.weight}).bind(l)
	if span, ok := m.(*floatRangeMatcher); ok {
		return &floatSetMatcher{span, n.values}, err
	}
	return m, err
}

type floatSetMatcher struct {
	*floatRangeMatcher
	values []float64
}

func (m *floatSetMatcher) filter(block int, sel column.Bitmap) error {
	b, err := m.col.block(block)
	if err != nil {
		return err
	}
	keepWhere(b, sel, func(i int) bool {
		_, ok := slices.BinarySearch(m.values, b.Floats[i])
		return ok
	})
	return nil
}
