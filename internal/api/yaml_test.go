package api

import (
	"encoding/json"
	"testing"
)

func TestYAML(t *testing.T) {
	for _, tc := range []struct{ yaml, want string }{
		{"query:\n  term:\n    level: error\nsize: 5\n", `{"query":{"term":{"level":"error"}},"size":5}`},
		{"a: [1, 2.5, true, null, \"7\", 0x10]\n", `{"a":[1,2.5,true,null,"7","0x10"]}`},
		{"a: {}\nb: []\n", `{"a":{},"b":[]}`},
		{"", ``},
	} {
		got, err := yamlToJSON([]byte(tc.yaml))
		if err != nil || string(got) != tc.want {
			t.Errorf("%q: %s, %v", tc.yaml, got, err)
		}
	}
	for _, bad := range []string{"a: &x [1]\nb: *x\n", "a: [1", "\t"} {
		if got, err := yamlToJSON([]byte(bad)); err == nil {
			t.Errorf("%q was taken as %s", bad, got)
		}
	}
	const body = `{"a":1,"b":{"c":"x: y","d":[1,"2",null,true],"e":{},"f":[]},"g":"line\nbreak","h":1.5e-7}`
	printed := jsonToYAML([]byte(body))
	const want = "---\na: 1\nb:\n  c: \"x: y\"\n  d:\n    - 1\n    - \"2\"\n    - null\n    - true\n  e: {}\n  f: []\ng: \"line\\nbreak\"\nh: 1.5e-7\n"
	if string(printed) != want {
		t.Errorf("got\n%s\nwant\n%s", printed, want)
	}
	back, err := yamlToJSON(printed)
	if err != nil || string(back) != body {
		t.Errorf("%s became\n%s and %s, %v", body, printed, back, err)
	}
}

func FuzzYAML(f *testing.F) {
	f.Add([]byte("query:\n  match_all: {}\n"))
	f.Add([]byte("- 1\n- [a, {b: c}]\n"))
	f.Add([]byte("a: &x 1\nb: *x"))
	f.Fuzz(func(t *testing.T, body []byte) {
		out, err := yamlToJSON(body)
		if err == nil && len(out) > 0 && !json.Valid(out) {
			t.Errorf("%q became %s", body, out)
		}
	})
}
