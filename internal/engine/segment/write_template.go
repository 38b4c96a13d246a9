package segment

import (
	"elkhorn/internal/engine/column"
)

const (
	// templateGain is the least that templates must save of a block's bytes, in percent, before compression.
	templateGain = 15
	// templateTrials is how many blocks may fail to gain, at the beginning, before a column is taken to be prose.
	templateTrials = 2
	// minTemplateRows is the smallest block that is looked at: smaller ones are merged soon.
	minTemplateRows = 32
	// maxSeenTemplates bounds the memory of what was seen once.
	maxSeenTemplates = 1 << 17
)

// templateWriter writes the blocks of a text column by template. A template is made when it is seen for the second time: what
// comes once is cheaper as it is.
type templateWriter struct {
	builder *column.TemplatesBuilder
	split   splitter
	// byKey leads from a splitter's key to templates; seen holds the keys that came once.
	byKey map[uint64]uint32
	seen  map[uint64]struct{}
	known map[uint64]struct{} // keys that came in other segments; see TemplateMemory
	words []int               // per template: its words, slots included
	block column.TemplateBlock
	rows  []splitRow
	// variables are the starts and ends of the variables of all rows of the block at hand.
	variables []uint32
	// piece, remaps (per input, from its templates to these; 0: not known), elements, text and literals are for merges: see
	// fold_template.go.
	piece    foldedPiece
	remaps   [][]uint32
	elements []column.Element
	text     []byte
	literals int // in the block being built

	failed int  // blocks without gain
	gained bool // some block was written by template
}

// splitRow is a row of the block at hand.
type splitRow struct {
	key      uint64
	template uint32 // LiteralTemplate while the key has come once only
	words    int    // 0: the text makes no template
	// end is where the row's variables end in templateWriter.variables.
	end int
}

func newTemplateWriter(known map[uint64]struct{}) *templateWriter {
	return &templateWriter{known: known, builder: column.NewTemplatesBuilder(), words: []int{1}, byKey: map[uint64]uint32{}, seen: map[uint64]struct{}{}}
}

// given says that the column is not worth any more trials.
func (t *templateWriter) given() bool { return !t.gained && t.failed >= templateTrials }

// add puts a block of texts into t.block by template, and says whether that is worth it.
func (t *templateWriter) add(b *column.Block) bool {
	if b.Offsets != nil || t.given() || b.Rows < minTemplateRows {
		return false
	}
	if b.HasForm() {
		t.failed++
		return false
	}
	t.learn(b)
	t.block.Reset()
	t.block.Rows, t.block.Present = b.Rows, b.Present
	first, size := 0, 0
	for r := range t.rows {
		row := &t.rows[r]
		variables := t.variables[first:row.end]
		first = row.end
		if b.Present != nil && !b.Present.Has(r) {
			continue
		}
		text := b.Bytes(r)
		size += len(text)
		template := t.templateOf(text, row, variables)
		t.block.Of = append(t.block.Of, template)
		if template == column.LiteralTemplate {
			t.variable(text)
			continue
		}
		for i := 0; i < len(variables); i += 2 {
			t.variable(text[variables[i]:variables[i+1]])
		}
	}
	if (len(t.block.Variables)+2*len(t.block.Of))*100 > size*(100-templateGain) {
		t.failed++
		return false
	}
	t.gained = true
	return true
}

func (t *templateWriter) variable(v []byte) {
	t.block.Variables = append(t.block.Variables, v...)
	t.block.Ends = append(t.block.Ends, uint32(len(t.block.Variables)))
}

// learn looks at all texts of a block, so that a template is known from its first row on when it comes twice in a block.
func (t *templateWriter) learn(b *column.Block) {
	t.rows, t.variables = t.rows[:0], t.variables[:0]
	for r := range b.Rows {
		row := splitRow{}
		if (b.Present == nil || b.Present.Has(r)) && t.split.split(b.Bytes(r)) {
			row.key, row.words = t.split.key, t.split.words
			row.template = t.know(row.key)
			t.variables = append(t.variables, t.split.variables...)
		}
		row.end = len(t.variables)
		t.rows = append(t.rows, row)
	}
}

// know returns the template of the text that was split last, if it has come before.
func (t *templateWriter) know(key uint64) uint32 {
	if template, ok := t.byKey[key]; ok {
		return template
	}
	if _, ok := t.seen[key]; !ok && !t.isKnown(key) {
		if len(t.seen) < maxSeenTemplates {
			t.seen[key] = struct{}{}
		}
		return column.LiteralTemplate
	}
	template, ok := t.builder.Add(t.split.elements(t.builder))
	if !ok {
		return column.LiteralTemplate
	}
	delete(t.seen, key)
	t.byKey[key] = uint32(template)
	if template == len(t.words) {
		t.words = append(t.words, t.split.words)
	}
	return uint32(template)
}

func (t *templateWriter) isKnown(key uint64) bool {
	_, ok := t.known[key]
	return ok
}

// templateOf returns the template of a text, once all of the block is known.
func (t *templateWriter) templateOf(text []byte, row *splitRow, variables []uint32) uint32 {
	if row.words == 0 {
		return column.LiteralTemplate
	}
	template := row.template
	if template == column.LiteralTemplate {
		template = t.byKey[row.key] // learnt from a row further on, or none
	}
	if t.words[template] != row.words || !t.builder.Fits(int(template), text, variables) {
		return column.LiteralTemplate // another one's key is the same
	}
	return template
}

// count notes the templates of a block's rows, which are literals unless the block was written by template.
func (t *templateWriter) count(b *column.Block, block int, byTemplate bool) {
	if byTemplate {
		for _, template := range t.block.Of {
			t.builder.Count(int(template), block)
		}
		return
	}
	for r := range b.Rows {
		if lo, hi := b.Range(r); lo < hi {
			t.builder.Count(column.LiteralTemplate, block)
		}
	}
}
