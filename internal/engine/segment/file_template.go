package segment

import (
	"fmt"

	"elkhorn/internal/engine/column"
)

// templatesEntry is a field's dictionary of templates, decoded when it is wanted.
type templatesEntry struct {
	kept[column.Templates]
	at extent
}

// Templates implements column.Templated.
func (c *fileColumn) Templates() (*column.Templates, error) {
	e := c.e.templates
	if e == nil {
		return nil, nil
	}
	return e.get(func() (*column.Templates, int64, error) {
		raw, err := c.f.readOnce(e.at)
		if err != nil {
			return nil, 0, fmt.Errorf("templates of %q: %w", c.e.name, err)
		}
		t, err := column.DecodeTemplates(raw)
		if err != nil {
			return nil, 0, asCorruption(fmt.Errorf("templates of %q: %w", c.e.name, err), c.f.path, int64(e.at.offset))
		}
		return t, t.MemoryBytes(), nil
	})
}

// ReadTemplates implements column.Templated.
func (c *fileColumn) ReadTemplates(block int, dst *column.TemplateRows) (bool, error) {
	return c.byTemplate(block, func(raw []byte, rows int, t *column.Templates) (bool, error) {
		return column.ReadTemplates(raw, rows, t, dst)
	})
}

// ReadTemplated implements column.Templated.
func (c *fileColumn) ReadTemplated(block int, dst *column.TemplateBlock) (bool, error) {
	return c.byTemplate(block, func(raw []byte, rows int, t *column.Templates) (bool, error) {
		return column.ReadTemplated(raw, rows, t, dst)
	})
}

// byTemplate decodes a block with the dictionary of templates; it answers false where the column has none.
func (c *fileColumn) byTemplate(block int, decode func(raw []byte, rows int, t *column.Templates) (bool, error)) (bool, error) {
	if c.e.kind != column.Bytes || c.e.templates == nil {
		return false, nil
	}
	raw, rows, err := c.extentOf(block)
	if err != nil {
		return false, err
	}
	t, err := c.Templates()
	if err != nil {
		return false, err
	}
	ok, err := decode(raw, rows, t)
	if err != nil {
		return false, asCorruption(fmt.Errorf("column %q: %w", c.e.name, err), c.f.path, int64(c.e.doc[block].offset))
	}
	return ok, nil
}

// ReadWanted implements column.Templated.
func (c *fileColumn) ReadWanted(block, from, to int, wanted column.Bitmap, dst *column.Block) error {
	raw, rows, err := c.extentOf(block)
	if err != nil {
		return err
	}
	if from < 0 || from > to || to > rows {
		return fmt.Errorf("read rows %d to %d of a block of %d of column %q", from, to, rows, c.e.name)
	}
	if err := c.decode(raw, rows, from, to, wanted, dst); err != nil {
		return asCorruption(fmt.Errorf("column %q: %w", c.e.name, err), c.f.path, int64(c.e.doc[block].offset))
	}
	return nil
}

// extentOf reads the bytes of a block that has values.
func (c *fileColumn) extentOf(block int) (raw []byte, rows int, err error) {
	if block < 0 || block >= len(c.f.foot.blocks) || c.e.doc[block].empty() {
		return nil, 0, fmt.Errorf("read block %d of %d of column %q", block, len(c.f.foot.blocks), c.e.name)
	}
	if raw, err = c.f.read(c.e.doc[block]); err != nil {
		return nil, 0, fmt.Errorf("column %q: %w", c.e.name, err)
	}
	return raw, c.f.foot.blocks[block].Rows, nil
}
