package api

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
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
)

// sweep reads the documents that match a query, as they were when it began, and writes something for
// each: delete by query, update by query and reindex.
type sweep struct {
	search  es.SearchRequest
	page    int64
	refresh es.Refresh
	maxDocs int64 // 0 is no limit
	// perSecond bounds how many documents are handled in a second; 0 is no limit.
	perSecond float64
	// proceed counts version conflicts rather than stop at them.
	proceed bool
	// writeOp is what to write for a document.
	writeOp func(hit *es.Hit) es.BulkOp
	// script changes what is written; nil for none.
	script *sweepScript
	// touched are the indices written to, for a refresh at the end.
	touched []string

	total, created, updated, deleted, batches, conflicts, noops int64
	throttled                                                   time.Duration
	failures                                                    []es.BulkItem
}

// run goes through the documents page by page.
func (w *sweep) run(c *call) error {
	id, err := c.store.OpenSnapshot(c.ctx(), w.search.Target, sweepKeepAlive)
	if err != nil {
		return err
	}
	defer c.closeSnapshots(c, []es.SnapshotID{id})
	w.search.Target, w.search.Snapshot, w.search.KeepAlive = es.Target{}, id, sweepKeepAlive
	w.search.Sort = []es.SortKey{{Field: "_shard_doc"}}
	w.search.TrackTotal, w.search.SeqNo, w.search.Version = es.TrackNone, true, true
	for len(w.failures) == 0 {
		size := w.page
		if w.maxDocs > 0 {
			size = min(size, w.maxDocs-w.total)
		}
		if size == 0 {
			break
		}
		w.search.Size = int(size)
		res, err := c.store.Search(c.ctx(), &w.search)
		if err != nil {
			return err
		}
		hits := res.Hits.Hits
		if len(hits) == 0 {
			break
		}
		w.search.SearchAfter = hits[len(hits)-1].Sort
		if err := w.writePage(c, hits); err != nil {
			return err
		}
		if err := w.throttle(c, len(hits)); err != nil {
			return err
		}
	}
	if w.refresh != es.RefreshNone && len(w.touched) > 0 {
		_, err = c.store.Apply(c.ctx(), &es.RefreshIndices{Target: es.Target{Names: w.touched}})
	}
	return err
}

// throttle waits as long as so many documents may take.
func (w *sweep) throttle(c *call, documents int) error {
	if w.perSecond == 0 {
		return nil
	}
	wait := time.Duration(min(float64(documents)/w.perSecond*float64(time.Second), float64(sweepKeepAlive/2)))
	w.throttled += wait
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.ctx().Done():
		return c.ctx().Err()
	}
}

// writePage writes what a page of documents asks for and counts what became of it.
func (w *sweep) writePage(c *call, hits []es.Hit) error {
	ops := make([]es.BulkOp, 0, len(hits))
	for i := range hits {
		op := w.writeOp(&hits[i])
		if op.Action != es.ActionDelete && op.Source == nil {
			return eserr.IllegalArgument("[%s][%s] didn't store _source", hits[i].Index, hits[i].ID)
		}
		if w.script != nil {
			write, err := w.script.apply(c, &hits[i], &op)
			if err != nil {
				return err
			}
			if !write {
				w.noops++
				w.total++
				continue
			}
		}
		ops = append(ops, op)
	}
	if len(ops) == 0 {
		w.batches++
		return nil
	}
	res, err := c.store.Bulk(c.ctx(), &es.BulkRequest{Ops: ops})
	if err != nil {
		return err
	}
	w.batches++
	for i := range res.Items {
		item := &res.Items[i]
		w.total++
		switch {
		case item.Err != nil && item.Err.Status == http.StatusConflict:
			w.conflicts++
			if !w.proceed {
				w.fail(item)
			}
		case item.Err != nil:
			w.fail(item)
		case item.Result == "created":
			w.created++
		case item.Result == "deleted":
			w.deleted++
		default:
			w.updated++
		}
		if !slices.Contains(w.touched, item.Index) {
			w.touched = append(w.touched, item.Index)
		}
	}
	return nil
}

func (w *sweep) fail(item *es.BulkItem) {
	if len(w.failures) < maxSweepFailures {
		w.failures = append(w.failures, *item)
	}
}

// answer prints the counts; the status is that of the worst failure.
func (w *sweep) answer(started time.Time, kinds ...string) answer {
	a := answer{status: http.StatusOK}
	for i := range w.failures {
		a.status = max(a.status, w.failures[i].Err.Status)
	}
	counts := map[string]int64{"updated": w.updated, "created": w.created, "deleted": w.deleted}
	a.body = object(func(o *jsonval.Writer) {
		o.Int("took", time.Since(started).Milliseconds())
		o.Bool("timed_out", false)
		o.Int("total", w.total)
		for _, kind := range kinds {
			o.Int(kind, counts[kind])
		}
		o.Int("batches", w.batches)
		o.Int("version_conflicts", w.conflicts)
		o.Int("noops", w.noops)
		o.Raw("retries", []byte(`{"bulk":0,"search":0}`))
		o.Int("throttled_millis", w.throttled.Milliseconds())
		perSecond := w.perSecond
		if perSecond == 0 {
			perSecond = -1
		}
		o.Raw("requests_per_second", result.AppendDouble(nil, perSecond))
		o.Int("throttled_until_millis", 0)
		o.Raw("failures", list(len(w.failures), func(dst []byte, i int) []byte {
			item := &w.failures[i]
			f := jsonval.Begin(dst)
			f.String("index", item.Index)
			f.String("id", item.ID)
			f.Raw("cause", item.Err.AppendItem(nil))
			f.Int("status", int64(item.Err.Status))
			return f.End()
		}))
	})
	return a
}

// sweepParams reads the parameters that the three endpoints share and refuses those that ask for
// what is not here.
func (c *call) sweepParams(w *sweep) error {
	if c.given("wait_for_completion") && !c.flag("wait_for_completion") {
		return eserr.Unsupported("[wait_for_completion=false]")
	}
	if c.given("requests_per_second") {
		rate, err := strconv.ParseFloat(c.text("requests_per_second"), 64)
		if err != nil || rate != -1 && !(rate > 0) {
			return eserr.IllegalArgument("[requests_per_second] must be a float greater than 0. Use -1 to disable throttling.")
		}
		w.perSecond = max(rate, 0)
	}
	for _, name := range []string{"max_docs", "size"} {
		if c.given(name) {
			if err := setMaxDocs(w, c.text(name)); err != nil {
				return err
			}
		}
	}
	if w.page = c.number("scroll_size", sweepPage); w.page <= 0 || w.page > maxSweepPage {
		return eserr.IllegalArgument("[scroll_size] must be between 1 and %d, found [%d]", maxSweepPage, w.page)
	}
	if err := c.checkSlices(w); err != nil {
		return err
	}
	w.refresh = c.refreshMode()
	return setConflicts(w, c.text("conflicts"))
}

// checkSlices checks into how many parts a sweep is to be cut; it is done as one, with the same result.
func (c *call) checkSlices(w *sweep) error {
	slices := c.text("slices")
	if slices == "" || slices == "auto" {
		return nil
	}
	n, err := strconv.ParseInt(slices, 10, 64)
	if err != nil || n <= 0 {
		return eserr.IllegalArgument(`[slices] must be a positive integer or the string "auto"`)
	}
	if w.maxDocs > 0 && w.maxDocs < n {
		return eserr.Validation("Validation Failed: 1: [max_docs] should be >= [slices];")
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
		return eserr.IllegalArgument("[max_docs] set to two different values [%d] and [%d]", n, w.maxDocs)
	}
	w.maxDocs = n
	return nil
}

func setConflicts(w *sweep, text string) error {
	switch text {
	case "":
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
	return members(body, "a request by query", []string{"query", "max_docs", "conflicts"}, func(key string, v *jsonval.Node) (bool, error) {
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
		case "script":
			w.script, err = c.sweepScript(v, false)
			return true, err
		case "sort", "slice", "_source":
			return true, eserr.Unsupported("[" + key + "] of a request by query")
		}
		return false, nil
	})
}

// deleteByQuery answers POST /{index}/_delete_by_query.
func (s *Server) deleteByQuery(c *call) (answer, error) {
	w := &sweep{search: es.SearchRequest{Source: es.SourceFilter{Disabled: true}}}
	w.writeOp = func(hit *es.Hit) es.BulkOp {
		return es.BulkOp{Action: es.ActionDelete, Index: hit.Index, ID: hit.ID, Routing: hit.Routing, Guard: seenGuard(hit)}
	}
	if err := errors.Join(c.sweepParams(w), c.sweepBody(w)); err != nil {
		return answer{}, err
	}
	if w.script != nil {
		return answer{}, eserr.XContentParse("[delete_by_query] unknown field [script]")
	}
	if w.search.Query == nil {
		return answer{}, eserr.Validation("Validation Failed: 1: query is missing;")
	}
	return c.sweep(w, "deleted")
}

// updateByQuery answers POST /{index}/_update_by_query: documents are written again as they are, so that
// they take up changes of the mapping.
func (s *Server) updateByQuery(c *call) (answer, error) {
	w := &sweep{}
	pipeline := c.text("pipeline")
	w.writeOp = func(hit *es.Hit) es.BulkOp {
		return es.BulkOp{Action: es.ActionIndex, Index: hit.Index, ID: hit.ID, Routing: hit.Routing, Source: hit.Source, Guard: seenGuard(hit), Pipeline: pipeline}
	}
	if err := errors.Join(c.sweepParams(w), c.sweepBody(w)); err != nil {
		return answer{}, err
	}
	return c.sweep(w, "updated", "deleted")
}

func (c *call) sweep(w *sweep, kinds ...string) (answer, error) {
	if err := c.checkCopies(); err != nil {
		return answer{}, err
	}
	started := time.Now()
	if err := w.run(c); err != nil {
		return answer{}, err
	}
	return w.answer(started, kinds...), nil
}

// seenGuard lets a write through only while the document is as it was when it was found.
func seenGuard(hit *es.Hit) es.Guard {
	if hit.SeqNo == nil || hit.PrimaryTerm == nil {
		return es.Guard{}
	}
	return es.Guard{HasSeqNo: true, SeqNo: *hit.SeqNo, PrimaryTerm: *hit.PrimaryTerm}
}
