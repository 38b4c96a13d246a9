package pipeline

import (
	"context"
	"fmt"
	"sync"

	"elkhorn/internal/event"
)

// Addresses joins the pipelines of a process: a pipeline input listens at an address, pipeline outputs send to it. It is safe for
// concurrent use.
type Addresses struct {
	mu struct {
		sync.Mutex
		listening map[string]*listening
		changed   chan struct{} // closed and made anew when somebody begins to listen
	}
}

// listening is an input at an address.
type listening struct {
	sink    Sink
	ended   context.Context
	end     context.CancelFunc
	sending sync.WaitGroup
}

// NewAddresses makes one for a process.
func NewAddresses() *Addresses {
	a := &Addresses{}
	a.mu.listening, a.mu.changed = map[string]*listening{}, make(chan struct{})
	return a
}

// Listen lets a sink have the events that are sent to an address until end is called, which waits for those under way.
func (a *Addresses) Listen(address string, sink Sink) (end func(), err error) {
	l := &listening{sink: sink}
	l.ended, l.end = context.WithCancel(context.Background())
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.mu.listening[address] != nil {
		l.end()
		return nil, fmt.Errorf("another input listens at the address %q", address)
	}
	a.mu.listening[address] = l
	close(a.mu.changed)
	a.mu.changed = make(chan struct{})
	return func() {
		a.mu.Lock()
		delete(a.mu.listening, address)
		a.mu.Unlock()
		l.end()
		l.sending.Wait()
	}, nil
}

// Send hands events to whoever listens at an address. When nobody does it waits, or returns false if it shall not. An error means that ctx
// ended; then none were taken.
func (a *Addresses) Send(ctx context.Context, address string, events []*event.Event, wait bool) (sent bool, err error) {
	for {
		a.mu.Lock()
		l, changed := a.mu.listening[address], a.mu.changed
		if l != nil {
			l.sending.Add(1)
		}
		a.mu.Unlock()
		if l != nil {
			if l.push(ctx, events) == nil {
				return true, nil
			}
			if err := ctx.Err(); err != nil {
				return false, err
			}
			continue // that input ended meanwhile
		}
		if !wait {
			return false, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// push pushes until ctx or the input ends.
func (l *listening) push(ctx context.Context, events []*event.Event) error {
	defer l.sending.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(l.ended, cancel)
	defer stop()
	return l.sink.Push(ctx, events)
}
