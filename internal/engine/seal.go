package engine

import (
	"errors"
	"fmt"

	"elkhorn/internal/engine/segment"
)

// Small batches in memory are joined into sealed segments, since every search visits each of them. Joining encodes, so that a document
// should be joined a few times at most however small its bulk was: batches of about one size are joined, as segments are merged.
const (
	// sealParts is how many batches of a size there are at most.
	sealParts = 48
	// sealRows is how many rows of a size are joined at once: enough for blocks that later merges copy.
	sealRows = 16_384
	// minSealed is the fewest batches that are worth it.
	minSealed = 4
)

// sealSizes are the sizes, in rows below which a batch belongs to one. Larger batches are left as they are.
var sealSizes = [...]int{64, 1024, 4096}

// sealSize returns the size of a part in memory, len(sealSizes) for one that is left as it is.
func (p *part) sealSize() int {
	for size, below := range sealSizes {
		if p.file == nil && p.rows < below {
			return size
		}
	}
	return len(sealSizes)
}

// dueSeal returns the smallest size of which there are enough parts to join; ok is false when there is none.
func dueSeal(parts []*part) (due int, ok bool) {
	var count, rows [len(sealSizes) + 1]int
	for _, p := range parts {
		size := p.sealSize()
		count[size]++
		rows[size] += p.rows
	}
	for size := range sealSizes {
		if count[size] >= sealParts || count[size] >= minSealed && rows[size] >= sealRows {
			return size, true
		}
	}
	return 0, false
}

// seal joins the batches that are due.
func (ix *index) seal() error {
	ix.maintain.Lock()
	defer ix.maintain.Unlock()
	v := ix.views.acquire(true)
	defer v.release()
	size, due := dueSeal(v.parts)
	if !due || ix.dropped.Load() {
		return nil
	}
	var small []*part
	for _, p := range v.parts {
		if p.sealSize() == size {
			small = append(small, p)
		}
	}
	rw := planRewrite(wholeParts(small))
	sealed, _, err := segment.Seal(rw.segmentInputs(), ix.writeOptions())
	switch {
	case errors.Is(err, segment.ErrNoRows):
	case err != nil:
		return fmt.Errorf("join batches of index %s: %w", ix.name, err)
	default:
		rw.core = ix.newMemoryCore(sealed)
	}
	ix.swap([]*rewrite{rw})
	return nil
}
