package api

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

const (
	// sweepPage is how many documents are read and written at a time when scroll_size does not say.
	sweepPage = 1000
	// maxSweepPage bounds scroll_size: a page is held in memory.
	maxSweepPage = 10_000
	// sweepKeepAlive is how long one page may take before its snapshot ends.
	sweepKeepAlive = 5 * time.Minute
	// maxSweepFailures bounds the failures that an answer lists.
	maxSweepFailures = 1000
	// maxBulkRetries is how often a write is tried again that is refused because there is too much to do; the waits in
	// between grow from the first to the longest.
	maxBulkRetries                = 11
	firstRetryWait, lastRetryWait = 50 * time.Millisecond, 5 * time.Second
)

// sweepKind is what kind of request by query a sweep carries out, and what its answers count.
type sweepKind struct {
	name             string
	created, updated bool
}

// sweep reads the documents that match a query, as they were when it began, and writes something for
// each: delete by query, update by query and reindex.
type sweep struct {
	kind    *sweepKind
	search  es.SearchRequest
	remote  *remoteSource // where the documents come from; nil for this store
	page    int64
	refresh es.Refresh
	maxDocs int64 // 0 is no limit
	// slices is into how many parts that run at a time the documents are cut; 0 is as many as the indices have shards.
	slices int64
	rate   *sweepRate
	// proceed counts version conflicts rather than stop at them.
	proceed bool
	// copies is how many copies must be there before a write; there is one.
	copies  int64
	timeout string
	// writeOp is what to write for a document; nothing where noop is true.
	writeOp func(hit *es.Hit) (op es.BulkOp, noop bool, err error)

	// script changes what is written, one document at a time; nil for none.
	script   *sweepScript
	scriptMu sync.Mutex

	call    *call          // that the work is done for
	workers []*sweepWorker // guarded by tasks.mu until the work begins
	busy    chan struct{}  // has room for those that hold a page
	mu      struct {
		sync.Mutex
		touched  []string // indices written to, for a refresh at the end
		failures []es.BulkItem
	}
}

// sweepWorker goes through one slice of the documents, or all of them.
type sweepWorker struct {
	*sweep
	source  hitSource
	maxDocs int64
	rate    *sweepRate
	task    *task
	mu      sync.Mutex
	now     sweepStatus // guarded by mu
}

// hitSource gives the documents of a sweep page by page.
type hitSource interface {
	// next returns up to size documents, none at the end, and how many there are altogether. The source stays usable for
	// keepAlive afterwards.
	next(ctx context.Context, size int, keepAlive time.Duration) (hits []es.Hit, total int64, err error)
}

// localSource is documents of this store, of a snapshot.
type localSource struct {
	store es.Store
	req   es.SearchRequest
	total int64
}

func (l *localSource) next(ctx context.Context, size int, keepAlive time.Duration) ([]es.Hit, int64, error) {
	l.req.Size, l.req.KeepAlive = size, keepAlive
	res, err := l.store.Search(ctx, &l.req)
	if err != nil {
		return nil, 0, err
	}
	if len(res.Shards.Failures) > 0 {
		return nil, 0, partialFailure(res.Shards.Failures)
	}
	if res.Hits.Total != nil {
		l.total, l.req.TrackTotal = res.Hits.Total.Value, es.TrackNone
	}
	hits := res.Hits.Hits
	if len(hits) > 0 {
		l.req.SearchAfter = hits[len(hits)-1].Sort
	}
	return hits, l.total, nil
}

// run goes through the documents, in as many parts as were asked for. A task that is cancelled ends early and says so in its
// status; that is no error.
func (w *sweep) run(c *call) error {
	if err := w.divide(c); err != nil {
		return err
	}
	if w.remote == nil {
		id, err := c.store.OpenSnapshot(c.ctx(), w.search.Target, sweepKeepAlive)
		if err != nil {
			return err
		}
		defer c.closeSnapshots(c, []es.SnapshotID{id})
		w.search.Target, w.search.Snapshot = es.Target{}, id
	} else {
		defer w.remote.close(context.WithoutCancel(c.ctx()))
	}
	w.search.Sort = withTieBreaker(w.search.Sort)
	w.search.TrackTotal, w.search.SeqNo, w.search.Version = es.TrackAll, true, true
	w.busy = make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	errs := make([]error, len(w.workers))
	var group sync.WaitGroup
	for i, worker := range w.workers {
		worker.open(c.store)
		if len(w.workers) == 1 {
			errs[i] = worker.run(c.ctx(), c.store)
			break
		}
		end := worker.startTask(c)
		group.Go(func() {
			defer end()
			_, errs[i] = safely(c.Server, func() (answer, error) { return answer{}, worker.run(c.ctx(), c.store) })
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	if w.refresh != es.RefreshNone && len(w.mu.touched) > 0 && c.ctx().Err() == nil {
		_, err := c.store.Apply(c.ctx(), &es.RefreshIndices{Target: es.Target{Names: w.mu.touched}})
		return err
	}
	return nil
}

// maxAutoSlices is Elasticsearch's limit on the slices that it chooses itself.
const maxAutoSlices = 20

// divide makes the workers.
func (w *sweep) divide(c *call) error {
	n := w.slices
	if n == 0 {
		n = maxAutoSlices
		indices, err := c.store.Indices(c.ctx(), w.search.Target)
		if err != nil {
			return err
		}
		for i := range indices {
			n = min(n, int64(es.ShardingOf(indices[i].Settings).Shards))
		}
		if len(indices) == 0 {
			n = 1
		}
	}
	c.tasks.mu.Lock()
	defer c.tasks.mu.Unlock()
	for i := range n {
		worker := &sweepWorker{sweep: w, maxDocs: w.maxDocs, rate: w.rate, now: sweepStatus{slice: -1}}
		if n > 1 {
			worker.maxDocs, worker.rate, worker.now.slice = w.maxDocs/n, newSweepRate(w.rate.get()/float64(n)), i
		}
		w.workers = append(w.workers, worker)
	}
	c.task.sweep, w.call = w, c
	return nil
}

// open readies the worker's source.
func (w *sweepWorker) open(store es.Store) {
	if w.remote != nil {
		w.remote.search = &w.search
		w.source = w.remote
		return
	}
	local := &localSource{store: store, req: w.search}
	if w.now.slice >= 0 {
		local.req.Slice = &es.Slice{ID: int(w.now.slice), Max: len(w.workers)}
	}
	w.source = local
}

// startTask lists the worker as a task of its own below the sweep's.
func (w *sweepWorker) startTask(c *call) (end func()) {
	t := &task{parent: c.task.id, action: c.task.action, description: c.task.description, opaqueID: c.task.opaqueID, started: c.now(), cancel: func(error) {}, slice: w}
	c.tasks.start(t)
	w.task = t
	return func() { c.tasks.end(t) }
}

// run goes through the worker's documents page by page.
func (w *sweepWorker) run(ctx context.Context, store es.Store) error {
	for !w.failed() && !w.cancelled(ctx) {
		size := w.page
		if w.maxDocs > 0 {
			size = min(size, w.maxDocs-w.handled())
		}
		if size <= 0 {
			return nil
		}
		began := time.Now()
		w.busy <- struct{}{}
		n, err := w.handlePage(ctx, store, int(size))
		<-w.busy
		if w.cancelled(ctx) {
			return nil
		}
		if err != nil || n == 0 {
			return err
		}
		if w.maxDocs > 0 && w.handled() >= w.maxDocs {
			return nil
		}
		w.throttle(ctx, n, began)
	}
	return nil
}

// cancelled reports whether the work is to end early, and notes why.
func (w *sweepWorker) cancelled(ctx context.Context) bool {
	if ctx.Err() == nil {
		return false
	}
	why := "by shutdown"
	if eserr.Is(context.Cause(ctx), "task_cancelled_exception") {
		why = "by user request"
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now.cancelled = why
	return true
}

// cancelled reports whether the sweep is to end early, and notes why.
func (w *sweep) cancelled(ctx context.Context) bool {
	for _, worker := range w.workers {
		worker.cancelled(ctx)
	}
	return ctx.Err() != nil && len(w.workers) > 0
}

func (w *sweepWorker) handled() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now.handled
}

// handlePage reads and writes a page and returns how many documents it had.
func (w *sweepWorker) handlePage(ctx context.Context, store es.Store, size int) (int, error) {
	keepAlive := sweepKeepAlive + waitFor(size, w.rate.get())
	hits, total, err := w.source.next(ctx, size, min(keepAlive, dates.MaxTimeValue))
	if err != nil {
		return 0, err
	}
	if w.maxDocs > 0 {
		total = min(total, w.maxDocs)
		hits = hits[:min(int64(len(hits)), int64(size))]
	}
	w.mu.Lock()
	w.now.total = max(w.now.total, total)
	w.mu.Unlock()
	if len(hits) == 0 {
		return 0, nil
	}
	return len(hits), w.writePage(ctx, store, hits)
}

// writePage writes what a page of documents asks for and counts what became of it.
func (w *sweepWorker) writePage(ctx context.Context, store es.Store, hits []es.Hit) error {
	ops := make([]es.BulkOp, 0, len(hits))
	noops := int64(0)
	for i := range hits {
		op, noop, err := w.writeOp(&hits[i])
		switch {
		case err != nil:
			return err
		case noop:
			noops++
			continue
		case op.Action != es.ActionDelete && op.Source == nil:
			return eserr.IllegalArgument("[%s][%s] didn't store _source", hits[i].Index, hits[i].ID)
		}
		if w.script != nil {
			write, err := w.runScript(&hits[i], &op)
			if err != nil {
				return err
			}
			if !write {
				noops++
				continue
			}
		}
		ops = append(ops, op)
	}
	items, err := w.write(ctx, store, ops)
	if err != nil {
		return err
	}
	w.count(items, int64(len(hits)), noops)
	return nil
}

// runScript lets the script change an operation; it says whether there is something to write. Scripts share their params.
func (w *sweep) runScript(hit *es.Hit, op *es.BulkOp) (write bool, err error) {
	w.scriptMu.Lock()
	defer w.scriptMu.Unlock()
	return w.script.apply(w.call, hit, op)
}

// write carries out operations, again where the store has too much to do.
func (w *sweepWorker) write(ctx context.Context, store es.Store, ops []es.BulkOp) ([]es.BulkItem, error) {
	if len(ops) == 0 {
		return nil, nil
	}
	if w.copies > 1 {
		tooFewCopies(ops, w.copies, w.timeout)
	}
	wait := firstRetryWait
	for attempt := 0; ; attempt++ {
		res, err := store.Bulk(ctx, &es.BulkRequest{Ops: ops})
		if err == nil {
			return res.Items, nil
		}
		if eserr.From(err).Status != http.StatusTooManyRequests || attempt == maxBulkRetries {
			return nil, err
		}
		w.mu.Lock()
		w.now.bulkRetries++
		w.mu.Unlock()
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		wait = min(2*wait, lastRetryWait)
	}
}

// count notes what became of a page.
func (w *sweepWorker) count(items []es.BulkItem, documents, noops int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	st := &w.now
	st.batches++
	st.handled += documents
	st.total = max(st.total, st.handled)
	st.noops += noops
	for i := range items {
		item := &items[i]
		switch {
		case item.Err != nil && item.Err.Status == http.StatusConflict:
			st.conflicts++
			if !w.proceed {
				w.fail(item)
			}
		case item.Err != nil:
			w.fail(item)
		case item.Result == "created":
			st.created++
		case item.Result == "deleted":
			st.deleted++
		default:
			st.updated++
		}
		w.touch(item.Index)
	}
}

func (w *sweep) touch(index string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.mu.touched, index) {
		w.mu.touched = append(w.mu.touched, index)
	}
}

func (w *sweep) fail(item *es.BulkItem) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.mu.failures) < maxSweepFailures {
		w.mu.failures = append(w.mu.failures, *item)
	}
}

// failed reports whether some document failed: then no worker begins another page.
func (w *sweep) failed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.mu.failures) > 0
}

// response prints what the sweep came to; the status is that of the worst failure.
func (w *sweep) response(l *tasks, took time.Duration, every bool) (body []byte, status int) {
	status = http.StatusOK
	failures := w.mu.failures
	for i := range failures {
		status = max(status, failures[i].Err.Status)
	}
	sum := w.status(l)
	body = object(func(o *jsonval.Writer) {
		o.Int("took", took.Milliseconds())
		o.Bool("timed_out", false)
		sum.write(o, every || w.kind.created, every || w.kind.updated)
		o.Raw("failures", list(len(failures), func(dst []byte, i int) []byte {
			item := &failures[i]
			f := jsonval.Begin(dst)
			f.String("index", item.Index)
			f.String("id", item.ID)
			f.Raw("cause", item.Err.AppendItem(nil))
			f.Int("status", int64(item.Err.Status))
			return f.End()
		}))
	})
	return body, status
}
