package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

func TestRefusals(t *testing.T) {
	for _, tc := range []struct {
		name, request string
		status        int
		want          string
	}{
		{"unknown endpoint", "GET /_foo/bar?x=1", 400, `{"error":"no handler found for uri [/_foo/bar?x=1] and method [GET]"}`},
		{"unknown endpoint below an index", "POST /logs/_frobnicate\n{}", 400, `no handler found for uri [/logs/_frobnicate]`},
		{"wrong method", "DELETE /_search", 405, `{"error":"Incorrect HTTP method for uri [/_search] and method [DELETE], allowed: [GET, POST]","status":405}`},
		{"unknown parameter", "GET /logs/_search?sizes=1", 400, `request [/logs/_search] contains unrecognized parameter: [sizes] -> did you mean [size]?`},
		{"unknown parameters", "GET /logs/_search?bogus=1&also_bogus=2", 400, `contains unrecognized parameters: [also_bogus], [bogus]`},
		{"bad boolean", "GET /logs/_search?version=yes&lenient=maybe", 400, `Failed to parse value [maybe] as only [true] or [false] are allowed.`},
		{"bad number", "GET /logs/_search?size=ten", 400, `Failed to parse int parameter [size] with value [ten]`},
		{"negative size", "GET /logs/_search?size=-1", 400, `[size] parameter cannot be negative, found [-1]`},
		{"bad time value", "GET /logs/_search?timeout=5x", 400, `failed to parse setting [timeout] with value [5x] as a time value: unit is missing or unrecognized`},
		{"unknown body key", "POST /logs/_search\n{\"querry\":{\"match_all\":{}}}", 400, `Unknown key for a START_OBJECT in [querry]. did you mean [query]?`},
		{"unknown clause", "POST /logs/_search\n{\"query\":{\"trem\":{\"a\":1}}}", 400, `unknown query [trem]`},
		{"unknown aggregation", "POST /logs/_search\n{\"aggs\":{\"a\":{\"tersm\":{\"field\":\"a\"}}}}", 400, `tersm`},
		{"bad JSON", "POST /logs/_search\n{\"query\":", 400, `x_content_parse_exception`},
		{"body is no object", "POST /logs/_search\n[1]", 400, `parsing_exception`},
		{"unknown cat column", "GET /_cat/indices?h=index,bogus", 400, `column [bogus] is not supported`},
		{"unknown format", "GET /_cat/indices?format=xml", 400, `format [xml] is not supported`},
		{"binary format", "GET /_cat/indices?format=cbor", 406, `format [cbor] is not supported`},
		{"unknown stats metric", "GET /_stats/bogus", 400, `unrecognized metric: [bogus]`},
		{"unknown member of an index", "PUT /logs\n{\"mapings\":{}}", 400, `unknown key [mapings] for create index did you mean [mappings]?`},
		{"deleting all", "DELETE /logs-*", 400, `Wildcard expressions or all indices are not allowed`},
		{"unknown cluster setting", "PUT /_cluster/settings\n{\"persistent\":{\"cluster.bogus\":1}}", 400, `persistent setting [cluster.bogus], not recognized`},
		{"scroll from", "GET /logs/_search?scroll=1m&from=5", 400, `using [from] is not allowed in a scroll context`},
		{"scroll unknown", "POST /_search/scroll\n{\"scroll_id\":\"nope\"}", 404, `No search context found for id [nope]`},
		{"search_after without sort", "POST /_search\n{\"search_after\":[1]}", 400, `Sort must contain at least one field.`},
		{"script sort", "POST /_search\n{\"sort\":{\"_script\":{}}}", 400, `Required [script]`},
		{"bad rollover condition", "POST /logs/_rollover\n{\"conditions\":{\"max_dox\":2}}", 400, `unknown field [max_dox]`},
		{"date math", "GET /%3Clogs-%7Bnow%2Fq%7D%3E/_search", 400, `invalid dynamic name expression`},
		{"external version of create", "PUT /logs/_create/1?version=1&version_type=external\n{}", 400, `create operations only support internal versioning`},
		{"empty document", "PUT /logs/_doc/1", 400, `request body is required`},
		{"more copies than one", "PUT /logs/_doc/1?wait_for_active_shards=2\n{}", 503, `Not enough active copies to meet shard count of [2] (have 1, needed 2).`},
		{"missing template", "GET /_index_template/none", 404, `index template matching [none] not found`},
		{"missing policy", "GET /_ilm/policy/none", 404, `Lifecycle policy not found: none`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, header, body := do(t, &fakeStore{}, Options{}, tc.request)
			if status != tc.status || !strings.Contains(body, tc.want) {
				t.Errorf("got %d %s\nwant %d %s", status, body, tc.status, tc.want)
			}
			if header.Get("X-Elastic-Product") != "Elasticsearch" {
				t.Error("no product header")
			}
		})
	}
}

func TestGuard(t *testing.T) {
	for _, tc := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"loopback", []string{"Host", "127.0.0.1:9200"}, 200},
		{"v6", []string{"Host", "[::1]:9200"}, 200},
		{"configured name", []string{"Host", "elasticsearch:9200"}, 200},
		{"foreign host", []string{"Host", "evil.example:9200"}, 403},
		{"own origin", []string{"Origin", "http://localhost:5601"}, 200},
		{"other loopback origin", []string{"Origin", "http://127.0.0.1:5601"}, 200},
		{"foreign origin", []string{"Origin", "https://evil.example"}, 403},
		{"sandboxed page", []string{"Origin", "null"}, 403},
		{"cross-site image", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"cross-site link", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, _, body := do(t, &fakeStore{}, Options{AllowedHosts: []string{"elasticsearch"}}, "GET /", tc.headers...)
			if status != tc.status {
				t.Errorf("got %d %s", status, body)
			}
		})
	}
}

func TestMediaTypes(t *testing.T) {
	for _, tc := range []struct {
		header, value string
		status        int
		answered      string
	}{
		{"Content-Type", "application/json;charset=UTF-8", 200, "application/json"},
		{"Content-Type", "application/x-ndjson", 200, "application/json"},
		{"Content-Type", "application/vnd.elasticsearch+x-ndjson; compatible-with=9", 200, "application/json"},
		{"Content-Type", "application/x-www-form-urlencoded", 406, "application/json"},
		{"Content-Type", "application/yaml", 200, "application/json"},
		{"Content-Type", "application/cbor", 406, "application/json"},
		{"Content-Type", "application/smile", 406, "application/json"},
		{"Accept", "application/yaml", 200, "application/yaml"},
		{"Accept", "application/vnd.elasticsearch+yaml;compatible-with=8", 200, "application/vnd.elasticsearch+yaml;compatible-with=8"},
		{"Accept", "application/cbor", 406, "application/json"},
		{"Accept", "application/smile, application/json", 200, "application/json"},
		{"Accept", "application/vnd.elasticsearch+json; compatible-with=8", 200, "application/vnd.elasticsearch+json;compatible-with=8"},
		{"Accept", "application/vnd.elasticsearch+json;compatible-with=7", 200, "application/vnd.elasticsearch+json;compatible-with=7"},
		{"Accept", "application/vnd.elasticsearch+json;compatible-with=6", 400, "application/json"},
		{"Accept", "*/*", 200, "application/json"},
	} {
		t.Run(tc.value, func(t *testing.T) {
			status, header, body := do(t, &fakeStore{}, Options{}, "POST /_search\n{}", tc.header, tc.value)
			if status != tc.status || header.Get("Content-Type") != tc.answered {
				t.Errorf("got %d %s %s", status, header.Get("Content-Type"), body)
			}
		})
	}
}

func TestBodyLimits(t *testing.T) {
	long := `{"query":{"term":{"a":"` + strings.Repeat("x", 2000) + `"}}}`
	status, _, body := do(t, &fakeStore{}, Options{MaxBodyBytes: 1000}, "POST /_search\n"+long)
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(body, "limit of [1000] bytes") {
		t.Errorf("long body: %d %s", status, body)
	}
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(zip, long); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	status, _, body = do(t, &fakeStore{}, Options{MaxBodyBytes: 1000}, "POST /_search\n"+zipped.String(), "Content-Encoding", "gzip")
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("body that is long when decompressed: %d %s", status, body)
	}
	status, _, body = do(t, &fakeStore{}, Options{}, "POST /_search\n"+zipped.String(), "Content-Encoding", "gzip")
	if status != http.StatusOK {
		t.Errorf("gzip: %d %s", status, body)
	}
	status, _, body = do(t, &fakeStore{}, Options{}, "POST /_search\n"+zipped.String()[:50], "Content-Encoding", "gzip")
	if status != http.StatusBadRequest {
		t.Errorf("broken gzip: %d %s", status, body)
	}
	status, _, body = do(t, &fakeStore{}, Options{MaxInFlightBytes: 1500}, "POST /_search\n"+long)
	if status != http.StatusTooManyRequests || !strings.Contains(body, "es_rejected_execution_exception") {
		t.Errorf("over the budget: %d %s", status, body)
	}
}

func TestBudgetIsGivenBack(t *testing.T) {
	s := New(&fakeStore{}, Options{})
	if !s.bodies.take(10) {
		t.Fatal("no budget")
	}
	s.bodies.give(10)
	store := &fakeStore{}
	do(t, store, Options{}, "POST /_search\n{}")
	if used := s.bodies.used.Load(); used != 0 {
		t.Errorf("%d bytes are still reserved", used)
	}
}

func TestCompressedAnswer(t *testing.T) {
	store := &fakeStore{indices: func(es.Target) ([]es.IndexInfo, error) {
		var infos []es.IndexInfo
		for range 30 {
			infos = append(infos, oneIndex(t, "logs-2026"))
		}
		return infos, nil
	}}
	status, header, body := do(t, store, Options{}, "GET /_stats", "Accept-Encoding", "gzip, deflate")
	if status != 200 || header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("got %d %s", status, header.Get("Content-Encoding"))
	}
	unzip, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(unzip)
	if err != nil || !bytes.Contains(plain, []byte(`"count":360`)) {
		t.Errorf("%v %s", err, plain)
	}
}

func TestErrorsKeepTheirShape(t *testing.T) {
	store := &fakeStore{search: func(*es.SearchRequest) (*es.SearchResponse, error) {
		return nil, eserr.IndexNotFound("nope")
	}}
	_, _, body := do(t, store, Options{}, "GET /nope/_search")
	want := `{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [nope]","resource.type":"index_or_alias","resource.id":"nope","index_uuid":"_na_","index":"nope"}],"type":"index_not_found_exception","reason":"no such index [nope]","resource.type":"index_or_alias","resource.id":"nope","index_uuid":"_na_","index":"nope"},"status":404}`
	if body != want {
		t.Errorf("got %s\nwant %s", body, want)
	}
	flood := eserr.ClusterBlock(429, "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];")
	store.bulk = func(req *es.BulkRequest) (*es.BulkResponse, error) {
		return &es.BulkResponse{Items: []es.BulkItem{{Index: "x", Err: flood, Status: 429}}}, nil
	}
	status, _, body := do(t, store, Options{}, "PUT /x/_doc/1\n{}")
	if status != 429 || !strings.Contains(body, `"type":"cluster_block_exception"`) {
		t.Errorf("got %d %s", status, body)
	}
}

func TestVersionForBeats(t *testing.T) {
	for agent, want := range map[string]string{
		"Elastic-filebeat/9.1.0 (linux; amd64)": "9.1.0", "Elastic-filebeat/8.5.3": "8.19.0", "Elastic-filebeat/x": "8.19.0", "curl/8.0": "8.19.0",
	} {
		_, _, body := do(t, &fakeStore{}, Options{}, "GET /?filter_path=version.number", "User-Agent", agent)
		if body != `{"version":{"number":"`+want+`"}}` {
			t.Errorf("%s: %s", agent, body)
		}
	}
}

func TestWarnings(t *testing.T) {
	store := &fakeStore{search: func(*es.SearchRequest) (*es.SearchResponse, error) {
		return &es.SearchResponse{Warnings: []string{`field [a.keyword] is "a"`}}, nil
	}}
	_, header, _ := do(t, store, Options{}, "GET /_search")
	if got, want := header.Get("Warning"), `299 Elasticsearch-8.19.0-`+buildHash+` "field [a.keyword] is \"a\""`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestTable checks what the router takes for granted about the table.
func TestTable(t *testing.T) {
	for _, r := range routeTable() {
		if r.help == "" || r.handler == nil {
			t.Errorf("%s has no help or no handler", r.path)
		}
		for _, name := range strings.Fields(r.params) {
			if params[name].help == "" {
				t.Errorf("%s: parameter %s is not described", r.path, name)
			}
		}
	}
	for _, name := range commonParams {
		if params[name].help == "" {
			t.Errorf("parameter %s is not described", name)
		}
	}
	for name := range searchMembers() {
		for _, other := range unmodelledMembers {
			if name == other {
				t.Errorf("%s is both modelled and not", name)
			}
		}
	}
}

// TestPanicIsOneAnswer: a fault that one request meets, or one search of several, is its answer; the others have theirs.
func TestPanicIsOneAnswer(t *testing.T) {
	store := &fakeStore{search: func(req *es.SearchRequest) (*es.SearchResponse, error) {
		if req.Target.Names[0] == "bad" {
			panic("a fault")
		}
		return &es.SearchResponse{Hits: es.Hits{Total: &es.Total{}}}, nil
	}}
	var log strings.Builder
	opts := Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	if status, _, body := do(t, store, opts, "GET /bad/_search"); status != 500 || !strings.Contains(body, "internal fault: a fault") {
		t.Errorf("%d %s", status, body)
	}
	if !strings.Contains(log.String(), "server_test.go") {
		t.Errorf("the log has no place: %s", log.String())
	}
	status, _, body := do(t, store, opts, "POST /_msearch\n{\"index\":\"bad\"}\n{}\n{\"index\":\"good\"}\n{}\n")
	if status != 200 || strings.Count(body, `"status":500`) != 1 || strings.Count(body, `"status":200`) != 1 {
		t.Errorf("%d %s", status, body)
	}
}
