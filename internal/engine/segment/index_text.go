package segment

import (
	"errors"
	"fmt"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/postings"
)

// textWriter builds the text index of one field from its blocks as they are written. The values of a
// dictionary column are split once each.
type textWriter struct {
	analyzer analysis.Analyzer
	builder  postings.TextBuilder
	stats    TextStats
	// ordHashes[ordEnds[o-1]:ordEnds[o]] are the distinct token hashes of ordinal o, ordTokens[o] is its
	// length in tokens. They are nil for a column without dictionary.
	ordHashes []uint64
	ordEnds   []int
	ordTokens []int64
	dict      *column.MemDict
	// merged has, per input, the index that is taken over as a whole; nil: its texts are split.
	merged   []*postings.TextInput
	document tokenSet // token hashes of the document or value at hand
	tokens   int64    // their number, repeated ones included
	// templates is set for a column whose texts are by template and whose analyzer looks at each word by itself: only the words
	// with variables and the literal texts are indexed then, since the dictionary of templates knows all others.
	templates *templateWriter
	parts     []templateParts // per template
	word      []byte
	// addToken adds a token; it is made once, since a function made per value would be garbage.
	addToken func(analysis.Token) bool
}

func newTextWriter(a analysis.Analyzer, dict *column.MemDict) *textWriter {
	t := &textWriter{analyzer: a}
	version := a.Version()
	t.addToken = func(tok analysis.Token) bool {
		t.document.add(postings.TokenHash(version, tok.Bytes))
		t.tokens++
		return true
	}
	t.dict = dict
	return t
}

// splitDict splits the values of the dictionary.
func (t *textWriter) splitDict() {
	for ord := range t.dict.Len() {
		t.document.reset()
		t.ordTokens = append(t.ordTokens, t.addTokens(t.dict.Value(uint32(ord))))
		t.ordHashes = append(t.ordHashes, t.document.hashes...)
		t.ordEnds = append(t.ordEnds, len(t.ordHashes))
	}
}

// addTokens adds the hashes of a value's tokens to the document and returns their number.
func (t *textWriter) addTokens(value []byte) int64 {
	t.tokens = 0
	t.analyzer.Tokens(value, t.addToken)
	return t.tokens
}

// addBlock adds the documents of a block, which begins a new granule.
func (t *textWriter) addBlock(b *column.Block) {
	if b.Kind == column.Ordinal && t.ordEnds == nil {
		t.splitDict()
	}
	for r := range b.Rows {
		if r > 0 && r%column.GranuleRows == 0 {
			t.builder.EndGranule()
		}
		lo, hi := b.Range(r)
		if lo == hi {
			continue
		}
		t.stats.Docs++
		if hi-lo == 1 && b.Kind == column.Ordinal {
			t.builder.AddDocument(t.ordinal(b.Ords[lo]))
			continue
		}
		t.document.reset()
		for i := lo; i < hi; i++ {
			t.addValue(b, i)
		}
		t.builder.AddDocument(t.document.hashes)
	}
	t.builder.EndGranule()
}

// templateParts is what indexing a text of a template needs to know.
type templateParts struct {
	known    bool
	tokens   int64    // of the constant words
	prefixes [][]byte // of the slots
}

// addTemplated adds the documents of a block that is written by template.
func (t *textWriter) addTemplated(b *column.TemplateBlock) {
	value, variable := 0, 0
	for r := range b.Rows {
		if r > 0 && r%column.GranuleRows == 0 {
			t.builder.EndGranule()
		}
		if b.Present != nil && !b.Present.Has(r) {
			continue
		}
		t.stats.Docs++
		t.document.reset()
		template := b.Of[value]
		value++
		parts := t.partsOf(int(template))
		t.stats.SumTokens += parts.tokens
		for _, prefix := range parts.prefixes {
			word := b.Variable(variable)
			variable++
			if len(prefix) > 0 {
				t.word = append(append(t.word[:0], prefix...), word...)
				word = t.word
			}
			t.stats.SumTokens += t.addTokens(word)
		}
		t.builder.AddDocument(t.document.hashes)
	}
	t.builder.EndGranule()
}

// partsOf looks at a template once.
func (t *textWriter) partsOf(template int) *templateParts {
	for len(t.parts) <= template {
		t.parts = append(t.parts, templateParts{})
	}
	p := &t.parts[template]
	if p.known {
		return p
	}
	p.known = true
	b := t.templates.builder
	for _, e := range b.Elements(template) {
		switch e.Kind() {
		case column.ElementWord:
			t.analyzer.Tokens(b.Text(e.String()), func(analysis.Token) bool { p.tokens++; return true })
		case column.ElementSlot:
			p.prefixes = append(p.prefixes, b.Text(e.String()))
		}
	}
	return p
}

func (t *textWriter) addValue(b *column.Block, i int) {
	if b.Kind == column.Bytes {
		t.stats.SumTokens += t.addTokens(b.Bytes(i))
		return
	}
	for _, h := range t.ordinal(b.Ords[i]) {
		t.document.add(h)
	}
}

// ordinal returns the distinct token hashes of a dictionary value and counts its tokens.
func (t *textWriter) ordinal(ord uint32) []uint64 {
	start := 0
	if ord > 0 {
		start = t.ordEnds[ord-1]
	}
	t.stats.SumTokens += t.ordTokens[ord]
	return t.ordHashes[start:t.ordEnds[ord]]
}

func (t *textWriter) finish(s *sink) (written, error) {
	var merged []postings.TextInput
	for _, in := range t.merged {
		if in != nil {
			merged = append(merged, *in)
		}
	}
	dir, err := t.builder.Merge(merged, s.indexPage)
	if err != nil {
		return written{}, err
	}
	return s.page(dir)
}

// indexPage implements postings.PageSink.
func (s *sink) indexPage(data []byte) (postings.Page, error) {
	w, err := s.page(data)
	return postings.Page{Offset: w.offset, Length: w.length, CRC: w.crc}, err
}

// indexPage implements postings.PageSource.
func (f *File) indexPage(p postings.Page) ([]byte, error) {
	if p.Offset > uint64(f.size) || uint64(p.Length) > uint64(f.size)-p.Offset {
		return nil, corruption(f.path, int64(p.Offset), fmt.Sprintf("index page of %d bytes beyond the end", p.Length))
	}
	return f.read(extent{offset: p.Offset, length: p.Length, crc: p.CRC})
}

// asIndexCorruption adds file and offset to a complaint of package postings.
func (f *File) asIndexCorruption(err error, dir extent) error {
	if errors.Is(err, postings.ErrDamaged) {
		return corruption(f.path, int64(dir.offset), err.Error())
	}
	return err
}

// Text implements Segment. An index by an analyzer that has changed since is as good as none.
func (f *File) Text(field string) TextIndex {
	if e := f.field(field); e != nil && !e.text.dir.empty() && analysis.Current(e.text.analyzer) {
		return &fileText{f, e}
	}
	return nil
}

// fileText implements TextIndex.
type fileText struct {
	f *File
	e *fieldEntry
}

func (t *fileText) Stats() TextStats { return t.e.text.stats }

func (t *fileText) Analyzer() uint32 { return t.e.text.analyzer }

func (t *fileText) Partial() bool { return t.e.text.partial }

func (t *fileText) Lookup(token []byte) (column.Bitmap, int, error) {
	dir, err := t.f.read(t.e.text.dir)
	if err != nil {
		return nil, 0, fmt.Errorf("text index of %q: %w", t.e.name, err)
	}
	granules, n, err := postings.LookupText(dir, t.f.indexPage, postings.TokenHash(t.e.text.analyzer, token))
	if err != nil {
		return nil, 0, t.f.asIndexCorruption(fmt.Errorf("text index of %q: %w", t.e.name, err), t.e.text.dir)
	}
	if want := granulesOf(t.f.foot.blocks); len(granules) != (want+63)/64 {
		return nil, 0, corruption(t.f.path, int64(t.e.text.dir.offset), fmt.Sprintf("text index of %q is not for %d granules", t.e.name, want))
	}
	return granules, n, nil
}

// granulesOf is the number of granules of the blocks.
func granulesOf(blocks []BlockInfo) int {
	n := 0
	for _, b := range blocks {
		n += (b.Rows + column.GranuleRows - 1) / column.GranuleRows
	}
	return n
}

func (f *File) verifyText(e *fieldEntry) error {
	dir, err := f.read(e.text.dir)
	if err != nil {
		return err
	}
	return f.asIndexCorruption(postings.VerifyText(dir, f.indexPage), e.text.dir)
}
