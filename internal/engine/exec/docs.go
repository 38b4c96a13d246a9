package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
)

// docs are rows of one block with the buckets they are in; what a collector collects.
type docs struct {
	block int
	rows  []uint16
	// buckets holds the parent's bucket of each row; nil: all are in bucket 0. A row stands here
	// once per bucket that it is in.
	buckets []uint32
	// limit is above every bucket.
	limit int
}

// bucket returns the bucket of position i.
func (d *docs) bucket(i int) uint32 {
	if d.buckets == nil {
		return 0
	}
	return d.buckets[i]
}

// identity lists all rows of a block.
var identity = func() (rows [column.BlockRows]uint16) {
	for i := range rows {
		rows[i] = uint16(i)
	}
	return rows
}()

// only makes s the documents of d whose rows are in a set, and returns it. There is no branch on what the set holds: which rows lack a
// value is as good as random, and a branch guessed wrong costs more than the rest.
func (s *docs) only(d *docs, set column.Bitmap) *docs {
	n := 0
	s.block, s.limit = d.block, d.limit
	s.rows = slices.Grow(s.rows[:0], len(d.rows))[:len(d.rows)]
	if d.buckets == nil {
		for _, r := range d.rows {
			s.rows[n] = r
			n += set.Bit(int(r))
		}
		s.rows, s.buckets = s.rows[:n], nil
		return s
	}
	s.buckets = slices.Grow(s.buckets[:0], len(d.rows))[:len(d.rows)]
	for i, r := range d.rows {
		s.rows[n], s.buckets[n] = r, d.buckets[i]
		n += set.Bit(int(r))
	}
	s.rows, s.buckets = s.rows[:n], s.buckets[:n]
	return s
}
