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
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// fakeStore is a store made of functions; those left nil answer what is empty.
type fakeStore struct {
	bulk    func(*es.BulkRequest) (*es.BulkResponse, error)
	search  func(*es.SearchRequest) (*es.SearchResponse, error)
	get     func(*es.GetRequest) (*es.GetResponse, error)
	indices func(es.Target) ([]es.IndexInfo, error)
	apply   func(es.Change) (any, error)

	unopened []string
}

func (f *fakeStore) Bulk(_ context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	if f.bulk != nil {
		return f.bulk(req)
	}
	res := &es.BulkResponse{TookMillis: 3}
	for i := range req.Ops {
		op := &req.Ops[i]
		res.Items = append(res.Items, es.BulkItem{
			Action: op.Action, Index: op.Index, ID: op.ID, Version: 1, SeqNo: int64(i), PrimaryTerm: 1, Result: "created", Status: http.StatusCreated, Err: op.Err,
		})
	}
	return res, nil
}

func (f *fakeStore) Search(_ context.Context, req *es.SearchRequest) (*es.SearchResponse, error) {
	if f.search != nil {
		return f.search(req)
	}
	return &es.SearchResponse{Shards: es.Shards{Total: 1, Successful: 1}, Hits: es.Hits{Total: &es.Total{}}}, nil
}

func (f *fakeStore) OpenSnapshot(context.Context, es.Target, time.Duration) (es.SnapshotID, error) {
	return "snap-1", nil
}

func (f *fakeStore) CloseSnapshot(_ context.Context, id es.SnapshotID) (bool, error) {
	return id == "snap-1", nil
}

func (f *fakeStore) Get(_ context.Context, req *es.GetRequest) (*es.GetResponse, error) {
	if f.get != nil {
		return f.get(req)
	}
	return &es.GetResponse{Index: req.Index, ID: req.ID}, nil
}

func (f *fakeStore) Indices(_ context.Context, target es.Target) ([]es.IndexInfo, error) {
	if f.indices != nil {
		return f.indices(target)
	}
	return nil, nil
}

func (f *fakeStore) Apply(_ context.Context, change es.Change) (any, error) {
	if f.apply != nil {
		return f.apply(change)
	}
	switch c := change.(type) {
	case *es.GetSegments:
		return []es.IndexSegments(nil), nil
	case *es.GetDataStreams:
		if names := c.Target.Names; len(names) > 0 && !c.Target.IgnoreUnavailable && hasPlainName(names) {
			return nil, eserr.IndexNotFound(names[0])
		}
		return []es.DataStream(nil), nil
	case *es.GetObjects:
		return []es.Object(nil), nil
	case *es.DeleteObjects:
		return 0, nil
	}
	return nil, nil
}

func (f *fakeStore) Info(context.Context) (es.Info, error) {
	return es.Info{Name: "node-1", ClusterName: "elkhorn", ClusterUUID: "uJd8Xq3vT5mY2nB6cR1wZg", Health: es.Health{Status: "green"}, Unopened: f.unopened}, nil
}

func (f *fakeStore) Close() error { return nil }

// oneIndex is an index with a keyword, a text with a multi-field, and an object.
func oneIndex(t testing.TB, name string) es.IndexInfo {
	t.Helper()
	m, err := mapping.Parse([]byte(`{"properties":{
		"level":{"type":"keyword"},
		"message":{"type":"text","fields":{"raw":{"type":"keyword","ignore_above":256}}},
		"http":{"properties":{"status":{"type":"long"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return es.IndexInfo{
		Name: name, UUID: "aaaaaaaaaaaaaaaaaaaaaa", Created: fixedNow(), Mapping: m, Health: es.Health{Status: "green"},
		Settings: map[string]string{"index.number_of_shards": "1", "index.lifecycle.name": "keep", "index.provided_name": name},
		Aliases:  []es.Alias{{Name: "logs"}},
		Stats:    es.IndexStats{Docs: 12, DiskBytes: 4 << 20},
	}
}

func fixedNow() time.Time { return time.Date(2026, 2, 27, 22, 15, 30, 0, time.UTC) }

// do sends one request to a server over store and returns the answer's status, header and body.
func do(t testing.TB, store es.Store, opts Options, request string, headers ...string) (int, http.Header, string) {
	t.Helper()
	opts.Now = fixedNow
	line, body, _ := strings.Cut(request, "\n")
	method, target, _ := strings.Cut(line, " ")
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, reader)
	r.Host = "localhost:9200"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	New(store, opts).ServeHTTP(w, r)
	return w.Code, w.Header(), w.Body.String()
}

// serve sends one request to a server and returns the body of its answer.
func serve(s *Server, method, target, body string) string {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "localhost"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Body.String()
}
