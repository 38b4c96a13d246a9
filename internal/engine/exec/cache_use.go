package exec

// cachedRun is what a run of blocks contributed to an earlier search.
type cachedRun struct {
	plan, source int
	entry        *cacheEntry
}

// cachedTasks cuts a segment into runs of blocks that are the same for every search, takes over what is kept of
// them, and returns what is left to do.
func (s *search) cachedTasks(p *plan, source int) []task {
	l := newLeaf(p.index.Sources[source], nil)
	var list []task
	var best []sortVal
	for from := 0; from < len(l.blocks); from += taskBlocks {
		blocks := p.candidates(l, from, min(from+taskBlocks, len(l.blocks)))
		if len(blocks) == 0 {
			continue
		}
		known, keep := s.lookRun(p, source, from/taskBlocks, l, blocks)
		if known && s.req.Size == 0 {
			continue
		}
		if best == nil {
			best = p.bestOf(l, source)
		}
		if best != nil {
			sortBlocks(blocks, best, p.keys[0].desc)
		}
		t := p.task(source, blocks, best)
		t.known, t.keep = known, keep
		list = append(list, t)
	}
	return list
}

// lookRun takes over what is kept of a run; where nothing is, keep says that it should be from now on.
func (s *search) lookRun(p *plan, source, run int, l *leaf, blocks []int) (known bool, keep *cacheKey) {
	rows := 0
	for _, block := range blocks {
		rows += l.blocks[block].Rows
	}
	if rows < s.req.Cache.minRows {
		return false, nil
	}
	key := p.key.runKey(p, source, run, l, blocks)
	entry, worth := s.req.Cache.look(&key, p.index.CacheStats)
	switch {
	case entry != nil:
		s.take(p, source, entry)
		return true, nil
	case worth:
		return false, &key
	}
	return false, nil
}

// take counts what is kept of a run.
func (s *search) take(p *plan, source int, e *cacheEntry) {
	s.cached = append(s.cached, cachedRun{p.position, source, e})
	s.tally.plans[p.position].touched.Store(true)
	if s.tally.limit >= 0 {
		s.tally.count(p.position, int(e.hits))
	}
}

// keepRun works on a task whose contribution is to be kept: with collectors of its own, so that it can be told
// from that of other runs.
func (w *worker) keepRun(state *planState, t *task) error {
	bound := *state.bound
	bound.collecting = false
	own := &planState{plan: state.plan, top: state.top, aggs: newCollectors(state.plan.aggs, w.account), bound: &bound}
	err := w.blocks(own, t)
	found := own.aggs.partials(0)
	if len(found) > 0 {
		state.runs = append(state.runs, found)
	}
	if err != nil {
		return err // what was found before counts, and is not kept
	}
	c := cloner{}
	parts := c.all(state.plan.aggs, found)
	w.search.req.Cache.put(&cacheEntry{key: *t.keep, owner: state.plan.index.CacheStats, hits: own.found, parts: parts, bytes: int64(c.bytes)})
	return nil
}

// cachedPartials are copies of what is kept of an index's runs.
func (s *search) cachedPartials(p *plan, acct *account) ([]partials, error) {
	var list []partials
	for i := range s.cached {
		run := &s.cached[i]
		if run.plan != p.position || run.entry.parts == nil {
			continue
		}
		c := cloner{plan: p.position, source: run.source, acct: acct}
		list = append(list, c.all(p.aggs, run.entry.parts))
		if err := acct.grow(c.bytes); err != nil {
			return nil, err
		}
	}
	return list, nil
}
