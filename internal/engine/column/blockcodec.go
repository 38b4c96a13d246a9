package column

import "math/bits"

// An encoded block:
//
//	kind (1 byte) | rows (uvarint) | layout (1 byte) | parts of the layout
//
//	layout dense (0)   stream of one value a row
//	layout sparse (1)  section: which rows have a value | stream of their values
//	layout list (2)    section: stream of the rows' lengths | number of values (uvarint) | stream of the values
//
// A section is preceded by its length (uvarint). A stream is its encoding (1 byte) and what that
// encoding says; a stream of no values is empty.
const (
	layoutDense  = 0
	layoutSparse = 1
	layoutList   = 2
)

// AppendBlock appends the block in the smallest of the encodings that fit.
func AppendBlock(dst []byte, b *Block, level Level) []byte {
	dst = appendUvarint(append(dst, byte(b.Kind)), uint64(b.Rows))
	switch {
	case b.Offsets != nil:
		dst = append(dst, layoutList)
		lengths := make([]uint32, b.Rows)
		for r := range lengths {
			lengths[r] = b.Offsets[r+1] - b.Offsets[r]
		}
		dst = appendSection(dst, func(d []byte) []byte { return appendInts(d, lengths) })
		dst = appendUvarint(dst, uint64(b.Values()))
		return appendValues(dst, b, level)
	case b.Present != nil:
		dst = append(dst, layoutSparse)
		dst = appendSection(dst, func(d []byte) []byte { return appendRows(d, b.Present, b.Rows) })
		return appendValues(dst, compact(b), level)
	default:
		return appendValues(append(dst, layoutDense), b, level)
	}
}

// appendValues appends the stream of all values of a block; b.Present is not looked at.
func appendValues(dst []byte, b *Block, level Level) []byte {
	switch b.Kind {
	case Int64:
		return appendInts(dst, b.Ints)
	case Float64:
		return appendFloats(dst, b.Floats)
	case Ordinal:
		return appendInts(dst, b.Ords)
	case Fixed16:
		return appendFixed(dst, b.Data)
	default:
		return appendText(dst, textValues{b.Data, b.Ends}, b.granules(), level)
	}
}

// compact returns a list block with the values of the rows that have one, without the zero values of
// the others.
func compact(b *Block) *Block {
	out := &Block{Kind: b.Kind, Rows: b.Rows, Offsets: make([]uint32, b.Rows+1)}
	n := uint32(0)
	for r := range b.Rows {
		if b.Present.Has(r) {
			out.appendValue(b, r)
			n++
		}
		out.Offsets[r+1] = n
	}
	return out
}

// appendValue appends value i of src, which has the same kind.
func (b *Block) appendValue(src *Block, i int) {
	switch b.Kind {
	case Int64:
		b.Ints = append(b.Ints, src.Ints[i])
	case Float64:
		b.Floats = append(b.Floats, src.Floats[i])
	case Ordinal:
		b.Ords = append(b.Ords, src.Ords[i])
	case Fixed16:
		b.Data = append(b.Data, src.Bytes(i)...)
	case Bytes:
		b.Data = append(b.Data, src.Bytes(i)...)
		b.Ends = append(b.Ends, uint32(len(b.Data)))
	}
}

// granules returns the number of the first value of each granule, and of all values at the end.
func (b *Block) granules() []int {
	out := make([]int, 0, b.Rows/GranuleRows+2)
	for r := 0; r < b.Rows; r += GranuleRows {
		if b.Offsets != nil {
			out = append(out, int(b.Offsets[r]))
		} else {
			out = append(out, r)
		}
	}
	return append(out, b.Values())
}

// DecodeBlock decodes rows [from, to) of an encoded block that has the given kind and number of rows.
// Row numbers in dst count from from. Of text only the granules that are needed are unpacked.
func DecodeBlock(src []byte, kind Kind, rows, from, to int, dst *Block) error {
	return decodeBlock(src, kind, rows, from, to, textSource{}, dst)
}

// DecodeTemplated is DecodeBlock for texts that may be written by the templates of t. Only the texts of wanted rows (counted from
// from; nil: all) are put together; the others are empty.
func DecodeTemplated(src []byte, rows, from, to int, t *Templates, wanted Bitmap, dst *Block) error {
	return decodeBlock(src, Bytes, rows, from, to, textSource{t, wanted}, dst)
}

// IsChunked says whether an encoded block of kind Bytes is packed by the granule, so that a text alone costs as much as all around it.
func IsChunked(src []byte) bool {
	c := cursor{rest: src}
	c.byte()
	c.uvarint()
	switch c.byte() {
	case layoutSparse:
		c.section()
	case layoutList:
		c.section()
		c.uvarint()
	}
	return encoding(c.byte()) == encText
}

// textSource is what reading texts needs beside their bytes.
type textSource struct {
	templates *Templates
	wanted    Bitmap // values to put together, counted from the first one read; nil: all
}

func decodeBlock(src []byte, kind Kind, rows, from, to int, text textSource, dst *Block) error {
	dst.Reset(kind)
	c, layout, err := blockHead(src, kind, rows)
	if err != nil {
		return err
	}
	if from < 0 || from > to || to > rows {
		return damaged("rows %d to %d of a block of %d", from, to, rows)
	}
	dst.Rows = to - from
	switch layout {
	case layoutDense:
		return dst.readValues(c.rest, denseGranules(rows), from, to, text)
	case layoutSparse:
		return dst.readSparse(&c, rows, from, to, text)
	case layoutList:
		return dst.readList(&c, rows, from, to)
	default:
		return unknownEncoding("a block's layout", encoding(layout))
	}
}

// blockHead reads what precedes the parts of a block's layout.
func blockHead(src []byte, kind Kind, rows int) (c cursor, layout byte, err error) {
	c.rest = src
	k, n := c.byte(), c.uvarint()
	layout = c.byte()
	if c.bad || Kind(k) != kind || n != uint64(rows) || rows > BlockRows {
		return c, layout, damaged("block of kind %d with %d rows where %s with %d rows belongs", k, n, kind, rows)
	}
	return c, layout, nil
}

func denseGranules(rows int) []int {
	out := make([]int, 0, rows/GranuleRows+2)
	for r := 0; r < rows; r += GranuleRows {
		out = append(out, r)
	}
	return append(out, rows)
}

// readValues decodes values [lo, hi) of a stream whose granules begin at the given values.
func (b *Block) readValues(src []byte, granules []int, lo, hi int, text textSource) (err error) {
	total, n := granules[len(granules)-1], hi-lo
	switch b.Kind {
	case Int64:
		b.Ints, err = readInts(b.Ints, src, total, lo, n)
	case Float64:
		b.Floats, err = readFloats(b.Floats, src, total, lo, n)
	case Ordinal:
		b.Ords, err = readInts(b.Ords, src, total, lo, n)
	case Fixed16:
		b.Data, err = readFixed(b.Data, src, total, lo, n)
	case Bytes:
		var t textValues
		t, err = readText(textValues{b.Data, b.Ends}, src, granules, lo, hi, text)
		b.Data, b.Ends = t.data, t.ends
	default:
		return damaged("block of unknown kind %d", uint8(b.Kind))
	}
	return err
}

func (b *Block) readSparse(c *cursor, rows, from, to int, text textSource) error {
	section := c.section()
	if c.bad {
		return damaged("presence of a block")
	}
	var words [BlockRows / 64]uint64
	present, err := readRows(words[:0], section, rows)
	if err != nil {
		return err
	}
	granules := denseGranules(rows)
	for g := range granules {
		granules[g] = present.rank(granules[g])
	}
	lo := present.rank(from)
	hi := lo + present.CountRange(from, to)
	if text.wanted != nil {
		text.wanted = compactRows(text.wanted, present, from, to)
	}
	if err := b.readValues(c.rest, granules, lo, hi, text); err != nil {
		return err
	}
	if hi-lo == to-from {
		return nil
	}
	b.Present = present.Slice(from, to)
	b.spread()
	return nil
}

// compactRows turns a set of rows, counted from from, into one of the values of those that are present.
func compactRows(rows, present Bitmap, from, to int) Bitmap {
	out := NewBitmap(to - from)
	value := 0
	for r := present.Next(from); r >= 0 && r < to; r = present.Next(r + 1) {
		if rows.Has(r - from) {
			out.Set(value)
		}
		value++
	}
	return out
}

// spread moves the values of the rows that have one to their rows and puts zero values between them.
func (b *Block) spread() {
	switch b.Kind {
	case Int64:
		b.Ints = spread(b.Ints, b.Present, b.Rows)
	case Float64:
		b.Floats = spread(b.Floats, b.Present, b.Rows)
	case Ordinal:
		b.Ords = spread(b.Ords, b.Present, b.Rows)
	case Fixed16:
		n := len(b.Data)
		b.Data = append(b.Data, make([]byte, b.Rows*16-n)...)
		for r := b.Rows - 1; r >= 0; r-- {
			if b.Present.Has(r) {
				n -= 16
				copy(b.Data[r*16:r*16+16], b.Data[n:n+16])
			} else {
				clear(b.Data[r*16 : r*16+16])
			}
		}
	case Bytes:
		n := len(b.Ends)
		b.Ends = append(b.Ends, make([]uint32, b.Rows-n)...)
		end := uint32(len(b.Data))
		for r := b.Rows - 1; r >= 0; r-- {
			b.Ends[r] = end
			if b.Present.Has(r) {
				n--
				end = 0
				if n > 0 {
					end = b.Ends[n-1]
				}
			}
		}
	}
}

// spread works from the last word of the bitmap to the first, so that it never overwrites a value it still needs. In each word it goes from
// one present row to the next: a branch per row would be guessed wrong as often as not.
func spread[T integer | float64](values []T, present Bitmap, rows int) []T {
	n := len(values)
	values = append(values, make([]T, rows-n)...)
	var held [64]T
	for at := (rows - 1) >> 6; at >= 0; at-- {
		word := present[at]
		place := values[at<<6 : min(rows, (at+1)<<6)]
		if len(place) < 64 {
			word &= 1<<len(place) - 1
		}
		own := bits.OnesCount64(word)
		n -= own
		if own == len(place) {
			copy(place, values[n:n+own])
			continue
		}
		copy(held[:], values[n:n+own])
		clear(place)
		for _, v := range held[:own] {
			place[bits.TrailingZeros64(word)] = v
			word &= word - 1
		}
	}
	return values
}

func (b *Block) readList(c *cursor, rows, from, to int) error {
	section, total := c.section(), c.uvarint()
	if c.bad {
		return damaged("list lengths of a block")
	}
	lengths, err := readInts([]uint32(nil), section, rows, 0, rows)
	if err != nil {
		return err
	}
	offsets := make([]uint32, rows+1)
	sum := uint64(0)
	for r, n := range lengths {
		if sum += uint64(n); sum > maxTextBytes {
			return damaged("lists of %d values", sum)
		}
		offsets[r+1] = uint32(sum)
	}
	if sum != total {
		return damaged("lists of %d values where %d belong", sum, total)
	}
	all := Block{Rows: rows, Offsets: offsets}
	if err := b.readValues(c.rest, all.granules(), int(offsets[from]), int(offsets[to]), textSource{}); err != nil {
		return err
	}
	b.Offsets = rebase(nil, offsets[from:to+1], offsets[from])
	return nil
}
