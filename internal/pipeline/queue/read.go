package queue

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/vfs"
)

const (
	// batchBytes bounds what one Take reads, so that large events do not add up; one event is always taken.
	batchBytes = 16 << 20
	// retryRead is how long to wait before a page that could not be read is tried again.
	retryRead = time.Second
)

// batch is records as they were read.
type batch struct {
	first uint64 // number of the first event
	page  *page
	data  []byte
	ends  []int
}

// Take returns up to n events, waiting for the first, and up to delay for more; none once the queue is stopped. Each event holds a receipt:
// when all of them are Done they do not come again.
func (q *Persisted) Take(n int, delay time.Duration) []*event.Event {
	var full *time.Timer // runs while a batch waits for company
	for {
		q.mu.Lock()
		have := q.mu.next - q.mu.read
		draining := q.mu.stopped
		stopped := draining && (!q.mu.drain || have == 0)
		q.mu.Unlock()
		switch {
		case stopped:
			signal(q.ready) // for the next worker
			return nil
		case have == 0:
			<-q.ready
			continue
		case have < uint64(n) && delay > 0 && !draining:
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
		b, err := q.readBatch(n)
		if err != nil {
			q.tell("the queue cannot be read: events wait", "folder", q.dir, "error", err)
			again := time.NewTimer(retryRead)
			select {
			case <-again.C:
			case <-q.ready:
				again.Stop()
			}
			continue
		}
		if events := q.decode(b); len(events) > 0 {
			return events
		}
	}
}

// readBatch reads records of one page and moves on behind them. It returns none when another worker was faster, or when damage was skipped.
func (q *Persisted) readBatch(n int) (batch, error) {
	q.r.Lock()
	defer q.r.Unlock()
	q.mu.Lock()
	b := batch{first: q.mu.read}
	i := q.pageOfLocked(b.first)
	if i < 0 {
		q.mu.Unlock()
		return b, nil
	}
	end, size := q.endLocked(i), q.mu.pages[i].size
	b.page = q.mu.pages[i]
	if b.first < b.page.first { // pages before it were set aside
		q.mu.acks.add(b.first, b.page.first)
		q.mu.read, b.first = b.page.first, b.page.first
	}
	q.mu.Unlock()
	b.data = (*buffers.Get().(*[]byte))[:0]
	err := q.enter(b.page, b.first, size)
	for err == nil && len(b.ends) < n && len(b.data) < batchBytes && b.first+uint64(len(b.ends)) < end {
		var record []byte
		if record, err = q.r.reader.next(); err == nil {
			b.data = append(b.data, record...)
			b.ends = append(b.ends, len(b.data))
		}
	}
	at := b.first + uint64(len(b.ends))
	if damage := q.asDamage(err, b.page); damage != nil {
		at = q.skip(b.page, at, damage)
	} else if err != nil {
		return batch{}, errors.Join(err, q.leavePage())
	}
	q.mu.Lock()
	q.mu.read = at
	more := q.mu.next > at
	q.mu.Unlock()
	if more {
		signal(q.ready) // for the next worker
	}
	signal(q.space) // a limit of events may be met no more
	return b, nil
}

// asDamage returns what is wrong with a page: a record that is not good, or fewer records than its followers say.
func (q *Persisted) asDamage(err error, p *page) error {
	if errors.Is(err, io.EOF) {
		return q.r.reader.corrupt(q.r.reader.offset, "records are missing at the page's end")
	}
	if vfs.IsCorruption(err) {
		return err
	}
	return nil
}

// pageOfLocked finds the page that holds an event, or the next one when that page was set aside; -1 when there is none.
func (q *Persisted) pageOfLocked(number uint64) int {
	for i := range q.mu.pages {
		if number < q.endLocked(i) {
			return i
		}
	}
	return -1
}

// enter makes the reader stand before an event.
func (q *Persisted) enter(p *page, number uint64, size int64) error {
	if q.r.page == p {
		q.r.reader.end = size
		return nil
	}
	if err := q.leavePage(); err != nil {
		return err
	}
	r, first, err := openPage(q.fs, q.path(p), size)
	if err != nil {
		if vfs.IsCorruption(err) {
			q.r.reader = &pageReader{path: q.path(p)}
		}
		return err
	}
	q.r.page, q.r.reader = p, r
	for at := first; at < number; at++ {
		if _, err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

// leavePage closes the page that is read.
func (q *Persisted) leavePage() error {
	if q.r.page == nil {
		return nil
	}
	f := q.r.reader.file
	q.r.page, q.r.reader = nil, nil
	return f.Close()
}

// skip passes over the rest of a damaged page, from event at on, and returns where reading goes on. The events count as acknowledged, so that
// the queue can go on; the page is kept.
func (q *Persisted) skip(p *page, at uint64, damage error) uint64 {
	q.w.Lock()
	q.mu.Lock()
	i := slices.Index(q.mu.pages, p)
	last := i == len(q.mu.pages)-1
	q.mu.Unlock()
	if last {
		q.retire()
	}
	q.mu.Lock()
	end := q.endLocked(i)
	p.damaged = true
	if at < end {
		q.forgetLocked(at, end)
		q.mu.acks.add(at, end)
	}
	q.mu.Unlock()
	q.w.Unlock()
	q.o.Logger.Error("a page of the queue is damaged", "error", damage, "events_lost", end-at)
	return end
}

// decode makes events of records.
func (q *Persisted) decode(b batch) []*event.Event {
	defer recycle(b.data)
	if len(b.ends) == 0 {
		return nil
	}
	end := b.first + uint64(len(b.ends))
	events := make([]*event.Event, 0, len(b.ends))
	from := 0
	for i, to := range b.ends {
		ev, err := event.ParseBinary(b.data[from:to])
		if err != nil { // its checksum is right: another version wrote it
			q.o.Logger.Error("an event of the queue cannot be read and is set aside with its page", "error", fmt.Errorf("%s: event %d: %w", q.path(b.page), b.first+uint64(i), err))
			q.mu.Lock()
			b.page.damaged = true
			q.mu.Unlock()
		} else {
			events = append(events, ev)
		}
		from = to
	}
	receipt := event.NewReceipt(len(events), func() { q.acknowledge(b.first, end) })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	return events
}
