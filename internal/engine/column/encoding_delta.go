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
	var steps [deltaScratch]int64
	v := s.first
	if first == 0 {
		dst[0] = T(v)
	}
	last := first + len(dst) - 1 // number of the last value wanted; step k leads to value k+1
	for k := 0; k < last; k += len(steps) {
		group := steps[:min(len(steps), last-k)]
		unpack(group, s.packed, k, s.base, s.width)
		i := 0
		for ; i < len(group) && k+i+1 < first; i++ {
			v += group[i]
		}
		if i == len(group) {
			continue
		}
		out := dst[k+i+1-first:]
		for j, step := range group[i:] {
			v += step
			out[j] = T(v)
		}
	}
}
