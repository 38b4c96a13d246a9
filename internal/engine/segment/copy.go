package segment

import (
	"fmt"
	"hash/crc32"

	"elkhorn/internal/engine/column"
)

// forMerge returns a file whose blocks, read once each, push nothing out of the cache.
func forMerge(s Segment) Segment {
	f, ok := s.(*File)
	if !ok || f.cache == nil {
		return s
	}
	return f.withoutCache()
}

func (f *File) withoutCache() *File {
	out := &File{opened: &opened{path: f.path, bytes: f.bytes, id: f.id, size: f.size, foot: f.foot, names: f.names, shapes: f.shapes}}
	for _, space := range f.spaces {
		space.Rows = forMerge(space.Rows)
		out.spaces = append(out.spaces, space)
	}
	return out
}

// copying is how the blocks of an input are written that are copies.
type copying uint8

const (
	// copyRows: row by row, as those of any other segment.
	copyRows copying = iota
	// copyValues: decoded and encoded anew, since the values mean something else: ordinals of another dictionary.
	copyValues
	// copyBytes: as they are encoded, but for the numbers of templates.
	copyBytes
)

// prepareCopies decides how the blocks of each input are copied.
func (f *fieldWriter) prepareCopies() error {
	f.copying = make([]copying, len(f.w.inputs))
	if f.templates != nil {
		f.prepareTemplates()
	}
	for i, in := range f.w.inputs {
		file, ok := in.Segment.(*File)
		if !ok {
			continue
		}
		e := file.field(f.out.name)
		switch {
		case e == nil || e.kind == 0 || f.doc == nil:
			f.copying[i] = copyBytes
		case f.out.kind == column.Ordinal:
			f.copying[i] = copyValues
			if e.kind == column.Ordinal && f.conv.keepsOrdinals(i) {
				f.copying[i] = copyBytes
			}
		case e.kind != f.out.kind:
		case f.out.name == ShapeField: // whose numbers change
			f.copying[i] = copyValues
		case e.templates == nil:
			f.copying[i] = copyBytes
		case f.templates != nil && f.knowsTemplates(i, e):
			f.copying[i] = copyBytes
		}
	}
	return f.mergeTexts()
}

// prepareTemplates leaves the templates out when neither inputs nor new blocks can have any.
func (f *fieldWriter) prepareTemplates() {
	for _, piece := range f.w.copies {
		if piece < 0 {
			return
		}
	}
	for _, in := range f.w.inputs {
		file, ok := in.Segment.(*File)
		if !ok {
			continue // none of its rows are left
		}
		if e := file.field(f.out.name); e != nil && (e.templates != nil || e.kind != f.out.kind) {
			return
		}
	}
	f.templates = nil
	if f.text != nil {
		f.text.templates = nil
	}
}

// knowsTemplates takes all templates of an input without deleted rows into the new dictionary; it is false if they do not fit.
func (f *fieldWriter) knowsTemplates(input int, e *fieldEntry) bool {
	in := &f.w.inputs[input]
	dict, err := (&fileColumn{in.Segment.(*File), e}).Templates()
	if err != nil || dict == nil || in.Deleted != nil {
		return false
	}
	fold := &foldedPiece{input: input, dict: dict}
	for template := 1; template < dict.Len(); template++ {
		if _, ok := f.templates.remap(fold, uint32(template)); !ok {
			return false
		}
	}
	return true
}

// copyBlock writes the block at hand, which is a copy of a piece. It answers false when it has to be written row by row.
func (f *fieldWriter) copyBlock(p *piece) (bool, error) {
	if f.copying[p.input] == copyRows {
		return false, nil
	}
	file := f.w.inputs[p.input].Segment.(*File)
	e := file.field(f.out.name)
	if f.doc != nil {
		if copied, err := f.copyDoc(file, e, p); err != nil || !copied {
			return false, err
		}
	}
	if f.forms != nil {
		var at written
		if e != nil && e.forms != nil {
			var err error
			if at, err = f.copyExtent(file, e.forms[p.block]); err != nil {
				return false, err
			}
		}
		f.out.forms = append(f.out.forms, at)
	}
	f.block++
	return true, nil
}

func (f *fieldWriter) copyDoc(file *File, e *fieldEntry, p *piece) (bool, error) {
	switch {
	case e == nil || e.kind == 0 || e.doc[p.block].empty():
		f.copyAbsent(p)
		return true, nil
	case f.copying[p.input] == copyValues:
		return true, f.copyValues(p)
	case e.templates != nil && f.text != nil && !f.text.merges(p.input):
		return false, nil // its words are needed
	}
	at, err := f.copyTexts(file, e, p)
	if err != nil {
		return false, err
	}
	f.out.doc = append(f.out.doc, at)
	f.out.stats = append(f.out.stats, e.stats[p.block])
	f.w.boundBlock(f.out.name, f.block, e.stats[p.block])
	if err := f.indexCopy(p); err != nil {
		return false, err
	}
	if f.out.name == IDField {
		if err := f.indexIDs(p); err != nil {
			return false, err
		}
	}
	return true, f.copyFilter(file, e, p)
}

// copyAbsent writes a block without values.
func (f *fieldWriter) copyAbsent(p *piece) {
	f.out.doc = append(f.out.doc, written{})
	f.out.stats = append(f.out.stats, column.Stats{})
	if f.text != nil {
		f.text.passBlock(p.input, p.rows)
	}
	if f.filter != nil {
		f.out.filters = append(f.out.filters, written{})
	}
}

// copyValues decodes the values of a block and encodes them as they are here.
func (f *fieldWriter) copyValues(p *piece) error {
	b, err := f.readDoc(f.w.inputs[p.input].Segment, p)
	if err != nil {
		return err
	}
	if f.text == nil || !f.text.merges(p.input) {
		return f.flushDoc(b)
	}
	f.text.passBlock(p.input, p.rows)
	_, err = f.writeDoc(b)
	return err
}

// copyTexts copies an encoded block of any kind; texts by template get the new numbers of theirs.
func (f *fieldWriter) copyTexts(file *File, e *fieldEntry, p *piece) (written, error) {
	if f.templates == nil {
		return f.copyExtent(file, e.doc[p.block])
	}
	raw, err := file.readInto(f.w.copied[:0], e.doc[p.block])
	if err != nil {
		return written{}, fmt.Errorf("copy: %w", err)
	}
	f.w.copied = raw[:0]
	dict, err := (&fileColumn{file, e}).Templates()
	if err != nil {
		return written{}, err
	}
	templates := 0
	if dict != nil {
		templates = dict.Len()
	}
	t := f.templates
	number := func(was uint32, texts int) uint32 {
		template := uint32(column.LiteralTemplate)
		if was != column.LiteralTemplate {
			template = t.remaps[p.input][was]
			t.gained = true
		}
		t.builder.CountTexts(int(template), f.block, texts)
		return template
	}
	if f.w.buf, err = column.RenumberTemplates(f.w.buf[:0], raw, p.rows, templates, number); err != nil {
		return written{}, asCorruption(fmt.Errorf("copy: %w", err), file.path, int64(e.doc[p.block].offset))
	}
	return f.w.sink.extent(f.w.buf)
}

// indexCopy indexes the texts of a block that was copied, unless their index is merged as a whole.
func (f *fieldWriter) indexCopy(p *piece) error {
	if f.text == nil {
		return nil
	}
	if f.text.merges(p.input) {
		f.text.passBlock(p.input, p.rows)
		return nil
	}
	b, err := f.readDoc(f.w.inputs[p.input].Segment, p)
	if err == nil {
		f.text.addBlock(b)
	}
	return err
}

// indexIDs adds the ids of a block that was copied to their index.
func (f *fieldWriter) indexIDs(p *piece) error {
	b, err := f.readDoc(f.w.inputs[p.input].Segment, p)
	if err == nil {
		f.w.ids.addBlock(b, f.conv.dict, f.w.blocks[f.block].FirstRow)
	}
	return err
}

func (f *fieldWriter) copyFilter(file *File, e *fieldEntry, p *piece) error {
	if f.filter == nil {
		return nil
	}
	var at written
	var err error
	if e.filters != nil {
		at, err = f.copyExtent(file, e.filters[p.block])
	} else { // of a version that had none
		var b *column.Block
		if b, err = f.readDoc(f.w.inputs[p.input].Segment, p); err == nil {
			at, err = f.filter.block(f.w.sink, b)
		}
	}
	f.out.filters = append(f.out.filters, at)
	return err
}

// copyExtent copies bytes of a file after checking them.
func (f *fieldWriter) copyExtent(file *File, e extent) (written, error) {
	if e.empty() {
		return written{}, nil
	}
	raw, err := file.readInto(f.w.copied[:0], e)
	if err != nil {
		return written{}, fmt.Errorf("copy: %w", err)
	}
	f.w.copied = raw[:0]
	return f.w.sink.extent(raw)
}

// readInto returns the bytes of an extent, verified; they may stand in buf.
func (f *File) readInto(buf []byte, e extent) ([]byte, error) {
	_, inMemory := f.bytes.(memory)
	if e.inline || inMemory {
		raw, err := f.read(e)
		return append(buf, raw...), err
	}
	if cap(buf) < int(e.length) {
		buf = make([]byte, e.length)
	}
	buf = buf[:e.length]
	if err := f.readFull(buf, e.offset); err != nil {
		return nil, err
	}
	if crc32.Checksum(buf, castagnoli) != e.crc {
		return nil, corruption(f.path, int64(e.offset), fmt.Sprintf("checksum of %d bytes", e.length))
	}
	return buf, nil
}
