package api

import (
	"testing"

	"elkhorn/internal/es"
)

func TestExpandWildcards(t *testing.T) {
	for _, tc := range []struct {
		query string
		want  es.Target
	}{
		{"", es.Target{Closed: true}},
		{"?expand_wildcards=open", es.Target{}},
		{"?expand_wildcards=closed", es.Target{Closed: true, OpenExcluded: true}},
		{"?expand_wildcards=open,closed,hidden", es.Target{Closed: true, Hidden: true}},
		{"?expand_wildcards=all", es.Target{Closed: true, Hidden: true}},
		{"?expand_wildcards=none", es.Target{NoWildcards: true}},
		{"?ignore_unavailable&allow_no_indices=false", es.Target{Closed: true, IgnoreUnavailable: true, NoIndices: true}},
	} {
		var got es.Target
		store := &fakeStore{indices: func(target es.Target) ([]es.IndexInfo, error) {
			got = target
			return nil, nil
		}}
		if status, _, body := do(t, store, Options{}, "GET /logs-*,%3Cday-%7Bnow%2Fd%7D%3E/_settings"+tc.query); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		if len(got.Names) != 2 || got.Names[0] != "logs-*" || got.Names[1] != "day-2026.02.27" {
			t.Errorf("%s: names %v", tc.query, got.Names)
		}
		got.Names = nil
		if got.Closed != tc.want.Closed || got.Hidden != tc.want.Hidden || got.OpenExcluded != tc.want.OpenExcluded ||
			got.NoWildcards != tc.want.NoWildcards || got.IgnoreUnavailable != tc.want.IgnoreUnavailable || got.NoIndices != tc.want.NoIndices {
			t.Errorf("%s: got %+v, want %+v", tc.query, got, tc.want)
		}
	}
}

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{"5gb": 5 << 30, "1.5kb": 1536, "10b": 10, "2MB": 2 << 20} {
		if got, err := parseBytes("x", text); err != nil || got != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "5", "gb", "-1b", "9999999999pb"} {
		if got, err := parseBytes("x", text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestSizeText(t *testing.T) {
	for _, tc := range []struct {
		bytes      int64
		unit, want string
	}{{512, "", "512b"}, {1536, "", "1.5kb"}, {4 << 20, "", "4mb"}, {4 << 20, "kb", "4096"}, {4 << 20, "k", "4096"}, {0, "b", "0"}} {
		if got, err := sizeText(tc.bytes, tc.unit); err != nil || got != tc.want {
			t.Errorf("%d in %q: %s %v", tc.bytes, tc.unit, got, err)
		}
	}
	if _, err := sizeText(1, "furlongs"); err == nil {
		t.Error("an unknown unit was taken")
	}
}

func TestWaitForNodes(t *testing.T) {
	for text, want := range map[string]bool{"": true, "1": true, ">=1": true, "ge(1)": true, "2": false, ">1": false, "gt(1)": false, "<2": true, "le(0)": false} {
		if got, err := enoughNodes(text); err != nil || got != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	if _, err := enoughNodes("many"); err == nil {
		t.Error("a word was taken")
	}
}

func TestNestedSettings(t *testing.T) {
	got := string(settingsJSON(map[string]string{"index.a": "1", "index.a.b": "2", "index.c.d": "3", "index.c.e": "[1,2]", "index.number": "x"}, false))
	if want := `{"index":{"a":"1","a.b":"2","c":{"d":"3","e":["1","2"]},"number":"x"}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestDeleteByQuery checks that documents are read over a snapshot in pages and deleted only while
// they are as they were seen.
func TestDeleteByQuery(t *testing.T) {
	page := 0
	var guards []es.Guard
	store := &fakeStore{
		search: func(req *es.SearchRequest) (*es.SearchResponse, error) {
			if req.Snapshot != "snap-1" || !req.SeqNo || req.Size != sweepPage {
				t.Errorf("search %+v", req)
			}
			if page++; page > 2 {
				return &es.SearchResponse{}, nil
			}
			seq, term := int64(page), int64(1)
			return &es.SearchResponse{Hits: es.Hits{Hits: []es.Hit{{Index: "a", ID: "x", SeqNo: &seq, PrimaryTerm: &term}}}}, nil
		},
		bulk: func(req *es.BulkRequest) (*es.BulkResponse, error) {
			guards = append(guards, req.Ops[0].Guard)
			return &es.BulkResponse{Items: []es.BulkItem{{Action: es.ActionDelete, Index: "a", ID: "x", Result: "deleted", Status: 200}}}, nil
		},
	}
	status, _, body := do(t, store, Options{}, "POST /a/_delete_by_query?filter_path=total,deleted,batches\n{\"query\":{\"match_all\":{}}}")
	if status != 200 || body != `{"total":2,"deleted":2,"batches":2}` {
		t.Errorf("%d %s", status, body)
	}
	if len(guards) != 2 || !guards[0].HasSeqNo || guards[0].SeqNo != 1 || guards[1].SeqNo != 2 {
		t.Errorf("guards %+v", guards)
	}
}
