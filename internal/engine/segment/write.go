package segment

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// Input is a segment to be written into another.
type Input struct {
	Segment Segment
	// Deleted are rows to leave out; nil: none. It has a bit for every root row.
	Deleted column.Bitmap
}

// WriteOptions say what a segment gets beside its columns.
type WriteOptions struct {
	// Text names the fields that get a text index, and how their values are split. A field without
	// doc values in any input gets none.
	Text map[string]analysis.Analyzer
	// TimeField is the column that bounds the blocks in time; "" means @timestamp.
	TimeField string
	// Memory knows the messages of earlier segments; nil: none.
	Memory *TemplateMemory
	// TimeNanos says that TimeField holds nanoseconds (date_nanos) instead of milliseconds.
	TimeNanos bool
	// Level is how hard text is compressed.
	Level column.Level

	minCopyRows int // in tests; 0: the constant
}

// Info describes a segment that was written.
type Info struct {
	Rows   int
	Blocks []BlockInfo
	// Bytes is the size of the file.
	Bytes int64
	// RowMap leads from the inputs' rows to the rows of the segment.
	RowMap *RowMap
}

// ErrNoRows is what Write and Seal answer when no input has a live row.
var ErrNoRows = errors.New("no rows to write")

// Write writes the live rows of the inputs, in order, into one new segment file and makes it durable,
// its name included. When it fails no file is left under the name, if the file system lets it be removed.
//
// It goes through the inputs column by column, so that it needs memory for about one block of a column,
// a dictionary and the text index. Blocks of files are copied as they are encoded where that is possible; see layout.go.
func Write(fsys vfs.FS, path string, inputs []Input, opts WriteOptions) (Info, error) {
	rows := newRowMap(inputs)
	if rows.live() == 0 {
		return Info{}, ErrNoRows
	}
	info, err := writeFile(fsys, path, inputs, rows, opts)
	if err != nil {
		if gone := fsys.Remove(path); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		return Info{}, fmt.Errorf("write segment %s: %w", path, err)
	}
	return info, nil
}

func writeFile(fsys vfs.FS, path string, inputs []Input, rows *RowMap, opts WriteOptions) (Info, error) {
	f, err := fsys.Create(path)
	if err != nil {
		return Info{}, err
	}
	s := newSink(f)
	info, err := writeSegment(s, inputs, rows, opts)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return Info{}, err
	}
	return info, vfs.SyncDir(fsys, filepath.Dir(path))
}

// Seal writes the live rows of the inputs into a segment in memory, encoded as in a file. It turns many
// small batches into one segment that takes a fraction of their memory.
func Seal(inputs []Input, opts WriteOptions) (*File, Info, error) {
	rows := newRowMap(inputs)
	if rows.live() == 0 {
		return nil, Info{}, ErrNoRows
	}
	var buf bytes.Buffer
	info, err := writeSegment(newSink(&buf), inputs, rows, opts)
	if err != nil {
		return nil, Info{}, fmt.Errorf("seal segment: %w", err)
	}
	f, err := openMemory(bytes.Clone(buf.Bytes()))
	if err != nil {
		return nil, Info{}, fmt.Errorf("seal segment: %w", err)
	}
	return f, info, nil
}

// segmentWriter writes one segment.
type segmentWriter struct {
	sink   *sink
	inputs []Input
	pieces []piece
	opts   WriteOptions
	blocks []BlockInfo
	copies []int // per block: the piece that it is a copy of, or -1
	shapes shapeMerge
	ids    idsWriter
	fields []writtenField
	spaces []writtenSpace
	buf    []byte // an extent being encoded
	copied []byte // an extent being copied
}

// newSegmentWriter prepares to write the live rows of the inputs.
func newSegmentWriter(s *sink, inputs []Input, opts WriteOptions) *segmentWriter {
	uncached := make([]Input, len(inputs))
	for i, in := range inputs {
		uncached[i] = Input{Segment: forMerge(in.Segment), Deleted: in.Deleted}
	}
	w := &segmentWriter{sink: s, inputs: uncached, pieces: piecesOf(uncached), opts: opts}
	l := layOut(w.inputs, w.pieces, cmp.Or(opts.minCopyRows, minCopyRows))
	w.blocks, w.copies = l.blocks, l.copies
	return w
}

// writtenField gathers what the footer says about a field.
type writtenField struct {
	name      string
	kind      column.Kind
	doc       []written
	stats     []column.Stats
	dict      written
	forms     []written // nil: no written forms
	hasText   bool
	analyzer  uint32
	textStats TextStats
	textDir   written
	filters   []written // nil: no filters

	templates   written // dictionary of templates
	partialText bool    // the text index leaves out what the templates know
}

func writeSegment(s *sink, inputs []Input, rows *RowMap, opts WriteOptions) (Info, error) {
	if opts.TimeField == "" {
		opts.TimeField = "@timestamp"
	}
	w := newSegmentWriter(s, inputs, opts)
	w.shapes.init(inputs)
	if err := s.write([]byte(magic)); err != nil {
		return Info{}, err
	}
	for _, name := range unionFields(inputs) {
		if err := w.writeField(name); err != nil {
			return Info{}, fmt.Errorf("column %q: %w", name, err)
		}
	}
	if err := w.writeSpaces(); err != nil {
		return Info{}, err
	}
	if err := w.finish(rows.live()); err != nil {
		return Info{}, err
	}
	return Info{Rows: rows.live(), Blocks: w.blocks, Bytes: int64(s.offset), RowMap: rows}, nil
}

// unionFields lists the columns of all inputs, sorted.
func unionFields(inputs []Input) []string {
	var all []string
	for _, in := range inputs {
		all = append(all, in.Segment.Fields()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// finish writes what belongs to the whole segment, and the footer.
func (w *segmentWriter) finish(rows int) error {
	shapes, err := w.sink.extent(column.AppendTexts(nil, w.shapes.merged))
	if err != nil {
		return err
	}
	ids, filter, err := w.ids.finish(w.sink)
	if err != nil {
		return fmt.Errorf("index of ids: %w", err)
	}
	var f footerWriter
	f.blocks(rows, w.blocks)
	f.extent(shapes)
	f.extent(ids)
	f.extent(filter)
	f.table(w)
	return w.sink.finish(f.buf)
}

// boundBlock notes the bounds of a block in time and sequence.
func (w *segmentWriter) boundBlock(field string, block int, s column.Stats) {
	info := &w.blocks[block]
	switch {
	case !s.HasValues:
	case field == SeqNoField:
		info.MinSeq, info.MaxSeq = s.MinInt, s.MaxInt
	case field == w.opts.TimeField:
		info.HasTime, info.MinTime, info.MaxTime = true, s.MinInt, s.MaxInt
		if w.opts.TimeNanos {
			info.MinTime, info.MaxTime = floorDiv(s.MinInt, 1e6), floorDiv(s.MaxInt, 1e6)
		}
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
