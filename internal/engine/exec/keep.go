package exec

import (
	"math/bits"

	"elkhorn/internal/engine/column"
)

// The functions here narrow a selection by one comparison per value. They are the innermost loops of
// every search. Single-valued columns go word by word: a word of the selection that is all zero costs
// nothing, a dense one is compared without branches, a sparse one bit by bit.

// denseBits is the number of selected rows in a word from which comparing all 64 is cheaper.
const denseBits = 16

// keepBetween keeps rows that have a value from lo to hi, both included.
func keepBetween[T int64 | uint32 | float64](b *column.Block, values []T, lo, hi T, sel column.Bitmap) {
	if b.Offsets != nil {
		keepListBetween(b.Offsets, values, lo, hi, sel)
		return
	}
	if b.Present != nil {
		sel.And(b.Present)
	}
	for w, word := range sel {
		if word == 0 {
			continue
		}
		base := w << 6
		var out uint64
		if base+64 <= len(values) && bits.OnesCount64(word) >= denseBits {
			for i, v := range values[base : base+64] {
				out |= (bit(v >= lo) & bit(v <= hi)) << i
			}
			sel[w] = out & word
			continue
		}
		for rest := word; rest != 0; rest &= rest - 1 {
			i := bits.TrailingZeros64(rest)
			v := values[base+i]
			out |= (bit(v >= lo) & bit(v <= hi)) << i
		}
		sel[w] = out
	}
}

// bit is 1 for true; the compiler turns it into a flag move.
func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func keepListBetween[T int64 | uint32 | float64](offsets []uint32, values []T, lo, hi T, sel column.Bitmap) {
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		found := false
		for _, v := range values[offsets[r]:offsets[r+1]] {
			if v >= lo && v <= hi {
				found = true
				break
			}
		}
		if !found {
			sel.Clear(r)
		}
	}
}

// keepInSet keeps rows that have a value of a set of ordinals.
func keepInSet(b *column.Block, set column.Bitmap, sel column.Bitmap) {
	if b.Offsets != nil {
		for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
			found := false
			for _, ord := range b.Ords[b.Offsets[r]:b.Offsets[r+1]] {
				if set.Has(int(ord)) {
					found = true
					break
				}
			}
			if !found {
				sel.Clear(r)
			}
		}
		return
	}
	if b.Present != nil {
		sel.And(b.Present)
	}
	for w, word := range sel {
		var out uint64
		for rest := word; rest != 0; rest &= rest - 1 {
			i := bits.TrailingZeros64(rest)
			ord := b.Ords[w<<6+i]
			out |= (set[ord>>6] >> (ord & 63) & 1) << i
		}
		sel[w] = out
	}
}

// keepWhere keeps rows of which a value passes the test, which gets positions of values. It is for
// comparisons that cost far more than the call.
func keepWhere(b *column.Block, sel column.Bitmap, test func(value int) bool) {
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		lo, hi := b.Range(r)
		for lo < hi && !test(lo) {
			lo++
		}
		if lo == hi {
			sel.Clear(r)
		}
	}
}

// keepPresent keeps rows that have a value.
func keepPresent(b *column.Block, sel column.Bitmap) {
	switch {
	case b.Offsets != nil:
		for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
			if b.Offsets[r] == b.Offsets[r+1] {
				sel.Clear(r)
			}
		}
	case b.Present != nil:
		sel.And(b.Present)
	}
}
