// # File format
//
// A segment file is written once, from the front to the back, and has its table of contents at the
// end:
//
//	+---------------------------+
//	| magic "ELKSEG1\n"  8      |
//	+---------------------------+
//	| extents, end to end       |   blocks of columns, written forms, dictionaries, shapes,
//	|                           |   pages and directories of indexes
//	+---------------------------+
//	| footer                    |   which extent is what
//	+---------------------------+
//	| footer offset      8      |
//	| footer length      4      |   numbers in the trailer have their lowest byte first
//	| footer crc32c      4      |
//	| format version     4      |
//	| trailer crc32c     4      |   of the 20 bytes before
//	| magic "ELKSEG1\n"  8      |
//	+---------------------------+
//
// An extent has no header of its own. Whoever refers to it holds its offset, length and checksum
// (crc32c), so that reading any part of a file begins with knowing what it must be. An extent of at most
// maxInlineBytes stands in the footer itself.
//
// The footer, in varints unless a size is given:
//
//	rows
//	number of blocks, then per block: rows, flags (1 byte, bit 0: has times),
//	    [least time, greatest - least], least sequence number, greatest - least
//	shapes: extent
//	explicit ids: extent of the directory, extent of the filter (package postings)
//	number of fields, then per field, in order of name:
//	    length of the name, name
//	    kind (1 byte, package column; 0: no doc values)
//	    if kind is not 0, per block: extent; if there is one, stats:
//	        int64:   least, greatest - least
//	        float64: least, greatest (8 bytes each)
//	        ordinal: least, greatest - least
//	    if kind is ordinal: extent of the dictionary
//	    flags (1 byte, bit 0: written forms, bit 1: text index, bit 2: filters, bit 3: templates, bit 4: the text
//	        index leaves out the constant words of templates)
//	    if written forms, per block: extent
//	    if text index: analyzer version, documents, sum of tokens, extent of the directory
//	    if filters, per block: extent of a filter over its values (package postings), or none
//	    if templates: extent of their dictionary (column.AppendTemplates)
//	number of row spaces inside, then per space, in order of path:
//	    length of the path, path
//	    per block of the rows around: number of objects
//	    rows, blocks, fields and row spaces inside, as above
//
//	extent: length*2 + inline; if inline the bytes, else if length > 0 offset and crc32c (4 bytes)
//
// The shapes' extent is one compressed chunk of column.AppendTexts.
//
// A block without an extent has no values. Blocks may have any number of rows up to
// column.BlockRows, so that a merge copies them as they are; see layout.go.
//
// A row space holds the objects of a nested path with the doc values of the fields inside. How those
// fields were written stands with the rows around, as for any other field.
//
// History: 1, the first. 2, filters. 3, encodings of ids, pairs, tables, lines and frames (package column), and formats
// of positions and of more dates. 4, row spaces. 5, texts by template. 6, floats of single
// precision, addresses. This version reads all of them.
package segment

const (
	magic         = "ELKSEG1\n"
	formatVersion = 6
	oldestVersion = 1 // that can be read
	trailerBytes  = 8 + 4 + 4 + 4 + 4 + len(magic)

	// maxInlineBytes is the largest extent kept in the footer: a constant block or a uniform written
	// form is not worth a read of its own.
	maxInlineBytes = 24

	// maxFooterBytes bounds what is read before anything is known: a thousand fields over a thousand
	// blocks take about 60 MB.
	maxFooterBytes = 1 << 28

	// maxExtentBytes is what an extent's length can say.
	maxExtentBytes = 1<<31 - 1
)

// versionSpaces is the first version with row spaces.
const versionSpaces = 4

const (
	blockHasTime    = 1
	fieldHasForms   = 1
	fieldHasText    = 2
	fieldHasFilters = 4

	fieldHasTemplates = 8
	fieldPartialText  = 16
)
