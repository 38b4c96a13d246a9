package jsonval

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	n, err := Parse([]byte(" {\"a\" : [1, 2.50, -0e+1],\n \"b\":{\"c\":\"x\\u00e9\\ud83d\\ude00\\n\"}, \"d\":null , \"e\":true} // end"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(n.Keys, ""); n.Kind != Object || got != "abde" {
		t.Errorf("keys %q", got)
	}
	a := n.Get("a")
	if string(a.Raw) != "[1, 2.50, -0e+1]" || a.Items[1].Text != "2.50" || a.Items[2].Text != "-0e+1" {
		t.Errorf("a is %s with %+v", a.Raw, a.Items)
	}
	c := n.Get("b").Get("c")
	if c.Text != "xé😀\n" || c.Line != 2 || c.Col != 11 {
		t.Errorf("c is %q at %d:%d", c.Text, c.Line, c.Col)
	}
	if n.Get("d").Kind != Null || n.Get("e").Scalar() != BoolOf(true) || n.Get("f") != nil {
		t.Error("d, e or f is wrong")
	}
	if n, err := Parse([]byte("/* a\n * b */ 1")); err != nil || n.Line != 2 {
		t.Errorf("a comment: %v", err)
	}
}

func TestParseRefuses(t *testing.T) {
	for in, want := range map[string]string{
		``:                        "[1:1] Unexpected end-of-input",
		`{`:                       "Unexpected end-of-input",
		`{"a":1,}`:                "[1:8] Unexpected character ('}' (code 125)): expected a double quote to start a field name",
		`{"a" 1}`:                 "expected a colon",
		`[1 2]`:                   "[1:4] Unexpected character ('2' (code 50)): expected a comma",
		"{\n  'a':1}":             "[2:3] Unexpected character ('\\'' (code 39))",
		`01`:                      "expected end of input",
		`1.`:                      "a digit after the decimal point",
		`-`:                       "a digit",
		`1e`:                      "a digit in the exponent",
		`tru`:                     "a value",
		`{"a":1,"a":2}`:           "Duplicate field 'a'",
		`"\x"`:                    "after a backslash",
		`"\u12"`:                  "\\u escape",
		`"\ud800"`:                "unpaired surrogate",
		`"\ud800\u0041"`:          "unpaired surrogate",
		"\"a\tb\"":                "Illegal unquoted character (code 9)",
		"\"\xff\"":                "Invalid UTF-8 byte 0xff",
		"\xff":                    "Invalid UTF-8 byte 0xff",
		`"a`:                      "a closing quote",
		`/* open`:                 "in a comment",
		`/ 1`:                     "a comment",
		`{"a":1} x`:               "expected end of input",
		strings.Repeat("[", 5000): "nested deeper than 500 levels",
	} {
		_, err := Parse([]byte(in))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "x_content_parse_exception") {
			t.Errorf("%.40q: %v, want %q", in, err, want)
		}
	}
	many := make([]byte, 0, 1<<10)
	for i := range 40 {
		many = append(AppendString(append(many, ','), string(rune('0'+i))), ":1"...)
	}
	if _, err := Parse([]byte("{" + string(many[1:]) + "}")); err != nil {
		t.Errorf("an object of many members: %v", err)
	}
	if _, err := Parse([]byte("{" + string(many[1:]) + `,"5":1}`)); err == nil || !strings.Contains(err.Error(), "Duplicate field '5'") {
		t.Errorf("a duplicate among many members: %v", err)
	}
}

func TestScalar(t *testing.T) {
	for _, tt := range []struct {
		s     Scalar
		i     int64
		isInt bool
		f     float64
		isNum bool
	}{
		{Int(-5), -5, true, -5, true},
		{Scalar{Number, "1e3"}, 1000, true, 1000, true},
		{Scalar{Number, "9007199254740993"}, 9007199254740993, true, 9007199254740992, true},
		{Scalar{Number, "1.5"}, 0, false, 1.5, true},
		{Scalar{Number, "1e400"}, 0, false, 0, false},
		{Scalar{Number, "9223372036854775808"}, 0, false, 9223372036854775808, true},
		{Str("12"), 12, true, 12, true},
		{Str("x"), 0, false, 0, false},
		{Str("NaN"), 0, false, 0, false},
		{BoolOf(true), 0, false, 0, false},
		{Scalar{}, 0, false, 0, false},
	} {
		if i, ok := tt.s.Int64(); i != tt.i || ok != tt.isInt {
			t.Errorf("%v: Int64 %d %v", tt.s, i, ok)
		}
		if f, ok := tt.s.Float64(); ok != tt.isNum || ok && f != tt.f {
			t.Errorf("%v: Float64 %v %v", tt.s, f, ok)
		}
	}
	if got := string(Float(0.1).Append(nil)) + string(Str("<\x01\xff\"\\é>").Append(nil)); got != `0.1"<\u0001�\"\\é>"` {
		t.Errorf("printed %s", got)
	}
}

func TestDidYouMean(t *testing.T) {
	known := []string{"term", "terms", "range", "match", "match_all", "query_string"}
	for name, want := range map[string]string{
		"trem":        "",
		"tern":        " did you mean any of [term, terms]?",
		"macth":       " did you mean [match]?",
		"matches":     " did you mean any of [match, match_all]?",
		"matchall":    " did you mean any of [match_all, match]?",
		"querystring": " did you mean [query_string]?",
		"zebra":       "",
	} {
		if got := DidYouMean(name, known); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// FuzzParse checks Parse against encoding/json where both have the same
// rules: no comments, duplicate keys, deep nesting or broken text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e-3,"x\u00e9",null,true,{}]}`, `"\ud83d\ude00"`, `[[[]]]`, ` 0 `, `-0.0E+5`, `{"a":1,"a":2}`, "// x\n1", `"\u0000"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Parse(data)
		valid := json.Valid(data)
		if err == nil && !valid && !strings.Contains(string(data), "/") {
			t.Errorf("accepted %q", data)
		}
		if err != nil {
			for _, own := range []string{"Duplicate", "deeper", "surrogate", "UTF-8"} {
				if strings.Contains(err.Error(), own) {
					return
				}
			}
			if valid {
				t.Errorf("refused %q: %v", data, err)
			}
			return
		}
		if n.Kind == String {
			var s string
			if err := json.Unmarshal(n.Raw, &s); err != nil || s != n.Text {
				t.Errorf("%q reads as %q, want %q (%v)", n.Raw, n.Text, s, err)
			}
			if !utf8.ValidString(n.Text) {
				t.Errorf("%q reads as broken text", n.Raw)
			}
			again, err := Parse(AppendString(nil, n.Text))
			if err != nil || again.Text != n.Text {
				t.Errorf("%q does not survive printing: %v", n.Text, err)
			}
		}
	})
}
