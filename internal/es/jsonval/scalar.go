package jsonval

import (
	"math"
	"strconv"
)

// Scalar is a string, number, boolean or null that has not been given a field
// type yet. A number keeps the literal it was written with, so 1.10, 1e2 and
// integers beyond 2^53 survive a round trip. Scalars are comparable.
type Scalar struct {
	Kind Kind
	// Text is the unescaped string, the number's literal, "true" or "false".
	Text string
}

// Str returns a string scalar.
func Str(s string) Scalar { return Scalar{Kind: String, Text: s} }

// Int returns a number scalar.
func Int(i int64) Scalar { return Scalar{Kind: Number, Text: strconv.FormatInt(i, 10)} }

// Float returns a number scalar with the shortest literal that reads back as f.
// Values JSON cannot write become strings, see NonFinite.
func Float(f float64) Scalar {
	if name := NonFinite(f); name != "" {
		return Str(name)
	}
	return Scalar{Kind: Number, Text: strconv.FormatFloat(f, 'g', -1, 64)}
}

// NonFinite is the text that stands in an answer for a number that JSON cannot write: "NaN", "Infinity" or
// "-Infinity", as Elasticsearch writes them. It is "" for all others.
func NonFinite(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return ""
}

// BoolOf returns a boolean scalar.
func BoolOf(b bool) Scalar { return Scalar{Kind: Bool, Text: strconv.FormatBool(b)} }

// IsNull reports whether the scalar is null.
func (s Scalar) IsNull() bool { return s.Kind == Null }

// Int64 returns the value of a number, or of a string that holds one, when it
// is a whole number within range.
func (s Scalar) Int64() (int64, bool) {
	if s.Kind != Number && s.Kind != String {
		return 0, false
	}
	if i, err := strconv.ParseInt(s.Text, 10, 64); err == nil {
		return i, true
	}
	f, ok := s.Float64()
	if !ok || f != math.Trunc(f) || f < -(1<<63) || f >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// Float64 returns the value of a number, or of a string that holds one.
func (s Scalar) Float64() (float64, bool) {
	if s.Kind != Number && s.Kind != String {
		return 0, false
	}
	f, err := strconv.ParseFloat(s.Text, 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

// Truth returns the value of a boolean, or of the strings "true" and "false".
func (s Scalar) Truth() (value, ok bool) {
	if s.Kind != Bool && s.Kind != String {
		return false, false
	}
	return s.Text == "true", s.Text == "true" || s.Text == "false"
}

// Append appends the scalar as JSON.
func (s Scalar) Append(dst []byte) []byte {
	switch s.Kind {
	case String:
		return AppendString(dst, s.Text)
	case Null:
		return append(dst, "null"...)
	default:
		return append(dst, s.Text...)
	}
}
