package runtime

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/filter"
	"elkhorn/internal/pipeline/input"
	"elkhorn/internal/pipeline/output"
	"elkhorn/internal/vfs"
)

var tables = Tables{Inputs: input.Table, Filters: filter.Table, Outputs: output.Table, Codecs: codec.Table}

// arrival is the harness's clock.
var arrival = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// fakeStore keeps what is written, by index, and refuses what refuse says.
type fakeStore struct {
	es.Store // nil: the methods that are not needed would panic
	refuse   func(op es.BulkOp) *eserr.Error
	mu       struct {
		sync.Mutex
		docs    map[string]map[string]string // index → id → source
		order   []string                     // sources as they came
		aliases map[string]string
		bulks   int
	}
}

func newFakeStore() *fakeStore {
	s := &fakeStore{}
	s.mu.docs, s.mu.aliases = map[string]map[string]string{}, map[string]string{}
	return s
}

func (s *fakeStore) Dial(context.Context, es.DialTarget) (es.Store, error) { return s, nil }

func (s *fakeStore) Bulk(_ context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mu.bulks++
	resp := &es.BulkResponse{}
	for _, op := range req.Ops {
		item := es.BulkItem{Action: op.Action, Status: 201}
		if s.refuse != nil {
			if e := s.refuse(op); e != nil {
				resp.Items = append(resp.Items, es.BulkItem{Status: e.Status, Err: e})
				continue
			}
		}
		if index := s.mu.aliases[op.Index]; index != "" {
			op.Index = index
		}
		if op.ID == "" {
			op.ID = fmt.Sprintf("generated-%d", len(s.mu.order))
		}
		if s.mu.docs[op.Index] == nil {
			s.mu.docs[op.Index] = map[string]string{}
		}
		s.mu.docs[op.Index][op.ID] = string(op.Source)
		s.mu.order = append(s.mu.order, string(op.Source))
		resp.Items = append(resp.Items, item)
	}
	return resp, nil
}

func (s *fakeStore) Apply(_ context.Context, change es.Change) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch c := change.(type) {
	case *es.CreateIndex:
		var aliases map[string]any
		if err := json.Unmarshal(c.Aliases, &aliases); err != nil {
			return nil, err
		}
		for name := range aliases {
			s.mu.aliases[name] = c.Name
		}
		return nil, nil
	case *es.GetObjects:
		return []es.Object(nil), nil
	}
	return nil, fmt.Errorf("unexpected change %T", change)
}

func (s *fakeStore) Indices(_ context.Context, t es.Target) ([]es.IndexInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if index := s.mu.aliases[t.Names[0]]; index != "" {
		return []es.IndexInfo{{Name: index}}, nil
	}
	return nil, eserr.IndexNotFound(t.Names[0])
}

// count returns the number of documents per index.
func (s *fakeStore) count() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := map[string]int{}
	for index, docs := range s.mu.docs {
		n[index] = len(docs)
	}
	return n
}

// sources returns an index's documents in the order of their text.
func (s *fakeStore) sources(index string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, doc := range s.mu.docs[index] {
		out = append(out, doc)
	}
	slices.Sort(out)
	return out
}

// fakeLetters keeps dead letters in memory.
type fakeLetters struct {
	mu   sync.Mutex
	kept []pipeline.DeadLetter
}

func (l *fakeLetters) Keep(_ context.Context, letters []pipeline.DeadLetter) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, letters...)
	return nil
}

// logText is what a pipeline has said so far.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// harness is a pipeline with everything around it in memory.
type harness struct {
	t         testing.TB
	pipeline  *Pipeline
	store     *fakeStore
	letters   *fakeLetters
	stdout    *bytes.Buffer
	fs        vfs.FS
	addresses chan net.Addr
	log       *logText
}

func newHarness(t testing.TB, src string, change func(*Options)) *harness {
	t.Helper()
	cfg, err := config.Parse("test.conf", src, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return buildHarness(t, cfg, change)
}

func buildHarness(t testing.TB, cfg *config.Config, change func(*Options)) *harness {
	t.Helper()
	lookup := func(name string) (string, bool) {
		v, ok := map[string]string{"ELASTIC_PASSWORD": "x"}[name]
		return v, ok
	}
	if errs := config.Substitute(cfg, lookup); len(errs) > 0 {
		t.Fatal(errs[0])
	}
	h := &harness{t: t, store: newFakeStore(), letters: &fakeLetters{}, stdout: &bytes.Buffer{}, fs: vfs.NewMem(), addresses: make(chan net.Addr, 8), log: &logText{}}
	o := Options{ID: "main", Config: cfg, Tables: tables, Env: h.env()}
	if change != nil {
		change(&o)
	}
	var err error
	if h.pipeline, err = New(o); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *harness) env() pipeline.Env {
	return pipeline.Env{
		Logger: slog.New(slog.NewTextHandler(h.log, nil)), FS: h.fs, DataDir: "/data", ConfigDir: "/config",
		Dialer: h.store, DeadLetters: h.letters, Stdin: strings.NewReader(""), Stdout: h.stdout,
		Now: func() time.Time { return arrival },
		Listen: func(context.Context, string) (pipeline.Listener, error) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err == nil {
				h.addresses <- l.Addr()
			}
			return l, err
		},
	}
}

// feed runs the pipeline with text on its stdin input until that has ended.
func (h *harness) run() {
	h.t.Helper()
	if err := h.pipeline.Open(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	if err := h.pipeline.Run(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// start runs the pipeline beside the test; stop ends it and waits.
func (h *harness) start() (stop func()) {
	h.t.Helper()
	if err := h.pipeline.Open(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan error, 1)
	go func() { done <- h.pipeline.Run(ctx) }()
	return func() {
		h.t.Helper()
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	}
}

func stdin(text string) func(*Options) {
	return func(o *Options) { o.Env.Stdin = io.NopCloser(strings.NewReader(text)) }
}
