package segment

import (
	"fmt"

	"elkhorn/internal/engine/column"
)

// writtenSpace gathers what the footer says about a row space.
type writtenSpace struct {
	path      string
	firstRows []uint32
	rows      *segmentWriter
}

// writeSpaces writes the nested objects of the rows that were written, space by space: each as the
// rows of a segment of its own in the same file.
func (w *segmentWriter) writeSpaces() error {
	for _, path := range unionSpaces(w.inputs) {
		if err := w.writeSpace(path); err != nil {
			return fmt.Errorf("objects at [%s]: %w", path, err)
		}
	}
	return nil
}

func (w *segmentWriter) writeSpace(path string) error {
	var inputs []Input
	counter := childCounter{blocks: w.blocks, firstRows: make([]uint32, 1, len(w.blocks)+1)}
	for i := range w.inputs {
		in := &w.inputs[i]
		space, ok := SpaceOf(in.Segment, path)
		if !ok {
			counter.skip(liveRows(in))
			continue
		}
		deleted, err := counter.add(in, NewChildren(in.Segment, space), Rows(space.Rows))
		if err != nil {
			return err
		}
		inputs = append(inputs, Input{Segment: space.Rows, Deleted: deleted})
	}
	live := newRowMap(inputs).live()
	if live == 0 {
		return nil
	}
	inner := newSegmentWriter(w.sink, inputs, w.opts)
	for _, name := range unionFields(inputs) {
		if err := inner.writeField(name); err != nil {
			return fmt.Errorf("column %q: %w", name, err)
		}
	}
	w.spaces = append(w.spaces, writtenSpace{path, counter.firstRows, inner})
	return inner.writeSpaces()
}

func liveRows(in *Input) int {
	n := Rows(in.Segment)
	if in.Deleted != nil {
		n -= in.Deleted.CountRange(0, n)
	}
	return n
}

// childCounter goes through the rows that are kept and finds the first object of each block that is
// written.
type childCounter struct {
	blocks    []BlockInfo
	firstRows []uint32
	rows      int // in the block being counted
	children  uint32
}

// skip counts rows without objects.
func (c *childCounter) skip(rows int) {
	for rows > 0 {
		n := min(rows, c.blocks[len(c.firstRows)-1].Rows-c.rows)
		rows -= n
		c.rows += n - 1
		c.row(0)
	}
}

// row counts one row that holds n objects.
func (c *childCounter) row(n uint32) {
	c.children += n
	if c.rows++; c.rows == c.blocks[len(c.firstRows)-1].Rows {
		c.firstRows = append(c.firstRows, c.children)
		c.rows = 0
	}
}

// add counts the rows of an input. It returns the objects of deleted rows, nil where there are none.
func (c *childCounter) add(in *Input, children *Children, objects int) (column.Bitmap, error) {
	var deleted column.Bitmap
	if in.Deleted != nil {
		deleted = column.NewBitmap(objects)
	}
	for b, info := range in.Segment.Blocks() {
		offsets, err := children.Offsets(b)
		if err != nil {
			return nil, err
		}
		for r := range info.Rows {
			if in.Deleted == nil || !in.Deleted.Has(info.FirstRow+r) {
				c.row(offsets[r+1] - offsets[r])
				continue
			}
			for at := offsets[r]; at < offsets[r+1]; at++ {
				deleted.Set(int(at))
			}
		}
	}
	return deleted, nil
}

// space appends a row space to the footer.
func (w *footerWriter) space(s *writtenSpace) {
	w.uvarint(uint64(len(s.path)))
	w.buf = append(w.buf, s.path...)
	for i := 1; i < len(s.firstRows); i++ {
		w.uvarint(uint64(s.firstRows[i] - s.firstRows[i-1]))
	}
	w.blocks(rowsOf(s.rows.blocks), s.rows.blocks)
	w.table(s.rows)
}

// table appends the columns of rows and the spaces inside them.
func (w *footerWriter) table(s *segmentWriter) {
	w.uvarint(uint64(len(s.fields)))
	for i := range s.fields {
		w.field(&s.fields[i])
	}
	w.uvarint(uint64(len(s.spaces)))
	for i := range s.spaces {
		w.space(&s.spaces[i])
	}
}
