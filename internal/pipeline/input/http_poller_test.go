package input

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

func hashOption(key string, pairs ...plugin.Pair) plugin.Pair {
	return plugin.Pair{Key: key, Value: plugin.Value{Kind: plugin.Map, Pairs: pairs}}
}

func TestHTTPPoller(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		user, password, _ := r.BasicAuth()
		switch r.URL.Path {
		case "/list":
			_, err = io.WriteString(w, `[{"n":1},{"n":2}]`)
		case "/echo":
			_, err = io.WriteString(w, `{"said":"`+strings.Join([]string{r.Method, r.Header.Get("X-A"), user, password, string(body)}, " ")+`"}`)
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, err = io.WriteString(w, "{")
		}
		if err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	f := func(want string, spec plugin.Value, options ...plugin.Pair) *event.Event {
		t.Helper()
		sink := newBeatsSink(10)
		_, stop := startInput(t, netEnv(), sink, "http_poller", append(options, hashOption("urls", plugin.Pair{Key: "u", Value: spec}), hashOption("schedule", textOption("in", "0.001")))...)
		defer stop()
		ev := <-sink.events
		if got := string(ev.AppendJSON(nil)); !strings.Contains(got, want) {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
		return ev
	}
	at := func(path string) plugin.Value { return plugin.Value{Kind: plugin.Text, Str: server.URL + path} }
	ev := f(`"n":1`, at("/list"))
	code, _ := ev.Get(event.MustPath("[@metadata][code]"))
	name, _ := ev.Get(event.MustPath("[@metadata][name]"))
	if code.Int() != 200 || name.Str() != "u" {
		t.Errorf("metadata %s", ev.Metadata().AppendJSON(nil))
	}
	f(`"doc":{"n":1}`, at("/list"), textOption("target", "doc"))
	f(`"message":"[{\"n\":1},{\"n\":2}]"`, at("/list"), textOption("codec", "plain"))
	f(`"meta":{"host":`, at("/empty"), textOption("metadata_target", "meta"))
	spec := hashOption("", textOption("url", server.URL+"/echo"), textOption("method", "post"), textOption("body", "b"), hashOption("headers", textOption("X-A", "a")), textOption("user", "u"), textOption("password", "p")).Value
	f(`"said":"POST a u p b"`, spec)
	ev = f(`"tags":["_http_request_failure"]`, at("/cut"))
	if reason, _ := ev.Get(event.MustPath("[http_request_failure][error]")); !strings.Contains(reason.Str(), "unexpected EOF") {
		t.Errorf("got %q", reason.Str())
	}
	ev = f(`"error":{"message":`, plugin.Value{Str: "http://127.0.0.1:1/"}, textOption("ecs_compatibility", "v8"))
	if status, _ := ev.Get(event.MustPath("[@metadata][input][http_poller][request][name]")); status.Str() != "u" {
		t.Errorf("metadata %s", ev.Metadata().AppendJSON(nil))
	}
}

// TestHTTPPollerGoesOn over failures, by its interval.
func TestHTTPPollerGoesOn(t *testing.T) {
	var n atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) < 3 {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				err = conn.Close()
			}
			if err != nil {
				t.Error(err)
			}
		}
	}))
	defer server.Close()
	sink := newBeatsSink(100)
	_, stop := startInput(t, netEnv(), sink, "http_poller", hashOption("urls", textOption("u", server.URL)), hashOption("schedule", textOption("every", "0.01")))
	failed := 0
	for {
		ev := <-sink.events
		if !ev.HasTag(pollRequestFailedTag) {
			break
		}
		failed++
	}
	stop()
	if failed == 0 {
		t.Error("no failure was told")
	}
}

func TestSchedules(t *testing.T) {
	at := func(text string) time.Time {
		t.Helper()
		at, err := time.Parse(time.DateTime, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ line, now, want string }{
		{"*/5 * * * * UTC", "2026-01-15 12:01:00", "2026-01-15 12:05:00"},
		{"0 8 * * mon-fri UTC", "2026-01-16 09:00:00", "2026-01-19 08:00:00"},
		{"30 0 8 1 * * UTC", "2026-01-16 09:00:00", "2026-02-01 08:00:30"},
		{"0 0 31 * * UTC", "2026-02-01 00:00:00", "2026-03-31 00:00:00"},
		{"0 0 1 * 7 UTC", "2026-01-02 00:00:00", "2026-01-04 00:00:00"},
		{"0 12 * * * Europe/Berlin", "2026-01-15 10:00:00", "2026-01-15 11:00:00"},
		{"@hourly", "2026-01-15 12:01:00", "2026-01-15 13:00:00"},
		{"0 0 29 feb * UTC", "2026-01-15 12:01:00", "2028-02-29 00:00:00"},
	} {
		s, err := parseCron(c.line)
		if err != nil {
			t.Errorf("%s: %v", c.line, err)
			continue
		}
		if got, ok := s.next(at(c.now)); !ok || !got.Equal(at(c.want)) {
			t.Errorf("%s after %s is %s", c.line, c.now, got.UTC())
		}
	}
	for _, bad := range []string{"", "* * * *", "61 * * * *", "a * * * *", "*/0 * * * *", "5-1 * * * *", "0 0 31 feb *"} {
		if _, err := parseCron(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for text, want := range map[string]time.Duration{"30s": 30 * time.Second, "1h30m": 90 * time.Minute, "2": 2 * time.Second, "500ms": 500 * time.Millisecond, "1d": 24 * time.Hour} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, bad := range []string{"", "x", "5x", "-3s", "0s", "1e300", "0.0000000001", "0.0001s", "1000000y"} {
		if _, err := parseDuration(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		start, n := time.Now(), 0
		run(t.Context(), wait{time.Hour}, func(ctx context.Context) { n++ })
		if n != 1 || time.Since(start) != time.Hour {
			t.Errorf("%d runs in %v", n, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 95*time.Second)
		defer cancel()
		run(ctx, every{10 * time.Second}, func(context.Context) { n++ })
		if n != 11 {
			t.Errorf("%d runs", n)
		}
	})
}
