package engine

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"elkhorn/internal/engine/wal"
	"elkhorn/internal/rescue"
	"elkhorn/internal/vfs"
)

// kickFlush notes bytes that went to the log for an index and asks for a flush or a seal when it is
// time. It never blocks.
func (e *Engine) kickFlush(ix *index, logBytes int64) {
	total := ix.unflushedBytes.Add(logBytes)
	if total < flushLogBytes && e.memory.fill() < 0.5 && !ix.wantsWork() {
		return
	}
	select {
	case e.flushing <- ix:
	default: // the loop is behind; the maintenance loop looks again
	}
}

// wantsWork says whether the documents in memory are many or in too many pieces.
func (ix *index) wantsWork() bool {
	rows, due := ix.inMemory()
	return rows >= flushRows || due
}

// inMemory counts the rows that are not in files, and says whether some are in pieces that should be joined.
func (ix *index) inMemory() (rows int, due bool) {
	v := ix.views.acquire(true)
	defer v.release()
	for _, p := range v.parts {
		if p.file == nil {
			rows += p.rows
		}
	}
	_, due = dueSeal(v.parts)
	return rows, due
}

func (e *Engine) flushLoop() {
	defer e.workers.Done()
	for {
		select {
		case <-e.ctx.Done():
			return
		case ix := <-e.flushing:
			e.report("flush", ix, rescue.Do(func() error { return e.flushOrSeal(ix) }))
		}
	}
}

// flushOrSeal does what the index needs by now.
func (e *Engine) flushOrSeal(ix *index) error {
	rows, due := ix.inMemory()
	switch {
	case rows >= flushRows || ix.unflushedBytes.Load() >= flushLogBytes || e.memory.fill() >= 0.5:
		if err := ix.flush(e.ctx); err != nil {
			return err
		}
		e.kickMerge(ix)
		return nil
	case due:
		return ix.seal()
	}
	return nil
}

func (e *Engine) kickMerge(ix *index) {
	select {
	case e.merging <- ix:
	default:
	}
}

func (e *Engine) mergeLoop() {
	defer e.workers.Done()
	for {
		select {
		case <-e.ctx.Done():
			return
		case ix := <-e.merging:
			for e.ctx.Err() == nil {
				var merged bool
				err := rescue.Do(func() error {
					var err error
					merged, err = ix.mergeOnce(e.ctx)
					return err
				})
				e.report("merge", ix, err)
				if err != nil || !merged {
					break
				}
			}
		}
	}
}

// report logs a failure of background work. A full disk is the disk watch's to announce.
func (e *Engine) report(work string, ix *index, err error) {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
	case vfs.IsNoSpace(err):
		e.disk.check(e)
		e.logger.Warn("no space on the disk: documents stay in memory and in the log", "work", work, "index", ix.name, "error", err)
	default:
		e.logger.Error("background work failed", "work", work, "index", ix.name, "error", err)
	}
}

// maintenanceLoop looks after what no request does: idle indices that pin the log, a full write
// buffer, snapshots nobody uses any more.
func (e *Engine) maintenanceLoop() {
	defer e.workers.Done()
	tick := time.NewTicker(maintenanceInterval)
	defer tick.Stop()
	for {
		select {
		case <-e.ctx.Done():
			return
		case <-tick.C:
			e.snapshots.expire(e.now())
			e.flushOverdue()
			e.giveBackMemory()
		}
	}
}

// idleAfter is how long after the last write the store counts as idle.
const idleAfter = 3 * time.Second

// giveBackMemory returns what a load left unused to the system, once, when the load is over: the runtime
// alone would keep it for minutes.
func (e *Engine) giveBackMemory() {
	last := e.lastWrite.Load()
	if last == 0 || e.now().Sub(time.Unix(0, last)) < idleAfter || !e.lastWrite.CompareAndSwap(last, 0) {
		return
	}
	e.packBuffers.drop()
	debug.FreeOSMemory()
}

// flushOverdue asks for the flush of idle indices and, when the log or the buffer is too large, of
// the index that is the cause.
func (e *Engine) flushOverdue() {
	var oldest, largest *index
	var oldestPos wal.Position
	var largestBytes int64
	for _, ix := range e.allIndices() {
		ix.write.Lock()
		first := ix.write.firstPos
		ix.write.Unlock()
		if first == 0 {
			continue
		}
		if ix.unflushedFor(e.now()) > flushIdle {
			e.report("flush", ix, ix.flush(e.ctx))
			continue
		}
		if oldest == nil || first < oldestPos {
			oldest, oldestPos = ix, first
		}
		if b := ix.unflushedBytes.Load(); largest == nil || b > largestBytes {
			largest, largestBytes = ix, b
		}
		if ix.wantsWork() { // the loop's queue was full when it was asked for
			e.kickFlush(ix, 0)
		}
	}
	if oldest != nil && !e.anyBroken() && e.log.Stats().Bytes > maxLogBytes {
		e.report("flush", oldest, oldest.flush(e.ctx))
	}
	if largest != nil && e.memory.fill() > 0.5 {
		e.report("flush", largest, largest.flush(e.ctx))
	}
}

// releaseLog deletes log files that no index needs any more. An index that did not open cannot say what
// it needs: while there is one the log keeps everything, so that nothing acknowledged is lost when the
// index is repaired.
func (e *Engine) releaseLog() {
	if e.anyBroken() {
		return
	}
	e.logMu.Lock()
	defer e.logMu.Unlock()
	needed := e.log.Stats().Durable + 1
	for _, ix := range e.allIndices() {
		ix.write.Lock()
		if first := ix.write.firstPos; first > 0 {
			needed = min(needed, first)
		}
		ix.write.Unlock()
	}
	if err := e.log.Release(needed); err != nil {
		e.logger.Warn("old log files were not removed", "error", err)
	}
}
