package column

import (
	"encoding/binary"
	"math/bits"
)

// The packed encoding is a frame of reference: the differences of the values from the least one, in
// as many bits as the greatest needs.
//
//	least value (varint) | width in bits (1 byte, 1-57 or 64) | packed differences
//
// A stream of integers is written constant, packed or as deltas, whichever is smallest.

// intBounds is what is needed to choose an encoding.
type intBounds struct {
	min, max           int64
	minDelta, maxDelta int64
}

func boundsOf[T integer](values []T) intBounds {
	b := intBounds{min: int64(values[0]), max: int64(values[0])}
	if len(values) > 1 {
		b.minDelta = int64(values[1]) - int64(values[0])
		b.maxDelta = b.minDelta
	}
	prev := int64(values[0])
	for _, value := range values[1:] {
		v := int64(value)
		b.min, b.max = min(b.min, v), max(b.max, v)
		d := v - prev
		b.minDelta, b.maxDelta = min(b.minDelta, d), max(b.maxDelta, d)
		prev = v
	}
	return b
}

// appendInts appends a stream of integers. No values are no bytes.
func appendInts[T integer](dst []byte, values []T) []byte {
	if len(values) == 0 {
		return dst
	}
	b := boundsOf(values)
	if b.min == b.max && len(values) <= maxConstValues {
		return appendConstInts(dst, values[0])
	}
	width := max(packedWidth(bits.Len64(uint64(b.max)-uint64(b.min))), 1)
	deltaWidth := packedWidth(bits.Len64(uint64(b.maxDelta) - uint64(b.minDelta)))
	if deltaWidth == 0 && len(values) > maxConstValues {
		deltaWidth = 1
	}
	if packedBytes(len(values)-1, deltaWidth)+deltaGain < packedBytes(len(values), width) {
		return appendDeltas(dst, values, b.minDelta, deltaWidth)
	}
	dst = append(dst, byte(encPacked))
	dst = binary.AppendVarint(dst, b.min)
	dst = append(dst, byte(width))
	return appendPacked(dst, values, uint64(b.min), width)
}

// intStream is a parsed stream of integers.
type intStream struct {
	enc    encoding
	n      int
	first  int64 // const: the value; delta: the first value
	base   uint64
	width  uint
	packed []byte
}

// parseInts reads the head of a stream of n integers and makes sure that all of it is there.
func parseInts(src []byte, n int) (intStream, error) {
	s := intStream{n: n}
	if n == 0 {
		return s, nil
	}
	c := cursor{rest: src}
	s.enc = encoding(c.byte())
	packed := n
	switch s.enc {
	case encConst:
		s.first = c.varint()
		if c.bad || n > maxConstValues {
			return s, damaged("constant of %d integers", n)
		}
		return s, nil
	case encDelta:
		s.first = c.varint()
		packed--
	case encPacked:
	default:
		return s, unknownEncoding("integers", s.enc)
	}
	s.base = uint64(c.varint())
	s.width = uint(c.byte())
	s.packed = c.rest
	if s.width > maxPackedWidth && s.width != 64 || s.width == 0 && (s.enc == encPacked || n > maxConstValues) {
		return s, damaged("%d integers of %d bits", n, s.width)
	}
	if c.bad || len(c.rest) < packedBytes(packed, s.width) {
		return s, damaged("%d integers of %d bits in %d bytes", n, s.width, len(c.rest))
	}
	return s, nil
}

// decodeInts sets dst to the values of the stream from number first on; first+len(dst) is at most s.n.
func decodeInts[T integer](s *intStream, first int, dst []T) {
	if len(dst) == 0 {
		return
	}
	switch s.enc {
	case encConst:
		fill(dst, T(s.first))
	case encPacked:
		unpack(dst, s.packed, first, s.base, s.width)
	case encDelta:
		decodeDeltas(s, first, dst)
	}
}

// readInts decodes values [first, first+n) of a stream of total integers into dst's buffer.
func readInts[T integer](dst []T, src []byte, total, first, n int) ([]T, error) {
	s, err := parseInts(src, total)
	if err != nil {
		return dst[:0], err
	}
	dst = grow(dst, n)
	decodeInts(&s, first, dst)
	return dst, nil
}

// grow returns a slice of n elements, in the buffer of s when it is large enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
