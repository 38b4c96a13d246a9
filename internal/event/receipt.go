package event

import "sync/atomic"

// Receipt tells a source that all events it handed over together are safe: written durably by every
// output, dropped by a filter, or kept by the dead-letter queue. It is safe for concurrent use.
type Receipt struct {
	open atomic.Int64
	done func()
}

// NewReceipt makes a receipt for n events. done is called once, from whichever goroutine finishes
// the last of them; it must not block. With n = 0 it is called at once.
func NewReceipt(n int, done func()) *Receipt {
	r := &Receipt{done: done}
	r.open.Store(int64(n))
	if n == 0 {
		done()
	}
	return r
}

// Add makes the receipt wait for n more events (clones and events split off).
func (r *Receipt) Add(n int) { r.open.Add(int64(n)) }

// Finish says that one of the events is safe; Done on the event does it.
func (r *Receipt) Finish() {
	switch left := r.open.Add(-1); {
	case left == 0:
		r.done()
	case left < 0:
		panic("event: a receipt was finished more often than it had events")
	}
}

// SetReceipt ties the event to a source's receipt.
func (e *Event) SetReceipt(r *Receipt) { e.receipt = r }

// Done says that this event is safe. The runtime calls it exactly once per event; it does nothing
// for an event whose source does not wait.
func (e *Event) Done() {
	if r := e.receipt; r != nil {
		e.receipt = nil
		r.Finish()
	}
}

// Detach takes the receipt off the event, nil when it has none. Whoever takes it calls Finish on it where Done on the event would be
// called: a queue keeps it when it no longer keeps the event.
func (e *Event) Detach() *Receipt {
	r := e.receipt
	e.receipt = nil
	return r
}
