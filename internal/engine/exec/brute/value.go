package brute

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Doc is one document.
type Doc struct {
	ID   string
	Body map[string]any
	// Scope and Outer are those of a nested object; see nested.go.
	Scope string
	Outer *Doc
}

// Parse decodes a document.
func Parse(id, body string) Doc {
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		panic(fmt.Sprintf("document %s: %v", body, err))
	}
	return Doc{ID: id, Body: m}
}

// Types says which type each field has: "keyword", "text", "long", "double", "date", "boolean", "ip".
// A field x.keyword reads x.
type Types map[string]string

// values returns the values of a field: strings for keyword and text, float64 for numbers, dates in
// milliseconds and booleans, 16 bytes in a string for addresses.
func (t Types) values(d Doc, field string) []any {
	path := strings.TrimSuffix(field, ".keyword")
	if t.scope(path) != d.Scope {
		return nil
	}
	var out []any
	var walk func(v any, rest []string)
	walk = func(v any, rest []string) {
		switch v := v.(type) {
		case nil:
		case []any:
			for _, item := range v {
				walk(item, rest)
			}
		case map[string]any:
			if len(rest) > 0 {
				walk(v[rest[0]], rest[1:])
			}
		default:
			if len(rest) == 0 {
				out = append(out, t.convert(field, fmt.Sprint(v)))
			}
		}
	}
	walk(d.Body, strings.Split(path, "."))
	return out
}

// convert reads text as the field's type.
func (t Types) convert(field, text string) any {
	switch t[field] {
	case "keyword", "text":
		return text
	case "boolean":
		if text == "true" {
			return 1.0
		}
		return 0.0
	case "ip":
		b := netip.MustParseAddr(text).As16()
		return string(b[:])
	case "date":
		return float64(millis(text))
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("field %s: %v", field, err))
	}
	return f
}

func millis(text string) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return at.UnixMilli()
}

// compare orders two values of one field.
func compare(a, b any) int {
	if x, ok := a.(float64); ok {
		y := b.(float64)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	return strings.Compare(a.(string), b.(string))
}

// words splits text as the tests' analyzer does.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// number prints a float as JSON.
func number(f float64) json.Number {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return json.Number(strconv.FormatInt(int64(f), 10))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

// Equal compares two decoded JSON values; numbers may differ by a part in a billion, for sums that were
// added up in another order.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k, v := range x {
			w, ok := y[k]
			if !ok || !Equal(v, w) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case json.Number:
		y, ok := b.(json.Number)
		if !ok {
			return false
		}
		f, _ := x.Float64()
		g, _ := y.Float64()
		return math.Abs(f-g) <= 1e-9*max(1, math.Abs(f), math.Abs(g))
	}
	return a == b
}

// Decode reads JSON the way Equal expects it.
func Decode(data []byte) any {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		panic(fmt.Sprintf("%s: %v", data, err))
	}
	return v
}
