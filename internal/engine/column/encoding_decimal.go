package column

import (
	"math"
	"unsafe"
)

// The decimal encoding is for floats that were written with few digits after the point (prices,
// durations): whole numbers that, divided by a power of ten, give the very same bits.
//
//	digits after the point (1 byte, 0-15) | stream of integers
//
// The quotient of two floats that are exact is rounded correctly, so it is the float that the decimal
// itself would be read as; the encoder checks it for each value all the same.

const maxDecimalDigits = 15

// maxDecimalInt bounds the whole numbers: up to here floats hold them exactly.
const maxDecimalInt = 1 << 53

var powersOfTen = [maxDecimalDigits + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// toDecimal returns the whole number that stands for v, and whether there is one.
func toDecimal(v, power float64) (int64, bool) {
	m := math.RoundToEven(v * power)
	if !(math.Abs(m) < maxDecimalInt) {
		return 0, false
	}
	i := int64(m)
	return i, math.Float64bits(float64(i)/power) == math.Float64bits(v)
}

// appendDecimals appends the values as decimals, unless one of them is none or the raw bits are smaller.
func appendDecimals(dst []byte, values []float64) ([]byte, bool) {
	digits := 0
	for _, v := range values {
		for {
			if _, ok := toDecimal(v, powersOfTen[digits]); ok {
				break
			}
			if digits++; digits > maxDecimalDigits {
				return dst, false
			}
		}
	}
	whole := make([]int64, len(values))
	for i, v := range values {
		var ok bool
		if whole[i], ok = toDecimal(v, powersOfTen[digits]); !ok {
			return dst, false
		}
	}
	out := appendInts(append(dst, byte(encDecimal), byte(digits)), whole)
	if len(out)-len(dst) > 1+8*len(values) {
		return dst, false
	}
	return out, true
}

func readDecimals(dst []float64, src []byte, total, first, n int) ([]float64, error) {
	c := cursor{rest: src}
	digits := c.byte()
	if c.bad || digits > maxDecimalDigits {
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
		dst[i] = float64(w) / power
	}
	return dst, nil
}
