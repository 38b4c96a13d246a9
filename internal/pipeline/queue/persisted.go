package queue

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/vfs"
)

// Options tune a persisted queue; zero values are Logstash's defaults where they mean nothing else.
type Options struct {
	PageBytes int64 // a page that reached this size is followed by a new one; 0 is 64 MiB
	MaxBytes  int64 // of all pages; inputs wait when it is reached; 0 is 1 GiB
	MaxEvents int64 // not taken yet; 0 is no limit
	// CheckpointWrites is how many events may be written before the disk has them; 0 is no limit. Sources that wait for an
	// acknowledgement get it when the disk has the event in any case.
	CheckpointWrites int
	// CheckpointAcks is after how many acknowledged events the checkpoint is written; 0 is no limit.
	CheckpointAcks int
	// CheckpointInterval is how long something written or acknowledged may stay unnoted; 0 is for ever.
	CheckpointInterval time.Duration
	Logger             *slog.Logger
}

// quiet is how long the log says nothing more about a queue that is full or cannot be written.
const quiet = time.Minute

// Persisted is a queue on disk. It is safe for concurrent use by one process, which holds the folder's lock.
type Persisted struct {
	fs   vfs.FS
	dir  string
	o    Options
	lock io.Closer

	// w is held while a page is written or begun. Locks are taken in the order r, w, mu.
	w sync.Mutex
	r struct {
		sync.Mutex // held while a page is read
		page       *page
		reader     *pageReader
	}
	mu struct {
		sync.Mutex
		pages  []*page  // oldest first; the last is written to while active is open
		active vfs.File // nil when the next write begins a page
		// retired files are full; the sync that comes closes them.
		retired []vfs.File
		// renamed says that names in the folder are not on the disk yet.
		renamed bool
		bytes   int64
		next    uint64 // number of the next event written
		read    uint64 // number of the next event handed out
		synced  uint64 // events below are on the disk
		acks    acks
		noted   checkpoint
		waiting []waiting // sources, by event
		broken  error     // a sync failed: nothing is known about what was written since the one before, until rescue
		trouble error     // the last write failed
		// blocked says that somebody found no room.
		blocked bool
		stopped bool
		drain   bool
		closed  bool
		saidAt  time.Time     // when the log last spoke of a queue that takes nothing
		settled chan struct{} // closed and made anew when synced or broken changes
	}
	space, ready, wake chan struct{} // tokens: there may be room, events, something to sync
	end                chan struct{}
	background         sync.WaitGroup
}

// waiting is a source that waits for the disk to have an event.
type waiting struct {
	number  uint64
	receipt *event.Receipt
}

// Open opens the queue in a folder, making it when there is none.
func Open(fs vfs.FS, dir string, o Options) (*Persisted, error) {
	if o.PageBytes <= 0 {
		o.PageBytes = 64 << 20
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 1 << 30
	}
	if err := vfs.MkdirAllSync(fs, dir); err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	lock, err := fs.Lock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	q := &Persisted{fs: fs, dir: dir, o: o, lock: lock, end: make(chan struct{}),
		space: make(chan struct{}, 1), ready: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
	q.mu.settled = make(chan struct{})
	if err := q.recover(); err != nil {
		return nil, errors.Join(fmt.Errorf("open queue: %w", err), lock.Close())
	}
	q.checkRoom()
	q.background.Go(q.keep)
	return q, nil
}

// checkRoom warns when the volume cannot hold what the queue may become.
func (q *Persisted) checkRoom() {
	usage, err := q.fs.DiskUsage(q.dir)
	if need := q.o.MaxBytes - q.mu.bytes; err == nil && need > 0 && usage.FreeBytes < uint64(need) {
		q.o.Logger.Warn("the volume may fill before the queue does: inputs will wait then", "folder", q.dir,
			"free_bytes", usage.FreeBytes, "queue_may_grow_by_bytes", need)
	}
}

// recover finds the pages and where writing and reading go on.
func (q *Persisted) recover() error {
	noted, err := q.readCheckpoint()
	if err != nil {
		return err
	}
	names, err := q.fs.List(q.dir)
	if err != nil {
		return err
	}
	var found []*page
	for _, name := range names {
		if number, ok := pageNumber(name); ok {
			found = append(found, &page{number: number})
		}
		if name == rescuedName { // a crash came before it was a page
			if err := q.fs.Remove(filepath.Join(q.dir, name)); err != nil {
				return err
			}
		}
	}
	next := max(noted.acked, noted.synced, 1)
	// From the newest on: when that one was never begun, the one before it is the newest.
	for _, p := range slices.Backward(found) {
		newest := len(q.mu.pages) == 0
		after, err := q.measure(p, newest, noted)
		if err != nil {
			return err
		}
		if p.size == 0 {
			continue // set aside, or removed
		}
		if !newest && p.first > q.mu.pages[0].first {
			reader := pageReader{path: q.path(p)}
			if err := q.putAside(p, false, p.size, reader.corrupt(8, "its events' numbers are beyond those of the next page")); err != nil {
				return err
			}
			continue
		}
		if newest {
			next = max(next, after)
			if err := q.syncPage(p); err != nil {
				return err
			}
		}
		q.mu.pages = slices.Insert(q.mu.pages, 0, p)
		q.mu.bytes += p.size
	}
	q.mu.next, q.mu.synced, q.mu.noted = next, next, noted
	low := max(noted.acked, 1)
	if len(q.mu.pages) > 0 {
		low = max(low, q.mu.pages[0].first)
	} else {
		low = next
	}
	q.mu.acks.low, q.mu.read = low, low
	q.mu.renamed = true // a crash may have come before the names were safe
	return nil
}

// syncPage makes a page that another run wrote durable: that run may have been killed before it did.
func (q *Persisted) syncPage(p *page) error {
	f, err := q.fs.OpenAppend(q.path(p))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// measure finds a page's first event and its size. Of the newest page it returns the number behind its last event: only there a crash
// leaves records cut short. A page that does not even begin as one gets size 0 and is out of the way.
func (q *Persisted) measure(p *page, newest bool, noted checkpoint) (next uint64, err error) {
	path := q.path(p)
	info, err := q.fs.Stat(path)
	if err != nil {
		return 0, err
	}
	r, first, err := openPage(q.fs, path, info.Size)
	if vfs.IsCorruption(err) {
		return 0, q.putAside(p, newest, info.Size, err)
	}
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.file.Close()) }()
	p.first, p.size, next = first, info.Size, first
	if !newest {
		return first, nil
	}
	for {
		_, err := r.next()
		switch {
		case err == nil:
			next++
			continue
		case errors.Is(err, io.EOF):
		case vfs.IsCorruption(err) && next < noted.synced:
			// The disk had more: this is no write that a crash cut short.
			q.o.Logger.Error("a page of the queue is damaged", "error", err, "events_lost", lost(next, noted))
			p.damaged = true
		case vfs.IsCorruption(err):
			q.o.Logger.Warn("the end of the queue's newest page was cut off: a crash came while it was written", "file", path, "offset", r.offset,
				"bytes", info.Size-r.offset)
		default:
			return 0, err
		}
		p.size = r.offset
		return next, nil
	}
}

// lost is how many events from next on the disk had that were not acknowledged.
func lost(next uint64, noted checkpoint) uint64 {
	from := max(next, noted.acked)
	return max(noted.synced, from) - from
}

// putAside deals with a file that does not begin as a page: the newest one, if it is shorter than a header, never held anything.
func (q *Persisted) putAside(p *page, newest bool, size int64, why error) error {
	path := q.path(p)
	if newest && size <= pageHeaderBytes {
		q.o.Logger.Warn("a page of the queue was never begun: a crash came first", "file", path)
		return q.fs.Remove(path)
	}
	q.o.Logger.Error("a page of the queue cannot be read and is set aside", "error", why, "kept_as", path+damagedSuffix)
	return q.fs.Rename(path, path+damagedSuffix)
}

// Stop ends what Take hands out: at once, or with drain when the queue is empty. What was taken can still be acknowledged, and Push takes
// no more.
func (q *Persisted) Stop(drain bool) {
	q.mu.Lock()
	q.mu.stopped, q.mu.drain = true, drain
	q.mu.Unlock()
	signal(q.ready)
	signal(q.space)
}

// Close notes what is done and releases the folder. No other method is called after it.
func (q *Persisted) Close() error {
	q.mu.Lock()
	if q.mu.closed {
		q.mu.Unlock()
		return nil
	}
	q.mu.closed = true
	q.mu.Unlock()
	q.Stop(false)
	close(q.end)
	q.background.Wait()
	err := errors.Join(q.rescue(), q.settle(true))
	q.mu.Lock()
	files := q.mu.retired
	if q.mu.active != nil {
		files = append(files, q.mu.active)
	}
	q.mu.active, q.mu.retired = nil, nil
	q.mu.Unlock()
	for _, f := range files {
		err = errors.Join(err, f.Close())
	}
	q.r.Lock()
	defer q.r.Unlock()
	err = errors.Join(err, q.leavePage())
	if err != nil {
		err = fmt.Errorf("close queue: %w", err)
	}
	return errors.Join(err, q.lock.Close())
}

// Len is the number of events that were not handed out yet.
func (q *Persisted) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return int(q.mu.next - q.mu.read)
}

// Stats describe a queue.
type Stats struct {
	Events, Bytes, MaxBytes, PageBytes, MaxEvents int64
	Dir                                           string
	Full                                          bool // there is no room for another event
	// Err is why nothing can be written, nil when all is well.
	Err error
}

// Stats returns the state as it is now. Events counts those not acknowledged.
func (q *Persisted) Stats() Stats {
	q.mu.Lock()
	defer q.mu.Unlock()
	return Stats{Events: int64(q.mu.next - q.mu.acks.low), Bytes: q.mu.bytes, MaxBytes: q.o.MaxBytes, PageBytes: q.o.PageBytes,
		MaxEvents: q.o.MaxEvents, Dir: q.dir, Full: !q.roomLocked(1), Err: errors.Join(q.mu.broken, q.mu.trouble)}
}

// signal leaves a token unless one is there already.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
