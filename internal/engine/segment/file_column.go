package segment

import (
	"fmt"
	"sync/atomic"

	"elkhorn/internal/engine/column"
)

// fileColumn implements column.Column.
type fileColumn struct {
	f *File
	e *fieldEntry
}

func (c *fileColumn) Kind() column.Kind { return c.e.kind }

func (c *fileColumn) Stats(block int) column.Stats { return c.e.stats[block] }

func (c *fileColumn) Read(block, from, to int, dst *column.Block) error {
	if block < 0 || block >= len(c.f.foot.blocks) {
		return fmt.Errorf("read block %d of %d of column %q", block, len(c.f.foot.blocks), c.e.name)
	}
	rows := c.f.foot.blocks[block].Rows
	if from < 0 || from > to || to > rows {
		return fmt.Errorf("read rows %d to %d of a block of %d of column %q", from, to, rows, c.e.name)
	}
	e := c.e.doc[block]
	if e.empty() {
		dst.SetAbsent(c.e.kind, to-from)
		return nil
	}
	if c.e.values != nil {
		if err := c.e.values.failure(); err != nil {
			return err
		}
	}
	raw, err := c.f.read(e)
	if err != nil {
		return fmt.Errorf("column %q: %w", c.e.name, err)
	}
	if err := c.decode(raw, rows, from, to, nil, dst); err != nil {
		return asCorruption(fmt.Errorf("column %q: %w", c.e.name, err), c.f.path, int64(e.offset))
	}
	if c.e.values == nil || c.e.known.has(block, ordinalsFit) {
		return nil
	}
	if !dst.OrdinalsBelow(c.e.values.len) {
		return c.beyondDictionary(e)
	}
	if to-from == rows {
		c.e.known.note(block, ordinalsFit)
	}
	return nil
}

func (c *fileColumn) beyondDictionary(e extent) error {
	return corruption(c.f.path, int64(e.offset), fmt.Sprintf("column %q: ordinal beyond the dictionary", c.e.name))
}

// EveryRow implements column.Complete. It reads the block once.
func (c *fileColumn) EveryRow(block int) (bool, error) {
	if c.e.known.has(block, layoutKnown) {
		return c.e.known.has(block, everyRow), nil
	}
	facts := layoutKnown
	if e := c.e.doc[block]; !e.empty() {
		raw, err := c.f.read(e)
		if err != nil {
			return false, fmt.Errorf("column %q: %w", c.e.name, err)
		}
		every, err := column.EveryRow(raw, c.e.kind, c.f.foot.blocks[block].Rows)
		if err != nil {
			return false, asCorruption(fmt.Errorf("column %q: %w", c.e.name, err), c.f.path, int64(e.offset))
		}
		if every {
			facts |= everyRow
		}
	}
	c.e.known.note(block, facts)
	return facts&everyRow != 0, nil
}

// Packed implements column.Compact.
func (c *fileColumn) Packed(block int) (column.Packed, bool, error) {
	e := c.e.doc[block]
	if e.empty() {
		return column.Packed{}, false, nil
	}
	raw, err := c.f.read(e)
	if err != nil {
		return column.Packed{}, false, fmt.Errorf("column %q: %w", c.e.name, err)
	}
	if c.e.values != nil {
		if err := c.e.values.failure(); err != nil {
			return column.Packed{}, false, err
		}
	}
	p, ok, err := column.PackedOf(raw, c.e.kind, c.f.foot.blocks[block].Rows)
	if err != nil {
		return p, false, asCorruption(fmt.Errorf("column %q: %w", c.e.name, err), c.f.path, int64(e.offset))
	}
	if !ok || c.e.values == nil || c.e.known.has(block, ordinalsFit) {
		return p, ok, nil
	}
	// What the values may be by their width tells more often than not that all are in the dictionary.
	// Where it does not, Read looks at each once.
	if _, most := p.Bounds(); most >= int64(c.e.values.len) {
		return p, false, nil
	}
	c.e.known.note(block, ordinalsFit)
	return p, true, nil
}

// KeepTexts implements column.Finding.
func (c *fileColumn) KeepTexts(block int, values [][]byte, sel column.Bitmap) (bool, error) {
	e := c.e.doc[block]
	if e.empty() {
		return false, nil
	}
	raw, err := c.f.read(e)
	if err != nil {
		return false, fmt.Errorf("column %q: %w", c.e.name, err)
	}
	ok, err := column.KeepTexts(raw, c.f.foot.blocks[block].Rows, values, sel)
	if err != nil {
		return false, asCorruption(fmt.Errorf("column %q: %w", c.e.name, err), c.f.path, int64(e.offset))
	}
	return ok, nil
}

// blockFacts is what was learnt of a column's blocks by reading them, four bits a block. It only ever
// grows, and is safe for concurrent use.
type blockFacts []atomic.Uint32

// The facts.
const (
	layoutKnown uint32 = 1 << iota
	everyRow           // each row has exactly one value
	ordinalsFit        // all ordinals are in the dictionary
)

func newBlockFacts(blocks int) blockFacts { return make(blockFacts, (blocks+7)/8) }

func (f blockFacts) has(block int, facts uint32) bool {
	return f[block>>3].Load()>>(block&7*4)&facts == facts
}

func (f blockFacts) note(block int, facts uint32) { f[block>>3].Or(facts << (block & 7 * 4)) }

// decode decodes the texts of wanted rows (nil: of all), or numbers.
func (c *fileColumn) decode(raw []byte, rows, from, to int, wanted column.Bitmap, dst *column.Block) error {
	if c.e.kind != column.Bytes {
		return column.DecodeBlock(raw, c.e.kind, rows, from, to, dst)
	}
	t, err := c.Templates()
	if err != nil {
		return err
	}
	return column.DecodeTemplated(raw, rows, from, to, t, wanted, dst)
}

// fileSource implements column.Source.
type fileSource struct {
	f *File
	e *fieldEntry
}

func (s *fileSource) Read(block int, dst *column.SourceBlock) error {
	if block < 0 || block >= len(s.f.foot.blocks) {
		return fmt.Errorf("read block %d of %d of written forms of %q", block, len(s.f.foot.blocks), s.e.name)
	}
	e, rows := s.e.forms[block], s.f.foot.blocks[block].Rows
	if e.empty() {
		dst.SetAbsent(rows)
		return nil
	}
	raw, err := s.f.read(e)
	if err != nil {
		return fmt.Errorf("written forms of %q: %w", s.e.name, err)
	}
	if err := column.DecodeSource(raw, rows, dst); err != nil {
		return asCorruption(fmt.Errorf("written forms of %q: %w", s.e.name, err), s.f.path, int64(e.offset))
	}
	return nil
}
