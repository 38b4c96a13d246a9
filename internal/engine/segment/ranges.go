package segment

import (
	"encoding/binary"
	"math"
	"net/netip"
)

// The values of a range field are both ends, one after the other, each as bytes that compare as the ends do.

// RangeEnd is an end of a range of whole numbers or dates.
func RangeEnd(v int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(v)^1<<63) }

// FloatEnd is an end of a range of numbers with fractions.
func FloatEnd(v float64) []byte {
	n := int64(math.Float64bits(v + 0)) // adding 0 makes -0 into 0
	if n < 0 {
		n ^= math.MaxInt64
	}
	return RangeEnd(n)
}

// NetworkEnds are the ends of the range of a network's addresses.
func NetworkEnds(p netip.Prefix) (lo, hi []byte) {
	first := p.Masked().Addr()
	last := first.As16()
	host := first.BitLen() - p.Bits()
	for i := range 16 {
		if n := min(max(host-8*(15-i), 0), 8); n > 0 {
			last[i] |= 0xff >> (8 - n)
		}
	}
	start := first.As16()
	return start[:], last[:]
}
