package segment

import "elkhorn/internal/engine/column"

// Segment is a write-once set of documents. Implementations: a batch just ingested, a sealed segment
// in memory, a segment file. It is safe for concurrent use. Callers hold a reference (the engine's
// snapshots do) for as long as they use it or anything got from it.
type Segment interface {
	// Spaces lists the row spaces of the nested objects that the rows hold, sorted by path: those
	// directly inside, which list their own. A field inside a nested object has its doc values in
	// the object's space, under its whole path.
	Spaces() []Space
	// Blocks describes the blocks of rows.
	Blocks() []BlockInfo
	// Fields lists the names of all columns, sorted.
	Fields() []string
	// Column returns a field's doc values, or nil when no row of the segment has any.
	Column(field string) column.Column
	// Source returns how a field's values were written, or nil when none was.
	Source(field string) column.Source
	// Text returns the text index of a field for the given analyzer version, or nil: then every granule needs
	// to be verified.
	Text(field string) TextIndex
	// IDs returns the index of explicit ids.
	IDs() IDIndex
	// Shapes returns the shapes that the _shape column refers to.
	Shapes() []Shape
	// MemoryBytes is what the segment holds in memory at present.
	MemoryBytes() int64
	// DiskBytes is the size of its file; 0 in memory.
	DiskBytes() int64
}

// BlockInfo describes one block. Time bounds are of @timestamp in Unix milliseconds.
type BlockInfo struct {
	FirstRow         int
	Rows             int
	HasTime          bool // at least one row has a time; rows without one are outside the bounds
	MinTime, MaxTime int64
	MinSeq, MaxSeq   int64
}

// Rows is the number of rows.
func Rows(s Segment) int { return rowsOf(s.Blocks()) }

func rowsOf(blocks []BlockInfo) int {
	if len(blocks) == 0 {
		return 0
	}
	last := &blocks[len(blocks)-1]
	return last.FirstRow + last.Rows
}

// TextIndex tells which granules may hold a token. Granule g covers rows g*column.GranuleRows and
// on of the *block* it belongs to; granules are numbered through the segment, block after block.
type TextIndex interface {
	// Lookup returns the granules that may hold the token and the number of documents that do. A
	// granule it leaves out does not hold it; one it names must be verified.
	Lookup(token []byte) (granules column.Bitmap, docFreq int, err error)
	// Partial says that the index leaves out the constant words of the column's templates (column.Templated): Lookup answers for
	// variables and for texts without template only.
	Partial() bool
	// Analyzer is the version of the analyzer that made it. An index of another than the field has now says nothing of it.
	Analyzer() uint32
	// Stats returns what BM25 needs: documents with the field, and the sum of their lengths in tokens.
	Stats() TextStats
}

// TextStats are a text field's totals in one segment.
type TextStats struct {
	Docs      int64
	SumTokens int64
}

// IDIndex finds rows by explicit id.
type IDIndex interface {
	// Lookup returns the rows (at most a few) that may have the id, newest last; the caller verifies
	// them against the _id column.
	Lookup(id []byte) ([]uint32, error)
}

// Shape is a document with its leaf values cut out; see Skeleton in shape.go for its bytes.
type Shape struct {
	Skeleton []byte
}
