package api

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

const (
	// maxAsyncSearches bounds the searches that run or are kept without anyone waiting.
	maxAsyncSearches = 200
	// defaultAsyncWait and defaultAsyncKeepAlive are Elasticsearch's.
	defaultAsyncWait, defaultAsyncKeepAlive = time.Second, 5 * 24 * time.Hour
)

// asyncSearch is a search that goes on after its request, with what it came to. It is kept in memory: a restart forgets it.
type asyncSearch struct {
	id      string
	call    *call // that it runs with
	req     *es.SearchRequest
	shards  int
	started time.Time
	done    chan struct{} // closed when the rest below is set
	res     *es.SearchResponse
	err     error
	ended   time.Time
	expires time.Time // guarded by asyncSearches.mu
}

// asyncSearches are those that run or are kept, by id.
type asyncSearches struct {
	mu   sync.Mutex
	byID map[string]*asyncSearch
}

// submitAsync answers POST /_async_search and /{index}/_async_search.
func (s *Server) submitAsync(c *call) (answer, error) {
	keepAlive := c.span("keep_alive", defaultAsyncKeepAlive)
	if keepAlive < time.Second {
		return answer{}, eserr.Validation("Validation Failed: 1: [keep_alive] must be greater or equals than 1s, got:%s;", c.text("keep_alive"))
	}
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	req, err := c.searchRequest(body)
	if err != nil {
		return answer{}, err
	}
	c.describe(body)
	search, err := s.startAsync(c, req, keepAlive)
	if err != nil {
		return answer{}, err
	}
	c.awaitAsync(search, max(c.span("wait_for_completion_timeout", defaultAsyncWait), 0))
	if err := c.ctx().Err(); err != nil {
		s.forgetAsync(search.id) // the client has gone and never learns the id
		return answer{}, err
	}
	select {
	case <-search.done:
	default:
		return s.asyncAnswer(c, search, true)
	}
	keep := c.flag("keep_on_completion")
	if !keep {
		defer s.forgetAsync(search.id)
	}
	return s.asyncAnswer(c, search, keep)
}

// startAsync starts a search that outlives its request.
func (s *Server) startAsync(c *call, req *es.SearchRequest, keepAlive time.Duration) (*asyncSearch, error) {
	indices, err := s.store.Indices(c.ctx(), req.Target)
	if err != nil {
		return nil, err
	}
	var raw [24]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(s.closing)
	t := &task{action: c.route.action, description: c.task.description, opaqueID: c.task.opaqueID, started: c.now(), cancel: cancel}
	bg := &call{Server: s, req: c.req.WithContext(ctx), route: c.route, values: c.values, query: c.query, task: t}
	search := &asyncSearch{id: base64.RawURLEncoding.EncodeToString(raw[:]), call: bg, req: req, shards: len(indices), started: c.now(), done: make(chan struct{})}
	s.asyncs.mu.Lock()
	s.asyncs.expireLocked(s)
	if len(s.asyncs.byID) >= maxAsyncSearches || s.closing.Err() != nil {
		s.asyncs.mu.Unlock()
		cancel(nil)
		return nil, eserr.Rejected("rejected execution of an async search: there are [%d] already that run or are kept", maxAsyncSearches)
	}
	if s.asyncs.byID == nil {
		s.asyncs.byID = map[string]*asyncSearch{}
	}
	s.asyncs.byID[search.id], search.expires = search, c.now().Add(keepAlive)
	s.work.Add(1)
	s.asyncs.mu.Unlock()
	bg.reserved, c.reserved = c.reserved, 0
	s.tasks.start(t)
	s.expireAsync(search.id, keepAlive)
	go func() {
		defer s.work.Done()
		defer s.tasks.end(t)
		_, search.err = safely(s, func() (answer, error) {
			var err error
			search.res, err = s.store.Search(ctx, req)
			return answer{}, err
		})
		if cancelled := bg.cancelledTask(); search.err != nil && cancelled != nil {
			search.err = cancelled
		}
		if search.err == nil {
			if search.err = bg.charge(resultBytes(search.res)); search.err != nil {
				search.res = nil
			}
		}
		search.ended = s.now()
		close(search.done)
	}()
	return search, nil
}

// resultBytes is about what an answer takes while it is kept.
func resultBytes(res *es.SearchResponse) int64 {
	const hitBytes = 256
	n := int64(len(res.Profile))
	for i := range res.Hits.Hits {
		h := &res.Hits.Hits[i]
		n += hitBytes + int64(len(h.Source)+len(h.Explanation))
		for k := range h.Fields {
			n += int64(len(h.Fields[k].Values))
		}
	}
	return n
}

// expireAsync forgets a search once its time has passed, which may be prolonged meanwhile.
func (s *Server) expireAsync(id string, after time.Duration) {
	time.AfterFunc(after, func() {
		s.asyncs.mu.Lock()
		defer s.asyncs.mu.Unlock()
		search := s.asyncs.byID[id]
		if search == nil {
			return
		}
		if left := search.expires.Sub(s.now()); left > 0 && s.closing.Err() == nil {
			s.expireAsync(id, left)
			return
		}
		s.asyncs.dropLocked(id)
	})
}

// awaitAsync waits for a search's end.
func (c *call) awaitAsync(search *asyncSearch, limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-search.done:
	case <-timer.C:
	case <-c.ctx().Done():
	}
}

// expireLocked forgets the searches whose time has passed.
func (a *asyncSearches) expireLocked(s *Server) {
	now := s.now()
	for id, search := range a.byID {
		if now.After(search.expires) {
			a.dropLocked(id)
		}
	}
}

// dropLocked cancels a search and forgets it; false when there is none.
func (a *asyncSearches) dropLocked(id string) bool {
	search := a.byID[id]
	if search == nil {
		return false
	}
	delete(a.byID, id)
	search.call.task.cancel(taskCancelled())
	go func() { // what its body took is given back once nobody reads it
		<-search.done
		search.call.release()
	}()
	return true
}

func (s *Server) forgetAsync(id string) bool {
	s.asyncs.mu.Lock()
	defer s.asyncs.mu.Unlock()
	return s.asyncs.dropLocked(id)
}

// checkAsyncID refuses what never was the id of an async search. One that was, and that has expired or is from before a restart, is
// not found.
func (c *call) checkAsyncID() error {
	if _, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(c.path("id"), "=")); err != nil {
		return eserr.IllegalArgument("invalid id: [%s]", c.path("id"))
	}
	return nil
}

// findAsync finds the search of the path, and prolongs its life where the request asks for that.
func (s *Server) findAsync(c *call) (*asyncSearch, error) {
	if err := c.checkAsyncID(); err != nil {
		return nil, err
	}
	s.asyncs.mu.Lock()
	defer s.asyncs.mu.Unlock()
	s.asyncs.expireLocked(s)
	search := s.asyncs.byID[c.path("id")]
	if search == nil {
		return nil, eserr.ResourceNotFound("%s", c.path("id"))
	}
	if c.given("keep_alive") {
		search.expires = c.now().Add(max(c.span("keep_alive", 0), 0))
	}
	return search, nil
}

// getAsync answers GET /_async_search/{id}.
func (s *Server) getAsync(c *call) (answer, error) {
	search, err := s.findAsync(c)
	if err != nil {
		return answer{}, err
	}
	if c.given("wait_for_completion_timeout") {
		c.awaitAsync(search, max(c.span("wait_for_completion_timeout", 0), 0))
	}
	return s.asyncAnswer(c, search, true)
}

// asyncStatus answers GET /_async_search/status/{id}.
func (s *Server) asyncStatus(c *call) (answer, error) {
	search, err := s.findAsync(c)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		running := s.writeAsync(w, search, true)
		shards := es.Shards{Total: search.shards}
		if !running && search.res != nil {
			shards = search.res.Shards
		}
		shards.Failures = nil
		writeShards(w, &shards)
		if !running {
			status := http.StatusOK
			if search.err != nil {
				status = eserr.From(search.err).Status
			}
			w.Int("completion_status", int64(status))
		}
	}))
}

// deleteAsync answers DELETE /_async_search/{id}: it ends a search that runs, and forgets it.
func (s *Server) deleteAsync(c *call) (answer, error) {
	if err := c.checkAsyncID(); err != nil {
		return answer{}, err
	}
	if !s.forgetAsync(c.path("id")) {
		return answer{}, eserr.ResourceNotFound("%s", c.path("id"))
	}
	return acknowledged()
}

// writeAsync prints how far a search is, and says whether it runs.
func (s *Server) writeAsync(w *jsonval.Writer, search *asyncSearch, named bool) (running bool) {
	running = true
	select {
	case <-search.done:
		running = false
	default:
	}
	s.asyncs.mu.Lock()
	expires := search.expires
	s.asyncs.mu.Unlock()
	if named {
		w.String("id", search.id)
	}
	w.Bool("is_partial", running || search.err != nil)
	w.Bool("is_running", running)
	w.Int("start_time_in_millis", search.started.UnixMilli())
	w.Int("expiration_time_in_millis", expires.UnixMilli())
	if !running {
		w.Int("completion_time_in_millis", search.ended.UnixMilli())
	}
	return running
}

// asyncAnswer prints what a search came to. While it runs nothing is told of what it found so far: it says that it is partial and
// that no shard has answered.
func (s *Server) asyncAnswer(c *call, search *asyncSearch, named bool) (answer, error) {
	a := answer{}
	a.body = object(func(w *jsonval.Writer) {
		running := s.writeAsync(w, search, named)
		switch {
		case running:
			w.Raw("response", object(func(w *jsonval.Writer) {
				w.Int("took", s.now().Sub(search.started).Milliseconds())
				w.Bool("timed_out", false)
				w.Int("num_reduce_phases", 0)
				writeShards(w, &es.Shards{Total: search.shards})
				w.Raw("hits", []byte(`{"total":{"value":0,"relation":"gte"},"max_score":null,"hits":[]}`))
			}))
		case search.err != nil:
			a.status = eserr.From(search.err).Status
			w.Raw("error", eserr.From(search.err).Append(nil))
		default:
			w.Key("response")
			w.Value(func(dst []byte) []byte { return c.appendSearch(dst, search.req, search.res, "") })
			a.warnings = search.res.Warnings
		}
	})
	return a, nil
}
