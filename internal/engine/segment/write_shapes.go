package segment

import (
	"fmt"

	"elkhorn/internal/engine/column"
)

// shapeMerge gives the shapes that live rows use their numbers in the new segment. Equal shapes of
// several inputs become one.
type shapeMerge struct {
	inputs [][]Shape
	remaps [][]int64 // per input, new number plus one; 0: not used so far
	number map[string]int64
	merged [][]byte
	out    column.Block
}

func (m *shapeMerge) init(inputs []Input) {
	m.number = map[string]int64{}
	for _, in := range inputs {
		shapes := in.Segment.Shapes()
		m.inputs = append(m.inputs, shapes)
		m.remaps = append(m.remaps, make([]int64, len(shapes)))
	}
}

// renumber returns a block of the shape column with the new numbers. Documents kept whole (-1) stay so.
func (m *shapeMerge) renumber(b *column.Block, p *piece) (*column.Block, error) {
	m.out.Reset(column.Int64)
	m.out.Rows, m.out.Present, m.out.Offsets = b.Rows, b.Present, b.Offsets
	m.out.Ints = append(m.out.Ints, b.Ints...)
	for r := range b.Rows {
		if !p.keeps(r) {
			continue
		}
		lo, hi := b.Range(r)
		for i := lo; i < hi; i++ {
			if b.Ints[i] < 0 {
				continue
			}
			n, err := m.numberOf(p.input, b.Ints[i])
			if err != nil {
				return nil, err
			}
			m.out.Ints[i] = n
		}
	}
	return &m.out, nil
}

func (m *shapeMerge) numberOf(input int, old int64) (int64, error) {
	remap := m.remaps[input]
	if old >= int64(len(remap)) {
		return 0, fmt.Errorf("%w: shape %d of %d", column.ErrDamaged, old, len(remap))
	}
	if remap[old] != 0 {
		return remap[old] - 1, nil
	}
	skeleton := m.inputs[input][old].Skeleton
	n, ok := m.number[string(skeleton)]
	if !ok {
		n = int64(len(m.merged))
		m.number[string(skeleton)] = n
		m.merged = append(m.merged, skeleton)
	}
	remap[old] = n + 1
	return n, nil
}
