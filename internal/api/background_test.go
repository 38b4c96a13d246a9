package api

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"elkhorn/internal/es"
)

// sweepStore has two documents, each a page of its own, and lets a test hold the writes.
type sweepStore struct {
	fakeStore
	entered chan struct{}
	proceed chan error
	kept    chan *es.PutObject
	pages   int
}

func newSweepStore() *sweepStore {
	s := &sweepStore{entered: make(chan struct{}), proceed: make(chan error), kept: make(chan *es.PutObject, 1)}
	s.search = func(*es.SearchRequest) (*es.SearchResponse, error) {
		if s.pages++; s.pages > 2 {
			return &es.SearchResponse{}, nil
		}
		return &es.SearchResponse{Hits: es.Hits{Total: &es.Total{Value: 2}, Hits: []es.Hit{{Index: "a", ID: "x"}}}}, nil
	}
	s.apply = func(change es.Change) (any, error) {
		if put, ok := change.(*es.PutObject); ok {
			s.kept <- put
		}
		if _, ok := change.(*es.GetObjects); ok {
			return []es.Object(nil), nil
		}
		return nil, nil
	}
	return s
}

func (s *sweepStore) Bulk(ctx context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	select {
	case s.entered <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case err := <-s.proceed:
		if err != nil {
			return nil, err
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &es.BulkResponse{Items: []es.BulkItem{{Action: req.Ops[0].Action, Index: "a", ID: "x", Result: "deleted", Status: 200}}}, nil
}

// TestAbandonedSweep has a client leave while its delete by query runs: the work goes on to its end.
func TestAbandonedSweep(t *testing.T) {
	store := newSweepStore()
	surface := New(store, Options{})
	server := httptest.NewServer(surface)
	defer surface.Close()
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, _, err := send(t, ctx, "POST", server.URL+"/a/_delete_by_query", `{"query":{"match_all":{}}}`)
		left <- err
	}()
	<-store.entered
	cancel()
	if err := <-left; err == nil {
		t.Fatal("the client got an answer")
	}
	store.proceed <- nil
	<-store.entered // the second page is written too
	store.proceed <- nil
}

// TestSweepsEndWithTheServer closes the server while a task runs in the background: it ends, and what it came to is kept.
func TestSweepsEndWithTheServer(t *testing.T) {
	store := newSweepStore()
	surface := New(store, Options{})
	server := httptest.NewServer(surface)
	defer server.Close()
	status, answer, err := send(t, t.Context(), "POST", server.URL+"/a/_delete_by_query?wait_for_completion=false&scroll_size=1", `{"query":{"match_all":{}}}`)
	if err != nil || status != 200 || !strings.Contains(answer, `"task":"`) {
		t.Fatalf("%d %s %v", status, answer, err)
	}
	<-store.entered
	store.proceed <- nil
	<-store.entered // the second page
	surface.Close()
	put := <-store.kept
	if put.Kind != kindTaskResult || !strings.Contains(string(put.JSON), `"canceled":"by shutdown"`) || !strings.Contains(string(put.JSON), `"deleted":1`) {
		t.Errorf("kept %s %s: %s", put.Kind, put.Name, put.JSON)
	}
	if status, answer, _ := send(t, t.Context(), "POST", server.URL+"/a/_delete_by_query?wait_for_completion=false", `{"query":{"match_all":{}}}`); status != 429 {
		t.Errorf("a task after the end: %d %s", status, answer)
	}
}

// TestFullBackground refuses a task beyond the limit.
func TestFullBackground(t *testing.T) {
	surface := New(newSweepStore(), Options{})
	surface.tasks.background = maxBackground
	server := httptest.NewServer(surface)
	defer server.Close()
	if status, answer, _ := send(t, t.Context(), "POST", server.URL+"/a/_delete_by_query?wait_for_completion=false", `{"query":{"match_all":{}}}`); status != 429 || !strings.Contains(answer, "rejected execution") {
		t.Errorf("%d %s", status, answer)
	}
}

// TestAsyncSearchThatRuns asks how far a search in the background is, and ends it.
func TestAsyncSearchThatRuns(t *testing.T) {
	store, url := startWaiting(t)
	go func() { <-store.entered }()
	status, answer, err := send(t, t.Context(), "POST", url+"/a/_async_search?wait_for_completion_timeout=0", `{"query":{"match_all":{}}}`)
	if err != nil || status != 200 || !strings.Contains(answer, `"is_partial":true,"is_running":true`) || !strings.Contains(answer, `"relation":"gte"`) {
		t.Fatalf("%d %s %v", status, answer, err)
	}
	id := strings.Split(answer, `"`)[3]
	if status, answer, _ := send(t, t.Context(), "GET", url+"/_async_search/status/"+id, ""); status != 200 || !strings.Contains(answer, `"is_running":true`) {
		t.Errorf("status: %d %s", status, answer)
	}
	if status, answer, _ := send(t, t.Context(), "DELETE", url+"/_async_search/"+id, ""); status != 200 {
		t.Errorf("delete: %d %s", status, answer)
	}
	if err := <-store.left; err == nil {
		t.Error("the search went on")
	}
	if status, _, _ := send(t, t.Context(), "GET", url+"/_async_search/"+id, ""); status != 404 {
		t.Errorf("after its end: %d", status)
	}
}

// TestAsyncSearchesEndWithTheServer closes the server while a search runs in the background.
func TestAsyncSearchesEndWithTheServer(t *testing.T) {
	store := &waitingStore{entered: make(chan error), left: make(chan error, 1)}
	surface := New(store, Options{})
	server := httptest.NewServer(surface)
	defer server.Close()
	go func() { <-store.entered }()
	if status, answer, err := send(t, t.Context(), "POST", server.URL+"/a/_async_search?wait_for_completion_timeout=0", `{}`); err != nil || status != 200 {
		t.Fatalf("%d %s %v", status, answer, err)
	}
	surface.Close()
	if err := <-store.left; err == nil {
		t.Error("the search went on")
	}
}
