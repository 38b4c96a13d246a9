package runtime

import (
	"context"
	"slices"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// startFlushing flushes the filters that want it every [pipeline.FlushInterval]. stop ends that and flushes them for good.
func (p *Pipeline) startFlushing(ctx context.Context) (stop func()) {
	if !slices.ContainsFunc(p.filters, func(in instruction) bool { return in.flusher() != nil }) {
		return func() {}
	}
	w := p.newWorker()
	deliver := func(batch []cursor) { w.deliver(ctx, batch) }
	ended := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(pipeline.FlushInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.flushFilters(false, deliver)
			case <-ended:
				return
			}
		}
	})
	return func() {
		close(ended)
		running.Wait()
		p.flushFilters(true, deliver)
	}
}

// flushFilters flushes each filter in turn and hands on what comes out behind the last one: the filters that follow see
// a filter's events before they are flushed themselves.
func (p *Pipeline) flushFilters(final bool, deliver func(batch []cursor)) {
	for at := range p.filters {
		f := p.filters[at].flusher()
		if f == nil {
			continue
		}
		node := p.filters[at].filter
		start := time.Now()
		var batch []cursor
		f.Flush(p.env.Now(), final, func(ev *event.Event, outcome pipeline.Outcome) {
			times, _ := outcome.Times()
			batch = append(batch, cursor{ev, node.finish(ev, times, at)})
		})
		if len(batch) == 0 {
			continue
		}
		node.counters.add(0, len(batch), time.Since(start))
		deliver(p.filters.sweep(batch, nil))
	}
}

// flusher is the instruction's filter when it wants to be flushed, else nil.
func (in *instruction) flusher() pipeline.Flusher {
	if in.op != opFilter {
		return nil
	}
	f, _ := in.filter.filter.(pipeline.Flusher)
	return f
}

// keepOrder gives a pipeline one worker when one of its filters counts on the order of events.
func (b *builder) keepOrder(p *Pipeline) {
	if p.workers == 1 {
		return
	}
	for _, in := range p.filters {
		if in.op != opFilter {
			continue
		}
		if _, ok := in.filter.filter.(pipeline.Sequential); ok {
			p.workers = 1
			b.warnings = append(b.warnings, &plugin.Error{Pos: in.filter.pos, Plugin: in.filter.counters.Name,
				Reason: "counts on the order of events: the pipeline runs with one worker; put it into a pipeline of its own when the others need more"})
			return
		}
	}
}
