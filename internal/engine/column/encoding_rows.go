package column

import (
	"encoding/binary"
	"math/bits"
)

// Which rows have a value is written in the smallest of three ways:
//
//	bitset  one bit a row, lowest first
//	has     number of rows (uvarint) | stream of their numbers
//	lacks   the same, of the rows without a value

func appendRows(dst []byte, set Bitmap, rows int) []byte {
	count := set.Count()
	bitset := 1 + (rows+7)/8
	few, enc := set, encHas
	if rows-count < count {
		few, enc, count = set.Clone(), encLacks, rows-count
		few.Not(rows)
	}
	if count <= bitset { // a number takes at least a bit
		numbers := make([]uint32, 0, count)
		for r := few.Next(0); r >= 0; r = few.Next(r + 1) {
			numbers = append(numbers, uint32(r))
		}
		start := len(dst)
		dst = binary.AppendUvarint(append(dst, byte(enc)), uint64(count))
		dst = appendInts(dst, numbers)
		if len(dst)-start <= bitset {
			return dst
		}
		dst = dst[:start]
	}
	dst = append(dst, byte(encBitset))
	for i, w := range set {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], w)
		dst = append(dst, b[:min(8, (rows-i*64+7)/8)]...)
	}
	return dst
}

// readRows decodes a set of rows into dst's buffer.
func readRows(dst Bitmap, src []byte, rows int) (Bitmap, error) {
	dst = grow(dst, (rows+63)/64)
	dst.Reset()
	c := cursor{rest: src}
	switch e := encoding(c.byte()); e {
	case encBitset:
		if len(c.rest) < (rows+7)/8 {
			return dst, damaged("bitset of %d rows in %d bytes", rows, len(c.rest))
		}
		for i := range dst {
			var b [8]byte
			copy(b[:], c.rest[i*8:min(i*8+8, (rows+7)/8)])
			dst[i] = binary.LittleEndian.Uint64(b[:])
		}
		if r := rows & 63; r != 0 && bits.Len64(dst[len(dst)-1]) > r {
			return dst, damaged("bitset beyond %d rows", rows)
		}
	case encHas, encLacks:
		count := c.uvarint()
		if c.bad || count > uint64(rows) {
			return dst, damaged("%d of %d rows", count, rows)
		}
		numbers, err := readInts([]uint32(nil), c.rest, int(count), 0, int(count))
		if err != nil {
			return dst, err
		}
		for _, r := range numbers {
			if int64(r) >= int64(rows) {
				return dst, damaged("row %d of %d", r, rows)
			}
			dst.Set(int(r))
		}
		if e == encLacks {
			dst.Not(rows)
		}
	default:
		return dst, unknownEncoding("rows", e)
	}
	return dst, nil
}
