package server

import (
	"context"
	"errors"
	"time"

	"elkhorn/internal/api"
	"elkhorn/internal/console/saved"
	"elkhorn/internal/demo"
	"elkhorn/internal/es"
)

// demoIndices are the indices of the workload.
var demoIndices = []string{"chatgpt-logs-demo*", "llm-logs-demo*", "ml-inference-demo*", "ml-training-demo*"}

// startDemo feeds the store a live workload. A store that already has demo data gets only what came since.
func (s *Server) startDemo() {
	if !s.opts.Demo {
		return
	}
	s.goPart(&s.senders, "demo", s.runDemo)
}

func (s *Server) runDemo(ctx context.Context) error {
	for _, t := range demo.Templates() {
		if _, err := s.store.Apply(ctx, &es.PutObject{Kind: es.KindIndexTemplate, Name: t.Name, JSON: t.JSON}); err != nil {
			return err
		}
	}
	if err := s.resumeDemo(ctx); err != nil {
		return err
	}
	now := s.opts.Now()
	past := demoPast
	if newest, err := s.newestDemoEvent(ctx); err != nil {
		return err
	} else if newest.IsZero() {
		if err := s.addSamples(ctx); err != nil {
			return err
		}
	} else if age := now.Sub(newest); age < past {
		past = max(age, 0)
	}
	fill := demoFill{Seed: s.opts.DemoSeed, Rate: s.opts.DemoRate, From: now.Add(-past).UnixMilli(), To: now.UnixMilli()}
	work, err := s.fillDemo(ctx, fill, nil)
	if err != nil {
		return err
	}
	return s.liveDemo(ctx, work)
}

// addSamples makes the sample dashboards, on a first start only: who has deleted them does not get them again.
func (s *Server) addSamples(ctx context.Context) error {
	objects := saved.New(s.store, api.DefaultVersion, s.opts.Now)
	for _, sample := range saved.Samples() {
		if _, err := objects.AddSample(ctx, sample.Name, false); err != nil {
			return err
		}
	}
	return nil
}

// newestDemoEvent is the time of the newest demo event in the store, the zero time when there is none.
func (s *Server) newestDemoEvent(ctx context.Context) (time.Time, error) {
	infos, err := s.store.Indices(ctx, es.Target{Names: demoIndices, IgnoreUnavailable: true})
	if err != nil {
		return time.Time{}, err
	}
	var newest int64
	for _, info := range infos {
		newest = max(newest, info.Stats.NewestTimestampMillis)
	}
	if newest == 0 {
		return time.Time{}, nil
	}
	return time.UnixMilli(newest), nil
}

// liveDemo writes events as their time comes, four times a second.
func (s *Server) liveDemo(ctx context.Context, work *demo.Workload) error {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		s.writeDue(ctx, work)
	}
}

// writeDue writes the events whose time has come.
func (s *Server) writeDue(ctx context.Context, work *demo.Workload) {
	var batch []demo.Event
	for ev := range work.Until(s.opts.Now()) {
		batch = append(batch, ev)
	}
	if err := s.writeDemo(ctx, batch); err != nil && !errors.Is(err, context.Canceled) {
		s.logger.Warn("demo events were not taken", "error", err)
	}
}

func (s *Server) writeDemo(ctx context.Context, batch []demo.Event) error {
	if len(batch) == 0 {
		return nil
	}
	req := &es.BulkRequest{Ops: make([]es.BulkOp, len(batch))}
	for i, ev := range batch {
		req.Ops[i] = es.BulkOp{Action: es.ActionCreate, Index: ev.Index, Source: ev.JSON}
	}
	resp, err := s.store.Bulk(ctx, req)
	if err != nil {
		return err
	}
	for i := range resp.Items {
		if e := resp.Items[i].Err; e != nil {
			return e
		}
	}
	return nil
}
