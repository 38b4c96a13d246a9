package exec

import (
	"slices"
	"sort"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/query"
)

func compileIDs(c *compiler, q *query.IDs) (node, error) {
	return c.ids(q.Values, q.Weight()), nil
}

// ids matches documents by _id, explicit or generated.
func (c *compiler) ids(values []string, weight float64) node {
	if len(values) == 0 {
		return noneNode{}
	}
	n := &idsNode{explicit: values, weight: weight}
	if codec := c.fields.index.IDs; codec != nil {
		for _, id := range values {
			if seq, ok := codec.SeqNo(id); ok {
				n.seqs = append(n.seqs, seq)
			}
		}
		slices.Sort(n.seqs)
	}
	return n
}

type idsNode struct {
	explicit []string
	seqs     []int64 // of the ids that this index generated, sorted
	weight   float64
}

func (n *idsNode) bind(l *leaf) (matcher, error) {
	if l.around != nil {
		return n.bindObjects(l)
	}
	rows := map[int]bool{}
	if err := n.findExplicit(l, rows); err != nil {
		return nil, err
	}
	if err := n.findGenerated(l, rows); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return noneMatcher{}, nil
	}
	m := &rowsMatcher{constant: constant{n.weight}, leaf: l}
	for row := range rows {
		m.rows = append(m.rows, row)
	}
	slices.Sort(m.rows)
	return m, nil
}

// bindObjects matches the nested objects of the documents: an object has the id of its document.
func (n *idsNode) bindObjects(l *leaf) (matcher, error) {
	outer, err := n.bind(l.around.outer)
	if err != nil {
		return nil, err
	}
	holders, ok := outer.(*rowsMatcher)
	if !ok {
		return outer, nil // none
	}
	m := &rowsMatcher{constant: constant{n.weight}, leaf: l}
	for _, row := range holders.rows {
		from, err := l.around.children().First(row)
		if err != nil {
			return nil, err
		}
		to, err := l.around.children().First(row + 1)
		if err != nil {
			return nil, err
		}
		for at := from; at < to; at++ {
			m.rows = append(m.rows, at)
		}
	}
	return m, nil
}

func (n *idsNode) findExplicit(l *leaf, rows map[int]bool) error {
	ids, col := l.seg.IDs(), l.column(segment.IDField)
	if ids == nil || col == nil {
		return nil
	}
	for _, id := range n.explicit {
		found, err := ids.Lookup([]byte(id))
		if err != nil {
			return err
		}
		for _, row := range found {
			text, ok, err := l.textAt(col, int(row))
			if err != nil {
				return err
			}
			if ok && string(text) == id {
				rows[int(row)] = true
			}
		}
	}
	return nil
}

// findGenerated looks sequence numbers up in the blocks that may hold them. A row with an explicit id
// does not have the generated one.
func (n *idsNode) findGenerated(l *leaf, rows map[int]bool) error {
	seqs := l.column(segment.SeqNoField)
	if len(n.seqs) == 0 || seqs == nil {
		return nil
	}
	ids := l.column(segment.IDField)
	for block, info := range l.blocks {
		first, _ := slices.BinarySearch(n.seqs, info.MinSeq)
		if first == len(n.seqs) || n.seqs[first] > info.MaxSeq {
			continue
		}
		b, err := seqs.block(block)
		if err != nil {
			return err
		}
		for r, seq := range b.Ints {
			if _, ok := slices.BinarySearch(n.seqs, seq); !ok {
				continue
			}
			row := info.FirstRow + r
			if ids != nil {
				_, explicit, err := l.textAt(ids, row)
				if err != nil {
					return err
				}
				if explicit {
					continue
				}
			}
			rows[row] = true
		}
	}
	return nil
}

// rowsMatcher matches known rows of a segment.
type rowsMatcher struct {
	constant
	leaf *leaf
	rows []int // sorted
}

func (m *rowsMatcher) cost() int { return costNone }

func (m *rowsMatcher) within(block int) []int {
	info := m.leaf.blocks[block]
	lo := sort.SearchInts(m.rows, info.FirstRow)
	hi := sort.SearchInts(m.rows, info.FirstRow+info.Rows)
	return m.rows[lo:hi]
}

func (m *rowsMatcher) bound(block int) bound {
	b := bound{}
	for _, row := range m.within(block) {
		b.granules |= 1 << ((row - m.leaf.blocks[block].FirstRow) / column.GranuleRows)
	}
	if b.none() {
		return boundNone
	}
	return b
}

func (m *rowsMatcher) filter(block int, sel column.Bitmap) error {
	keep := make(column.Bitmap, len(sel))
	for _, row := range m.within(block) {
		keep.Set(row - m.leaf.blocks[block].FirstRow)
	}
	sel.And(keep)
	return nil
}
