package ruby

import (
	"math"
	"math/bits"
)

// fastOperators work on two numbers without a method call; ok is false for anything else and for
// what needs care (overflow, division by zero), which the method tables do.
var fastOperators = map[string]func(a, b Value) (Value, bool){
	"+": func(a, b Value) (Value, bool) {
		switch x := a.(type) {
		case int64:
			if y, ok := b.(int64); ok {
				sum := x + y
				return sum, (sum > x) == (y > 0)
			}
		case float64:
			if y, ok := b.(float64); ok {
				return x + y, true
			}
		}
		return nil, false
	},
	"-": func(a, b Value) (Value, bool) {
		switch x := a.(type) {
		case int64:
			if y, ok := b.(int64); ok {
				diff := x - y
				return diff, (diff < x) == (y > 0)
			}
		case float64:
			if y, ok := b.(float64); ok {
				return x - y, true
			}
		}
		return nil, false
	},
	"<":  func(a, b Value) (Value, bool) { o, ok := compareNumbers(a, b); return o < 0, ok },
	"<=": func(a, b Value) (Value, bool) { o, ok := compareNumbers(a, b); return o <= 0, ok },
	">":  func(a, b Value) (Value, bool) { o, ok := compareNumbers(a, b); return o > 0, ok },
	">=": func(a, b Value) (Value, bool) { o, ok := compareNumbers(a, b); return o >= 0, ok },
}

// compareNumbers compares two numbers; ok is false when one is no number or not a number (NaN).
func compareNumbers(a, b Value) (int, bool) {
	if k := kindOf(a); k != kindInt && k != kindFloat {
		return 0, false
	}
	return compareValues(nil, a, b)
}

// toFloat reads a number.
func toFloat(v Value) (float64, error) {
	switch v := v.(type) {
	case int64:
		return float64(v), nil
	case float64:
		return v, nil
	case nil:
		return 0, typeErrorf("nil can't be coerced into a number")
	}
	return 0, typeErrorf("%s can't be coerced into a number", className(v))
}

// intArg reads a number as an integer, as a count or an index.
func intArg(v Value) (int64, error) {
	switch v := v.(type) {
	case int64:
		return v, nil
	case float64:
		return floatToInt(v)
	case nil:
		return 0, typeErrorf("no implicit conversion from nil to integer")
	}
	return 0, typeErrorf("no implicit conversion of %s into Integer", className(v))
}

func floatToInt(f float64) (int64, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return 0, raisef("FloatDomainError", "%s", floatText(f))
	case f >= math.MaxInt64 || f <= math.MinInt64:
		return 0, overflow()
	}
	return int64(f), nil
}

func overflow() error { return raisef("RangeError", "the integer does not fit 64 bits") }

// arithmetic applies an operator to the receiver and the argument.
func arithmetic(ints func(a, b int64) (Value, error), floats func(a, b float64) float64) *method {
	return &method{1, 1, 0, func(c *call) (Value, error) {
		if a, ok := c.recv.(int64); ok {
			if b, ok := c.args[0].(int64); ok {
				return ints(a, b)
			}
		}
		a, err := toFloat(c.recv)
		if err != nil {
			return nil, err
		}
		b, err := toFloat(c.args[0])
		if err != nil {
			return nil, typeErrorf("%s can't be coerced into %s", nilOr(c.args[0]), className(c.recv))
		}
		return floats(a, b), nil
	}}
}

func nilOr(v Value) string {
	if v == nil {
		return "nil"
	}
	return className(v)
}

func addInts(a, b int64) (Value, error) {
	sum := a + b
	if (sum > a) != (b > 0) && b != 0 {
		return nil, overflow()
	}
	return sum, nil
}

func subtractInts(a, b int64) (Value, error) {
	diff := a - b
	if (diff < a) != (b > 0) && b != 0 {
		return nil, overflow()
	}
	return diff, nil
}

func multiplyInts(a, b int64) (Value, error) {
	negative := (a < 0) != (b < 0)
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	switch {
	case high != 0 || low > 1<<63 || low == 1<<63 && !negative:
		return nil, overflow()
	case negative:
		return int64(-low), nil
	}
	return int64(low), nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// divideInts rounds towards negative infinity, as Ruby does.
func divideInts(a, b int64) (Value, error) {
	switch {
	case b == 0:
		return nil, raisef("ZeroDivisionError", "divided by 0")
	case a == math.MinInt64 && b == -1:
		return nil, overflow()
	}
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q, nil
}

// moduloInts takes the sign of the divisor, as Ruby does.
func moduloInts(a, b int64) (Value, error) {
	switch {
	case b == 0:
		return nil, raisef("ZeroDivisionError", "divided by 0")
	case b == -1:
		return int64(0), nil
	}
	m := a % b
	if m != 0 && (m < 0) != (b < 0) {
		m += b
	}
	return m, nil
}

func moduloFloats(a, b float64) float64 {
	m := math.Mod(a, b)
	if m != 0 && (m < 0) != (b < 0) {
		m += b
	}
	return m
}

func powerInts(a, b int64) (Value, error) {
	if b < 0 {
		return nil, raisef("RangeError", "a negative power of an integer is a fraction, which is not supported; use a float")
	}
	result := int64(1)
	for ; b > 0; b-- {
		if result == 0 || result == 1 && a == 1 {
			break
		}
		if a == -1 {
			if b%2 == 1 {
				result = -1
			}
			break
		}
		v, err := multiplyInts(result, a)
		if err != nil {
			return nil, err
		}
		result = v.(int64)
	}
	return result, nil
}

func numberAdd(a, b Value) (Value, error) {
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			return addInts(x, y)
		}
	}
	x, err := toFloat(a)
	if err != nil {
		return nil, err
	}
	y, err := toFloat(b)
	return x + y, err
}
