package ruby

import (
	"math"
	"strconv"
)

func comparison(holds func(o int) bool) *method {
	return &method{1, 1, 0, func(c *call) (Value, error) {
		if a, ok := c.recv.(float64); ok && math.IsNaN(a) {
			return false, nil
		}
		if b, ok := c.args[0].(float64); ok && math.IsNaN(b) {
			return false, nil
		}
		o, err := order(c.fr, c.recv, c.args[0])
		return holds(o), err
	}}
}

// comparable are the methods that follow from an order.
func comparable(own table) table {
	all := table{
		"<":  comparison(func(o int) bool { return o < 0 }),
		"<=": comparison(func(o int) bool { return o <= 0 }),
		">":  comparison(func(o int) bool { return o > 0 }),
		">=": comparison(func(o int) bool { return o >= 0 }),
		"between?": {2, 2, 0, func(c *call) (Value, error) {
			low, err := order(c.fr, c.recv, c.args[0])
			if err != nil {
				return nil, err
			}
			high, err := order(c.fr, c.recv, c.args[1])
			return low >= 0 && high <= 0, err
		}},
		"clamp": {1, 2, 0, clamp},
	}
	for name, m := range own {
		all[name] = m
	}
	return all
}

func clamp(c *call) (Value, error) {
	low, high := c.args[0], c.arg(1)
	if r, ok := low.(*Range); ok && len(c.args) == 1 {
		low, high = r.Low, r.High
	}
	if low != nil {
		if o, err := order(c.fr, c.recv, low); err != nil || o < 0 {
			return low, err
		}
	}
	if high != nil {
		if o, err := order(c.fr, c.recv, high); err != nil || o > 0 {
			return high, err
		}
	}
	return c.recv, nil
}

// numeric are the methods that integers and floats share.
func numeric(own table) table {
	all := comparable(table{
		"+":         arithmetic(addInts, func(a, b float64) float64 { return a + b }),
		"-":         arithmetic(subtractInts, func(a, b float64) float64 { return a - b }),
		"*":         arithmetic(multiplyInts, func(a, b float64) float64 { return a * b }),
		"/":         arithmetic(divideInts, func(a, b float64) float64 { return a / b }),
		"%":         arithmetic(moduloInts, moduloFloats),
		"modulo":    arithmetic(moduloInts, moduloFloats),
		"**":        arithmetic(powerInts, math.Pow),
		"pow":       arithmetic(powerInts, math.Pow),
		"fdiv":      {1, 1, 0, fdiv},
		"div":       {1, 1, 0, div},
		"divmod":    {1, 1, 0, divmod},
		"-@":        {0, 0, 0, negate},
		"abs":       {0, 0, 0, absolute},
		"magnitude": {0, 0, 0, absolute},
		"to_i":      {0, 0, 0, toInt},
		"to_int":    {0, 0, 0, toInt},
		"to_f":      {0, 0, 0, func(c *call) (Value, error) { return floatOf(toFloat(c.recv)) }},
		"to_r":      {0, 0, 0, func(*call) (Value, error) { return nil, raisef("NoMethodError", "fractions are not supported") }},
		"integer?":  {0, 0, 0, func(c *call) (Value, error) { return kindOf(c.recv) == kindInt, nil }},
		"zero?":     signTest(func(f float64) bool { return f == 0 }),
		"positive?": signTest(func(f float64) bool { return f > 0 }),
		"negative?": signTest(func(f float64) bool { return f < 0 }),
		"nonzero?": {0, 0, 0, func(c *call) (Value, error) {
			if f, err := toFloat(c.recv); f != 0 || err != nil {
				return c.recv, err
			}
			return nil, nil
		}},
		"round":    {0, 2, 0, func(c *call) (Value, error) { return rounded(c, roundHalfUp) }},
		"floor":    {0, 1, 0, func(c *call) (Value, error) { return rounded(c, math.Floor) }},
		"ceil":     {0, 1, 0, func(c *call) (Value, error) { return rounded(c, math.Ceil) }},
		"truncate": {0, 1, 0, func(c *call) (Value, error) { return rounded(c, math.Trunc) }},
		"finite?":  signTest(func(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }),
		"step":     {1, 2, blockRequired, stepNumbers},
	})
	for name, m := range own {
		all[name] = m
	}
	return all
}

func floatOf(f float64, err error) (Value, error) { return f, err }

func signTest(holds func(f float64) bool) *method {
	return &method{0, 0, 0, func(c *call) (Value, error) {
		f, err := toFloat(c.recv)
		return holds(f), err
	}}
}

func fdiv(c *call) (Value, error) {
	a, err := toFloat(c.recv)
	if err != nil {
		return nil, err
	}
	b, err := toFloat(c.args[0])
	return a / b, err
}

func div(c *call) (Value, error) {
	if a, ok := c.recv.(int64); ok {
		if b, ok := c.args[0].(int64); ok {
			return divideInts(a, b)
		}
	}
	q, err := fdiv(c)
	if err != nil {
		return nil, err
	}
	if f, err := toFloat(c.args[0]); err == nil && f == 0 {
		return nil, raisef("ZeroDivisionError", "divided by 0")
	}
	n, err := floatToInt(math.Floor(q.(float64)))
	return n, err
}

func divmod(c *call) (Value, error) {
	q, err := div(c)
	if err != nil {
		return nil, err
	}
	if a, ok := c.recv.(int64); ok {
		if b, ok := c.args[0].(int64); ok {
			m, err := moduloInts(a, b)
			return &Array{[]Value{q, m}}, err
		}
	}
	a, err := toFloat(c.recv)
	if err != nil {
		return nil, err
	}
	b, err := toFloat(c.args[0])
	return &Array{[]Value{q, moduloFloats(a, b)}}, err
}

func negate(c *call) (Value, error) {
	if n, ok := c.recv.(int64); ok {
		return subtractInts(0, n)
	}
	return -c.recv.(float64), nil
}

func absolute(c *call) (Value, error) {
	if n, ok := c.recv.(int64); ok {
		if n < 0 {
			return subtractInts(0, n)
		}
		return n, nil
	}
	return math.Abs(c.recv.(float64)), nil
}

func toInt(c *call) (Value, error) {
	n, err := intArg(c.recv)
	return n, err
}

func roundHalfUp(f float64) float64 { return math.Round(f) }

// rounded rounds to a number of decimal digits: an integer for none or fewer, else a float.
func rounded(c *call, round func(float64) float64) (Value, error) {
	var digits int64
	if n, ok := c.arg(0).(int64); ok {
		digits = n
	} else if len(c.args) > 0 {
		return nil, argumentErrorf("only a number of digits can be given here")
	}
	if n, ok := c.recv.(int64); ok {
		if digits >= 0 {
			return n, nil
		}
		scale := math.Pow10(int(min(-digits, 19)))
		v, err := floatToInt(round(float64(n)/scale) * scale)
		return v, err
	}
	f := c.recv.(float64)
	if digits <= 0 {
		scale := math.Pow10(int(min(-digits, 308)))
		v, err := floatToInt(round(f/scale) * scale)
		return v, err
	}
	if digits > 15 || math.IsInf(f, 0) || math.IsNaN(f) || f == 0 {
		return f, nil // a float has no more digits
	}
	return roundDecimals(f, int(digits), round), nil
}

// roundDecimals rounds to decimals, and takes back the step that the scaling's own rounding may have
// made too many or too few.
func roundDecimals(f float64, digits int, round func(float64) float64) float64 {
	scale := math.Pow10(digits)
	if math.IsInf(f*scale, 0) {
		return f
	}
	r := round(f * scale)
	if nearest := math.Round(f * scale); nearest/scale == f {
		r = nearest // f has no more than these digits
	}
	s, err := strconv.ParseFloat(strconv.FormatFloat(r/scale, 'f', digits, 64), 64)
	if err != nil {
		return r / scale
	}
	return s
}

func stepNumbers(c *call) (Value, error) {
	limit, by := c.args[0], Value(int64(1))
	if len(c.args) > 1 {
		by = c.args[1]
	}
	step, err := toFloat(by)
	if err != nil || step == 0 {
		return nil, argumentErrorf("step can't be 0")
	}
	add := numberAdd
	for v := c.recv; ; {
		o, err := order(c.fr, v, limit)
		if err != nil || step > 0 && o > 0 || step < 0 && o < 0 {
			return c.recv, err
		}
		if _, err := c.block.call(v); err != nil {
			return nil, err
		}
		if v, err = add(v, by); err != nil {
			return nil, err
		}
	}
}

func intTest(holds func(n int64) bool) *method {
	return &method{0, 0, 0, func(c *call) (Value, error) { return holds(c.recv.(int64)), nil }}
}

var intMethods = numeric(table{
	"to_s":  {0, 1, 0, intText},
	"chr":   {0, 1, 0, func(c *call) (Value, error) { return string(rune(c.recv.(int64))), nil }},
	"ord":   {0, 0, 0, identity},
	"even?": intTest(func(n int64) bool { return n%2 == 0 }),
	"odd?":  intTest(func(n int64) bool { return n%2 != 0 }),
	"succ":  {0, 0, 0, func(c *call) (Value, error) { return addInts(c.recv.(int64), 1) }},
	"next":  {0, 0, 0, func(c *call) (Value, error) { return addInts(c.recv.(int64), 1) }},
	"pred":  {0, 0, 0, func(c *call) (Value, error) { return subtractInts(c.recv.(int64), 1) }},
	"times": {0, 0, blockRequired, func(c *call) (Value, error) { return countUp(c, 0, c.recv.(int64)-1) }},
	"upto": {1, 1, blockRequired, func(c *call) (Value, error) {
		high, err := intArg(c.args[0])
		if err != nil {
			return nil, err
		}
		return countUp(c, c.recv.(int64), high)
	}},
	"downto": {1, 1, blockRequired, countDown},
	"&":      bitwise(func(a, b int64) int64 { return a & b }),
	"|":      bitwise(func(a, b int64) int64 { return a | b }),
	"^":      bitwise(func(a, b int64) int64 { return a ^ b }),
	">>":     bitwise(func(a, b int64) int64 { return a >> uint64(max(0, min(b, 63))) }),
	"<<": {1, 1, 0, func(c *call) (Value, error) {
		n, err := intArg(c.args[0])
		if err != nil || n < 0 || n > 62 {
			return nil, argumentErrorf("a shift must be from 0 to 62")
		}
		return multiplyInts(c.recv.(int64), 1<<n)
	}},
})

func bitwise(f func(a, b int64) int64) *method {
	return &method{1, 1, 0, func(c *call) (Value, error) {
		b, ok := c.args[0].(int64)
		if !ok {
			return nil, typeErrorf("%s can't be coerced into Integer", nilOr(c.args[0]))
		}
		return f(c.recv.(int64), b), nil
	}}
}

func intText(c *call) (Value, error) {
	base := int64(10)
	if len(c.args) > 0 {
		base, _ = c.args[0].(int64)
	}
	if base < 2 || base > 36 {
		return nil, argumentErrorf("invalid radix %d", base)
	}
	return strconv.FormatInt(c.recv.(int64), int(base)), nil
}

func countUp(c *call, low, high int64) (Value, error) {
	for i := low; i <= high; i++ {
		if _, err := c.block.call(i); err != nil {
			return nil, err
		}
		if i == math.MaxInt64 {
			break
		}
	}
	return c.recv, nil
}

func countDown(c *call) (Value, error) {
	low, err := intArg(c.args[0])
	if err != nil {
		return nil, err
	}
	for i := c.recv.(int64); i >= low; i-- {
		if _, err := c.block.call(i); err != nil {
			return nil, err
		}
		if i == math.MinInt64 {
			break
		}
	}
	return c.recv, nil
}

var floatMethods = numeric(table{
	"nan?": signTest(math.IsNaN),
	"infinite?": {0, 0, 0, func(c *call) (Value, error) {
		switch f := c.recv.(float64); {
		case math.IsInf(f, 1):
			return int64(1), nil
		case math.IsInf(f, -1):
			return int64(-1), nil
		}
		return nil, nil
	}},
})
