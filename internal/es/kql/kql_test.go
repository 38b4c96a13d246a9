package kql

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"elkhorn/internal/es/query"
)

var rewrite = flag.Bool("rewrite", false, "write the answers of this run into testdata")

// answer is what a golden file holds below a query.
func answer(text string) string {
	n, hints, err := Parse(text)
	if err != nil {
		return "error: " + err.Error()
	}
	q, _, err := Query(text, Options{})
	if err != nil {
		return "error: " + err.Error()
	}
	out := "print: " + String(n) + "\nquery: " + query.String(q)
	for _, h := range hints {
		out += "\nhint: " + h.Text
	}
	return out
}

func TestGolden(t *testing.T) {
	const path = "testdata/queries.txt"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for i, block := range strings.Split(strings.TrimSpace(string(data)), "\n\n") {
		if strings.HasPrefix(block, "#") {
			out.WriteString(block + "\n")
			continue
		}
		text, want, _ := strings.Cut(block, "\n")
		got := answer(text)
		if got != want && !*rewrite {
			t.Errorf("block %d: %s\n got %s\nwant %s", i, text, got, want)
		}
		out.WriteString("\n" + text + "\n" + got + "\n")
	}
	if *rewrite {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOptions(t *testing.T) {
	o := Options{
		Fields:   []query.FieldBoost{{Field: "message", Boost: 2}},
		TimeZone: "+01:00",
		Expand: func(pattern string) []string {
			if pattern == "http.*" {
				return []string{"http.a", "http.b"}
			}
			return nil
		},
	}
	for text, want := range map[string]string{
		"":             `{"match_all":{}}`,
		" \n\t":        `{"match_all":{}}`,
		"x":            `{"multi_match":{"query":"x","fields":["message^2"],"type":"best_fields","lenient":true}}`,
		"x*y":          `{"query_string":{"query":"x*y","fields":["message^2"],"lenient":true}}`,
		"a b*":         `{"query_string":{"query":"a\\ b*","fields":["message^2"],"lenient":true}}`,
		"t >= now/d":   `{"range":{"t":{"gte":"now/d","time_zone":"+01:00"}}}`,
		"http.* > 5":   `{"bool":{"should":[{"range":{"http.a":{"gt":"5","time_zone":"+01:00"}}},{"range":{"http.b":{"gt":"5","time_zone":"+01:00"}}}],"minimum_should_match":"1"}}`,
		"http.*: x*":   `{"bool":{"should":[{"query_string":{"query":"x*","fields":["http.a"],"lenient":true}},{"query_string":{"query":"x*","fields":["http.b"],"lenient":true}}],"minimum_should_match":"1"}}`,
		"nothing.* >5": `{"match_none":{}}`,
	} {
		q, _, err := Query(text, o)
		if err != nil || query.String(q) != want {
			t.Errorf("%q: %v\n got %v\nwant %s", text, err, q, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("(", 60) + "a" + strings.Repeat(")", 60):         "nested deeper than",
		strings.Repeat("not ", 60) + "a":                                "nested deeper than",
		"a: " + strings.Repeat("(", 60) + "a" + strings.Repeat(")", 60): "nested deeper than",
		"a: (" + strings.Repeat("not ", 60) + "a)":                      "nested deeper than",
		strings.Repeat("a: { ", 60) + "b: 1" + strings.Repeat(" }", 60): "nested deeper than",
		"a: \xff":                 "not valid UTF-8",
		"é: 1\n and (b: 2":        `at line 2, column 11: Expected ")" but end of input found.`,
		"http.*: { a: 1 }":        "a pattern as nested path [http.*] is not supported",
		"level: ERROR service: x": "Expected and, or, end of input but ':' found.",
	} {
		_, _, err := Query(text, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// FuzzParse checks that no text panics and that printing is stable.
func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("testdata/queries.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, block := range strings.Split(string(data), "\n\n") {
		text, _, _ := strings.Cut(block, "\n")
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, _, err := Parse(text)
		if err != nil || n == nil {
			return
		}
		once := String(n)
		again, _, err := Parse(once)
		if err != nil {
			t.Fatalf("%q is printed %q, which does not parse: %v", text, once, err)
		}
		if twice := String(again); twice != once {
			t.Errorf("%q is printed %q, then %q", text, once, twice)
		}
		first, _, err1 := Query(text, Options{})
		second, _, err2 := Query(once, Options{})
		if (err1 == nil) != (err2 == nil) || err1 == nil && query.String(first) != query.String(second) {
			t.Errorf("%q and %q become different queries", text, once)
		}
	})
}
