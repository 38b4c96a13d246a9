package exec

import (
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
)

// Nested objects are rows of a leaf of their own, inside the leaf of the rows that hold them. Clauses and
// collectors work on it as on any other. Which objects count is always said by rows outside: deleted
// documents are never asked for their objects, so an inner leaf has no deletes.

// innerLeaf is the nested objects at one path.
type innerLeaf struct {
	*leaf
	outer   *leaf
	space   segment.Space
	parents *segment.Children // see children
}

// inner returns the objects at a path directly inside the leaf's rows, or nil when the segment has none.
func (l *leaf) inner(path string) *innerLeaf {
	if in, ok := l.inside[path]; ok {
		return in
	}
	if l.inside == nil {
		l.inside = map[string]*innerLeaf{}
	}
	space, ok := segment.SpaceOf(l.seg, path)
	if !ok {
		l.inside[path] = nil
		return nil
	}
	in := &innerLeaf{leaf: newLeaf(Source{Segment: space.Rows}, l.acct), outer: l, space: space}
	in.around, in.profile = in, l.profile
	l.inside[path] = in
	return in
}

// descent leads from rows to the nested objects at a path below them, over one level or several.
type descent struct {
	*leaf   // the objects
	levels  []*segment.Children
	firsts  []uint32 // objects of the outermost level by block of rows
	offsets []uint32 // over several levels
	block   int      // that offsets belong to; -1 for none
}

// descend returns the way to the objects at a path, or nil when the segment has none.
func (l *leaf) descend(path string) *descent {
	d := &descent{leaf: l, block: -1}
	for {
		var next *innerLeaf
		for _, space := range d.leaf.seg.Spaces() {
			if space.Path == path || strings.HasPrefix(path, space.Path+".") {
				next = d.leaf.inner(space.Path)
			}
		}
		if next == nil {
			return nil
		}
		d.levels = append(d.levels, segment.NewChildren(d.leaf.seg, next.space))
		if d.firsts == nil {
			d.firsts = next.space.FirstRows
		}
		if d.leaf = next.leaf; next.space.Path == path {
			return d
		}
	}
}

// objects returns where the objects of a block's rows begin: those of row r are offsets[r] to
// offsets[r+1]-1. The answer is good until the next call.
func (d *descent) objects(block int) ([]uint32, error) {
	first, err := d.levels[0].Offsets(block)
	if err != nil || len(d.levels) == 1 {
		return first, err
	}
	if d.block == block {
		return d.offsets, nil
	}
	d.block = -1
	d.offsets = append(d.offsets[:0], first...)
	for _, level := range d.levels[1:] {
		for i, at := range d.offsets {
			to, err := level.First(int(at))
			if err != nil {
				return nil, err
			}
			d.offsets[i] = uint32(to)
		}
	}
	d.block = block
	return d.offsets, nil
}

// eachBlock calls fn for the blocks of objects that rows of a block hold, with the objects of the rows in
// sel. offsets are those of objects(block).
func (d *descent) eachBlock(offsets []uint32, sel column.Bitmap, fn func(inner int, objects column.Bitmap) error) error {
	lo, hi := int(offsets[0]), int(offsets[len(offsets)-1])
	if lo == hi {
		return nil
	}
	buf := column.NewBitmap(column.BlockRows)
	row := sel.Next(0)
	for b := d.leaf.blockOf(lo); b < len(d.leaf.blocks) && row >= 0; b++ {
		info := d.leaf.blocks[b]
		if info.FirstRow >= hi {
			return nil
		}
		end := info.FirstRow + info.Rows
		objects := buf[:(info.Rows+63)/64]
		objects.Reset()
		for row >= 0 {
			from, to := max(int(offsets[row]), info.FirstRow), min(int(offsets[row+1]), end)
			if from < to {
				objects.SetRange(from-info.FirstRow, to-info.FirstRow)
			}
			if int(offsets[row+1]) > end { // goes on in the next block
				break
			}
			row = sel.Next(row + 1)
		}
		if err := d.leaf.acct.check(); err != nil {
			return err
		}
		if objects.Any() {
			if err := fn(b, objects); err != nil {
				return err
			}
		}
	}
	return nil
}

// document returns the leaf of the documents around, and which of them holds an object.
func (l *leaf) document(row int) (*leaf, int, error) {
	for l.around != nil {
		var err error
		if row, err = l.around.children().Parent(row); err != nil {
			return nil, 0, err
		}
		l = l.around.outer
	}
	return l, row, nil
}

// children leads from the objects to the rows that hold them.
func (in *innerLeaf) children() *segment.Children {
	if in.parents == nil {
		in.parents = segment.NewChildren(in.outer.seg, in.space)
	}
	return in.parents
}

// rowWalk finds the rows that hold objects, which come in order.
type rowWalk struct {
	offsets []uint32
	row     int
}

// of returns the row that holds an object.
func (w *rowWalk) of(object int) int {
	for int(w.offsets[w.row+1]) <= object {
		w.row++
	}
	return w.row
}
