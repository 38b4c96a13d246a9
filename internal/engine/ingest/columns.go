package ingest

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
)

// columnBuilder gathers one field's values over the rows of a batch. Its slices are scratch that is
// used again for the next batch; finish copies them out at their exact size, since a batch stays in
// memory until it is written to a segment.
type columnBuilder struct {
	name   string
	kind   column.Kind
	ints   []int64
	floats []float64
	data   []byte
	ends   []uint32
	// values is their number. rows has the row of each value, but nothing as long as value i is in row i.
	values int
	rows   []uint32

	// forms is the number of formats. As long as each is that of the value of the same number, alone in its row, and all are
	// format, there is nothing in formats and formatRows, which has their rows.
	forms      int
	format     byte
	formats    []byte
	formatRows []uint32
	literals   []byte
	litEnds    []uint32

	// dict and ords have the values by ordinal, for a column of kind Ordinal.
	dict *column.DictBuilder
	ords []uint32
	// unlike is how many batches are left before a dictionary is tried again.
	unlike int
}

func (c *columnBuilder) reset() {
	c.values, c.forms = 0, 0
	c.ints, c.floats, c.data, c.ends, c.rows = c.ints[:0], c.floats[:0], c.data[:0], c.ends[:0], c.rows[:0]
	c.formats, c.formatRows, c.literals, c.litEnds = c.formats[:0], c.formatRows[:0], c.literals[:0], c.litEnds[:0]
}

func (c *columnBuilder) addInt(row uint32, v int64) {
	c.ints = append(c.ints, v)
	c.addRow(row)
}

func (c *columnBuilder) addFloat(row uint32, v float64) {
	c.floats = append(c.floats, v)
	c.addRow(row)
}

// addBytes adds a text or a 16-byte value.
func (c *columnBuilder) addBytes(row uint32, v []byte) {
	c.data = append(c.data, v...)
	c.ends = append(c.ends, uint32(len(c.data)))
	c.addRow(row)
}

// addRow notes the row of a value that was added.
func (c *columnBuilder) addRow(row uint32) {
	if len(c.rows) > 0 || row != uint32(c.values) {
		c.spellRows()
		c.rows = append(c.rows, row)
	}
	c.values++
}

// spellRows writes the rows of the values so far down.
func (c *columnBuilder) spellRows() {
	if len(c.rows) == 0 {
		for i := range c.values {
			c.rows = append(c.rows, uint32(i))
		}
	}
}

// rowOf is the row of a value.
func (c *columnBuilder) rowOf(value int) uint32 {
	if len(c.rows) == 0 {
		return uint32(value)
	}
	return c.rows[value]
}

// addFormat notes how the row's next value was written; literal is its bytes for formats that keep some.
func (c *columnBuilder) addFormat(row uint32, format byte, literal []byte) {
	if len(c.formats) == 0 && c.isPlain(row, format) {
		c.format = format
		c.forms++
		return
	}
	c.spellFormats()
	c.forms++
	c.formats = append(c.formats, format)
	c.formatRows = append(c.formatRows, row)
	if segment.HasLiteral(format) {
		c.literals = append(c.literals, literal...)
		c.litEnds = append(c.litEnds, uint32(len(c.literals)))
	}
}

// isPlain says whether a format is like those before: of the value that was added last, alone in its row.
func (c *columnBuilder) isPlain(row uint32, format byte) bool {
	last := c.values - 1
	return c.forms == last && (last == 0 || format == c.format) && c.rowOf(last) == row && (last == 0 || c.rowOf(last-1) < row) && isUniformFormat(format)
}

// isUniformFormat says whether a block can have a format in all its rows without keeping them one by one.
func isUniformFormat(format byte) bool {
	return format&segment.FlagNoValue == 0 && format != segment.FormatEnd && !segment.HasLiteral(format)
}

// spellFormats writes the formats so far down.
func (c *columnBuilder) spellFormats() {
	if len(c.formats) > 0 {
		return
	}
	for i := range c.forms {
		c.formats = append(c.formats, c.format)
		c.formatRows = append(c.formatRows, c.rowOf(i))
	}
}

// doc returns the doc-value block, or nil when there are no values.
func (c *columnBuilder) doc(rows int) *column.Block {
	if c.values == 0 {
		return nil
	}
	b := &column.Block{Kind: c.kind, Rows: rows}
	if len(c.rows) == 0 && c.values == rows {
		c.copyValues(b)
		return b
	}
	c.spellRows()
	n := len(c.rows)
	if isList(c.rows) {
		b.Offsets = offsets(c.rows, rows)
		c.copyValues(b)
		return b
	}
	if n == rows {
		c.copyValues(b)
		return b
	}
	b.Present = column.NewBitmap(rows)
	for _, r := range c.rows {
		b.Present.Set(int(r))
	}
	c.spreadValues(b)
	return b
}

// A text column whose distinct values are few (levels, services, hosts) is kept by ordinal: the batch takes less memory, and a flush
// has one dictionary a batch to look at instead of each value.
const (
	// minDictValues is the fewest values that are worth it.
	minDictValues = 256
	// maxDictShare is how many values there must be for a distinct one.
	maxDictShare = 16
	// maxBatchDict bounds the bytes of a batch's distinct values.
	maxBatchDict = 256 << 10
	// triedAgain is after how many batches a column that had too many distinct values is looked at again.
	triedAgain = 15
)

// finish returns the doc values, by ordinal with their dictionary where that is worth it.
func (c *columnBuilder) finish(rows int) (doc *column.Block, dict [][]byte) {
	if c.kind != column.Bytes || c.values < minDictValues || !c.hasFewValues() {
		return c.doc(rows), nil
	}
	values := c.dict.Dict()
	for ord := range values.Len() {
		dict = append(dict, values.Value(uint32(ord)))
	}
	c.kind = column.Ordinal
	doc = c.doc(rows)
	c.kind = column.Bytes
	return doc, dict
}

// hasFewValues gathers the distinct values in a dictionary; it is false when there are too many.
func (c *columnBuilder) hasFewValues() bool {
	if c.unlike > 0 {
		c.unlike--
		return false
	}
	c.dict = column.NewDictBuilder(maxBatchDict)
	c.ords = c.ords[:0]
	start := uint32(0)
	for _, end := range c.ends {
		ord, ok := c.dict.Add(c.data[start:end])
		if !ok || c.dict.Len() > c.values/maxDictShare {
			c.unlike = triedAgain
			return false
		}
		c.ords = append(c.ords, ord)
		start = end
	}
	return true
}

// isList says whether some row has more than one value; rows ascends.
func isList(rows []uint32) bool {
	for i := 1; i < len(rows); i++ {
		if rows[i] == rows[i-1] {
			return true
		}
	}
	return false
}

func offsets(valueRows []uint32, rows int) []uint32 {
	out := make([]uint32, rows+1)
	for _, r := range valueRows {
		out[r+1]++
	}
	for r := range rows {
		out[r+1] += out[r]
	}
	return out
}

func (c *columnBuilder) copyValues(b *column.Block) {
	switch c.kind {
	case column.Int64:
		b.Ints = append(make([]int64, 0, len(c.ints)), c.ints...)
	case column.Float64:
		b.Floats = append(make([]float64, 0, len(c.floats)), c.floats...)
	case column.Ordinal:
		b.Ords = append(make([]uint32, 0, len(c.ords)), c.ords...)
	case column.Fixed16:
		b.Data = append(make([]byte, 0, len(c.data)), c.data...)
	default:
		b.Data = append(make([]byte, 0, len(c.data)), c.data...)
		b.Ends = append(make([]uint32, 0, len(c.ends)), c.ends...)
	}
}

// spreadValues puts the values of a single-valued column at their rows.
func (c *columnBuilder) spreadValues(b *column.Block) {
	switch c.kind {
	case column.Int64:
		b.Ints = make([]int64, b.Rows)
		for i, r := range c.rows {
			b.Ints[r] = c.ints[i]
		}
	case column.Float64:
		b.Floats = make([]float64, b.Rows)
		for i, r := range c.rows {
			b.Floats[r] = c.floats[i]
		}
	case column.Ordinal:
		b.Ords = make([]uint32, b.Rows)
		for i, r := range c.rows {
			b.Ords[r] = c.ords[i]
		}
	case column.Fixed16:
		b.Data = make([]byte, 16*b.Rows)
		for i, r := range c.rows {
			copy(b.Data[16*r:], c.data[16*i:16*i+16])
		}
	default:
		b.Data = append(make([]byte, 0, len(c.data)), c.data...)
		b.Ends = make([]uint32, b.Rows)
		next, end := 0, uint32(0)
		for r := range b.Ends {
			if next < len(c.rows) && int(c.rows[next]) == r {
				end = c.ends[next]
				next++
			}
			b.Ends[r] = end
		}
	}
}

// source returns how the values were written, or nil when none was.
func (c *columnBuilder) source(rows int) *column.SourceBlock {
	if c.forms == 0 {
		return nil
	}
	s := &column.SourceBlock{Rows: rows}
	if len(c.formats) == 0 && c.forms == c.values && (len(c.rows) == 0 || !isList(c.rows)) {
		s.Uniform, s.Format = true, c.format
		return s
	}
	c.spellFormats()
	s.Offsets = offsets(c.formatRows, rows)
	s.Formats = append(make([]byte, 0, len(c.formats)), c.formats...)
	s.Literals = append(make([]byte, 0, len(c.literals)), c.literals...)
	s.LiteralEnds = append(make([]uint32, 0, len(c.litEnds)), c.litEnds...)
	return s
}
