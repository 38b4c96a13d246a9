package runtime

import (
	"context"
	"sync"
	"time"

	"elkhorn/internal/ship"
	"elkhorn/internal/ship/harvest"
)

// maxQueueBytes bounds the queue beside the number of events: a thousand stack traces of a megabyte each must not fit.
const maxQueueBytes = 64 << 20

// entry is one encoded event on its way.
type entry struct {
	json   []byte
	source *harvest.Tracker
	number uint64
}

// queue holds events from their input until they are acknowledged.
type queue struct {
	opts ship.Queue

	mu struct {
		sync.Mutex // guards what follows
		waiting    []entry
		since      time.Time // when the first of waiting came
		retry      [][]entry // of failed connections, sent before waiting
		held       int       // events waiting, in retry, and with connections
		bytes      int       // of held
		closed     bool
	}
	room    *sync.Cond    // held or bytes shrank
	work    *sync.Cond    // there may be a batch
	drained chan struct{} // closed when the queue is closed and every event settled
}

func newQueue(opts ship.Queue) *queue {
	q := &queue{opts: opts, drained: make(chan struct{})}
	q.room, q.work = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

// put waits for room and takes an event. An error means that ctx ended.
func (q *queue) put(ctx context.Context, e entry) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fullLocked() {
		stop := context.AfterFunc(ctx, func() { q.wakeAll(q.room) })
		defer stop()
	}
	for q.fullLocked() {
		if err := ctx.Err(); err != nil {
			return err
		}
		q.room.Wait()
	}
	if len(q.mu.waiting) == 0 {
		q.mu.since = time.Now()
		q.work.Signal() // somebody must watch the clock
	}
	q.mu.waiting = append(q.mu.waiting, e)
	q.mu.held++
	q.mu.bytes += len(e.json)
	if len(q.mu.waiting) >= q.opts.MinEvents || q.fullLocked() {
		q.work.Signal()
	}
	return nil
}

func (q *queue) fullLocked() bool {
	return q.mu.held >= q.opts.Events || q.mu.bytes >= maxQueueBytes
}

func (q *queue) wakeAll(c *sync.Cond) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c.Broadcast()
}

// take waits for a batch and returns at most limit events, or all there are for limit 0. Events taken stay held until settle or
// giveBack. The error is ctx's.
func (q *queue) take(ctx context.Context, limit int) ([]entry, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { q.wakeAll(q.work) })
	defer stop()
	for {
		if err := ctx.Err(); err != nil {
			q.work.Signal() // this one may have been meant for somebody else
			return nil, err
		}
		if n := len(q.mu.retry); n > 0 {
			batch := cutBatch(&q.mu.retry[0], limit)
			if len(q.mu.retry[0]) == 0 {
				q.mu.retry = q.mu.retry[1:]
			}
			return batch, nil
		}
		due := time.Until(q.mu.since.Add(q.opts.FlushTimeout))
		if n := len(q.mu.waiting); n > 0 && (q.mu.closed || n >= q.opts.MinEvents || limit > 0 && n >= limit || q.fullLocked() || due <= 0) {
			batch := cutBatch(&q.mu.waiting, limit)
			q.mu.since = time.Now()
			if len(q.mu.waiting) > 0 {
				q.work.Signal()
			}
			return batch, nil
		}
		q.waitForWorkLocked(due)
	}
}

func (q *queue) waitForWorkLocked(due time.Duration) {
	if len(q.mu.waiting) > 0 {
		timer := time.AfterFunc(due, func() { q.wakeAll(q.work) })
		defer timer.Stop()
	}
	q.work.Wait()
}

// cutBatch takes the first entries off a list, into memory of their own.
func cutBatch(from *[]entry, limit int) []entry {
	n := len(*from)
	if limit > 0 {
		n = min(n, limit)
	}
	batch := append([]entry(nil), (*from)[:n]...)
	rest := (*from)[n:]
	if len(rest) == 0 {
		*from = nil // let a burst's memory go
		return batch
	}
	clear((*from)[:n])
	*from = rest
	return batch
}

// giveBack returns events that were not acknowledged, to be sent before all others.
func (q *queue) giveBack(batch []entry) {
	if len(batch) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.mu.retry = append(q.mu.retry, batch)
	q.work.Signal()
}

// settle forgets acknowledged events.
func (q *queue) settle(batch []entry) {
	for _, e := range batch {
		e.source.Done(e.number)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.mu.held -= len(batch)
	for _, e := range batch {
		q.mu.bytes -= len(e.json)
	}
	q.room.Broadcast()
	q.checkDrainedLocked()
}

// close says that nothing more will be put: what is there need not wait for company. It is called once.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.mu.closed = true
	q.work.Broadcast()
	q.checkDrainedLocked()
}

func (q *queue) checkDrainedLocked() {
	if q.mu.closed && q.mu.held == 0 {
		close(q.drained)
	}
}
