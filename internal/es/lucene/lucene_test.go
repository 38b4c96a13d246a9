package lucene

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

var rewrite = flag.Bool("rewrite", false, "write the answers of this run into testdata")

// answer is what a golden file holds below a query.
func answer(text string) string {
	n, err := Parse(text, false)
	if err != nil {
		return "error: " + err.Error()
	}
	q, err := Query(&query.QueryString{Text: text, DefaultField: "m"}, nil)
	if err != nil {
		return "error: " + err.Error()
	}
	return "print: " + String(n) + "\nquery: " + query.String(q)
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

func TestQueryOptions(t *testing.T) {
	boost := 2.0
	expand := func(pattern string) []string {
		switch pattern {
		case "http.*":
			return []string{"http.status", "http.method"}
		case "*":
			return []string{"a", "b"}
		case "http.status":
			return []string{pattern}
		}
		return nil
	}
	for _, tt := range []struct {
		name string
		q    query.QueryString
		want string
	}{
		{"nothing", query.QueryString{Text: "  "}, `{"match_none":{}}`},
		{"no default field", query.QueryString{Text: "x"}, `{"multi_match":{"query":"x","lenient":true}}`},
		{"no default field, pattern", query.QueryString{Text: "x*"}, `{"bool":{"should":[{"prefix":{"a":{"value":"x"}}},{"prefix":{"b":{"value":"x"}}}]}}`},
		{"several fields", query.QueryString{Text: "x", Fields: []query.FieldBoost{{Field: "a", Boost: 2}, {Field: "b", Boost: 1}}},
			`{"multi_match":{"query":"x","fields":["a^2","b"]}}`},
		{"several fields, range", query.QueryString{Text: "[1 TO 2]", Fields: []query.FieldBoost{{Field: "a", Boost: 2}, {Field: "b", Boost: 1}}},
			`{"bool":{"should":[{"range":{"a":{"gte":"1","lte":"2","boost":2}}},{"range":{"b":{"gte":"1","lte":"2"}}}]}}`},
		{"expanded field", query.QueryString{Text: "http.*:>5"}, `{"bool":{"should":[{"range":{"http.status":{"gt":"5"}}},{"range":{"http.method":{"gt":"5"}}}]}}`},
		{"expanded to nothing", query.QueryString{Text: "nope.*:>5"}, `{"match_none":{}}`},
		{"and by default", query.QueryString{Text: "a b OR c", DefaultField: "m", DefaultOperator: query.And},
			`{"bool":{"must":[{"match":{"m":{"query":"a","operator":"AND"}}}],"should":[{"match":{"m":{"query":"b","operator":"AND"}}},{"match":{"m":{"query":"c","operator":"AND"}}}]}}`},
		{"minimum_should_match", query.QueryString{Text: "a b c", DefaultField: "m", MinimumShouldMatch: "2"},
			`{"bool":{"should":[{"match":{"m":{"query":"a"}}},{"match":{"m":{"query":"b"}}},{"match":{"m":{"query":"c"}}}],"minimum_should_match":"2"}}`},
		{"boost and name", query.QueryString{Text: "a", DefaultField: "m", Common: query.Common{Boost: &boost, Name: "n"}},
			`{"match":{"m":{"query":"a","boost":2,"_name":"n"}}}`},
		{"boost on boost", query.QueryString{Text: "a^3", DefaultField: "m", Common: query.Common{Boost: &boost}},
			`{"bool":{"must":[{"match":{"m":{"query":"a","boost":3}}}],"boost":2}}`},
		{"escape", query.QueryString{Text: "a:b (c", DefaultField: "m", Escape: true},
			`{"bool":{"should":[{"match":{"m":{"query":"a:b"}}},{"match":{"m":{"query":"(c"}}}]}}`},
		{"time zone", query.QueryString{Text: "t:<now/d", TimeZone: "+01:00"}, `{"range":{"t":{"lt":"now/d","time_zone":"+01:00"}}}`},
		{"phrase slop", query.QueryString{Text: `"a b"`, DefaultField: "m", PhraseSlop: 3, QuoteAnalyzer: "simple"},
			`{"match_phrase":{"m":{"query":"a b","slop":3,"analyzer":"simple"}}}`},
		{"phrases in fields with a suffix", query.QueryString{Text: `"a b" http.status:"c d" m:"e f" g`, QuoteFieldSuffix: "tus", Fields: []query.FieldBoost{{Field: "http.sta", Boost: 2}, {Field: "b", Boost: 1}}},
			`{"bool":{"should":[{"multi_match":{"query":"a b","fields":["http.status^2","b"],"type":"phrase"}},{"match_phrase":{"http.status":{"query":"c d"}}},{"match_phrase":{"m":{"query":"e f"}}},{"multi_match":{"query":"g","fields":["http.sta^2","b"]}}]}}`},
		{"fuzziness", query.QueryString{Text: "a~", DefaultField: "m", Fuzzy: query.Fuzziness{Distance: "1"}},
			`{"fuzzy":{"m":{"value":"a","fuzziness":"1"}}}`},
	} {
		q, err := Query(&tt.q, expand)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := query.String(q); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if _, err := Query(&query.QueryString{Text: "*x", NoLeadingWildcard: true}, nil); err == nil {
		t.Error("a leading wildcard was allowed")
	}
	if _, err := Parse(strings.Repeat("(", 60)+"a"+strings.Repeat(")", 60), false); err == nil || !strings.Contains(err.Error(), "nested deeper") {
		t.Errorf("deep parentheses: %v", err)
	}
}

func TestErrorPosition(t *testing.T) {
	_, err := Parse("é AND\n (b", false)
	const want = "query_shard_exception: Failed to parse query [é AND\n (b]: parse_exception: Cannot parse 'é AND\n (b': expected a closing parenthesis at line 2, column 4"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
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
	f.Fuzz(checkText)
}

// TestRandomTexts checks texts that nobody would write, the same ones each time.
func TestRandomTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := append(strings.Split("a|AND|OR|NOT|TO|&&|+|-|!|(|)|[|]|{|}|^|\"|~|*|?|:|:|\\\\|/|<|>|=| | |\t|\u3000|1|.5|é|\U0001F98C|\\u00e9|\\ud83e|_exists_|now-1d", "|"), "||")
	for range 20_000 {
		var text strings.Builder
		for range r.IntN(12) {
			if r.IntN(8) == 0 {
				text.WriteByte(byte(r.IntN(256)))
				continue
			}
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		checkText(t, text.String())
	}
}

// checkText wants text to be refused as a client's mistake, or read, printed and read again as the same.
func checkText(t *testing.T, text string) {
	n, err := Parse(text, false)
	if err != nil && !eserr.Is(err, "parse_exception") {
		t.Fatalf("%q: %v", text, err)
	}
	if err != nil || n == nil {
		return
	}
	once := String(n)
	again, err := Parse(once, false)
	if err != nil {
		t.Fatalf("%q is printed %q, which does not parse: %v", text, once, err)
	}
	if twice := String(again); twice != once {
		t.Errorf("%q is printed %q, then %q", text, once, twice)
	}
	first, err1 := Query(&query.QueryString{Text: text}, nil)
	second, err2 := Query(&query.QueryString{Text: once}, nil)
	if (err1 == nil) != (err2 == nil) || err1 == nil && query.String(first) != query.String(second) {
		t.Errorf("%q and %q become different queries", text, once)
	}
}
