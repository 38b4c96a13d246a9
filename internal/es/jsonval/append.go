package jsonval

import "unicode/utf8"

// AppendString appends s as a JSON string. Only what JSON requires is escaped;
// bytes that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// Writer appends one JSON object member by member:
//
//	w := jsonval.Begin(dst)
//	w.String("field", name)
//	dst = w.End()
type Writer struct {
	dst   []byte
	count int
}

// Begin opens an object at the end of dst.
func Begin(dst []byte) Writer { return Writer{dst: append(dst, '{')} }

// End closes the object and returns the bytes.
func (w *Writer) End() []byte { return append(w.dst, '}') }

// Key appends a member's name; the caller then appends its value through Value.
func (w *Writer) Key(key string) {
	if w.count > 0 {
		w.dst = append(w.dst, ',')
	}
	w.count++
	w.dst = append(AppendString(w.dst, key), ':')
}

// Value appends the value of the member whose Key was written last.
func (w *Writer) Value(appendTo func(dst []byte) []byte) { w.dst = appendTo(w.dst) }

// Raw appends a member whose value is JSON already.
func (w *Writer) Raw(key string, raw []byte) {
	w.Key(key)
	w.dst = append(w.dst, raw...)
}

// Scalar appends a member.
func (w *Writer) Scalar(key string, s Scalar) {
	w.Key(key)
	w.dst = s.Append(w.dst)
}

// String appends a member.
func (w *Writer) String(key, value string) { w.Scalar(key, Str(value)) }

// StringIf appends a member unless its value is empty.
func (w *Writer) StringIf(key, value string) {
	if value != "" {
		w.String(key, value)
	}
}

// Int appends a member.
func (w *Writer) Int(key string, value int64) { w.Scalar(key, Int(value)) }

// Float appends a member.
func (w *Writer) Float(key string, value float64) { w.Scalar(key, Float(value)) }

// Bool appends a member.
func (w *Writer) Bool(key string, value bool) { w.Scalar(key, BoolOf(value)) }

// BoolIf appends a member when it is true.
func (w *Writer) BoolIf(key string, value bool) {
	if value {
		w.Bool(key, true)
	}
}

// Strings appends a member that is an array of strings.
func (w *Writer) Strings(key string, values []string) {
	w.Key(key)
	w.dst = append(w.dst, '[')
	for i, v := range values {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.dst = AppendString(w.dst, v)
	}
	w.dst = append(w.dst, ']')
}
