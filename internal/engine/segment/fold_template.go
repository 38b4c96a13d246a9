package segment

import (
	"elkhorn/internal/engine/column"
)

// A merge copies texts by template: the numbers of their templates change, and nothing is put together, taken apart or split into
// words again, but literals.

// foldedPiece is a block of an input by template.
type foldedPiece struct {
	input  int
	dict   *column.Templates
	block  column.TemplateBlock
	values []foldedValue // per row
	// hollow has the rows' presence and empty texts.
	hollow column.Block
}

// foldedValue is where a row's template and its variables are in the block; value is -1 for a row without.
type foldedValue struct{ value, variable int32 }

// fold reads a piece by template; nil where that is not possible, or where the texts themselves are wanted.
func (f *fieldWriter) fold(seg Segment, p *piece) (*foldedPiece, error) {
	if f.templates == nil || f.filter != nil || f.templates.given() || f.text != nil && f.text.templates == nil {
		return nil, nil
	}
	col, ok := seg.Column(f.out.name).(column.Templated)
	if !ok || !seg.Column(f.out.name).Stats(p.block).HasValues {
		return nil, nil
	}
	dict, err := col.Templates()
	if err != nil || dict == nil {
		return nil, err
	}
	fold := &f.templates.piece
	ok, err = col.ReadTemplated(p.block, &fold.block)
	if err != nil || !ok {
		return nil, err
	}
	fold.input, fold.dict = p.input, dict
	fold.index()
	return fold, nil
}

// index works out where each row's variables are.
func (p *foldedPiece) index() {
	p.values = p.values[:0]
	p.hollow.Reset(column.Bytes)
	p.hollow.Rows, p.hollow.Present = p.block.Rows, p.block.Present
	value, variable := int32(0), int32(0)
	for r := range p.block.Rows {
		p.hollow.Ends = append(p.hollow.Ends, 0)
		if p.block.Present != nil && !p.block.Present.Has(r) {
			p.values = append(p.values, foldedValue{-1, 0})
			continue
		}
		p.values = append(p.values, foldedValue{value, variable})
		variable += int32(p.dict.Slots(int(p.block.Of[value])))
		value++
	}
}

// appendFolded appends rows [from, to) of a piece to the block being built.
func (t *templateWriter) appendFolded(p *foldedPiece, from, to int) {
	for _, v := range p.values[from:to] {
		if v.value < 0 {
			continue
		}
		was := p.block.Of[v.value]
		if was == column.LiteralTemplate {
			t.appendLiteral(p.block.Variable(int(v.variable)))
			continue
		}
		template, ok := t.remap(p, was)
		if !ok { // the dictionary is full
			t.text = p.dict.AppendText(t.text[:0], was, &p.block, int(v.variable))
			t.appendLiteral(t.text)
			continue
		}
		t.block.Of = append(t.block.Of, template)
		for i := range p.dict.Slots(int(was)) {
			t.variable(p.block.Variable(int(v.variable) + i))
		}
	}
}

// appendLiteral appends a text that had no template; it may have one by now.
func (t *templateWriter) appendLiteral(text []byte) {
	if t.split.split(text) {
		row := splitRow{key: t.split.key, words: t.split.words}
		row.template = t.know(row.key)
		if template := t.templateOf(text, &row, t.split.variables); template != column.LiteralTemplate {
			t.block.Of = append(t.block.Of, template)
			for i := 0; i < len(t.split.variables); i += 2 {
				t.variable(text[t.split.variables[i]:t.split.variables[i+1]])
			}
			return
		}
	}
	t.literals++
	t.block.Of = append(t.block.Of, column.LiteralTemplate)
	t.variable(text)
}

// remap returns the number here of a template of a piece's dictionary.
func (t *templateWriter) remap(p *foldedPiece, was uint32) (template uint32, ok bool) {
	for len(t.remaps) <= p.input {
		t.remaps = append(t.remaps, nil)
	}
	if t.remaps[p.input] == nil {
		t.remaps[p.input] = make([]uint32, p.dict.Len())
	}
	remap := t.remaps[p.input]
	if remap[was] != 0 {
		return remap[was], true
	}
	words := 0
	t.elements = t.elements[:0]
	for _, e := range p.dict.Elements(int(was)) {
		t.elements = append(t.elements, t.builder.Element(e.Kind(), p.dict.Text(e.String())))
		if e.Kind() != column.ElementText {
			words++
		}
	}
	added, ok := t.builder.Add(t.elements)
	if !ok {
		return 0, false
	}
	remap[was] = uint32(added)
	if added == len(t.words) {
		t.words = append(t.words, words)
		t.byKey[t.keyOf(added)] = uint32(added)
	}
	return remap[was], true
}

// keyOf is the key that the splitter gives texts of a template.
func (t *templateWriter) keyOf(template int) uint64 {
	s := &t.split
	s.key = 0
	t.builder.Pieces(template, s.mix)
	return s.key ^ uint64(t.words[template])
}

// worthFolding says whether the block being built has more texts by template than literals.
func (t *templateWriter) worthFolding() bool { return 2*t.literals < len(t.block.Of) }

// finishFolded completes the block being built; b has its rows' presence.
func (t *templateWriter) finishFolded(b *column.Block) {
	t.block.Rows, t.block.Present = b.Rows, b.Present
	t.gained = true
}

// beginFolded begins a block.
func (t *templateWriter) beginFolded() {
	t.block.Reset()
	t.literals = 0
}

// unfold puts the texts of the block being built together, where they stand by template only.
func (f *fieldWriter) unfold() {
	if !f.folded {
		return
	}
	f.folded = false
	hollow := f.doc.Block()
	t := f.templates
	t.block.Rows, t.block.Present = hollow.Rows, hollow.Present
	var texts column.Block
	texts.Reset(column.Bytes)
	t.block.AppendTexts(&texts, t.builder.Templates())
	texts.Present = nil
	if hollow.Present != nil {
		texts.Present = hollow.Present.Clone()
	}
	f.doc.Reset()
	f.doc.Append(&texts, 0, texts.Rows)
}
