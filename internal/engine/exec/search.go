package exec

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
	"elkhorn/internal/rescue"
)

// Defaults of Elasticsearch's settings index.max_result_window and search.max_buckets.
const (
	defaultResultWindow = 10_000
	defaultMaxBuckets   = 65_536
	defaultMaxDocvalues = 100 // index.max_docvalue_fields_search
)

// taskBlocks is how many blocks are handed to a worker at once: 262,144 rows, some milliseconds of
// work, so that processors stay busy to the end and binding a segment is paid for.
const taskBlocks = 32

// inlineRows is up to how many rows a search runs on the caller's goroutine alone: less than starting
// another one costs.
const inlineRows = 4 * 8192

// search is one running search.
type search struct {
	req   *Request
	plans []*plan
	tasks []task
	// cached are what runs of blocks contributed to earlier searches.
	cached []cachedRun
	next   atomic.Int64 // next task
	tally  tally
	stop   *stopper
	// scoring says that scores are computed; plain that matches count as they are, without post
	// filter, min_score or terminate_after.
	scoring, plain bool
	// scoreAll says that scores matter beyond the documents that may be among the best: aggregations
	// sort by them, or min_score drops documents.
	scoreAll bool
	// found are the candidates of the hits.
	found []candidate

	mu struct { // guards what failed
		sync.Mutex
		failures []*eserr.Error // by plan
	}
}

// task is a run of blocks of one segment.
type task struct {
	plan, source int
	blocks       []int
	best         sortVal
	hasBest      bool
	// known says that matches are counted and aggregated already: only hits are wanted. keep is where what
	// the run contributes is to be kept; nil where it is not.
	known bool
	keep  *cacheKey
}

// Search runs a request over some indices. An index that fails is reported in Response.Failures; when
// all fail, or the request is wrong by itself, the error is an *eserr.Error. It returns the context's
// error when the context ends.
func Search(ctx context.Context, indices []Index, req *Request) (*Response, error) {
	stop := &stopper{ctx: ctx}
	if req.Timeout > 0 {
		stop.deadline = time.Now().Add(req.Timeout)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	began := time.Now()
	s, err := newSearch(indices, req, stop)
	if errors.Is(err, errExpired) {
		return s.nothing(), nil
	}
	if err != nil {
		return nil, err
	}
	workers, err := s.scan(ctx)
	for _, w := range workers {
		defer w.account.close()
	}
	if err != nil {
		return nil, err
	}
	// What was found counts even when the time is up: from here on only the caller ends the search.
	for _, w := range workers {
		w.account.stop = &stopper{ctx: ctx}
	}
	r, err := s.answer(began, workers)
	if err != nil {
		return nil, err
	}
	return r, s.expand(ctx, indices, s.found, &r.Hits)
}

// nothing is the answer when the time is up before a document was looked at.
func (s *search) nothing() *Response {
	r := &Response{TimedOut: true}
	if s.tally.limit >= 0 {
		r.Hits.Total = &result.Total{}
	}
	return r
}

func newSearch(indices []Index, req *Request, stop *stopper) (*search, error) {
	s := &search{req: req, scoring: needsScores(req), stop: stop}
	s.plain = req.PostFilter == nil && req.MinScore == nil && req.TerminateAfter == 0
	s.scoreAll = req.MinScore != nil || aggsNeedScores(req.Aggs) || len(req.Sort) > 0
	switch req.TrackTotal {
	case 0:
		s.tally.limit = int64(TrackDefault)
	case TrackNone:
		s.tally.limit = -1
	default:
		s.tally.limit = int64(req.TrackTotal)
	}
	if err := cmp.Or(checkPage(indices, req), checkRescore(req)); err != nil {
		return nil, err
	}
	acct := &account{budget: req.Budget, stop: stop}
	defer acct.close()
	s.mu.failures = make([]*eserr.Error, len(indices))
	s.tally.plans = make([]planTally, len(indices))
	searched, failed := s.prepare(indices, acct)
	for i, ix := range searched {
		err := failed[i]
		var p *plan
		if err == nil {
			p, err = newPlan(i, ix, req, acct)
		} else {
			p = &plan{position: i, index: ix, req: req, fields: &fields{index: ix}, acct: acct}
		}
		switch {
		case err == nil:
		case stop.ctx.Err() != nil:
			return nil, stop.ctx.Err()
		case errors.Is(err, errExpired):
			return s, err
		default:
			s.mu.failures[i] = eserr.From(err)
		}
		s.plans = append(s.plans, p)
	}
	if err := s.unifyKeys(); err != nil {
		return nil, err
	}
	s.order()
	return s, nil
}

// prepare gives the indices the fields that the request brings and the documents that its Knn find, or says why it cannot.
func (s *search) prepare(indices []Index, acct *account) (searched []*Index, failed []error) {
	searched, failed = make([]*Index, len(indices)), make([]error, len(indices))
	for i := range indices {
		searched[i], failed[i] = withRuntime(&indices[i], s.req)
	}
	for _, q := range s.req.Knn {
		s.lookNear(q, searched, failed, acct)
	}
	return searched, failed
}

// needsScores says whether the answer depends on scores.
func needsScores(req *Request) bool {
	if len(req.Sort) == 0 && req.Size > 0 || req.TrackScores || req.MinScore != nil {
		return true
	}
	for _, k := range req.Sort {
		if k.Field == scoreField {
			return true
		}
	}
	return aggsNeedScores(req.Aggs)
}

func checkPage(indices []Index, req *Request) error {
	if req.From < 0 {
		return eserr.IllegalArgument("[from] parameter cannot be negative, found [%d]", req.From)
	}
	if req.Size < 0 {
		return eserr.IllegalArgument("[size] parameter cannot be negative, found [%d]", req.Size)
	}
	if len(req.SearchAfter) > 0 && req.From > 0 {
		return eserr.IllegalArgument("`from` parameter must be set to 0 when `search_after` is used")
	}
	for i := range indices {
		if most := indices[i].MaxScriptFields; most > 0 && len(req.ScriptFields) > most {
			return eserr.IllegalArgument("Trying to retrieve too many script_fields. Must be less than or equal to: [%d] but was [%d]. This limit can be set by changing "+
				"the [index.max_script_fields] index level setting.", most, len(req.ScriptFields))
		}
		window := indices[i].MaxResultWindow
		if window == 0 {
			window = defaultResultWindow
		}
		if most := cmp.Or(indices[i].MaxDocvalueFields, defaultMaxDocvalues); len(req.DocvalueFields) > most {
			return indices[i].failed(eserr.IllegalArgument("Trying to retrieve too many docvalue_fields. Must be less than or equal to: [%d] but was [%d]. "+
				"This limit can be set by changing the [index.max_docvalue_fields_search] index level setting.", most, len(req.DocvalueFields)))
		}
		if req.Scroll && req.Size > window {
			return indices[i].failed(eserr.IllegalArgument("Batch size is too large, size must be less than or equal to: [%d] but was [%d]. "+
				"Scroll batch sizes cost as much memory as result windows so they are controlled by the [index.max_result_window] index level setting.", window, req.Size))
		}
		if req.From+req.Size > window {
			return indices[i].failed(eserr.IllegalArgument("Result window is too large, from + size must be less than or equal to: [%d] but was [%d]. "+
				"See the scroll api for a more efficient way to request large data sets. "+
				"This limit can be set by changing the [index.max_result_window] index level setting.", window, req.From+req.Size))
		}
	}
	return nil
}

// order cuts the segments into tasks and puts those first that may hold the best documents.
func (s *search) order() {
	for position, p := range s.plans {
		if s.mu.failures[position] != nil {
			continue
		}
		for i := range p.index.Sources {
			if p.key != nil && p.index.Sources[i].ID != 0 {
				s.tasks = append(s.tasks, s.cachedTasks(p, i)...)
				continue
			}
			s.tasks = append(s.tasks, p.tasks(i)...)
		}
	}
	if len(s.req.Sort) == 0 {
		return
	}
	desc := s.req.Sort[0].Desc
	slices.SortStableFunc(s.tasks, func(a, b task) int {
		if !a.hasBest || !b.hasBest { // what is not known goes first
			return cmp.Compare(bit(a.hasBest), bit(b.hasBest))
		}
		return compareVals(&a.best, &b.best, desc)
	})
}

// scan runs the tasks and waits for them.
func (s *search) scan(ctx context.Context) ([]*worker, error) {
	n := min(s.req.Workers, len(s.tasks))
	if s.req.Workers <= 0 && len(s.tasks) > 1 && s.rows() > inlineRows {
		helping := allHelpers.take(len(s.tasks) - 1)
		defer allHelpers.release(helping)
		n = 1 + helping
	}
	if n <= 1 {
		w := newWorker(s)
		return []*worker{w}, w.run(ctx)
	}
	workers := make([]*worker, n)
	errs := make([]error, n)
	var wait sync.WaitGroup
	for i := range workers {
		workers[i] = newWorker(s)
		wait.Go(func() {
			defer rescue.Into(&errs[i])
			errs[i] = workers[i].run(ctx)
		})
	}
	wait.Wait()
	return workers, errors.Join(errs...)
}

func (s *search) rows() int {
	n := 0
	for i := range s.tasks {
		t := &s.tasks[i]
		blocks := s.plans[t.plan].index.Sources[t.source].Segment.Blocks()
		for _, b := range t.blocks {
			n += blocks[b].Rows
		}
	}
	return n
}

func (s *search) failed(plan int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mu.failures[plan] != nil
}

func (s *search) fail(plan int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mu.failures[plan] == nil {
		s.mu.failures[plan] = eserr.From(err)
	}
}

// limitRows trims a selection to what terminate_after leaves of an index.
func (s *search) limitRows(plan int, sel column.Bitmap) {
	limit := int64(s.req.TerminateAfter)
	if limit == 0 {
		return
	}
	n := int64(sel.Count())
	before := s.tally.plans[plan].taken.Add(n) - n
	if before+n < limit {
		return
	}
	s.tally.early.Store(true)
	left := max(limit-before, 0)
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		if left == 0 {
			sel.Clear(r)
			continue
		}
		left--
	}
}

// newTop makes the heap of one worker for one index.
func (s *search) newTop(p *plan, acct *account) *topK {
	k := s.req.From + s.req.Size
	if s.req.Size == 0 {
		k = 0
	} else {
		k = max(k, s.req.rescoreWindow())
	}
	top := newTopK(k, p.directions(), p.after, acct)
	if p.collapse != nil {
		top.groups = map[string]int{}
	}
	return top
}

// answer merges what the workers found, for whom the first one's account stands now.
func (s *search) answer(began time.Time, workers []*worker) (*Response, error) {
	r := &Response{
		TimedOut:        s.tally.timeout.Load(),
		TerminatedEarly: s.tally.early.Load(),
		Scanned:         s.tally.scanned.Load(),
	}
	if err := s.failures(r); err != nil {
		return nil, err
	}
	scanned := time.Now()
	r.Hits.Total = s.total()
	if err := s.hits(workers, &r.Hits); err != nil {
		return nil, err
	}
	fetched := time.Now()
	r.Fetching = fetched.Sub(scanned)
	if len(s.req.Aggs) > 0 {
		var err error
		if r.Aggs, err = s.reduce(workers); eserr.Is(err, "too_many_buckets_exception") {
			return nil, eserr.SearchReduce(eserr.From(err))
		}
		if err != nil {
			return nil, err
		}
	}
	for i := range s.plans {
		if !s.failed(i) && !s.tally.plans[i].touched.Load() {
			r.Skipped++
		}
	}
	r.Warnings = s.warnings()
	if s.req.Profile {
		r.Profile = s.printProfile(&searchTimes{scan: scanned.Sub(began), fetch: fetched.Sub(scanned), reduce: time.Since(fetched), workers: len(workers)})
	}
	return r, nil
}

// failures lists the indices that failed; it is an error when all did.
func (s *search) failures(r *Response) error {
	var all []eserr.ShardFailure
	for i, err := range s.mu.failures {
		if err == nil {
			continue
		}
		if err.Type == "circuit_breaking_exception" {
			return s.plans[i].index.failed(err)
		}
		if err.Type == "too_many_buckets_exception" {
			return eserr.SearchReduce(err)
		}
		all = append(all, eserr.ShardFailure{Index: s.plans[i].index.Name, Err: err})
		r.Failures = append(r.Failures, Failure{Index: s.plans[i].index.Name, Err: err})
	}
	if len(all) > 0 && len(all) == len(s.plans) {
		return eserr.SearchPhase("query", all...)
	}
	return nil
}

func (s *search) total() *result.Total {
	limit := s.tally.limit
	if limit < 0 {
		return nil
	}
	n := s.tally.hits.Load()
	for i := range s.plans {
		if s.failed(i) { // what was counted before it failed has no hits to go with
			n -= s.tally.plans[i].hits.Load()
		}
	}
	if n <= limit {
		return &result.Total{Value: n}
	}
	return &result.Total{Value: limit, LowerBound: true}
}

// hits merges the best documents and fetches the page that was asked for.
func (s *search) hits(workers []*worker, h *result.Hits) error {
	var top *topK
	for _, w := range workers {
		for i, state := range w.states {
			switch {
			case state == nil || s.failed(i):
			case top == nil:
				top = state.top
			default:
				if err := top.merge(state.top); err != nil {
					return err
				}
			}
		}
		if w.scored && (h.MaxScore == nil || *printedScore(w.maxScore) > *h.MaxScore) && s.req.Size > 0 {
			h.MaxScore = printedScore(w.maxScore)
		}
	}
	if top == nil {
		if len(s.plans) == 0 { // the answer of a search without an index
			h.MaxScore = new(float64)
		}
		return nil
	}
	found := top.sorted()
	if len(s.req.Rescore) > 0 && len(found) > 0 {
		if err := s.rescore(found, workers[0].account); err != nil {
			return err
		}
		h.MaxScore = printedScore(found[0].score)
		found = found[:min(s.req.From+s.req.Size, len(found))]
	}
	found = found[min(s.req.From, len(found)):]
	if len(found) == 0 {
		h.MaxScore = nil
	}
	var err error
	s.found = found
	h.Hits, err = s.fetch(workers[0].account, found)
	return err
}

func (s *search) warnings() []string {
	var all []string
	for _, p := range s.plans {
		for _, w := range p.fields.warnings {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}
