package mustache

import (
	"math"
	"strconv"
	"strings"

	"elkhorn/internal/event"
)

// AppendText writes a value as Java's toString does: what templates, and processors that make texts, print.
func AppendText(dst []byte, v event.Value) []byte {
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
			dst = AppendText(dst, item)
		}
		return append(dst, ']')
	case event.Object:
		dst = append(dst, '{')
		for i, member := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(append(dst, v.NameAt(i)...), '=')
			dst = AppendText(dst, member)
		}
		return append(dst, '}')
	}
	return v.AppendText(dst)
}

// appendDouble writes a number as Java does: with a point, and with an exponent outside of 0.001 to 10,000,000. A whole number
// beyond 64 bits is written out.
func appendDouble(dst []byte, v event.Value) []byte {
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
