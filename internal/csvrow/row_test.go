package csvrow

import (
	"strings"
	"testing"

	"elkhorn/internal/event"
)

func TestReadRow(t *testing.T) {
	comma := Format{Separator: ",", Quote: `"`}
	for _, c := range []struct{ text, row, rest string }{
		{"a,b", "a|b", ""},
		{"a,,\"\"\nnext", "a|nil|", "next"},
		{"\"x,\"\"y\"\"\nz\",2\r\nnext", "x,\"y\"\nz|2", "next"},
		{",", "nil|nil", ""},
		{"a\rb", "a", "b"},
		{"a \"b\"", "error", ""},
		{"\"a", "error", ""},
		{"\"a\"b", "error", ""},
	} {
		row, rest, err := comma.ReadRow(c.text)
		texts := make([]string, len(row))
		for i, v := range row {
			if texts[i] = v.Str(); v.Kind() == event.Null {
				texts[i] = "nil"
			}
		}
		got := strings.Join(texts, "|")
		if err != nil {
			got = "error"
		}
		if got != c.row || rest != c.rest {
			t.Errorf("%q: got %q and %q, want %q and %q", c.text, got, rest, c.row, c.rest)
		}
	}
}

// FuzzReadRow reads all rows of a text: each takes some of it, and no value is longer than what was taken.
func FuzzReadRow(f *testing.F) {
	f.Add("a,\"b\"\"c\",\nd", ",", `"`)
	f.Add("a::'b::c'::d", "::", "'")
	f.Add("x", ";", "")
	f.Fuzz(func(t *testing.T, text, separator, quote string) {
		if separator == "" || strings.ContainsAny(separator, "\r\n") || len(quote) > 1 || quote != "" && strings.Contains(separator, quote) {
			return
		}
		format := Format{Separator: separator, Quote: quote}
		for text != "" {
			row, rest, err := format.ReadRow(text)
			if err != nil {
				return
			}
			if len(rest) >= len(text) || len(row) == 0 {
				t.Fatalf("%q: %d values, and %q is left", text, len(row), rest)
			}
			for _, v := range row {
				if len(v.Str()) > len(text)-len(rest) {
					t.Fatalf("%q: the value %q is longer than its row", text, v.Str())
				}
			}
			text = rest
		}
	})
}
