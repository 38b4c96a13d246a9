package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"elkhorn/internal/engine/column"
)

// extent is a range of bytes in a file, or in its footer (inline).
type extent struct {
	offset uint64
	length uint32
	crc    uint32
	inline bool // offset counts from the start of the footer
}

func (e extent) empty() bool { return e.length == 0 }

// footer is the table of contents of a segment file.
type footer struct {
	rows     int
	blocks   []BlockInfo
	shapes   extent
	ids      extent
	idFilter extent
	fields   []fieldEntry
	spaces   []spaceEntry
	raw      []byte // the footer's own bytes, which inline extents point into
}

// fieldEntry is what the footer says about one field.
type fieldEntry struct {
	name    string
	kind    column.Kind // 0: no doc values
	doc     []extent    // per block
	stats   []column.Stats
	dict    extent
	forms   []extent // per block; nil: no written forms
	text    textEntry
	filters []extent  // per block; nil: no filters
	values  *fileDict // nil: no dictionary
	known   blockFacts

	templates *templatesEntry // nil: no templates
}

// textEntry is what the footer says about a text index; a zero dir means that there is none.
type textEntry struct {
	analyzer uint32
	stats    TextStats
	dir      extent
	partial  bool // the constant words of templates are left out
}

// footerWriter appends a footer. pending extents carry their inline bytes with them.
type footerWriter struct{ buf []byte }

func (w *footerWriter) uvarint(v uint64) { w.buf = binary.AppendUvarint(w.buf, v) }
func (w *footerWriter) varint(v int64)   { w.buf = binary.AppendVarint(w.buf, v) }
func (w *footerWriter) byte(v byte)      { w.buf = append(w.buf, v) }

func (w *footerWriter) extent(e written) {
	if e.inline != nil {
		w.uvarint(uint64(len(e.inline))<<1 | 1)
		w.buf = append(w.buf, e.inline...)
		return
	}
	w.uvarint(uint64(e.length) << 1)
	if e.length > 0 {
		w.uvarint(e.offset)
		w.buf = binary.LittleEndian.AppendUint32(w.buf, e.crc)
	}
}

func (w *footerWriter) blocks(rows int, blocks []BlockInfo) {
	w.uvarint(uint64(rows))
	w.uvarint(uint64(len(blocks)))
	for _, b := range blocks {
		w.uvarint(uint64(b.Rows))
		if b.HasTime {
			w.byte(blockHasTime)
			w.varint(b.MinTime)
			w.uvarint(uint64(b.MaxTime) - uint64(b.MinTime))
		} else {
			w.byte(0)
		}
		w.varint(b.MinSeq)
		w.uvarint(uint64(b.MaxSeq) - uint64(b.MinSeq))
	}
}

func (w *footerWriter) field(f *writtenField) {
	w.uvarint(uint64(len(f.name)))
	w.buf = append(w.buf, f.name...)
	w.byte(byte(f.kind))
	for i := range f.doc {
		w.extent(f.doc[i])
		if !f.doc[i].empty() {
			w.stats(f.kind, f.stats[i])
		}
	}
	if f.kind == column.Ordinal {
		w.extent(f.dict)
	}
	flags := byte(0)
	if f.forms != nil {
		flags |= fieldHasForms
	}
	if f.hasText {
		flags |= fieldHasText
	}
	if f.filters != nil {
		flags |= fieldHasFilters
	}
	if !f.templates.empty() {
		flags |= fieldHasTemplates
	}
	if f.partialText {
		flags |= fieldPartialText
	}
	w.byte(flags)
	for _, e := range f.forms {
		w.extent(e)
	}
	if f.hasText {
		w.uvarint(uint64(f.analyzer))
		w.uvarint(uint64(f.textStats.Docs))
		w.uvarint(uint64(f.textStats.SumTokens))
		w.extent(f.textDir)
	}
	for _, e := range f.filters {
		w.extent(e)
	}
	if !f.templates.empty() {
		w.extent(f.templates)
	}
}

func (w *footerWriter) stats(kind column.Kind, s column.Stats) {
	switch kind {
	case column.Int64:
		w.varint(s.MinInt)
		w.uvarint(uint64(s.MaxInt) - uint64(s.MinInt))
	case column.Float64:
		w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(s.MinFloat))
		w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(s.MaxFloat))
	case column.Ordinal:
		w.uvarint(uint64(s.MinOrd))
		w.uvarint(uint64(s.MaxOrd) - uint64(s.MinOrd))
	}
}

// errFooter marks a footer that does not parse although its checksum is right.
var errFooter = errors.New("footer does not parse")

// footerReader reads a footer; after a failed read every further one fails as well.
type footerReader struct {
	raw []byte
	at  int
	bad bool
	end uint64 // where the extents end in the file
}

func (r *footerReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.raw[r.at:])
	if n <= 0 {
		r.fail()
		return 0
	}
	r.at += n
	return v
}

func (r *footerReader) varint() int64 {
	v, n := binary.Varint(r.raw[r.at:])
	if n <= 0 {
		r.fail()
		return 0
	}
	r.at += n
	return v
}

func (r *footerReader) take(n uint64) []byte {
	if n > uint64(len(r.raw)-r.at) {
		r.fail()
		return nil
	}
	r.at += int(n)
	return r.raw[r.at-int(n) : r.at]
}

func (r *footerReader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *footerReader) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *footerReader) fail() { r.bad, r.at = true, len(r.raw) }

// count reads a number of things that take at least one byte each.
func (r *footerReader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.raw)-r.at) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *footerReader) extent() extent {
	head := r.uvarint()
	length := head >> 1
	if length > maxExtentBytes {
		r.fail()
		return extent{}
	}
	if head&1 != 0 {
		e := extent{offset: uint64(r.at), length: uint32(length), inline: true}
		r.take(length)
		return e
	}
	if length == 0 {
		return extent{}
	}
	e := extent{offset: r.uvarint(), length: uint32(length)}
	if b := r.take(4); b != nil {
		e.crc = binary.LittleEndian.Uint32(b)
	}
	if e.offset > r.end || length > r.end-e.offset {
		r.fail()
	}
	return e
}

// parseFooter parses the footer of a file of some version whose extents end at end.
func parseFooter(raw []byte, end uint64, version uint32) (*footer, error) {
	r := &footerReader{raw: raw, end: end}
	f := &footer{raw: raw}
	if err := f.parseBlocks(r); err != nil {
		return nil, err
	}
	f.shapes, f.ids, f.idFilter = r.extent(), r.extent(), r.extent()
	if err := f.parseTable(r, version, 0); err != nil {
		return nil, err
	}
	if r.bad || r.at != len(raw) {
		return nil, errFooter
	}
	return f, nil
}

func (f *footer) parseBlocks(r *footerReader) error {
	rows := r.uvarint()
	f.blocks = make([]BlockInfo, r.count())
	sum := uint64(0)
	for i := range f.blocks {
		n := r.uvarint()
		if n == 0 || n > column.BlockRows {
			return fmt.Errorf("%w: block of %d rows", errFooter, n)
		}
		b := &f.blocks[i]
		b.FirstRow, b.Rows = int(sum), int(n)
		sum += n
		if r.byte()&blockHasTime != 0 {
			b.HasTime = true
			b.MinTime = r.varint()
			b.MaxTime = int64(uint64(b.MinTime) + r.uvarint())
		}
		b.MinSeq = r.varint()
		b.MaxSeq = int64(uint64(b.MinSeq) + r.uvarint())
	}
	if r.bad || sum != rows || rows > math.MaxUint32 {
		return fmt.Errorf("%w: %d rows in blocks of %d", errFooter, rows, sum)
	}
	f.rows = int(rows)
	return nil
}

func (f *fieldEntry) parse(r *footerReader, blocks []BlockInfo) error {
	f.name = string(r.take(r.uvarint()))
	f.kind = column.Kind(r.byte())
	if f.kind > column.Fixed16 {
		return fmt.Errorf("%w: field %q is of unknown kind %d", errFooter, f.name, uint8(f.kind))
	}
	if r.bad {
		return errFooter
	}
	if f.kind != 0 {
		f.doc, f.stats = make([]extent, len(blocks)), make([]column.Stats, len(blocks))
		for i := range blocks {
			if f.doc[i] = r.extent(); !f.doc[i].empty() {
				f.stats[i] = r.stats(f.kind)
			}
		}
		f.known = newBlockFacts(len(blocks))
	}
	if f.kind == column.Ordinal {
		f.dict = r.extent()
	}
	flags := r.byte()
	if flags&fieldHasForms != 0 {
		f.forms = make([]extent, len(blocks))
		for i := range blocks {
			f.forms[i] = r.extent()
		}
	}
	if flags&fieldHasText != 0 {
		f.text.analyzer = uint32(r.uvarint())
		f.text.stats = TextStats{Docs: int64(r.uvarint()), SumTokens: int64(r.uvarint())}
		f.text.dir = r.extent()
	}
	if flags&fieldHasFilters != 0 {
		f.filters = make([]extent, len(blocks))
		for i := range blocks {
			f.filters[i] = r.extent()
		}
	}
	if flags&fieldHasTemplates != 0 {
		f.templates = &templatesEntry{at: r.extent()}
	}
	f.text.partial = flags&fieldPartialText != 0
	if r.bad {
		return errFooter
	}
	return nil
}

func (r *footerReader) stats(kind column.Kind) column.Stats {
	s := column.Stats{HasValues: true}
	switch kind {
	case column.Int64:
		s.MinInt = r.varint()
		s.MaxInt = int64(uint64(s.MinInt) + r.uvarint())
	case column.Float64:
		s.MinFloat, s.MaxFloat = math.Float64frombits(r.uint64()), math.Float64frombits(r.uint64())
	case column.Ordinal:
		s.MinOrd = uint32(r.uvarint())
		s.MaxOrd = s.MinOrd + uint32(r.uvarint())
	}
	return s
}
