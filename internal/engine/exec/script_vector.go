package exec

import (
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/painless"
)

// vectorValues are a dense_vector in the row at hand; they implement painless.VectorValues.
type vectorValues struct {
	columnValues
}

func (v *vectorValues) value() []byte {
	v.load()
	if v.lo == v.hi {
		return nil
	}
	return v.col.text(v.data, v.lo)
}

// At gives the dimensions as a list.
func (v *vectorValues) At(int) painless.Value {
	var items []painless.Value
	for _, x := range v.Vector(nil) {
		items = append(items, painless.DoubleOf(float64(x)))
	}
	return painless.ListOf(items...)
}

func (v *vectorValues) Dims() int {
	if raw := v.value(); raw != nil {
		return segment.VectorDims(raw)
	}
	return v.field.spec.Dims
}

func (v *vectorValues) Dot(to []float32) float32 { return segment.VectorDot(v.value(), to) }

func (v *vectorValues) Squares(to []float32) float32 { return segment.VectorSquares(v.value(), to) }

func (v *vectorValues) Magnitude() float32 { return segment.VectorMagnitude(v.value()) }

func (v *vectorValues) Vector(dst []float32) []float32 { return segment.ReadVector(dst, v.value()) }

// noVector is a dense_vector that no document of a segment has.
type noVector struct {
	constantValues
	dims int
}

func (v noVector) Dims() int                    { return v.dims }
func (noVector) Dot([]float32) float32          { return 0 }
func (noVector) Squares([]float32) float32      { return 0 }
func (noVector) Magnitude() float32             { return 0 }
func (noVector) Vector(dst []float32) []float32 { return dst }
