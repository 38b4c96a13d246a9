package exec

import (
	"bytes"

	"elkhorn/internal/engine/column"
)

// fixedRangesNode matches rows with a 16-byte value in one of some ranges: addresses and networks.
type fixedRangesNode struct {
	column string
	ranges []fixedRange
	weight float64
}

// fixedRange is from lo to hi, both included.
type fixedRange struct{ lo, hi [16]byte }

func (n *fixedRangesNode) bind(l *leaf) (matcher, error) {
	c := l.column(n.column)
	if c == nil || len(n.ranges) == 0 {
		return noneMatcher{}, nil
	}
	if c.kind != column.Fixed16 {
		return nil, errKind(c, column.Fixed16)
	}
	return &fixedRangesMatcher{constant{n.weight}, c, n.ranges}, nil
}

type fixedRangesMatcher struct {
	constant
	col    *leafColumn
	ranges []fixedRange
}

func (m *fixedRangesMatcher) cost() int { return m.col.costOf(costBytes) }

func (m *fixedRangesMatcher) bound(block int) bound {
	if !m.col.col.Stats(block).HasValues {
		return boundNone
	}
	return boundUnknown
}

func (m *fixedRangesMatcher) filter(block int, sel column.Bitmap) error {
	b, err := m.col.block(block)
	if err != nil {
		return err
	}
	keepWhere(b, sel, func(i int) bool {
		v := b.Bytes(i)
		for j := range m.ranges {
			r := &m.ranges[j]
			if bytes.Compare(v, r.lo[:]) >= 0 && bytes.Compare(v, r.hi[:]) <= 0 {
				return true
			}
		}
		return false
	})
	return nil
}
