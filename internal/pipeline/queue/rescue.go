package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"elkhorn/internal/vfs"
)

// firstRescue and lastRescue are how long to wait before what a failed sync left is written anew: soon, in case the volume was full for a
// moment, and then ever more rarely, as each try copies the pages in doubt.
const (
	firstRescue = time.Second
	lastRescue  = 30 * time.Second
)

// rescuedName is the copy of a page that is being made.
const rescuedName = "rescued"

// breakWith notes that a sync failed. What was written since the one before may be gone once the system needs its memory, although it can be
// read now, and a second sync of the same file may say that all is well: a system reports such a failure once.
func (q *Persisted) breakWith(err error) error {
	q.mu.Lock()
	q.mu.broken = fmt.Errorf("sync the queue: %w; nothing more is taken until what was written is on the disk", err)
	err = q.mu.broken
	q.changedLocked()
	q.mu.Unlock()
	signal(q.wake)
	return err
}

// whole says that no sync has failed, or that what it left in doubt was written anew.
func (q *Persisted) whole() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.mu.broken == nil
}

// rescue writes the pages anew that hold events of which nothing is known, as files of their own that are synced before they take the old
// ones' names. Then the queue goes on. Until it has succeeded no source is told that an event is safe, unless outputs have it.
func (q *Persisted) rescue() error {
	q.r.Lock()
	defer q.r.Unlock()
	q.w.Lock()
	defer q.w.Unlock()
	q.mu.Lock()
	if q.mu.broken == nil {
		q.mu.Unlock()
		return nil
	}
	old, known, target := q.mu.retired, max(q.mu.synced, q.mu.acks.low), q.mu.next
	if q.mu.active != nil {
		old = append(old, q.mu.active)
	}
	q.mu.active, q.mu.retired = nil, nil
	var doubtful []*page
	for i, p := range q.mu.pages {
		if q.endLocked(i) > known {
			doubtful = append(doubtful, p)
		}
	}
	q.mu.Unlock()
	for _, f := range old {
		_ = f.Close() // its failure tells nothing new
	}
	err := q.leavePage() // a file that is open cannot be replaced everywhere
	for _, p := range doubtful {
		if err == nil {
			err = q.rewrite(p)
		}
	}
	if err == nil {
		err = vfs.SyncDir(q.fs, q.dir)
	}
	if err != nil {
		return fmt.Errorf("write the queue anew: %w", err)
	}
	q.mu.Lock()
	q.mu.broken, q.mu.trouble, q.mu.renamed = nil, nil, false
	q.mu.Unlock()
	q.o.Logger.Info("the queue is safe on the disk again and goes on", "folder", q.dir, "pages_written_anew", len(doubtful))
	q.settled(target)
	signal(q.space)
	return nil
}

// rewrite puts a copy of a page in its place that is on the disk, and checks it: the system may have lost what it could not write. Sources
// of what is lost are not told anything, so that they send it again.
func (q *Persisted) rewrite(p *page) error {
	path, copied := q.path(p), filepath.Join(q.dir, rescuedName)
	from, err := q.fs.Open(path)
	if err != nil {
		return err
	}
	_, err = vfs.CopyFile(context.Background(), q.fs, copied, from, nil)
	if err = errors.Join(err, from.Close()); err != nil {
		return err
	}
	q.mu.Lock()
	size := p.size
	q.mu.Unlock()
	good, err := countRecords(q.fs, copied, size)
	if err != nil && !vfs.IsCorruption(err) {
		return err
	}
	if err != nil {
		q.mu.Lock()
		end := q.endLocked(slices.Index(q.mu.pages, p))
		q.forgetLocked(p.first+good, end)
		q.mu.Unlock()
		q.o.Logger.Error("a page of the queue was lost in part before the disk had it: sources that were not told that their events are safe send them again",
			"file", path, "events_lost", end-p.first-good, "error", err)
	}
	return q.fs.Rename(copied, path)
}

// forgetLocked takes the sources of events that are lost off those that wait, without a word to them.
func (q *Persisted) forgetLocked(from, end uint64) {
	q.mu.waiting = slices.DeleteFunc(q.mu.waiting, func(w waiting) bool { return w.number >= from && w.number < end })
}

// countRecords reads a page to its end or to the first damage, which is the error then.
func countRecords(fs vfs.FS, path string, size int64) (good uint64, err error) {
	r, _, err := openPage(fs, path, size)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.file.Close()) }()
	for {
		switch _, err := r.next(); {
		case errors.Is(err, io.EOF):
			return good, nil
		case err != nil:
			return good, err
		}
		good++
	}
}
