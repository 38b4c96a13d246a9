package column

import "math/bits"

// rank is the number of rows of the set below row i.
func (b Bitmap) rank(i int) int {
	n := 0
	for _, w := range b[:i>>6] {
		n += bits.OnesCount64(w)
	}
	if r := i & 63; r != 0 {
		n += bits.OnesCount64(b[i>>6] & (1<<r - 1))
	}
	return n
}
