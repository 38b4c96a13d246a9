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
	rows   []uint32 // row of each value

	formats    []byte
	formatRows []uint32 // row of each format
	literals   []byte
	litEnds    []uint32
}

func (c *columnBuilder) reset() {
	c.ints, c.floats, c.data, c.ends, c.rows = c.ints[:0], c.floats[:0], c.data[:0], c.ends[:0], c.rows[:0]
	c.formats, c.formatRows, c.literals, c.litEnds = c.formats[:0], c.formatRows[:0], c.literals[:0], c.litEnds[:0]
}

func (c *columnBuilder) addInt(row uint32, v int64) {
	c.ints = append(c.ints, v)
	c.rows = append(c.rows, row)
}

func (c *columnBuilder) addFloat(row uint32, v float64) {
	c.floats = append(c.floats, v)
	c.rows = append(c.rows, row)
}

// addBytes adds a text or a 16-byte value.
func (c *columnBuilder) addBytes(row uint32, v []byte) {
	c.data = append(c.data, v...)
	c.ends = append(c.ends, uint32(len(c.data)))
	c.rows = append(c.rows, row)
}

// addFormat notes how the row's next value was written; literal is its bytes for FormatLiteral.
func (c *columnBuilder) addFormat(row uint32, format byte, literal []byte) {
	c.formats = append(c.formats, format)
	c.formatRows = append(c.formatRows, row)
	if segment.HasLiteral(format) {
		c.literals = append(c.literals, literal...)
		c.litEnds = append(c.litEnds, uint32(len(c.literals)))
	}
}

// doc returns the doc-value block, or nil when there are no values.
func (c *columnBuilder) doc(rows int) *column.Block {
	n := len(c.rows)
	if n == 0 {
		return nil
	}
	b := &column.Block{Kind: c.kind, Rows: rows}
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
	if len(c.formats) == 0 {
		return nil
	}
	s := &column.SourceBlock{Rows: rows}
	if c.isUniform() {
		s.Uniform, s.Format = true, c.formats[0]
		return s
	}
	s.Offsets = offsets(c.formatRows, rows)
	s.Formats = append(make([]byte, 0, len(c.formats)), c.formats...)
	s.Literals = append(make([]byte, 0, len(c.literals)), c.literals...)
	s.LiteralEnds = append(make([]uint32, 0, len(c.litEnds)), c.litEnds...)
	return s
}

// isUniform says whether every value was written once, alone in its row and in one format.
func (c *columnBuilder) isUniform() bool {
	if len(c.formats) != len(c.rows) || isList(c.rows) {
		return false
	}
	first := c.formats[0]
	if first&segment.FlagNoValue != 0 || segment.HasLiteral(first) || first == segment.FormatEnd {
		return false
	}
	for i, f := range c.formats {
		if f != first || c.formatRows[i] != c.rows[i] {
			return false
		}
	}
	return true
}
