package ingest

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/ingest/processor"
	"elkhorn/internal/rescue"
)

// task is an operation with the pipelines that its document passes.
type task struct {
	at int // in the request
	roles
	executed []string
	dropped  bool
}

// Bulk takes documents through their pipelines and hands the operations on; see es.Bulker. A document that a pipeline fails on
// has its item's error, one that it drops an item with the result noop.
func (s *Store) Bulk(ctx context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	defer s.targets.written()
	tasks, err := s.plan(ctx, req)
	if err != nil {
		return nil, err
	}
	if len(tasks) == 0 {
		return s.Store.Bulk(ctx, req)
	}
	began := time.Now()
	ops := slices.Clone(req.Ops)
	if err := s.runAll(ctx, ops, tasks, req.Single); err != nil {
		return nil, err
	}
	took := time.Since(began).Milliseconds()
	inner := *req
	inner.Ops, inner.Pipeline = ops, ""
	if slices.ContainsFunc(tasks, func(t task) bool { return t.dropped }) {
		inner.Ops = withoutDropped(ops, tasks)
	}
	resp := &es.BulkResponse{}
	if len(inner.Ops) > 0 {
		if resp, err = s.Store.Bulk(ctx, &inner); err != nil {
			return nil, err
		}
	}
	if len(inner.Ops) < len(ops) {
		resp.Items = withDropped(ops, tasks, resp.Items)
	}
	resp.Ingested, resp.IngestTookMillis = true, took
	for i := range tasks {
		item := &resp.Items[tasks[i].at]
		if tasks[i].dropped && item.Err != nil { // by what an update called
			*item = droppedItem(&ops[tasks[i].at])
		}
		item.Pipelines = tasks[i].executed
		if item.Err != nil && item.ID == "" && ops[tasks[i].at].Err != nil {
			item.ID = es.NoID
		}
	}
	return resp, nil
}

// plan finds the operations whose documents pass a pipeline.
func (s *Store) plan(ctx context.Context, req *es.BulkRequest) ([]task, error) {
	var tasks []task
	last, known, of := "", false, roles{}
	for i := range req.Ops {
		op := &req.Ops[i]
		if op.Action == es.ActionDelete || op.Err != nil {
			continue
		}
		if !known || op.Index != last {
			var err error
			if of, err = s.targets.of(ctx, op.Index); err != nil {
				return nil, err
			}
			last, known = op.Index, true
		}
		r := of
		if named := namedPipeline(op, req); named != "" {
			if r.first = named; named == none {
				r.first = ""
			}
		}
		if r != (roles{}) {
			tasks = append(tasks, task{at: i, roles: r})
		}
	}
	return tasks, nil
}

func namedPipeline(op *es.BulkOp, req *es.BulkRequest) string {
	if op.Pipeline != "" {
		return op.Pipeline
	}
	return req.Pipeline
}

// tasksPerWorker is how many documents are worth another goroutine: about a millisecond's work.
const tasksPerWorker = 64

// runAll runs the tasks, on several processors when there are many. Errors are those that concern the whole request.
func (s *Store) runAll(ctx context.Context, ops []es.BulkOp, tasks []task, single bool) error {
	workers := min(runtime.GOMAXPROCS(0), (len(tasks)+tasksPerWorker-1)/tasksPerWorker)
	var next atomic.Int64
	errs := make([]error, workers)
	work := func(w int) {
		r := runner{Store: s, ctx: ctx, single: single}
		for {
			end := int(next.Add(tasksPerWorker))
			for i := end - tasksPerWorker; i < min(end, len(tasks)); i++ {
				if errs[w] = r.run(&ops[tasks[i].at], &tasks[i]); errs[w] != nil {
					return
				}
			}
			if end >= len(tasks) {
				return
			}
		}
	}
	if workers == 1 {
		work(0)
		return errs[0]
	}
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { work(w) })
	}
	wait.Wait()
	return errors.Join(errs...)
}

// runner takes documents through pipelines, one at a time.
type runner struct {
	*Store
	ctx    context.Context
	single bool   // see es.BulkRequest
	out    []byte // where documents are printed; a full one is left to the operations that are in it
}

// outBytes is the size of a buffer for printed documents.
const outBytes = 256 << 10

// run takes one operation's document through its pipelines. The operation gets the result, or its error.
func (r *runner) run(op *es.BulkOp, t *task) error {
	var err error
	switch {
	case op.Action == es.ActionUpdate && r.single:
		r.rewrite(op, t)
	case op.Action == es.ActionUpdate:
		err = r.update(op, t)
	default:
		var source event.Value
		if source, err = parseSource(op.Source); err == nil {
			err = rescue.Do(func() error { return r.document(op, t, source) })
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, processor.ErrDropped):
		t.dropped = true
		return nil
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	}
	var fault *rescue.Panic
	if errors.As(err, &fault) {
		r.logger.Error("an ingest pipeline panicked on a document, which is refused", "index", op.Index, "error", fault)
	}
	op.Err = eserr.From(err)
	return nil
}

// parseSource reads a document.
func parseSource(source []byte) (event.Value, error) {
	v, err := event.ParseObject(source)
	if err != nil {
		return v, eserr.ParseException("Failed to parse content to type").Because(eserr.XContentParse("%v", err))
	}
	return v, nil
}

// document runs the pipelines over a document and puts the outcome into the operation.
func (r *runner) document(op *es.BulkOp, t *task, source event.Value) error {
	began := time.Now()
	r.total.Current.Add(1)
	d := processor.NewDocument(r.ctx, metadataOf(op), source, r.now())
	first, size := r.find(t.first), len(op.Source)
	err := r.pass(r.ctx, d, t.roles)
	t.executed = d.Executed()
	r.total.Current.Add(-1)
	r.total.Count.Add(1)
	r.total.Nanos.Add(int64(time.Since(began)))
	if err != nil {
		if !errors.Is(err, processor.ErrDropped) {
			r.total.Failed.Add(1)
		}
		return err
	}
	if err := r.applyMetadata(op, d.Metadata()); err != nil {
		return err
	}
	op.Source = r.print(d.Source(), size)
	if first != nil {
		first.bytesIn.Add(int64(size))
		first.bytesOut.Add(int64(len(op.Source)))
	}
	return nil
}

// print appends a document to the buffer.
func (r *runner) print(v event.Value, about int) []byte {
	if cap(r.out)-len(r.out) < 2*about {
		r.out = make([]byte, 0, max(outBytes, 2*about))
	}
	start := len(r.out)
	r.out = v.AppendJSON(r.out)
	return r.out[start:len(r.out):len(r.out)]
}
