package brute

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// A value is a string (keyword, text), an address as 16 bytes in a string (ip), an int64 (whole numbers, booleans, dates in
// milliseconds, date_nanos in nanoseconds) or a float64.

// isNumber says whether a field's values are numbers.
func (f *Field) isNumber() bool { return f.isInt() || f.isFloat() }

func (f *Field) isInt() bool {
	switch f.Type {
	case "long", "integer", "short", "byte":
		return true
	}
	return false
}

func (f *Field) isFloat() bool {
	switch f.Type {
	case "double", "float", "half_float", "scaled_float":
		return true
	}
	return false
}

func (f *Field) isDate() bool { return f.Type == "date" || f.Type == "date_nanos" }

func (f *Field) isText() bool { return f.Type == "text" || f.Type == "match_only_text" }

func (f *Field) isKeyword() bool {
	return f.Type == "keyword" || f.Type == "wildcard" || f.Type == "constant_keyword" || f.Type == "flattened"
}

// outcome is what became of one scalar of a document.
type outcome uint8

const (
	taken     outcome = iota
	left              // no value, and nothing wrong with that
	malformed         // ignored or refused, as the field says
)

// convert reads a scalar of a document as the field's type.
func (f *Field) convert(v *Node) (value any, what outcome) {
	if v.Kind == 'n' {
		if f.nullValue == nil || f.nullValue.Kind == 'n' {
			return nil, left
		}
		return f.convert(f.nullValue)
	}
	switch {
	case f.isKeyword() || f.isText():
		return f.convertText(v.Text)
	case f.isNumber():
		return f.convertNumber(v)
	}
	switch f.Type {
	case "boolean":
		switch {
		case v.Kind == '0':
			return nil, malformed
		case v.Text == "true":
			return int64(1), taken
		case v.Text == "false" || v.Text == "":
			return int64(0), taken
		}
	case "date", "date_nanos":
		if at, _, ok := parseDate(v.Text, f.formats); ok && v.Kind != 't' {
			return f.stamp(at), taken
		}
	case "ip":
		if ip, err := netip.ParseAddr(v.Text); err == nil && ip.Zone() == "" {
			b := ip.As16()
			return string(b[:]), taken
		}
	default:
		panic("brute: no type " + f.Type)
	}
	return nil, malformed
}

// stamp is a time as the field holds it.
func (f *Field) stamp(at time.Time) int64 {
	if f.Type == "date_nanos" {
		return at.UnixNano()
	}
	return at.UnixMilli()
}

// time is the inverse of stamp.
func (f *Field) time(stamp int64) time.Time {
	if f.Type == "date_nanos" {
		return time.Unix(0, stamp).UTC()
	}
	return time.UnixMilli(stamp).UTC()
}

func (f *Field) convertText(text string) (any, outcome) {
	if f.isText() {
		return text, taken
	}
	if f.ignoreAbove >= 0 && len(utf16.Encode([]rune(text))) > f.ignoreAbove {
		return nil, left
	}
	if f.lowercase {
		text = strings.ToLower(text)
	}
	if f.Type == "constant_keyword" && text != f.constant {
		return nil, malformed
	}
	return text, taken
}

var (
	decimal = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
	integer = regexp.MustCompile(`^[+-]?\d+$`)
)

func isDecimal(text string) bool { return decimal.MatchString(text) }
func isInteger(text string) bool { return integer.MatchString(text) }

var intBounds = map[string][2]int64{
	"long": {math.MinInt64, math.MaxInt64}, "integer": {math.MinInt32, math.MaxInt32}, "short": {math.MinInt16, math.MaxInt16}, "byte": {math.MinInt8, math.MaxInt8},
}

func (f *Field) convertNumber(v *Node) (any, outcome) {
	switch {
	case v.Kind == 't' || v.Kind == '"' && !f.coerce:
		return nil, malformed
	case v.Kind == '"' && v.Text == "": // as if it were null
		return f.convert(&Node{Kind: 'n'})
	case !isDecimal(v.Text):
		return nil, malformed
	case f.isFloat():
		x, ok := f.round(v.Text)
		if !ok {
			return nil, malformed
		}
		return x, taken
	}
	exact, ok := new(big.Rat).SetString(v.Text)
	if !ok || !exact.IsInt() && !f.coerce {
		return nil, malformed
	}
	whole := new(big.Int).Quo(exact.Num(), exact.Denom())
	bounds := intBounds[f.Type]
	if !whole.IsInt64() || whole.Int64() < bounds[0] || whole.Int64() > bounds[1] {
		return nil, malformed
	}
	return whole.Int64(), taken
}

// round gives the number that the type can hold.
func (f *Field) round(text string) (float64, bool) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	switch f.Type {
	case "float":
		x = float64(float32(x))
	case "half_float":
		x = roundHalf(x)
	case "scaled_float":
		x = math.Round(x*f.scaling)/f.scaling + 0
	}
	return x, !math.IsInf(x, 0)
}

// roundHalf finds the nearest number of IEEE 754 binary16 among the two neighbours that 10 bits of mantissa leave.
func roundHalf(x float64) float64 {
	if x == 0 {
		return x
	}
	step := math.Pow(2, math.Max(math.Floor(math.Log2(math.Abs(x))), -14)-10)
	x = math.RoundToEven(x/step) * step
	if math.Abs(x) > 65504 {
		return math.Inf(1)
	}
	return x
}

// query reads a value of a request as the field's type, or panics. Strings of analyzed fields stay as they are.
func (f *Field) query(text string) any {
	switch {
	case f.lowercase:
		return strings.ToLower(text)
	case f.isKeyword() || f.isText():
		return text
	case f.isFloat():
		x, _ := f.round(text)
		return x
	case f.Type == "boolean":
		if text == "true" {
			return int64(1)
		}
		return int64(0)
	case f.isDate():
		at, _, ok := parseDate(text, f.formats)
		if !ok {
			panic(fmt.Sprintf("brute: %s: no date %q", f.Path, text))
		}
		return f.stamp(at)
	case f.Type == "ip":
		b := netip.MustParseAddr(text).As16()
		return string(b[:])
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("brute: %s: %v", f.Path, err))
	}
	return n
}

// standIn reads a "missing" value. It is taken as it is: not brought to lower case, nor rounded to what the type holds.
func (f *Field) standIn(text string) any {
	switch {
	case f.isKeyword():
		return text
	case f.isFloat():
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			panic(err)
		}
		return x
	}
	return f.query(text)
}

// compare orders two values of one field.
func compare(a, b any) int {
	switch x := a.(type) {
	case int64:
		if y, ok := b.(float64); ok {
			return cmp.Compare(float64(x), y)
		}
		return cmp.Compare(x, b.(int64))
	case float64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, float64(y))
		}
		return cmp.Compare(x, b.(float64))
	}
	return cmp.Compare(a.(string), b.(string))
}

// order is compare, with -0 before 0 as values are sorted.
func order(a, b any) int {
	x, ok1 := a.(float64)
	y, ok2 := b.(float64)
	if ok1 && ok2 && x == 0 && y == 0 {
		return cmp.Compare(1/x, 1/y)
	}
	return compare(a, b)
}

// float is a value as metrics see it: date_nanos are milliseconds there.
func (f *Field) float(v any) float64 {
	switch x := v.(type) {
	case int64:
		if f != nil && f.Type == "date_nanos" {
			return float64(x) / 1e6
		}
		return float64(x)
	case float64:
		return x
	}
	panic(fmt.Sprintf("brute: %v is no number", v))
}

func printIP(v string) string { return netip.AddrFrom16([16]byte([]byte(v))).Unmap().String() }
