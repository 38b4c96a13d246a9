package column

// Column is the doc values of one field in one segment. It is safe for concurrent use.
type Column interface {
	Kind() Kind
	// Read decodes rows [from, to) of a block into dst, whose buffers it may reuse or replace (a
	// column in memory points dst at its own slices, so the caller must not write to them). Row
	// numbers count from the block's first row; in dst they count from from. It fails with a
	// corruption error that names file and offset, or when the column's memory cannot be had.
	Read(block, from, to int, dst *Block) error
	// Stats describes a block without decoding it.
	Stats(block int) Stats
	// Dict is the dictionary of an Ordinal column; nil for others.
	Dict() Dict
}

// Filtered is implemented by columns that know of values a block lacks without reading it. It is safe for
// concurrent use.
type Filtered interface {
	// MayHold says whether a block may hold a value; it may name blocks too many, never too few.
	MayHold(block int, value []byte) (bool, error)
}

// Complete is implemented by columns that can tell blocks in which every row has a value. It is safe for
// concurrent use.
type Complete interface {
	// EveryRow says whether each row of a block has exactly one value.
	EveryRow(block int) (bool, error)
}

// Compact is implemented by columns whose blocks can be looked at as they are stored. It is safe for
// concurrent use.
type Compact interface {
	// Packed returns a block without unpacking it; ok is false where its encoding does not allow that.
	Packed(block int) (p Packed, ok bool, err error)
}

// Templated is implemented by text columns whose texts may stand by template. It is safe for concurrent use.
type Templated interface {
	// Templates returns the dictionary; nil when the column has none.
	Templates() (*Templates, error)
	// ReadTemplates decodes of which template each row of a block with values is. It answers false for lists.
	ReadTemplates(block int, dst *TemplateRows) (bool, error)
	// ReadTemplated decodes a block with values as it was written by template; it answers false for a block that was not.
	ReadTemplated(block int, dst *TemplateBlock) (bool, error)
	// ReadWanted is Column.Read for a block with values, but puts the texts of wanted rows (counted from from) together
	// only; the others are empty.
	ReadWanted(block, from, to int, wanted Bitmap, dst *Block) error
}

// Finding is implemented by columns that can find values in a block of text as it is stored. It is safe for
// concurrent use.
type Finding interface {
	// KeepTexts narrows sel to the rows of a block with one of some values; ok is false, and sel as it was, where
	// the block has to be decoded for that.
	KeepTexts(block int, values [][]byte, sel Bitmap) (ok bool, err error)
}

// Stats are bounds over one block of a column; they prune. For a block without values HasValues is
// false and the rest is meaningless.
type Stats struct {
	HasValues bool
	// MinInt and MaxInt bound an Int64 block.
	MinInt, MaxInt int64
	// MinFloat and MaxFloat bound a Float64 block; NaN values are outside all bounds.
	MinFloat, MaxFloat float64
	// MinOrd and MaxOrd bound an Ordinal block.
	MinOrd, MaxOrd uint32
}

// Dict maps ordinals to values. Ordinals are in order of insertion. It is immutable and safe for
// concurrent use.
type Dict interface {
	Len() int
	// Value returns the bytes of an ordinal below Len; the caller must not change them.
	Value(ord uint32) []byte
	// Lookup finds the ordinal of a value.
	Lookup(value []byte) (ord uint32, ok bool)
	// Ranks returns the position of each ordinal in byte order of the values (ranks[ord]), for
	// sorting, ranges and prefixes. It is computed or read once.
	Ranks() []uint32
}

// Source is the written forms of one field in one segment. It is safe for concurrent use.
type Source interface {
	// Read decodes a whole block into dst, under the same rules as Column.Read.
	Read(block int, dst *SourceBlock) error
}
