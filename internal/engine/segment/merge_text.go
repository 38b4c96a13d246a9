package segment

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/postings"
)

// mergeTexts finds the inputs whose text index goes into the new one as it is: all of their blocks are copied, and were split
// by the same analyzer. The entries of an index stand in order of hash and name granules, which only get other numbers.
//
// Where the index leaves out the constant words of templates, those words are in the dictionary of templates here as they were
// there: what was a literal stays one, and what was by template has the same.
func (f *fieldWriter) mergeTexts() error {
	if f.text == nil {
		return nil
	}
	w := f.w
	copied := make([]int, len(w.inputs))
	for _, piece := range w.copies {
		if piece >= 0 {
			copied[w.pieces[piece].input]++
		}
	}
	f.text.merged = make([]*postings.TextInput, len(w.inputs))
	for i, in := range w.inputs {
		file, ok := in.Segment.(*File)
		if !ok || f.copying[i] == copyRows || copied[i] != len(file.foot.blocks) {
			continue
		}
		e := file.field(f.out.name)
		if e == nil || e.text.dir.empty() || e.text.analyzer != f.text.analyzer.Version() {
			continue
		}
		if e.templates != nil && e.text.partial != (f.text.templates != nil) {
			continue
		}
		if e.kind == column.Ordinal && f.out.kind != column.Ordinal {
			continue // texts that may have a template by now
		}
		dir, err := file.read(e.text.dir)
		if err != nil {
			return err
		}
		f.text.merged[i] = &postings.TextInput{Dir: dir, Pages: file.indexPage}
		f.text.stats.Docs += e.text.stats.Docs
		f.text.stats.SumTokens += e.text.stats.SumTokens
	}
	return nil
}

// merges says whether the index of an input is taken over.
func (t *textWriter) merges(input int) bool { return t.merged != nil && t.merged[input] != nil }

// passBlock goes past the granules of a block that has no texts, or whose entries come with its input's index.
func (t *textWriter) passBlock(input, rows int) {
	n := granulesOf([]BlockInfo{{Rows: rows}})
	if t.merges(input) {
		for g := range n {
			t.merged[input].Granules = append(t.merged[input].Granules, uint32(t.builder.Granules()+g))
		}
	}
	t.builder.SkipGranules(n)
}
