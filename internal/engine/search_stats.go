package engine

import (
	"sync"
	"time"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/es"
)

// maxSearchGroups bounds the groups that the searches of an index are counted in: a client that makes up a name for each search
// must not fill the memory. Searches of further groups count for all searches only.
const maxSearchGroups = 1000

// searchCounters count the searches of one index since start.
type searchCounters struct {
	mu     sync.Mutex
	all    es.SearchStats             // guarded by mu
	groups map[string]*es.SearchStats // guarded by mu
}

// counts returns what was counted, by groups too.
func (s *searchCounters) counts() (all es.SearchStats, groups map[string]es.SearchStats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, one := range s.groups {
		if groups == nil {
			groups = make(map[string]es.SearchStats, len(s.groups))
		}
		groups[name] = *one
	}
	return s.all, groups
}

// add adds a search to all, and to the groups that it names.
func (s *searchCounters) add(one *es.SearchStats, groups []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.Add(one)
	for _, name := range groups {
		group := s.groups[name]
		if group == nil {
			if len(s.groups) >= maxSearchGroups {
				continue
			}
			if s.groups == nil {
				s.groups = map[string]*es.SearchStats{}
			}
			group = &es.SearchStats{}
			s.groups[name] = group
		}
		group.Add(one)
	}
}

// countSearch adds a search to the statistics of its indices. Each has the whole time, as they are searched side by side; those that
// hits came from fetched them.
func countSearch(state *pinned, req *es.SearchRequest, res *exec.Response, took time.Duration) {
	fetched := map[string]bool{}
	fetching := time.Duration(0)
	if res != nil {
		fetching = res.Fetching
		for i := range res.Hits.Hits {
			fetched[res.Hits.Hits[i].Index] = true
		}
	}
	for _, i := range state.indices {
		one := es.SearchStats{Queries: 1, QueryNanos: (took - fetching).Nanoseconds()}
		if res == nil {
			one.Failures = 1
		}
		if fetched[i.ix.name] {
			one.Fetches, one.FetchNanos = 1, fetching.Nanoseconds()
		}
		i.ix.stats.search.add(&one, req.StatGroups)
	}
}

// countScrolls adds scrolls that were opened, or that ended after some time.
func (p *pinned) countScrolls(opened int64, ended int64, open time.Duration) {
	for _, i := range p.indices {
		i.ix.stats.search.add(&es.SearchStats{OpenScrolls: opened - ended, Scrolls: ended, ScrollNanos: open.Nanoseconds()}, nil)
	}
}
