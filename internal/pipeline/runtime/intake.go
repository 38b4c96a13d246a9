package runtime

import (
	"context"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// Queue is where events wait between inputs and workers. Its methods are safe for concurrent use.
type Queue interface {
	pipeline.Sink
	// Take returns up to n events, waiting for the first, and then up to delay for more; none once the queue is stopped and, when it was to
	// be drained, empty. Events that are Done do not come again.
	Take(n int, delay time.Duration) []*event.Event
	// Stop ends what Take hands out, at once or with drain when the queue is empty; Push takes no more.
	Stop(drain bool)
	// Len is the number of events that were not taken yet.
	Len() int
	// Close releases the queue, once nobody uses it any more. Sources may still hear of events that are safe.
	Close() error
}

// intake is the queue in memory: the bounded queue between inputs and workers. A push is taken as a whole when there is room
// for one event: the queue can exceed its capacity by one push per input, never more.
type intake struct {
	capacity int
	mu       struct {
		sync.Mutex
		events []*event.Event
		closed bool
	}
	space chan struct{} // holds a token while there may be room
	ready chan struct{} // holds a token while there may be events, or the intake is closed
}

func newIntake(capacity int) *intake {
	return &intake{capacity: capacity, space: make(chan struct{}, 1), ready: make(chan struct{}, 1)}
}

// signal leaves a token unless one is there already.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Len is the number of events that wait.
func (q *intake) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.mu.events)
}

// TryPush takes events when there is room for one.
func (q *intake) TryPush(events []*event.Event) error {
	q.mu.Lock()
	if len(q.mu.events) >= q.capacity || q.mu.closed {
		q.mu.Unlock()
		return pipeline.ErrBusy
	}
	q.mu.events = append(q.mu.events, events...)
	room := len(q.mu.events) < q.capacity
	q.mu.Unlock()
	signal(q.ready)
	if room {
		signal(q.space) // for the next one that waits
	}
	return nil
}

// Push waits until there is room for one event.
func (q *intake) Push(ctx context.Context, events []*event.Event) error {
	for q.TryPush(events) != nil {
		select {
		case <-q.space:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Take returns up to n events, waiting for the first; none when the intake is stopped and empty. Under load
// batches are full, when idle they are small: nothing waits for company, unless delay says for how long.
func (q *intake) Take(n int, delay time.Duration) []*event.Event {
	var full *time.Timer // runs while a batch waits for company
	for {
		q.mu.Lock()
		have := len(q.mu.events)
		if have > 0 && have < n && delay > 0 && !q.mu.closed {
			q.mu.Unlock()
			if full == nil {
				full = time.NewTimer(delay)
				defer full.Stop()
			}
			select {
			case <-q.ready:
			case <-full.C:
				delay = 0
			}
			continue
		}
		if have > 0 {
			n = min(n, have)
			batch := append([]*event.Event(nil), q.mu.events[:n]...)
			left := copy(q.mu.events, q.mu.events[n:])
			clear(q.mu.events[left:])
			q.mu.events = q.mu.events[:left]
			closed := q.mu.closed
			q.mu.Unlock()
			signal(q.space)
			if left > 0 || closed {
				signal(q.ready) // for the next worker
			}
			return batch
		}
		closed := q.mu.closed
		q.mu.Unlock()
		if closed {
			signal(q.ready)
			return nil
		}
		<-q.ready
	}
}

// Stop lets workers drain what is left: nobody else has it.
func (q *intake) Stop(bool) {
	q.mu.Lock()
	q.mu.closed = true
	q.mu.Unlock()
	signal(q.ready)
}

// Close has nothing to release.
func (q *intake) Close() error { return nil }
