package column

import "encoding/binary"

// The delta encoding is for sequences that rise or fall evenly: sequence numbers, times in order of
// arrival. Each value but the first is the one before plus a step, and the steps are packed like
// values. Equal steps take no bits at all.
//
//	first value (varint) | least step (varint) | width in bits (1 byte, 0-57 or 64) | packed differences of the steps

// deltaGain is what deltas must save, in bytes, before they are worth the sum over all values before
// the wanted ones.
const deltaGain = 16

// deltaScratch is how many steps are unpacked at a time.
const deltaScratch = 512

func appendDeltas[T integer](dst []byte, values []T, minDelta int64, width uint) []byte {
	dst = append(dst, byte(encDelta))
	dst = binary.AppendVarint(dst, int64(values[0]))
	dst = binary.AppendVarint(dst, minDelta)
	dst = append(dst, byte(width))
	if width == 0 {
		return dst
	}
	// The steps are packed in groups of 64 values, which always fill whole bytes.
	var steps [64]int64
	n := 0
	for i := 1; i < len(values); i++ {
		steps[n] = int64(values[i]) - int64(values[i-1])
		if n++; n == len(steps) {
			dst = appendPacked(dst, steps[:], uint64(minDelta), width)
			n = 0
		}
	}
	return appendPacked(dst, steps[:n], uint64(minDelta), width)
}

func decodeDeltas[T integer](s *intStream, first int, dst []T) {
	if s.width == 0 {
		v := uint64(s.first) + uint64(first)*s.base
		for i := range dst {
			dst[i] = T(v)
			v += s.base
		}
		return
	}
	v := s.first
	if first > 0 {
		v += sumSteps(s, 0, first)
	}
	dst[0] = T(v)
	steps := dst[1:]
	unpack(steps, s.packed, first, s.base, s.width)
	for i, step := range steps {
		v += int64(step)
		steps[i] = T(v)
	}
}

// sumSteps is the sum of the steps [from, to).
func sumSteps(s *intStream, from, to int) (sum int64) {
	var steps [deltaScratch]int64
	for k := from; k < to; k += len(steps) {
		group := steps[:min(len(steps), to-k)]
		unpack(group, s.packed, k, s.base, s.width)
		for _, step := range group {
			sum += step
		}
	}
	return sum
}
