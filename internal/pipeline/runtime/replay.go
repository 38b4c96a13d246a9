package runtime

import (
	"context"

	"elkhorn/internal/event"
)

// Replay writes events again: through the filters or to the outputs at once. It returns when every one is safe, by a pipeline behind
// this one too, or a dead letter anew; an error means that ctx ended first. It may be called while Run runs.
func (p *Pipeline) Replay(ctx context.Context, events []*event.Event, filters bool) error {
	safe := make(chan struct{})
	receipt := event.NewReceipt(len(events), func() { close(safe) })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	w := p.newWorker()
	for at := 0; at < len(events); at += p.batchSize {
		batch := events[at:min(at+p.batchSize, len(events))]
		if filters {
			w.batch(ctx, batch)
		} else {
			var cursors []cursor
			for _, ev := range batch {
				cursors = append(cursors, cursor{ev: ev})
			}
			w.deliver(ctx, cursors)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	select {
	case <-safe:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
