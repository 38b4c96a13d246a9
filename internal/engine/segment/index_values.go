package segment

import (
	"fmt"
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/postings"
)

// A column of short text without dictionary or text index (ids of requests, traces and sessions) gets a
// filter over the values of each block: finding one value then reads the block that has it, and about
// one in 256 others, instead of all. It takes about 1.3 bytes a value.

// maxFilteredBytes is the mean length of values from which on a block gets no filter: nobody looks for
// long texts by their whole value.
const maxFilteredBytes = 64

// isInternal says whether a column is the engine's own.
func isInternal(name string) bool {
	switch name {
	case SeqNoField, VersionField, IDField, RoutingField, IgnoredField, ShapeField, RawField, DocCountField:
		return true
	}
	return strings.HasPrefix(name, childrenPrefix)
}

// filterWriter makes filters over blocks of a Bytes column.
type filterWriter struct{ hashes tokenSet }

// block writes the filter of a block; it writes none for a block without values or with long ones.
func (w *filterWriter) block(s *sink, b *column.Block) (written, error) {
	w.hashes.reset()
	values := 0
	for r := range b.Rows {
		lo, hi := b.Range(r)
		for i := lo; i < hi; i++ {
			w.hashes.add(postings.FilterHash(b.Bytes(i)))
		}
		values += hi - lo
	}
	if values == 0 || len(b.Data) > maxFilteredBytes*values {
		return written{}, nil
	}
	filter, err := postings.BuildFilter(w.hashes.hashes)
	if err != nil {
		return written{}, fmt.Errorf("filter over %d values: %w", values, err)
	}
	return s.extent(filter)
}

// MayHold implements column.Filtered.
func (c *fileColumn) MayHold(block int, value []byte) (bool, error) {
	if block < 0 || block >= len(c.e.filters) || c.e.filters[block].empty() {
		return true, nil
	}
	e := c.e.filters[block]
	filter, err := c.f.read(e)
	if err != nil {
		return false, fmt.Errorf("filter of column %q: %w", c.e.name, err)
	}
	may, err := postings.MayHaveID(filter, value)
	if err != nil {
		return false, c.f.asIndexCorruption(fmt.Errorf("filter of column %q: %w", c.e.name, err), e)
	}
	return may, nil
}
