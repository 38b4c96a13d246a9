package processor

import (
	"math"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

type value = event.Value

const objectKind = event.Object

// className is the Java class that Elasticsearch's messages name for a value.
func className(v value) string {
	switch v.Kind() {
	case event.Bool:
		return "java.lang.Boolean"
	case event.Int:
		if n := v.Int(); n != int64(int32(n)) {
			return "java.lang.Long"
		}
		return "java.lang.Integer"
	case event.Float:
		return "java.lang.Double"
	case event.String:
		return "java.lang.String"
	case event.Time:
		return "java.time.ZonedDateTime"
	case event.Array:
		return "java.util.ArrayList"
	case event.Object:
		return "java.util.HashMap"
	}
	return "null"
}

// appendText writes a value as Java's toString does: what templates, join and convert print.
func appendText(dst []byte, v value) []byte {
	switch v.Kind() {
	case event.String:
		return append(dst, v.Str()...)
	case event.Null:
		return append(dst, "null"...)
	case event.Float:
		return appendDouble(dst, v)
	case event.Array:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendText(dst, item)
		}
		return append(dst, ']')
	case event.Object:
		dst = append(dst, '{')
		for i, member := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(append(dst, v.NameAt(i)...), '=')
			dst = appendText(dst, member)
		}
		return append(dst, '}')
	}
	return v.AppendText(dst)
}

// textOf is the text that appendText appends.
func textOf(v value) string {
	if v.Kind() == event.String {
		return v.Str()
	}
	return string(appendText(nil, v))
}

// appendDouble writes a number as Java does: with a point, and with an exponent outside of 0.001 to 10,000,000. A whole number
// beyond 64 bits is written out.
func appendDouble(dst []byte, v value) []byte {
	f := v.Float()
	if plain := v.AppendJSON(nil); !strings.ContainsAny(string(plain), ".e") {
		return append(dst, plain...)
	}
	if a := math.Abs(f); a == 0 || a >= 1e-3 && a < 1e7 {
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return append(dst, text...)
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	n, _ := strconv.Atoi(exponent)
	return append(append(append(dst, digits...), 'E'), strconv.Itoa(n)...)
}

// cannotCast is the error of a field whose value has another type than the processor wants.
func cannotCast(path string, v value, want string) error {
	return eserr.IllegalArgument("field [%s] of type [%s] cannot be cast to [%s]", path, className(v), want)
}
