package column

import (
	"bytes"
	"slices"
	"sync"
)

// A template is what is constant in a kind of message, with slots where its variables stand. Texts made by the same line of
// a program are a template's number and their variables; see encoding_template.go for how a block of them is written.
//
// A template is a sequence of elements: text between words, a constant word, or a slot. A slot is a word too: its prefix, which
// is constant ("user_" of "user_0042"), and the variable. So the words of a text are those of its template and one for each
// slot, in that order, and a word can be looked for among the templates instead of among the texts.

// LiteralTemplate is the template of texts that follow none: one slot, which is the whole text.
const LiteralTemplate = 0

// ElementKind says what an element of a template is.
type ElementKind uint8

// The kinds. The numbers stand in files.
const (
	ElementText ElementKind = 0 // between words
	ElementWord ElementKind = 1 // a constant word
	ElementSlot ElementKind = 2 // a word that ends with a variable; the element's string is its prefix
)

// elementKindBits is how many of an element's bits are its kind; the rest is the number of its string.
const elementKindBits = 2

// Element is one part of a template.
type Element uint32

// Kind says what the element is.
func (e Element) Kind() ElementKind { return ElementKind(e & (1<<elementKindBits - 1)) }

// String is the number of the element's string.
func (e Element) String() int { return int(e >> elementKindBits) }

// Limits of one dictionary of templates: it is in memory while its segment is searched.
const (
	maxTemplates        = 1 << 16
	maxTemplateElements = 4 << 20
	maxTemplateBytes    = 16 << 20
	// MaxTemplateText is the longest constant part of one template, in bytes: longer texts are literals.
	MaxTemplateText = 32 << 10
	// maxTemplateBlocks is the most blocks that are listed for a template; one in more is taken to be in all.
	maxTemplateBlocks = 16
)

// Templates is the dictionary of a column's templates in one segment. It is immutable and safe for concurrent use.
type Templates struct {
	strings  [][]byte
	elements []Element
	ends     []uint32 // end of each template in elements
	counts   []uint32 // rows of each
	blocks   [][]uint16

	// pieces[pieceEnds[...]] are the constant stretches: before the first slot, between slots, after the last.
	pieces     []byte
	pieceEnds  []uint32
	pieceFirst []uint32 // number of each template's first piece, with one more at the end

	mu struct {
		sync.Mutex
		words map[any]any // see Words
	}
}

// Len is the number of templates, LiteralTemplate included.
func (t *Templates) Len() int { return len(t.ends) }

// Strings is the number of strings that elements refer to.
func (t *Templates) Strings() int { return len(t.strings) }

// Text is string i.
func (t *Templates) Text(i int) []byte { return t.strings[i] }

// Elements are the parts of a template, in order.
func (t *Templates) Elements(template int) []Element {
	start := uint32(0)
	if template > 0 {
		start = t.ends[template-1]
	}
	return t.elements[start:t.ends[template]]
}

// Slots is the number of a template's variables.
func (t *Templates) Slots(template int) int {
	return int(t.pieceFirst[template+1]-t.pieceFirst[template]) - 1
}

// Count is the number of rows of a template in the segment, deleted ones included.
func (t *Templates) Count(template int) int { return int(t.counts[template]) }

// Blocks lists the blocks that have rows of a template; all is true where that is not known.
func (t *Templates) Blocks(template int) (blocks []uint16, all bool) {
	b := t.blocks[template]
	return b, b == nil
}

// Keep returns what made was for a key the last time, and calls it the first time: things worked out from the dictionary that
// are worth keeping as long as it. Keys and values belong to the caller.
func (t *Templates) Keep(key any, made func() any) any {
	t.mu.Lock()
	defer t.mu.Unlock()
	v, ok := t.mu.words[key]
	if !ok {
		if t.mu.words == nil {
			t.mu.words = map[any]any{}
		}
		v = made()
		t.mu.words[key] = v
	}
	return v
}

// MemoryBytes is what the dictionary holds in memory, with what searches keep beside it: two bytes an element.
func (t *Templates) MemoryBytes() int64 {
	n := int64(2*len(t.elements) + 4*(len(t.elements)+len(t.ends)+len(t.counts)+len(t.pieceEnds)+len(t.pieceFirst)) + len(t.pieces))
	for _, s := range t.strings {
		n += int64(len(s)) + 24
	}
	for _, b := range t.blocks {
		n += int64(2*len(b)) + 24
	}
	return n
}

// piece returns constant stretch i of the dictionary.
func (t *Templates) piece(i uint32) []byte {
	start := uint32(0)
	if i > 0 {
		start = t.pieceEnds[i-1]
	}
	return t.pieces[start:t.pieceEnds[i]]
}

// finish works the pieces out from the elements.
func (t *Templates) finish() error {
	start := uint32(0)
	for _, end := range t.ends {
		t.pieceFirst = append(t.pieceFirst, uint32(len(t.pieceEnds)))
		before := len(t.pieces)
		t.addPieces(t.elements[start:end])
		if len(t.pieces) > maxTemplateBytes || len(t.pieces)-before > MaxTemplateText {
			return damaged("templates of %d bytes", len(t.pieces))
		}
		start = end
	}
	t.pieceFirst = append(t.pieceFirst, uint32(len(t.pieceEnds)))
	return nil
}

func (t *Templates) addPieces(elements []Element) {
	for _, e := range elements {
		t.pieces = append(t.pieces, t.strings[e.String()]...)
		if e.Kind() == ElementSlot {
			t.pieceEnds = append(t.pieceEnds, uint32(len(t.pieces)))
		}
	}
	t.pieceEnds = append(t.pieceEnds, uint32(len(t.pieces)))
}

// The encoded form:
//
//	version (1 byte, 1)
//	section: the strings (AppendTexts)
//	number of templates (uvarint), LiteralTemplate not included
//	section: chunk of, per template: number of elements (uvarint) | elements (uvarints)
//	section: stream of the templates' rows, LiteralTemplate's first
//	per template, LiteralTemplate's first: number of blocks listed (uvarint; 0: in any block) | first block | distances (uvarints)
//
// where a chunk is its length unpacked (uvarint) and what appendCompressed makes of it.
const templatesVersion = 1

// AppendTemplates appends the encoded dictionary.
func AppendTemplates(dst []byte, t *Templates) []byte {
	dst = append(dst, templatesVersion)
	dst = appendSection(dst, func(b []byte) []byte { return AppendTexts(b, t.strings) })
	dst = appendUvarint(dst, uint64(t.Len()-1))
	var all []byte
	for i := 1; i < t.Len(); i++ {
		elements := t.Elements(i)
		all = appendUvarint(all, uint64(len(elements)))
		for _, e := range elements {
			all = appendUvarint(all, uint64(e))
		}
	}
	dst = appendSection(dst, func(b []byte) []byte { return appendCompressed(appendUvarint(b, uint64(len(all))), all, Fast) })
	dst = appendSection(dst, func(b []byte) []byte { return appendInts(b, t.counts) })
	for _, blocks := range t.blocks {
		dst = appendUvarint(dst, uint64(len(blocks)))
		prev := uint16(0)
		for _, b := range blocks {
			dst = appendUvarint(dst, uint64(b-prev))
			prev = b
		}
	}
	return dst
}

// DecodeTemplates decodes a dictionary.
func DecodeTemplates(src []byte) (*Templates, error) {
	c := cursor{rest: src}
	if v := c.byte(); v != templatesVersion {
		return nil, damaged("templates of version %d", v)
	}
	texts := c.section()
	n := c.uvarint()
	packed := c.section()
	counts := c.section()
	if c.bad || n >= maxTemplates {
		return nil, damaged("%d templates", n)
	}
	t := &Templates{}
	var err error
	if t.strings, err = DecodeTexts(texts); err != nil {
		return nil, err
	}
	if err := t.decodeElements(packed, int(n)); err != nil {
		return nil, err
	}
	if t.counts, err = readInts([]uint32(nil), counts, t.Len(), 0, t.Len()); err != nil {
		return nil, err
	}
	if err := t.decodeBlocks(&c); err != nil {
		return nil, err
	}
	return t, t.finish()
}

func (t *Templates) decodeElements(packed []byte, n int) error {
	c := cursor{rest: packed}
	size := c.uvarint()
	if c.bad || size > maxTemplateBytes {
		return damaged("templates of %d bytes", size)
	}
	all, err := appendDecompressed(nil, c.rest, size)
	if err != nil {
		return err
	}
	literal := Element(ElementSlot)
	if len(t.strings) == 0 || len(t.strings[0]) != 0 {
		return damaged("templates without the empty string")
	}
	t.elements = append(t.elements, literal)
	t.ends = append(t.ends, 1)
	c = cursor{rest: all}
	for range n {
		for k := c.uvarint(); k > 0 && !c.bad; k-- {
			e := c.uvarint()
			if e>>elementKindBits >= uint64(len(t.strings)) || Element(e).Kind() > ElementSlot {
				return damaged("element %d of a template", e)
			}
			t.elements = append(t.elements, Element(e))
		}
		t.ends = append(t.ends, uint32(len(t.elements)))
	}
	if c.bad || len(c.rest) != 0 {
		return damaged("elements of templates")
	}
	return nil
}

func (t *Templates) decodeBlocks(c *cursor) error {
	t.blocks = make([][]uint16, t.Len())
	for i := range t.blocks {
		n := c.uvarint()
		if n > maxTemplateBlocks {
			return damaged("%d blocks of a template", n)
		}
		at := uint64(0)
		for range n {
			at += c.uvarint()
			if at > 1<<16-1 {
				return damaged("block %d of a template", at)
			}
			t.blocks[i] = append(t.blocks[i], uint16(at))
		}
	}
	if c.bad || len(c.rest) != 0 {
		return damaged("blocks of templates")
	}
	return nil
}

// TemplatesBuilder collects the templates of a column while its texts are written.
type TemplatesBuilder struct {
	t       Templates
	strings map[string]uint32
	last    []int32 // per template: the block counted last
	sizes   int
	lookup  map[uint64][]uint32 // templates by hash of their elements
}

// NewTemplatesBuilder makes a builder that knows LiteralTemplate only.
func NewTemplatesBuilder() *TemplatesBuilder {
	b := &TemplatesBuilder{strings: map[string]uint32{"": 0}, lookup: map[uint64][]uint32{}}
	b.t.strings = [][]byte{nil}
	b.add([]Element{Element(ElementSlot)})
	return b
}

// Len is the number of templates.
func (b *TemplatesBuilder) Len() int { return b.t.Len() }

// Slots is the number of a template's variables.
func (b *TemplatesBuilder) Slots(template int) int { return b.t.Slots(template) }

// Element makes an element of a string, which is copied if it is new.
func (b *TemplatesBuilder) Element(kind ElementKind, text []byte) Element {
	i, ok := b.strings[string(text)]
	if !ok {
		i = uint32(len(b.t.strings))
		own := bytes.Clone(text)
		b.t.strings = append(b.t.strings, own)
		b.strings[string(own)] = i
		b.sizes += len(own)
	}
	return Element(i<<elementKindBits | uint32(kind))
}

// Add returns the number of the template of these elements, which is made if there is none; ok is false when the dictionary is full.
func (b *TemplatesBuilder) Add(elements []Element) (template int, ok bool) {
	h := uint64(14695981039346656037)
	for _, e := range elements {
		h = (h ^ uint64(e)) * 1099511628211
	}
	for _, id := range b.lookup[h] {
		if slices.Equal(b.t.Elements(int(id)), elements) {
			return int(id), true
		}
	}
	if b.Full() {
		return 0, false
	}
	id := b.add(elements)
	b.lookup[h] = append(b.lookup[h], uint32(id))
	return id, true
}

// Full says that no more templates fit.
func (b *TemplatesBuilder) Full() bool {
	return b.Len() >= maxTemplates-1 || len(b.t.elements) > maxTemplateElements/2 || len(b.t.pieces)+b.sizes > maxTemplateBytes/2
}

func (b *TemplatesBuilder) add(elements []Element) int {
	t := &b.t
	t.elements = append(t.elements, elements...)
	t.ends = append(t.ends, uint32(len(t.elements)))
	if len(t.pieceFirst) == 0 {
		t.pieceFirst = append(t.pieceFirst, 0)
	}
	t.addPieces(elements)
	t.pieceFirst = append(t.pieceFirst, uint32(len(t.pieceEnds)))
	t.counts = append(t.counts, 0)
	t.blocks = append(t.blocks, nil)
	b.last = append(b.last, -1)
	return len(t.ends) - 1
}

// Fits says whether a text is of a template, when its variables stand at the given places: ends[2*i] and ends[2*i+1] are the
// start and the end of variable i.
func (b *TemplatesBuilder) Fits(template int, text []byte, variables []uint32) bool {
	t := &b.t
	first := t.pieceFirst[template]
	if int(t.pieceFirst[template+1]-first)-1 != len(variables)/2 {
		return false
	}
	at := uint32(0)
	for i := 0; i < len(variables); i += 2 {
		if !bytes.Equal(t.piece(first+uint32(i/2)), text[at:variables[i]]) {
			return false
		}
		at = variables[i+1]
	}
	return bytes.Equal(t.piece(first+uint32(len(variables)/2)), text[at:])
}

// Count notes a row of a template in a block; blocks come in ascending order.
func (b *TemplatesBuilder) Count(template, block int) {
	t := &b.t
	t.counts[template]++
	if int(b.last[template]) == block {
		return
	}
	b.last[template] = int32(block)
	switch listed := t.blocks[template]; {
	case len(listed) == 0 && t.counts[template] > 1: // in too many blocks already
	case len(listed) == maxTemplateBlocks || block > 1<<16-1:
		t.blocks[template] = nil
	default:
		t.blocks[template] = append(listed, uint16(block))
	}
}

// CountTexts notes some rows of a template in a block.
func (b *TemplatesBuilder) CountTexts(template, block, rows int) {
	if rows > 0 {
		b.Count(template, block)
		b.t.counts[template] += uint32(rows - 1)
	}
}

// Templates returns the dictionary. It changes with what is added to the builder later.
func (b *TemplatesBuilder) Templates() *Templates { return &b.t }

// Pieces calls yield for each constant stretch of a template: before the first slot, between slots, after the last.
func (b *TemplatesBuilder) Pieces(template int, yield func(piece []byte)) {
	for i := b.t.pieceFirst[template]; i < b.t.pieceFirst[template+1]; i++ {
		yield(b.t.piece(i))
	}
}

// Elements are the parts of a template.
func (b *TemplatesBuilder) Elements(template int) []Element { return b.t.Elements(template) }

// Text is string i.
func (b *TemplatesBuilder) Text(i int) []byte { return b.t.strings[i] }

// appendRendered appends the text of a template with its variables: spans hold start and end of each in data.
func (t *Templates) appendRendered(dst []byte, template uint32, data []byte, spans []span) []byte {
	piece := t.pieceFirst[template]
	for _, s := range spans {
		dst = append(dst, t.piece(piece)...)
		dst = append(dst, data[s.start:s.end]...)
		piece++
	}
	return append(dst, t.piece(piece)...)
}

// AppendText appends the text of a template whose variables are those of a block from the given one on.
func (t *Templates) AppendText(dst []byte, template uint32, b *TemplateBlock, variable int) []byte {
	piece := t.pieceFirst[template]
	for i := range t.Slots(int(template)) {
		dst = append(dst, t.piece(piece)...)
		dst = append(dst, b.Variable(variable+i)...)
		piece++
	}
	return append(dst, t.piece(piece)...)
}

// span is where a variable stands.
type span struct{ start, end uint32 }
