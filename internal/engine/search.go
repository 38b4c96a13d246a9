package engine

import (
	"context"
	"slices"
	"sync"
	"time"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// pinned is the state of some indices that a search or a snapshot holds.
type pinned struct {
	indices []pinnedIndex
	missing []es.ShardFailure // indices that should be among them and did not open
}

type pinnedIndex struct {
	ix     *index
	view   *view
	filter query.Query // of the aliases that named the index
	shards []int       // that the target restricts it to; nil is all
}

func (p *pinned) release() {
	for _, i := range p.indices {
		i.view.release()
	}
}

// pin holds the present state of the indices that a target names.
func (e *Engine) pin(target es.Target) (*pinned, error) {
	found, err := e.resolve(target)
	if err != nil {
		return nil, err
	}
	p := &pinned{indices: make([]pinnedIndex, 0, len(found)), missing: e.unopened(target)}
	for _, f := range found {
		err := readBlock(f.index)
		if f.index.closed.Load() {
			err = eserr.IndexClosed(f.index.name, f.index.uuid)
		}
		if err != nil {
			p.release()
			return nil, err
		}
		filter, err := aliasFilter(f.aliases)
		if err != nil {
			p.release()
			return nil, err
		}
		p.indices = append(p.indices, pinnedIndex{ix: f.index, view: f.index.views.acquire(false), filter: filter, shards: f.shards(&target)})
	}
	return p, nil
}

func readBlock(ix *index) error {
	for _, b := range ix.settings.Load().blocks {
		if b.read {
			return blockError(ix.name, b)
		}
	}
	return nil
}

// aliasFilter joins the filters of the aliases that named an index: a document that any of them
// lets through is seen; an alias without a filter lets all through.
func aliasFilter(aliases []es.Alias) (query.Query, error) {
	if len(aliases) == 0 {
		return nil, nil
	}
	var any []query.Query
	for _, a := range aliases {
		if a.Filter == nil {
			return nil, nil
		}
		q, err := query.Parse(a.Filter)
		if err != nil {
			return nil, err
		}
		any = append(any, q)
	}
	if len(any) == 1 {
		return any[0], nil
	}
	return &query.Bool{Should: any}, nil
}

// Search finds documents; see es.Searcher.
func (e *Engine) Search(ctx context.Context, req *es.SearchRequest) (*es.SearchResponse, error) {
	if len(req.Unmodelled) > 0 {
		return nil, eserr.Unsupported("[" + req.Unmodelled[0].Name + "] in a search")
	}
	if err := e.lookUp(ctx, req); err != nil {
		return nil, err
	}
	start := e.now()
	deadline := start.Add(req.WaitFor)
	for {
		changed := e.published.next()
		resp, err := e.searchOnce(ctx, req)
		if err != nil || req.WaitFor == 0 || len(resp.Hits.Hits) > 0 {
			if resp != nil {
				resp.TookMillis = e.now().Sub(start).Milliseconds()
			}
			return resp, err
		}
		left := deadline.Sub(e.now())
		if left <= 0 {
			return resp, nil
		}
		if err := waitChange(ctx, changed, left); err != nil {
			return nil, err
		}
	}
}

// checkRescoreWindow refuses a window that is larger than an index allows.
func checkRescoreWindow(req *es.SearchRequest, state *pinned) error {
	for _, r := range req.Rescore {
		for _, p := range state.indices {
			if limit := p.ix.settings.Load().maxRescoreWindow; r.Window > limit {
				return eserr.SearchPhase("query", eserr.ShardFailure{Index: p.ix.name, Err: eserr.IllegalArgument("Rescore window [%d] is too large. It must be less than [%d]. "+
					"This prevents allocating massive heaps for storing the results to be rescored. "+
					"This limit can be set by changing the [index.max_rescore_window] index level setting.", r.Window, limit)})
			}
		}
	}
	return nil
}

func waitChange(ctx context.Context, changed <-chan struct{}, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

func (e *Engine) searchOnce(ctx context.Context, req *es.SearchRequest) (*es.SearchResponse, error) {
	state, release, err := e.searchState(req)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := checkRescoreWindow(req, state); err != nil {
		return nil, err
	}
	indices := e.execIndices(state, req.Slice, req.Scroll)
	run := execRequest(req, e)
	if run.IndexBoosts, err = e.indexBoosts(req); err != nil {
		return nil, err
	}
	began := e.now()
	res, err := exec.Search(ctx, indices, run)
	took := e.now().Sub(began)
	countSearch(state, req, res, took)
	if err != nil {
		return nil, err
	}
	e.logSlowSearch(ctx, state, req, took, res.Hits.Total)
	resp := &es.SearchResponse{
		TimedOut: res.TimedOut, TerminatedEarly: res.TerminatedEarly, Hits: res.Hits, Aggs: res.Aggs,
		Snapshot: req.Snapshot, Warnings: res.Warnings, Scanned: res.Scanned, Profile: res.Profile,
	}
	resp.Shards = shardsOf(state, res)
	return resp, nil
}

// shardsOf says which indices answered; those that did not open count as failed.
func shardsOf(state *pinned, res *exec.Response) es.Shards {
	failures := slices.Clone(state.missing)
	for _, f := range res.Failures {
		failures = append(failures, es.ShardFailure{Index: f.Index, Err: f.Err})
	}
	total := len(state.indices) + len(state.missing)
	return es.Shards{Total: total, Successful: total - len(failures), Skipped: res.Skipped, Failed: len(failures), Failures: failures}
}

// searchState pins the state to search: the target's, or an open snapshot's.
func (e *Engine) searchState(req *es.SearchRequest) (*pinned, func(), error) {
	if req.Snapshot != "" {
		return e.snapshots.use(req, e.now())
	}
	p, err := e.pin(req.Target)
	if err != nil {
		return nil, nil, err
	}
	return p, p.release, nil
}

// execIndices is the pinned state as execution knows it.
func (e *Engine) execIndices(state *pinned, slice *es.Slice, scroll bool) []exec.Index {
	out := make([]exec.Index, len(state.indices))
	for i, p := range state.indices {
		settings := p.ix.settings.Load()
		x := exec.Index{Name: p.ix.name, UUID: p.ix.uuid, Mapping: p.ix.mapping(), Filter: p.filter, IDs: execIDs{p.ix.ids}, Analyzers: settings.analyzers,
			MaxResultWindow: settings.maxResultWindow, MaxRegexLength: settings.maxRegexLength, MaxInnerWindow: settings.maxInnerWindow, PrimaryTerm: primaryTerm,
			MaxDocvalueFields: settings.maxDocvalues, MaxScriptFields: settings.maxScriptFields, MaxTerms: settings.maxTerms, MaxAnalyzedOffset: settings.maxAnalyzed,
			DefaultFields: settings.defaultFields, LenientStrings: settings.lenientStrings}
		if settings.requestCache {
			x.CacheStats = &p.ix.stats.requestCache
		}
		x.Sources = make([]exec.Source, len(p.view.parts))
		for j, part := range p.view.parts {
			x.Sources[j] = exec.Source{Segment: part.seg, Deleted: part.deleted, ID: part.cacheID, Deletes: part.deletes}
		}
		x.Restrict = p.restriction(slice, scroll)
		out[i] = x
	}
	return out
}

// execIDs is docIDs as execution knows it.
type execIDs struct{ ids docIDs }

func (x execIDs) ID(seqNo int64) string         { return x.ids.derive(seqNo) }
func (x execIDs) SeqNo(id string) (int64, bool) { return x.ids.sequence(id) }

func execRequest(req *es.SearchRequest, e *Engine) *exec.Request {
	r := &exec.Request{
		Query: req.Query, Knn: req.Knn, Rescore: req.Rescore, PostFilter: req.PostFilter, MinScore: req.MinScore, Aggs: req.Aggs, From: req.From, Size: req.Size,
		SearchAfter: req.SearchAfter, TrackScores: req.TrackScores, TrackTotal: exec.TrackTotal(req.TrackTotal),
		Source:  exec.SourceFilter(req.Source),
		Version: req.Version, SeqNo: req.SeqNo, Explain: req.Explain, Timeout: req.Timeout, TerminateAfter: req.TerminateAfter, Now: e.now(),
		Profile: req.Profile, NodeID: e.opts.NodeName,
		Budget: &searchBudget{memory: e.memory}, MaxBuckets: int(e.maxBuckets.Load()),
	}
	if !req.NoRequestCache {
		r.Cache = e.requestCache
	}
	if r.Timeout == 0 {
		r.Timeout = time.Duration(e.searchTimeout.Load())
	}
	r.NoExpensive = e.noExpensive.Load()
	r.StoredFields = req.StoredFields
	r.NamedScores, r.Scroll, r.Highlight = req.NamedScores, req.Scroll, req.Highlight
	if req.Collapse != nil {
		r.Collapse = &exec.Collapse{Field: req.Collapse.Field, InnerHits: req.Collapse.InnerHits}
	}
	r.Runtime, r.StoredScript = req.Runtime, e.storedScript
	for _, f := range req.ScriptFields {
		r.ScriptFields = append(r.ScriptFields, exec.ScriptField(f))
	}
	for _, k := range req.Sort {
		r.Sort = append(r.Sort, exec.SortKey(k))
	}
	for _, f := range req.Fields {
		r.Fields = append(r.Fields, exec.FieldFormat(f))
	}
	for _, f := range req.DocvalueFields {
		r.DocvalueFields = append(r.DocvalueFields, exec.FieldFormat(f))
	}
	return r
}

// OpenSnapshot pins the present state of indices; see es.Searcher.
func (e *Engine) OpenSnapshot(ctx context.Context, target es.Target, keepAlive time.Duration) (es.SnapshotID, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	p, err := e.pin(target)
	if err != nil {
		return "", err
	}
	return e.snapshots.add(p, keepAlive, e.now())
}

// CloseSnapshot releases a snapshot; see es.Searcher.
func (e *Engine) CloseSnapshot(ctx context.Context, id es.SnapshotID) (bool, error) {
	return e.snapshots.remove(id), ctx.Err()
}

// notifier tells waiting searches that something was published.
type notifier struct {
	mu      sync.Mutex
	changed chan struct{}
	waited  bool // someone took the channel since it was made
}

func (n *notifier) init() { n.changed = make(chan struct{}) }

// next returns a channel that is closed at the next publication.
func (n *notifier) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waited = true
	return n.changed
}

func (e *Engine) notifyPublished() {
	n := &e.published
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waited {
		close(n.changed)
		n.changed, n.waited = make(chan struct{}), false
	}
}
