package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
)

// retryWrite is how long to wait before a page that could not be written is tried again.
const retryWrite = time.Second

// errFull says that there is no room now.
var errFull = errors.New("the queue is full")

// Push hands events over, in order, and waits while there is no room or the disk refuses them. An error means that ctx ended and none
// was taken.
func (q *Persisted) Push(ctx context.Context, events []*event.Event) error {
	records, err := encode(events)
	if err != nil {
		return err
	}
	defer func() { recycle(records) }()
	for {
		err := q.write(records, events)
		switch {
		case err == nil:
			q.waitSettled(ctx)
			return nil
		case errors.Is(err, errFull):
			q.tell("the queue is full: inputs wait until events are done with", "folder", q.dir, "max_bytes", q.o.MaxBytes)
			select {
			case <-q.space:
			case <-ctx.Done():
				return ctx.Err()
			}
		default:
			q.tell("the queue cannot be written: inputs wait, and nothing is lost", "folder", q.dir, "error", err)
			again := time.NewTimer(retryWrite)
			select {
			case <-again.C:
			case <-ctx.Done():
				again.Stop()
				return ctx.Err()
			}
		}
	}
}

// TryPush is Push that returns pipeline.ErrBusy rather than wait.
func (q *Persisted) TryPush(events []*event.Event) error {
	q.mu.Lock()
	behind := q.behindLocked()
	q.mu.Unlock()
	if behind {
		return pipeline.ErrBusy
	}
	records, err := encode(events)
	if err != nil {
		return err
	}
	defer func() { recycle(records) }()
	if err := q.write(records, events); err != nil {
		if !errors.Is(err, errFull) {
			q.tell("the queue cannot be written: inputs wait, and nothing is lost", "folder", q.dir, "error", err)
		}
		return pipeline.ErrBusy
	}
	return nil
}

// buffers hold records on their way from and to pages.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// recycle gives a buffer back, unless a large event has made it one that is better forgotten.
func recycle(b []byte) {
	if cap(b) <= 4<<20 {
		b = b[:0]
		buffers.Put(&b)
	}
}

func encode(events []*event.Event) ([]byte, error) {
	records := (*buffers.Get().(*[]byte))[:0]
	var err error
	for _, ev := range events {
		if records, err = appendRecord(records, ev.AppendBinary); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// write appends records as a whole or not at all.
func (q *Persisted) write(records []byte, events []*event.Event) error {
	q.w.Lock()
	defer q.w.Unlock()
	q.mu.Lock()
	room, broken := q.roomLocked(int64(len(records))) && !q.mu.stopped, q.mu.broken
	q.mu.blocked = q.mu.blocked || !room
	q.mu.Unlock()
	switch {
	case broken != nil:
		return broken
	case !room:
		signal(q.wake) // a page that is done with may stand in the way
		return errFull
	}
	err := q.append(records, len(events))
	q.mu.Lock()
	q.mu.trouble = err
	if err == nil {
		q.acceptLocked(events)
		room = q.roomLocked(0)
	}
	wake := len(q.mu.waiting) > 0 || q.behindLocked()
	q.mu.Unlock()
	if err != nil {
		return err
	}
	signal(q.ready)
	if room {
		signal(q.space) // for the next one that waits
	}
	if wake {
		signal(q.wake)
	}
	return nil
}

// roomLocked says whether n more bytes fit. An empty queue takes what is larger than itself: else it would wait for ever.
func (q *Persisted) roomLocked(n int64) bool {
	if q.o.MaxEvents > 0 && int64(q.mu.next-q.mu.read) >= q.o.MaxEvents {
		return false
	}
	return q.mu.bytes+n <= q.o.MaxBytes || q.mu.acks.low == q.mu.next && len(q.mu.pages) == 0
}

// acceptLocked numbers events that were written and keeps the receipts of their sources.
func (q *Persisted) acceptLocked(events []*event.Event) {
	for _, ev := range events {
		if r := ev.Detach(); r != nil {
			q.mu.waiting = append(q.mu.waiting, waiting{q.mu.next, r})
		}
		q.mu.next++
	}
}

// append writes records to the active page, beginning one when there is none or it is full. w is held.
func (q *Persisted) append(records []byte, events int) error {
	q.mu.Lock()
	file := q.mu.active
	full := file != nil && q.lastLocked().size+int64(len(records)) > q.o.PageBytes && q.lastLocked().size > pageHeaderBytes
	q.mu.Unlock()
	if full {
		// A page is whole on the disk before another one begins: only the newest can end in a torn record.
		if err := file.Sync(); err != nil {
			return q.breakWith(err)
		}
		q.retire()
	}
	if file == nil || full {
		var err error
		if file, err = q.begin(); err != nil {
			return fmt.Errorf("begin a page: %w", err)
		}
	}
	q.mu.Lock()
	last := q.lastLocked()
	q.mu.Unlock()
	if _, err := file.Write(records); err != nil {
		// What was written in part must not stay between good records.
		if cutErr := file.Truncate(last.size); cutErr != nil {
			q.retire()
		}
		return fmt.Errorf("write page %s: %w", q.path(last), err)
	}
	q.mu.Lock()
	last.size += int64(len(records))
	q.mu.bytes += int64(len(records))
	q.mu.Unlock()
	return nil
}

func (q *Persisted) lastLocked() *page { return q.mu.pages[len(q.mu.pages)-1] }

// retire ends the active page: the next write begins another.
func (q *Persisted) retire() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mu.active != nil {
		q.mu.retired = append(q.mu.retired, q.mu.active)
		q.mu.active = nil
	}
}

// begin makes a new page.
func (q *Persisted) begin() (vfs.File, error) {
	q.mu.Lock()
	p := &page{number: 1, first: q.mu.next, size: pageHeaderBytes}
	if len(q.mu.pages) > 0 {
		p.number = q.lastLocked().number + 1
	}
	q.mu.Unlock()
	f, err := q.fs.OpenAppend(q.path(p))
	if err != nil {
		return nil, err
	}
	if err := f.Truncate(0); err != nil { // an earlier try may have left something
		return nil, errors.Join(err, f.Close())
	}
	if _, err := f.Write(pageHeader(p.first)); err != nil {
		return nil, errors.Join(err, f.Close(), q.fs.Remove(q.path(p)))
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.mu.pages = append(q.mu.pages, p)
	q.mu.bytes += p.size
	q.mu.active, q.mu.renamed = f, true
	return f, nil
}

// behindLocked says that the disk lacks as many events as it may.
func (q *Persisted) behindLocked() bool {
	return q.o.CheckpointWrites > 0 && q.mu.next-q.mu.synced >= uint64(q.o.CheckpointWrites)
}

// waitSettled waits until the disk lacks fewer events than it may.
func (q *Persisted) waitSettled(ctx context.Context) {
	for {
		q.mu.Lock()
		behind, settled := q.behindLocked(), q.mu.settled
		q.mu.Unlock()
		if !behind {
			return
		}
		select {
		case <-settled:
		case <-ctx.Done():
			return
		}
	}
}

// tell logs why the queue takes nothing, once in a while.
func (q *Persisted) tell(message string, args ...any) {
	now := time.Now()
	q.mu.Lock()
	quietNow := now.Sub(q.mu.saidAt) < quiet && !q.mu.saidAt.IsZero()
	if !quietNow {
		q.mu.saidAt = now
	}
	q.mu.Unlock()
	if !quietNow {
		q.o.Logger.Warn(message, args...)
	}
}
