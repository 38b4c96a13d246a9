package column

import "bytes"

// The fixed encodings hold 16-byte values.
//
//	fixed16  the values end to end
//	fixed4   12 bytes that all values begin with | the last 4 bytes of each: IPv4 addresses

const fixedPrefix = 12

func appendFixed(dst, data []byte) []byte {
	n := len(data) / 16
	if n == 0 {
		return dst
	}
	same, samePrefix := n <= maxConstValues, true
	for i := 16; i < len(data); i += 16 {
		if samePrefix && !bytes.Equal(data[i:i+fixedPrefix], data[:fixedPrefix]) {
			same, samePrefix = false, false
			break
		}
		same = same && bytes.Equal(data[i+fixedPrefix:i+16], data[fixedPrefix:16])
	}
	switch {
	case same:
		return append(append(dst, byte(encConst)), data[:16]...)
	case samePrefix:
		dst = append(append(dst, byte(encFixed4)), data[:fixedPrefix]...)
		for i := fixedPrefix; i < len(data); i += 16 {
			dst = append(dst, data[i:i+4]...)
		}
		return dst
	default:
		return append(append(dst, byte(encFixed16)), data...)
	}
}

// readFixed decodes values [first, first+n) of a stream of total values into dst's buffer.
func readFixed(dst, src []byte, total, first, n int) ([]byte, error) {
	if total == 0 {
		return dst[:0], nil
	}
	c := cursor{rest: src}
	switch e := encoding(c.byte()); e {
	case encConst:
		if len(c.rest) < 16 || total > maxConstValues {
			return dst[:0], damaged("constant of %d fixed values", total)
		}
		dst = grow(dst, n*16)
		for i := 0; i < len(dst); i += 16 {
			copy(dst[i:], c.rest[:16])
		}
	case encFixed4:
		if len(c.rest) < fixedPrefix || (len(c.rest)-fixedPrefix)/4 < total {
			return dst[:0], damaged("%d fixed values of 4 bytes in %d bytes", total, len(c.rest))
		}
		dst = grow(dst, n*16)
		own := c.rest[fixedPrefix+first*4:]
		for i := range n {
			copy(dst[i*16:], c.rest[:fixedPrefix])
			copy(dst[i*16+fixedPrefix:], own[i*4:i*4+4])
		}
	case encFixed16:
		if len(c.rest)/16 < total {
			return dst[:0], damaged("%d fixed values of 16 bytes in %d bytes", total, len(c.rest))
		}
		dst = append(dst[:0], c.rest[first*16:(first+n)*16]...)
	default:
		return dst[:0], unknownEncoding("fixed values", e)
	}
	return dst, nil
}
