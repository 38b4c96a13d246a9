package column

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// The fixed encodings hold 16-byte values.
//
//	fixed16  the values end to end
//	fixed4   12 bytes that all values begin with | the last 4 bytes of each: IPv4 addresses
//	pairs    section: stream of floats | stream of floats: geo_points, whose halves are short decimals

const fixedPrefix = 12

func appendFixed(dst, data []byte) []byte {
	n := len(data) / 16
	if n == 0 {
		return dst
	}
	same, samePrefix := n <= maxConstValues, true
	for i := 16; i < len(data); i += 16 {
		if samePrefix && !bytes.Equal(data[i:i+fixedPrefix], data[:fixedPrefix]) {
			same, samePrefix = false, false
			break
		}
		same = same && bytes.Equal(data[i+fixedPrefix:i+16], data[fixedPrefix:16])
	}
	switch {
	case same:
		return append(append(dst, byte(encConst)), data[:16]...)
	case samePrefix:
		dst = append(append(dst, byte(encFixed4)), data[:fixedPrefix]...)
		for i := fixedPrefix; i < len(data); i += 16 {
			dst = append(dst, data[i:i+4]...)
		}
		return dst
	}
	if out, ok := appendPairs(dst, data); ok {
		return out
	}
	return append(append(dst, byte(encFixed16)), data...)
}

// appendPairs appends the values as pairs of floats, unless that saves nothing.
func appendPairs(dst, data []byte) ([]byte, bool) {
	n := len(data) / 16
	firsts, seconds := make([]float64, n), make([]float64, n)
	for i := range n {
		firsts[i] = math.Float64frombits(binary.BigEndian.Uint64(data[16*i:]))
		seconds[i] = math.Float64frombits(binary.BigEndian.Uint64(data[16*i+8:]))
	}
	if !areDecimals(firsts) || !areDecimals(seconds) {
		return dst, false
	}
	start := len(dst)
	dst = appendSection(append(dst, byte(encPairs)), func(d []byte) []byte { return appendFloats(d, firsts) })
	dst = appendFloats(dst, seconds)
	return dst, len(dst)-start < len(data)
}

// areDecimals says, by a few of them, whether floats may be short decimals: most 16-byte values are no pair of floats.
func areDecimals(values []float64) bool {
	few := values[:min(len(values), 4)]
	return !slices.ContainsFunc(few, func(v float64) bool { return math.IsNaN(v) || math.Abs(v) > 1e6 || v != 0 && math.Abs(v) < 1e-9 })
}

// readPairs decodes values [first, first+n) of total pairs.
func readPairs(dst, src []byte, total, first, n int) ([]byte, error) {
	c := cursor{rest: src}
	section := c.section()
	if c.bad {
		return dst[:0], damaged("pairs in %d bytes", len(src))
	}
	firsts, err := readFloats(nil, section, total, first, n)
	if err != nil {
		return dst[:0], err
	}
	seconds, err := readFloats(nil, c.rest, total, first, n)
	if err != nil {
		return dst[:0], err
	}
	dst = growBytes(dst[:0], n*16)
	for i, v := range firsts {
		dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(v))
		dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(seconds[i]))
	}
	return dst, nil
}

// readFixed decodes values [first, first+n) of a stream of total values into dst's buffer.
func readFixed(dst, src []byte, total, first, n int) ([]byte, error) {
	if total == 0 {
		return dst[:0], nil
	}
	c := cursor{rest: src}
	switch e := encoding(c.byte()); e {
	case encConst:
		if len(c.rest) < 16 || total > maxConstValues {
			return dst[:0], damaged("constant of %d fixed values", total)
		}
		dst = grow(dst, n*16)
		for i := 0; i < len(dst); i += 16 {
			copy(dst[i:], c.rest[:16])
		}
	case encFixed4:
		if len(c.rest) < fixedPrefix || (len(c.rest)-fixedPrefix)/4 < total {
			return dst[:0], damaged("%d fixed values of 4 bytes in %d bytes", total, len(c.rest))
		}
		dst = grow(dst, n*16)
		own := c.rest[fixedPrefix+first*4:]
		for i := range n {
			copy(dst[i*16:], c.rest[:fixedPrefix])
			copy(dst[i*16+fixedPrefix:], own[i*4:i*4+4])
		}
	case encPairs:
		return readPairs(dst, c.rest, total, first, n)
	case encFixed16:
		if len(c.rest)/16 < total {
			return dst[:0], damaged("%d fixed values of 16 bytes in %d bytes", total, len(c.rest))
		}
		dst = append(dst[:0], c.rest[first*16:(first+n)*16]...)
	default:
		return dst[:0], unknownEncoding("fixed values", e)
	}
	return dst, nil
}
