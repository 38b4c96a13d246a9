package painless

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math"
	"slices"
)

// hashOf is Object.hashCode.
func hashOf(v Value) int32 {
	steps := maxCompared
	return hashWithin(v, &steps)
}

func hashWithin(v Value, steps *int) int32 {
	countDown(steps)
	switch v.kind {
	case KindNull:
		return 0
	case KindBool:
		if v.num != 0 {
			return 1231
		}
		return 1237
	case KindLong:
		return int32(v.num ^ v.num>>32)
	case KindDouble:
		b := math.Float64bits(v.Double())
		return int32(b ^ b>>32)
	case KindFloat:
		return int32(math.Float32bits(float32(v.Double())))
	case KindString:
		return hashText(v.Text())
	case KindList:
		h := int32(1)
		for _, item := range v.ref.(*List).items {
			h = 31*h + hashWithin(item, steps)
		}
		return h
	case KindMap, KindSet:
		m := v.ref.(*Map)
		h := int32(0)
		for i := range m.Len() {
			if v.kind == KindSet {
				h += hashWithin(m.keys[i], steps)
			} else {
				h += hashWithin(m.keys[i], steps) ^ hashWithin(m.values[i], steps)
			}
		}
		return h
	case KindByte, KindShort, KindChar, KindInt:
		return int32(v.num)
	}
	return hashText(v.String())
}

// objectMethods are what every value has.
func objectMethods() map[string]methodFunc {
	return map[string]methodFunc{
		"equals/1":   func(fr *frame, v Value, args []Value) Value { return BoolOf(fr.equal(v, args[0])) },
		"hashCode/0": func(fr *frame, v Value, _ []Value) Value { return IntOf(hashOf(v)) },
		"toString/0": func(fr *frame, v Value, _ []Value) Value { return StringOf(string(fr.appendText(nil, v))) },
	}
}

// equalObjects compares objects of classes that compare by content.
func equalObjects(a, b object) bool {
	if x, ok := a.(interface{ equals(object) bool }); ok {
		return x.equals(b)
	}
	if a.class().byContent {
		return a.class() == b.class() && a.show() == b.show()
	}
	return false
}

// valuesMethods are those of ScriptDocValues.
func valuesMethods() map[string]methodFunc {
	on := func(f func(fr *frame, d *docField, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value { return f(fr, self.ref.(*docField), args) }
	}
	list := func(fr *frame, self Value, _ []Value) Value {
		fr.r.alloc(valueBytes * sizeOf(self))
		return listValue(valuesList(self))
	}
	geo := func(name string) methodFunc {
		return on(func(fr *frame, d *docField, _ []Value) Value {
			v := d.first()
			g, ok := v.ref.(*GeoPoint)
			if v.kind != KindObject || !ok {
				throw("IllegalArgumentException", "dynamic getter [%s, %s] not found", className(v), name)
			}
			if name == "lat" {
				return DoubleOf(g.Lat)
			}
			return DoubleOf(g.Lon)
		})
	}
	out := map[string]methodFunc{
		"getValue/0":  on(func(_ *frame, d *docField, _ []Value) Value { return d.first() }),
		"getValues/0": list,
		"getLat/0":    geo("lat"), "getLon/0": geo("lon"),
	}
	for name, f := range geoMethods() {
		out[name] = on(func(fr *frame, d *docField, args []Value) Value {
			v := d.first()
			if v.kind != KindObject {
				throw("IllegalArgumentException", "dynamic method [%s, %s] not found", className(v), name)
			}
			return f(fr, v, args)
		})
	}
	return out
}

func valuesGet(d *docField, i int) Value {
	if d.values.Len() == 0 {
		return d.first()
	}
	if i < 0 || i >= d.values.Len() {
		throw("IndexOutOfBoundsException", "Index %d out of bounds for length %d", i, d.values.Len())
	}
	return d.values.At(i)
}

// docMethods are those of doc.
func docMethods() map[string]methodFunc {
	has := func(fr *frame, _ Value, args []Value) Value { return BoolOf(fr.r.find(textArg(args[0])).values != nil) }
	return map[string]methodFunc{
		"containsKey/1": has,
		"get/1": func(fr *frame, _ Value, args []Value) Value {
			return Value{kind: KindValues, ref: fr.r.find(textArg(args[0])).mapped()}
		},
	}
}

// fieldGet is field('f').get(default) and field('f').get(i, default).
func fieldGet(d *docField, i int, otherwise Value) Value {
	if d.values == nil || i < 0 || i >= d.values.Len() {
		return otherwise
	}
	return d.values.At(i)
}

// fieldMethods are those of field('f').
func fieldMethods() map[string]methodFunc {
	on := func(f func(fr *frame, d *docField, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value { return f(fr, self.ref.(*docField), args) }
	}
	size := func(d *docField) int {
		if d.values == nil {
			return 0
		}
		return d.values.Len()
	}
	list := func(fr *frame, d *docField) []Value {
		out := make([]Value, size(d))
		fr.r.alloc(valueBytes * len(out))
		for i := range out {
			out[i] = d.values.At(i)
		}
		return out
	}
	return map[string]methodFunc{
		"get/1":     on(func(_ *frame, d *docField, args []Value) Value { return fieldGet(d, 0, args[0]) }),
		"get/2":     on(func(_ *frame, d *docField, args []Value) Value { return fieldGet(d, intArg(args[0]), args[1]) }),
		"isEmpty/0": on(func(_ *frame, d *docField, _ []Value) Value { return BoolOf(size(d) == 0) }),
		"size/0":    on(func(_ *frame, d *docField, _ []Value) Value { return IntOf(int32(size(d))) }),
		"getName/0": on(func(_ *frame, d *docField, _ []Value) Value { return StringOf(d.name) }),
		"iterator/0": on(func(fr *frame, d *docField, _ []Value) Value {
			return objectOf(&iterator{items: list(fr, d)})
		}),
	}
}

// functionMethods are those of the functional interfaces.
func functionMethods() map[string]methodFunc {
	out := map[string]methodFunc{}
	call := func(fr *frame, self Value, args []Value) Value { return callFunc(fr, self, args...) }
	for _, name := range []string{"apply", "test", "accept", "compare", "applyAsInt", "applyAsLong", "applyAsDouble"} {
		out[name+"/1"], out[name+"/2"] = call, call
	}
	for _, name := range []string{"get", "run", "call", "getAsInt", "getAsLong", "getAsDouble", "getAsBoolean"} {
		out[name+"/0"] = call
	}
	out["reversed/0"] = func(_ *frame, self Value, _ []Value) Value {
		return funcOf("reversed", 2, func(fr *frame, args []Value) Value { return callFunc(fr, self, args[1], args[0]) })
	}
	then := func(_ *frame, self Value, more []Value) Value {
		more = slices.Clone(more)
		return funcOf("thenComparing", 2, func(fr *frame, args []Value) Value {
			if v := callFunc(fr, self, args...); v.Long() != 0 {
				return v
			}
			return callFunc(fr, more[0], args...)
		})
	}
	out["thenComparing/1"] = func(_ *frame, self Value, more []Value) Value {
		more = slices.Clone(more)
		// a function of one argument is a key, of two an order: what it is shows when it is called
		return funcOf("thenComparing", 2, func(fr *frame, args []Value) Value {
			if v := callFunc(fr, self, args...); v.Long() != 0 {
				return v
			}
			if f, ok := more[0].ref.(*function); ok && f.args == 1 {
				return compareBy(fr, more[0], Null, args)
			}
			return callFunc(fr, more[0], args...)
		})
	}
	for _, name := range []string{"thenComparingInt/1", "thenComparingLong/1", "thenComparingDouble/1"} {
		out[name] = func(_ *frame, self Value, more []Value) Value {
			more = slices.Clone(more)
			by := funcOf("by", 2, func(fr *frame, args []Value) Value { return compareBy(fr, more[0], Null, args) })
			return then(nil, self, []Value{by})
		}
	}
	out["negate/0"] = func(_ *frame, self Value, _ []Value) Value {
		return funcValue("negate", func(fr *frame, args []Value) Value { return BoolOf(!callTest(fr, self, args...)) })
	}
	out["and/1"] = func(_ *frame, self Value, more []Value) Value {
		more = slices.Clone(more)
		return funcValue("and", func(fr *frame, args []Value) Value {
			return BoolOf(callTest(fr, self, args...) && callTest(fr, more[0], args...))
		})
	}
	out["or/1"] = func(_ *frame, self Value, more []Value) Value {
		more = slices.Clone(more)
		return funcValue("or", func(fr *frame, args []Value) Value {
			return BoolOf(callTest(fr, self, args...) || callTest(fr, more[0], args...))
		})
	}
	out["andThen/1"] = func(_ *frame, self Value, more []Value) Value {
		more = slices.Clone(more)
		return funcValue("andThen", func(fr *frame, args []Value) Value { return callFunc(fr, more[0], callFunc(fr, self, args...)) })
	}
	out["compose/1"] = func(_ *frame, self Value, more []Value) Value {
		more = slices.Clone(more)
		return funcValue("compose", func(fr *frame, args []Value) Value { return callFunc(fr, self, callFunc(fr, more[0], args...)) })
	}
	return out
}

// compareBy compares two values by what a function says of each.
func compareBy(fr *frame, key, order Value, args []Value) Value {
	a, b := callFunc(fr, key, args[0]), callFunc(fr, key, args[1])
	if order.kind != KindNull {
		return callFunc(fr, order, a, b)
	}
	return IntOf(int32(compareNatural(a, b)))
}

func encodeBase64(fr *frame, s string, _ []Value) Value {
	return fr.newText(base64.StdEncoding.EncodeToString([]byte(s)))
}

func decodeBase64(fr *frame, s string, _ []Value) Value {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		throw("IllegalArgumentException", "the text is not base64")
	}
	return fr.newText(string(b))
}

// digest is String.sha1 and String.sha256.
func digest(name string) func(fr *frame, s string, _ []Value) Value {
	return func(fr *frame, s string, _ []Value) Value {
		fr.r.spend(len(s) / 16)
		if name == "sha1" {
			sum := sha1.Sum([]byte(s))
			return fr.newText(hex.EncodeToString(sum[:]))
		}
		sum := sha256.Sum256([]byte(s))
		return fr.newText(hex.EncodeToString(sum[:]))
	}
}
