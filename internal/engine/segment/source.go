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
	ShapeField   = "_shape"
	RawField     = "_raw"
)

// errSource marks a document that cannot be put together again: its columns disagree. Blocks are
// checksummed, so it means a fault in this program or in memory.
var errSource = errors.New("columns do not fit the document's shape")

// SourceReader rebuilds the documents of one segment byte for byte. It keeps the granule it is in
// decoded, so rows are best asked for in order. It is for one goroutine.
type SourceReader struct {
	seg    Segment
	blocks []BlockInfo
	shapes map[int64][]shapePart
	fields map[string]*sourceField

	block, granule int // decoded at present; -1 at first
	shapeIDs, raw  docWindow
}

// docWindow is the decoded doc values of one column for one granule.
type docWindow struct {
	col    column.Column
	dict   column.Dict
	block  column.Block
	text   column.Block // Ordinal values spelled out
	at     int          // granule for which it is loaded, -1 for none
	loaded int          // block for which it is loaded
}

// sourceField is one field's cursors.
type sourceField struct {
	doc    docWindow
	src    column.Source
	block  column.SourceBlock
	loaded int
	// literalsBefore[r] is the number of literals before row r of the block; nil when there are none.
	literalsBefore []uint32

	row                    int64 // row for which the cursors stand; cursors go on through the row's holes
	format, value, literal int
}

// NewSourceReader makes a reader of a segment's documents.
func NewSourceReader(s Segment) *SourceReader {
	r := &SourceReader{seg: s, blocks: s.Blocks(), shapes: map[int64][]shapePart{}, fields: map[string]*sourceField{}, block: -1, granule: -1}
	r.shapeIDs = newDocWindow(s.Column(ShapeField))
	r.raw = newDocWindow(s.Column(RawField))
	return r
}

func newDocWindow(c column.Column) docWindow {
	w := docWindow{col: c, at: -1, loaded: -1}
	if c != nil {
		w.dict = c.Dict()
	}
	return w
}

// load decodes the granule's rows of the block.
func (w *docWindow) load(block, granule, rows int) error {
	if w.loaded == block && w.at == granule || w.col == nil {
		return nil
	}
	from := granule * column.GranuleRows
	to := min(from+column.GranuleRows, rows)
	if err := w.col.Read(block, from, to, &w.block); err != nil {
		return err
	}
	w.loaded, w.at = block, granule
	return nil
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
	r.block, r.granule = block, row/column.GranuleRows
	rows, inGranule := r.blocks[block].Rows, row%column.GranuleRows
	if err := r.shapeIDs.load(block, r.granule, rows); err != nil {
		return nil, err
	}
	if r.shapeIDs.col == nil {
		return nil, errSource
	}
	lo, hi := r.shapeIDs.block.Range(inGranule)
	if lo == hi {
		return nil, errSource
	}
	id := r.shapeIDs.block.Ints[lo]
	if id < 0 {
		return r.appendRaw(dst, block, rows, inGranule)
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

func (r *SourceReader) appendRaw(dst []byte, block, rows, inGranule int) ([]byte, error) {
	if r.raw.col == nil {
		return nil, errSource
	}
	if err := r.raw.load(block, r.granule, rows); err != nil {
		return nil, err
	}
	text, err := r.raw.texts()
	if err != nil {
		return nil, err
	}
	lo, hi := text.Range(inGranule)
	if lo == hi {
		return nil, errSource
	}
	return append(dst, text.Bytes(lo)...), nil
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

// texts returns the window's values spelled out, for text columns of either kind.
func (w *docWindow) texts() (*column.Block, error) {
	if w.block.Kind != column.Ordinal {
		return &w.block, nil
	}
	t := &w.text
	t.Reset(column.Bytes)
	t.Rows, t.Present, t.Offsets = w.block.Rows, w.block.Present, w.block.Offsets
	for i, ord := range w.block.Ords {
		absent := w.block.Offsets == nil && w.block.Present != nil && !w.block.Present.Has(i)
		if !absent {
			if int(ord) >= w.dict.Len() {
				return nil, errSource
			}
			t.Data = append(t.Data, w.dict.Value(ord)...)
		}
		t.Ends = append(t.Ends, uint32(len(t.Data)))
	}
	return t, nil
}

// field returns a field's cursors, standing at the row.
func (r *SourceReader) field(name string, block, row, rows int) (*sourceField, error) {
	f := r.fields[name]
	if f == nil {
		f = &sourceField{doc: newDocWindow(r.seg.Column(name)), src: r.seg.Source(name), loaded: -1, row: -1}
		r.fields[name] = f
	}
	at := int64(block)<<32 | int64(row)
	if f.row == at {
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
	moved := f.doc.loaded != block || f.doc.at != r.granule
	if err := f.doc.load(block, r.granule, rows); err != nil {
		return nil, err
	}
	if moved && f.doc.col != nil && f.doc.block.Kind == column.Ordinal {
		if _, err := f.doc.texts(); err != nil {
			return nil, err
		}
	}
	f.row = at
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
			if format&formatMask == FormatLiteral {
				n++
			}
		}
	}
	return nil
}

// seek puts the cursors at a row of the block.
func (f *sourceField) seek(row int) error {
	if f.doc.col != nil {
		lo, _ := f.doc.block.Range(row % column.GranuleRows)
		f.value = lo
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
		if f.literal >= len(f.block.LiteralEnds) {
			return nil, errSource
		}
		lo := uint32(0)
		if f.literal > 0 {
			lo = f.block.LiteralEnds[f.literal-1]
		}
		hi := f.block.LiteralEnds[f.literal]
		f.literal++
		return append(dst, f.block.Literals[lo:hi]...), nil
	}
	if f.doc.col == nil || format&FlagNoValue != 0 || !fits(format, f.doc.block.Kind) {
		return nil, errSource
	}
	if _, hi := f.doc.block.Range(row % column.GranuleRows); at >= hi {
		return nil, errSource
	}
	b := &f.doc.block
	if b.Kind == column.Ordinal {
		b = &f.doc.text
	}
	return render(dst, format, b, at), nil
}
