package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"elkhorn/internal/engine/ingest"
	"elkhorn/internal/engine/manifest"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/engine/wal"
	"elkhorn/internal/es"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/vfs"
)

// recover opens every index and replays what the log has beyond their checkpoints. An index that does
// not open is left out, with its error in the store's health: the others must not suffer for it.
func (e *Engine) recover() error {
	records, err := e.meta.indices()
	if err != nil {
		return err
	}
	startAfter := wal.Position(0)
	for name, rec := range records {
		ix, pos, err := e.openIndex(name, rec)
		if err != nil {
			e.broken[name] = err
			e.logger.Error("index did not open", "index", name, "error", err)
			continue
		}
		e.indexByName[name], e.indexByUUID[ix.uuid] = ix, ix
		startAfter = max(startAfter, pos)
	}
	if err := e.removeOrphans(records); err != nil {
		return err
	}
	if err := e.loadStreams(); err != nil {
		return err
	}
	e.log, err = wal.Open(e.fs, path.Join(e.dir, "wal"), wal.Options{
		StartAfter: startAfter, GroupWindow: e.opts.GroupWindow, SyncInterval: logSyncInterval, SegmentBytes: e.opts.LogSegmentBytes,
		Logger: e.logger,
	})
	if err != nil {
		return err
	}
	return e.replay(startAfter)
}

// removeOrphans deletes the folders of indices whose deletion or creation was cut short.
func (e *Engine) removeOrphans(records map[string]*indexRecord) error {
	known := map[string]bool{}
	for _, rec := range records {
		known[rec.UUID] = true
	}
	dirs, err := e.fs.List(path.Join(e.dir, "indices"))
	if err != nil {
		return fmt.Errorf("list indices: %w", err)
	}
	for _, d := range dirs {
		if !known[d] {
			if err := e.fs.RemoveAll(path.Join(e.dir, "indices", d)); err != nil {
				return fmt.Errorf("remove folder of a deleted index: %w", err)
			}
		}
	}
	return nil
}

// newIndex makes the value for an index, whose settings are those of a new one (parseSettings) or of one that there is
// (keptSettings); its folder and its manifest are the caller's business.
func (e *Engine) newIndex(name string, rec *indexRecord, parse func(map[string]string) (*indexSettings, error)) (*index, error) {
	settings, err := parse(rec.Settings)
	if err != nil {
		return nil, err
	}
	ix := &index{
		engine: e, name: name, uuid: rec.UUID, created: time.UnixMilli(rec.CreatedMillis).UTC(),
		dir: path.Join(e.dir, "indices", rec.UUID), ids: newDocIDs(rec.idSource()), idSource: rec.idSource(), logger: e.logger.With("index", name),
	}
	ix.settings.Store(settings)
	ix.closed.Store(rec.Closed)
	ix.rolledOver.Store(rec.RolledOverMillis)
	ix.aliases.Store(aliasesOf(rec))
	ix.write.recent = map[string]recentOp{}
	return ix, nil
}

func aliasesOf(rec *indexRecord) *[]es.Alias {
	list := make([]es.Alias, len(rec.Aliases))
	for i := range rec.Aliases {
		list[i] = aliasOf(&rec.Aliases[i])
	}
	return &list
}

func aliasOf(a *aliasRecord) es.Alias {
	return es.Alias{Name: a.Name, Filter: a.Filter, IndexRouting: a.IndexRouting, SearchRouting: a.SearchRouting, IsWriteIndex: a.IsWriteIndex, IsHidden: a.IsHidden}
}

// openIndex opens an index's manifest and segments.
func (e *Engine) openIndex(name string, rec *indexRecord) (*index, wal.Position, error) {
	ix, err := e.newIndex(name, rec, keptSettings)
	if err != nil {
		return nil, 0, err
	}
	if ix.manifest, err = manifest.Open(e.fs, ix.dir, e.logger); err != nil {
		return nil, 0, err
	}
	state := ix.manifest.State()
	m, err := mapping.Parse(state.Mapping)
	if err == nil {
		err = ix.setMapping(m)
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("mapping of index %s: %w", name, err), ix.manifest.Close())
	}
	ix.savedMapping = m
	ix.nextFile = state.NextSegmentID
	ix.write.nextSeq = int64(state.Checkpoint.NextSequence)
	ix.checkpoint.Store(ix.write.nextSeq - 1)
	ix.replayAfter = wal.Position(state.Checkpoint.Position)
	parts, err := ix.openParts(state)
	if err != nil {
		return nil, 0, errors.Join(err, ix.manifest.Close())
	}
	ix.views.init(parts)
	return ix, wal.Position(state.Checkpoint.Position), ix.removeStrays(state)
}

func (ix *index) openParts(state manifest.State) ([]*part, error) {
	var parts []*part
	for _, s := range state.Segments {
		core, err := ix.openSegment(s.ID)
		if err != nil {
			for _, p := range parts {
				p.acquire()
				p.drop()
			}
			return nil, err
		}
		p := &part{partCore: core}
		parts = append(parts, p)
		if core.hasTime && core.maxTime > ix.stats.newestMillis.Load() {
			ix.stats.newestMillis.Store(core.maxTime)
		}
		if s.DeleteGeneration == 0 {
			continue
		}
		if p.deleted, p.deletes, err = readDeletes(ix.engine.fs, ix.segmentPath(deletesName(s.ID, s.DeleteGeneration)), core.rows); err != nil {
			return nil, err
		}
		core.generation, core.savedDeletes = s.DeleteGeneration, p.deletes
	}
	return parts, nil
}

// lastCacheID numbers the segment files that this process has opened.
var lastCacheID atomic.Uint64

// openSegment opens segment file id as a part's core.
func (ix *index) openSegment(id uint64) (*partCore, error) {
	at := ix.segmentPath(segmentName(id))
	file, err := segment.Open(ix.engine.fs, at, ix.engine.cache)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &vfs.CorruptionError{Path: at, Offset: -1, Detail: "the file is missing", Repair: "put it back, restore the index from a snapshot, or delete the index"}
	}
	if err != nil {
		return nil, err
	}
	core := coreOf(file)
	core.file, core.id, core.cacheID = file, id, lastCacheID.Add(1)
	core.release = ix.releaseFile
	return core, nil
}

// releaseFile closes a segment file that nobody uses any more, and removes it when it is obsolete.
func (ix *index) releaseFile(c *partCore) {
	ix.engine.requestCache.Forget(c.cacheID)
	if err := c.file.Close(); err != nil {
		ix.logger.Warn("segment file was not closed", "segment", segmentName(c.id), "error", err)
	}
	if !c.obsolete.Load() {
		return
	}
	names := []string{segmentName(c.id)}
	if c.generation > 0 {
		names = append(names, deletesName(c.id, c.generation))
	}
	for _, name := range names {
		if err := removeIfThere(ix.engine.fs, ix.segmentPath(name)); err != nil {
			ix.logger.Warn("obsolete file was not removed", "file", name, "error", err)
		}
	}
}

// removeStrays deletes files in the index's folder that its manifest does not know: what a crash left
// of a flush or a merge.
func (ix *index) removeStrays(state manifest.State) error {
	known := map[string]bool{}
	for _, s := range state.Segments {
		known[segmentName(s.ID)] = true
		if s.DeleteGeneration > 0 {
			known[deletesName(s.ID, s.DeleteGeneration)] = true
		}
	}
	names, err := ix.engine.fs.List(ix.dir)
	if err != nil {
		return fmt.Errorf("list folder of index %s: %w", ix.name, err)
	}
	for _, name := range names {
		ours := strings.HasSuffix(name, ".seg") || strings.HasSuffix(name, ".del") || strings.HasSuffix(name, ".tmp")
		if ours && !known[name] {
			if err := removeIfThere(ix.engine.fs, ix.segmentPath(name)); err != nil {
				return fmt.Errorf("remove stray file of index %s: %w", ix.name, err)
			}
		}
	}
	return nil
}

// replay brings the indices up to the end of the log.
func (e *Engine) replay(checkpointed wal.Position) error {
	records, start := 0, e.now()
	err := e.log.Replay(func(pos wal.Position, rec wal.Record) error {
		ix := e.indexByUUID[rec.Index]
		if ix == nil || pos <= ix.replayAfter {
			return nil // of a deleted index, or in segments already
		}
		records++
		if err := ix.replay(pos, rec); err != nil {
			e.setAside(ix, fmt.Errorf("replay record %d of the log: %w", pos, err))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, ix := range e.indexByName {
		e.kickFlush(ix, 0)
	}
	if records > 0 {
		e.logger.Info("log replayed", "records", records, "took", e.now().Sub(start))
	}
	return nil
}

// setAside leaves out an index that could not be brought up to date: its files and its part of the log stay
// as they are, and the others go on without it.
func (e *Engine) setAside(ix *index, reason error) {
	e.logger.Error("index did not open", "index", ix.name, "error", reason)
	delete(e.indexByName, ix.name)
	delete(e.indexByUUID, ix.uuid)
	e.broken[ix.name] = reason
	ix.dropped.Store(true) // whoever still holds it, such as a queued flush, leaves it alone
	if err := ix.shut(); err != nil {
		e.logger.Warn("index was not closed cleanly", "index", ix.name, "error", err)
	}
}

// replay applies one record.
func (ix *index) replay(pos wal.Position, rec wal.Record) error {
	switch rec.Kind {
	case recordMapping:
		m, err := mapping.Parse(rec.Payload)
		if err == nil {
			err = ix.setMapping(m)
		}
		if err != nil {
			return err
		}
		ix.write.Lock()
		ix.notePosLocked(pos)
		ix.write.Unlock()
		return nil
	case recordDocs:
		ops, err := parseDocs(rec.Payload)
		if err != nil {
			return err
		}
		return ix.replayDocs(pos, ops, int64(len(rec.Payload)))
	}
	return fmt.Errorf("%w: unknown kind %d", errRecord, rec.Kind)
}

// replayDocs puts logged operations in as they were: what they did is decided already.
func (ix *index) replayDocs(pos wal.Position, ops []loggedOp, bytes int64) error {
	for len(ops) > 0 {
		n, err := ix.replayBatch(pos, ops)
		if err != nil {
			return err
		}
		ops = ops[n:]
	}
	ix.unflushedBytes.Add(bytes)
	return nil
}

// replayBatch replays as many operations as fit one batch.
func (ix *index) replayBatch(pos wal.Position, ops []loggedOp) (taken int, err error) {
	b := ix.engine.builders.Get().(*ingest.Builder)
	b.Reset(ix.plan.Load())
	b.SetNestedLimit(ingest.NoNestedLimit) // what is in the log was accepted
	defer ix.engine.builders.Put(b)
	var rows []int
	for ; taken < len(ops); taken++ {
		if ops[taken].action == es.ActionDelete {
			rows = append(rows, -1)
			continue
		}
		err := b.Add(ops[taken].source)
		if errors.Is(err, ingest.ErrFull) {
			break
		}
		if errors.Is(err, ingest.ErrUnknownFields) && taken == 0 {
			// The mapping of that time is in the log before the document, so this is a log written by
			// another version; growing again gives the same fields.
			return 0, ix.regrow(ops[0].source)
		}
		if errors.Is(err, ingest.ErrUnknownFields) {
			break
		}
		if err != nil {
			return 0, err
		}
		rows = append(rows, b.Rows()-1)
	}
	return taken, ix.publishReplayed(pos, ops[:taken], rows, b)
}

func (ix *index) regrow(source []byte) error {
	next, err := ingest.Growth(source)(ix.mapping())
	if err != nil {
		return err
	}
	return ix.setMapping(next)
}

// publishReplayed adds a batch of replayed operations to the index.
func (ix *index) publishReplayed(pos wal.Position, ops []loggedOp, rows []int, b *ingest.Builder) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	view := ix.views.acquire(true)
	defer view.release()
	data := b.Finish()
	n := data.Block.Rows
	c := &chunkCommit{ix: ix, logged: ops, seqs: &seqBlocks{}, rowSeqs: make([]int64, n), versions: make([]int64, n), ids: make([]string, n), routings: make([]string, n),
		chunkRows: map[int64]int{}, older: map[*partCore][]uint32{}}
	for i := range ops {
		if err := c.replay(&ops[i], rows[i], view); err != nil {
			return err
		}
	}
	ix.write.nextSeq = max(ix.write.nextSeq, ops[len(ops)-1].seq+1)
	ix.notePosLocked(pos)
	parts, err := c.parts(view, &data)
	if err != nil {
		return err
	}
	ix.views.set(parts, false)
	if info := &data.Block; info.HasTime && info.MaxTime > ix.stats.newestMillis.Load() {
		ix.stats.newestMillis.Store(info.MaxTime)
	}
	return nil
}

func (c *chunkCommit) replay(op *loggedOp, row int, view *view) error {
	if op.id != "" && !op.fresh {
		now, err := c.state(op.id, view)
		if err != nil {
			return err
		}
		if !now.known {
			if now, err = c.ix.lookupStored(op.id, view, c.seqs); err != nil {
				return err
			}
		}
		if now.exists {
			if err := c.bury(now.seq, view); err != nil {
				return err
			}
		}
	}
	if op.id != "" {
		c.ix.write.recent[op.id] = recentOp{seq: op.seq, version: op.version, deleted: op.action == es.ActionDelete, deletedMillis: c.ix.engine.now().UnixMilli()}
	}
	if row >= 0 {
		c.rowSeqs[row], c.versions[row], c.ids[row], c.routings[row] = op.seq, op.version, op.id, op.routing
		c.chunkRows[op.seq] = row
	}
	return nil
}
