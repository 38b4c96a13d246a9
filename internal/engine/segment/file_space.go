package segment

import (
	"fmt"
	"math"
)

// spaceEntry is what the footer says about a row space.
type spaceEntry struct {
	path      string
	firstRows []uint32
	rows      *footer
}

// maxSpaceDepth bounds spaces inside spaces, far above any mapping's depth limit.
const maxSpaceDepth = 64

// parseTable parses the columns of rows and, from version 3 on, the spaces inside them.
func (f *footer) parseTable(r *footerReader, version uint32, depth int) error {
	f.fields = make([]fieldEntry, r.count())
	for i := range f.fields {
		if err := f.fields[i].parse(r, f.blocks); err != nil {
			return err
		}
		if i > 0 && f.fields[i].name <= f.fields[i-1].name {
			return fmt.Errorf("%w: field %q after %q", errFooter, f.fields[i].name, f.fields[i-1].name)
		}
	}
	if version < versionSpaces {
		return nil
	}
	f.spaces = make([]spaceEntry, r.count())
	for i := range f.spaces {
		if err := f.spaces[i].parse(r, f, version, depth+1); err != nil {
			return err
		}
		if i > 0 && f.spaces[i].path <= f.spaces[i-1].path {
			return fmt.Errorf("%w: space %q after %q", errFooter, f.spaces[i].path, f.spaces[i-1].path)
		}
	}
	return nil
}

func (e *spaceEntry) parse(r *footerReader, outer *footer, version uint32, depth int) error {
	if depth > maxSpaceDepth {
		return fmt.Errorf("%w: spaces more than %d deep", errFooter, maxSpaceDepth)
	}
	e.path = string(r.take(r.uvarint()))
	e.firstRows = make([]uint32, 1, len(outer.blocks)+1)
	sum := uint64(0)
	for range outer.blocks {
		n := r.uvarint()
		if sum += n; n > math.MaxUint32 || sum > math.MaxUint32 {
			return fmt.Errorf("%w: too many objects at %q", errFooter, e.path)
		}
		e.firstRows = append(e.firstRows, uint32(sum))
	}
	e.rows = &footer{raw: outer.raw}
	if err := e.rows.parseBlocks(r); err != nil {
		return err
	}
	if r.bad || uint64(e.rows.rows) != sum {
		return fmt.Errorf("%w: %d objects at %q, but %d belong to rows", errFooter, e.rows.rows, e.path, sum)
	}
	return e.rows.parseTable(r, version, depth)
}

// loadSpaces opens the spaces inside the segment: files of their own within the same bytes.
func (f *File) loadSpaces() error {
	for i := range f.foot.spaces {
		e := &f.foot.spaces[i]
		inner := &File{opened: &opened{path: f.path, bytes: f.bytes, cache: f.cache, id: f.id, size: f.size, foot: e.rows}}
		if err := inner.loadColumns(); err != nil {
			return fmt.Errorf("objects at [%s]: %w", e.path, err)
		}
		f.pinned += inner.pinned + 4*int64(len(e.firstRows))
		f.spaces = append(f.spaces, Space{Path: e.path, Rows: inner, FirstRows: e.firstRows})
	}
	return nil
}

// Spaces implements Segment.
func (f *File) Spaces() []Space { return f.spaces }

// verifySpaces checks the spaces inside.
func (f *File) verifySpaces() error {
	for _, space := range f.spaces {
		children := NewChildren(f, space)
		for b := range f.foot.blocks {
			if _, err := children.Offsets(b); err != nil {
				return asCorruption(err, f.path, -1)
			}
		}
		if err := space.Rows.(*File).Verify(); err != nil {
			return err
		}
	}
	return nil
}
