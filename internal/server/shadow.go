package server

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/pipeline/trial"
)

// Shadow is a configuration that runs beside a pipeline's own on the same events and writes nothing: how the outcomes differ is reported.
type Shadow struct {
	Paths  []string
	Ignore []*event.Path // fields that may differ
	// Report gets the sum when the pipeline ends; nil for the log alone.
	Report io.Writer
}

// shadowInterval is how often the log tells how the outcomes differ.
const shadowInterval = time.Minute

// shadow compares a pipeline's configuration with the one on trial, on copies of the events and beside the pipeline: while it is busy with one
// batch, others pass it by, so that it costs the pipeline a copy of the events at most.
type shadow struct {
	set      *Shadow
	pipeline string
	server   *Server
	working  sync.WaitGroup
	passed   atomic.Int64 // events of batches that came while another was compared
	// mu is held while a batch is compared.
	mu struct {
		sync.Mutex
		before, after *runtime.Trial
		now           time.Time // of both
		sum           trial.Comparison
		told          time.Time
	}
}

// prepare makes both configurations; the error is that of the one on trial.
func (h *shadow) prepare(p plan) error {
	lookup := h.server.opts.LookupEnv
	clock := func() time.Time { return h.mu.now }
	made := func(source runtime.Source) (*runtime.Trial, error) {
		return runtime.NewTrial(runtime.TrialOptions{Source: source, Tables: Tables(), Strict: compatStrict(lookup), Now: clock})
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mu.now = h.server.opts.Now()
	h.mu.told = h.mu.now
	h.mu.sum.Ignore = h.set.Ignore
	var err error
	if h.mu.before, err = made(p.source); err != nil {
		return err
	}
	h.mu.after, err = made(runtime.Source{Paths: h.set.Paths, Lookup: lookup})
	return err
}

// tap takes copies of a batch, unless the one before is still being compared.
func (h *shadow) tap(events []*event.Event) {
	if !h.mu.TryLock() {
		h.passed.Add(int64(len(events)))
		return
	}
	copies := make([]*event.Event, len(events))
	for i, ev := range events {
		copies[i] = ev.Clone()
		copies[i].Done() // the source waits for the event, not for its copy
	}
	h.working.Go(func() {
		defer h.mu.Unlock()
		h.mu.now = h.server.opts.Now()
		for _, ev := range copies {
			h.mu.sum.Both(h.mu.before, h.mu.after, ev)
		}
		if h.mu.now.Sub(h.mu.told) >= shadowInterval {
			h.mu.told = h.mu.now
			h.tellLocked()
		}
	})
}

func (h *shadow) tellLocked() {
	h.server.logger.Info("compared with the configuration on trial", "pipeline", h.pipeline, "events", h.mu.sum.Events, "different", h.mu.sum.Different, "not_compared", h.passed.Load(), "fields", h.mu.sum.Fields())
}

// end waits for what is being compared and reports the sum.
func (h *shadow) end() {
	h.working.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tellLocked()
	if h.set.Report != nil {
		p := &trial.Printer{W: h.set.Report}
		p.Comparison(&h.mu.sum)
		p.NotCompared(h.passed.Load())
		if err := p.Err(); err != nil {
			h.server.logger.Warn("the comparison could not be printed", "pipeline", h.pipeline, "error", err)
		}
	}
}

// files are those of the configuration on trial, so that a reload sees when they change.
func (s *Shadow) files() ([]config.File, error) {
	if s == nil {
		return nil, nil
	}
	return config.Read(s.Paths)
}
