package scenarios

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"elkhorn/internal/api"
	"elkhorn/internal/engine"
)

// tailClient reads a stream of hits. Its reads block until an event comes: a test whose event never comes
// ends by the time limit of the run.
type tailClient struct {
	t      *testing.T
	lines  *bufio.Scanner
	lastID string
	ended  bool
}

func openTail(t *testing.T, ctx context.Context, url, body, lastID string) *tailClient {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("%d, type %s", resp.StatusCode, got)
	}
	c := &tailClient{t: t, lines: bufio.NewScanner(resp.Body)}
	if lastID == "" {
		c.until("id") // where the stream begins
	}
	return c
}

// until reads lines up to one of a field and returns its value.
func (c *tailClient) until(field string) string {
	for c.lines.Scan() {
		name, value, _ := strings.Cut(c.lines.Text(), ": ")
		if name == "id" {
			c.lastID = value
		}
		if name == field {
			return value
		}
	}
	c.ended = true
	return ""
}

// next is the field n of the next hit's document, with its index.
func (c *tailClient) next() string {
	c.t.Helper()
	var hit struct {
		Index  string `json:"_index"`
		Source struct{ N int }
	}
	if data := c.until("data"); data != "" {
		if err := json.Unmarshal([]byte(strings.ReplaceAll(data, `"_source"`, `"source"`)), &hit); err != nil {
			c.t.Fatal(err)
		}
	}
	return fmt.Sprintf("%s %d", hit.Index, hit.Source.N)
}

// TestTail follows a stream over what users do to indices meanwhile: documents that do not match, new
// indices, an index that is deleted and made again, a client that comes back, a server that stops.
func TestTail(t *testing.T) {
	store, err := engine.Open(engine.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	surface := api.New(store, api.Options{})
	server := httptest.NewServer(surface)
	t.Cleanup(func() {
		server.Close()
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	put := func(index, doc string) {
		t.Helper()
		if status, answer := call(t, http.MethodPost, server.URL+"/"+index+"/_doc", doc); status >= 300 {
			t.Fatalf("%d %s", status, answer)
		}
	}
	want := func(c *tailClient, hits ...string) {
		t.Helper()
		for _, hit := range hits {
			if got := c.next(); got != hit {
				t.Fatalf("next hit is %s, want %s", got, hit)
			}
		}
	}
	const query = `{"query":{"match":{"level":"ERROR"}}}`
	put("log-a", `{"n":1,"level":"ERROR"}`)
	c := openTail(t, t.Context(), server.URL+"/log-*/_tail", query, "")
	put("log-a", `{"n":2,"level":"INFO"}`)
	put("log-a", "{\n  \"n\":3,\r\n  \"level\":\"ERROR\"}")
	want(c, "log-a 3")
	put("log-b", `{"n":4,"level":"ERROR"}`)
	put("other", `{"n":5,"level":"ERROR"}`)
	want(c, "log-b 4")

	if status, answer := call(t, http.MethodDelete, server.URL+"/log-b", ""); status != http.StatusOK {
		t.Fatalf("%d %s", status, answer)
	}
	put("log-b", `{"n":6,"level":"ERROR"}`)
	want(c, "log-b 6")

	ctx, leave := context.WithCancel(t.Context())
	again := openTail(t, ctx, server.URL+"/log-*/_tail?last=2", query, "")
	leave()
	var bulk strings.Builder
	for n := range 1200 { // more than one page
		fmt.Fprintf(&bulk, "{\"index\":{}}\n{\"n\":%d,\"level\":\"ERROR\"}\n", 100+n)
	}
	if status, answer := call(t, http.MethodPost, server.URL+"/log-a/_bulk?filter_path=errors", bulk.String()); answer != `{"errors":false}` {
		t.Fatalf("%d %s", status, answer)
	}
	again = openTail(t, t.Context(), server.URL+"/log-*/_tail", query, again.lastID)
	for n := range 1200 {
		hit := fmt.Sprintf("log-a %d", 100+n)
		want(c, hit)
		want(again, hit)
	}
	surface.Close()
	for _, stream := range []*tailClient{c, again} {
		if stream.until("data"); !stream.ended {
			t.Error("the stream goes on after the server stopped")
		}
	}
}

// TestTailRefusals names what a tail does not do.
func TestTailRefusals(t *testing.T) {
	url := embedded(t)
	for _, c := range []struct{ path, body, status, reason string }{
		{"/none/_tail", `{}`, "404", "no such index [none]"},
		{"/_tail", `{"size":5}`, "400", "[size] has no meaning in a tail"},
		{"/_tail?last=9999", `{}`, "400", "[last] is 9999 and must be at most 500"},
		{"/_tail", `{"query":{"nonsense":{}}}`, "400", "unknown query [nonsense]"},
	} {
		status, body := call(t, http.MethodPost, url+c.path, c.body)
		if fmt.Sprint(status) != c.status || !strings.Contains(body, c.reason) {
			t.Errorf("%s %s: %d %s, want %s %s", c.path, c.body, status, body, c.status, c.reason)
		}
	}
}
