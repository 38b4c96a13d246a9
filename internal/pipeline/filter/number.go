package filter

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
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

// scientificInt reads a whole number in scientific notation exactly, cut towards zero.
func scientificInt(text string) (int64, bool) {
	if len(text) > 64 {
		return 0, false
	}
	switch f, err := strconv.ParseFloat(text, 64); {
	case err != nil || math.Abs(f) >= math.MaxInt64:
		return 0, false
	case math.Abs(f) < 1: // also keeps 1e-999999999 from being written out
		return 0, true
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, false
	}
	return new(big.Int).Quo(r.Num(), r.Denom()).Int64(), true
}
