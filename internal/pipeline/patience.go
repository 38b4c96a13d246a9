package pipeline

import (
	"context"
	"time"
)

type patienceKey struct{}

// WithPatience gives outputs a context in which Wait ends with patience, while what is being sent has until the context itself ends.
func WithPatience(ctx context.Context, patience <-chan struct{}) context.Context {
	return context.WithValue(ctx, patienceKey{}, patience)
}

// Wait waits between two attempts. Its error, context.Canceled, is that ctx has ended, or that nobody wants to wait any longer for what
// does not work: the events are kept elsewhere.
func Wait(ctx context.Context, d time.Duration) error {
	patience, _ := ctx.Value(patienceKey{}).(<-chan struct{}) // nil is for ever
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-patience:
		return context.Canceled
	}
}
