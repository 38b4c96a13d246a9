package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
)

// weights are how many documents each row of a block counts for in the buckets of aggregations; nil: one each. Only
// documents that carry "_doc_count" count for more, and hardly any segment has such.
type weights []int64

// of is the weight of a row.
func (w weights) of(row uint16) int64 {
	if w == nil {
		return 1
	}
	return w[row]
}

// weighs says whether rows of the leaf may count for more than one document.
func (l *leaf) weighs() bool { return l.column(segment.DocCountField) != nil }

// weights returns those of a block. They are good until another block is asked for.
func (l *leaf) weights(block int) (weights, error) {
	c := l.column(segment.DocCountField)
	if c == nil {
		return nil, nil
	}
	if l.weighed.block == block+1 {
		return l.weighed.rows, nil
	}
	b, err := c.block(block)
	if err != nil {
		return nil, err
	}
	if c.kind != column.Int64 {
		return nil, errKind(c, column.Int64)
	}
	rows := l.weighed.rows[:0]
	for r := range l.blocks[block].Rows {
		n := int64(1)
		if lo, hi := b.Range(r); lo < hi {
			n = b.Ints[lo]
		}
		rows = append(rows, n)
	}
	l.weighed.rows, l.weighed.block = rows, block+1
	return rows, nil
}
