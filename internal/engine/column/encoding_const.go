package column

import "encoding/binary"

// The constant encoding holds one value for a whole stream:
//
//	integers  value (varint)
//	floats    bits (8 bytes)
//	fixed     value (16 bytes)
//	text      value (the rest)
//
// It is used for at most maxConstValues values, and for text of at most maxConstText bytes altogether.

// maxConstText is the most bytes a constant text stream may stand for; longer ones compress well
// enough.
const maxConstText = 1 << 20

func appendConstInts[T integer](dst []byte, v T) []byte {
	return binary.AppendVarint(append(dst, byte(encConst)), int64(v))
}

func fill[T any](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}
