package painless

import "math"

// VectorValues are the values of a dense_vector: one vector or none.
type VectorValues interface {
	FieldValues
	// Dims is how many dimensions the field has.
	Dims() int
	// Dot and Squares compare the vector with another of as many dimensions: the dot product, and the square of the distance.
	Dot(to []float32) float32
	Squares(to []float32) float32
	// Magnitude is the vector's length.
	Magnitude() float32
	// Vector appends the dimensions.
	Vector(dst []float32) []float32
}

// vectorFunctions compare the vector of a document with one that the script gives. They are those of the context score.
func vectorFunctions() map[string]staticFunc {
	on := func(f func(fr *frame, field VectorValues, to []float32) float64) staticFunc {
		return func(fr *frame, args []Value) Value {
			field := vectorOf(fr.r.find(textArg(args[1])).mapped())
			to := fr.r.vector(args[0])
			fr.r.spend(len(to) / 8) // a dimension costs less than what is counted as a step
			if len(to) != field.Dims() {
				throw("IllegalArgumentException", "The query vector has a different number of dimensions [%d] than the document vectors [%d].", len(to), field.Dims())
			}
			if field.Len() == 0 {
				throw("IllegalArgumentException", "A document doesn't have a value for a vector field!")
			}
			return DoubleOf(f(fr, field, to))
		}
	}
	return map[string]staticFunc{
		"cosineSimilarity/2": on(func(fr *frame, field VectorValues, to []float32) float64 {
			return float64(field.Dot(to)) / (float64(field.Magnitude()) * fr.r.env.known.magnitude)
		}),
		"dotProduct/2": on(func(_ *frame, field VectorValues, to []float32) float64 { return float64(field.Dot(to)) }),
		"l2norm/2": on(func(_ *frame, field VectorValues, to []float32) float64 {
			return math.Sqrt(float64(field.Squares(to)))
		}),
		"l1norm/2": on(func(fr *frame, field VectorValues, to []float32) float64 {
			sum := 0.0
			fr.r.env.known.other = field.Vector(fr.r.env.known.other[:0])
			for i, x := range fr.r.env.known.other {
				sum += math.Abs(float64(x) - float64(to[i]))
			}
			return sum
		}),
	}
}

// knownVector is the vector of a script as it was read from the list that it stands in.
type knownVector struct {
	list      *List
	items     []Value // of list when it was read
	dims      []float32
	magnitude float64
	other     []float32 // room for a document's vector
}

// same says whether a list still holds what was read from it.
func (k *knownVector) same(items []Value) bool {
	if len(items) != len(k.items) {
		return false
	}
	for i := range items {
		if items[i].kind != k.items[i].kind || items[i].num != k.items[i].num {
			return false
		}
	}
	return true
}

// vector reads a list of numbers. That of the parameters is the same for each document, and is read once.
func (r *run) vector(v Value) []float32 {
	l := v.List()
	if l == nil {
		badDefCast(v, classes["List"].typ())
	}
	k := &r.env.known
	if k.list == l && k.same(l.items) {
		return k.dims
	}
	r.spend(len(l.items))
	k.list, k.dims, k.items = l, k.dims[:0], append(k.items[:0], l.items...)
	squares := 0.0
	for _, item := range l.items {
		x := numberArg(item).Double()
		k.dims = append(k.dims, float32(x))
		squares += x * x
	}
	k.magnitude = math.Sqrt(squares)
	return k.dims
}

func vectorOf(d *docField) VectorValues {
	v, ok := d.values.(VectorValues)
	if !ok {
		throw("IllegalArgumentException", "[%s] is no field of type [dense_vector]", d.name)
	}
	return v
}

// vectorMethods are those of doc['f'] where f is a dense_vector.
func vectorMethods() map[string]methodFunc {
	on := func(f func(fr *frame, d *docField) Value) methodFunc {
		return func(fr *frame, self Value, _ []Value) Value { return f(fr, self.ref.(*docField)) }
	}
	return map[string]methodFunc{
		"getVectorValue/0": on(func(fr *frame, d *docField) Value {
			field := vectorOf(d)
			if field.Len() == 0 {
				d.first()
			}
			fr.r.alloc(valueBytes * field.Dims())
			fr.r.env.known.other = field.Vector(fr.r.env.known.other[:0])
			l := &List{fixed: true, of: "float[]"}
			for _, x := range fr.r.env.known.other {
				l.items = append(l.items, DoubleOf(float64(x)))
			}
			return listValue(l)
		}),
		"getMagnitude/0": on(func(_ *frame, d *docField) Value {
			field := vectorOf(d)
			if field.Len() == 0 {
				d.first()
			}
			return DoubleOf(float64(field.Magnitude()))
		}),
	}
}
