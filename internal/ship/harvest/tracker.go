package harvest

import "sync"

// Tracker knows how far a source is delivered. Events are added in order and become safe in any order; the safe offset passes
// an event when it and every one before it are safe. Its methods are safe for concurrent use.
type Tracker struct {
	advance func(offset int64) // called with a growing offset, under the lock; nil for none

	mu struct {
		sync.Mutex // guards what follows
		pending    []trackedEvent
		first      uint64        // number of pending[0]
		idle       chan struct{} // not nil while someone waits for pending to become empty
	}
}

type trackedEvent struct {
	end  int64
	safe bool
}

// NewTracker makes a tracker that reports each new safe offset. advance must not block and must not call the tracker.
func NewTracker(advance func(offset int64)) *Tracker { return &Tracker{advance: advance} }

// Add notes an event that ends at an offset, and returns the number to give to Done.
func (t *Tracker) Add(end int64) uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.pending = append(t.mu.pending, trackedEvent{end: end})
	return t.mu.first + uint64(len(t.mu.pending)) - 1
}

// Done says that an event is safe: acknowledged, or dropped on purpose.
func (t *Tracker) Done(number uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.pending[number-t.mu.first].safe = true
	n := 0
	for n < len(t.mu.pending) && t.mu.pending[n].safe {
		n++
	}
	if n == 0 {
		return
	}
	end := t.mu.pending[n-1].end
	t.mu.pending = t.mu.pending[n:]
	t.mu.first += uint64(n)
	if len(t.mu.pending) == 0 {
		t.mu.pending = nil // an idle file keeps nothing
		if t.mu.idle != nil {
			close(t.mu.idle)
			t.mu.idle = nil
		}
	}
	if t.advance != nil {
		t.advance(end)
	}
}

// Skip passes bytes that make no event.
func (t *Tracker) Skip(end int64) { t.Done(t.Add(end)) }

// Idle returns a channel that is closed when no event is pending.
func (t *Tracker) Idle() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.mu.pending) == 0 {
		done := make(chan struct{})
		close(done)
		return done
	}
	if t.mu.idle == nil {
		t.mu.idle = make(chan struct{})
	}
	return t.mu.idle
}
