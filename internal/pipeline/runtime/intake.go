package runtime

import (
	"context"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// intake is the bounded queue between inputs and workers. A push is taken as a whole when there is room
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

func (q *intake) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.mu.events)
}

func (q *intake) tryPush(events []*event.Event) error {
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

func (q *intake) push(ctx context.Context, events []*event.Event) error {
	for q.tryPush(events) != nil {
		select {
		case <-q.space:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// take returns up to n events, waiting for the first; none when the intake is closed and empty. Under load
// batches are full, when idle they are small: nothing waits for company, unless delay says for how long.
func (q *intake) take(n int, delay time.Duration) []*event.Event {
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

// close lets workers drain what is left.
func (q *intake) close() {
	q.mu.Lock()
	q.mu.closed = true
	q.mu.Unlock()
	signal(q.ready)
}
