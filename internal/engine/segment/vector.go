package segment

import (
	"encoding/binary"
	"math"
)

// The value of a dense_vector is its dimensions and then its magnitude, which comparing needs and which takes as long to reckon as
// comparing: little-endian float32 each.
//
//	dimension 0 | dimension 1 | … | magnitude

// floatBytes is what a dimension takes.
const floatBytes = 4

// AppendVector appends the value that holds a vector.
func AppendVector(dst []byte, v []float32) []byte {
	squares := 0.0
	for _, x := range v {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(x))
		squares += float64(x) * float64(x)
	}
	return binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(math.Sqrt(squares))))
}

// VectorDims is the number of dimensions of a value.
func VectorDims(value []byte) int { return len(value)/floatBytes - 1 }

// VectorMagnitude is a value's length.
func VectorMagnitude(value []byte) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(value[len(value)-floatBytes:]))
}

// ReadVector appends the dimensions of a value.
func ReadVector(dst []float32, value []byte) []float32 {
	for i := range VectorDims(value) {
		dst = append(dst, math.Float32frombits(binary.LittleEndian.Uint32(value[i*floatBytes:])))
	}
	return dst
}

// VectorDot is the dot product of a value and a vector with as many dimensions.
func VectorDot(value []byte, v []float32) float32 {
	var a, b, c, d float32 // four sums do not wait for each other
	for len(v) >= 4 {
		x := value[: 4*floatBytes : 4*floatBytes]
		a += math.Float32frombits(binary.LittleEndian.Uint32(x)) * v[0]
		b += math.Float32frombits(binary.LittleEndian.Uint32(x[4:])) * v[1]
		c += math.Float32frombits(binary.LittleEndian.Uint32(x[8:])) * v[2]
		d += math.Float32frombits(binary.LittleEndian.Uint32(x[12:])) * v[3]
		value, v = value[4*floatBytes:], v[4:]
	}
	for i, y := range v {
		a += math.Float32frombits(binary.LittleEndian.Uint32(value[i*floatBytes:])) * y
	}
	return a + b + c + d
}

// VectorSquares is the square of the distance between a value and a vector with as many dimensions.
func VectorSquares(value []byte, v []float32) float32 {
	var a, b float32
	for len(v) >= 2 {
		x := math.Float32frombits(binary.LittleEndian.Uint32(value)) - v[0]
		y := math.Float32frombits(binary.LittleEndian.Uint32(value[floatBytes:])) - v[1]
		a, b = a+x*x, b+y*y
		value, v = value[2*floatBytes:], v[2:]
	}
	if len(v) == 1 {
		x := math.Float32frombits(binary.LittleEndian.Uint32(value)) - v[0]
		a += x * x
	}
	return a + b
}
