package output

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// testEnv returns an environment and the dead letters kept in it.
func testEnv() (*pipeline.Env, *letters) {
	kept := &letters{}
	env := &pipeline.Env{Logger: slog.New(slog.DiscardHandler), FS: vfs.NewMem(), DeadLetters: kept, Now: func() time.Time { return noon },
		ResolvePath: func(p string) string { return p }, Shared: pipeline.NewShared()}
	env.Codec = func(block *plugin.BlockConfig) (pipeline.NewCodec, error) { return codec.New(env, block, nil) }
	return env, kept
}

type letters struct {
	mu   sync.Mutex
	kept []pipeline.DeadLetter
}

func (l *letters) Keep(_ context.Context, more []pipeline.DeadLetter) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, more...)
	return nil
}

func build(t testing.TB, env *pipeline.Env, name string, options ...string) pipeline.Output {
	t.Helper()
	block := &plugin.BlockConfig{Name: name}
	for i := 0; i < len(options); i += 2 {
		block.Options = append(block.Options, plugin.Pair{Key: options[i], Value: plugin.Value{Kind: plugin.Text, Str: options[i+1]}})
	}
	out, _, err := Table.Build(env, block)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func doc(t testing.TB, text string) *event.Event {
	t.Helper()
	v, err := event.ParseJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return event.FromObject(v, noon)
}

// cluster imitates the endpoints that the output uses and notes requests.
type cluster struct {
	mu       sync.Mutex
	requests []string
	exists   map[string]bool
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body)))
	answer := `{"acknowledged":true}`
	switch {
	case r.URL.Path == "/_bulk":
		answer = `{"took":1,"errors":true,"items":[{"index":{"_index":"i","_id":"1","status":201,"result":"created"}},` +
			`{"index":{"_index":"i","_id":"2","status":400,"error":{"type":"document_parsing_exception","reason":"bad field","caused_by":{"type":"x","reason":"y"}}}}]}`
	case r.Method == http.MethodGet && !c.exists[r.URL.Path]:
		w.WriteHeader(http.StatusNotFound)
		answer = `{"error":{"type":"index_not_found_exception","reason":"no such index"},"status":404}`
	}
	if _, err := io.WriteString(w, answer); err != nil {
		panic(err)
	}
}

func TestElasticsearchOverHTTP(t *testing.T) {
	c := &cluster{}
	server := httptest.NewServer(c)
	defer server.Close()
	env, kept := testEnv()
	f, err := env.FS.Create("/template.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(`{"index_patterns":["logs-*"]}`)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	out := build(t, env, "elasticsearch", "hosts", server.URL, "user", "elastic", "password", "secret", "document_id", "%{id}",
		"routing", "%{r}", "pipeline", "p", "ilm_enabled", "true", "ilm_rollover_alias", "logs", "ilm_policy", "pol",
		"template", "/template.json", "template_name", "tpl")
	events := []*event.Event{doc(t, `{"id":"1","r":"x","@metadata":{"hidden":1}}`), doc(t, `{"id":"2","r":"y"}`)}
	if err := out.Write(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	basic := " Basic " + base64.StdEncoding.EncodeToString([]byte("elastic:secret"))
	want := strings.ReplaceAll(`GET /_index_template/tplA
PUT /_index_template/tplA {"index_patterns":["logs-*"]}
GET /_ilm/policy/polA
GET /logsA
PUT /logs-2026.01.15-000001A {"aliases":{"logs":{"is_write_index":true}},"settings":{"index.lifecycle.name":"pol","index.lifecycle.rollover_alias":"logs"}}
POST /_bulkA {"index":{"_index":"logs","_id":"1","routing":"x","pipeline":"p"}}
{"@timestamp":"2026-01-15T12:00:00.000Z","id":"1","r":"x"}
{"index":{"_index":"logs","_id":"2","routing":"y","pipeline":"p"}}
{"@timestamp":"2026-01-15T12:00:00.000Z","id":"2","r":"y"}`, "A", basic)
	if got := strings.Join(c.requests, "\n"); got != want {
		t.Errorf("requests:\n%s\nwant\n%s", got, want)
	}
	if len(kept.kept) != 1 || kept.kept[0].Reason != "document_parsing_exception: bad field: x: y" {
		t.Errorf("dead letters: %+v", kept.kept)
	}
}

func TestElasticsearchNextHost(t *testing.T) {
	c := &cluster{}
	server := httptest.NewServer(c)
	defer server.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	h, err := newHTTPStore(nil, es.DialTarget{Hosts: []string{gone.URL, server.URL}, APIKey: "id:key"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Indices(t.Context(), es.Target{Names: []string{"x"}})
	if !isNotFound(err) || c.requests[0] != "GET /x ApiKey aWQ6a2V5" {
		t.Errorf("%v, %v", err, c.requests)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}

// bulker is a store of one function.
type bulker struct {
	es.Store
	bulk func(req *es.BulkRequest) (*es.BulkResponse, error)
}

func (b bulker) Bulk(_ context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	return b.bulk(req)
}

func (b bulker) Dial(context.Context, es.DialTarget) (es.Store, error) { return b, nil }

// TestRetriesUntilItWorks: an outage of minutes is waited out, with growing pauses, and nothing is lost or doubled.
func TestRetriesUntilItWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, kept := testEnv()
		var log bytes.Buffer
		env.Logger = slog.New(slog.NewTextHandler(&log, nil))
		var at []time.Duration
		start := time.Now()
		env.Dialer = bulker{bulk: func(req *es.BulkRequest) (*es.BulkResponse, error) {
			at = append(at, time.Since(start))
			switch len(at) {
			case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10:
				return nil, eserr.New(503, "unavailable", "down")
			case 11:
				return &es.BulkResponse{Items: []es.BulkItem{{Status: 201}, {Status: 429, Err: eserr.Rejected("busy")}}}, nil
			}
			if len(req.Ops) != 1 || req.Ops[0].ID != "2" {
				t.Errorf("only the refused document must come again: %v", req.Ops)
			}
			return &es.BulkResponse{Items: []es.BulkItem{{Status: 201}}}, nil
		}}
		out := build(t, env, "elasticsearch", "index", "i", "document_id", "%{id}")
		if err := out.Write(t.Context(), []*event.Event{doc(t, `{"id":"1"}`), doc(t, `{"id":"2"}`)}); err != nil {
			t.Fatal(err)
		}
		if len(at) != 12 || at[1] != firstRetry || at[11]-at[10] != lastRetry || len(kept.kept) != 0 {
			t.Errorf("tries at %v, %d dead letters", at, len(kept.kept))
		}
		if n := strings.Count(log.String(), "the store takes documents again"); n != 1 {
			t.Errorf("the log tells %d times that it is over:\n%s", n, log.String())
		}
	})
}

// TestOneBadDocument: a request refused as a whole is narrowed down to the document that is to blame.
func TestOneBadDocument(t *testing.T) {
	env, kept := testEnv()
	written := map[string]bool{}
	env.Dialer = bulker{bulk: func(req *es.BulkRequest) (*es.BulkResponse, error) {
		resp := &es.BulkResponse{}
		for _, op := range req.Ops {
			if op.ID == "5" {
				return nil, eserr.New(413, "http_error", "too large")
			}
			resp.Items = append(resp.Items, es.BulkItem{Status: 201})
		}
		for _, op := range req.Ops {
			written[op.ID] = true
		}
		return resp, nil
	}}
	out := build(t, env, "elasticsearch", "index", "i", "document_id", "%{id}")
	var events []*event.Event
	for i := range 9 {
		events = append(events, doc(t, fmt.Sprintf(`{"id":"%d"}`, i)))
	}
	if err := out.Write(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	if len(written) != 8 || len(kept.kept) != 1 || kept.kept[0].Status != 413 {
		t.Errorf("written %v, dead letters %v", written, kept.kept)
	}
}

func TestActions(t *testing.T) {
	env, kept := testEnv()
	var got []string
	env.Dialer = bulker{bulk: func(req *es.BulkRequest) (*es.BulkResponse, error) {
		for _, op := range req.Ops {
			got = append(got, fmt.Sprintf("%s %s %s %s", op.Action, op.Index, op.ID, op.Source))
		}
		return &es.BulkResponse{Items: make([]es.BulkItem, len(req.Ops))}, nil
	}}
	out := build(t, env, "elasticsearch", "index", "I-%{id}", "document_id", "%{id}", "action", "%{[@metadata][do]}", "doc_as_upsert", "true")
	var events []*event.Event
	for _, action := range []string{"index", "create", "update", "delete", "merge"} {
		events = append(events, doc(t, `{"id":"1","@metadata":{"do":"`+action+`"}}`))
	}
	if err := out.Write(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	const source = `{"@timestamp":"2026-01-15T12:00:00.000Z","id":"1"}`
	want := "index i-1 1 " + source + "\ncreate i-1 1 " + source + "\nupdate i-1 1 {\"doc\":" + source + ",\"doc_as_upsert\":true}\ndelete i-1 1 "
	if strings.Join(got, "\n") != want {
		t.Errorf("operations:\n%s", strings.Join(got, "\n"))
	}
	if len(kept.kept) != 1 || kept.kept[0].Reason != "unknown action merge" {
		t.Errorf("dead letters: %v", kept.kept)
	}
}

func TestIDsOfOrigin(t *testing.T) {
	env, _ := testEnv()
	o := build(t, env, "elasticsearch", "index", "i", "document_id", "%{[@metadata][fingerprint]}").(*elasticsearchWriter)
	id := func(text string) string { return o.idOf(doc(t, text)) }
	line := `{"message":"m","log":{"file":{"path":"/a"},"offset":10}}`
	if first, again := id(line), id(line); first != again {
		t.Errorf("the same event must get the same id: %s, then %s", first, again)
	}
	if id(line) == id(strings.Replace(line, "10", "11", 1)) || id(line) == id(strings.Replace(line, "/a", "/b", 1)) || id(line) == id(`{"message":"n"}`) {
		t.Error("events of different origin must get different ids")
	}
	if got := id(`{"message":"m","@metadata":{"fingerprint":"f"}}`); got != "f" {
		t.Errorf("a reference that resolves counts: %s", got)
	}
}

func TestSafeIndexName(t *testing.T) {
	for in, want := range map[string]string{
		"logs-2026.01.15": "logs-2026.01.15", "App Logs/Main": "app_logs_main", "-x": "x-x", "": "x", "..": "x..",
		"%{service}-x": "%{service}-x", "a#b:c,d": "a_b_c_d", "über": "über", strings.Repeat("a", 300): strings.Repeat("a", 255),
	} {
		if got := safeIndexName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestElasticsearchRefuses(t *testing.T) {
	f := func(want string, options ...string) {
		t.Helper()
		env, _ := testEnv()
		block := &plugin.BlockConfig{Name: "elasticsearch"}
		for i := 0; i < len(options); i += 2 {
			block.Options = append(block.Options, plugin.Pair{Key: options[i], Value: plugin.Value{Kind: plugin.Text, Str: options[i+1]}})
		}
		_, _, err := Table.Build(env, block)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %s", options, err, want)
		}
	}
	f("must be index, create, update or delete", "action", "upsert")
	f("delete needs document_id", "action", "delete")
	f("cannot stand beside user", "user", "u", "api_key", "k")
	f("is not supported: scripted updates are", "script", "x")
	f("one alias takes all events", "ilm_enabled", "true", "ilm_rollover_alias", "a-%{x}")
	f("must be one of true, false, auto", "ilm_enabled", "yes")
}

func BenchmarkOperations(b *testing.B) {
	env, _ := testEnv()
	o := build(b, env, "elasticsearch", "index", "app-%{+YYYY.MM.dd}").(*elasticsearchWriter)
	var events []*event.Event
	for range 250 {
		events = append(events, doc(b, `{"level":"INFO","service":"booking","message":"a line of log of a usual length, with some words in it","duration_ms":234,"user_id":"user_123"}`))
	}
	b.ReportAllocs()
	r := &bulkRequest{}
	for b.Loop() {
		if ops, _ := o.operations(events, r); len(ops) != len(events) || !json.Valid(ops[7].op.Source) {
			b.Fatal("wrong operations")
		}
	}
}

// TestElasticsearchLogsNoPassword that stands in a host's URL.
func TestElasticsearchLogsNoPassword(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	env, _ := testEnv()
	var log strings.Builder
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	env.Logger = slog.New(cancelingHandler{slog.NewTextHandler(&log, nil), cancel})
	out := build(t, env, "elasticsearch", "hosts", strings.Replace(server.URL, "http://", "http://u:secret@", 1), "ilm_enabled", "true", "ilm_rollover_alias", "logs")
	if err := out.Write(ctx, []*event.Event{doc(t, `{}`)}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "u:xxxxx@") || strings.Contains(log.String(), "secret") {
		t.Errorf("log: %s", log.String())
	}
}
