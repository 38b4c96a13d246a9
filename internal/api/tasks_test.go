package api

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/es"
)

// waitingStore searches until it is told to stop.
type waitingStore struct {
	fakeStore
	entered, left chan error
}

func (s *waitingStore) Search(ctx context.Context, _ *es.SearchRequest) (*es.SearchResponse, error) {
	s.entered <- nil
	<-ctx.Done()
	s.left <- ctx.Err()
	return nil, ctx.Err()
}

func startWaiting(t *testing.T) (*waitingStore, string) {
	store := &waitingStore{entered: make(chan error), left: make(chan error, 1)}
	server := httptest.NewServer(New(store, Options{}))
	t.Cleanup(server.Close)
	return store, server.URL
}

func send(t *testing.T, ctx context.Context, method, url, body string) (int, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Opaque-Id", "dash-7")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, string(answer), err
}

// TestCancellingATask lists a search that runs, cancels it, and sees it end and leave the list.
func TestCancellingATask(t *testing.T) {
	store, url := startWaiting(t)
	type outcome struct {
		status int
		body   string
	}
	done := make(chan outcome)
	go func() {
		status, body, _ := send(t, t.Context(), "POST", url+"/logs/_search", `{"query":{"match_all":{}}}`)
		done <- outcome{status, body}
	}()
	<-store.entered
	_, listed, err := send(t, t.Context(), "GET", url+"/_tasks?actions=*search&detailed", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"action":"indices:data/read/search"`, `source[{\"query\":{\"match_all\":{}}}]`, `indices[logs]`, `"X-Opaque-Id":"dash-7"`, `"cancellable":true`, `"cancelled":false`} {
		if !strings.Contains(listed, want) {
			t.Errorf("the list is %s, want %s in it", listed, want)
		}
	}
	if _, body, _ := send(t, t.Context(), "GET", url+"/_tasks?actions=*bulk", ""); body != `{"nodes":{}}` {
		t.Errorf("tasks of another action: %s", body)
	}
	node := listed[strings.Index(listed, `"node":"`)+8:]
	node = node[:strings.Index(node, `"`)]
	id := listed[strings.Index(listed, `"id":`)+5:]
	id = id[:strings.Index(id, ",")]
	if status, body, _ := send(t, t.Context(), "GET", url+"/_tasks/"+node+":"+id, ""); status != 200 || !strings.Contains(body, `"completed":false`) {
		t.Errorf("one task: %d %s", status, body)
	}
	if status, body, _ := send(t, t.Context(), "POST", url+"/_tasks/"+node+":99/_cancel", ""); status != 404 {
		t.Errorf("cancelling a task that is not there: %d %s", status, body)
	}
	if status, body, _ := send(t, t.Context(), "POST", url+"/_tasks/"+node+":"+id+"/_cancel", ""); status != 200 || !strings.Contains(body, `"cancelled":true`) {
		t.Errorf("cancelling: %d %s", status, body)
	}
	if got := <-done; got.status != 400 || !strings.Contains(got.body, `"type":"task_cancelled_exception"`) {
		t.Errorf("the cancelled search is told %d %s", got.status, got.body)
	}
	if _, body, _ := send(t, t.Context(), "GET", url+"/_tasks", ""); body != `{"nodes":{}}` {
		t.Errorf("after its end the list is %s", body)
	}
}

// TestClientThatGoesAway ends the search of a client that closes its connection.
func TestClientThatGoesAway(t *testing.T) {
	store, url := startWaiting(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, _, err := send(t, ctx, "POST", url+"/logs/_search", `{}`)
		done <- err
	}()
	<-store.entered
	cancel()
	if err := <-store.left; err == nil {
		t.Error("the search went on")
	}
	if err := <-done; err == nil {
		t.Error("the client got an answer")
	}
}

// TestClientOfAnAsyncSearchThatGoesAway: one that has gone before it was told the id never asks for it.
func TestClientOfAnAsyncSearchThatGoesAway(t *testing.T) {
	store := &waitingStore{entered: make(chan error), left: make(chan error, 1)}
	s := New(store, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-store.entered
		cancel()
	}()
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "POST", "http://localhost/logs/_async_search?wait_for_completion_timeout=1h", nil))
	if err := <-store.left; err == nil {
		t.Error("the search went on")
	}
	s.asyncs.mu.Lock()
	defer s.asyncs.mu.Unlock()
	if len(s.asyncs.byID) != 0 {
		t.Errorf("%d searches are kept", len(s.asyncs.byID))
	}
}

// TestExpiredScrollsGiveBack: what the requests of scrolls took is there again for others once nobody may read on.
func TestExpiredScrollsGiveBack(t *testing.T) {
	now := time.Unix(1_770_000_000, 0)
	s := New(&fakeStore{}, Options{MaxInFlightBytes: 8000, Now: func() time.Time { return now }})
	long := `{"query":{"terms":{"a":["` + strings.Repeat("x", 5000) + `"]}}}`
	serve(s, "POST", "/logs/_search?scroll=1m", long)
	if got := serve(s, "POST", "/logs/_search", long); !strings.Contains(got, "rejected execution") {
		t.Errorf("while the scroll is open: %s", got)
	}
	now = now.Add(2 * time.Minute)
	if got := serve(s, "POST", "/logs/_search", long); strings.Contains(got, "rejected execution") {
		t.Errorf("after its time: %s", got)
	}
	if used, refused := s.bodies.used.Load(), s.bodies.refused.Load(); used != 0 || refused != 1 {
		t.Errorf("%d bytes are taken and %d requests were refused", used, refused)
	}
}

// TestMultiSearchHoldsWithinLimits: answers that wait for the last one of their request count as what requests hold.
func TestMultiSearchHoldsWithinLimits(t *testing.T) {
	source := []byte(`{"a":"` + strings.Repeat("x", 20_000) + `"}`)
	store := &fakeStore{search: func(*es.SearchRequest) (*es.SearchResponse, error) {
		return &es.SearchResponse{Hits: es.Hits{Total: &es.Total{Value: 1}, Hits: []es.Hit{{Index: "a", ID: "1", Source: source}}}}, nil
	}}
	s := New(store, Options{MaxInFlightBytes: 100_000})
	got := serve(s, "POST", "/a/_msearch", strings.Repeat("{}\n{}\n", 50))
	if found, refused := strings.Count(got, `"_source"`), strings.Count(got, `"status":429`); found != 4 || refused != 46 {
		t.Errorf("%d answers and %d refusals", found, refused)
	}
	if used := s.bodies.used.Load(); used != 0 {
		t.Errorf("%d bytes stay taken", used)
	}
}

// TestMultiGetHoldsWithinLimits: a request of few bytes may name a large document any number of times.
func TestMultiGetHoldsWithinLimits(t *testing.T) {
	store := &fakeStore{get: func(req *es.GetRequest) (*es.GetResponse, error) {
		return &es.GetResponse{Index: req.Index, ID: req.ID, Found: true, Source: []byte(`{"a":"` + strings.Repeat("x", 20_000) + `"}`)}, nil
	}}
	s := New(store, Options{MaxInFlightBytes: 100_000})
	for n, refused := range map[int]bool{4: false, 50: true} {
		got := serve(s, "POST", "/a/_mget", `{"ids":["1"`+strings.Repeat(`,"1"`, n-1)+`]}`)
		if strings.Contains(got, `"status":429`) != refused || strings.Contains(got, `"_source"`) == refused {
			t.Errorf("%d documents: %.200s", n, got)
		}
	}
	if used := s.bodies.used.Load(); used != 0 {
		t.Errorf("%d bytes stay taken", used)
	}
}

// TestScrollKeepsItsRequestAccounted: the request that a scroll goes on with counts as a body until it is cleared.
func TestScrollKeepsItsRequestAccounted(t *testing.T) {
	s := New(&fakeStore{}, Options{})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	status, body, err := send(t, t.Context(), "POST", server.URL+"/logs/_search?scroll=1m", `{"query":{"terms":{"a":["`+strings.Repeat("x", 5000)+`"]}}}`)
	if status != 200 || err != nil {
		t.Fatalf("%d %s %v", status, body, err)
	}
	if held := s.bodies.used.Load(); held < 5000 {
		t.Errorf("while the scroll is open %d bytes are taken", held)
	}
	if status, body, err := send(t, t.Context(), "DELETE", server.URL+"/_search/scroll/_all", ""); status != 200 || err != nil {
		t.Fatalf("%d %s %v", status, body, err)
	}
	if held := s.bodies.used.Load(); held != 0 {
		t.Errorf("after it was cleared %d bytes are taken", held)
	}
}
