package exec

import (
	"elkhorn/internal/engine/column"
)

// presentNode matches rows that have a value in any of some columns.
type presentNode struct {
	views  []stringView
	weight float64
}

func (n *presentNode) bind(l *leaf) (matcher, error) {
	var parts []matcher
	for _, v := range n.views {
		c := l.column(v.column)
		switch {
		case c == nil:
		case v.partial() && (c.kind == column.Ordinal || c.kind == column.Bytes):
			any := stringNode{v, stringTest{match: func([]byte) bool { return true }}, n.weight}
			m, err := any.bind(l)
			if err != nil {
				return nil, err
			}
			parts = append(parts, m)
		default:
			parts = append(parts, &presentMatcher{constant{n.weight}, c})
		}
	}
	switch len(parts) {
	case 0:
		return noneMatcher{}, nil
	case 1:
		return parts[0], nil
	}
	return &anyMatcher{constant{n.weight}, parts}, nil
}

type presentMatcher struct {
	constant
	col *leafColumn
}

func (m *presentMatcher) cost() int { return m.col.costOf(costNumber) }

func (m *presentMatcher) bound(block int) bound {
	switch {
	case !m.col.col.Stats(block).HasValues:
		return boundNone
	case m.col.everyRow(block):
		return boundAll
	}
	return boundUnknown
}

func (m *presentMatcher) filter(block int, sel column.Bitmap) error {
	if m.col.kind == column.Bytes {
		return eachGranule(m.col, block, sel, func(b *column.Block, sel column.Bitmap) error {
			keepPresent(b, sel)
			return nil
		})
	}
	b, err := m.col.block(block)
	if err != nil {
		return err
	}
	keepPresent(b, sel)
	return nil
}

// anyMatcher matches rows that one of its parts matches; every match scores the same.
type anyMatcher struct {
	constant
	parts []matcher
}

func (m *anyMatcher) cost() int {
	most := 0
	for _, p := range m.parts {
		most = max(most, p.cost())
	}
	return most
}

func (m *anyMatcher) bound(block int) bound {
	b := boundNone
	for _, p := range m.parts {
		b = b.or(p.bound(block))
	}
	return b
}

func (m *anyMatcher) filter(block int, sel column.Bitmap) error {
	return keepAny(m.parts, block, sel)
}

// keepAny keeps the rows that at least one part matches. Rows found by a part are not asked of the
// next ones.
func keepAny(parts []matcher, block int, sel column.Bitmap) error {
	found := make(column.Bitmap, len(sel))
	rest := sel.Clone()
	try := make(column.Bitmap, len(sel))
	for _, p := range parts {
		copy(try, rest)
		if err := apply(p, block, try); err != nil {
			return err
		}
		found.Or(try)
		rest.AndNot(try)
		if !rest.Any() {
			break
		}
	}
	copy(sel, found)
	return nil
}
