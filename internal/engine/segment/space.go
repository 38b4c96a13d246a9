package segment

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"elkhorn/internal/engine/column"
)

// Space is the row space of a nested path: the objects that stand there in documents, in order of the
// rows that hold them and in a row in order of source.
type Space struct {
	Path string
	// Rows holds the objects' columns. It is a segment without documents, ids or shapes of its own.
	Rows Segment
	// FirstRows[b] is the first object that belongs to block b of the rows around; one more entry is
	// the number of all objects.
	FirstRows []uint32
}

// childrenPrefix begins the names of the columns that count objects.
const childrenPrefix = "\x00rows:"

// ChildrenField names the column, beside those of the rows around, that says how many objects a row
// holds at a nested path (Int64; absent for none). Deletes and merges carry it along as any other, so
// that where objects belong never needs to be stored by number.
func ChildrenField(path string) string { return childrenPrefix + path }

// SpaceOf finds the space of a nested path directly inside s.
func SpaceOf(s Segment, path string) (Space, bool) {
	for _, space := range s.Spaces() {
		if space.Path == path {
			return space, true
		}
	}
	return Space{}, false
}

// Children tells which objects of a space the rows around hold. It is for one goroutine.
type Children struct {
	space   Space
	blocks  []BlockInfo
	counts  column.Column
	block   column.Block
	loaded  int // number of the block in offsets; -1 for none
	offsets []uint32
	row     int // of the block in offsets: the one that Parent found last
}

// NewChildren makes a reader of the objects that the rows of outer hold in one of its spaces.
func NewChildren(outer Segment, space Space) *Children {
	return &Children{space: space, blocks: outer.Blocks(), counts: outer.Column(ChildrenField(space.Path)), loaded: -1}
}

// Offsets returns where the objects of a block's rows begin: row r of the block holds the objects
// offsets[r] to offsets[r+1]-1. The answer is good until the next call.
func (c *Children) Offsets(block int) ([]uint32, error) {
	if c.loaded == block {
		return c.offsets, nil
	}
	c.loaded = -1
	rows := c.blocks[block].Rows
	if cap(c.offsets) < rows+1 {
		c.offsets = make([]uint32, rows+1, column.BlockRows+1)
	}
	c.offsets = c.offsets[:rows+1]
	next, end := c.space.FirstRows[block], c.space.FirstRows[block+1]
	if next == end {
		for r := range c.offsets {
			c.offsets[r] = next
		}
		c.loaded = block
		return c.offsets, nil
	}
	if c.counts == nil {
		return nil, c.damaged(block)
	}
	if err := c.counts.Read(block, 0, rows, &c.block); err != nil {
		return nil, err
	}
	if c.block.Kind != column.Int64 || c.block.Offsets != nil {
		return nil, c.damaged(block)
	}
	for r, n := range c.block.Ints[:rows] { // rows without objects have 0
		c.offsets[r] = next
		if uint64(n) > uint64(end-next) {
			return nil, c.damaged(block)
		}
		next += uint32(n)
	}
	if c.offsets[rows] = next; next != end {
		return nil, c.damaged(block)
	}
	c.loaded, c.row = block, 0
	return c.offsets, nil
}

// First returns the first object that belongs to a row of the segment around, or to one after it.
func (c *Children) First(row int) (int, error) {
	b := c.loaded
	if b < 0 || row < c.blocks[b].FirstRow || row >= c.blocks[b].FirstRow+c.blocks[b].Rows {
		b = sort.Search(len(c.blocks), func(i int) bool { return c.blocks[i].FirstRow+c.blocks[i].Rows > row })
	}
	if b == len(c.blocks) {
		return int(c.space.FirstRows[b]), nil
	}
	offsets, err := c.Offsets(b)
	if err != nil {
		return 0, err
	}
	return int(offsets[row-c.blocks[b].FirstRow]), nil
}

// Parent returns the row of the segment around that holds an object.
func (c *Children) Parent(object int) (int, error) {
	if c.loaded >= 0 { // objects are mostly asked for in order
		for row := c.row; row < min(c.row+parentsAhead, len(c.offsets)-1); row++ {
			if int(c.offsets[row]) <= object && object < int(c.offsets[row+1]) {
				c.row = row
				return c.blocks[c.loaded].FirstRow + row, nil
			}
		}
	}
	firsts := c.space.FirstRows
	b := sort.Search(len(c.blocks), func(i int) bool { return int(firsts[i+1]) > object })
	if b == len(c.blocks) {
		return 0, fmt.Errorf("no object %d at [%s]", object, c.space.Path)
	}
	offsets, err := c.Offsets(b)
	if err != nil {
		return 0, err
	}
	c.row = sort.Search(len(offsets)-1, func(r int) bool { return int(offsets[r+1]) > object })
	return c.blocks[b].FirstRow + c.row, nil
}

// parentsAhead is how many rows are tried before an object is searched for.
const parentsAhead = 8

func (c *Children) damaged(block int) error {
	return fmt.Errorf("%w: objects at [%s] of block %d do not add up", column.ErrDamaged, c.space.Path, block)
}

// firstRows works out Space.FirstRows from the column that counts objects.
func firstRows(blocks []BlockInfo, counts column.Column) ([]uint32, error) {
	out := make([]uint32, 1, len(blocks)+1)
	var b column.Block
	n := int64(0)
	for i, info := range blocks {
		if counts != nil {
			if err := counts.Read(i, 0, info.Rows, &b); err != nil {
				return nil, err
			}
			for r := range info.Rows {
				for lo, hi := b.Range(r); lo < hi; lo++ {
					n += max(b.Ints[lo], 0)
				}
			}
		}
		out = append(out, uint32(n))
	}
	return out, nil
}

// isInside says whether a field lies below a nested path.
func isInside(field, path string) bool {
	return len(field) > len(path) && field[len(path)] == '.' && strings.HasPrefix(field, path)
}

// unionSpaces lists the paths of the inputs' spaces, sorted.
func unionSpaces(inputs []Input) []string {
	var all []string
	for _, in := range inputs {
		for _, space := range in.Segment.Spaces() {
			all = append(all, space.Path)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
