package api

import (
	"encoding/json"
	"strings"
	"testing"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

func TestAnswers(t *testing.T) {
	store := &fakeStore{
		indices: func(es.Target) ([]es.IndexInfo, error) { return []es.IndexInfo{oneIndex(t, "logs-1")}, nil },
		apply: func(change es.Change) (any, error) {
			switch ch := change.(type) {
			case *es.GetObjects:
				if ch.Kind == es.KindIndexTemplate {
					return []es.Object{{Name: "t", JSON: []byte(`{"index_patterns":"logs-*","priority":5,"template":{"settings":{"number_of_shards":1}}}`)}}, nil
				}
				return []es.Object(nil), nil
			case *es.DeleteObjects:
				return 0, nil
			case *es.Rollover:
				return &es.RolloverResult{OldIndex: "logs-1", NewIndex: "logs-2", RolledOver: true, Conditions: map[string]bool{"[max_docs: 2]": true}}, nil
			case *es.SimulateIndex:
				return &es.ResolvedIndex{Template: "t", Settings: map[string]string{"index.number_of_shards": "1"}}, nil
			}
			return (&fakeStore{}).Apply(t.Context(), change)
		},
		get: func(req *es.GetRequest) (*es.GetResponse, error) {
			return &es.GetResponse{Index: req.Index, ID: req.ID, Found: true, Version: 2, SeqNo: 7, PrimaryTerm: 1, Source: []byte(`{"a":1}`)}, nil
		},
	}
	for _, tc := range []struct {
		request string
		status  int
		want    string
	}{
		{"GET /?filter_path=version.number,tagline", 200, `{"version":{"number":"8.19.0"},"tagline":"You Know, for Search"}`},
		{"HEAD /", 200, ``},
		{"PUT /logs/_doc/1\n{\"a\":1}", 201, `{"_index":"logs","_id":"1","_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1}`},
		{"PUT /logs/_doc/1?refresh=true&filter_path=forced_refresh\n{\"a\":1}", 201, `{"forced_refresh":true}`},
		{"GET /logs/_doc/1", 200, `{"_index":"logs","_id":"1","_version":2,"_seq_no":7,"_primary_term":1,"found":true,"_source":{"a":1}}`},
		{"GET /logs/_source/1", 200, `{"a":1}`},
		{"GET /_mget\n{\"docs\":[{\"_index\":\"x\",\"_id\":\"1\"}]}", 200, `{"docs":[{"_index":"x","_id":"1","_version":2,"_seq_no":7,"_primary_term":1,"found":true,"_source":{"a":1}}]}`},
		{"GET /logs/_search?filter_path=hits.total,_shards", 200, `{"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},"hits":{"total":{"value":0,"relation":"eq"}}}`},
		{"GET /logs/_search?rest_total_hits_as_int&filter_path=hits.total", 200, `{"hits":{"total":0}}`},
		{"GET /logs/_count", 200, `{"count":0,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0}}`},
		{"GET /logs/_settings", 200, `{"logs-1":{"settings":{"index":{"lifecycle":{"name":"keep"},"number_of_shards":"1","provided_name":"logs-1"}}}}`},
		{"GET /logs/_settings/index.number*?flat_settings", 200, `{"logs-1":{"settings":{"index.number_of_shards":"1"}}}`},
		{"GET /logs/_mapping/field/message*", 200, `{"logs-1":{"mappings":{"message":{"full_name":"message","mapping":{"message":{"type":"text","fields":{"raw":{"type":"keyword","ignore_above":256}}}}},"message.raw":{"full_name":"message.raw","mapping":{"raw":{"type":"keyword","ignore_above":256}}}}}}`},
		{"GET /_alias/logs", 200, `{"logs-1":{"aliases":{"logs":{}}}}`},
		{"GET /_alias/logs,gone", 404, `{"error":"alias [gone] missing","status":404,"logs-1":{"aliases":{"logs":{}}}}`},
		{"GET /_index_template/t", 200, `{"index_templates":[{"name":"t","index_template":{"index_patterns":["logs-*"],"priority":5,"template":{"settings":{"index":{"number_of_shards":"1"}}},"composed_of":[]}}]}`},
		{"POST /_index_template/_simulate_index/logs-9", 200, `{"template":{"settings":{"index":{"number_of_shards":"1"}},"mappings":{},"aliases":{}},"overlapping":[]}`},
		{"POST /logs/_rollover\n{\"conditions\":{\"max_docs\":2}}", 200, `{"acknowledged":true,"shards_acknowledged":true,"old_index":"logs-1","new_index":"logs-2","rolled_over":true,"dry_run":false,"lazy":false,"conditions":{"[max_docs: 2]":true}}`},
		{"POST /logs/_refresh", 200, `{"_shards":{"total":2,"successful":1,"failed":0}}`},
		{"GET /_cluster/health?wait_for_status=yellow&filter_path=status,timed_out,active_shards_percent_as_number", 200, `{"status":"green","timed_out":false,"active_shards_percent_as_number":100.0}`},
		{"GET /_cat/indices?h=index,docs.count,store.size&v", 200, "index  docs.count store.size\nlogs-1         12        4mb\n"},
		{"GET /_cat/indices?format=json&bytes=b&h=i,ss", 200, `[{"i":"logs-1","ss":"4194304"}]`},
		{"GET /_cat/count?h=count", 200, "0\n"},
		{"GET /_cat/health?h=cluster,status,node.total", 200, "elkhorn green 1\n"},
		{"GET /_cat/aliases", 200, "logs logs-1 - - - -\n"},
		{"GET /_field_caps?fields=http.*,message&filter_path=fields", 200, `{"fields":{"http":{"object":{"type":"object","metadata_field":false,"searchable":false,"aggregatable":false}},"http.status":{"long":{"type":"long","metadata_field":false,"searchable":true,"aggregatable":true}},"message":{"text":{"type":"text","metadata_field":false,"searchable":true,"aggregatable":false}}}}`},
		{"GET /_license?filter_path=license.status,license.type", 200, `{"license":{"status":"active","type":"basic"}}`},
		{"GET /_resolve/index/logs*", 200, `{"indices":[{"name":"logs-1","aliases":["logs"],"attributes":["open"]}],"aliases":[{"name":"logs","indices":["logs-1"]}],"data_streams":[]}`},
		{"GET /_nodes/_all/http?filter_path=nodes.*.http.publish_address", 200, `{"nodes":{"uJd8Xq3vT5mY2nB6cR1wZg":{"http":{"publish_address":"localhost:9200"}}}}`},
		{"GET /_stats/docs?filter_path=_all.total", 200, `{"_all":{"total":{"docs":{"count":12,"deleted":0,"total_size_in_bytes":4194304}}}}`},
		{"DELETE /_pit\n{\"id\":\"snap-1\"}", 200, `{"succeeded":true,"num_freed":1}`},
		{"DELETE /_pit\n{\"id\":\"other\"}", 404, `{"succeeded":true,"num_freed":0}`},
		{"GET /_data_stream/logs", 404, `no such index [logs]`},
	} {
		t.Run(tc.request, func(t *testing.T) {
			status, _, body := do(t, store, Options{}, tc.request)
			if status != tc.status || body != tc.want && !(tc.status == 404 && strings.Contains(body, tc.want)) {
				t.Errorf("got  %d %s\nwant %d %s", status, body, tc.status, tc.want)
			}
		})
	}
}

// TestUnopenedIndices: an index that is there and did not open is listed, red, with nothing but its name.
func TestUnopenedIndices(t *testing.T) {
	store := &fakeStore{
		indices:  func(es.Target) ([]es.IndexInfo, error) { return []es.IndexInfo{oneIndex(t, "logs-1")}, nil },
		unopened: []string{"logs-2", "other"},
	}
	for request, want := range map[string]string{
		"GET /_cat/indices?h=health,index,docs.count&s=index": "green logs-1 12\nred   logs-2   \nred   other    \n",
		"GET /_cat/indices/logs*?h=index&s=index":             "logs-1\nlogs-2\n",
		"GET /_cat/indices/*,-logs*?h=index&s=index":          "logs-1\nother\n", // logs-1 is what this store answers to everything
		"GET /_cat/indices?h=index&health=red":                "logs-2\nother\n",
		"GET /_cat/indices?h=index&health=green":              "logs-1\n",
		"GET /_cat/indices?format=json&h=index,dc&health=red": `[{"index":"logs-2","dc":null},{"index":"other","dc":null}]`,
		"GET /_cluster/health?filter_path=unassigned_shards":  `{"unassigned_shards":2}`,
	} {
		if status, _, body := do(t, store, Options{}, request); status != 200 || body != want {
			t.Errorf("%s: %d %q, want %q", request, status, body, want)
		}
	}
}

// TestEveryAnswerIsJSON walks the table with GET and checks that what comes is JSON or, from _cat, text.
func TestEveryAnswerIsJSON(t *testing.T) {
	store := &fakeStore{indices: func(es.Target) ([]es.IndexInfo, error) { return []es.IndexInfo{oneIndex(t, "logs-1")}, nil }}
	for _, r := range routeTable() {
		if !strings.Contains(r.methods, "GET") {
			continue
		}
		path := strings.NewReplacer("{index}", "logs-1", "{id}", "1", "{name}", "x*", "{metric}", "_all", "{node_id}", "_all", "{scroll_id}", "s", "{fields}", "*").Replace(r.path)
		status, header, body := do(t, store, Options{}, "GET "+path+"?pretty&human")
		if status >= 500 {
			t.Errorf("%s: %d %s", path, status, body)
		}
		if strings.HasPrefix(header.Get("Content-Type"), "application/json") && !json.Valid([]byte(body)) {
			t.Errorf("%s is not JSON: %s", path, body)
		}
	}
}

func TestScroll(t *testing.T) {
	var seen []*es.SearchRequest
	store := &fakeStore{search: func(req *es.SearchRequest) (*es.SearchResponse, error) {
		copied := *req
		seen = append(seen, &copied)
		hits := es.Hits{Total: &es.Total{Value: 1}}
		if len(req.SearchAfter) == 0 {
			hits.Hits = []es.Hit{{Index: "a", ID: "1", Source: []byte("{}"), Sort: []jsonval.Scalar{jsonval.Int(5), jsonval.Int(0)}}}
		}
		return &es.SearchResponse{Hits: hits}, nil
	}}
	s := New(store, Options{Now: fixedNow})
	first := serve(s, "GET", "/a/_search?scroll=1m&sort=n&filter_path=_scroll_id,hits.hits.sort", "")
	if want := `{"_scroll_id":"snap-1","hits":{"hits":[{"sort":[5]}]}}`; first != want {
		t.Errorf("first page: %s", first)
	}
	second := serve(s, "POST", "/_search/scroll?filter_path=_scroll_id", `{"scroll_id":"snap-1","scroll":"1m"}`)
	if want := `{"_scroll_id":"snap-1"}`; second != want {
		t.Errorf("second page: %s", second)
	}
	if len(seen) != 2 || seen[0].Snapshot != "snap-1" || len(seen[1].SearchAfter) != 2 || len(seen[0].Sort) != 2 {
		t.Errorf("searches: %+v", seen)
	}
	if got := serve(s, "DELETE", "/_search/scroll", `{"scroll_id":["snap-1"]}`); got != `{"succeeded":true,"num_freed":1}` {
		t.Errorf("clear: %s", got)
	}
	if got := serve(s, "POST", "/_search/scroll", `{"scroll_id":"snap-1"}`); !strings.Contains(got, "search_context_missing_exception") {
		t.Errorf("after clear: %s", got)
	}
}

func TestMultiSearch(t *testing.T) {
	store := &fakeStore{search: func(req *es.SearchRequest) (*es.SearchResponse, error) {
		if len(req.Target.Names) == 0 {
			return nil, eserr.IndexNotFound("gone")
		}
		return &es.SearchResponse{}, nil
	}}
	body := `{"index":"a"}
{"query":{"match_all":{}},"size":0}
{}
{"query":{"term":{"level":"gone"}}}
{"index":["a","b"],"ignore_unavailable":true}
{}
`
	_, _, got := do(t, store, Options{}, "POST /_msearch?filter_path=responses.status,responses.error.type\n"+body)
	if want := `{"responses":[{"status":200},{"error":{"type":"index_not_found_exception"},"status":404},{"status":200}]}`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	status, _, got := do(t, store, Options{}, "POST /_msearch\n{}\n{\"query\":{\"bogus\":{}}}\n")
	if status != 400 || !strings.Contains(got, "unknown query [bogus]") {
		t.Errorf("a search that cannot be read: %d %s", status, got)
	}
}
