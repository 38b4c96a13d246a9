package painless

import (
	"math"
	"strconv"
)

// doubleToLong is Java's narrowing: NaN is 0, what is too large is the nearest long.
func doubleToLong(x float64) int64 {
	switch {
	case x != x:
		return 0
	case x >= math.MaxInt64:
		return math.MaxInt64
	case x <= math.MinInt64:
		return math.MinInt64
	}
	return int64(x)
}

func doubleToInt(x float64) int64 {
	switch n := doubleToLong(x); {
	case n > math.MaxInt32:
		return math.MaxInt32
	case n < math.MinInt32:
		return math.MinInt32
	default:
		return n
	}
}

// narrow cuts a whole number to a kind.
func narrow(k Kind, n int64) int64 {
	switch k {
	case KindByte:
		return int64(int8(n))
	case KindShort:
		return int64(int16(n))
	case KindChar:
		return int64(uint16(n))
	case KindInt:
		return int64(int32(n))
	}
	return n
}

// convert casts a number (or char) to a numeric kind as Java's explicit cast does.
func convert(v Value, k Kind) Value {
	if v.kind == k {
		return v
	}
	switch k {
	case KindDouble:
		return DoubleOf(v.Double())
	case KindFloat:
		return floatOf(v.Double())
	case KindLong:
		return LongOf(v.Long())
	}
	n := int64(v.num)
	if v.kind == KindFloat || v.kind == KindDouble {
		n = doubleToInt(v.Double())
	}
	return Value{kind: k, num: uint64(narrow(k, n))}
}

// promote is the kind in which two numbers are worked with.
func promote(a, b Kind) Kind {
	return max(a, b, KindInt)
}

// op is a binary operation on numbers.
type op uint8

const (
	opAdd op = iota
	opSub
	opMul
	opDiv
	opRem
	opLsh
	opRsh
	opUsh
	opAnd
	opXor
	opOr
	opLT
	opLE
	opGT
	opGE
	opEQ
	opNE
	opSame
	opNotSame
	opFind
	opMatch
)

var opNames = [...]string{"+", "-", "*", "/", "%", "<<", ">>", ">>>", "&", "^", "|", "<", "<=", ">", ">=", "==", "!=", "===", "!==", "=~", "==~"}

func (o op) compares() bool { return o >= opLT && o <= opGE }

func addDouble(o op, a, b float64) float64 {
	switch o {
	case opAdd:
		return a + b
	case opSub:
		return a - b
	case opMul:
		return a * b
	case opDiv:
		return a / b
	}
	return math.Mod(a, b)
}

// addLong works with whole numbers of 64 bits; an int's result is cut by the caller.
func addLong(o op, a, b int64) int64 {
	switch o {
	case opAdd:
		return a + b
	case opSub:
		return a - b
	case opMul:
		return a * b
	case opDiv:
		if b == 0 {
			throw("ArithmeticException", "/ by zero")
		}
		if b == -1 {
			return -a
		}
		return a / b
	case opRem:
		if b == 0 {
			throw("ArithmeticException", "/ by zero")
		}
		if b == -1 {
			return 0
		}
		return a % b
	case opAnd:
		return a & b
	case opXor:
		return a ^ b
	}
	return a | b
}

func shift(o op, k Kind, a, by int64) int64 {
	if k == KindLong {
		n := uint(by & 63)
		switch o {
		case opLsh:
			return a << n
		case opRsh:
			return a >> n
		}
		return int64(uint64(a) >> n)
	}
	n := uint(by & 31)
	switch o {
	case opLsh:
		return int64(int32(a) << n)
	case opRsh:
		return int64(int32(a) >> n)
	}
	return int64(int32(uint32(a) >> n))
}

// arith is an operation on two values whose types are only known now.
func arith(o op, a, b Value) Value {
	if a.kind == KindDouble && b.kind == KindDouble && o <= opRem {
		return DoubleOf(addDouble(o, math.Float64frombits(a.num), math.Float64frombits(b.num)))
	}
	if a.kind == KindBool && b.kind == KindBool && o >= opAnd && o <= opOr {
		return BoolOf(addLong(o, int64(a.num), int64(b.num)) != 0)
	}
	if !a.numeric() || !b.numeric() {
		badOperands(o, a, b)
	}
	k := promote(a.kind, b.kind)
	switch {
	case o >= opLsh && o <= opUsh:
		k = max(a.kind, KindInt)
		if k > KindLong || b.kind > KindLong {
			badOperands(o, a, b)
		}
		return Value{kind: k, num: uint64(shift(o, k, int64(a.num), int64(b.num)))}
	case k <= KindLong:
		return Value{kind: k, num: uint64(narrow(k, addLong(o, int64(a.num), int64(b.num))))}
	case o > opRem:
		badOperands(o, a, b)
	case k == KindFloat:
		return floatOf(addDouble(o, a.Double(), b.Double()))
	}
	return DoubleOf(addDouble(o, a.Double(), b.Double()))
}

func badOperands(o op, a, b Value) {
	if a.kind == KindNull || b.kind == KindNull {
		throw("NullPointerException", "cannot apply [%s] to null", opNames[o])
	}
	throw("ClassCastException", "Cannot apply [%s] operation to types [%s] and [%s].", opNames[o], className(a), className(b))
}

func compareDouble(o op, a, b float64) bool {
	switch o {
	case opLT:
		return a < b
	case opLE:
		return a <= b
	case opGT:
		return a > b
	}
	return a >= b
}

func compareLong(o op, a, b int64) bool {
	switch o {
	case opLT:
		return a < b
	case opLE:
		return a <= b
	case opGT:
		return a > b
	}
	return a >= b
}

// compareValues is <, <=, > or >= of values whose types are only known now.
func compareValues(o op, a, b Value) bool {
	if !a.numeric() || !b.numeric() {
		badOperands(o, a, b)
	}
	if a.kind <= KindLong && b.kind <= KindLong {
		return compareLong(o, int64(a.num), int64(b.num))
	}
	return compareDouble(o, a.Double(), b.Double())
}

// equalLoose is ==: numbers by value, objects by equals.
func equalLoose(fr *frame, a, b Value) bool {
	if a.numeric() && b.numeric() {
		if a.kind <= KindLong && b.kind <= KindLong {
			return a.num == b.num
		}
		return a.Double() == b.Double()
	}
	return fr.equal(a, b)
}

// equal is Java's equals: a number equals one of its own type only.
func (fr *frame) equal(a, b Value) bool {
	if a.kind < KindList || a.kind != b.kind {
		return equalWithin(a, b, nil)
	}
	steps := maxCompared
	is := equalWithin(a, b, &steps)
	fr.r.spend(maxCompared - steps)
	return is
}

// maxCompared bounds how many elements are looked at to compare or hash two values: lists can hold themselves, or each other twice at every level.
const maxCompared = 1_000_000

// countDown takes one of the steps of a comparison.
func countDown(steps *int) {
	if *steps--; *steps < 0 {
		throw("StackOverflowError", "a collection is too large, or holds itself")
	}
}

func equalWithin(a, b Value, steps *int) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case KindNull:
		return true
	case KindString:
		return a.num == b.num && a.Text() == b.Text()
	case KindDate:
		x, y := a.Time(), b.Time()
		return x.Equal(y) && x.Location().String() == y.Location().String()
	case KindList:
		return equalLists(a.ref.(*List), b.ref.(*List), steps)
	case KindMap, KindSet:
		return equalMaps(a.ref.(*Map), b.ref.(*Map), steps)
	case KindObject:
		return a.ref == b.ref || equalObjects(a.ref.(object), b.ref.(object))
	case KindValues, KindDoc, KindField, KindFunc:
		return a.ref == b.ref
	}
	return a.num == b.num
}

func equalLists(x, y *List, steps *int) bool {
	if x == y {
		return true
	}
	if x.of != "" || y.of != "" || len(x.items) != len(y.items) {
		return false
	}
	for i := range x.items {
		if countDown(steps); !equalWithin(x.items[i], y.items[i], steps) {
			return false
		}
	}
	return true
}

func equalMaps(x, y *Map, steps *int) bool {
	if x == y {
		return true
	}
	if x.Len() != y.Len() {
		return false
	}
	for i, k := range x.keys {
		countDown(steps)
		other, ok := y.Get(k)
		if !ok || !equalWithin(x.values[i], other, steps) {
			return false
		}
	}
	return true
}

// appendNumber writes a number or char as Java does.
func appendNumber(dst []byte, v Value) []byte {
	switch v.kind {
	case KindFloat:
		return appendFloat(dst, v.Double(), 32)
	case KindDouble:
		return appendFloat(dst, v.Double(), 64)
	case KindChar:
		return append(dst, string(rune(v.num))...)
	}
	return strconv.AppendInt(dst, int64(v.num), 10)
}

// appendFloat is Double.toString: plain from 0.001 to ten millions, else with an exponent.
func appendFloat(dst []byte, x float64, bits int) []byte {
	abs := math.Abs(x)
	switch {
	case x != x:
		return append(dst, "NaN"...)
	case math.IsInf(x, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(x, -1):
		return append(dst, "-Infinity"...)
	case abs == 0 || abs >= 1e-3 && abs < 1e7:
		at := len(dst)
		dst = strconv.AppendFloat(dst, x, 'f', -1, bits)
		for _, c := range dst[at:] {
			if c == '.' {
				return dst
			}
		}
		return append(dst, ".0"...)
	}
	text := strconv.FormatFloat(x, 'E', -1, bits)
	mantissa, exponent := text, ""
	for i := range text {
		if text[i] == 'E' {
			mantissa, exponent = text[:i], text[i+1:]
		}
	}
	dst = append(dst, mantissa...)
	if !containsByte(mantissa, '.') {
		dst = append(dst, ".0"...)
	}
	n, _ := strconv.Atoi(exponent)
	return strconv.AppendInt(append(dst, 'E'), int64(n), 10)
}

func containsByte(s string, c byte) bool {
	for i := range len(s) {
		if s[i] == c {
			return true
		}
	}
	return false
}
