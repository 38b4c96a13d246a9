package agg

import (
	"strings"
	"testing"
)

var innerHitsForms = []string{
	`{}`, `{"name":"n","from":1,"size":2,"ignore_unmapped":true,"version":true,"seq_no_primary_term":true,"track_scores":true}`,
	`{"sort":[{"a.b":{"order":"desc","nested":{"path":"a","filter":{"term":{"a.c":1}},"max_children":3,"nested":{"path":"a.d"}}}}],"_source":["a.*"]}`,
	`{"docvalue_fields":["a"],"fields":[{"field":"b","format":"epoch_millis"}],"stored_fields":["_none_"],"explain":false}`,
}

func TestParseInnerHits(t *testing.T) {
	for _, form := range innerHitsForms {
		if _, err := ParseInnerHits([]byte(form)); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
	h, err := ParseInnerHits([]byte(innerHitsForms[2]))
	if err != nil {
		t.Fatal(err)
	}
	n := h.Sort[0].Nested
	if h.Size != 3 || n == nil || n.Path != "a" || n.Filter == nil || n.MaxChildren != 3 || n.Nested == nil || n.Nested.Path != "a.d" {
		t.Errorf("got %+v, sorted in %+v", h, n)
	}
	for form, want := range map[string]string{
		`[]`: "must be an object", `{"sizes":1}`: "unknown field [sizes]", `{"explain":true}`: "explain",
		`{"sort":[{"a":{"nested":{}}}]}`: "Required [path]", `{"sort":[{"a":{"nested":{"path":"a","max_children":-1}}}]}`: "[max_children]",
		`{"sort":[{"a":{"nested":{"path":"a","filters":{}}}}]}`: "unknown field [filters]",
	} {
		if _, err := ParseInnerHits([]byte(form)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func FuzzParseInnerHits(f *testing.F) {
	for _, form := range innerHitsForms {
		f.Add([]byte(form))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := ParseInnerHits(data)
		if err != nil {
			return
		}
		for _, k := range h.Sort {
			k.append(nil)
		}
	})
}
