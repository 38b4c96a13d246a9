package column

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// The float32 encodings are for values that were rounded to single precision (fields of type float, which dynamic mapping gives): a
// short decimal is none any more when it is looked at in double precision.
//
//	decimal32  digits after the point (1 byte, 0-15) | stream of integers: whole numbers that, divided by a power of ten and
//	           rounded to single precision, give the very same bits
//	float32    the bits of each value in single precision, 4 bytes, lowest byte first

// maxDecimal32Digits is the most digits after the point that are tried.
const maxDecimal32Digits = 10

// toDecimal32 returns the whole number that stands for v, and whether there is one.
func toDecimal32(v, power float64) (int64, bool) {
	m := math.RoundToEven(v * power)
	if !(math.Abs(m) < 1<<31) {
		return 0, false
	}
	i := int64(m)
	return i, math.Float64bits(fromDecimal32(i, power)) == math.Float64bits(v)
}

func fromDecimal32(i int64, power float64) float64 { return float64(float32(float64(i) / power)) }

// areSingles says whether all values are of single precision.
func areSingles(values []float64) bool {
	for _, v := range values {
		if math.Float64bits(float64(float32(v))) != math.Float64bits(v) {
			return false
		}
	}
	return true
}

// appendSingles appends values of single precision.
func appendSingles(dst []byte, values []float64) []byte {
	if out, ok := appendDecimals32(dst, values); ok {
		return out
	}
	dst = append(dst, byte(encFloat32))
	for _, v := range values {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(v)))
	}
	return dst
}

// appendDecimals32 appends the values as decimals, unless one of them is none or the raw bits are smaller.
func appendDecimals32(dst []byte, values []float64) ([]byte, bool) {
	digits := 0
	for _, v := range values {
		for {
			if _, ok := toDecimal32(v, powersOfTen[digits]); ok {
				break
			}
			if digits++; digits > maxDecimal32Digits {
				return dst, false
			}
		}
	}
	whole := make([]int64, len(values))
	for i, v := range values {
		var ok bool
		if whole[i], ok = toDecimal32(v, powersOfTen[digits]); !ok {
			return dst, false
		}
	}
	out := appendInts(append(dst, byte(encDecimal32), byte(digits)), whole)
	return out, len(out)-len(dst) <= 1+4*len(values)
}

func readDecimals32(dst []float64, src []byte, total, first, n int) ([]float64, error) {
	c := cursor{rest: src}
	digits := c.byte()
	if c.bad || digits > maxDecimal32Digits {
		return dst[:0], damaged("decimals of %d digits", digits)
	}
	s, err := parseInts(c.rest, total)
	if err != nil {
		return dst[:0], err
	}
	dst = grow(dst, n)
	if n == 0 {
		return dst, nil
	}
	// The whole numbers are decoded into the very memory of the floats and divided in place.
	whole := unsafe.Slice((*int64)(unsafe.Pointer(unsafe.SliceData(dst))), n)
	decodeInts(&s, first, whole)
	power := powersOfTen[digits]
	for i, w := range whole {
		dst[i] = fromDecimal32(w, power)
	}
	return dst, nil
}

func readSingles(dst []float64, src []byte, total, first, n int) ([]float64, error) {
	if len(src)/4 < total {
		return dst[:0], damaged("%d floats of single precision in %d bytes", total, len(src))
	}
	dst = grow(dst, n)
	for i := range dst {
		dst[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src[4*(first+i):])))
	}
	return dst, nil
}
