package segment

import (
	"errors"
	"fmt"
	"sort"

	"elkhorn/internal/engine/column"
)

// Internal column names.
const (
	SeqNoField   = "_seq_no"
	VersionField = "_version"
	IDField      = "_id"
	RoutingField = "_routing"
	IgnoredField = "_ignored"
	// ShapeField and RawField are the engine's alone, so their names are none that a document can have.
	ShapeField = "\x00shape"
	RawField   = "\x00raw"
	// DocCountField holds how many documents a row counts for in aggregations, where its "_doc_count" says so.
	DocCountField = "\x00doc_count"
)

// errSource marks a document that cannot be put together again: its columns disagree. Blocks are
// checksummed, so it means a fault in this program or in memory.
var errSource = errors.New("columns do not fit the document's shape")

// SourceReader rebuilds the documents of one segment byte for byte. What it has decoded it keeps, so rows
// are best asked for in order. It is for one goroutine.
type SourceReader struct {
	seg    Segment
	blocks []BlockInfo
	shapes map[int64][]shapePart
	fields map[string]*sourceField

	shapeIDs, raw docWindow
	expected      []int // rows that will be asked for, ascending; those before the last one asked are cut off
	end           int   // of the rows to decode together with the one asked for
	asked         int   // number of documents asked for; the same row may be asked for again
}

// docWindow is the doc values of one column for some rows of one block.
type docWindow struct {
	col      column.Column
	dict     column.Dict
	block    column.Block
	loaded   int // number of the block; -1 for none
	from, to int // rows of it that are decoded
	// spelled holds one value of a dictionary in full.
	spelled column.Block
	// nested is where the values are of a field inside a nested object; nil for others.
	nested *nestedWindow
}

// sourceField is one field's cursors.
type sourceField struct {
	doc    docWindow
	src    column.Source
	block  column.SourceBlock
	loaded int
	// literalsBefore[r] is the number of literals before row r of the block; nil when there are none.
	literalsBefore []uint32

	asked                  int // SourceReader.asked for which the cursors stand; they go on through a document's holes
	format, value, literal int
}

// NewSourceReader makes a reader of a segment's documents.
func NewSourceReader(s Segment) *SourceReader {
	r := &SourceReader{seg: s, blocks: s.Blocks(), shapes: map[int64][]shapePart{}, fields: map[string]*sourceField{}}
	r.shapeIDs = newDocWindow(engineColumn(s, ShapeField, "_shape"))
	r.raw = newDocWindow(engineColumn(s, RawField, "_raw"))
	return r
}

// engineColumn is a column of the engine's own, under its present name or the one it had in the first
// segment files.
func engineColumn(s Segment, name, oldName string) column.Column {
	if c := s.Column(name); c != nil || s.Column(ShapeField) != nil {
		return c
	}
	return s.Column(oldName)
}

func newDocWindow(c column.Column) docWindow {
	w := docWindow{col: c, loaded: -1}
	if c != nil {
		w.dict = c.Dict()
	}
	return w
}

// load decodes a row of the block: with the rows up to end that are expected to be asked for next, or,
// where nothing is known of those, alone, and when rows follow each other closely twice as many each time. Text
// that is compressed by the granule comes by the granule anyway.
func (w *docWindow) load(block, row, end, rows int) error {
	if w.nested != nil {
		if inside, err := w.loadNested(block, row); inside || err != nil {
			return err
		}
	}
	if w.col == nil || w.loaded == block && w.from <= row && row < w.to {
		return nil
	}
	from, n := row, max(end-row, 1)
	if chunked, err := w.isChunked(block); err != nil {
		return err
	} else if chunked {
		from, n = row-row%column.GranuleRows, column.GranuleRows
	} else if had := w.to - w.from; n == 1 && w.loaded == block && w.to <= row && row <= w.to+had {
		n = min(2*had, column.GranuleRows)
	}
	to := min(from+n, rows)
	w.loaded = -1
	if err := w.col.Read(block, from, to, &w.block); err != nil {
		return err
	}
	w.loaded, w.from, w.to = block, from, to
	return nil
}

// isChunked says whether reading one row of the block costs as much as reading the granule around it.
func (w *docWindow) isChunked(block int) (bool, error) {
	c, ok := w.col.(*fileColumn)
	if !ok || c.e.kind != column.Bytes || c.e.doc[block].empty() {
		return false, nil
	}
	raw, _, err := c.extentOf(block)
	return err == nil && column.IsChunked(raw), err
}

// values returns the positions of the values of a row, which is loaded.
func (w *docWindow) values(row int) (lo, hi int) { return w.block.Range(row - w.from) }

// spell returns a block and the position in it where value i stands, of a dictionary in full.
func (w *docWindow) spell(i int) (*column.Block, int, error) {
	if w.block.Kind != column.Ordinal {
		return &w.block, i, nil
	}
	ord := w.block.Ords[i]
	if int64(ord) >= int64(w.dict.Len()) {
		return nil, 0, errSource
	}
	w.spelled.Reset(column.Bytes)
	w.spelled.Rows = 1
	w.spelled.Data = append(w.spelled.Data, w.dict.Value(ord)...)
	w.spelled.Ends = append(w.spelled.Ends, uint32(len(w.spelled.Data)))
	return &w.spelled, 0, nil
}

// Expect says which rows will be asked for, in ascending order, so that those that lie close together are
// decoded together.
func (r *SourceReader) Expect(rows []int) { r.expected = rows }

// expectedGap is how many rows may lie between two that are asked for when they are decoded together:
// decoding those costs about as much as beginning anew.
const expectedGap = 256

// expectedEnd is the end of the rows of a block to decode together with one of them.
func (r *SourceReader) expectedEnd(block, row int) int {
	first := r.blocks[block].FirstRow
	for len(r.expected) > 0 && r.expected[0] <= first+row {
		r.expected = r.expected[1:]
	}
	end := row + 1
	for _, next := range r.expected {
		if next -= first; next > end+expectedGap || next >= r.blocks[block].Rows {
			break
		}
		end = next + 1
	}
	return end
}

// Append appends the _source of a root row.
func (r *SourceReader) Append(dst []byte, row int) ([]byte, error) {
	b := sort.Search(len(r.blocks), func(i int) bool { return r.blocks[i].FirstRow+r.blocks[i].Rows > row })
	if row < 0 || b == len(r.blocks) {
		return nil, fmt.Errorf("rebuild document in row %d: no such row", row)
	}
	out, err := r.append(dst, b, row-r.blocks[b].FirstRow)
	if err != nil {
		return nil, fmt.Errorf("rebuild document in row %d: %w", row, err)
	}
	return out, nil
}

func (r *SourceReader) append(dst []byte, block, row int) ([]byte, error) {
	r.asked++
	rows := r.blocks[block].Rows
	r.end = r.expectedEnd(block, row)
	if err := r.shapeIDs.load(block, row, r.end, rows); err != nil {
		return nil, err
	}
	if r.shapeIDs.col == nil {
		return nil, errSource
	}
	lo, hi := r.shapeIDs.values(row)
	if lo == hi {
		return nil, errSource
	}
	id := r.shapeIDs.block.Ints[lo]
	if id < 0 {
		return r.appendRaw(dst, block, row, rows)
	}
	parts, err := r.shape(id)
	if err != nil {
		return nil, err
	}
	for i := range parts {
		p := &parts[i]
		dst = append(dst, p.literal...)
		if p.field == "" {
			continue
		}
		if dst, err = r.fill(dst, p, block, row, rows); err != nil {
			return nil, fmt.Errorf("field [%s]: %w", p.field, err)
		}
	}
	return dst, nil
}

func (r *SourceReader) appendRaw(dst []byte, block, row, rows int) ([]byte, error) {
	if r.raw.col == nil {
		return nil, errSource
	}
	if err := r.raw.load(block, row, r.end, rows); err != nil {
		return nil, err
	}
	lo, hi := r.raw.values(row)
	if lo == hi {
		return nil, errSource
	}
	text, at, err := r.raw.spell(lo)
	if err != nil {
		return nil, err
	}
	return append(dst, text.Bytes(at)...), nil
}

func (r *SourceReader) shape(id int64) ([]shapePart, error) {
	if parts, ok := r.shapes[id]; ok {
		return parts, nil
	}
	all := r.seg.Shapes()
	if id >= int64(len(all)) {
		return nil, errSource
	}
	parts, err := parseSkeleton(all[id].Skeleton)
	if err == nil {
		r.shapes[id] = parts
	}
	return parts, err
}

// field returns a field's cursors, standing at the row.
func (r *SourceReader) field(name string, block, row, rows int) (*sourceField, error) {
	f := r.fields[name]
	if f == nil {
		f = &sourceField{doc: newDocWindow(r.seg.Column(name)), src: r.seg.Source(name), loaded: -1}
		f.doc.nested = newNestedWindow(r.seg, name)
		r.fields[name] = f
	}
	if f.asked == r.asked {
		return f, nil
	}
	if f.src == nil {
		return nil, errSource
	}
	if f.loaded != block {
		if err := f.loadSource(block); err != nil {
			return nil, err
		}
	}
	if err := f.doc.load(block, row, r.end, rows); err != nil {
		return nil, err
	}
	f.asked = r.asked
	return f, f.seek(row)
}

func (f *sourceField) loadSource(block int) error {
	if err := f.src.Read(block, &f.block); err != nil {
		return err
	}
	f.loaded, f.literalsBefore = block, nil
	if len(f.block.LiteralEnds) == 0 {
		return nil
	}
	f.literalsBefore = make([]uint32, f.block.Rows)
	n := uint32(0)
	for row := range f.block.Rows {
		f.literalsBefore[row] = n
		for _, format := range f.block.Formats[f.block.Offsets[row]:f.block.Offsets[row+1]] {
			if HasLiteral(format) {
				n++
			}
		}
	}
	return nil
}

// seek puts the cursors at a row of the block.
func (f *sourceField) seek(row int) error {
	if f.doc.col != nil {
		f.value, _ = f.doc.values(row)
	}
	if f.block.Uniform {
		f.format = 0
		return nil
	}
	if row >= f.block.Rows {
		return errSource
	}
	f.format = int(f.block.Offsets[row])
	if f.literalsBefore != nil {
		f.literal = int(f.literalsBefore[row])
	}
	return nil
}

// fill appends what a hole stands for.
func (r *SourceReader) fill(dst []byte, p *shapePart, block, row, rows int) ([]byte, error) {
	f, err := r.field(p.field, block, row, rows)
	if err != nil {
		return nil, err
	}
	if p.mark == HoleScalar {
		format, err := f.next(row)
		if err != nil {
			return nil, err
		}
		return f.appendValue(dst, format, row)
	}
	separator := ","
	if p.mark == HoleSpacedList {
		separator = ", "
	}
	dst = append(dst, '[')
	for first := true; ; first = false {
		format, err := f.next(row)
		if err != nil {
			return nil, err
		}
		if format == FormatEnd {
			return append(dst, ']'), nil
		}
		if !first {
			dst = append(dst, separator...)
		}
		if dst, err = f.appendValue(dst, format, row); err != nil {
			return nil, err
		}
	}
}

// next returns the row's next format.
func (f *sourceField) next(row int) (byte, error) {
	if f.block.Uniform {
		f.format++
		if f.format > 1 {
			return 0, errSource
		}
		return f.block.Format, nil
	}
	if f.format >= int(f.block.Offsets[row+1]) {
		return 0, errSource
	}
	f.format++
	return f.block.Formats[f.format-1], nil
}

func (f *sourceField) appendValue(dst []byte, format byte, row int) ([]byte, error) {
	at := f.value
	if format&FlagNoValue == 0 {
		f.value++
	}
	switch format & formatMask {
	case FormatNull:
		return append(dst, "null"...), nil
	case FormatLiteral:
		literal, err := f.nextLiteral()
		return append(dst, literal...), err
	}
	if f.doc.col == nil || format&FlagNoValue != 0 || !fits(format, f.doc.block.Kind) {
		return nil, errSource
	}
	if _, hi := f.doc.values(row); at >= hi {
		return nil, errSource
	}
	b, i, err := f.doc.spell(at)
	if err != nil {
		return nil, err
	}
	if hasTail(format & formatMask) {
		tail, err := f.nextLiteral()
		dst = append(dst, '"')
		return append(appendTailedDate(dst, b.Ints[i], format&formatMask, tail), '"'), err
	}
	return render(dst, format, b, i), nil
}

// nextLiteral returns the row's next literal.
func (f *sourceField) nextLiteral() ([]byte, error) {
	if f.literal >= len(f.block.LiteralEnds) {
		return nil, errSource
	}
	f.literal++
	return f.block.Literal(f.literal - 1), nil
}
