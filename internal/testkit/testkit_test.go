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

func TestParseDiffers(t *testing.T) {
	s, err := ParseScenario(`differs took: milliseconds

GET /a
==> 200
{"a":1}
differs a.*.b: two of them

compare off: not there

GET /b
==> 200
compare on

GET /c
==> 200
`)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Named{{"took", "milliseconds"}}; !reflect.DeepEqual(s.Differs, want) {
		t.Errorf("everywhere: %v", s.Differs)
	}
	if want := []Named{{"a.*.b", "two of them"}}; !reflect.DeepEqual(s.Steps[0].Differs, want) || s.Steps[0].Want != "{\"a\":1}\n" {
		t.Errorf("first step: %+v", s.Steps[0])
	}
	for i, want := range []string{"", "not there", ""} {
		if s.Steps[i].Apart != want {
			t.Errorf("step %d apart: %q", i, s.Steps[i].Apart)
		}
	}
}

func TestDifferences(t *testing.T) {
	for _, tc := range []struct {
		ours, theirs string
		want         []string
	}{
		{`{"a":1,"b":[1,2]}`, `{"b":[1.0,2],"a":1}`, nil},
		{`{"a":0.30000000000000004}`, `{"a":0.3}`, nil},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`, []string{"a: ours 9007199254740993, theirs 9007199254740992"}},
		{`{"a":{"b":1}}`, `{"a":{"c":2}}`, []string{"a.b: ours 1, theirs absent", "a.c: ours absent, theirs 2"}},
		{`{"a":[1,2]}`, `{"a":[1,3]}`, []string{"a.1: ours 2, theirs 3"}},
		{`{"a":[1]}`, `{"a":[1,3]}`, []string{"a: ours [1], theirs [1,3]"}},
		{`{"a":null}`, `{"a":[]}`, []string{"a: ours null, theirs []"}},
		{`{"a":"1"}`, `{"a":1}`, []string{`a: ours "1", theirs 1`}},
		{"green", "green", nil},
		{"green", "yellow", []string{`the answer: ours "green", theirs "yellow"`}},
	} {
		var got []string
		for _, d := range Differences(tc.ours, tc.theirs) {
			got = append(got, d.String())
		}
		if !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s and %s: %q", tc.ours, tc.theirs, got)
		}
	}
}

func TestNames(t *testing.T) {
	for _, tc := range []struct {
		names, path string
		want        bool
	}{
		{"a.b", "a.b", true}, {"a.b", "a.b.c", true}, {"a.b", "a.bc", false},
		{"a.*.c", "a.x.c", true}, {"a.*.c", "a.x.y.c", false}, {"a.**.c", "a.x.y.c", true},
		{"**_id", "hits.hits.0._id", true}, {"**_id", "_id", true}, {"**_id", "_idx", false},
	} {
		if got := ParseNames(tc.names).Has(tc.path); got != tc.want {
			t.Errorf("%s has %s: %v", tc.names, tc.path, got)
		}
	}
}
