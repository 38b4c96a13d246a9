package engine

import (
	"sync"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// maxSnapshots bounds open snapshots, as Elasticsearch bounds open scroll contexts
// (search.max_open_scroll_context): each pins segments that merges have replaced.
const maxSnapshots = 500

// snapshots are the states pinned by scrolls and points in time.
type snapshots struct {
	memory *memory
	now    func() time.Time
	mu     struct {
		sync.Mutex
		open map[es.SnapshotID]*snapshot
	}
}

// snapshot is one pinned state. It is released when it was removed and no search uses it.
type snapshot struct {
	state     *pinned
	keepAlive time.Duration
	expires   time.Time
	users     int
	removed   bool
	// scrolled is when a scroll began to use it; zero for a point in time.
	scrolled time.Time
}

func (s *snapshots) init(m *memory, now func() time.Time) {
	s.memory, s.now, s.mu.open = m, now, map[es.SnapshotID]*snapshot{}
}

// snapshotBytes and pinnedBytes are about what an open snapshot takes, and each index and segment that it pins. The
// documents that only it still holds are accounted for as long as they are in memory.
const (
	snapshotBytes = 512
	pinnedBytes   = 64
)

func (p *pinned) bytes() int64 {
	n := int64(snapshotBytes)
	for _, i := range p.indices {
		n += int64(1+len(i.view.parts)) * pinnedBytes
	}
	return n
}

// countContexts counts an open snapshot of each index.
func (p *pinned) countContexts(n int64) {
	for _, i := range p.indices {
		i.ix.stats.openContexts.Add(n)
	}
}

func (s *snapshots) add(p *pinned, keepAlive time.Duration, now time.Time) (es.SnapshotID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.mu.open) >= maxSnapshots {
		p.release()
		return "", eserr.New(429, "too_many_scroll_contexts_exception",
			"Trying to create too many scroll contexts. Must be less than or equal to: [%d]. close those that are done, or give them shorter lives", maxSnapshots)
	}
	if err := s.memory.reserveQuery(p.bytes()); err != nil {
		p.release()
		return "", err
	}
	id := es.SnapshotID(newUUID())
	p.countContexts(1)
	s.mu.open[id] = &snapshot{state: p, keepAlive: keepAlive, expires: now.Add(keepAlive)}
	return id, nil
}

// use pins a snapshot for one search and prolongs its life.
func (s *snapshots) use(req *es.SearchRequest, now time.Time) (*pinned, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap := s.mu.open[req.Snapshot]
	if snap == nil {
		return nil, nil, eserr.SearchContextMissing(string(req.Snapshot))
	}
	if req.KeepAlive > 0 {
		snap.keepAlive = req.KeepAlive
	}
	if req.Scroll && snap.scrolled.IsZero() {
		snap.scrolled = now
		snap.state.countScrolls(1, 0, 0)
	}
	snap.expires = now.Add(snap.keepAlive)
	snap.users++
	return snap.state, func() { s.done(snap) }, nil
}

func (s *snapshots) done(snap *snapshot) {
	s.mu.Lock()
	snap.users--
	free := snap.removed && snap.users == 0
	s.mu.Unlock()
	if free {
		s.free(snap)
	}
}

// free gives back what a snapshot held.
func (s *snapshots) free(snap *snapshot) {
	s.memory.queries.Add(-snap.state.bytes())
	snap.state.countContexts(-1)
	if !snap.scrolled.IsZero() {
		snap.state.countScrolls(0, 1, s.now().Sub(snap.scrolled))
	}
	snap.state.release()
}

func (s *snapshots) remove(id es.SnapshotID) bool {
	s.mu.Lock()
	snap := s.mu.open[id]
	free := s.dropLocked(id)
	s.mu.Unlock()
	if free {
		s.free(snap)
	}
	return snap != nil
}

// dropLocked takes a snapshot off the list and says whether nobody uses it.
func (s *snapshots) dropLocked(id es.SnapshotID) bool {
	snap := s.mu.open[id]
	if snap == nil {
		return false
	}
	delete(s.mu.open, id)
	snap.removed = true
	return snap.users == 0
}

// expire releases the snapshots whose time has passed.
func (s *snapshots) expire(now time.Time) {
	var free []*snapshot
	s.mu.Lock()
	for id, snap := range s.mu.open {
		if snap.users == 0 && now.After(snap.expires) && s.dropLocked(id) {
			free = append(free, snap)
		}
	}
	s.mu.Unlock()
	for _, snap := range free {
		s.free(snap)
	}
}

func (s *snapshots) closeAll() { s.expire(time.Unix(1<<40, 0)) }
