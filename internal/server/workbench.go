package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/monitor"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/pipeline/workbench"
)

// bench is what the workbench works on: this process's pipelines.
type bench struct{ server *Server }

// Pipeline finds a pipeline as it is configured.
func (b bench) Pipeline(id string) (workbench.Pipeline, bool) {
	pc, ok := b.server.fleet.config(id)
	if !ok {
		return workbench.Pipeline{}, false
	}
	return workbench.Pipeline{ID: id, Source: pc.source(b.server.opts.LookupEnv)}, true
}

// Events takes copies of the events that come next.
func (b bench) Events(ctx context.Context, id string, n int) ([]*event.Event, error) {
	if b.server.fleet.find(id) == nil {
		return nil, fmt.Errorf("there is no pipeline %q", id)
	}
	return b.server.samplers.of(id).take(ctx, n), nil
}

// Reload reads the configurations again.
func (b bench) Reload(ctx context.Context) (any, error) { return b.server.Reload(ctx) }

// Lookup reads the environment that configurations see.
func (b bench) Lookup(name string) (string, bool) {
	if b.server.opts.LookupEnv == nil {
		return "", false
	}
	return b.server.opts.LookupEnv(name)
}

// Tables are all plugins.
func (b bench) Tables() runtime.Tables { return Tables() }

// Strict is compat.strict.
func (b bench) Strict() bool { return compatStrict(b.server.opts.LookupEnv) }

// Writable says no where others can reach the page: a configuration can read files and run programs, and nobody logs in.
func (b bench) Writable() error {
	if host, _, err := net.SplitHostPort(b.server.UIAddr()); err == nil && isLoopback(host) {
		return nil
	}
	return errors.New("this page can be reached from other machines and nobody logs in: change the file on the machine itself")
}

// openPipelinesAPI puts the pipelines' API and the workbench behind the UI's port.
func (s *Server) openPipelinesAPI(source monitor.Source, flows *monitor.Flows) {
	mux := http.NewServeMux()
	mux.Handle("/", monitor.Handler(source, flows))
	work := workbench.Handler(bench{s})
	for _, path := range []string{"/_source/", "/_check", "/_explain", "/_events/", "/_compare/"} {
		mux.Handle(path, work)
	}
	s.pipelinesAPI.Store(&pipelinesAPI{mux})
}

// pipelinesAPI is there once the pipelines run.
type pipelinesAPI struct{ http.Handler }

// servePipelines answers what the UI asks of the pipelines.
func (s *Server) servePipelines(w http.ResponseWriter, r *http.Request) {
	if api := s.pipelinesAPI.Load(); api != nil {
		api.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(`{"statusCode":503,"error":"Service Unavailable","message":"no pipelines run in this process; elkhorn up runs them"}`))
}

// samplers take events from pipelines for those who ask, by pipeline. One stays when its pipeline is loaded anew.
type samplers struct {
	mu   sync.Mutex
	byID map[string]*sampler
}

func (s *samplers) of(id string) *sampler {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = map[string]*sampler{}
	}
	if s.byID[id] == nil {
		s.byID[id] = &sampler{}
	}
	return s.byID[id]
}

// sampler copies events of one pipeline while somebody waits for some, and costs one look at a number else.
type sampler struct {
	waiting atomic.Int32
	mu      struct {
		sync.Mutex
		wishes []*wish
	}
}

// wish is one who waits. events is guarded by the sampler's mu until full is closed.
type wish struct {
	want   int
	events []*event.Event
	full   chan struct{}
}

// tap is called with each batch before the filters see it.
func (s *sampler) tap(events []*event.Event) {
	if s.waiting.Load() == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.mu.wishes[:0]
	for _, w := range s.mu.wishes {
		for _, ev := range events[:min(len(events), w.want-len(w.events))] {
			copied := ev.Clone()
			copied.Done() // the source waits for the event, not for its copy
			w.events = append(w.events, copied)
		}
		if len(w.events) == w.want {
			close(w.full)
			s.waiting.Add(-1)
			continue
		}
		kept = append(kept, w)
	}
	s.mu.wishes = kept
}

// take waits for the next n events; there are fewer when ctx ends first.
func (s *sampler) take(ctx context.Context, n int) []*event.Event {
	w := &wish{want: n, full: make(chan struct{})}
	s.mu.Lock()
	s.mu.wishes = append(s.mu.wishes, w)
	s.waiting.Add(1)
	s.mu.Unlock()
	select {
	case <-w.full:
		return w.events
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.mu.wishes {
		if other == w {
			s.mu.wishes = append(s.mu.wishes[:i], s.mu.wishes[i+1:]...)
			s.waiting.Add(-1)
			break
		}
	}
	return w.events
}
