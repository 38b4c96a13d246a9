package segment

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"elkhorn/internal/engine/column"

	"github.com/cespare/xxhash/v2"
)

// BatchData is what a Batch is made of. NewBatch takes all of it over.
type BatchData struct {
	// Block describes the rows; a batch is exactly one block, so Block.FirstRow is 0 and Block.Rows
	// is from 1 to column.BlockRows.
	Block  BlockInfo
	Fields []BatchField
	Shapes []Shape
	Spaces []BatchSpace
}

// BatchSpace is the nested objects at one path. Where they belong says the field ChildrenField(Path)
// beside those of the rows around. There is at least one object and may be any number.
type BatchSpace struct {
	Path   string
	Rows   int
	Fields []BatchField
	Spaces []BatchSpace
}

// BatchField is one column of a batch.
type BatchField struct {
	Name string
	// Doc holds the doc values; nil when no row has one.
	Doc *column.Block
	// Dict holds the distinct values of an Ordinal block, in order of ordinal.
	Dict [][]byte
	// Source holds the written forms; nil when no row has one.
	Source *column.SourceBlock
}

// Batch is a Segment of one decoded block, as a bulk request leaves it. A space inside it is a Batch
// too, whose rows may take several blocks: each column is still one run of values.
type Batch struct {
	blocks []BlockInfo
	names  []string // sorted
	fields []batchColumn
	shapes []Shape
	spaces []Space
	bytes  int64
	ids    func() *batchIDs
}

// NewBatch makes a Segment of decoded blocks without copying them. It fails when the parts do not fit
// together, which is a mistake of the caller.
func NewBatch(data BatchData) (*Batch, error) {
	if data.Block.FirstRow != 0 || data.Block.Rows < 1 || data.Block.Rows > column.BlockRows {
		return nil, fmt.Errorf("batch of rows %d to %d: must begin at 0 and hold 1 to %d rows",
			data.Block.FirstRow, data.Block.FirstRow+data.Block.Rows, column.BlockRows)
	}
	b := &Batch{blocks: []BlockInfo{data.Block}, shapes: data.Shapes}
	if err := b.setFields(data.Fields); err != nil {
		return nil, err
	}
	if err := b.setSpaces(data.Spaces); err != nil {
		return nil, err
	}
	for _, s := range b.shapes {
		b.bytes += int64(len(s.Skeleton)) + int64(unsafe.Sizeof(s))
	}
	b.ids = sync.OnceValue(b.buildIDs)
	return b, nil
}

func (b *Batch) setFields(fields []BatchField) error {
	rows := rowsOf(b.blocks)
	slices.SortFunc(fields, func(x, y BatchField) int { return strings.Compare(x.Name, y.Name) })
	for i, f := range fields {
		if i > 0 && f.Name == fields[i-1].Name {
			return fmt.Errorf("batch has column %q twice", f.Name)
		}
		if err := f.check(rows); err != nil {
			return fmt.Errorf("batch column %q: %w", f.Name, err)
		}
		b.names = append(b.names, f.Name)
		c := batchColumn{doc: f.Doc, source: f.Source, blocks: b.blocks}
		if f.Doc != nil {
			c.stats = column.StatsOf(f.Doc)
			if f.Doc.Kind == column.Ordinal {
				c.dict = column.NewDict(f.Dict)
			}
		}
		b.fields = append(b.fields, c)
		b.bytes += c.memoryBytes() + int64(len(f.Name))
	}
	return nil
}

// setSpaces makes batches of the nested objects.
func (b *Batch) setSpaces(spaces []BatchSpace) error {
	slices.SortFunc(spaces, func(x, y BatchSpace) int { return strings.Compare(x.Path, y.Path) })
	for _, data := range spaces {
		inner := &Batch{blocks: blockRows(data.Rows), ids: func() *batchIDs { return &batchIDs{} }}
		if err := inner.setFields(data.Fields); err != nil {
			return fmt.Errorf("objects at [%s]: %w", data.Path, err)
		}
		if err := inner.setSpaces(data.Spaces); err != nil {
			return err
		}
		space := Space{Path: data.Path, Rows: inner}
		var err error
		if space.FirstRows, err = firstRows(b.blocks, b.Column(ChildrenField(data.Path))); err != nil {
			return err
		}
		if n := space.FirstRows[len(b.blocks)]; int(n) != data.Rows {
			return fmt.Errorf("batch has %d objects at [%s], but %d belong to rows", data.Rows, data.Path, n)
		}
		b.spaces = append(b.spaces, space)
		b.bytes += inner.bytes + int64(len(data.Path)) + 4*int64(len(space.FirstRows))
	}
	return nil
}

// check says whether the parts of the field describe the same rows.
func (f *BatchField) check(rows int) error {
	if f.Doc != nil {
		if f.Doc.Rows != rows {
			return fmt.Errorf("%d rows of doc values in a batch of %d", f.Doc.Rows, rows)
		}
		if err := f.Doc.Check(); err != nil {
			return err
		}
		for _, ord := range f.Doc.Ords {
			if int(ord) >= max(len(f.Dict), 1) {
				return fmt.Errorf("ordinal %d in a dictionary of %d", ord, len(f.Dict))
			}
		}
	}
	if f.Source != nil && f.Source.Rows != rows {
		return fmt.Errorf("%d rows of written forms in a batch of %d", f.Source.Rows, rows)
	}
	return nil
}

// Spaces implements Segment.
func (b *Batch) Spaces() []Space { return b.spaces }

// Blocks implements Segment.
func (b *Batch) Blocks() []BlockInfo { return b.blocks }

// Fields implements Segment.
func (b *Batch) Fields() []string { return b.names }

func (b *Batch) field(name string) *batchColumn {
	i, ok := slices.BinarySearch(b.names, name)
	if !ok {
		return nil
	}
	return &b.fields[i]
}

// Column implements Segment.
func (b *Batch) Column(field string) column.Column {
	if c := b.field(field); c != nil && c.doc != nil {
		return c
	}
	return nil
}

// Source implements Segment.
func (b *Batch) Source(field string) column.Source {
	if c := b.field(field); c != nil && c.source != nil {
		return batchSource{c.source}
	}
	return nil
}

// Text implements Segment: a batch has no text indexes.
func (b *Batch) Text(string) TextIndex { return nil }

// IDs implements Segment. The index is built when it is first asked for.
func (b *Batch) IDs() IDIndex { return b.ids() }

// Shapes implements Segment.
func (b *Batch) Shapes() []Shape { return b.shapes }

// MemoryBytes implements Segment.
func (b *Batch) MemoryBytes() int64 { return b.bytes }

// DiskBytes implements Segment.
func (b *Batch) DiskBytes() int64 { return 0 }

// batchColumn is one column of a batch; it implements column.Column.
type batchColumn struct {
	doc    *column.Block
	dict   *column.MemDict
	source *column.SourceBlock
	stats  column.Stats // of all blocks
	blocks []BlockInfo
}

func (c *batchColumn) Kind() column.Kind { return c.doc.Kind }

func (c *batchColumn) Read(block, from, to int, dst *column.Block) error {
	if block < 0 || block >= len(c.blocks) || from < 0 || from > to || to > c.blocks[block].Rows {
		return fmt.Errorf("read rows %d to %d of block %d of a batch of %d rows", from, to, block, c.doc.Rows)
	}
	first := c.blocks[block].FirstRow
	c.doc.Slice(first+from, first+to, dst)
	return nil
}

// EveryRow implements column.Complete.
func (c *batchColumn) EveryRow(int) (bool, error) {
	return c.doc.Offsets == nil && c.doc.Present == nil, nil
}

func (c *batchColumn) Stats(int) column.Stats { return c.stats }

func (c *batchColumn) Dict() column.Dict {
	if c.dict == nil {
		return nil
	}
	return c.dict
}

func (c *batchColumn) memoryBytes() int64 {
	n := int64(unsafe.Sizeof(*c))
	if c.doc != nil {
		n += c.doc.MemoryBytes()
	}
	if c.dict != nil {
		n += c.dict.MemoryBytes()
	}
	if c.source != nil {
		n += c.source.MemoryBytes()
	}
	return n
}

// batchSource implements column.Source.
type batchSource struct{ block *column.SourceBlock }

func (s batchSource) Read(block int, dst *column.SourceBlock) error {
	if block != 0 {
		return fmt.Errorf("read written forms of block %d of a batch", block)
	}
	s.block.Borrow(dst)
	return nil
}

// batchIDs finds the rows of explicit ids: last maps an id's hash to its newest row, and prev chains
// each row to the one before it with the same hash (row+1; 0 ends the chain).
type batchIDs struct {
	last map[uint64]uint32
	prev []uint32
}

func (b *Batch) buildIDs() *batchIDs {
	ids := &batchIDs{}
	c := b.field("_id")
	if c == nil || c.doc == nil {
		return ids
	}
	doc := c.doc
	ids.last = make(map[uint64]uint32, doc.Rows)
	ids.prev = make([]uint32, doc.Rows)
	for r := range doc.Rows {
		lo, hi := doc.Range(r)
		if lo == hi {
			continue
		}
		h := xxhash.Sum64(c.text(lo))
		ids.prev[r] = ids.last[h]
		ids.last[h] = uint32(r) + 1
	}
	return ids
}

// text is value i of a Bytes or Ordinal column.
func (c *batchColumn) text(i int) []byte {
	if c.doc.Kind == column.Ordinal {
		return c.dict.Value(c.doc.Ords[i])
	}
	return c.doc.Bytes(i)
}

// Lookup implements IDIndex.
func (ids *batchIDs) Lookup(id []byte) ([]uint32, error) {
	var rows []uint32
	for next := ids.last[xxhash.Sum64(id)]; next != 0; next = ids.prev[next-1] {
		rows = append(rows, next-1)
	}
	slices.Reverse(rows)
	return rows, nil
}

// blockRows divides rows into full blocks and a last one with the rest.
func blockRows(rows int) []BlockInfo {
	var out []BlockInfo
	for first := 0; first < rows; first += column.BlockRows {
		out = append(out, BlockInfo{FirstRow: first, Rows: min(column.BlockRows, rows-first)})
	}
	return out
}
