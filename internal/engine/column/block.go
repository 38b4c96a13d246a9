package column

// BlockRows is the most rows a block has: 8,192 rows of eight bytes are 64 KB, which fits the second
// cache level beside the selection; larger blocks gain nothing in compression.
const BlockRows = 8192

// GranuleRows is the number of rows of a text chunk and of a text-index granule. A rare-word search
// that wants a few hits decodes whole chunks: at 1,024 rows it costs 2-3 ms where 8,192 cost 32.
const GranuleRows = 1024

// Kind is how a column's values are held.
type Kind uint8

// The kinds. The numbers stand in files: never change one.
const (
	// Int64 holds integers, booleans (0 and 1), dates (Unix milliseconds) and date_nanos (nanoseconds).
	Int64 Kind = 1
	// Float64 holds all floating-point types.
	Float64 Kind = 2
	// Ordinal holds text as positions in the column's dictionary; see Dict.
	Ordinal Kind = 3
	// Bytes holds text by value.
	Bytes Kind = 4
	// Fixed16 holds 16-byte values in Block.Data: ip (IPv4 mapped into IPv6, network order) and
	// geo_point (latitude, longitude as big-endian float64 bits).
	Fixed16 Kind = 5
)

func (k Kind) String() string {
	return [...]string{"invalid", "int64", "float64", "ordinal", "bytes", "fixed16"}[k]
}

// Block is the decoded values of one column over consecutive rows. It is read-only for everyone but
// the one who filled it. Values stand in row order and, in a row, in source order.
//
//	single-valued (Offsets nil):  row r has value r if Present is nil or has r; else value r is zero
//	list (Offsets has Rows+1):    row r has values Offsets[r] to Offsets[r+1]-1; Present is nil
type Block struct {
	Kind    Kind
	Rows    int
	Present Bitmap   // single-valued: rows with a value; nil: every row has one
	Offsets []uint32 // list; nil: single-valued

	Ints   []int64   // Int64
	Floats []float64 // Float64
	Ords   []uint32  // Ordinal
	Data   []byte    // Bytes: the values end to end; Fixed16: 16 bytes each
	Ends   []uint32  // Bytes: end of value i in Data

	// borrowed: some slices belong to another block (a column in memory pointed them there), so they
	// must not be written to.
	borrowed bool
}

// Range returns the positions [lo, hi) of row r's values.
func (b *Block) Range(r int) (lo, hi int) {
	if b.Offsets != nil {
		return int(b.Offsets[r]), int(b.Offsets[r+1])
	}
	if b.Present != nil && !b.Present.Has(r) {
		return r, r
	}
	return r, r + 1
}

// Values is the number of value positions, including the zero values of absent rows.
func (b *Block) Values() int {
	if b.Offsets != nil {
		return int(b.Offsets[b.Rows])
	}
	return b.Rows
}

// Bytes returns value i of a Bytes or Fixed16 block; it aliases the block.
func (b *Block) Bytes(i int) []byte {
	if b.Kind == Fixed16 {
		return b.Data[i*16 : i*16+16 : i*16+16]
	}
	lo, hi := b.Span(i)
	return b.Data[lo:hi:hi]
}

// Span returns where value i of a Bytes block stands in Data.
func (b *Block) Span(i int) (start, end int) {
	if i > 0 {
		start = int(b.Ends[i-1])
	}
	return start, int(b.Ends[i])
}

// PresentRows sets out to the rows that have at least one value. out has room for Rows bits.
func (b *Block) PresentRows(out Bitmap) {
	switch {
	case b.Offsets != nil:
		out.Reset()
		for r := range b.Rows {
			if b.Offsets[r] < b.Offsets[r+1] {
				out.Set(r)
			}
		}
	case b.Present == nil:
		out.Fill(b.Rows)
	default:
		copy(out, b.Present)
	}
}

// Reset empties the block but keeps its buffers, unless they are borrowed from a column in memory.
func (b *Block) Reset(kind Kind) {
	if b.borrowed {
		*b = Block{Kind: kind}
		return
	}
	*b = Block{Kind: kind, Ints: b.Ints[:0], Floats: b.Floats[:0], Ords: b.Ords[:0], Data: b.Data[:0], Ends: b.Ends[:0]}
}

// SourceBlock is how the values of one field were written, over the same rows as a Block: one format
// byte per written value, in row order and in a row in source order. Package segment defines the
// formats. Values written as literals stand in Literals, in the order of their format bytes.
type SourceBlock struct {
	Rows int
	// Uniform: every row with a doc value has exactly one written value, of format Format, and no
	// other row has any; Offsets, Formats and Literals are empty.
	Uniform bool
	Format  byte
	// Offsets has Rows+1 entries into Formats.
	Offsets []uint32
	Formats []byte
	// LiteralEnds[i] is the end of literal i in Literals.
	LiteralEnds []uint32
	Literals    []byte

	borrowed bool // see Block
}
