package event

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

// maxJSONDepth bounds nesting, as Jackson (and so Elasticsearch) does with 1000; deeper input is
// refused before it can exhaust the stack.
const maxJSONDepth = 1000

// ErrJSON marks text that is not JSON. Errors of ParseJSON wrap it and name the byte offset.
var ErrJSON = errors.New("not valid JSON")

// ParseJSON parses one JSON value that fills data, apart from white space. Integers that fit int64
// stay integers; other numbers become float64. The result does not refer to data. Invalid UTF-8
// inside a string is replaced by U+FFFD rather than refused: a log line must not be lost to it.
func ParseJSON(data []byte) (Value, error) { return ParseJSONText(string(data)) }

// ParseJSONText is [ParseJSON] for a text that is kept: those in the result are parts of it.
func ParseJSONText(text string) (Value, error) {
	p := jsonParser{data: text}
	v, err := p.document()
	if err != nil {
		return Value{}, err
	}
	if p.skipSpace(); p.pos < len(text) {
		return Value{}, fmt.Errorf("%w: unexpected %q after the value at byte %d", ErrJSON, text[p.pos], p.pos)
	}
	return v, nil
}

// ParseObject is [ParseJSON] for a document that is kept as it is understood: it must be an object, and no object in it
// may name a member twice or hold text that is not UTF-8.
func ParseObject(data []byte) (Value, error) {
	v, rest, err := ParseUnique(data)
	if err != nil {
		return Value{}, err
	}
	p := jsonParser{data: string(rest)}
	switch p.skipSpace(); {
	case p.pos < len(rest):
		return Value{}, fmt.Errorf("%w: unexpected %q after the value at byte %d", ErrJSON, rest[p.pos], len(data)-len(rest)+p.pos)
	case v.kind != Object:
		return Value{}, fmt.Errorf("%w: it is no object", ErrJSON)
	}
	return v, nil
}

// ParseUnique is [ParseJSONPrefix] that refuses an object with two members of one name and text that is not UTF-8.
func ParseUnique(data []byte) (Value, []byte, error) {
	if !utf8.Valid(data) {
		return Value{}, nil, fmt.Errorf("%w: it is not UTF-8", ErrJSON)
	}
	p := jsonParser{data: string(data), unique: true}
	v, err := p.document()
	if err != nil {
		return Value{}, nil, err
	}
	return v, data[p.pos:], nil
}

// ParseJSONPrefix parses the first JSON value of data and returns what follows it.
func ParseJSONPrefix(data []byte) (Value, []byte, error) {
	p := jsonParser{data: string(data)}
	v, err := p.document()
	if err != nil {
		return Value{}, nil, err
	}
	return v, data[p.pos:], nil
}

// AppendJSON appends the value as JSON. Timestamps are ISO 8601 texts; NaN and infinities, which
// JSON lacks, are null.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case Null:
		return append(dst, "null"...)
	case Bool:
		return strconv.AppendBool(dst, v.num != 0)
	case Int:
		return strconv.AppendInt(dst, int64(v.num), 10)
	case Float:
		return v.appendFloat(dst)
	case String:
		return AppendQuoted(dst, v.text())
	case Time:
		dst = append(dst, '"')
		return append(AppendTime(dst, v.Time()), '"')
	case Array:
		dst = append(dst, '[')
		for i, m := range v.node().values {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = m.AppendJSON(dst)
		}
		return append(dst, ']')
	}
	return append(v.appendMembers(append(dst, '{'), true), '}')
}

func (v Value) appendMembers(dst []byte, first bool) []byte {
	n := v.node()
	for i := range n.values {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = n.values[i].AppendJSON(n.shape.appendLabel(dst, i))
	}
	return dst
}

func (v Value) appendFloat(dst []byte) []byte {
	if literal := v.literal(); literal != "" {
		return append(dst, literal...)
	}
	f := math.Float64frombits(v.num)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	if short, ok := appendDecimal(dst, f); ok {
		return short
	}
	start := len(dst)
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	} else {
		dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	for _, c := range dst[start:] {
		if c == '.' || c == 'e' {
			return dst
		}
	}
	return append(dst, ".0"...) // stays a float when read back, as Ruby and Java print it
}

// maxDecimals is how many decimals measurements and scores mostly have at most.
const maxDecimals = 6

// appendDecimal appends a number that few decimals write exactly, which is quickly seen: see exactDigits.
func appendDecimal(dst []byte, f float64) ([]byte, bool) {
	a := math.Abs(f)
	if !(a < 1e15/1e6) {
		return dst, false
	}
	for decimals := 0; decimals <= maxDecimals; decimals++ {
		power := powersOf10[decimals]
		digits := uint64(a*power + 0.5)
		if float64(digits)/power != a {
			continue
		}
		if math.Signbit(f) {
			dst = append(dst, '-')
		}
		scale := uint64(power)
		dst = append(strconv.AppendUint(dst, digits/scale, 10), '.')
		return appendDigits(dst, int(digits%scale), max(decimals, 1)), true // "1.0" stays a float when read back
	}
	return dst, false
}

// AppendJSON appends the event as one JSON object: "@timestamp" first, then the fields in order;
// @metadata is left out.
func (e *Event) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"@timestamp":"`...)
	dst = append(AppendTime(dst, e.timestamp), '"')
	return append(e.fields.appendMembers(dst, false), '}')
}

const hexDigits = "0123456789abcdef"

// AppendQuoted appends s as a JSON string with the fewest escapes; invalid UTF-8 becomes U+FFFD.
func AppendQuoted(dst []byte, s string) []byte {
	plain := plainPrefix(s)
	if plain == len(s) {
		dst = append(dst, '"')
		dst = append(dst, s...)
		return append(dst, '"')
	}
	dst = append(dst, '"')
	start := 0
	for i := plain; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			i += plainPrefix(s[i:])
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, "\uFFFD"...)
				start = i + 1
			}
			i += n
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// plainPrefix counts the bytes that s begins with and that stand for themselves in a JSON string: printable ASCII but
// quote and backslash. It looks at eight at a time.
func plainPrefix(s string) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, backslash := x^ones*'"', x^ones*'\\'
		// The high bit of a byte is set where it is beyond ASCII, below a blank, a quote or a backslash; a byte above such a
		// one may have it set too, which does not matter: the lowest counts.
		found := (x | (x-ones*0x20)&^x | (quote-ones)&^quote | (backslash-ones)&^backslash) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			break
		}
	}
	return i
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
