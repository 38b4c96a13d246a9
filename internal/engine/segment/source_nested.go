package segment

import (
	"sort"

	"elkhorn/internal/engine/column"
)

// nestedWindow finds the values of a field inside nested objects for a document: those of all its
// objects, which follow each other in the space as they do in the document.
type nestedWindow struct {
	levels []*Children
	// col is the field's column in the innermost space, outer that beside the documents: where the
	// field is copied outwards, or was written before there were spaces.
	col, outer column.Column
	piece      column.Block
}

// newNestedWindow returns nil for a field that is not inside a nested object of the segment.
func newNestedWindow(s Segment, field string) *nestedWindow {
	var w nestedWindow
	for rows := s; rows != nil; {
		next := Segment(nil)
		for _, space := range rows.Spaces() {
			if isInside(field, space.Path) {
				w.levels = append(w.levels, NewChildren(rows, space))
				w.col, next = space.Rows.Column(field), space.Rows
			}
		}
		rows = next
	}
	if w.col == nil {
		return nil
	}
	w.outer = s.Column(field)
	return &w
}

// objects returns the innermost objects [lo, hi) of a document.
func (w *nestedWindow) objects(block, row int) (lo, hi int, err error) {
	first := w.levels[0].blocks[block].FirstRow
	lo, hi = first+row, first+row+1
	for i := range w.levels {
		if lo, err = w.levels[i].First(lo); err != nil {
			return 0, 0, err
		}
		if hi, err = w.levels[i].First(hi); err != nil || lo == hi {
			return 0, 0, err
		}
	}
	return lo, hi, nil
}

// loadNested gathers the values of a document's objects as one row; false when it has no objects.
func (w *docWindow) loadNested(block, row int) (bool, error) {
	n := w.nested
	lo, hi, err := n.objects(block, row)
	if err != nil {
		return false, err
	}
	w.loaded = -1
	if lo == hi {
		w.use(n.outer)
		return false, nil
	}
	w.use(n.col)
	out := &w.block
	out.Reset(n.col.Kind())
	blocks := n.levels[len(n.levels)-1].space.Rows.Blocks()
	for b := sort.Search(len(blocks), func(i int) bool { return blocks[i].FirstRow+blocks[i].Rows > lo }); lo < hi; b++ {
		info := blocks[b]
		end := min(hi, info.FirstRow+info.Rows)
		if err := n.col.Read(b, lo-info.FirstRow, end-info.FirstRow, &n.piece); err != nil {
			return false, err
		}
		out.AppendValues(&n.piece)
		lo = end
	}
	out.Rows, out.Offsets = 1, []uint32{0, uint32(out.Count())}
	w.loaded, w.from, w.to = block, row, row+1
	return true, nil
}

// use makes a column the one that values are read from.
func (w *docWindow) use(c column.Column) {
	w.col, w.dict = c, nil
	if c != nil {
		w.dict = c.Dict()
	}
}
