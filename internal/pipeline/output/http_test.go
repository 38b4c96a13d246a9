package output

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// requests is a server that notes what is sent to it and answers what answer says, by the number of the request from 0 on.
type requests struct {
	mu     sync.Mutex
	seen   []string
	answer func(n int, body string) int
}

func (q *requests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var from io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		from = unpacked
	}
	body, err := io.ReadAll(from)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.seen)
	q.seen = append(q.seen, strings.Join(strings.Fields(strings.Join([]string{r.Method, r.URL.String(), r.Header.Get("Content-Type"), r.Header.Get("X-Tag"), r.Header.Get("Authorization"), string(body)}, " ")), " "))
	if q.answer != nil {
		http.Error(w, "said no", q.answer(n, string(body)))
	}
}

func TestHTTPFormats(t *testing.T) {
	f := func(want string, options ...plugin.Pair) {
		t.Helper()
		q := &requests{}
		server := httptest.NewServer(q)
		defer server.Close()
		env, kept := testEnv()
		block := &plugin.BlockConfig{Name: "http", Options: append(options, text("http_method", "post"))}
		for i, o := range block.Options {
			if o.Key == "url" {
				block.Options[i].Value.Str = server.URL + o.Value.Str
			}
		}
		out, _, err := Table.Build(env, block)
		if err != nil {
			t.Fatal(err)
		}
		ev := doc(t, `{"a":"x y","n":{"b":[1,"two"]}}`)
		if err := out.Write(t.Context(), []*event.Event{ev}); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(q.seen, "\n"); got != want || len(kept.kept) > 0 {
			t.Errorf("\n got %s\nwant %s\n%d dead letters", got, want, len(kept.kept))
		}
	}
	whole := `{"@timestamp":"2026-01-15T12:00:00.000Z","a":"x y","n":{"b":[1,"two"]}}`
	f("POST /in application/json "+whole, text("url", "/in"))
	f("POST /1,two application/json "+whole, text("url", "/%{[n][b]}"))
	f("POST / application/json ["+whole+"]", text("url", "/"), text("format", "json_batch"))
	f("POST / application/x-www-form-urlencoded %40timestamp=2026-01-15T12%3A00%3A00.000Z&a=x+y&n=%7B%22b%22%3A%5B1%2C%22two%22%5D%7D", text("url", "/"), text("format", "form"))
	f("POST / text/plain say x y", text("url", "/"), text("format", "message"), text("message", "say %{a}"))
	f("POST / text/csv x y", text("url", "/"), text("format", "message"), text("message", "%{a}"), text("content_type", "text/csv"))
	f("POST / application/json x y Basic dTpw "+whole, text("url", "/"), hash("headers", "X-Tag", "%{a}"), text("user", "u"), text("password", "p"))
	f("POST / application/json "+whole, text("url", "/"), text("http_compression", "true"))
	list := plugin.Value{Kind: plugin.List, List: []plugin.Value{{Str: "%{a}"}, {Str: "b"}}}
	mapping := hash("mapping", "k", "%{a}!")
	mapping.Value.Pairs = append(mapping.Value.Pairs, plugin.Pair{Key: "l", Value: list}, plugin.Pair{Key: "h", Value: hash("", "x", "%{missing}").Value})
	f(`POST / application/json {"k":"x y!","l":["x y","b"],"h":{"x":"%{missing}"}}`, text("url", "/"), mapping)
	f("POST / application/x-www-form-urlencoded k=x+y%21", text("url", "/"), text("format", "form"), hash("mapping", "k", "%{a}!"))
}

func text(key, value string) plugin.Pair {
	return plugin.Pair{Key: key, Value: plugin.Value{Kind: plugin.Text, Str: value}}
}

func hash(key, name, value string) plugin.Pair {
	return plugin.Pair{Key: key, Value: plugin.Value{Kind: plugin.Map, Pairs: []plugin.Pair{text(name, value)}}}
}

// numbered makes events {"n":0}, {"n":1} …
func numbered(t testing.TB, n int) []*event.Event {
	t.Helper()
	events := make([]*event.Event, n)
	for i := range events {
		events[i] = doc(t, fmt.Sprintf(`{"n":%d}`, i))
	}
	return events
}

// TestHTTPRefusesOneInAHundred: one event that the server does not like is a dead letter; all others arrive, alone or in batches.
func TestHTTPRefusesOneInAHundred(t *testing.T) {
	for _, format := range []string{"json", "json_batch"} {
		env, kept := testEnv()
		var mu sync.Mutex
		taken := map[float64]int{}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var docs []struct{ N float64 }
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			if body[0] != '[' {
				body = append(append([]byte{'['}, body...), ']')
			}
			if err := json.Unmarshal(body, &docs); err != nil {
				t.Error(err)
			}
			for _, d := range docs {
				if int(d.N)%100 == 42 {
					http.Error(w, "bad field", http.StatusBadRequest)
					return
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for _, d := range docs {
				taken[d.N]++
			}
		}))
		out := build(t, env, "http", "url", server.URL, "http_method", "post", "format", format)
		if err := out.Write(t.Context(), numbered(t, 300)); err != nil {
			t.Fatal(err)
		}
		server.Close()
		if len(taken) != 297 || len(kept.kept) != 3 {
			t.Errorf("%s: %d arrived, %d dead letters", format, len(taken), len(kept.kept))
		}
		for _, l := range kept.kept {
			if l.Status != 400 || l.Reason != "http status 400: bad field\n" {
				t.Errorf("%s: dead letter %d %q", format, l.Status, l.Reason)
			}
		}
		for n, times := range taken {
			if times != 1 {
				t.Errorf("%s: event %v arrived %d times", format, n, times)
			}
		}
	}
}

// roundTrip is an HTTP transport of one function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestHTTPWaitsOutAnHour: a server that is down, then answers 429 for an hour, gets every event in the end.
func TestHTTPWaitsOutAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, kept := testEnv()
		out := build(t, env, "http", "url", "http://receiver/", "http_method", "post").(*httpSender)
		start, tries, taken := time.Now(), 0, 0
		var mu sync.Mutex
		out.client = &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			tries++
			status := http.StatusTooManyRequests
			switch since := time.Since(start); {
			case since < time.Minute:
				return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
			case since > time.Hour:
				status = http.StatusOK
				taken++
			}
			return &http.Response{StatusCode: status, Body: http.NoBody}, nil
		})}
		if err := out.Write(t.Context(), numbered(t, 3)); err != nil {
			t.Fatal(err)
		}
		if taken != 3 || len(kept.kept) != 0 || tries > 3*(int(time.Hour/lastRetry)+12) {
			t.Errorf("%d taken, %d dead letters, %d tries", taken, len(kept.kept), tries)
		}
		// A stop while it waits: the events are not acknowledged.
		start = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		if err := out.Write(ctx, numbered(t, 1)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestHTTPStatusRules(t *testing.T) {
	f := func(answers []int, wantRequests, wantLetters int, options ...string) {
		t.Helper()
		q := &requests{answer: func(n int, _ string) int { return answers[min(n, len(answers)-1)] }}
		server := httptest.NewServer(q)
		defer server.Close()
		env, kept := testEnv()
		out := build(t, env, "http", append([]string{"url", server.URL, "http_method", "put"}, options...)...)
		if err := out.Write(t.Context(), numbered(t, 1)); err != nil {
			t.Fatal(err)
		}
		if len(q.seen) != wantRequests || len(kept.kept) != wantLetters {
			t.Errorf("%v: %d requests, %d dead letters", answers, len(q.seen), len(kept.kept))
		}
	}
	f([]int{503, 201}, 2, 0)
	f([]int{404}, 1, 1)
	f([]int{404}, 1, 0, "ignorable_codes", "404")
	f([]int{404, 204}, 2, 0, "retryable_codes", "404")
	f([]int{500}, 1, 1, "retryable_codes", "404")
	f([]int{503}, 1, 1, "retry_failed", "false")
	f([]int{302}, 1, 1, "follow_redirects", "false")
}

// TestHTTPClosedHalfWay: a server that closes the connection within its answer or before it gets the event again.
func TestHTTPClosedHalfWay(t *testing.T) {
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if n++; n > 2 {
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if n == 2 {
			if _, err := io.WriteString(conn, "HTTP/1.1 20"); err != nil {
				t.Error(err)
			}
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	env, kept := testEnv()
	out := build(t, env, "http", "url", server.URL, "http_method", "post")
	if err := out.Write(t.Context(), numbered(t, 1)); err != nil {
		t.Fatal(err)
	}
	if n != 3 || len(kept.kept) != 0 {
		t.Errorf("%d requests, %d dead letters", n, len(kept.kept))
	}
}

func TestHTTPRefusedAtLoad(t *testing.T) {
	f := func(want string, options ...plugin.Pair) {
		t.Helper()
		env, _ := testEnv()
		_, _, err := Table.Build(env, &plugin.BlockConfig{Name: "http", Options: append(options, text("http_method", "post"))})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	f("is no URL", text("url", "not a url"))
	f("needs the option message", text("url", "http://x"), text("format", "message"))
	f("cannot hold references with json_batch", text("url", "http://x/%{a}"), text("format", "json_batch"))
	f("cannot hold references with json_batch", text("url", "http://x/"), text("format", "json_batch"), hash("headers", "a", "%{b}"))
	f("is no HTTP status", text("url", "http://x/"), text("retryable_codes", "many"))
	f("must both be given", text("url", "http://x/"), text("user", "u"))
	f("Java keystores are not read", text("url", "http://x/"), text("ssl_keystore_path", "/x"))
}

// TestHTTPHostileEvent: an event cannot smuggle a header or lead to what is no URL.
func TestHTTPHostileEvent(t *testing.T) {
	q := &requests{}
	server := httptest.NewServer(q)
	defer server.Close()
	env, kept := testEnv()
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "http", Options: []plugin.Pair{text("url", server.URL+"/%{p}"), text("http_method", "post"), hash("headers", "X-Tag", "%{h}")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Write(t.Context(), []*event.Event{doc(t, `{"p":"ok","h":"a\r\nAuthorization: x"}`), doc(t, `{"p":"%zz","h":"\u0000"}`)}); err != nil {
		t.Fatal(err)
	}
	if len(q.seen) != 1 || !strings.Contains(q.seen[0], "/ok application/json a Authorization: x {") || len(kept.kept) != 1 {
		t.Errorf("requests %q, %d dead letters", q.seen, len(kept.kept))
	}
}

// TestHTTPUnusableURL: an event whose values make no URL is a dead letter at once: it must not hold up those behind it. Passwords of
// URLs stand neither there nor in the log.
func TestHTTPUnusableURL(t *testing.T) {
	f := func(target, want string) {
		t.Helper()
		env, kept := testEnv()
		var log strings.Builder
		env.Logger = slog.New(slog.NewTextHandler(&log, nil))
		out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "http", Options: []plugin.Pair{text("url", "%{target}"), text("http_method", "post")}})
		if err != nil {
			t.Fatal(err)
		}
		ev := doc(t, `{}`)
		ev.Set(event.MustPath("target"), event.StringOf(target))
		if err := out.Write(t.Context(), []*event.Event{ev}); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if len(kept.kept) != 1 || !strings.Contains(kept.kept[0].Reason, want) {
			t.Errorf("%q: dead letters %v, want one with %q", target, kept.kept, want)
		}
		if all := fmt.Sprint(log.String(), kept.kept[0].Reason); strings.Contains(all, "secret") {
			t.Errorf("a password is told: %s", all)
		}
	}
	f("ftp://u:secret@host/", `"ftp://u:xxxxx@host/"`)
	f("u:secret@host", `"xxxxx@host"`)
	f("/path", `"/path"`)
	f("http:///path", `"http:///path"`)
	f("http://u:secret@ho st/", "xxxxx@ho st/")
}

// TestHTTPLogsNoPassword of the URL when the server is not there.
func TestHTTPLogsNoPassword(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	env, _ := testEnv()
	var log strings.Builder
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	env.Logger = slog.New(cancelingHandler{slog.NewTextHandler(&log, nil), cancel})
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "http", Options: []plugin.Pair{text("url", strings.Replace(server.URL, "http://", "http://u:secret@", 1)), text("http_method", "post")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Write(ctx, []*event.Event{doc(t, `{}`)}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "u:xxxxx@") || strings.Contains(log.String(), "secret") {
		t.Errorf("log: %s", log.String())
	}
}

// cancelingHandler ends a context when something is logged.
type cancelingHandler struct {
	slog.Handler
	cancel context.CancelFunc
}

func (h cancelingHandler) Handle(ctx context.Context, r slog.Record) error {
	defer h.cancel()
	return h.Handler.Handle(ctx, r)
}
