package lucene

import (
	"strings"
	"testing"

	"elkhorn/internal/es/query"
)

// brief prints a tree of one field: words, "phrases", prefix*, fuzzy~N, and lists of clauses.
func brief(q query.Query) string {
	list := func(name string, queries []query.Query) string {
		var parts []string
		for _, one := range queries {
			parts = append(parts, brief(one))
		}
		return name + "(" + strings.Join(parts, " ") + ")"
	}
	switch q := q.(type) {
	case *query.MultiMatch:
		if q.Type == "phrase" {
			return `"` + q.Text.Text + `"~` + string(rune('0'+q.Slop))
		}
		return q.Text.Text
	case *query.Prefix:
		return q.Value + "*"
	case *query.Fuzzy:
		return q.Value.Text + "~" + q.Fuzziness.Distance
	case *query.Bool:
		switch {
		case len(q.MustNot) > 0:
			return list("not", q.MustNot)
		case len(q.Must) > 0:
			return list("and", q.Must)
		}
		return list("or"+q.MinimumShouldMatch, q.Should)
	case *query.MatchNone:
		return "none"
	}
	return q.Kind()
}

func TestSimple(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "none",
		"   ":                     "none",
		"a":                       "a",
		"a b":                     "or(a b)",
		"a + b":                   "and(a b)",
		"a | b + c":               "and(or(a b) c)",
		"a + (b | c)":             "and(a or(b c))",
		"+a +b":                   "and(a b)",
		"a -b":                    "or(a not(b))",
		"a + -b":                  "and(a not(b))",
		"--a":                     "a",
		`"a b" c`:                 `or("a b"~0 c)`,
		`"a b"~3`:                 `"a b"~3`,
		`"a b`:                    "or(a b)",
		"data*":                   "data*",
		"da*ta":                   "da*ta",
		"*":                       "*",
		`data\*`:                  "data*",
		"word~":                   "word~2",
		"Word~1":                  "word~1",
		"word~7":                  "word~2",
		"word~0":                  "word",
		"(a":                      "a",
		"a)b":                     "or(a b)",
		"()":                      "none",
		"((a))":                   "a",
		"connection-pool":         "connection-pool",
		`a\+b`:                    "a+b",
		`(a | "b c") + (d* | e~)`: `and(or(a "b c"~0) or(d* e~2))`,
	} {
		got, err := Simple(&query.SimpleQueryString{Text: text}, []query.FieldBoost{{Field: "f"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s := brief(got); s != want {
			t.Errorf("%q: %s, want %s", text, s, want)
		}
	}
}

func TestSimpleOptions(t *testing.T) {
	fields := []query.FieldBoost{{Field: "f", Boost: 2}, {Field: "g"}}
	for _, tt := range []struct {
		q    query.SimpleQueryString
		want string
	}{
		{query.SimpleQueryString{Text: "a b", DefaultOperator: query.And}, "and(a b)"},
		{query.SimpleQueryString{Text: "a b c", MinimumShouldMatch: "2"}, "or2(a b c)"},
		{query.SimpleQueryString{Text: "a + b", Flags: "OR|WHITESPACE"}, "or(a + b)"},
		{query.SimpleQueryString{Text: "a | b*", Flags: "NONE"}, "a | b*"},
		{query.SimpleQueryString{Text: "a*"}, "dis_max"},
	} {
		got, err := Simple(&tt.q, fields, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s := brief(got); s != tt.want {
			t.Errorf("%+v: %s, want %s", tt.q, s, tt.want)
		}
	}
	if _, err := Simple(&query.SimpleQueryString{Text: "a", Flags: "SOME"}, fields, nil); err == nil {
		t.Error("an unknown flag is taken")
	}
}

// FuzzSimple checks that no text fails: that is what the syntax is for.
func FuzzSimple(f *testing.F) {
	for _, seed := range []string{`a + (b | "c d"~2) -e* \`, `"`, "((((", "~~~", "-", `\`, "a~99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Simple(&query.SimpleQueryString{Text: text}, []query.FieldBoost{{Field: "f"}}, nil)
		if err != nil || q == nil {
			t.Errorf("%q: %v, %v", text, q, err)
		}
	})
}
