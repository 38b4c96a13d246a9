package testkit

import (
	"reflect"
	"testing"
)

func TestParseScenario(t *testing.T) {
	s, err := ParseScenario(`
# What the file is about.

# First
PUT /a
X-One: 1

{"x":1}

{"y":"{{repeat 3 ab}}{{bytes 0a ff}}"}

==> 200
X-Two: 2
{"a":
  1}
save id a.b

GET /b
==> 404
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Step{
		{
			Title: "First", Line: 5, Method: "PUT", Target: "/a", Header: map[string]string{"X-One": "1"},
			Body: "{\"x\":1}\n\n{\"y\":\"ababab\n\xff\"}\n", Status: 200, WantHeader: map[string]string{"X-Two": "2"},
			Want: "{\"a\":\n  1}\n", Save: []Save{{"id", "a.b"}},
		},
		{Line: 18, Method: "GET", Target: "/b", Header: map[string]string{}, Status: 404, WantHeader: map[string]string{}},
	}
	if !reflect.DeepEqual(s.Steps, want) {
		t.Errorf("got  %+v\nwant %+v", s.Steps, want)
	}
	for _, bad := range []string{"GET a\n==> 200", "GET /a\n{}", "GET /a\n==> ok", "GET /a\n{{repeat 99999999999 x}}\n==> 200"} {
		if _, err := ParseScenario(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, tc := range []struct {
		pattern, body string
		want          bool
	}{
		{"", "anything", true},
		{`{"a":1}`, `{"a":1.0,"b":2}`, true},
		{`{"a":1,"<exact>":true}`, `{"a":1,"b":2}`, false},
		{`{"a":[1,2]}`, `{"a":[1]}`, false},
		{`{"a":"<any>"}`, `{"a":[]}`, true},
		{`{"a":"<any>"}`, `{}`, false},
		{`{"a":"<absent>"}`, `{}`, true},
		{`{"a":"<absent>"}`, `{"a":null}`, false},
		{`{"a":"<number>","b":"<string>"}`, `{"a":3,"b":"x"}`, true},
		{`{"a":"<number>"}`, `{"a":"3"}`, false},
		{`{"a":"~\\d+ms"}`, `{"a":"35ms"}`, true},
		{`{"a":null}`, `{"a":null}`, true},
		{`{"a":null}`, `{"a":0}`, false},
		{`{"a":9007199254740993}`, `{"a":9007199254740993}`, true},
		{"plain\n", "plain", true},
		{"~green +\\d+", "green  3\n", true},
		{"~green", "yellow", false},
		{`{"a":1}`, `nope`, false},
	} {
		if got := Match(tc.pattern, tc.body) == nil; got != tc.want {
			t.Errorf("%s on %s: %v", tc.pattern, tc.body, got)
		}
	}
}

func TestValue(t *testing.T) {
	got, err := Value(`{"hits":[{"_id":"x"},{"n":12}]}`, "hits.1.n")
	if err != nil || got != "12" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := Value(`{"a":1}`, "a.b"); err == nil {
		t.Error("a path beyond a plain value was taken")
	}
}

func FuzzParseScenario(f *testing.F) {
	f.Add("# t\nGET /a\n{{bytes ff}}\n==> 200\nsave a b\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			t.Skip()
		}
		_, _ = ParseScenario(text)
	})
}
