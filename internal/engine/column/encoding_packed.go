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
// A stream of integers is written constant, packed, as deltas, along a line, in frames or by a table, whichever is smallest.

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

// join widens the bounds by those of the values that follow, the first of them step after the last before.
func (b *intBounds) join(next intBounds, step int64, single bool) {
	b.min, b.max = min(b.min, next.min), max(b.max, next.max)
	b.minDelta, b.maxDelta = min(b.minDelta, step), max(b.maxDelta, step)
	if !single {
		b.minDelta, b.maxDelta = min(b.minDelta, next.minDelta), max(b.maxDelta, next.maxDelta)
	}
}

// intPlan is how a run of integers is written.
type intPlan struct {
	enc   encoding // constant, packed, delta or linear
	base  int64    // the least value, step or residual
	width uint
	line  line
	bytes int // about what it takes
}

// runHead is about what the head of a run takes.
const runHead = 6

// planRun picks the smallest encoding of a run.
func planRun[T integer](values []T, b intBounds) intPlan {
	n := len(values)
	if b.min == b.max && n <= maxConstValues {
		return intPlan{enc: encConst, bytes: runHead}
	}
	p := intPlan{enc: encPacked, base: b.min, width: max(bitsOf(uint64(b.max)-uint64(b.min)), 1)}
	p.bytes = runHead + packedBytes(n, p.width)
	delta := intPlan{enc: encDelta, base: b.minDelta, width: bitsOf(uint64(b.maxDelta) - uint64(b.minDelta))}
	if delta.width == 0 && n > maxConstValues {
		delta.width = 1
	}
	delta.bytes = runHead + deltaGain + packedBytes(n-1, delta.width)
	if delta.bytes >= p.bytes {
		return p
	}
	if delta.width == 0 || p.width > maxPackedWidth {
		return delta
	}
	l, ok := lineThrough(values)
	if !ok {
		return delta
	}
	least, greatest := residuals(values, l)
	linear := intPlan{enc: encLinear, base: least, line: l, width: bitsOf(uint64(greatest) - uint64(least))}
	linear.bytes = runHead + deltaGain/2 + packedBytes(n, linear.width)
	if linear.bytes < delta.bytes {
		return linear
	}
	return delta
}

func bitsOf(v uint64) uint { return packedWidth(bits.Len64(v)) }

// appendRun appends a run as planned.
func appendRun[T integer](dst []byte, values []T, p intPlan) []byte {
	switch p.enc {
	case encConst:
		return appendConstInts(dst, values[0])
	case encDelta:
		return appendDeltas(dst, values, p.base, p.width)
	case encLinear:
		return appendLinear(dst, values, &p)
	default:
		dst = append(dst, byte(encPacked))
		dst = binary.AppendVarint(dst, p.base)
		dst = append(dst, byte(p.width))
		return appendPacked(dst, values, uint64(p.base), p.width)
	}
}

// appendInts appends a stream of integers. No values are no bytes.
func appendInts[T integer](dst []byte, values []T) []byte {
	if len(values) == 0 {
		return dst
	}
	if len(values) < 2*frameValues {
		return appendWhole(dst, values, planRun(values, boundsOf(values)))
	}
	var plans [framesPlanned]intPlan
	var all intBounds
	frames := 0
	framed := plans[:0]
	for i := range framesIn(len(values)) {
		frame := frameOf(values, i)
		b := boundsOf(frame)
		if i == 0 {
			all = b
		} else {
			all.join(b, int64(frame[0])-int64(values[i*frameValues-1]), len(frame) == 1)
		}
		framed = append(framed, planRun(frame, b))
		frames += framed[i].bytes + 1
	}
	whole := planRun(values, all)
	if frames < whole.bytes-whole.bytes/framesGain && whole.enc != encConst {
		if whole.width >= tableWidth {
			if out, ok := appendTable(dst, values, frames); ok {
				return out
			}
		}
		return appendFrames(dst, values, framed)
	}
	return appendWhole(dst, values, whole)
}

// framesPlanned is the number of frames of a block with one value a row.
const framesPlanned = BlockRows / frameValues

// appendWhole appends the values as one run, or by a table.
func appendWhole[T integer](dst []byte, values []T, p intPlan) []byte {
	if p.enc == encPacked && p.width >= tableWidth {
		if out, ok := appendTable(dst, values, p.bytes); ok {
			return out
		}
	}
	return appendRun(dst, values, p)
}

// intStream is a parsed stream of integers.
type intStream struct {
	enc    encoding
	n      int
	first  int64 // const: the value; delta: the first value
	base   uint64
	width  uint
	packed []byte
	line   line    // linear
	table  []int64 // table: the distinct values
	frames frameReader
}

// parseInts reads the head of a stream of n integers and makes sure that all of it is there.
func parseInts(src []byte, n int) (intStream, error) {
	if n == 0 || len(src) == 0 || src[0] != byte(encTable) && src[0] != byte(encFrames) {
		return parseRun(src, n)
	}
	s := intStream{n: n, enc: encoding(src[0])}
	parse := s.parseFrames
	if s.enc == encTable {
		parse = s.parseTable
	}
	err := parse(&cursor{rest: src[1:]})
	return s, err
}

// parseRun is parseInts for the streams that frames and tables are made of.
func parseRun(src []byte, n int) (intStream, error) {
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
	case encLinear:
		s.line = line{c.varint(), c.varint()}
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
	switch {
	case len(dst) == 0:
	case s.enc == encTable:
		decodeTable(s, first, dst)
	case s.enc == encFrames:
		decodeFrames(s, first, dst)
	default:
		decodeRun(s, first, dst)
	}
}

// decodeRun is decodeInts for the streams that frames and tables are made of.
func decodeRun[T integer](s *intStream, first int, dst []T) {
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
	case encLinear:
		decodeLinear(s, first, dst)
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
