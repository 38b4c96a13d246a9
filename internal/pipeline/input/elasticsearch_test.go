package input

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// documents is a store of n documents with the endpoints that the input uses; pit says whether it has points in time. Each page's first
// try is answered by fail, when that is not 0.
type documents struct {
	mu     sync.Mutex
	n      int
	pit    bool
	fail   int
	tried  map[string]bool
	seen   []string
	states int // points in time and scrolls that are open
}

func (d *documents) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	key := r.Method + " " + r.URL.String() + " " + string(body)
	d.seen = append(d.seen, key)
	if d.fail != 0 && !d.tried[key] {
		d.tried[key] = true
		w.WriteHeader(d.fail)
		return
	}
	var asked struct {
		Size     int
		Slice    *struct{ ID, Max int }
		After    []int  `json:"search_after"`
		ScrollID string `json:"scroll_id"`
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &asked); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	answer := "{}"
	switch {
	case r.Method == http.MethodDelete:
		d.states--
	case strings.HasSuffix(r.URL.Path, "/_pit") && d.pit:
		d.states++
		answer = `{"id":"snapshot"}`
	case strings.HasSuffix(r.URL.Path, "/_pit"):
		http.Error(w, "no such endpoint", http.StatusBadRequest)
		return
	case r.URL.Query().Get("size") == "0":
		answer = `{"aggregations":{"by":{"value":7}}}`
	default:
		from, id, size := 0, 0, asked.Size
		step := 1
		if asked.Slice != nil {
			id, step = asked.Slice.ID, asked.Slice.Max
			from = id
		}
		if len(asked.After) > 0 {
			from = asked.After[0] + step
		}
		if asked.ScrollID != "" {
			if _, err := fmt.Sscanf(asked.ScrollID, "%d-%d-%d", &from, &step, &size); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
		} else if r.URL.Query().Get("scroll") != "" {
			d.states++
		}
		var hits []string
		for ; from < d.n && len(hits) < size; from += step {
			hits = append(hits, fmt.Sprintf(`{"_index":"i","_id":"%d","sort":[%d],"_source":{"message":"%d"}}`, from, from, from))
		}
		answer = fmt.Sprintf(`{"_scroll_id":"%d-%d-%d","hits":{"hits":[%s]}}`, from, step, size, strings.Join(hits, ","))
	}
	if _, err := io.WriteString(w, answer); err != nil {
		panic(err)
	}
}

func TestElasticsearchPages(t *testing.T) {
	for _, c := range []struct {
		pit     bool
		options []plugin.Pair
	}{{true, nil}, {false, nil}, {true, []plugin.Pair{textOption("search_api", "scroll")}}, {true, []plugin.Pair{textOption("slices", "3")}}, {false, []plugin.Pair{textOption("slices", "2"), textOption("search_api", "scroll")}}} {
		for _, fail := range []int{0, http.StatusServiceUnavailable} {
			d := &documents{n: 25, pit: c.pit, fail: fail, tried: map[string]bool{}}
			server := httptest.NewServer(d)
			made, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "elasticsearch", Options: append(c.options, textOption("hosts", server.URL), textOption("size", "10"), textOption("index", "i-*,j"))})
			if err != nil {
				t.Fatal(err)
			}
			sink := newNumbers(always)
			if err := made.Run(t.Context(), sink); err != nil {
				t.Fatal(err)
			}
			for text, times := range sink.seen {
				if times != 1 {
					t.Errorf("document %s came %d times", text, times)
				}
			}
			if len(sink.seen) != 25 || fail == 0 && d.states != 0 {
				t.Errorf("%+v: %d documents, %d states are left open", c, len(sink.seen), d.states)
			}
			server.Close()
		}
	}
}

// TestElasticsearchLostPage: a scroll has moved on when the answer with its next page is lost. The query is asked again then, as the page
// would be missing.
func TestElasticsearchLostPage(t *testing.T) {
	for _, lose := range []func(http.ResponseWriter){
		func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, // the connection breaks
		func(w http.ResponseWriter) { w.WriteHeader(http.StatusGatewayTimeout) },
	} {
		page, pages, lost := 0, 3, false
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodDelete:
				return
			case r.URL.Query().Get("scroll") != "":
				page = 0
			default:
				if page++; page == 1 && !lost {
					lost = true
					lose(w)
					return
				}
			}
			hit := ""
			if page < pages {
				hit = fmt.Sprintf(`{"_id":"%d","_source":{"message":"%d"}}`, page, page)
			}
			if _, err := fmt.Fprintf(w, `{"_scroll_id":"s","hits":{"hits":[%s]}}`, hit); err != nil {
				t.Error(err)
			}
		}))
		made, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "elasticsearch", Options: []plugin.Pair{textOption("hosts", server.URL), textOption("search_api", "scroll")}})
		if err != nil {
			t.Fatal(err)
		}
		sink := newNumbers(always)
		if err := made.Run(t.Context(), sink); err != nil {
			t.Fatal(err)
		}
		server.Close()
		if len(sink.seen) != pages || sink.seen["1"] != 1 || sink.seen["0"] != 2 {
			t.Errorf("documents came so often: %v", sink.seen)
		}
	}
}

// TestElasticsearchPartial: an answer that lacks a shard's documents is not taken for the whole; it is asked for again.
func TestElasticsearchPartial(t *testing.T) {
	for _, api := range []string{"search_after", "scroll"} {
		for _, flaw := range []string{`"_shards":{"failed":1,"failures":[{"reason":"gone"}]}`, `"timed_out":true`} {
			page, flawed := 0, false
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				query, whole := r.URL.Query(), `"timed_out":false,"_shards":{"failed":0}`
				if strings.HasSuffix(r.URL.Path, "/_search") && query.Get("allow_partial_search_results") != "false" {
					t.Errorf("%s may be answered in part", r.URL)
				}
				switch {
				case r.Method == http.MethodDelete:
					return
				case strings.HasSuffix(r.URL.Path, "/_pit"):
					_, _ = io.WriteString(w, `{"id":"p"}`)
					return
				case query.Has("scroll"):
					page = 0
				case page == 1 && !flawed:
					flawed = true
					_, _ = fmt.Fprintf(w, `{%s,"_scroll_id":"s","hits":{"hits":[]}}`, flaw)
					return
				}
				hit := ""
				if page < 3 {
					hit = fmt.Sprintf(`{"_id":"%d","sort":[%d],"_source":{"message":"%d"}}`, page, page, page)
				}
				page++
				_, _ = fmt.Fprintf(w, `{%s,"_scroll_id":"s","hits":{"hits":[%s]}}`, whole, hit)
			}))
			made, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "elasticsearch", Options: []plugin.Pair{textOption("hosts", server.URL), textOption("search_api", api)}})
			if err != nil {
				t.Fatal(err)
			}
			sink := newNumbers(always)
			if err := made.Run(t.Context(), sink); err != nil {
				t.Fatal(err)
			}
			server.Close()
			if len(sink.seen) != 3 || !flawed {
				t.Errorf("%s, %s: documents came so often: %v", api, flaw, sink.seen)
			}
		}
	}
}

func TestElasticsearchEvents(t *testing.T) {
	d := &documents{n: 1, pit: true}
	server := httptest.NewServer(d)
	defer server.Close()
	f := func(want string, options ...plugin.Pair) {
		t.Helper()
		sink := newBeatsSink(10)
		made, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "elasticsearch", Options: append(options, textOption("hosts", server.URL))})
		if err != nil {
			t.Fatal(err)
		}
		if err := made.Run(t.Context(), sink); err != nil {
			t.Fatal(err)
		}
		ev := <-sink.events
		got := strings.Replace(string(ev.AppendJSON(nil)), `"@timestamp":"1970-01-01T00:00:00.000Z"`, "T", 1)
		if md := ev.Metadata(); md.Kind() == event.Object {
			got += string(md.AppendJSON(nil))
		}
		if got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	f(`{T,"message":"0"}`)
	f(`{T,"doc":{"message":"0"}}`, textOption("target", "doc"))
	f(`{T,"message":"0"}{"_index":"i","_type":null,"_id":"0"}`, textOption("docinfo", "true"))
	f(`{T,"message":"0","from":{"_id":"0"}}`, textOption("docinfo", "true"), textOption("docinfo_target", "from"), textOption("docinfo_fields", "_id"))
	f(`{T,"by":{"value":7}}`, textOption("response_type", "aggregations"), textOption("query", `{"aggs":{}}`))
}

// TestElasticsearchFailures: a refused query is an error after its retries, and a stop does not wait for a store that is down.
func TestElasticsearchFailures(t *testing.T) {
	tries := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tries++
		http.Error(w, `{"error":"parsing_exception"}`, http.StatusBadRequest)
	}))
	defer server.Close()
	made, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "elasticsearch", Options: []plugin.Pair{textOption("hosts", server.URL), textOption("search_api", "scroll"), textOption("retries", "1")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Run(t.Context(), newNumbers(always)); err == nil || !strings.Contains(err.Error(), "parsing_exception") || tries != 2 {
		t.Errorf("got %v after %d tries", err, tries)
	}
	down, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "elasticsearch", Options: []plugin.Pair{textOption("hosts", "127.0.0.1:1")}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := down.Run(ctx, newNumbers(always)); err != nil {
		t.Errorf("got %v", err)
	}
	for want, options := range map[string][]plugin.Pair{"is no JSON object": {textOption("query", "{")}, "has 2 fields": {textOption("schedule", "* *")}, "keep the time": {textOption("tracking_field", "x")}} {
		if _, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "elasticsearch", Options: options}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
