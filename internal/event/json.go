package event

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// maxJSONDepth bounds nesting, as Jackson (and so Elasticsearch) does with 1000; deeper input is
// refused before it can exhaust the stack.
const maxJSONDepth = 1000

// ErrJSON marks text that is not JSON. Errors of ParseJSON wrap it and name the byte offset.
var ErrJSON = errors.New("not valid JSON")

// ParseJSON parses one JSON value that fills data, apart from white space. Integers that fit int64
// stay integers; other numbers become float64. The result does not refer to data. Invalid UTF-8
// inside a string is replaced by U+FFFD rather than refused: a log line must not be lost to it.
func ParseJSON(data []byte) (Value, error) {
	v, rest, err := ParseJSONPrefix(data)
	if err != nil {
		return Value{}, err
	}
	p := jsonParser{data: rest}
	if p.skipSpace(); p.pos < len(rest) {
		return Value{}, fmt.Errorf("%w: unexpected %q after the value at byte %d", ErrJSON, rest[p.pos], len(data)-len(rest)+p.pos)
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
	p := jsonParser{data: rest}
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
	p := jsonParser{data: data, unique: true}
	v, err := p.value(0)
	if err != nil {
		return Value{}, nil, err
	}
	return v, data[p.pos:], nil
}

// ParseJSONPrefix parses the first JSON value of data and returns what follows it.
func ParseJSONPrefix(data []byte) (Value, []byte, error) {
	p := jsonParser{data: data}
	v, err := p.value(0)
	if err != nil {
		return Value{}, nil, err
	}
	return v, data[p.pos:], nil
}

type jsonParser struct {
	data []byte
	pos  int
	// unique refuses an object that names a member twice.
	unique bool
}

func (p *jsonParser) fail(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrJSON, what, p.pos)
}

func (p *jsonParser) skipSpace() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *jsonParser) value(depth int) (Value, error) {
	p.skipSpace()
	if p.pos >= len(p.data) {
		return Value{}, p.fail("unexpected end")
	}
	if depth > maxJSONDepth {
		return Value{}, p.fail("nested too deep")
	}
	switch c := p.data[p.pos]; c {
	case '{':
		return p.object(depth)
	case '[':
		return p.array(depth)
	case '"':
		s, err := p.text()
		return StringOf(s), err
	case 't':
		return BoolOf(true), p.word("true")
	case 'f':
		return BoolOf(false), p.word("false")
	case 'n':
		return NullValue, p.word("null")
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return p.number()
		}
		return Value{}, p.fail(fmt.Sprintf("unexpected %q", c))
	}
}

func (p *jsonParser) word(w string) error {
	if len(p.data)-p.pos < len(w) || string(p.data[p.pos:p.pos+len(w)]) != w {
		return p.fail("unexpected literal")
	}
	p.pos += len(w)
	return nil
}

func (p *jsonParser) object(depth int) (Value, error) {
	p.pos++
	obj := NewObject()
	for first := true; ; first = false {
		p.skipSpace()
		if p.pos < len(p.data) && p.data[p.pos] == '}' && first {
			p.pos++
			return obj, nil
		}
		if p.pos >= len(p.data) || p.data[p.pos] != '"' {
			return Value{}, p.fail("expected a member name")
		}
		name, err := p.text()
		if err != nil {
			return Value{}, err
		}
		if p.skipSpace(); p.pos >= len(p.data) || p.data[p.pos] != ':' {
			return Value{}, p.fail("expected : after a member name")
		}
		p.pos++
		v, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		if p.unique && obj.node.find(name) >= 0 {
			return Value{}, p.fail("the second member of one object called " + strconv.Quote(name))
		}
		obj.node.set(name, v)
		if more, err := p.comma('}'); err != nil || !more {
			return obj, err
		}
	}
}

func (p *jsonParser) array(depth int) (Value, error) {
	p.pos++
	arr := ArrayOf()
	for first := true; ; first = false {
		p.skipSpace()
		if p.pos < len(p.data) && p.data[p.pos] == ']' && first {
			p.pos++
			return arr, nil
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		arr.node.values = append(arr.node.values, v)
		if more, err := p.comma(']'); err != nil || !more {
			return arr, err
		}
	}
}

// comma reads what follows a member: a comma (true) or the closing bracket (false).
func (p *jsonParser) comma(end byte) (bool, error) {
	p.skipSpace()
	if p.pos >= len(p.data) {
		return false, p.fail("unexpected end")
	}
	switch p.data[p.pos] {
	case ',':
		p.pos++
		return true, nil
	case end:
		p.pos++
		return false, nil
	}
	return false, p.fail(fmt.Sprintf("expected , or %q", end))
}

func (p *jsonParser) number() (Value, error) {
	start := p.pos
	integer := true
	if p.data[p.pos] == '-' {
		p.pos++
	}
	switch n := p.digits(); {
	case n == 0:
		return Value{}, p.fail("expected a digit")
	case n > 1 && p.data[p.pos-n] == '0':
		return Value{}, p.fail("a number must not begin with 0")
	}
	if p.pos < len(p.data) && p.data[p.pos] == '.' {
		integer = false
		p.pos++
		if p.digits() == 0 {
			return Value{}, p.fail("expected a digit")
		}
	}
	if p.pos < len(p.data) && (p.data[p.pos] == 'e' || p.data[p.pos] == 'E') {
		integer = false
		p.pos++
		if p.pos < len(p.data) && (p.data[p.pos] == '+' || p.data[p.pos] == '-') {
			p.pos++
		}
		if p.digits() == 0 {
			return Value{}, p.fail("expected a digit")
		}
	}
	literal := p.data[start:p.pos]
	text := unsafe.String(unsafe.SliceData(literal), len(literal)) // parsed, not kept
	if integer {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return IntOf(n), nil
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && math.IsInf(f, 0) {
		return Value{}, p.fail("number out of range")
	}
	v := FloatOf(f)
	if integer {
		v.str = string(literal) // a big integer: print it as it came
	}
	return v, nil
}

func (p *jsonParser) digits() int {
	start := p.pos
	for p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '9' {
		p.pos++
	}
	return p.pos - start
}

// text reads a string whose opening quote is at pos.
func (p *jsonParser) text() (string, error) {
	p.pos++
	start := p.pos
	for p.pos < len(p.data) {
		c := p.data[p.pos]
		if c == '"' {
			s := string(p.data[start:p.pos])
			p.pos++
			return s, nil
		}
		if c == '\\' || c < 0x20 || c >= utf8.RuneSelf {
			return p.slowText(start)
		}
		p.pos++
	}
	return "", p.fail("a string is never closed")
}

func (p *jsonParser) slowText(start int) (string, error) {
	buf := append(make([]byte, 0, p.pos-start+64), p.data[start:p.pos]...)
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			p.pos++
			return string(buf), nil
		case c == '\\':
			var err error
			if buf, err = p.escape(buf); err != nil {
				return "", err
			}
		case c < 0x20:
			return "", p.fail("a control character in a string")
		case c < utf8.RuneSelf:
			buf = append(buf, c)
			p.pos++
		default:
			r, n := utf8.DecodeRune(p.data[p.pos:])
			buf = utf8.AppendRune(buf, r)
			p.pos += n
		}
	}
	return "", p.fail("a string is never closed")
}

func (p *jsonParser) escape(buf []byte) ([]byte, error) {
	if p.pos+1 >= len(p.data) {
		return nil, p.fail("a string is never closed")
	}
	c := p.data[p.pos+1]
	p.pos += 2
	switch c {
	case '"', '\\', '/':
		return append(buf, c), nil
	case 'b':
		return append(buf, '\b'), nil
	case 'f':
		return append(buf, '\f'), nil
	case 'n':
		return append(buf, '\n'), nil
	case 'r':
		return append(buf, '\r'), nil
	case 't':
		return append(buf, '\t'), nil
	case 'u':
		r, ok := p.hex4()
		if !ok {
			return nil, p.fail("a broken \\u escape")
		}
		if utf16.IsSurrogate(r) {
			r = p.lowSurrogate(r)
		}
		return utf8.AppendRune(buf, r), nil
	}
	return nil, p.fail("an unknown escape")
}

func (p *jsonParser) lowSurrogate(high rune) rune {
	if p.pos+1 < len(p.data) && p.data[p.pos] == '\\' && p.data[p.pos+1] == 'u' {
		mark := p.pos
		p.pos += 2
		if low, ok := p.hex4(); ok {
			if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
				return r
			}
		}
		p.pos = mark
	}
	return utf8.RuneError
}

func (p *jsonParser) hex4() (rune, bool) {
	if p.pos+4 > len(p.data) {
		return 0, false
	}
	var r rune
	for _, c := range p.data[p.pos : p.pos+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	p.pos += 4
	return r, true
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
		return AppendQuoted(dst, v.str)
	case Time:
		dst = append(dst, '"')
		return append(AppendTime(dst, v.Time()), '"')
	case Array:
		dst = append(dst, '[')
		for i, m := range v.node.values {
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
	for i, m := range v.node.values {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(AppendQuoted(dst, v.node.names[i]), ':')
		dst = m.AppendJSON(dst)
	}
	return dst
}

func (v Value) appendFloat(dst []byte) []byte {
	if v.str != "" {
		return append(dst, v.str...)
	}
	f := math.Float64frombits(v.num)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
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
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
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
