package painless

import (
	"math"
	"time"
	"unsafe"
)

// Kind says what a Value holds.
type Kind uint8

// The kinds. The numbers stand together in the order of Java's promotion.
const (
	KindNull Kind = iota
	KindBool
	KindByte
	KindShort
	KindChar
	KindInt
	KindLong
	KindFloat
	KindDouble
	KindString
	KindList   // a List, or an array when it is fixed
	KindMap    // a Map
	KindSet    // a Set
	KindDate   // a ZonedDateTime
	KindValues // doc['f']
	KindDoc    // doc
	KindField  // field('f')
	KindFunc   // a lambda or method reference
	KindObject // any other object, see object
	kinds      = int(KindObject) + 1
)

// Value is a value of a script. The zero Value is null. Numbers, booleans and dates of a document need no memory of their
// own; texts share theirs with where they came from.
type Value struct {
	num  uint64 // a boolean, a number's bits, a text's length, a date's milliseconds
	ref  any    // a text's bytes, *List, *Map and so on
	kind Kind
}

type textPointer *byte

// Null is null.
var Null = Value{}

// BoolOf makes a boolean.
func BoolOf(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// IntOf makes an int.
func IntOf(n int32) Value { return Value{kind: KindInt, num: uint64(int64(n))} }

// LongOf makes a long.
func LongOf(n int64) Value { return Value{kind: KindLong, num: uint64(n)} }

// WholeOf makes an int when n fits one, else a long: what a whole number in JSON is.
func WholeOf(n int64) Value {
	if n == int64(int32(n)) {
		return IntOf(int32(n))
	}
	return LongOf(n)
}

// DoubleOf makes a double.
func DoubleOf(x float64) Value { return Value{kind: KindDouble, num: math.Float64bits(x)} }

// StringOf makes a String. The bytes of s are shared.
func StringOf(s string) Value {
	return Value{kind: KindString, num: uint64(len(s)), ref: textPointer(unsafe.StringData(s))}
}

// DateOf makes a ZonedDateTime.
func DateOf(t time.Time) Value { return Value{kind: KindDate, num: uint64(t.UnixMilli()), ref: t} }

// DateOfMillis makes a ZonedDateTime in UTC without an allocation.
func DateOfMillis(ms int64) Value { return Value{kind: KindDate, num: uint64(ms)} }

// ListOf makes a List of items, which it keeps.
func ListOf(items ...Value) Value { return Value{kind: KindList, ref: &List{items: items}} }

// MapOf wraps a Map.
func MapOf(m *Map) Value { return Value{kind: KindMap, ref: m} }

func setOf(m *Map) Value { return Value{kind: KindSet, ref: m} }

func listValue(l *List) Value { return Value{kind: KindList, ref: l} }

func objectOf(o object) Value { return Value{kind: KindObject, ref: o} }

func charOf(c uint16) Value { return Value{kind: KindChar, num: uint64(c)} }

func floatOf(x float64) Value {
	return Value{kind: KindFloat, num: math.Float64bits(float64(float32(x)))}
}

// Kind returns what v holds.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// IsNumber reports whether v is a number (a char is none).
func (v Value) IsNumber() bool {
	return v.kind >= KindByte && v.kind <= KindDouble && v.kind != KindChar
}

// IsWhole reports whether v is a whole number's type.
func (v Value) IsWhole() bool { return v.kind >= KindByte && v.kind <= KindLong && v.kind != KindChar }

// numeric is IsNumber with chars.
func (v Value) numeric() bool { return v.kind >= KindByte && v.kind <= KindDouble }

// Bool returns a boolean's value, false of anything else.
func (v Value) Bool() bool { return v.kind == KindBool && v.num != 0 }

// Long returns a number as a long, with Java's conversion of fractions; 0 of anything else.
func (v Value) Long() int64 {
	switch {
	case v.kind >= KindByte && v.kind <= KindLong:
		return int64(v.num)
	case v.kind == KindFloat || v.kind == KindDouble:
		return doubleToLong(math.Float64frombits(v.num))
	}
	return 0
}

// Double returns a number as a double; 0 of anything else.
func (v Value) Double() float64 {
	switch {
	case v.kind >= KindByte && v.kind <= KindLong:
		return float64(int64(v.num))
	case v.kind == KindFloat || v.kind == KindDouble:
		return math.Float64frombits(v.num)
	}
	return 0
}

// Text returns a String's text, "" of anything else.
func (v Value) Text() string {
	if v.kind != KindString || v.num == 0 {
		return ""
	}
	return unsafe.String((*byte)(v.ref.(textPointer)), int(v.num))
}

// List returns a List, nil of anything else.
func (v Value) List() *List {
	if v.kind == KindList {
		return v.ref.(*List)
	}
	return nil
}

// Map returns a Map, nil of anything else.
func (v Value) Map() *Map {
	if v.kind == KindMap {
		return v.ref.(*Map)
	}
	return nil
}

func (v Value) set() *Map {
	if v.kind == KindSet {
		return v.ref.(*Map)
	}
	return nil
}

// Time returns a ZonedDateTime, the zero time of anything else.
func (v Value) Time() time.Time {
	if v.kind != KindDate {
		return time.Time{}
	}
	if t, ok := v.ref.(time.Time); ok {
		return t
	}
	return time.UnixMilli(int64(v.num)).UTC()
}

// EpochMillis returns a ZonedDateTime as milliseconds since 1970.
func (v Value) EpochMillis() int64 { return int64(v.num) }

// String shows v as Java's String.valueOf does.
func (v Value) String() string { return string(appendText(nil, v)) }

// object is a value of a class that has no kind of its own.
type object interface {
	class() *class
	show() string
}
