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
