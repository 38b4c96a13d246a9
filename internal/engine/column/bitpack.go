package column

import "encoding/binary"

// integer is what bit packing works on: values, ordinals and format bytes.
type integer interface{ ~int64 | ~uint32 | ~uint8 }

// maxPackedWidth is the widest value that one eight-byte load covers at any bit offset; wider values
// take 64 bits.
const maxPackedWidth = 57

// packedWidth is the bits to pack values up to max (unsigned).
func packedWidth(bitLen int) uint {
	if bitLen > maxPackedWidth {
		return 64
	}
	return uint(bitLen)
}

// packedBytes is the size of n values of a width.
func packedBytes(n int, width uint) int { return int((uint64(n)*uint64(width) + 7) / 8) }

// appendPacked appends the differences of values from base, width bits each, the lowest bit first.
func appendPacked[T integer](dst []byte, values []T, base uint64, width uint) []byte {
	if width == 64 {
		for _, v := range values {
			dst = binary.LittleEndian.AppendUint64(dst, uint64(v)-base)
		}
		return dst
	}
	var acc uint64
	var filled uint
	for _, v := range values {
		d := uint64(v) - base
		acc |= d << filled
		filled += width
		if filled >= 64 {
			dst = binary.LittleEndian.AppendUint64(dst, acc)
			filled -= 64
			acc = d >> (width - filled)
		}
	}
	for ; filled > 0; filled -= min(filled, 8) {
		dst = append(dst, byte(acc))
		acc >>= 8
	}
	return dst
}

// unpack sets dst to the values from number first on. packed holds all of them.
func unpack[T integer](dst []T, packed []byte, first int, base uint64, width uint) {
	if width == 64 {
		packed = packed[first*8:]
		for i := range dst {
			dst[i] = T(base + binary.LittleEndian.Uint64(packed[i*8:]))
		}
		return
	}
	// Values that begin at a whole byte are taken several at a load; those before the first such and
	// after the last one by one.
	n := 0
	if group := groupOf(width); group > 1 {
		n = min(-first&(group-1), len(dst))
		unpackOne(dst[:n], packed, first, base, width)
		switch group {
		case 8:
			n += unpack8(dst[n:], packed, first+n, base, width)
		case 4:
			n += unpack4(dst[n:], packed, first+n, base, width)
		case 2:
			n += unpack2(dst[n:], packed, first+n, base, width)
		}
	}
	unpackOne(dst[n:], packed, first+n, base, width)
}

// groupOf is how many values of a width one eight-byte load covers when the first of them has a number
// that is a multiple of the group.
func groupOf(width uint) int {
	switch {
	case width <= 8:
		return 8
	case width <= 16:
		return 4
	case width <= 29:
		return 2
	}
	return 1
}

// unpack8 sets groups of eight values and returns how many it set; first is a multiple of eight.
func unpack8[T integer](dst []T, packed []byte, first int, base uint64, width uint) int {
	mask, w := uint64(1)<<width-1, width&15
	at, n := first/8*int(width), 0
	for ; n+8 <= len(dst) && at+8 <= len(packed); n += 8 {
		v := binary.LittleEndian.Uint64(packed[at:])
		high := v >> (4 * w)
		at += int(width)
		out := dst[n : n+8 : n+8]
		out[0] = T(base + v&mask)
		out[1] = T(base + v>>w&mask)
		out[2] = T(base + v>>(2*w)&mask)
		out[3] = T(base + v>>(3*w)&mask)
		out[4] = T(base + high&mask)
		out[5] = T(base + high>>w&mask)
		out[6] = T(base + high>>(2*w)&mask)
		out[7] = T(base + high>>(3*w)&mask)
	}
	return n
}

// unpack4 is unpack8 for groups of four.
func unpack4[T integer](dst []T, packed []byte, first int, base uint64, width uint) int {
	mask := uint64(1)<<width - 1
	bit, n := uint64(first)*uint64(width), 0
	for ; n+4 <= len(dst) && int(bit>>3)+8 <= len(packed); n += 4 {
		v := binary.LittleEndian.Uint64(packed[bit>>3:]) >> (bit & 7)
		bit += 4 * uint64(width)
		out := dst[n : n+4 : n+4]
		out[0] = T(base + v&mask)
		v >>= width & 63
		out[1] = T(base + v&mask)
		v >>= width & 63
		out[2] = T(base + v&mask)
		v >>= width & 63
		out[3] = T(base + v&mask)
	}
	return n
}

// unpack2 is unpack8 for groups of two.
func unpack2[T integer](dst []T, packed []byte, first int, base uint64, width uint) int {
	mask := uint64(1)<<width - 1
	bit, n := uint64(first)*uint64(width), 0
	for ; n+2 <= len(dst) && int(bit>>3)+8 <= len(packed); n += 2 {
		v := binary.LittleEndian.Uint64(packed[bit>>3:]) >> (bit & 7)
		bit += 2 * uint64(width)
		out := dst[n : n+2 : n+2]
		out[0] = T(base + v&mask)
		out[1] = T(base + v>>(width&63)&mask)
	}
	return n
}

// unpackOne sets dst value by value.
func unpackOne[T integer](dst []T, packed []byte, first int, base uint64, width uint) {
	if len(dst) == 0 {
		return
	}
	mask := uint64(1)<<width - 1
	bit := uint64(first) * uint64(width)
	// The last values are read from a copy with zeros behind it: an eight-byte load would reach
	// beyond the end.
	direct := 0
	if len(packed) >= 8 {
		direct = min(len(dst), int((uint64(len(packed)-8)*8+7-bit)/uint64(width))+1)
		if uint64(len(packed)-8)*8+7 < bit {
			direct = 0
		}
	}
	for i := range dst[:direct] {
		dst[i] = T(base + binary.LittleEndian.Uint64(packed[bit>>3:])>>(bit&7)&mask)
		bit += uint64(width)
	}
	if direct == len(dst) {
		return
	}
	tailAt := bit >> 3
	var tail [24]byte
	copy(tail[:16], packed[tailAt:])
	for i := direct; i < len(dst); i++ {
		at := bit>>3 - tailAt
		dst[i] = T(base + binary.LittleEndian.Uint64(tail[at:])>>(bit&7)&mask)
		bit += uint64(width)
	}
}
