package runtime

import (
	"context"
	"sync"
	"sync/atomic"

	"elkhorn/internal/event"
)

// Leftover is what a pipeline leaves to its successor: events that nobody may ever send again.
type Leftover struct {
	events   []*event.Event // as they came from the inputs
	filtered []*event.Event // behind the filters, not written
}

// Len is the number of events.
func (l Leftover) Len() int { return len(l.events) + len(l.filtered) }

// handOver is a pipeline's part in a reload.
type handOver struct {
	asked atomic.Bool
	mu    struct {
		sync.Mutex
		left    Leftover // to the successor
		adopted Leftover // of the predecessor
	}
}

// PrepareHandOver makes the pipeline keep what it cannot write once Run's ctx has ended, for Leftover. Events of a queue on disk stay there;
// what it did not take from an input is kept too.
func (p *Pipeline) PrepareHandOver() { p.handOver.asked.Store(true) }

// Leftover returns what is left after Run has returned.
func (p *Pipeline) Leftover() Leftover {
	p.handOver.mu.Lock()
	defer p.handOver.mu.Unlock()
	left := p.handOver.mu.left
	p.handOver.mu.left = Leftover{}
	return left
}

// Adopt takes what the predecessor left. It is called before Run.
func (p *Pipeline) Adopt(l Leftover) {
	p.handOver.mu.Lock()
	defer p.handOver.mu.Unlock()
	p.handOver.mu.adopted = l
}

// leave keeps events for the successor that no queue on disk has; false when there is no successor.
func (p *Pipeline) leave(events []*event.Event) bool {
	if !p.handOver.asked.Load() {
		return false
	}
	p.handOver.mu.Lock()
	defer p.handOver.mu.Unlock()
	p.handOver.mu.left.events = append(p.handOver.mu.left.events, events...)
	return true
}

// leaveFiltered keeps events that were filtered and not written.
func (p *Pipeline) leaveFiltered(batch []cursor) {
	if !p.handOver.asked.Load() || p.openQueue != nil {
		return
	}
	p.handOver.mu.Lock()
	defer p.handOver.mu.Unlock()
	for _, c := range batch {
		p.handOver.mu.left.filtered = append(p.handOver.mu.left.filtered, c.ev)
	}
}

// adopt works on the predecessor's events beside what the inputs bring. What was filtered already goes to the outputs as it is; the others go
// to the queue on disk, if there is one.
func (p *Pipeline) adopt(ctx context.Context, workers *sync.WaitGroup) {
	p.handOver.mu.Lock()
	l := p.handOver.mu.adopted
	p.handOver.mu.adopted = Leftover{}
	p.handOver.mu.Unlock()
	if l.Len() == 0 {
		return
	}
	workers.Go(func() {
		w := p.newWorker()
		for at := 0; at < len(l.filtered); at += p.batchSize {
			var batch []cursor
			for _, ev := range l.filtered[at:min(at+p.batchSize, len(l.filtered))] {
				batch = append(batch, cursor{ev: ev})
			}
			w.deliver(ctx, batch)
		}
		for at := 0; at < len(l.events); at += p.batchSize {
			events := l.events[at:min(at+p.batchSize, len(l.events))]
			if p.openQueue != nil {
				if err := p.queues[0].Push(ctx, events); err != nil {
					p.leave(events)
				}
				continue
			}
			if ctx.Err() != nil || w.gaveUp {
				p.leave(events)
				continue
			}
			w.batch(ctx, events)
		}
	})
}
