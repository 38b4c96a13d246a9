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
