package painless

import (
	"math"
	"slices"
	"strings"
)

// exception wraps a thrown exception as an object.
type exception struct{ *thrown }

// exceptions are the exceptions that scripts may name, with their superclasses.
var exceptions = []struct{ name, pack, super string }{
	{"Throwable", "java.lang", "-"}, {"Error", "java.lang", "Throwable"}, {"Exception", "java.lang", "Throwable"},
	{"RuntimeException", "java.lang", "Exception"}, {"IllegalArgumentException", "java.lang", "RuntimeException"},
	{"NumberFormatException", "java.lang", "IllegalArgumentException"}, {"IllegalStateException", "java.lang", "RuntimeException"},
	{"ArithmeticException", "java.lang", "RuntimeException"}, {"ClassCastException", "java.lang", "RuntimeException"},
	{"NullPointerException", "java.lang", "RuntimeException"}, {"IndexOutOfBoundsException", "java.lang", "RuntimeException"},
	{"ArrayIndexOutOfBoundsException", "java.lang", "IndexOutOfBoundsException"},
	{"StringIndexOutOfBoundsException", "java.lang", "IndexOutOfBoundsException"}, {"NegativeArraySizeException", "java.lang", "RuntimeException"},
	{"UnsupportedOperationException", "java.lang", "RuntimeException"}, {"ConcurrentModificationException", "java.util", "RuntimeException"},
	{"NoSuchElementException", "java.util", "RuntimeException"}, {"DateTimeException", "java.time", "RuntimeException"},
	{"DateTimeParseException", "java.time.format", "DateTimeException"}, {"PatternSyntaxException", "java.util.regex", "IllegalArgumentException"},
	{"UnsupportedTemporalTypeException", "java.time.temporal", "DateTimeException"},
	{"PainlessError", "org.elasticsearch.painless", "Error"}, {"StackOverflowError", "java.lang", "Error"}, {"InternalError", "java.lang", "Error"},
}

func exceptionClasses() []*class {
	methods := map[string]methodFunc{
		"getMessage/0": func(_ *frame, v Value, _ []Value) Value {
			if text := v.ref.(*exception).text; text != "" {
				return StringOf(text)
			}
			return Null
		},
		"getLocalizedMessage/0": func(_ *frame, v Value, _ []Value) Value { return StringOf(v.ref.(*exception).text) },
		"getCause/0":            func(*frame, Value, []Value) Value { return Null },
	}
	var list []*class
	for _, e := range exceptions {
		c := &class{name: e.name, full: e.pack + "." + e.name, throwable: e.super, methods: methods}
		c.hidden = e.name == "Throwable" || strings.HasSuffix(e.name, "Error")
		c.has = func(v Value) bool {
			t, ok := v.ref.(*exception)
			return v.kind == KindObject && ok && c.catches(t.thrown.class)
		}
		create := func(_ *frame, args []Value) Value {
			t := &thrown{class: c, off: -1}
			if len(args) == 1 && args[0].kind != KindNull {
				t.text = args[0].String()
			}
			return objectOf(&exception{t})
		}
		c.create = map[int]staticFunc{0: create, 1: create}
		list = append(list, c)
	}
	return list
}

func (e *exception) class() *class { return e.thrown.class }
func (e *exception) show() string  { return e.thrown.show() }

func valueClasses() []*class {
	number := hasKind(KindByte, KindShort, KindInt, KindLong, KindFloat, KindDouble)
	small := func(name string, k Kind, low, high int64) *class {
		return &class{name: name, full: "java.lang." + name, box: k, has: hasKind(k),
			constants: map[string]Value{"MIN_VALUE": {kind: k, num: uint64(low)}, "MAX_VALUE": {kind: k, num: uint64(high)}},
			statics:   map[string]staticFunc{"parse" + name + "/1": parseSmall(k, low, high), "valueOf/1": parseSmall(k, low, high)}}
	}
	char := small("Character", KindChar, 0, math.MaxUint16)
	char.statics = charStatics()
	math1 := mathStatics()
	delete(math1, "random/0") // a search that answers otherwise each time cannot be repeated or cached
	for name, f := range mathDouble1 {
		math1[name+"/1"] = func(_ *frame, args []Value) Value { return DoubleOf(f(numberArg(args[0]).Double())) }
	}
	for name, f := range mathDouble2 {
		math1[name+"/2"] = func(_ *frame, args []Value) Value {
			return DoubleOf(f(numberArg(args[0]).Double(), numberArg(args[1]).Double()))
		}
	}
	constants := map[string]Value{"PI": DoubleOf(math.Pi), "E": DoubleOf(math.E)}
	return []*class{
		{name: "Object", full: "java.lang.Object", has: func(v Value) bool { return v.kind != KindNull }, create: map[int]staticFunc{}},
		{name: "Number", full: "java.lang.Number", has: number},
		{name: "CharSequence", full: "java.lang.CharSequence", has: func(v Value) bool {
			return v.kind == KindString || v.kind == KindObject && v.ref.(object).class().name == "StringBuilder"
		}},
		{name: "Comparable", full: "java.lang.Comparable", has: func(v Value) bool { return v.kind >= KindBool && v.kind <= KindString || v.kind == KindDate }},
		stringClass(),
		{name: "Boolean", full: "java.lang.Boolean", box: KindBool, has: hasKind(KindBool),
			constants: map[string]Value{"TRUE": BoolOf(true), "FALSE": BoolOf(false)},
			statics: map[string]staticFunc{
				"parseBoolean/1": parseBool, "valueOf/1": parseBool,
				"toString/1":   func(_ *frame, args []Value) Value { return StringOf(args[0].String()) },
				"compare/2":    func(_ *frame, args []Value) Value { return IntOf(int32(compareNatural(args[0], args[1]))) },
				"logicalAnd/2": func(_ *frame, args []Value) Value { return BoolOf(args[0].Bool() && args[1].Bool()) },
				"logicalOr/2":  func(_ *frame, args []Value) Value { return BoolOf(args[0].Bool() || args[1].Bool()) },
			}},
		small("Byte", KindByte, math.MinInt8, math.MaxInt8), small("Short", KindShort, math.MinInt16, math.MaxInt16), char,
		wholeClass("Integer", KindInt, math.MinInt32, math.MaxInt32), wholeClass("Long", KindLong, math.MinInt64, math.MaxInt64),
		realClass("Float", KindFloat), realClass("Double", KindDouble),
		{name: "Math", full: "java.lang.Math", statics: math1, constants: constants},
		{name: "StrictMath", full: "java.lang.StrictMath", statics: math1, constants: constants},
	}
}

func parseBool(_ *frame, args []Value) Value {
	if args[0].kind == KindBool {
		return args[0]
	}
	return BoolOf(args[0].kind == KindString && strings.EqualFold(args[0].Text(), "true"))
}

func stringClass() *class {
	valueOf := func(fr *frame, args []Value) Value {
		if l := args[0].List(); l != nil && l.of == "char[]" {
			var dst []byte
			for _, c := range l.items {
				dst = fr.appendText(dst, c)
			}
			return StringOf(string(dst))
		}
		return StringOf(string(fr.appendText(nil, args[0])))
	}
	return &class{name: "String", full: "java.lang.String", has: hasKind(KindString),
		create: map[int]staticFunc{0: func(*frame, []Value) Value { return StringOf("") }, 1: valueOf},
		statics: map[string]staticFunc{
			"valueOf/1": valueOf, "copyValueOf/1": valueOf,
			"join/*": func(fr *frame, args []Value) Value {
				if len(args) == 0 {
					throw("IllegalArgumentException", "String.join takes a separator")
				}
				items := args[1:]
				if len(items) == 1 && items[0].kind != KindString {
					items = itemsOf(fr, items[0])
				}
				return joinItems(fr, items, textArg(args[0]))
			},
			"format/*": formatText,
		}}
}

func charStatics() map[string]staticFunc {
	unit := func(v Value) rune {
		if v.kind == KindString && utf16Length(v.Text()) == 1 {
			return []rune(v.Text())[0]
		}
		return rune(numberArg(v).Long())
	}
	is := func(f func(rune) bool) staticFunc {
		return func(_ *frame, args []Value) Value { return BoolOf(f(unit(args[0]))) }
	}
	to := func(f func(rune) rune) staticFunc {
		return func(_ *frame, args []Value) Value {
			r := f(unit(args[0]))
			if args[0].kind == KindInt {
				return IntOf(r)
			}
			return charOf(uint16(r))
		}
	}
	return map[string]staticFunc{
		"isDigit/1": is(isDigitRune), "isLetter/1": is(isLetterRune), "isLetterOrDigit/1": is(func(r rune) bool { return isDigitRune(r) || isLetterRune(r) }),
		"isWhitespace/1": is(isSpaceRune), "isUpperCase/1": is(isUpperRune), "isLowerCase/1": is(isLowerRune), "toUpperCase/1": to(toUpperRune), "toLowerCase/1": to(toLowerRune),
		"getNumericValue/1": func(_ *frame, args []Value) Value {
			switch r := unit(args[0]); {
			case r >= '0' && r <= '9':
				return IntOf(r - '0')
			case r|0x20 >= 'a' && r|0x20 <= 'z':
				return IntOf(r | 0x20 - 'a' + 10)
			}
			return IntOf(-1)
		},
		"digit/2": func(_ *frame, args []Value) Value { return IntOf(digitOf(unit(args[0]), intArg(args[1]))) },
		"forDigit/2": func(_ *frame, args []Value) Value {
			digit, radix := intArg(args[0]), intArg(args[1])
			if radix < 2 || radix > 36 || digit < 0 || digit >= radix {
				return charOf(0)
			}
			return charOf(uint16("0123456789abcdefghijklmnopqrstuvwxyz"[digit]))
		},
		"toString/1": func(_ *frame, args []Value) Value { return StringOf(string(unit(args[0]))) },
		"valueOf/1":  func(_ *frame, args []Value) Value { return charOf(uint16(unit(args[0]))) },
		"compare/2":  func(_ *frame, args []Value) Value { return IntOf(unit(args[0]) - unit(args[1])) },
	}
}

// digitOf is Character.digit, -1 when r is none in the radix.
func digitOf(r rune, radix int) int32 {
	digit := rune(-1)
	switch lower := r | 0x20; {
	case r >= '0' && r <= '9':
		digit = r - '0'
	case lower >= 'a' && lower <= 'z' && r < 0x80:
		digit = lower - 'a' + 10
	}
	if radix < 2 || radix > 36 || digit >= rune(radix) {
		return -1
	}
	return digit
}

func collectionClasses() []*class {
	list := map[int]staticFunc{
		0: func(fr *frame, _ []Value) Value { return newList(fr, nil) },
		1: func(fr *frame, args []Value) Value {
			if args[0].numeric() {
				return newList(fr, nil)
			}
			return newList(fr, slices.Clone(itemsOf(fr, args[0])))
		},
	}
	maps := func(sorted bool) map[int]staticFunc {
		return map[int]staticFunc{
			0: func(fr *frame, _ []Value) Value { return newMap(fr, sorted) },
			1: func(fr *frame, args []Value) Value {
				out := newMap(fr, sorted)
				if from := args[0].Map(); from != nil {
					for i := range from.Len() {
						k, v := from.Entry(i)
						putChecked(fr, out.ref.(*Map), k, v)
					}
				}
				return out
			},
		}
	}
	sets := func(sorted bool) map[int]staticFunc {
		return map[int]staticFunc{
			0: func(fr *frame, _ []Value) Value { return setOf(newMap(fr, sorted).ref.(*Map)) },
			1: func(fr *frame, args []Value) Value {
				m := newMap(fr, sorted).ref.(*Map)
				if !args[0].numeric() {
					for _, v := range itemsOf(fr, args[0]) {
						putChecked(fr, m, v, BoolOf(true))
					}
				}
				return setOf(m)
			},
		}
	}
	isList := func(v Value) bool { return v.kind == KindList && v.ref.(*List).of == "" || v.kind == KindValues }
	isArrayList := func(v Value) bool { return v.kind == KindList && v.ref.(*List).of == "" }
	isCollection := func(v Value) bool {
		return isList(v) || v.kind == KindSet || v.kind == KindObject && v.ref.(object).class().name == "Collection"
	}
	isMap := hasKind(KindMap, KindDoc)
	of := func(fr *frame, args []Value) Value {
		if len(args) == 1 && args[0].kind == KindList && args[0].ref.(*List).of != "" {
			args = args[0].ref.(*List).items
		}
		v := newList(fr, slices.Clone(args))
		return v
	}
	return []*class{
		{name: "Iterable", full: "java.lang.Iterable", has: isCollection},
		{name: "Collection", full: "java.util.Collection", has: isCollection, methods: viewMethods()},
		{name: "AbstractCollection", full: "java.util.AbstractCollection", has: isCollection},
		{name: "AbstractList", full: "java.util.AbstractList", has: isList},
		{name: "AbstractSet", full: "java.util.AbstractSet", has: hasKind(KindSet)},
		{name: "AbstractMap", full: "java.util.AbstractMap", has: isMap},
		{name: "List", full: "java.util.List", has: isList, statics: map[string]staticFunc{"of/*": of}},
		{name: "ArrayList", full: "java.util.ArrayList", has: isArrayList, create: list},
		{name: "LinkedList", full: "java.util.LinkedList", has: isArrayList, create: list},
		{name: "Set", full: "java.util.Set", has: func(v Value) bool {
			o, ok := v.ref.(*view)
			return v.kind == KindSet || v.kind == KindObject && ok && o.kind != viewValues
		}, statics: map[string]staticFunc{"of/*": func(fr *frame, args []Value) Value { return setOf(toSet(fr, args)) }}},
		{name: "HashSet", full: "java.util.HashSet", has: hasKind(KindSet), create: sets(false)},
		{name: "LinkedHashSet", full: "java.util.LinkedHashSet", has: hasKind(KindSet), create: sets(false)},
		{name: "TreeSet", full: "java.util.TreeSet", has: func(v Value) bool { return v.kind == KindSet && v.set().sorted }, create: sets(true)},
		{name: "SortedSet", full: "java.util.SortedSet", has: func(v Value) bool { return v.kind == KindSet && v.set().sorted }},
		{name: "Map", full: "java.util.Map", has: isMap, statics: map[string]staticFunc{"of/*": mapFrom}},
		{name: "HashMap", full: "java.util.HashMap", has: hasKind(KindMap), create: maps(false)},
		{name: "LinkedHashMap", full: "java.util.LinkedHashMap", has: hasKind(KindMap), create: maps(false)},
		{name: "TreeMap", full: "java.util.TreeMap", has: func(v Value) bool { return v.kind == KindMap && v.Map().sorted }, create: maps(true)},
		{name: "SortedMap", full: "java.util.SortedMap", has: func(v Value) bool { return v.kind == KindMap && v.Map().sorted }},
		{name: "Map.Entry", full: "java.util.Map.Entry", has: hasClass("Map.Entry"), methods: entryMethods(), statics: map[string]staticFunc{
			"comparingByKey/0":   func(*frame, []Value) Value { return byEntry(func(e *entry) Value { return e.key }) },
			"comparingByValue/0": func(*frame, []Value) Value { return byEntry(func(e *entry) Value { return e.value }) },
		}},
		{name: "Iterator", full: "java.util.Iterator", has: hasClass("Iterator"), methods: iteratorMethods()},
		{name: "Collections", full: "java.util.Collections", statics: collectionsStatics()},
		{name: "Arrays", full: "java.util.Arrays", statics: map[string]staticFunc{
			"asList/*": of,
			"stream/1": func(fr *frame, args []Value) Value { return streamOf(fr, slices.Clone(itemsOf(fr, args[0]))) },
			"sort/1": func(fr *frame, args []Value) Value {
				sortItems(fr, itemsOf(fr, args[0]), Null)
				return Null
			},
			"toString/1": func(fr *frame, args []Value) Value { return StringOf(string(fr.appendText(nil, args[0]))) },
		}},
		{name: "Objects", full: "java.util.Objects", statics: map[string]staticFunc{
			"equals/2":   func(fr *frame, args []Value) Value { return BoolOf(fr.equal(args[0], args[1])) },
			"isNull/1":   func(_ *frame, args []Value) Value { return BoolOf(args[0].IsNull()) },
			"nonNull/1":  func(_ *frame, args []Value) Value { return BoolOf(!args[0].IsNull()) },
			"hash/*":     func(_ *frame, args []Value) Value { return IntOf(hashOf(ListOf(args...))) },
			"hashCode/1": func(_ *frame, args []Value) Value { return IntOf(hashOf(args[0])) },
			"toString/1": func(fr *frame, args []Value) Value { return StringOf(string(fr.appendText(nil, args[0]))) },
			"toString/2": func(fr *frame, args []Value) Value {
				if args[0].IsNull() {
					return args[1]
				}
				return StringOf(string(fr.appendText(nil, args[0])))
			},
			"requireNonNull/1": func(_ *frame, args []Value) Value {
				if args[0].IsNull() {
					throw("NullPointerException", "")
				}
				return args[0]
			},
		}},
		{name: "Comparator", full: "java.util.Comparator", has: hasKind(KindFunc), statics: comparatorStatics()},
		{name: "Function", full: "java.util.function.Function", has: hasKind(KindFunc), statics: map[string]staticFunc{
			"identity/0": func(*frame, []Value) Value {
				return funcOf("identity", 1, func(_ *frame, args []Value) Value { return args[0] })
			}}},
		{name: "BiFunction", full: "java.util.function.BiFunction", has: hasKind(KindFunc)},
		{name: "Predicate", full: "java.util.function.Predicate", has: hasKind(KindFunc)},
		{name: "Supplier", full: "java.util.function.Supplier", has: hasKind(KindFunc)},
		{name: "Consumer", full: "java.util.function.Consumer", has: hasKind(KindFunc)},
		{name: "UnaryOperator", full: "java.util.function.UnaryOperator", has: hasKind(KindFunc)},
		{name: "BinaryOperator", full: "java.util.function.BinaryOperator", has: hasKind(KindFunc)},
		{name: "Runnable", full: "java.lang.Runnable", has: hasKind(KindFunc)},
	}
}

func newMap(fr *frame, sorted bool) Value {
	fr.r.alloc(4 * valueBytes)
	return MapOf(&Map{sorted: sorted})
}

func mapFrom(fr *frame, args []Value) Value {
	if len(args)%2 != 0 {
		throw("IllegalArgumentException", "length is odd")
	}
	m := newMap(fr, false)
	for i := 0; i < len(args); i += 2 {
		putChecked(fr, m.ref.(*Map), args[i], args[i+1])
	}
	return m
}

func byEntry(pick func(e *entry) Value) Value {
	return funcOf("comparing", 2, func(_ *frame, args []Value) Value {
		a, ok := args[0].ref.(*entry)
		b, ok2 := args[1].ref.(*entry)
		if !ok || !ok2 {
			throw("ClassCastException", "Cannot cast from [%s] to [java.util.Map.Entry].", className(args[0]))
		}
		return IntOf(int32(compareNatural(pick(a), pick(b))))
	})
}

func comparatorStatics() map[string]staticFunc {
	by := func(_ *frame, made []Value) Value {
		order := Null
		if len(made) == 2 {
			order = made[1]
		}
		return funcOf("comparing", 2, func(fr *frame, args []Value) Value { return compareBy(fr, made[0], order, args) })
	}
	natural := func(sign int32) staticFunc {
		return func(*frame, []Value) Value {
			return funcOf("naturalOrder", 2, func(fr *frame, args []Value) Value {
				fr.r.spend(1)
				return IntOf(sign * int32(compareNatural(args[0], args[1])))
			})
		}
	}
	return map[string]staticFunc{
		"comparing/1": by, "comparing/2": by, "comparingInt/1": by, "comparingLong/1": by, "comparingDouble/1": by,
		"naturalOrder/0": natural(1), "reverseOrder/0": natural(-1),
	}
}

func collectionsStatics() map[string]staticFunc {
	order := comparatorStatics()
	sort := func(fr *frame, args []Value) Value {
		by := Null
		if len(args) == 2 {
			by = args[1]
		}
		if args[0].kind != KindList || args[0].List().read {
			throw("UnsupportedOperationException", "the list is unmodifiable")
		}
		sortItems(fr, args[0].List().items, by)
		return Null
	}
	end := func(sign int) staticFunc {
		return func(fr *frame, args []Value) Value {
			by := Null
			if len(args) == 2 {
				by = args[1]
			}
			o := extreme(fr, itemsOf(fr, args[0]), by, sign).ref.(*optional)
			if !o.there {
				throw("NoSuchElementException", "")
			}
			return o.value
		}
	}
	return map[string]staticFunc{
		"sort/1": sort, "sort/2": sort, "max/1": end(1), "max/2": end(1), "min/1": end(-1), "min/2": end(-1),
		"reverse/1": func(fr *frame, args []Value) Value {
			slices.Reverse(itemsOf(fr, listValue(listOf(args[0], false))))
			return Null
		},
		"emptyList/0": func(fr *frame, _ []Value) Value { return listValue(&List{fixed: true, read: true}) },
		"emptyMap/0":  func(*frame, []Value) Value { return MapOf(NewMap().ReadOnly()) },
		"emptySet/0":  func(*frame, []Value) Value { return setOf(NewMap().ReadOnly()) },
		"singletonList/1": func(_ *frame, args []Value) Value {
			return listValue(&List{items: slices.Clone(args), fixed: true, read: true})
		},
		"singleton/1": func(fr *frame, args []Value) Value { return setOf(toSet(fr, args).ReadOnly()) },
		"singletonMap/2": func(_ *frame, args []Value) Value {
			m := NewMap()
			m.Set(args[0], args[1])
			return MapOf(m.ReadOnly())
		},
		"unmodifiableList/1": func(fr *frame, args []Value) Value {
			return listValue(&List{items: slices.Clone(itemsOf(fr, args[0])), fixed: true, read: true})
		},
		"reverseOrder/0": order["reverseOrder/0"],
		"frequency/2": func(fr *frame, args []Value) Value {
			n := int32(0)
			for _, v := range itemsOf(fr, args[0]) {
				if fr.equal(v, args[1]) {
					n++
				}
			}
			return IntOf(n)
		},
		"addAll/*": func(fr *frame, args []Value) Value {
			if len(args) == 0 {
				throw("IllegalArgumentException", "a collection is missing")
			}
			l := listOf(args[0], true)
			fr.r.alloc(valueBytes * len(args))
			l.items = append(l.items, args[1:]...)
			return BoolOf(len(args) > 1)
		},
	}
}
