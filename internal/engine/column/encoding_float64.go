package column

import (
	"encoding/binary"
	"math"
)

// The float64 encoding is the bits of each value, 8 bytes, lowest byte first. It is what is left when the
// values are no short decimals.

// appendFloats appends a stream of floats: constant, as decimals or raw, in single precision where that loses nothing.
func appendFloats(dst []byte, values []float64) []byte {
	if len(values) == 0 {
		return dst
	}
	if len(values) <= maxConstValues && sameFloats(values) {
		return binary.LittleEndian.AppendUint64(append(dst, byte(encConst)), math.Float64bits(values[0]))
	}
	if out, ok := appendDecimals(dst, values); ok {
		return out
	}
	if areSingles(values) {
		return appendSingles(dst, values)
	}
	dst = append(dst, byte(encFloat64))
	for _, v := range values {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
	}
	return dst
}

// sameFloats says whether all values have the same bits.
func sameFloats(values []float64) bool {
	first := math.Float64bits(values[0])
	for _, v := range values[1:] {
		if math.Float64bits(v) != first {
			return false
		}
	}
	return true
}

// readFloats decodes values [first, first+n) of a stream of total floats into dst's buffer.
func readFloats(dst []float64, src []byte, total, first, n int) ([]float64, error) {
	if total == 0 {
		return dst[:0], nil
	}
	c := cursor{rest: src}
	switch e := encoding(c.byte()); e {
	case encConst:
		if len(c.rest) < 8 || total > maxConstValues {
			return dst[:0], damaged("constant of %d floats", total)
		}
		dst = grow(dst, n)
		fill(dst, math.Float64frombits(binary.LittleEndian.Uint64(c.rest)))
	case encDecimal:
		return readDecimals(dst, c.rest, total, first, n)
	case encDecimal32:
		return readDecimals32(dst, c.rest, total, first, n)
	case encFloat32:
		return readSingles(dst, c.rest, total, first, n)
	case encFloat64:
		if len(c.rest)/8 < total {
			return dst[:0], damaged("%d floats in %d bytes", total, len(c.rest))
		}
		dst = grow(dst, n)
		raw := c.rest[first*8:]
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[i*8:]))
		}
	default:
		return dst[:0], unknownEncoding("floats", e)
	}
	return dst, nil
}
