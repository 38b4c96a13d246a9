package api

import (
	"context"
	"sync"
	"time"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// sweepStatus is how far a sweep is.
type sweepStatus struct {
	slice                                                                int64 // -1 for the whole
	total, handled, created, updated, deleted, batches, conflicts, noops int64
	bulkRetries                                                          int64
	throttled                                                            time.Duration
	perSecond                                                            float64 // 0 is no limit
	// until is when a page that is waited for begins; zero when none is.
	until     time.Time
	cancelled string // why it ended early
	slices    []sweepStatus
}

// status adds up what the workers did.
func (w *sweep) status(l *tasks) *sweepStatus {
	l.mu.Lock()
	workers := w.workers
	l.mu.Unlock()
	if len(workers) == 1 {
		st := workers[0].snapshot()
		return &st
	}
	sum := &sweepStatus{slice: -1}
	if len(workers) == 0 {
		sum.perSecond = w.rate.get()
	}
	for _, worker := range workers {
		st := worker.snapshot()
		sum.total += st.total
		sum.created += st.created
		sum.updated += st.updated
		sum.deleted += st.deleted
		sum.batches += st.batches
		sum.conflicts += st.conflicts
		sum.noops += st.noops
		sum.bulkRetries += st.bulkRetries
		sum.throttled += st.throttled
		sum.perSecond += st.perSecond
		if sum.until.IsZero() || !st.until.IsZero() && st.until.Before(sum.until) {
			sum.until = st.until
		}
		if st.cancelled != "" {
			sum.cancelled = st.cancelled
		}
		sum.slices = append(sum.slices, st)
	}
	return sum
}

// snapshot is what the worker did so far.
func (w *sweepWorker) snapshot() sweepStatus {
	w.mu.Lock()
	defer w.mu.Unlock()
	st := w.now
	st.perSecond = w.rate.get()
	return st
}

func (st sweepStatus) json() []byte {
	return object(func(o *jsonval.Writer) { st.write(o, true, true) })
}

// write prints the counts.
func (st *sweepStatus) write(o *jsonval.Writer, created, updated bool) {
	if st.slice >= 0 {
		o.Int("slice_id", st.slice)
	}
	o.Int("total", st.total)
	if updated {
		o.Int("updated", st.updated)
	}
	if created {
		o.Int("created", st.created)
	}
	o.Int("deleted", st.deleted)
	o.Int("batches", st.batches)
	o.Int("version_conflicts", st.conflicts)
	o.Int("noops", st.noops)
	o.Raw("retries", object(func(o *jsonval.Writer) {
		o.Int("bulk", st.bulkRetries)
		o.Int("search", 0)
	}))
	o.Int("throttled_millis", st.throttled.Milliseconds())
	perSecond := st.perSecond
	if perSecond == 0 {
		perSecond = -1
	}
	o.Raw("requests_per_second", result.AppendDouble(nil, perSecond))
	o.StringIf("canceled", st.cancelled)
	left := time.Duration(0)
	if !st.until.IsZero() {
		left = max(time.Until(st.until), 0)
	}
	o.Int("throttled_until_millis", left.Milliseconds())
	if len(st.slices) > 0 {
		o.Raw("slices", list(len(st.slices), func(dst []byte, i int) []byte {
			item := jsonval.Begin(dst)
			st.slices[i].write(&item, created, updated)
			return item.End()
		}))
	}
}

// sweepRate is how many documents a worker may handle in a second. It can change while someone waits.
type sweepRate struct {
	mu        sync.Mutex
	perSecond float64 // 0 is no limit
	changed   chan struct{}
}

func newSweepRate(perSecond float64) *sweepRate {
	return &sweepRate{perSecond: perSecond, changed: make(chan struct{})}
}

func (r *sweepRate) get() float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.perSecond
}

func (r *sweepRate) set(perSecond float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.perSecond = perSecond
	close(r.changed)
	r.changed = make(chan struct{})
}

// next is closed when the rate changes.
func (r *sweepRate) next() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

// waitFor is how long so many documents may take.
func waitFor(documents int, perSecond float64) time.Duration {
	if perSecond == 0 {
		return 0
	}
	return time.Duration(min(float64(documents)/perSecond*float64(time.Second), float64(dates.MaxTimeValue)))
}

// throttle waits until a page that began at some time may be followed by another. A rate that is raised meanwhile shortens the
// wait; one that is lowered holds from the next page on.
func (w *sweepWorker) throttle(ctx context.Context, documents int, began time.Time) {
	paused := time.Now()
	until := began.Add(waitFor(documents, w.rate.get()))
	for {
		changed := w.rate.next()
		if sooner := began.Add(waitFor(documents, w.rate.get())); sooner.Before(until) {
			until = sooner
		}
		wait := time.Until(until)
		if wait <= 0 {
			break
		}
		w.setUntil(until)
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-changed:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			break
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.now.until.IsZero() {
		w.now.throttled += time.Since(paused)
	}
	w.now.until = time.Time{}
}

func (w *sweepWorker) setUntil(until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now.until = until
}
