package api

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// scroll is a search that is read page by page over a snapshot. Clients may go on sending the id of
// the first page, so the cursor is kept here and not in the id.
type scroll struct {
	mu        sync.Mutex // one page at a time
	req       es.SearchRequest
	hideSort  int           // how many of the sort keys were added here and are not shown
	keepAlive time.Duration // guarded by scrolls.mu, as is expires
	expires   time.Time
	held      int64 // bytes of the request that stay taken from the body budget
}

// scrolls are the open scrolls by id, which is that of their snapshot.
type scrolls struct {
	now    func() time.Time
	bodies *budget
	mu     struct {
		sync.Mutex
		open map[es.SnapshotID]*scroll
	}
}

func newScrolls(now func() time.Time, bodies *budget) *scrolls {
	s := &scrolls{now: now, bodies: bodies}
	s.mu.open = map[es.SnapshotID]*scroll{}
	return s
}

// add registers a scroll, after forgetting those whose time has passed.
func (s *scrolls) add(id es.SnapshotID, sc *scroll, limit int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireLocked()
	if len(s.mu.open) >= limit {
		return false
	}
	sc.expires = s.now().Add(sc.keepAlive)
	s.mu.open[id] = sc
	return true
}

// expire forgets the scrolls whose time has passed, and gives back what their requests took.
func (s *scrolls) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireLocked()
}

func (s *scrolls) expireLocked() {
	now := s.now()
	for id, sc := range s.mu.open {
		if now.After(sc.expires) {
			s.bodies.give(sc.held)
			delete(s.mu.open, id)
		}
	}
}

// use finds a scroll and prolongs it by keepAlive, or as before when that is 0. It returns by how long,
// and nil when there is no such scroll.
func (s *scrolls) use(id es.SnapshotID, keepAlive time.Duration) (*scroll, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc := s.mu.open[id]
	if sc == nil || s.now().After(sc.expires) {
		return nil, 0
	}
	if keepAlive > 0 {
		sc.keepAlive = keepAlive
	}
	sc.expires = s.now().Add(sc.keepAlive)
	return sc, sc.keepAlive
}

// remove forgets scrolls and returns the ids of those that were open; none given means all.
func (s *scrolls) remove(ids []es.SnapshotID) []es.SnapshotID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ids == nil {
		for id := range s.mu.open {
			ids = append(ids, id)
		}
	}
	var removed []es.SnapshotID
	for _, id := range ids {
		if sc, found := s.mu.open[id]; found {
			s.bodies.give(sc.held)
			delete(s.mu.open, id)
			removed = append(removed, id)
		}
	}
	return removed
}

// openScroll answers a search with the scroll parameter.
func (s *Server) openScroll(c *call, req *es.SearchRequest) (answer, error) {
	keepAlive, err := c.scrollKeepAlive(c.text("scroll"))
	if err != nil {
		return answer{}, err
	}
	if err := validateScroll(req); err != nil {
		return answer{}, err
	}
	limit, err := c.clusterSetting(settingMaxScrolls)
	if err != nil {
		return answer{}, err
	}
	most, _ := strconv.Atoi(limit) // it was checked when it was set
	id, err := s.store.OpenSnapshot(c.ctx(), req.Target, keepAlive)
	if err != nil {
		return answer{}, err
	}
	// The scroll keeps the request, so what its body took stays taken.
	sc := &scroll{req: *req, keepAlive: keepAlive, held: c.reserved}
	sc.order()
	sc.req.Scroll = true
	sc.req.Target, sc.req.Snapshot = es.Target{}, id
	if sc.req.TrackTotal == 0 {
		sc.req.TrackTotal = es.TrackAll
	}
	if !s.scrolls.add(id, sc, most) {
		s.closeSnapshots(c, []es.SnapshotID{id})
		return answer{}, eserr.New(http.StatusTooManyRequests, "too_many_scroll_contexts_exception",
			"Trying to create too many scroll contexts. Must be less than or equal to: [%d]. This limit can be set by changing the [search.max_open_scroll_context] setting.", most)
	}
	c.reserved = 0
	a, err := s.scrollPage(c, id, sc, keepAlive)
	if err != nil {
		s.closeSnapshots(c, s.scrolls.remove([]es.SnapshotID{id}))
	}
	return a, err
}

// order makes the order of hits total, which scrolling by cursor needs.
func (sc *scroll) order() {
	keys := append([]es.SortKey(nil), sc.req.Sort...)
	for i := range keys {
		if keys[i].Field == "_doc" {
			keys[i].Field = "_shard_doc"
		}
	}
	given := len(keys)
	if given == 0 && sc.req.Query != nil {
		keys = append(keys, es.SortKey{Field: "_score", Desc: true})
	}
	sc.req.Sort = withTieBreaker(keys)
	sc.hideSort = len(sc.req.Sort) - given
}

func validateScroll(req *es.SearchRequest) error {
	switch {
	case req.Snapshot != "":
		return eserr.Validation("Validation Failed: 1: using [point in time] is not allowed in a scroll context;")
	case req.From > 0:
		return eserr.Validation("Validation Failed: 1: using [from] is not allowed in a scroll context;")
	case req.Size == 0:
		return eserr.Validation("Validation Failed: 1: [size] cannot be [0] in a scroll context;")
	case req.TrackTotal != 0 && req.TrackTotal != es.TrackAll:
		return eserr.Validation("Validation Failed: 1: disabling [track_total_hits] is not allowed in a scroll context;")
	case len(req.SearchAfter) > 0:
		return eserr.Validation("Validation Failed: 1: `search_after` cannot be used in a scroll context.;")
	}
	return nil
}

// scrollKeepAlive reads how long a scroll is to stay open.
func (c *call) scrollKeepAlive(text string) (time.Duration, error) {
	d, err := dates.ParseTimeValue("scroll", text)
	if err != nil {
		return 0, err
	}
	limit, limitText, err := c.keepAliveLimit()
	switch {
	case err != nil:
		return 0, err
	case d <= 0:
		return 0, eserr.IllegalArgument("[scroll] must be positive, found [%s]", text)
	case d > limit:
		return 0, tooLongAlive(text, limitText)
	}
	return d, nil
}

func tooLongAlive(text, limit string) error {
	return eserr.IllegalArgument("Keep alive for request (%s) is too large. It must be less than (%s). This limit can be set by changing the [search.max_keep_alive] cluster level setting.", text, limit)
}

// scrollPage searches for the next page, moves the cursor and keeps the snapshot for so long.
func (s *Server) scrollPage(c *call, id es.SnapshotID, sc *scroll, keepAlive time.Duration) (answer, error) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.req.KeepAlive = keepAlive
	res, err := s.store.Search(c.ctx(), &sc.req)
	if err != nil {
		return answer{}, err
	}
	a := sc.req
	hits := res.Hits.Hits
	if len(hits) > 0 {
		sc.req.SearchAfter = hits[len(hits)-1].Sort
		sc.req.Aggs = nil
	}
	for i := range hits {
		shown := len(hits[i].Sort) - sc.hideSort
		if shown <= 0 {
			hits[i].Sort = nil
		} else {
			hits[i].Sort = hits[i].Sort[:shown:shown]
		}
	}
	return c.found(&a, res, string(id)), nil
}

// nextScroll answers GET and POST /_search/scroll.
func (s *Server) nextScroll(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	id, keep := c.path("scroll_id"), c.text("scroll")
	if id == "" {
		id = c.text("scroll_id")
	}
	if body != nil {
		err = members(body, "scroll", []string{"scroll_id", "scroll"}, func(key string, v *jsonval.Node) (bool, error) {
			switch key {
			case "scroll_id":
				id = v.Text
			case "scroll":
				keep = v.Text
			default:
				return false, eserr.IllegalArgument("Unknown parameter [%s] in request body or parameter is of the wrong type[%s] ", key, v.Kind)
			}
			return true, nil
		})
		if err != nil {
			return answer{}, err
		}
	}
	if id == "" {
		return answer{}, eserr.Validation("Validation Failed: 1: scrollId is missing;")
	}
	var keepAlive time.Duration
	if keep != "" {
		if keepAlive, err = c.scrollKeepAlive(keep); err != nil {
			return answer{}, err
		}
	}
	sc, keepAlive := s.scrolls.use(es.SnapshotID(id), keepAlive)
	if sc == nil {
		return answer{}, eserr.SearchPhase("query", eserr.ShardFailure{Err: eserr.SearchContextMissing(id)})
	}
	return s.scrollPage(c, es.SnapshotID(id), sc, keepAlive)
}

// clearScroll answers DELETE /_search/scroll[/{scroll_id}].
func (s *Server) clearScroll(c *call) (answer, error) {
	ids := c.pathList("scroll_id")
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		err = members(body, "clear scroll", []string{"scroll_id"}, func(key string, v *jsonval.Node) (bool, error) {
			if key != "scroll_id" {
				return false, nil
			}
			ids, err = stringList(v, key)
			return true, err
		})
		if err != nil {
			return answer{}, err
		}
	}
	if len(ids) == 0 {
		return answer{}, eserr.Validation("Validation Failed: 1: no scroll ids specified;")
	}
	var named []es.SnapshotID
	if ids[0] != "_all" {
		named = make([]es.SnapshotID, 0, len(ids))
		for _, id := range ids {
			named = append(named, es.SnapshotID(id))
		}
	}
	freed := s.closeSnapshots(c, s.scrolls.remove(named))
	return freedAnswer(freed, ids[0] == "_all"), nil
}

// closeSnapshots releases snapshots and returns how many there were, whether or not the client is there still. One that
// cannot be released ends by itself with its keep-alive.
func (s *Server) closeSnapshots(c *call, ids []es.SnapshotID) int {
	count := 0
	for _, id := range ids {
		found, err := s.store.CloseSnapshot(context.WithoutCancel(c.ctx()), id)
		if err != nil {
			s.log.Warn("snapshot not closed", "error", err)
		}
		if found {
			count++
		}
	}
	return count
}

func freedAnswer(freed int, orNone bool) answer {
	a := answer{body: object(func(w *jsonval.Writer) {
		w.Bool("succeeded", true)
		w.Int("num_freed", int64(freed))
	})}
	if freed == 0 && !orNone {
		a.status = http.StatusNotFound
	}
	return a
}
