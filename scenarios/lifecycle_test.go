package scenarios

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"elkhorn/internal/api"
	"elkhorn/internal/engine"
	"elkhorn/internal/lifecycle"
)

// TestLifecycle follows indices through a policy put by HTTP, on a clock of its own: the write index rolls
// over when it has a document and is a day old, the old one goes a month after that, and the new write
// index stays.
func TestLifecycle(t *testing.T) {
	var clock atomic.Int64
	clock.Store(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC).UnixNano())
	now := func() time.Time { return time.Unix(0, clock.Load()) }
	logger := slog.New(slog.DiscardHandler)
	store, err := engine.Open(engine.Options{Dir: t.TempDir(), Logger: logger, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.New(store, api.Options{Logger: logger, Now: now}))
	t.Cleanup(func() {
		server.Close()
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	runner := lifecycle.New(store, lifecycle.Options{Logger: logger, Now: now})
	passAfter := func(d time.Duration, want string) {
		t.Helper()
		clock.Add(int64(d))
		if err := runner.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, body := call(t, http.MethodGet, server.URL+"/_cat/indices?h=index&s=index", "")
		if got := strings.Join(strings.Fields(body), " "); got != want {
			t.Errorf("%s: indices [%s], want [%s]", now().Format(time.DateOnly), got, want)
		}
	}
	put := func(method, path, body string) {
		t.Helper()
		if status, answer := call(t, method, server.URL+path, body); status >= 300 {
			t.Fatalf("%s: %d %s", path, status, answer)
		}
	}
	const day = 24 * time.Hour
	put(http.MethodPut, "/_ilm/policy/keep", `{"policy":{"phases":{"hot":{"actions":{"rollover":{"max_age":"1d"}}},"delete":{"min_age":"30d","actions":{"delete":{}}}}}}`)
	put(http.MethodPut, "/_index_template/chat", `{"index_patterns":["chat-*"],"template":{"settings":{"index.lifecycle.name":"keep","index.lifecycle.rollover_alias":"chat"}}}`)
	put(http.MethodPut, "/chat-000001", `{"aliases":{"chat":{"is_write_index":true}}}`)
	passAfter(2*day, "chat-000001") // old enough, and empty
	put(http.MethodPost, "/chat/_doc?refresh", `{"n":1}`)
	passAfter(time.Hour, "chat-000001 chat-000002")
	passAfter(29*day, "chat-000001 chat-000002")
	passAfter(day, "chat-000002")
	passAfter(99*day, "chat-000002")
}

// TestLifecycleByHTTP asks where an index stands, moves it, stops the work and goes on, and rolls a data stream over by its own
// lifecycle.
func TestLifecycleByHTTP(t *testing.T) {
	var clock atomic.Int64
	clock.Store(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC).UnixNano())
	now := func() time.Time { return time.Unix(0, clock.Load()) }
	logger := slog.New(slog.DiscardHandler)
	store, err := engine.Open(engine.Options{Dir: t.TempDir(), Logger: logger, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.New(store, api.Options{Logger: logger, Now: now}))
	t.Cleanup(func() {
		server.Close()
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	runner := lifecycle.New(store, lifecycle.Options{Logger: logger, Now: now})
	ask := func(method, path, body string, wants ...string) {
		t.Helper()
		status, answer := call(t, method, server.URL+path, body)
		if status >= 300 && !strings.HasPrefix(wants[0], "!") {
			t.Errorf("%s %s: %d %s", method, path, status, answer)
		}
		for _, want := range wants {
			if want = strings.TrimPrefix(want, "!"); !strings.Contains(answer, want) {
				t.Errorf("%s %s: no %q in %s", method, path, want, answer)
			}
		}
	}
	look := func(d time.Duration) {
		t.Helper()
		clock.Add(int64(d))
		if err := runner.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	const day = 24 * time.Hour
	ask(http.MethodPut, "/_ilm/policy/keep", `{"policy":{"phases":{"hot":{"actions":{"set_priority":{"priority":100}}},"warm":{"min_age":"7d","actions":{"readonly":{},"shrink":{"number_of_shards":1}}},"delete":{"min_age":"30d","actions":{"wait_for_snapshot":{"policy":"x"},"delete":{}}}}}}`, "")
	ask(http.MethodPut, "/app", `{"settings":{"index.lifecycle.name":"keep","number_of_shards":4}}`, "")
	ask(http.MethodGet, "/app/_ilm/explain", "", `"managed":true`, `"phase":"new"`)
	look(day)
	ask(http.MethodGet, "/app/_ilm/explain", "", `"age":"1d"`, `"phase":"hot","phase_time_millis":1769990400000,"action":"complete"`, `"phase_definition":{"actions":{"set_priority"`)
	ask(http.MethodPost, "/_ilm/move/app", `{"current_step":{"phase":"cold"},"next_step":{"phase":"warm"}}`, `!is not on current step`)
	ask(http.MethodPost, "/_ilm/move/app", `{"current_step":{"phase":"hot"},"next_step":{"phase":"cold"}}`, `!does not exist`)
	ask(http.MethodPost, "/_ilm/move/app", `{"current_step":{"phase":"hot","action":"complete","name":"complete"},"next_step":{"phase":"warm"}}`, "acknowledged")
	ask(http.MethodPost, "/_ilm/stop", "", "acknowledged")
	ask(http.MethodGet, "/_ilm/status", "", "STOPPED")
	look(time.Hour)
	ask(http.MethodGet, "/app/_settings/index.number_of_shards", "", `"number_of_shards":"4"`)
	ask(http.MethodPost, "/_ilm/start", "", "acknowledged")
	look(time.Hour)
	ask(http.MethodGet, "/app/_settings", "", `"number_of_shards":"1"`, `"blocks":{"write":"true"}`)
	ask(http.MethodGet, "/app/_ilm/explain", "", `"phase":"warm"`)
	ask(http.MethodPost, "/app/_ilm/retry", "", `!has not encountered an error`)
	look(30 * day)
	ask(http.MethodGet, "/app/_ilm/explain?only_errors", "", `"step":"ERROR"`, `"failed_step":"wait-for-snapshot"`, `"step_info":{"type":`)
	ask(http.MethodGet, "/_health_report/ilm", "", `"status":"yellow"`, `wait_for_snapshot`)
	ask(http.MethodPost, "/app/_ilm/retry", "", "acknowledged")
	ask(http.MethodPost, "/app/_ilm/remove", "", `"has_failures":false`)
	ask(http.MethodGet, "/app/_ilm/explain", "", `"managed":false`)

	ask(http.MethodPut, "/_index_template/s", `{"index_patterns":["s"],"data_stream":{},"template":{"lifecycle":{"data_retention":"3d"}}}`, "")
	ask(http.MethodPost, "/s/_doc", `{"@timestamp":"2026-03-01T00:00:00Z"}`, "")
	look(2 * day)
	ask(http.MethodGet, "/_data_stream/s", "", `-000001"`, `-000002"`)
	look(3 * day)
	ask(http.MethodGet, "/_data_stream/s", "", `-000002"`)
	if _, answer := call(t, http.MethodGet, server.URL+"/_data_stream/s", ""); strings.Contains(answer, "-000001") {
		t.Errorf("kept beyond its retention: %s", answer)
	}
	ask(http.MethodPut, "/_cluster/settings", `{"persistent":{"indices.lifecycle.default_retention":"1d"}}`, "acknowledged")
	look(2 * day)
	ask(http.MethodGet, "/_cat/indices?h=index", "", ".ds-s")
	ask(http.MethodGet, "/app", "", "!index_not_found_exception")
}

// TestStreamUnderPolicy follows a data stream whose template names a policy, as Filebeat's does: its write index rolls over, and the
// old one goes when its time after that is past.
func TestStreamUnderPolicy(t *testing.T) {
	var clock atomic.Int64
	clock.Store(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC).UnixNano())
	now := func() time.Time { return time.Unix(0, clock.Load()) }
	logger := slog.New(slog.DiscardHandler)
	store, err := engine.Open(engine.Options{Dir: t.TempDir(), Logger: logger, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.New(store, api.Options{Logger: logger, Now: now}))
	t.Cleanup(func() {
		server.Close()
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	runner := lifecycle.New(store, lifecycle.Options{Logger: logger, Now: now})
	for _, request := range [][3]string{
		{http.MethodPut, "/_ilm/policy/beat", `{"policy":{"phases":{"hot":{"actions":{"rollover":{"max_age":"1d","max_primary_shard_size":"50gb"}}},"delete":{"min_age":"2d","actions":{"delete":{}}}}}}`},
		{http.MethodPut, "/_index_template/beat", `{"index_patterns":["beat-8"],"data_stream":{},"template":{"settings":{"index.lifecycle.name":"beat"}}}`},
		{http.MethodPost, "/beat-8/_doc", `{"@timestamp":"2026-02-01T00:00:00Z"}`},
	} {
		if status, answer := call(t, request[0], server.URL+request[1], request[2]); status >= 300 {
			t.Fatalf("%s: %d %s", request[1], status, answer)
		}
	}
	const day = 24 * time.Hour
	for _, step := range []struct {
		after time.Duration
		want  string
	}{
		{time.Hour, ".ds-beat-8-2026.02.01-000001"},
		{day, ".ds-beat-8-2026.02.01-000001 .ds-beat-8-2026.02.02-000002"},
		{day, ".ds-beat-8-2026.02.01-000001 .ds-beat-8-2026.02.02-000002"}, // the new one is empty
		{day, ".ds-beat-8-2026.02.02-000002"},
	} {
		clock.Add(int64(step.after))
		if err := runner.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, body := call(t, http.MethodGet, server.URL+"/_cat/indices/beat-8?h=index&s=index", "")
		if got := strings.Join(strings.Fields(body), " "); got != step.want {
			t.Errorf("%s: [%s], want [%s]", now().Format(time.DateTime), got, step.want)
		}
	}
	if _, body := call(t, http.MethodGet, server.URL+"/_data_stream/beat-8", ""); !strings.Contains(body, `"ilm_policy":"beat"`) || !strings.Contains(body, "Index Lifecycle Management") {
		t.Errorf("the stream does not name its policy: %s", body)
	}
}
