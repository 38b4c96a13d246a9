package event

import (
	"math"
	"slices"
	"strconv"
	"time"
	"unsafe"
)

// Kind is the type of a Value.
type Kind uint8

// The kinds of a Value. The zero Value is Null.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Time
	Array
	Object
)

var kindNames = [...]string{"null", "boolean", "integer", "float", "string", "timestamp", "array", "object"}

func (k Kind) String() string { return kindNames[k] }

// Value is one field's value: a scalar, an array or an object with ordered members.
// It is small and copied freely; arrays and objects share their members when copied, use Clone for
// a deep copy.
//
// An event is mostly values, and reading them from memory is most of what filters do: 24 bytes rather than the 40 that a
// field for each kind would take.
type Value struct {
	_    [0]func()      // not comparable with ==; see Equal and Same
	ref  unsafe.Pointer // the bytes of a String, the *node of an Array or Object, the *string of a Float's literal
	num  uint64         // bool, int64, float64 bits, Unix nanoseconds, or the length of a String
	kind Kind
}

// node holds the members of an array (shape is nil) or of an object, whose order is that of insertion.
type node struct {
	shape  *shape
	values []Value
}

// NullValue is the JSON null.
var NullValue = Value{}

// BoolOf makes a boolean value.
func BoolOf(b bool) Value {
	if b {
		return Value{kind: Bool, num: 1}
	}
	return Value{kind: Bool}
}

// IntOf makes an integer value.
func IntOf(n int64) Value { return Value{kind: Int, num: uint64(n)} }

// FloatOf makes a floating-point value.
func FloatOf(f float64) Value { return Value{kind: Float, num: math.Float64bits(f)} }

// StringOf makes a text value.
func StringOf(s string) Value {
	return Value{kind: String, ref: unsafe.Pointer(unsafe.StringData(s)), num: uint64(len(s))}
}

// literalOf makes a number of a literal that neither int64 nor float64 holds exactly, and that is printed as it came.
func literalOf(f float64, literal string) Value {
	return Value{kind: Float, num: math.Float64bits(f), ref: unsafe.Pointer(&literal)}
}

// nodeOf makes an array or object.
func nodeOf(k Kind, n *node) Value { return Value{kind: k, ref: unsafe.Pointer(n)} }

// text is the text of a String.
func (v Value) text() string { return unsafe.String((*byte)(v.ref), int(v.num)) }

// node is the members of an Array or Object.
func (v Value) node() *node { return (*node)(v.ref) }

// hasMembers says whether the value is an array or object.
func (v Value) hasMembers() bool { return v.kind >= Array }

// literal is the literal of a Float that has one, else "".
func (v Value) literal() string {
	if v.kind != Float || v.ref == nil {
		return ""
	}
	return *(*string)(v.ref)
}

// TimeOf makes a timestamp value; it keeps nanoseconds and forgets the zone.
func TimeOf(t time.Time) Value { return Value{kind: Time, num: uint64(t.UnixNano())} }

// ArrayOf makes an array of the given values, which it takes over.
func ArrayOf(values ...Value) Value {
	return nodeOf(Array, &node{values: values})
}

// NewObject makes an empty object.
func NewObject() Value { return nodeOf(Object, &node{shape: noMembers()}) }

// Kind tells the value's type.
func (v Value) Kind() Kind { return v.kind }

// Truthy says whether the value is neither null nor false.
func (v Value) Truthy() bool {
	return v.kind != Null && (v.kind != Bool || v.num != 0)
}

// Bool returns the boolean; false for any other kind.
func (v Value) Bool() bool { return v.kind == Bool && v.num != 0 }

// Int returns the integer, or a float cut towards zero; 0 for any other kind.
func (v Value) Int() int64 {
	switch v.kind {
	case Int:
		return int64(v.num)
	case Float:
		return int64(math.Float64frombits(v.num))
	}
	return 0
}

// Float returns the number as a float64; 0 for any other kind.
func (v Value) Float() float64 {
	switch v.kind {
	case Int:
		return float64(int64(v.num))
	case Float:
		return math.Float64frombits(v.num)
	}
	return 0
}

// IsNumber says whether the value is an integer or a float.
func (v Value) IsNumber() bool { return v.kind == Int || v.kind == Float }

// Str returns the text of a String; "" for any other kind. Use Text for a printable form of any kind.
func (v Value) Str() string {
	if v.kind == String {
		return v.text()
	}
	return ""
}

// Time returns the timestamp in UTC; the zero time for any other kind.
func (v Value) Time() time.Time {
	if v.kind != Time {
		return time.Time{}
	}
	return time.Unix(0, int64(v.num)).UTC()
}

// Len is the number of members of an array or object; 0 for any other kind.
func (v Value) Len() int {
	if !v.hasMembers() {
		return 0
	}
	return len(v.node().values)
}

// At returns member i of an array or object, in order. It panics when i is out of range.
func (v Value) At(i int) Value { return v.node().values[i] }

// NameAt returns the name of member i of an object.
func (v Value) NameAt(i int) string { return v.node().shape.names[i] }

// Items returns the members of an array or object. The caller must not change them.
func (v Value) Items() []Value {
	if !v.hasMembers() {
		return nil
	}
	return v.node().values
}

// Member finds an object's member by name.
func (v Value) Member(name string) (Value, bool) {
	if v.kind != Object {
		return Value{}, false
	}
	n := v.node()
	if i := n.shape.find(name); i >= 0 {
		return n.values[i], true
	}
	return Value{}, false
}

// SetMember sets an object's member. It does nothing on any other kind.
func (v Value) SetMember(name string, member Value) {
	if v.kind == Object {
		v.node().set(name, member)
	}
}

// RemoveMember removes an object's member and returns it.
func (v Value) RemoveMember(name string) (Value, bool) {
	if v.kind != Object {
		return Value{}, false
	}
	n := v.node()
	i := n.shape.find(name)
	if i < 0 {
		return Value{}, false
	}
	old := n.values[i]
	n.removeAt(i)
	return old, true
}

// Append adds members to an array, in place. It does nothing on any other kind.
func (v Value) Append(members ...Value) {
	if v.kind == Array {
		n := v.node()
		n.values = append(n.values, members...)
	}
}

// Reserve makes room for n more members of an array or object, for callers who know how many they will
// add.
func (v Value) Reserve(n int) {
	if !v.hasMembers() {
		return
	}
	v.node().values = slices.Grow(v.node().values, n)
}

// Clone returns a deep copy.
func (v Value) Clone() Value {
	if !v.hasMembers() {
		return v
	}
	n := v.node()
	c := &node{values: make([]Value, len(n.values))}
	if v.kind == Object {
		c.shape = n.shape.clone()
	}
	for i, m := range n.values {
		c.values[i] = m.Clone()
	}
	return nodeOf(v.kind, c)
}

// Equal compares two values by kind and content, as == does in a Logstash condition: a number and a
// text are never equal, an integer and a float are compared as numbers.
func (v Value) Equal(w Value) bool {
	if v.IsNumber() && w.IsNumber() {
		if v.kind == Int && w.kind == Int {
			return v.num == w.num
		}
		return v.Float() == w.Float()
	}
	if v.kind != w.kind {
		return false
	}
	switch v.kind {
	case Null:
		return true
	case Bool, Time:
		return v.num == w.num
	case String:
		return v.text() == w.text()
	}
	if len(v.node().values) != len(w.node().values) {
		return false
	}
	for i, m := range v.node().values {
		o := w.node().values[i]
		if v.kind == Object {
			var ok bool
			if o, ok = w.Member(v.NameAt(i)); !ok {
				return false
			}
		}
		if !m.Equal(o) {
			return false
		}
	}
	return true
}

// Same says whether two values are one: scalars of one kind and content, or the array or object itself, not one like it.
func (v Value) Same(w Value) bool {
	switch {
	case v.kind != w.kind:
		return false
	case v.kind == String:
		return v.text() == w.text()
	case v.hasMembers():
		return v.ref == w.ref
	}
	return v.num == w.num
}

// Text returns the value as sprintf shows it: text as it is, numbers in their shortest form, a
// timestamp in ISO 8601, arrays joined by commas, objects as JSON.
func (v Value) Text() string {
	if v.kind == String {
		return v.text()
	}
	return string(v.AppendText(nil))
}

// AppendText appends the form that Text returns.
func (v Value) AppendText(dst []byte) []byte {
	switch v.kind {
	case Null:
		return dst
	case String:
		return append(dst, v.text()...)
	case Array:
		for i, m := range v.node().values {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = m.AppendText(dst)
		}
		return dst
	case Time:
		return AppendTime(dst, v.Time())
	case Bool:
		return strconv.AppendBool(dst, v.num != 0)
	}
	return v.AppendJSON(dst)
}

// AppendTime appends t as Logstash prints a timestamp: UTC, milliseconds at least, more digits only
// where they are not zero.
func AppendTime(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.AppendFormat(dst, "2006-01-02T15:04:05.000Z")
	}
	hour, minute, second := t.Clock()
	dst = appendDigits(dst, year, 4)
	dst = appendDigits(append(dst, '-'), int(month), 2)
	dst = appendDigits(append(dst, '-'), day, 2)
	dst = appendDigits(append(dst, 'T'), hour, 2)
	dst = appendDigits(append(dst, ':'), minute, 2)
	dst = appendDigits(append(dst, ':'), second, 2)
	dst = append(dst, '.')
	switch ns := t.Nanosecond(); {
	case ns%1_000_000 == 0:
		dst = appendDigits(dst, ns/1_000_000, 3)
	case ns%1000 == 0:
		dst = appendDigits(dst, ns/1000, 6)
	default:
		dst = appendDigits(dst, ns, 9)
	}
	return append(dst, 'Z')
}

// appendDigits appends n with leading zeros.
func appendDigits(dst []byte, n, width int) []byte {
	var digits [9]byte
	for i := width - 1; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, digits[:width]...)
}

// set replaces the member of an object, or adds it.
func (n *node) set(name string, v Value) {
	if i := n.shape.find(name); i >= 0 {
		n.values[i] = v
		return
	}
	n.shape = n.shape.with(name)
	n.values = append(n.values, v)
}

// append is set for members that come in the order of many objects before: a name that follows in a shared shape is none of
// those that it has.
func (n *node) append(name string, v Value) {
	next := n.shape.next.Load().named(name)
	if next == nil {
		n.set(name, v)
		return
	}
	n.shape = next
	n.values = append(n.values, v)
}

func (n *node) removeAt(i int) {
	if n.shape != nil {
		n.shape = n.shape.without(i)
	}
	copy(n.values[i:], n.values[i+1:])
	n.values[len(n.values)-1] = Value{}
	n.values = n.values[:len(n.values)-1]
}

// RemoveAt removes member i of an array or object. It panics when i is out of range.
func (v Value) RemoveAt(i int) { v.node().removeAt(i) }
