package segment

import (
	"fmt"

	"elkhorn/internal/engine/column"
)

// fileColumn implements column.Column.
type fileColumn struct {
	f *File
	e *fieldEntry
}

func (c *fileColumn) Kind() column.Kind { return c.e.kind }

func (c *fileColumn) Stats(block int) column.Stats { return c.e.stats[block] }

func (c *fileColumn) Dict() column.Dict {
	if c.e.values == nil {
		return nil
	}
	return c.e.values
}

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
	raw, err := c.f.read(e)
	if err != nil {
		return fmt.Errorf("column %q: %w", c.e.name, err)
	}
	if err := column.DecodeBlock(raw, c.e.kind, rows, from, to, dst); err != nil {
		return asCorruption(fmt.Errorf("column %q: %w", c.e.name, err), c.f.path, int64(e.offset))
	}
	if c.e.values != nil && !dst.OrdinalsBelow(c.e.values.Len()) {
		return corruption(c.f.path, int64(e.offset), fmt.Sprintf("column %q: ordinal beyond the dictionary", c.e.name))
	}
	return nil
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
