package api

import (
	"context"
	"math"
	"strconv"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// The kinds of requests by query.
var (
	deletes    = sweepKind{name: "delete-by-query"}
	updates    = sweepKind{name: "update-by-query", updated: true}
	reindexing = sweepKind{name: "reindex", updated: true, created: true}
)

// maxSlices is Elasticsearch's index.max_slices_per_scroll.
const maxSlices = 1024

// newSweep makes a sweep that does nothing yet.
func newSweep(kind *sweepKind) *sweep {
	return &sweep{kind: kind, slices: 1, page: sweepPage, search: es.SearchRequest{Sort: []es.SortKey{{Field: "_shard_doc"}}}, rate: newSweepRate(0)}
}

// sweepParams reads the parameters that the three endpoints share. The body has been read by then: where both say how much to do,
// they must agree.
func (c *call) sweepParams(w *sweep) error {
	if c.given("requests_per_second") {
		rate, err := parsePerSecond(c.text("requests_per_second"))
		if err != nil {
			return err
		}
		w.rate.set(rate)
	}
	for _, name := range []string{"size", "max_docs"} {
		if c.given(name) {
			if err := setMaxDocs(w, c.text(name)); err != nil {
				return err
			}
		}
	}
	if c.given("scroll_size") {
		w.page = c.number("scroll_size", sweepPage)
	}
	if w.page <= 0 || w.page > maxSweepPage {
		return eserr.IllegalArgument("[scroll_size] must be between 1 and %d, found [%d]", maxSweepPage, w.page)
	}
	if err := c.sweepSlices(w); err != nil {
		return err
	}
	w.refresh = c.refreshMode()
	w.copies = c.number("wait_for_active_shards", 1)
	w.timeout = c.text("timeout")
	if c.given("conflicts") {
		return setConflicts(w, c.text("conflicts"))
	}
	return nil
}

// parsePerSecond reads how many documents may be handled in a second; 0 is no limit.
func parsePerSecond(text string) (float64, error) {
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || rate != -1 && !(rate > 0) {
		return 0, eserr.IllegalArgument("[requests_per_second] must be a float greater than 0. Use -1 to disable throttling.")
	}
	if math.IsInf(rate, 1) {
		rate = 0
	}
	return max(rate, 0), nil
}

// sweepSlices reads into how many parts a sweep is to be cut.
func (c *call) sweepSlices(w *sweep) error {
	switch text := c.text("slices"); text {
	case "":
	case "auto":
		w.slices = 0
	default:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			refused := eserr.IllegalArgument(`[slices] must be a positive integer or the string "auto", but was [%s]`, text)
			if err != nil {
				refused = refused.Because(eserr.NumberFormat(text))
			}
			return refused
		}
		if n > maxSlices {
			return eserr.IllegalArgument("The number of slices [%d] is too large. It must be less than [%d]. This limit can be set by changing the [index.max_slices_per_scroll] index level setting.", n, maxSlices)
		}
		w.slices = n
	}
	switch {
	case w.maxDocs > 0 && w.maxDocs < w.slices:
		return eserr.Validation("Validation Failed: 1: [max_docs] should be >= [slices];")
	case w.search.Slice != nil && w.slices != 1:
		return eserr.Validation("Validation Failed: 1: can't specify both manual and automatic slicing at the same time;")
	case w.remote != nil && w.slices != 1:
		return eserr.Validation("Validation Failed: 1: reindex from remote sources doesn't support slices > 1 but was [%d];", w.slices)
	}
	return nil
}

// setMaxDocs sets how many documents to handle, which body and parameters may say alike.
func setMaxDocs(w *sweep, text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return eserr.IllegalArgument("[max_docs] must be a number, found [%s]", text).Because(eserr.NumberFormat(text))
	case n <= 0:
		return eserr.IllegalArgument("[max_docs] parameter cannot be negative, found [%d]", n)
	case w.maxDocs != 0 && w.maxDocs != n:
		return eserr.IllegalArgument("[max_docs] set to two different values [%d] and [%d]", w.maxDocs, n)
	}
	w.maxDocs = n
	return nil
}

func setConflicts(w *sweep, text string) error {
	switch text {
	case "proceed":
		w.proceed = true
	case "abort":
		w.proceed = false
	default:
		return eserr.IllegalArgument("conflicts may only be \"proceed\" or \"abort\" but was [%s]", text)
	}
	return nil
}

// sweepBody reads a body with a query, and max_docs and conflicts.
func (c *call) sweepBody(w *sweep) error {
	body, err := c.bodyObject(false)
	if err != nil {
		return err
	}
	w.search.Query = c.uriQuery()
	if w.search.Target, err = c.target(openIndices); err != nil || body == nil {
		return err
	}
	known := []string{"query", "max_docs", "conflicts", "script", "slice", "sort", "runtime_mappings"}
	return members(body, "a request by query", known, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "query":
			w.search.Query, err = query.ParseNode(v)
			return true, err
		case "max_docs", "size":
			return true, setMaxDocs(w, v.Text)
		case "stored_fields", "fields", "from":
			return true, eserr.IllegalArgument("%s is not supported in this context", key)
		case "conflicts":
			return true, setConflicts(w, v.Text)
		case "slice":
			return true, readSlice(&w.search, v)
		case "sort":
			return true, readSort(&w.search, v)
		case "runtime_mappings":
			return true, readSearchMember(&w.search, key, v)
		case "script":
			w.script, err = c.sweepScript(v, false)
			return true, err
		case "_source":
			return true, eserr.Unsupported("[" + key + "] of a request by query")
		}
		return false, nil
	})
}

// deleteByQuery answers POST /{index}/_delete_by_query.
func (s *Server) deleteByQuery(c *call) (answer, error) {
	w := newSweep(&deletes)
	w.search.Source = es.SourceFilter{Disabled: true}
	w.writeOp = func(hit *es.Hit) (es.BulkOp, bool, error) {
		return es.BulkOp{Action: es.ActionDelete, Index: hit.Index, ID: hit.ID, Routing: hit.Routing, Guard: seenGuard(hit)}, false, nil
	}
	if err := c.sweepBody(w); err != nil {
		return answer{}, err
	}
	if err := c.sweepParams(w); err != nil {
		return answer{}, err
	}
	if w.script != nil {
		return answer{}, eserr.XContentParse("[delete_by_query] unknown field [script]")
	}
	if w.search.Query == nil {
		return answer{}, eserr.Validation("Validation Failed: 1: query is missing;")
	}
	c.describeAs("delete-by-query [" + c.path("index") + "]")
	return c.sweep(w)
}

// updateByQuery answers POST /{index}/_update_by_query: documents are written again as they are, so that
// they take up changes of the mapping, or as a script changes them.
func (s *Server) updateByQuery(c *call) (answer, error) {
	w := newSweep(&updates)
	pipeline := c.text("pipeline")
	w.writeOp = func(hit *es.Hit) (es.BulkOp, bool, error) {
		return es.BulkOp{Action: es.ActionIndex, Index: hit.Index, ID: hit.ID, Routing: hit.Routing, Source: hit.Source, Guard: seenGuard(hit), Pipeline: pipeline}, false, nil
	}
	if err := c.sweepBody(w); err != nil {
		return answer{}, err
	}
	if err := c.sweepParams(w); err != nil {
		return answer{}, err
	}
	c.describeAs("update-by-query [" + c.path("index") + "]")
	return c.sweep(w)
}

// sweep carries out a request by query: before it answers, or as a task in the background.
func (c *call) sweep(w *sweep) (answer, error) {
	if w.remote == nil {
		// What is wrong with the names is said at once, whoever waits.
		if _, err := c.store.Indices(c.ctx(), w.search.Target); err != nil {
			return answer{}, err
		}
	}
	if !c.flagOr("wait_for_completion", true) {
		return c.background(c, w, func(c *call) ([]byte, error) {
			body, _, err := w.carryOut(c, true)
			return body, err
		})
	}
	// A client that goes away leaves the work going on, as with Elasticsearch; a cancelled task and the server's end do not.
	ctx, cancel := context.WithCancelCause(c.closing)
	defer cancel(nil)
	c.tasks.mu.Lock()
	c.task.cancel = cancel
	if c.task.cancelled {
		cancel(taskCancelled())
	}
	c.tasks.mu.Unlock()
	c.req = c.req.WithContext(ctx)
	body, status, err := w.carryOut(c, false)
	return answer{status: status, body: body}, err
}

// carryOut runs a sweep and prints what it came to, every count if that is asked for. One that is cancelled tells how far it got.
func (w *sweep) carryOut(c *call, every bool) (body []byte, status int, err error) {
	started := time.Now()
	if err := w.run(c); err != nil && !w.cancelled(c.ctx()) {
		return nil, 0, err
	}
	body, status = w.response(&c.tasks, time.Since(started), every)
	return body, status, nil
}

// seenGuard lets a write through only while the document is as it was when it was found.
func seenGuard(hit *es.Hit) es.Guard {
	if hit.SeqNo == nil || hit.PrimaryTerm == nil {
		return es.Guard{}
	}
	return es.Guard{HasSeqNo: true, SeqNo: *hit.SeqNo, PrimaryTerm: *hit.PrimaryTerm}
}

// rethrottle answers POST /{_reindex,_update_by_query,_delete_by_query}/{task_id}/_rethrottle: it changes how many documents a
// task may handle in a second.
func (s *Server) rethrottle(c *call) (answer, error) {
	if !c.given("requests_per_second") {
		return answer{}, eserr.IllegalArgument("requests_per_second is a required parameter")
	}
	rate, err := parsePerSecond(c.text("requests_per_second"))
	if err != nil {
		return answer{}, err
	}
	id, err := s.taskID(c)
	if err != nil {
		return answer{}, err
	}
	found := s.tasks.matching(c, func(t *task) bool { return t.id == id })
	if len(found) == 0 {
		return answer{}, eserr.ResourceNotFound("task [%s] is missing", c.path("task_id"))
	}
	s.tasks.mu.Lock()
	switch w := found[0].sweep; {
	case found[0].slice != nil:
		found[0].slice.rate.set(rate)
	case w != nil:
		w.rate.set(rate) // which workers that are not there yet will share
		for _, worker := range w.workers {
			if len(w.workers) > 1 {
				worker.rate.set(rate / float64(len(w.workers)))
			}
		}
	default:
		err = eserr.IllegalArgument("task [%s] is not one whose rate can change", c.path("task_id"))
	}
	s.tasks.mu.Unlock()
	if err != nil {
		return answer{}, err
	}
	return s.printTasks(c, found, true)
}
