package decimal

import (
	"math"
	"strconv"
	"strings"
)

// Format is a compiled pattern.
type Format struct {
	pattern                string
	prefix, suffix         string
	negPrefix, negSuffix   string
	minInt, maxInt         int // digits before the point; maxInt matters with an exponent only
	minFraction, maxDigits int // digits after the point
	group                  int // digits between commas, 0 for none
	scale                  int // powers of ten that are added: 2 for percent, 3 for per mille
	exponent               int // least digits of the exponent, 0 for none
	point                  bool
}

// String returns the pattern.
func (f *Format) String() string { return f.pattern }

// Append prints a number. Halves go to the even neighbour; what rounds to zero from below keeps its sign, as in Java.
func (f *Format) Append(dst []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, "NaN"...)
	case f.scale > 0:
		v *= math.Pow10(f.scale)
	}
	negative := math.Signbit(v)
	body := f.digits(math.Abs(v))
	if negative {
		return append(append(append(dst, f.negPrefix...), body...), f.negSuffix...)
	}
	return append(append(append(dst, f.prefix...), body...), f.suffix...)
}

func (f *Format) digits(v float64) []byte {
	switch {
	case math.IsInf(v, 0):
		return []byte("∞")
	case f.exponent > 0:
		return f.scientific(v)
	}
	return f.plain(strconv.FormatFloat(v, 'f', f.maxDigits, 64))
}

// plain trims and groups a number that has been rounded.
func (f *Format) plain(text string) []byte {
	whole, fraction, _ := strings.Cut(text, ".")
	for len(fraction) > f.minFraction && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	whole = strings.TrimLeft(whole, "0")
	for len(whole) < f.minInt {
		whole = "0" + whole
	}
	if whole == "" && fraction == "" {
		whole = "0"
	}
	var out []byte
	for i := range len(whole) {
		if left := len(whole) - i; i > 0 && f.group > 0 && left%f.group == 0 {
			out = append(out, ',')
		}
		out = append(out, whole[i])
	}
	if fraction != "" || f.point {
		out = append(append(out, '.'), fraction...)
	}
	return out
}

// scientific prints mantissa and exponent. With more digits before the point than must be there, the exponent is a
// multiple of that number.
func (f *Format) scientific(v float64) []byte {
	exp := 0
	if v != 0 {
		_, tail, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
		exp, _ = strconv.Atoi(tail)
	}
	fraction := f.maxDigits
	switch {
	case f.maxInt > 1 && f.maxInt > f.minInt:
		shift := int(math.Floor(float64(exp)/float64(f.maxInt))) * f.maxInt
		fraction = max(f.minInt+f.maxDigits-(exp-shift+1), 0)
		exp = shift
	case v != 0:
		exp -= max(f.minInt, 1) - 1
	}
	mantissa := v
	if v != 0 {
		mantissa = v / math.Pow(10, float64(exp))
	}
	out := f.plain(strconv.FormatFloat(mantissa, 'f', fraction, 64))
	out = append(out, 'E')
	if exp < 0 {
		out = append(out, '-')
		exp = -exp
	}
	digits := strconv.Itoa(exp)
	for i := len(digits); i < f.exponent; i++ {
		out = append(out, '0')
	}
	return append(out, digits...)
}
