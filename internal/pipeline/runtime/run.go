package runtime

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// ErrSourcesEnded is the cause with which Run's ctx ends when nothing more can come from the sources of its inputs: what waits is written
// before Run returns.
var ErrSourcesEnded = errors.New("the sources have ended")

// Open opens the queue and the inputs' and outputs' listeners, so that a port in use is an error before anything runs. After an
// error nothing is open.
func (p *Pipeline) Open(ctx context.Context) error {
	if p.openQueue != nil {
		q, err := p.openQueue()
		if err != nil {
			return err
		}
		p.queues = []Queue{q}
	}
	for i, in := range p.inputs {
		o, ok := in.input.(pipeline.Opener)
		if !ok {
			continue
		}
		if err := o.Open(ctx); err != nil {
			err = fmt.Errorf("%s: input %s: %w", in.counters.Place, in.counters.Name, err)
			return errors.Join(err, closeInputs(p.inputs[:i]), p.closeQueues())
		}
	}
	for i, out := range p.outputs {
		o, ok := out.output.(pipeline.Opener)
		if !ok {
			continue
		}
		if err := o.Open(ctx); err != nil {
			err = fmt.Errorf("%s: output %s: %w", out.counters.Place, out.counters.Name, err)
			opened := Pipeline{outputs: p.outputs[:i]}
			return errors.Join(err, closeInputs(p.inputs), opened.closeOutputs(), p.closeQueues())
		}
	}
	return nil
}

// Close releases what a pipeline holds that was opened and never run.
func (p *Pipeline) Close() error {
	return errors.Join(p.closeQueues(), closeInputs(p.inputs), p.closeOutputs())
}

func (p *Pipeline) closeQueues() error {
	var errs []error
	for _, q := range p.queues {
		errs = append(errs, q.Close())
	}
	return errors.Join(errs...)
}

func closeInputs(inputs []inputNode) error {
	var errs []error
	for _, in := range inputs {
		if o, ok := in.input.(pipeline.Opener); ok {
			errs = append(errs, o.Close())
		}
	}
	return errors.Join(errs...)
}

func (p *Pipeline) closeOutputs() error {
	var errs []error
	for _, o := range p.outputs {
		if err := o.output.Close(); err != nil {
			errs = append(errs, fmt.Errorf("close output %s: %w", o.counters.ID, err))
		}
	}
	return errors.Join(errs...)
}

// Run moves events until ctx ends or every input has come to its end. Then inputs stop taking events, what is
// in flight is written and acknowledged in the time that it has (see finish), and everything is closed. Open must
// have been called. The error is that of inputs that failed, and of closing.
func (p *Pipeline) Run(ctx context.Context) error {
	// Work in flight outlives ctx.
	workCtx, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	patience := make(chan struct{})
	workCtx = pipeline.WithPatience(workCtx, patience)
	var workers sync.WaitGroup
	for i := range p.workers {
		q := p.queues[i%len(p.queues)]
		workers.Go(func() { p.work(workCtx, q) })
	}
	p.adopt(workCtx, &workers)
	stopFlushing := p.startFlushing(workCtx)
	runErr := p.runInputs(ctx)
	// Inputs that have come to their end leave nothing behind.
	drain := p.emptied && !p.handOver.asked.Load() || ctx.Err() == nil || errors.Is(context.Cause(ctx), ErrSourcesEnded)
	for _, q := range p.queues {
		q.Stop(drain)
	}
	finished := p.finish(drain, patience, stopWork)
	workers.Wait()
	stopFlushing()
	finished()
	// The queue goes first: sources that are still open hear of what it has made safe.
	return errors.Join(runErr, p.closeQueues(), closeInputs(p.inputs), p.closeOutputs())
}

// runInputs runs all inputs and returns when all have returned. They are closed later, when their events
// are acknowledged.
func (p *Pipeline) runInputs(ctx context.Context) error {
	var running sync.WaitGroup
	errs := make([]error, len(p.inputs))
	for i, in := range p.inputs {
		sink := &sink{p: p, queue: p.queues[i%len(p.queues)], input: in}
		running.Go(func() {
			if err := in.input.Run(ctx, sink); err != nil && ctx.Err() == nil {
				p.env.Logger.Error("input stopped", "pipeline", p.id, "input", in.counters.ID, "error", err)
				errs[i] = fmt.Errorf("input %s: %w", in.counters.ID, err)
			}
		})
	}
	running.Wait()
	return errors.Join(errs...)
}

// sink takes one input's events.
type sink struct {
	p     *Pipeline
	queue Queue
	input inputNode
}

func (s *sink) decorate(events []*event.Event) {
	if d := s.input.decorate; !d.empty() {
		for _, ev := range events {
			d.apply(ev)
		}
	}
}

func (s *sink) count(events []*event.Event, start time.Time) {
	s.p.in.Add(int64(len(events)))
	s.input.counters.add(len(events), len(events), time.Since(start))
}

// Push hands events over and waits for room.
func (s *sink) Push(ctx context.Context, events []*event.Event) error {
	start := time.Now()
	s.decorate(events)
	if err := s.queue.Push(ctx, events); err != nil {
		if _, again := s.input.input.(pipeline.Rereader); again || !s.p.leave(events) {
			return err
		}
	}
	s.count(events, start)
	return nil
}

// TryPush hands events over unless the queue is full. What is decorated are copies: the input may try again with the same events.
func (s *sink) TryPush(events []*event.Event) error {
	start := time.Now()
	given := events
	if !s.input.decorate.empty() {
		given = make([]*event.Event, len(events))
		for i, ev := range events {
			given[i] = ev.Clone()
		}
		s.decorate(given)
	}
	err := s.queue.TryPush(given)
	if !s.input.decorate.empty() {
		settled := events
		if err != nil {
			settled = given
		}
		for _, ev := range settled {
			ev.Done()
		}
	}
	if err == nil {
		s.count(events, start)
	}
	return err
}

// work takes batches until the queue is closed and empty.
func (p *Pipeline) work(ctx context.Context, q Queue) {
	w := p.newWorker()
	for {
		events := q.Take(p.batchSize, p.delay)
		if events == nil {
			return
		}
		if ctx.Err() != nil || w.gaveUp { // neither written nor acknowledged
			if p.openQueue != nil {
				return
			}
			p.leave(events)
			continue
		}
		w.batch(ctx, events)
	}
}

// worker is one worker's scratch space.
type worker struct {
	p       *Pipeline
	cursors []cursor
	pending [][]*event.Event // per output
	gaveUp  bool             // an output did not get rid of its events before the end: what follows is not tried
}

func (p *Pipeline) newWorker() *worker {
	return &worker{p: p, pending: make([][]*event.Event, len(p.outputs))}
}

// batch filters, writes and acknowledges.
func (w *worker) batch(ctx context.Context, events []*event.Event) {
	if w.p.tap != nil {
		w.p.tap(events)
	}
	batch := w.cursors[:0]
	for _, ev := range events {
		batch = append(batch, cursor{ev: ev})
	}
	w.deliver(ctx, w.p.filters.sweep(batch, nil))
}

// deliver writes what the filters left of a batch, and acknowledges it.
func (w *worker) deliver(ctx context.Context, batch []cursor) {
	kept := batch[:0:cap(batch)]
	for _, c := range batch {
		if c.ev.Cancelled() {
			c.ev.Done()
			continue
		}
		kept = append(kept, cursor{ev: c.ev})
	}
	w.p.filtered.Add(int64(len(kept)))
	for i := range w.pending {
		w.pending[i] = w.pending[i][:0]
	}
	kept = w.p.routes.sweep(kept, func(output int, ev *event.Event) {
		w.pending[output] = append(w.pending[output], ev)
	})
	if w.write(ctx) {
		for _, c := range kept {
			c.ev.Done()
		}
		w.p.out.Add(int64(len(kept)))
	} else {
		w.gaveUp = true
		w.p.leaveFiltered(kept)
	}
	clear(kept)
	w.cursors = kept[:0]
}

// write hands each output its events, all at the same time: a slow or failing output does not keep them from the
// others. It returns false when the pipeline gave up.
func (w *worker) write(ctx context.Context) bool {
	var running sync.WaitGroup
	errs := make([]error, len(w.pending))
	for i, events := range w.pending {
		if len(events) == 0 {
			continue
		}
		node := w.p.outputs[i]
		send := func() {
			start := node.counters.writes.begin()
			errs[i] = node.output.Write(ctx, events)
			node.counters.writes.end(start)
			out := len(events)
			if errs[i] != nil {
				out = 0
			}
			node.counters.add(len(events), out, time.Since(start))
		}
		if i == len(w.pending)-1 {
			send() // the last one needs no goroutine of its own
			continue
		}
		running.Go(send)
	}
	running.Wait()
	return errors.Join(errs...) == nil
}
