package painless

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// mathDouble1 and mathDouble2 are the functions of Math on doubles.
var mathDouble1 = map[string]func(float64) float64{
	"sqrt": math.Sqrt, "cbrt": math.Cbrt, "exp": math.Exp, "expm1": math.Expm1, "log": math.Log, "log10": math.Log10, "log1p": math.Log1p, "floor": math.Floor,
	"ceil": math.Ceil, "rint": math.RoundToEven, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
	"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh, "toRadians": func(x float64) float64 { return x / 180 * math.Pi },
	"toDegrees": func(x float64) float64 { return x * 180 / math.Pi }, "signum": signum,
}

var mathDouble2 = map[string]func(x, y float64) float64{
	"pow": math.Pow, "atan2": math.Atan2, "hypot": math.Hypot, "IEEEremainder": math.Remainder, "copySign": math.Copysign,
}

func signum(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// mathStatics are the functions of Math whose result has the type of what they are given.
func mathStatics() map[string]staticFunc {
	pick := func(sign int) staticFunc {
		return func(_ *frame, args []Value) Value {
			a, b := numberArg(args[0]), numberArg(args[1])
			k := promote(a.kind, b.kind)
			x, y := convert(a, k), convert(b, k)
			if k >= KindFloat && (x.Double() != x.Double() || y.Double() != y.Double()) {
				return convert(DoubleOf(math.NaN()), k)
			}
			if compareNatural(x, y)*sign >= 0 {
				return x
			}
			return y
		}
	}
	exact := func(f func(a, b int64) (int64, bool)) staticFunc {
		return func(_ *frame, args []Value) Value {
			a, b := numberArg(args[0]), numberArg(args[1])
			k := promote(a.kind, b.kind)
			n, ok := f(a.Long(), b.Long())
			if !ok || narrow(k, n) != n {
				throw("ArithmeticException", "%s overflow", map[Kind]string{KindInt: "integer", KindLong: "long"}[k])
			}
			return Value{kind: k, num: uint64(n)}
		}
	}
	return map[string]staticFunc{
		"abs/1": func(_ *frame, args []Value) Value {
			v := numberArg(args[0])
			k := max(v.kind, KindInt)
			if k > KindLong {
				return convert(DoubleOf(math.Abs(v.Double())), k)
			}
			if n := v.Long(); n < 0 {
				return Value{kind: k, num: uint64(narrow(k, -n))}
			}
			return convert(v, k)
		},
		"max/2": pick(1), "min/2": pick(-1),
		"round/1": func(_ *frame, args []Value) Value {
			v := numberArg(args[0])
			if v.kind == KindFloat {
				return Value{kind: KindInt, num: uint64(doubleToInt(math.Floor(v.Double() + 0.5)))}
			}
			return LongOf(doubleToLong(math.Floor(v.Double() + 0.5)))
		},
		"random/0": nil,
		"floorDiv/2": func(_ *frame, args []Value) Value {
			a, b := numberArg(args[0]), numberArg(args[1])
			k := promote(a.kind, b.kind)
			q, r := addLong(opDiv, a.Long(), b.Long()), addLong(opRem, a.Long(), b.Long())
			if r != 0 && (r < 0) != (b.Long() < 0) {
				q--
			}
			return Value{kind: k, num: uint64(narrow(k, q))}
		},
		"floorMod/2": func(_ *frame, args []Value) Value {
			a, b := numberArg(args[0]), numberArg(args[1])
			r := addLong(opRem, a.Long(), b.Long())
			if r != 0 && (r < 0) != (b.Long() < 0) {
				r += b.Long()
			}
			return Value{kind: promote(a.kind, b.kind), num: uint64(r)}
		},
		"addExact/2": exact(func(a, b int64) (int64, bool) {
			s := a + b
			return s, (a >= 0) != (b >= 0) || (s >= 0) == (a >= 0)
		}),
		"subtractExact/2": exact(func(a, b int64) (int64, bool) {
			s := a - b
			return s, (a >= 0) == (b >= 0) || (s >= 0) == (a >= 0)
		}),
		"multiplyExact/2": exact(func(a, b int64) (int64, bool) {
			if a == 0 || b == 0 {
				return 0, true
			}
			p := a * b
			return p, p/b == a && !(a == -1 && b == math.MinInt64) && !(b == -1 && a == math.MinInt64)
		}),
		"toIntExact/1": func(_ *frame, args []Value) Value {
			n := numberArg(args[0]).Long()
			if n != int64(int32(n)) {
				throw("ArithmeticException", "integer overflow")
			}
			return IntOf(int32(n))
		},
	}
}

func numberArg(v Value) Value {
	if !v.numeric() {
		badDefCast(v, typDouble)
	}
	return v
}

// numberMethods are those of Integer, Double and the like.
func numberMethods() map[string]methodFunc {
	to := func(k Kind) methodFunc {
		return func(_ *frame, v Value, _ []Value) Value {
			if !v.numeric() {
				throw("IllegalArgumentException", "dynamic method [%s] not found", className(v))
			}
			return convert(v, k)
		}
	}
	return map[string]methodFunc{
		"intValue/0": to(KindInt), "longValue/0": to(KindLong), "doubleValue/0": to(KindDouble), "floatValue/0": to(KindFloat),
		"shortValue/0": to(KindShort), "byteValue/0": to(KindByte),
		"booleanValue/0": func(_ *frame, v Value, _ []Value) Value { return BoolOf(v.num != 0) },
		"charValue/0":    func(_ *frame, v Value, _ []Value) Value { return v },
		"compareTo/1":    func(_ *frame, v Value, args []Value) Value { return IntOf(int32(compareNatural(v, args[0]))) },
		"isNaN/0":        func(_ *frame, v Value, _ []Value) Value { return BoolOf(math.IsNaN(v.Double())) },
		"isInfinite/0":   func(_ *frame, v Value, _ []Value) Value { return BoolOf(math.IsInf(v.Double(), 0)) },
	}
}

// parseWhole is Integer.parseInt and Long.parseLong.
func parseWhole(k Kind) func(_ *frame, args []Value) Value {
	return func(_ *frame, args []Value) Value {
		base := 10
		if len(args) == 2 {
			base = intArg(args[1])
		}
		if args[0].kind == KindNull {
			throw("NumberFormatException", "Cannot parse null string: null")
		}
		text := textArg(args[0])
		size := 64
		if k == KindInt {
			size = 32
		}
		if base < 2 || base > 36 {
			throw("NumberFormatException", "radix %d out of range", base)
		}
		n, err := strconv.ParseInt(text, base, size)
		if err != nil {
			if base != 10 {
				throw("NumberFormatException", "For input string: \"%s\" under radix %d", clip(text), base)
			}
			throw("NumberFormatException", "For input string: \"%s\"", clip(text))
		}
		return Value{kind: k, num: uint64(n)}
	}
}

// parseSmall is Byte.parseByte and Short.parseShort.
func parseSmall(k Kind, low, high int64) staticFunc {
	parse := parseWhole(KindInt)
	return func(fr *frame, args []Value) Value {
		if args[0].kind != KindString && args[0].kind != KindNull {
			return convertDef(args[0], typ{kind: k}, false)
		}
		n := parse(fr, args).Long()
		if n < low || n > high {
			throw("NumberFormatException", "Value out of range. Value:\"%s\" Radix:10", clip(textArg(args[0])))
		}
		return Value{kind: k, num: uint64(n)}
	}
}

// decodeWhole is Integer.decode and Long.decode: the base is in how the number is written.
func decodeWhole(k Kind) staticFunc {
	parse := parseWhole(k)
	return func(fr *frame, args []Value) Value {
		text := textArg(args[0])
		sign := ""
		if text != "" && (text[0] == '-' || text[0] == '+') {
			sign, text = text[:1], text[1:]
		}
		base := int32(10)
		switch lower := strings.ToLower(text); {
		case strings.HasPrefix(lower, "0x"):
			base, text = 16, text[2:]
		case strings.HasPrefix(lower, "#"):
			base, text = 16, text[1:]
		case len(text) > 1 && text[0] == '0':
			base, text = 8, text[1:]
		}
		return parse(fr, []Value{StringOf(sign + text), IntOf(base)})
	}
}

func parseReal(k Kind) staticFunc {
	return func(_ *frame, args []Value) Value {
		if args[0].kind == KindNull {
			throw("NullPointerException", "cannot parse null")
		}
		text := strings.TrimSpace(textArg(args[0]))
		short := strings.TrimRight(text, "dDfF")
		if strings.HasPrefix(strings.TrimLeft(strings.ToLower(text), "+-"), "inf") || strings.ContainsAny(text, "_xX") {
			short = ""
		}
		x, err := strconv.ParseFloat(short, 64)
		switch {
		case text == "NaN":
			x = math.NaN()
		case text == "Infinity" || text == "+Infinity":
			x = math.Inf(1)
		case text == "-Infinity":
			x = math.Inf(-1)
		case short == "" || len(text)-len(short) > 1 || err != nil && !math.IsInf(x, 0):
			if text == "" {
				throw("NumberFormatException", "empty String")
			}
			throw("NumberFormatException", "For input string: \"%s\"", clip(text))
		}
		return convert(DoubleOf(x), k)
	}
}

// wholeClass makes Integer or Long.
func wholeClass(name string, k Kind, low, high int64) *class {
	parse := parseWhole(k)
	size := 64
	if k == KindInt {
		size = 32
	}
	radix := func(base int) staticFunc {
		return func(fr *frame, args []Value) Value {
			n := numberArg(args[0]).Long()
			if size == 32 {
				return fr.newText(strconv.FormatUint(uint64(uint32(n)), base))
			}
			return fr.newText(strconv.FormatUint(uint64(n), base))
		}
	}
	show := func(fr *frame, args []Value) Value {
		base := 10
		if len(args) == 2 {
			if base = intArg(args[1]); base < 2 || base > 36 {
				base = 10
			}
		}
		return fr.newText(strconv.FormatInt(convertDef(args[0], typ{kind: k}, false).Long(), base))
	}
	math2 := mathStatics()
	return &class{name: name, full: "java.lang." + name, box: k, has: hasKind(k),
		constants: map[string]Value{"MIN_VALUE": {kind: k, num: uint64(low)}, "MAX_VALUE": {kind: k, num: uint64(high)},
			"SIZE": IntOf(int32(size)), "BYTES": IntOf(int32(size / 8))},
		statics: map[string]staticFunc{
			"parse" + map[Kind]string{KindInt: "Int", KindLong: "Long"}[k] + "/1": parse, "parse" + map[Kind]string{KindInt: "Int", KindLong: "Long"}[k] + "/2": parse,
			"valueOf/1": func(fr *frame, args []Value) Value {
				if args[0].kind == KindString {
					return parse(fr, args)
				}
				return convertDef(args[0], typ{kind: k}, false)
			},
			"valueOf/2": parse, "decode/1": decodeWhole(k), "toString/1": show, "toString/2": show,
			"toHexString/1": radix(16), "toBinaryString/1": radix(2), "toOctalString/1": radix(8),
			"compare/2": func(_ *frame, args []Value) Value {
				return IntOf(int32(compareInt(numberArg(args[0]).Long(), numberArg(args[1]).Long())))
			},
			"signum/1": func(_ *frame, args []Value) Value { return IntOf(int32(compareInt(numberArg(args[0]).Long(), 0))) },
			"sum/2":    func(_ *frame, args []Value) Value { return arith(opAdd, args[0], args[1]) },
			"max/2":    math2["max/2"], "min/2": math2["min/2"],
			"hashCode/1": func(_ *frame, args []Value) Value { return IntOf(hashOf(convertDef(args[0], typ{kind: k}, false))) },
			"bitCount/1": func(_ *frame, args []Value) Value {
				n := uint64(args[0].Long())
				if size == 32 {
					n = uint64(uint32(n))
				}
				return IntOf(int32(bits.OnesCount64(n)))
			},
		}}
}

func realClass(name string, k Kind) *class {
	parse := parseReal(k)
	high, low := math.MaxFloat64, math.SmallestNonzeroFloat64
	if k == KindFloat {
		high, low = math.MaxFloat32, math.SmallestNonzeroFloat32
	}
	constant := func(x float64) Value { return convert(DoubleOf(x), k) }
	math2 := mathStatics()
	return &class{name: name, full: "java.lang." + name, box: k, has: hasKind(k),
		constants: map[string]Value{"MIN_VALUE": constant(low), "MAX_VALUE": constant(high), "NaN": constant(math.NaN()),
			"POSITIVE_INFINITY": constant(math.Inf(1)), "NEGATIVE_INFINITY": constant(math.Inf(-1))},
		statics: map[string]staticFunc{
			"parse" + name + "/1": parse,
			"valueOf/1": func(fr *frame, args []Value) Value {
				if args[0].kind == KindString {
					return parse(fr, args)
				}
				return convertDef(args[0], typ{kind: k}, false)
			},
			"toString/1":   func(fr *frame, args []Value) Value { return fr.newText(convert(numberArg(args[0]), k).String()) },
			"isNaN/1":      func(_ *frame, args []Value) Value { return BoolOf(math.IsNaN(numberArg(args[0]).Double())) },
			"isInfinite/1": func(_ *frame, args []Value) Value { return BoolOf(math.IsInf(numberArg(args[0]).Double(), 0)) },
			"isFinite/1": func(_ *frame, args []Value) Value {
				x := numberArg(args[0]).Double()
				return BoolOf(!math.IsInf(x, 0) && !math.IsNaN(x))
			},
			"compare/2": func(_ *frame, args []Value) Value {
				return IntOf(int32(compareFloat(numberArg(args[0]).Double(), numberArg(args[1]).Double())))
			},
			"sum/2": func(_ *frame, args []Value) Value { return arith(opAdd, args[0], args[1]) },
			"max/2": math2["max/2"], "min/2": math2["min/2"],
			"hashCode/1": func(_ *frame, args []Value) Value { return IntOf(hashOf(convertDef(args[0], typ{kind: k}, false))) },
		}}
}
