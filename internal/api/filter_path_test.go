package api

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
)

func TestFilterPath(t *testing.T) {
	const doc = `{"took":3,"errors":false,"items":[{"index":{"_id":"1","status":201}},{"index":{"_id":"2","status":400,"error":{"type":"x","reason":"y, \"z\""}}}],"hits":{"total":{"value":2},"hits":[{"_source":{"a":{"b":1},"c":2}}]},"empty":{}}`
	for _, tc := range []struct{ paths, want string }{
		{"took", `{"took":3}`},
		{"took,errors", `{"took":3,"errors":false}`},
		{"items.*.status", `{"items":[{"index":{"status":201}},{"index":{"status":400}}]}`},
		{"items.*.error", `{"items":[{"index":{"error":{"type":"x","reason":"y, \"z\""}}}]}`},
		{"**.value", `{"hits":{"total":{"value":2}}}`},
		{"hits.**.b", `{"hits":{"hits":[{"_source":{"a":{"b":1}}}]}}`},
		{"h*.t*", `{"hits":{"total":{"value":2}}}`},
		{"hits.hits._source", `{"hits":{"hits":[{"_source":{"a":{"b":1},"c":2}}]}}`},
		{"nothing", `{}`},
		{"-items,-hits", `{"took":3,"errors":false,"empty":{}}`},
		{"hits,-hits.hits", `{"hits":{"total":{"value":2}}}`},
		{"-**.status,items", `{"items":[{"index":{"_id":"1"}},{"index":{"_id":"2","error":{"type":"x","reason":"y, \"z\""}}}]}`},
		{"empty", `{"empty":{}}`},
		{"**", doc},
	} {
		if got := string(newPathFilter(tc.paths).apply([]byte(doc))); got != tc.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tc.paths, got, tc.want)
		}
	}
}

func TestPretty(t *testing.T) {
	got := string(prettyJSON([]byte(`{"a":1,"b":[1,{"c":"x: {y}"}],"d":{},"e":[],"f":[[]]}`)))
	want := `{
  "a" : 1,
  "b" : [
    1,
    {
      "c" : "x: {y}"
    }
  ],
  "d" : { },
  "e" : [ ],
  "f" : [
    [ ]
  ]
}
`
	if got != want {
		t.Errorf("got %s", got)
	}
}

// FuzzShape checks that filtering and printing keep JSON JSON, and do not panic on what is none.
func FuzzShape(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":1},2,"x"],"c":{"d":null}}`), "a.b,-c.d,**.x")
	f.Add([]byte(`[1,{"a`), "*.*")
	f.Fuzz(func(t *testing.T, doc []byte, paths string) {
		valid := json.Valid(doc)
		filtered := newPathFilter(paths).apply(doc)
		pretty := prettyJSON(doc)
		if valid && len(doc) > 0 && (!json.Valid(filtered) || !json.Valid(pretty)) {
			t.Errorf("%q with %q became %q and %q", doc, paths, filtered, pretty)
		}
	})
}

// FuzzRequestLine sends hostile methods and targets through the whole surface.
func FuzzRequestLine(f *testing.F) {
	f.Add("GET", "/_search?q=a&size=3")
	f.Add("POST", "/%3Clogs-%7Bnow%2Fd%7D%3E/_doc?refresh")
	f.Add("GET", "/_cat/indices?h=*&s=index:desc&v&bytes=kb")
	f.Add("PUT", "/a/_settings/%ff?filter_path=-**.a")
	s := New(&fakeStore{}, Options{Now: fixedNow})
	f.Fuzz(func(t *testing.T, method, target string) {
		if len(target) == 0 || target[0] != '/' {
			t.Skip()
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = "localhost"
		r.Method = method
		parsed, err := r.URL.Parse(target)
		if err != nil || parsed.Host != "" || parsed.Query().Has("wait_for_status") || parsed.Query().Has("wait_for_nodes") {
			t.Skip()
		}
		r.URL = parsed
		s.ServeHTTP(httptest.NewRecorder(), r)
	})
}
