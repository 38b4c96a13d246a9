package segment

import (
	"fmt"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
)

// fieldWriter puts one field's rows together into full blocks and writes them.
type fieldWriter struct {
	w      *segmentWriter
	out    writtenField
	doc    *column.Builder // nil: no doc values in any input
	forms  *column.SourceBuilder
	text   *textWriter   // nil: no text index
	filter *filterWriter // nil: no filters
	// templates is nil for columns that are not written by template.
	templates *templateWriter
	conv      converter
	// copying has, per input, what its blocks allow.
	copying []copying
	rows    int // in the block being built
	block   int
	// folded says that the texts of the block being built stand by template in templates.block already, and that doc holds
	// empty ones in their place.
	folded bool

	docBuf  column.Block
	formBuf column.SourceBlock
}

// writeField writes a field's doc values and written forms from all inputs.
func (w *segmentWriter) writeField(name string) error {
	kind, err := w.kindOf(name)
	if err != nil {
		return err
	}
	f := &fieldWriter{w: w, out: writtenField{name: name, kind: kind}}
	if isText(kind) {
		if err := f.chooseText(); err != nil {
			return err
		}
	}
	if kind != 0 {
		f.doc = column.NewBuilder(f.out.kind)
		f.doc.Reset()
	}
	if w.hasForms(name) {
		f.forms = &column.SourceBuilder{IsLiteral: HasLiteral, Doc: f.doc}
		f.forms.Reset()
		f.out.forms = make([]written, 0, len(w.blocks))
	}
	if analyzer := w.opts.Text[name]; analyzer != nil && isText(f.out.kind) {
		f.text = newTextWriter(analyzer, f.conv.dict)
	}
	if f.out.kind == column.Bytes && f.text == nil && !isInternal(name) {
		f.filter = &filterWriter{}
		f.out.filters = make([]written, 0, len(w.blocks))
	}
	if f.out.kind == column.Bytes && !isInternal(name) {
		f.templates = newTemplateWriter(w.opts.Memory.known(name))
		if f.text != nil && analysis.IsWordByWord(f.text.analyzer) {
			f.text.templates = f.templates
		}
	}
	if err := f.prepareCopies(); err != nil {
		return err
	}
	for i := range w.pieces {
		if err := f.appendPiece(&w.pieces[i]); err != nil {
			return err
		}
	}
	if err := f.flush(); err != nil {
		return err
	}
	if err := f.finish(); err != nil {
		return err
	}
	w.fields = append(w.fields, f.out)
	return nil
}

func isText(k column.Kind) bool { return k == column.Bytes || k == column.Ordinal }

// kindOf returns the kind that a field has in the inputs, or 0 when it has no doc values. Text is
// Bytes here if any input has it so.
func (w *segmentWriter) kindOf(name string) (column.Kind, error) {
	var kind column.Kind
	for _, in := range w.inputs {
		c := in.Segment.Column(name)
		if c == nil {
			continue
		}
		switch k := c.Kind(); {
		case kind == 0 || kind == k:
			kind = k
		case isText(kind) && isText(k):
			kind = column.Bytes
		default:
			return 0, fmt.Errorf("holds %s in one input and %s in another", kind, k)
		}
	}
	return kind, nil
}

func (w *segmentWriter) hasForms(name string) bool {
	for _, in := range w.inputs {
		if in.Segment.Source(name) != nil {
			return true
		}
	}
	return false
}

// appendPiece appends the kept rows of one block of one input.
func (f *fieldWriter) appendPiece(p *piece) error {
	if f.rows == 0 && f.block < len(f.w.copies) && f.w.copies[f.block] == p.number {
		if copied, err := f.copyBlock(p); err != nil || copied {
			return err
		}
	}
	seg := f.w.inputs[p.input].Segment
	fold, err := f.fold(seg, p)
	if err != nil {
		return err
	}
	var doc *column.Block
	if fold == nil {
		if doc, err = f.readDoc(seg, p); err != nil {
			return err
		}
	}
	var forms *column.SourceBlock
	if source := seg.Source(f.out.name); source != nil {
		if err := source.Read(p.block, &f.formBuf); err != nil {
			return err
		}
		forms = &f.formBuf
	}
	return p.runs(func(from, to int) error {
		for from < to {
			n := min(to-from, f.w.blocks[f.block].Rows-f.rows)
			if doc, err = f.appendDoc(seg, p, doc, fold, from, from+n); err != nil {
				return err
			}
			f.appendForms(forms, from, from+n)
			from += n
			if f.rows == f.w.blocks[f.block].Rows {
				if err := f.flush(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// readDoc reads the doc values of a piece in the form that is written; nil when the input has none.
func (f *fieldWriter) readDoc(seg Segment, p *piece) (*column.Block, error) {
	col := seg.Column(f.out.name)
	if col == nil {
		return nil, nil
	}
	if err := col.Read(p.block, 0, p.rows, &f.docBuf); err != nil {
		return nil, err
	}
	if f.out.name == ShapeField && f.out.kind == column.Int64 {
		return f.w.shapes.renumber(&f.docBuf, p)
	}
	if isText(f.out.kind) {
		return f.conv.convert(&f.docBuf, p, col.Dict())
	}
	return &f.docBuf, nil
}

// appendDoc appends the doc values of rows [from, to) of a piece, which fit into the block being built: by template where both the
// piece and the block are, else as they are. It returns the piece's values if it had to read them.
func (f *fieldWriter) appendDoc(seg Segment, p *piece, doc *column.Block, fold *foldedPiece, from, to int) (*column.Block, error) {
	if f.rows == 0 && fold != nil {
		f.folded = true
		f.templates.beginFolded()
	}
	switch {
	case f.doc == nil:
	case fold != nil && f.folded:
		f.templates.appendFolded(fold, from, to)
		f.doc.Append(&fold.hollow, from, to)
	case fold == nil && doc == nil:
		f.doc.AppendAbsent(to - from)
	case fold != nil && doc == nil:
		var err error
		if doc, err = f.readDoc(seg, p); err != nil {
			return nil, err
		}
		fallthrough
	default:
		f.unfold()
		f.doc.Append(doc, from, to)
	}
	return doc, nil
}

// appendForms appends the written forms of rows [from, to), after their doc values.
func (f *fieldWriter) appendForms(forms *column.SourceBlock, from, to int) {
	switch {
	case f.forms == nil:
	case forms == nil:
		f.forms.AppendAbsent(to - from)
	default:
		f.forms.Append(forms, from, to)
	}
	f.rows += to - from
}

// flush writes the block being built, if it has rows, and begins the next.
func (f *fieldWriter) flush() error {
	if f.rows == 0 {
		return nil
	}
	if f.doc != nil {
		if f.folded && !f.templates.worthFolding() {
			f.unfold()
		}
		if err := f.flushDoc(f.doc.Block()); err != nil {
			return err
		}
	}
	if f.forms != nil {
		if err := f.flushForms(); err != nil {
			return err
		}
		f.forms.Reset()
	}
	if f.doc != nil {
		f.doc.Reset()
	}
	f.rows, f.folded = 0, false
	f.block++
	return nil
}

func (f *fieldWriter) flushDoc(b *column.Block) error {
	byTemplate, err := f.writeDoc(b)
	switch {
	case err != nil || f.text == nil:
	case byTemplate && f.text.templates != nil:
		f.text.addTemplated(&f.templates.block)
	default:
		f.text.addBlock(b)
	}
	return err
}

// writeDoc writes doc values and what is kept about them, but for the text index. It says whether they stand by template.
func (f *fieldWriter) writeDoc(b *column.Block) (byTemplate bool, err error) {
	stats := column.StatsOf(b)
	var at written
	if stats.HasValues {
		byTemplate = f.folded || f.templates != nil && f.templates.add(b)
		if f.folded {
			f.templates.finishFolded(b)
		}
		if byTemplate {
			f.w.buf = column.AppendTemplated(f.w.buf[:0], &f.templates.block, f.templates.builder.Slots, f.w.opts.Level)
		} else {
			f.w.buf = column.AppendBlock(f.w.buf[:0], b, f.w.opts.Level)
		}
		if f.templates != nil {
			f.templates.count(b, f.block, byTemplate)
		}
		if at, err = f.w.sink.extent(f.w.buf); err != nil {
			return byTemplate, err
		}
	}
	f.out.doc = append(f.out.doc, at)
	f.out.stats = append(f.out.stats, stats)
	f.w.boundBlock(f.out.name, f.block, stats)
	if f.filter != nil {
		filter, err := f.filter.block(f.w.sink, b)
		if err != nil {
			return byTemplate, err
		}
		f.out.filters = append(f.out.filters, filter)
	}
	if f.out.name == IDField {
		f.w.ids.addBlock(b, f.conv.dict, f.w.blocks[f.block].FirstRow)
	}
	return byTemplate, nil
}

func (f *fieldWriter) flushForms() error {
	var at written
	if b, any := f.forms.Block(); any {
		f.w.buf = column.AppendSource(f.w.buf[:0], b, f.w.opts.Level)
		var err error
		if at, err = f.w.sink.extent(f.w.buf); err != nil {
			return err
		}
	}
	f.out.forms = append(f.out.forms, at)
	return nil
}

// finish writes what belongs to the field as a whole.
func (f *fieldWriter) finish() error {
	var err error
	if f.out.kind == column.Ordinal {
		f.w.buf = column.AppendDict(f.w.buf[:0], f.conv.dict, f.w.opts.Level)
		if f.out.dict, err = f.w.sink.extent(f.w.buf); err != nil {
			return err
		}
	}
	if f.templates != nil && f.templates.gained {
		f.w.opts.Memory.learn(f.out.name, f.templates.byKey)
		f.w.buf = column.AppendTemplates(f.w.buf[:0], f.templates.builder.Templates())
		if f.out.templates, err = f.w.sink.page(f.w.buf); err != nil {
			return err
		}
	}
	if f.text == nil {
		return nil
	}
	f.out.partialText = f.text.templates != nil && f.templates.gained
	f.out.hasText = true
	f.out.analyzer = f.text.analyzer.Version()
	f.out.textStats = f.text.stats
	f.out.textDir, err = f.text.finish(f.w.sink)
	return err
}
