package column

// Slice sets dst to rows [from, to) of b without copying values where it can: dst then borrows the
// slices of b, and its next Reset lets go of them instead of reusing them.
func (b *Block) Slice(from, to int, dst *Block) {
	dst.Reset(b.Kind)
	if from == 0 && to == b.Rows {
		*dst = *b
		dst.borrowed = true
		return
	}
	dst.Rows = to - from
	if b.Present != nil {
		dst.Present = b.Present.Slice(from, to)
	}
	lo, hi := from, to
	if b.Offsets != nil {
		lo, hi = int(b.Offsets[from]), int(b.Offsets[to])
		dst.Offsets = rebase(nil, b.Offsets[from:to+1], b.Offsets[from])
	}
	switch b.Kind {
	case Int64:
		dst.Ints = b.Ints[lo:hi:hi]
	case Float64:
		dst.Floats = b.Floats[lo:hi:hi]
	case Ordinal:
		dst.Ords = b.Ords[lo:hi:hi]
	case Fixed16:
		dst.Data = b.Data[lo*16 : hi*16 : hi*16]
	case Bytes:
		start, end := b.dataRange(lo, hi)
		dst.Ends = rebase(dst.Ends, b.Ends[lo:hi], start)
		dst.Data = b.Data[start:end:end]
	}
	dst.borrowed = true
}

// dataRange returns where values [lo, hi) of a Bytes block stand in Data.
func (b *Block) dataRange(lo, hi int) (start, end uint32) {
	if lo > 0 {
		start = b.Ends[lo-1]
	}
	if hi == lo {
		return start, start
	}
	return start, b.Ends[hi-1]
}

// rebase appends the positions to dst, each less by base.
func rebase(dst, positions []uint32, base uint32) []uint32 {
	if cap(dst)-len(dst) < len(positions) {
		dst = append(make([]uint32, 0, len(dst)+len(positions)), dst...)
	}
	for _, p := range positions {
		dst = append(dst, p-base)
	}
	return dst
}

// Slice returns rows [from, to) as a set of their own, numbered from 0.
func (b Bitmap) Slice(from, to int) Bitmap {
	out := NewBitmap(to - from)
	first, shift := from>>6, from&63
	for i := range out {
		w := b[first+i] >> shift
		if shift != 0 && first+i+1 < len(b) {
			w |= b[first+i+1] << (64 - shift)
		}
		out[i] = w
	}
	if r := (to - from) & 63; r != 0 {
		out[len(out)-1] &= 1<<r - 1
	}
	return out
}

// CountRange is the number of rows of the set in [from, to).
func (b Bitmap) CountRange(from, to int) int {
	if from >= to {
		return 0
	}
	return b.rank(to) - b.rank(from)
}
