package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/ingest"
	"elkhorn/internal/engine/manifest"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/engine/wal"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// index is one index: its mapping and settings, the parts that hold its documents, and what orders
// the operations on it.
type index struct {
	engine  *Engine
	name    string
	uuid    string
	created time.Time
	dir     string
	logger  *slog.Logger
	ids     docIDs
	// idSource is the UUID that ids are derived from.
	idSource string

	settings atomic.Pointer[indexSettings]
	aliases  atomic.Pointer[[]es.Alias]
	closed   atomic.Bool
	dropped  atomic.Bool // deleted: late writers and flushes stop
	// stream is the name of the data stream that the index backs, nil for none.
	stream atomic.Pointer[string]
	// rolledOver is when a rollover made the next index, in Unix milliseconds; 0 while none did.
	rolledOver atomic.Int64
	// recovery says what the index was made of, if this process made it of another's files.
	recovery atomic.Pointer[es.Recovery]

	warnedPlain sync.Map // nested paths; see warnPlain

	views views
	// plan is the present mapping, ready for ingest.
	plan atomic.Pointer[ingest.Plan]
	// mappingMu serializes changes of the mapping; the log has each before the documents that use it.
	mappingMu sync.Mutex

	// write orders operations: whoever holds it assigns sequence numbers, appends to the log and
	// publishes. Nothing under it waits for the disk.
	write struct {
		sync.Mutex
		nextSeq int64
		// recent holds the last operation on each explicit id since the last flush, and deletes a while longer; older ones
		// are found through the segments' id indexes.
		recent map[string]recentOp
		// lastPos is the log position of the newest operation, 0 when there is none since start.
		lastPos wal.Position
		// firstPos is the log position of the oldest operation that is not in segment files, 0 for none.
		firstPos wal.Position
	}

	// maintain is held by the one flush or merge that works on the index.
	maintain sync.Mutex
	manifest *manifest.Manifest
	// Under maintain: the number of the next segment file, and the mapping that the manifest has.
	nextFile     uint64
	messages     segment.TemplateMemory
	savedMapping *mapping.Mapping
	// replayAfter is the log position up to which the segment files had everything at start.
	replayAfter wal.Position
	// checkpoint is the highest sequence number that is in segment files, -1 at first.
	checkpoint atomic.Int64
	// unflushedBytes and unflushedSince decide when memory is written out.
	unflushedBytes atomic.Int64
	unflushedSince atomic.Int64 // Unix nanoseconds, 0 when there is nothing

	stats indexCounters
}

// recentOp is the newest operation on an explicit id.
type recentOp struct {
	seq     int64
	version int64
	deleted bool
	// deletedMillis is when: a delete is remembered for index.gc_deletes, so that what comes late finds its version.
	deletedMillis int64
}

// indexCounters count since start.
type indexCounters struct {
	indexed, failed, deleted   atomic.Int64
	conflicts                  atomic.Int64 // of versions, among those that failed
	deleteNanos, noopUpdates   atomic.Int64
	search                     searchCounters
	refreshNanos               atomic.Int64
	getMissingNanos            atomic.Int64
	openContexts               atomic.Int64 // snapshots that hold the index
	refreshes, flushes, merges atomic.Int64
	bulks, bulkBytes           atomic.Int64
	indexNanos                 atomic.Int64
	gets, getsMissing          atomic.Int64
	getNanos                   atomic.Int64
	flushNanos, mergeNanos     atomic.Int64
	mergeDocs, mergeBytes      atomic.Int64
	newestMillis               atomic.Int64 // highest @timestamp seen
	written                    atomic.Int64 // bytes of segment files, flushed and merged
	requestCache               exec.CacheStats
}

// refused counts an operation that failed.
func (c *indexCounters) refused(reason *eserr.Error) {
	c.failed.Add(1)
	if reason.IsVersionConflict() {
		c.conflicts.Add(1)
	}
}

// primaryTerm is 1 for ever: terms count changes of primary, and one machine has none.
const primaryTerm = 1

func (ix *index) aliasList() []es.Alias {
	if list := ix.aliases.Load(); list != nil {
		return *list
	}
	return nil
}

func (ix *index) mapping() *mapping.Mapping { return ix.plan.Load().Mapping() }

// newPlan makes a mapping ready for ingest.
func (ix *index) newPlan(m *mapping.Mapping) (*ingest.Plan, error) {
	s := ix.settings.Load()
	return ingest.NewPlanWith(m, s.analyzers.count, s.defaults)
}

// setMapping makes a mapping the present one.
func (ix *index) setMapping(m *mapping.Mapping) error {
	plan, err := ix.newPlan(m)
	if err != nil {
		return err
	}
	ix.plan.Store(plan)
	return nil
}

// growMapping replaces the mapping by what change makes of it and logs it, so that the log has it
// before any document that uses it. change returns nil when there is nothing to do.
func (ix *index) growMapping(ctx context.Context, change func(*mapping.Mapping) (*mapping.Mapping, error)) (wal.Position, error) {
	ix.mappingMu.Lock()
	defer ix.mappingMu.Unlock()
	old := ix.mapping()
	next, err := change(old)
	if err != nil || next == nil || next == old {
		return 0, err
	}
	if err := ix.checkMappingLimits(next, old); err != nil {
		return 0, err
	}
	plan, err := ix.newPlan(next)
	if err != nil {
		return 0, err
	}
	body, err := next.MarshalJSON()
	if err != nil {
		return 0, fmt.Errorf("print mapping of %s: %w", ix.name, err)
	}
	pos, err := ix.engine.log.Append(ctx, wal.Record{Kind: recordMapping, Index: ix.uuid, Payload: body})
	if err != nil {
		return 0, ix.engine.logFailure(err)
	}
	ix.plan.Store(plan)
	ix.write.Lock()
	ix.notePosLocked(pos)
	ix.write.Unlock()
	ix.engine.kickFlush(ix, 0)
	return pos, nil
}

// notePosLocked records that the log has something at pos that is not in files yet.
func (ix *index) notePosLocked(pos wal.Position) {
	ix.write.lastPos = max(ix.write.lastPos, pos)
	if ix.write.firstPos == 0 {
		ix.write.firstPos = pos
		ix.unflushedSince.Store(ix.engine.now().UnixNano())
	}
}

// info describes the index.
func (ix *index) info(matched []es.Alias) es.IndexInfo {
	settings := ix.settings.Load()
	info := es.IndexInfo{
		Name: ix.name, UUID: ix.uuid, Created: ix.created, Closed: ix.closed.Load(), Hidden: settings.hidden,
		Mapping: ix.mapping(), Settings: ix.allSettings(), Aliases: ix.aliasList(), Health: es.Health{Status: "green"},
		Stats: ix.statistics(), Recovery: ix.recovery.Load(),
	}
	if at := ix.rolledOver.Load(); at != 0 {
		info.RolledOver = time.UnixMilli(at).UTC()
	}
	ix.streamInfo(&info)
	for _, a := range matched {
		info.Matched = append(info.Matched, a.Name)
	}
	return info
}

func (ix *index) allSettings() map[string]string {
	flat := ix.settings.Load().flat
	all := make(map[string]string, len(flat)+5)
	for k, v := range flat {
		all[k] = v
	}
	all["index.uuid"] = ix.uuid
	all["index.creation_date"] = fmt.Sprint(ix.created.UnixMilli())
	all["index.provided_name"] = ix.name
	all["index.version.created"] = createdVersion
	return all
}

// createdVersion is 8.19.0 in the form that index.version.created has.
const createdVersion = "8536000"

func (ix *index) statistics() es.IndexStats {
	v := ix.views.acquire(true)
	defer v.release()
	c := &ix.stats
	s := es.IndexStats{
		Docs: v.docs, Checkpoint: ix.checkpoint.Load(), IndexTotal: c.indexed.Load(), IndexFailed: c.failed.Load(), VersionConflicts: c.conflicts.Load(), DeleteTotal: c.deleted.Load(),
		RequestCacheBytes: c.requestCache.Bytes.Load(), RequestCacheHits: c.requestCache.Hits.Load(),
		RequestCacheMisses: c.requestCache.Misses.Load(), RequestCacheEvictions: c.requestCache.Evictions.Load(),
		OpenContexts: c.openContexts.Load(), RefreshNanos: c.refreshNanos.Load(), DeleteNanos: c.deleteNanos.Load(), NoopUpdates: c.noopUpdates.Load(), GetMissingNanos: c.getMissingNanos.Load(), RefreshTotal: c.refreshes.Load(),
		FlushTotal: c.flushes.Load(), MergeTotal: c.merges.Load(), LogBytes: ix.unflushedBytes.Load(),
		NewestTimestampMillis: c.newestMillis.Load(), IndexNanos: c.indexNanos.Load(), BulkTotal: c.bulks.Load(), BulkBytes: c.bulkBytes.Load(),
		GetTotal: c.gets.Load(), GetMissing: c.getsMissing.Load(), GetNanos: c.getNanos.Load(), FlushNanos: c.flushNanos.Load(),
		MergeNanos: c.mergeNanos.Load(), MergeDocs: c.mergeDocs.Load(), MergeBytes: c.mergeBytes.Load(), Fields: int64(ix.mapping().FieldCount()),
	}
	s.Search, s.SearchGroups = c.search.counts()
	ix.write.Lock()
	s.MaxSeqNo = ix.write.nextSeq - 1
	ix.write.Unlock()
	s.LogOperations = max(s.MaxSeqNo-s.Checkpoint, 0)
	visible := ix.views.acquire(false)
	s.VisibleSeqNo = visible.maxSeq()
	visible.release()
	for _, p := range v.parts {
		s.DeletedDocs += int64(p.deletes)
		s.DiskBytes += p.seg.DiskBytes()
		s.MemoryBytes += p.seg.MemoryBytes()
		if p.file != nil {
			s.Segments++
		}
	}
	return s
}

// segmentPath is where a segment file of the index lies.
func (ix *index) segmentPath(name string) string { return path.Join(ix.dir, name) }

// shut releases the index's files. Nobody may write any more.
func (ix *index) shut() error {
	ix.maintain.Lock()
	defer ix.maintain.Unlock()
	ix.views.close()
	return errors.Join(ix.manifest.Close())
}

// segments answers es.GetSegments.
func (e *Engine) segments(t es.Target) ([]es.IndexSegments, error) {
	found, err := e.resolve(t)
	if err != nil {
		return nil, err
	}
	all := make([]es.IndexSegments, len(found))
	for i, f := range found {
		all[i] = es.IndexSegments{Index: f.index.name, UUID: f.index.uuid}
		v := f.index.views.acquire(true)
		for _, p := range v.parts {
			all[i].Segments = append(all[i].Segments, es.Segment{ID: p.id, Docs: int64(p.live()), Deleted: int64(p.deletes),
				DiskBytes: p.seg.DiskBytes(), MemoryBytes: p.seg.MemoryBytes(), OnDisk: p.file != nil})
		}
		v.release()
		numberSegments(all[i].Segments)
	}
	return all, nil
}

// numberSegments gives segments that are in memory only, and have no number yet, those beyond the others'.
func numberSegments(segments []es.Segment) {
	last := uint64(0)
	for i := range segments {
		last = max(last, segments[i].ID)
	}
	for i := range segments {
		if segments[i].ID == 0 {
			last++
			segments[i].ID = last
		}
	}
}
