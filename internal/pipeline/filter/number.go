package filter

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"elkhorn/internal/event"
)

// leadingInt reads the number a text begins with as Ruby's to_i does: "12 ms" is 12, "abc" is 0. A number beyond 64 bits
// becomes the nearest that fits.
func leadingInt(text string) int64 {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	n, err := strconv.ParseInt(text[:intPrefix(text)], 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return n
}

// leadingFloat reads the number a text begins with as Ruby's to_f does.
func leadingFloat(text string) float64 {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	end := intPrefix(text)
	if end == 0 {
		return 0
	}
	if end < len(text) && text[end] == '.' {
		if n := digitsAt(text, end+1); n > 0 {
			end += 1 + n
		}
	}
	if end < len(text) && text[end]|0x20 == 'e' {
		sign := 0
		if end+1 < len(text) && (text[end+1] == '+' || text[end+1] == '-') {
			sign = 1
		}
		if n := digitsAt(text, end+1+sign); n > 0 {
			end += 1 + sign + n
		}
	}
	f, err := strconv.ParseFloat(text[:end], 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return f
}

// intPrefix counts the bytes of a sign and digits that text begins with, 0 without a digit.
func intPrefix(text string) int {
	sign := 0
	if text != "" && (text[0] == '+' || text[0] == '-') {
		sign = 1
	}
	if n := digitsAt(text, sign); n > 0 {
		return sign + n
	}
	return 0
}

func digitsAt(text string, pos int) int {
	n := 0
	for pos+n < len(text) && '0' <= text[pos+n] && text[pos+n] <= '9' {
		n++
	}
	return n
}

// hexNumber reads a whole text such as -0x1A; ok is false when it is none.
func hexNumber(text string) (n int64, ok bool) {
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || len(digits) < 3 || !strings.HasPrefix(strings.ToLower(digits), "0x") {
		return 0, false
	}
	n, err := strconv.ParseInt(digits[2:], 16, 64)
	if err != nil {
		return 0, false
	}
	if text[0] == '-' {
		n = -n
	}
	return n, true
}

// maxExponent bounds what is written out: 1e400 as an integer has 401 digits.
const maxExponent = 400

// isDecimal says that a text is a number as Java's and Ruby's BigDecimal read it, of a bounded size.
func isDecimal(text string) bool {
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(text), "e")
	if scientific {
		if n, err := strconv.Atoi(exponent); err != nil || n < -maxExponent || n > maxExponent {
			return false
		}
	}
	if mantissa != "" && (mantissa[0] == '+' || mantissa[0] == '-') {
		mantissa = mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	return digits != "" && len(digits) <= maxExponent && strings.Trim(digits, "0123456789") == ""
}

// decimalInteger cuts a decimal number towards zero. One beyond 64 bits is kept with all its digits.
func decimalInteger(text string) (event.Value, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return event.IntOf(n), true
	}
	if !isDecimal(text) {
		return event.NullValue, false
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return event.NullValue, false
	}
	return bigInteger(new(big.Int).Quo(r.Num(), r.Denom()))
}

// bigInteger is an integer of any size.
func bigInteger(n *big.Int) (event.Value, bool) {
	v, err := event.ParseJSON([]byte(n.String()))
	return v, err == nil
}

// decimalFloat reads a decimal number.
func decimalFloat(text string) (event.Value, bool) {
	if !isDecimal(text) {
		return event.NullValue, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return event.FloatOf(f), err == nil && !math.IsInf(f, 0)
}

// hexFloat reads a whole text such as -0x1.8p3; ok is false when it is none.
func hexFloat(text string) (f float64, ok bool) {
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || !strings.HasPrefix(strings.ToLower(digits), "0x") {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil
}
