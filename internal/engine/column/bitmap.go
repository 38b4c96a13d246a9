package column

import "math/bits"

// Bitmap is a set of row numbers below a length the owner knows. Bits beyond that length are zero.
// A nil Bitmap stands for "all rows" where a function says so.
type Bitmap []uint64

// NewBitmap makes an empty set for rows 0 to n-1.
func NewBitmap(n int) Bitmap { return make(Bitmap, (n+63)/64) }

// FullBitmap makes the set of all rows 0 to n-1.
func FullBitmap(n int) Bitmap {
	b := NewBitmap(n)
	b.Fill(n)
	return b
}

// Fill sets rows 0 to n-1.
func (b Bitmap) Fill(n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if r := n & 63; r != 0 {
		b[n>>6] = 1<<r - 1
	}
}

// Set adds row i.
func (b Bitmap) Set(i int) { b[i>>6] |= 1 << (i & 63) }

// SetRange adds rows lo to hi-1.
func (b Bitmap) SetRange(lo, hi int) {
	first, last := lo>>6, (hi-1)>>6
	head, tail := ^uint64(0)<<(lo&63), ^uint64(0)>>(63-(hi-1)&63)
	if lo >= hi {
		return
	}
	if first == last {
		b[first] |= head & tail
		return
	}
	b[first] |= head
	for i := first + 1; i < last; i++ {
		b[i] = ^uint64(0)
	}
	b[last] |= tail
}

// Clear removes row i.
func (b Bitmap) Clear(i int) { b[i>>6] &^= 1 << (i & 63) }

// Has says whether row i is in the set.
func (b Bitmap) Has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }

// Bit is 1 when row i is in the set, else 0.
func (b Bitmap) Bit(i int) int { return int(b[i>>6] >> (i & 63) & 1) }

// Reset removes all rows.
func (b Bitmap) Reset() { clear(b) }

// Count is the number of rows in the set.
func (b Bitmap) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// Any says whether the set has a row.
func (b Bitmap) Any() bool {
	for _, w := range b {
		if w != 0 {
			return true
		}
	}
	return false
}

// And keeps the rows that are also in o.
func (b Bitmap) And(o Bitmap) {
	for i := range b {
		b[i] &= o[i]
	}
}

// Or adds the rows of o.
func (b Bitmap) Or(o Bitmap) {
	for i := range b {
		b[i] |= o[i]
	}
}

// AndNot removes the rows of o.
func (b Bitmap) AndNot(o Bitmap) {
	for i := range b {
		b[i] &^= o[i]
	}
}

// Not turns the set into its complement within rows 0 to n-1.
func (b Bitmap) Not(n int) {
	for i := range b {
		b[i] = ^b[i]
	}
	if r := n & 63; r != 0 {
		b[n>>6] &= 1<<r - 1
	}
}

// Next returns the first row of the set that is not below from, or -1.
func (b Bitmap) Next(from int) int {
	i := from >> 6
	if i >= len(b) {
		return -1
	}
	w := b[i] >> (from & 63)
	if w != 0 {
		return from + bits.TrailingZeros64(w)
	}
	for i++; i < len(b); i++ {
		if b[i] != 0 {
			return i<<6 + bits.TrailingZeros64(b[i])
		}
	}
	return -1
}

// Prev returns the last row of the set that is not above from, or -1.
func (b Bitmap) Prev(from int) int {
	if from < 0 || len(b) == 0 {
		return -1
	}
	i := from >> 6
	if i >= len(b) {
		i, from = len(b)-1, len(b)<<6-1
	}
	w := b[i] << (63 - from&63)
	if w != 0 {
		return from - bits.LeadingZeros64(w)
	}
	for i--; i >= 0; i-- {
		if b[i] != 0 {
			return i<<6 + 63 - bits.LeadingZeros64(b[i])
		}
	}
	return -1
}

// Clone returns a copy.
func (b Bitmap) Clone() Bitmap { return append(Bitmap(nil), b...) }
