package exec

import "elkhorn/internal/engine/column"

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
