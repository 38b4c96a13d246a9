package runtime

import (
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"elkhorn/internal/ship"
)

// storeServer answers _bulk and keeps what was asked of it.
type storeServer struct {
	*httptest.Server
	mu       sync.Mutex
	lines    []string // of all requests, two for an event
	requests []*http.Request
}

// startStore starts a store; answer gets the number of the request, from 0 on, and its lines, and returns the status of the answer
// and of each event.
func startStore(t *testing.T, answer func(n int, lines []string) (int, []int)) *storeServer {
	t.Helper()
	s := &storeServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			var err error
			if body, err = gzip.NewReader(body); err != nil {
				t.Error(err)
				return
			}
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Error(err)
			return
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		s.requests = append(s.requests, r)
		code, statuses := answer(len(s.requests)-1, lines)
		if code != http.StatusOK {
			http.Error(w, "not now", code)
			return
		}
		s.lines = append(s.lines, lines...)
		var items []string
		for _, status := range statuses {
			item := fmt.Sprintf(`{"create":{"status":%d}}`, status)
			if status >= 300 {
				item = fmt.Sprintf(`{"create":{"status":%d,"error":{"type":"some_exception","reason":"because"}}}`, status)
			}
			items = append(items, item)
		}
		if _, err := fmt.Fprintf(w, `{"errors":true,"items":[%s]}`, strings.Join(items, ",")); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// all gives every event of a request one status.
func all(lines []string, status int) []int { return slices.Repeat([]int{status}, len(lines)/2) }

// shipLines ships lines of standard input to a store until all are settled, and returns what the shipper logged.
func shipLines(t *testing.T, url, options string, lines ...string) (Stats, string) {
	t.Helper()
	text := "filebeat.inputs: [{type: stdin}]\nname: tester\noutput.elasticsearch: {hosts: ['" + url + "'], backoff.init: 1ms, backoff.max: 1ms" + options + "}\n"
	cfg, _, err := ship.Load("f.yml", []byte(text), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	s, err := New(cfg, Env{Stdin: strings.NewReader(strings.Join(lines, "\n") + "\n"), Logger: slog.New(slog.NewTextHandler(&log, nil)), HostName: "here"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.Stats(), log.String()
}

func TestElasticsearchBulk(t *testing.T) {
	store := startStore(t, func(_ int, lines []string) (int, []int) { return 200, all(lines, 201) })
	_, log := shipLines(t, strings.Replace(store.URL, "//", "//me:geheim@", 1)+"/es",
		`, index: 'App-%{[agent.name]}', indices: [{index: errors, when.contains.message: ERROR}], pipeline: clean, parameters: {timeout: 1m}, headers: {X-Team: ops}`,
		"one", "ERROR two")
	if len(store.lines) != 4 || store.lines[0] != `{"create":{"_index":"app-tester","pipeline":"clean"}}` || store.lines[2] != `{"create":{"_index":"errors","pipeline":"clean"}}` {
		t.Fatalf("sent\n%s", strings.Join(store.lines, "\n"))
	}
	for _, want := range []string{`"message":"one"`, `"host":{"name":"tester"}`, `"agent":{"type":"filebeat"`, `"@timestamp":`} {
		if !strings.Contains(store.lines[1], want) {
			t.Errorf("%s lacks %s", store.lines[1], want)
		}
	}
	if strings.Contains(store.lines[1], "@metadata") {
		t.Errorf("metadata is stored: %s", store.lines[1])
	}
	r := store.requests[0]
	user, password, _ := r.BasicAuth()
	if got, want := r.Method+" "+r.URL.String()+" "+user+":"+password+" "+r.Header.Get("X-Team"), "POST /es/_bulk?timeout=1m me:geheim ops"; got != want {
		t.Errorf("request %s, want %s", got, want)
	}
	if strings.Contains(log, "geheim") {
		t.Errorf("the log shows the password: %s", log)
	}
}

// TestElasticsearchRetries: what the store cannot take now is sent again and what it refuses is dropped by name; nothing else is sent twice.
func TestElasticsearchRetries(t *testing.T) {
	store := startStore(t, func(n int, lines []string) (int, []int) {
		switch n {
		case 0:
			return 503, nil
		case 1:
			return 200, []int{201, 429, 400, 409}
		}
		return 200, all(lines, 201)
	})
	stats, log := shipLines(t, store.URL, ", compression_level: 0", "a", "b", "c", "d")
	if len(store.requests) != 3 || len(store.lines) != 10 || !strings.Contains(store.lines[9], `"message":"b"`) {
		t.Fatalf("%d requests:\n%s", len(store.requests), strings.Join(store.lines, "\n"))
	}
	if stats.Acknowledged != 3 || stats.Dropped != 1 {
		t.Errorf("statistics %+v", stats)
	}
	for _, want := range []string{"the store answers 503", "not now", "the store does not take 1 of 4 events now: some_exception: because", "the store refuses events for good"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

// TestElasticsearchSplits: a request that is too large is cut, down to the event that is too large by itself.
func TestElasticsearchSplits(t *testing.T) {
	store := startStore(t, func(_ int, lines []string) (int, []int) {
		if len(lines) > 2 || strings.Contains(lines[1], "huge") {
			return http.StatusRequestEntityTooLarge, nil
		}
		return 200, all(lines, 201)
	})
	stats, _ := shipLines(t, store.URL, "", "a", "b", "huge", "d", "e")
	if stats.Acknowledged != 4 || stats.Dropped != 1 || len(store.lines) != 8 {
		t.Fatalf("statistics %+v, %d lines", stats, len(store.lines))
	}
}

func TestElasticsearchAnswersNonsense(t *testing.T) {
	for _, answer := range []string{``, `{}`, `[]`, `{"items":[{}]}`, `{"items":[{"create":{"status":201}},{"create":{"status":201}}]}`, `{"items":[{"a":{"status":201},"b":{"status":201}}]}`} {
		if statuses, err := readStatuses([]byte(answer), 1); err == nil {
			t.Errorf("%s was read as %v", answer, statuses)
		}
	}
}

func TestElasticsearchKey(t *testing.T) {
	store := startStore(t, func(_ int, lines []string) (int, []int) { return 200, all(lines, 201) })
	shipLines(t, store.URL, ", api_key: 'id:key'", "a")
	if got := store.requests[0].Header.Get("Authorization"); got != "ApiKey aWQ6a2V5" {
		t.Errorf("authorization %q", got)
	}
}

// TestElasticsearchFollowsFiles: with a registry, what was acknowledged is not sent again by the next run.
func TestElasticsearchFollowsFiles(t *testing.T) {
	came := make(chan struct{}, 10)
	store := startStore(t, func(_ int, lines []string) (int, []int) {
		came <- struct{}{}
		return 200, all(lines, 201)
	})
	dir, data := t.TempDir(), t.TempDir()
	path := filepath.Join(dir, "app.log")
	text := "filebeat.inputs: [{type: log, paths: ['" + path + "']}]\noutput.elasticsearch.hosts: ['" + store.URL + "']\nqueue.mem.flush.min_events: 1\n"
	cfg, _, err := ship.Load("f.yml", []byte(text), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"one\n", "two\n"} {
		appendTo(t, path, line)
		_, stop := runShipper(t, cfg, data)
		<-came
		stop() // waits for the acknowledgement
	}
	if len(store.lines) != 4 || !strings.Contains(store.lines[3], `"message":"two"`) {
		t.Fatalf("sent\n%s", strings.Join(store.lines, "\n"))
	}
}
