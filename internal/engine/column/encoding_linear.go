package column

import (
	"encoding/binary"
	"math"
)

// The linear encoding is for values that rise or fall steadily but not in order: times of several writers. Each is a
// straight line's value plus a residual, and the residuals are packed. Unlike deltas they are read one here, one there.
//
//	first value (varint) | slope per value in 1/65536 (varint) | least residual (varint)
//	width in bits (1 byte, 0-57 or 64) | packed differences of the residuals from the least

const (
	slopeBits = 16
	// maxSlope keeps the product of slope and number below 2^63.
	maxSlope = 1 << 44
	// minLinear is the fewest values that a line is drawn through.
	minLinear = 32
)

// line is first + slope*i/65536.
type line struct{ first, slope int64 }

func (l line) at(i int) int64 { return l.first + l.slope*int64(i)>>slopeBits }

// lineThrough draws a line through the means of the two halves of the values. ok is false when there is none that is
// worth it.
func lineThrough[T integer](values []T) (l line, ok bool) {
	n, half := len(values), len(values)/2
	l.first = int64(values[0])
	var front, back float64
	for i := range half {
		front += float64(int64(values[i]) - l.first)
		back += float64(int64(values[n-half+i]) - l.first)
	}
	slope := (back - front) / float64(half) / float64(n-half) * (1 << slopeBits)
	if n < minLinear || n > maxConstValues || !(math.Abs(slope) < maxSlope) {
		return l, false
	}
	l.slope = int64(math.Round(slope))
	return l, true
}

// residuals returns the bounds of what the line leaves.
func residuals[T integer](values []T, l line) (least, greatest int64) {
	least, greatest = math.MaxInt64, math.MinInt64
	for i, v := range values {
		r := int64(v) - l.at(i)
		least, greatest = min(least, r), max(greatest, r)
	}
	return least, greatest
}

func appendLinear[T integer](dst []byte, values []T, p *intPlan) []byte {
	dst = append(dst, byte(encLinear))
	dst = binary.AppendVarint(dst, p.line.first)
	dst = binary.AppendVarint(dst, p.line.slope)
	dst = binary.AppendVarint(dst, p.base)
	dst = append(dst, byte(p.width))
	// The residuals are packed in groups of 64, which always fill whole bytes.
	var group [64]int64
	for from := 0; from < len(values); from += len(group) {
		some := group[:min(len(group), len(values)-from)]
		for i := range some {
			some[i] = int64(values[from+i]) - p.line.at(from+i)
		}
		dst = appendPacked(dst, some, uint64(p.base), p.width)
	}
	return dst
}

func decodeLinear[T integer](s *intStream, first int, dst []T) {
	if s.width == 0 {
		fill(dst, 0)
	} else {
		unpack(dst, s.packed, first, 0, s.width)
	}
	for i, r := range dst {
		dst[i] = T(s.line.at(first+i) + int64(s.base) + int64(r))
	}
}
