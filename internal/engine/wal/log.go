package wal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"elkhorn/internal/vfs"
)

// Position numbers records from 1 in the order in which they were appended. 0 stands before all of them.
type Position uint64

// Record is one entry of the log.
type Record struct {
	Kind    uint8  // the caller's
	Index   string // name or id of the index, at most 255 bytes
	Payload []byte // at most 512 MiB
	Packed  bool   // the payload is compressed already: it is stored as it is; false in what Replay hands out
}

// Options configure a Log. The zero value is ready for use.
type Options struct {
	// SegmentBytes is the size past which a new segment file begins. Default 64 MiB. Higher keeps more of the log on disk
	// after a checkpoint; lower creates files and syncs directories more often.
	SegmentBytes int64
	// GroupWindow is how long a group commit waits for company when several writers are waiting. Default 3 ms; a lone writer
	// never waits. Higher saves fsyncs and adds latency.
	GroupWindow time.Duration
	// SyncInterval is how long a record nobody waits for may stay in memory of the operating system. Default 5 s, as the
	// sync_interval of Elasticsearch's translog.
	SyncInterval time.Duration
	// MaxQueuedBytes bounds the memory of records not yet handed to the disk; Append blocks above it. Default 64 MiB.
	MaxQueuedBytes int
	// StartAfter is a position the caller knows to have been given out, such as the highest checkpoint of all indices. When
	// the log ends before it, its next position is StartAfter+1.
	StartAfter Position
	// Logger gets recovery and failure messages. Default: slog.Default.
	Logger *slog.Logger
}

const (
	defaultSegmentBytes   = 64 << 20
	defaultGroupWindow    = 3 * time.Millisecond
	defaultSyncInterval   = 5 * time.Second
	defaultMaxQueuedBytes = 64 << 20
)

func (o Options) withDefaults() Options {
	if o.SegmentBytes <= 0 {
		o.SegmentBytes = defaultSegmentBytes
	}
	if o.GroupWindow <= 0 {
		o.GroupWindow = defaultGroupWindow
	}
	if o.SyncInterval <= 0 {
		o.SyncInterval = defaultSyncInterval
	}
	if o.MaxQueuedBytes <= 0 {
		o.MaxQueuedBytes = defaultMaxQueuedBytes
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o
}

// Log is an open write-ahead log. Its methods are safe for concurrent use.
type Log struct {
	fs   vfs.FS
	dir  string
	opts Options

	replayEnd Position // last position found by Open; Replay goes up to it

	mu struct {
		sync.Mutex  // guards what follows; never held during I/O
		queue       []*frame
		queuedBytes int
		next        Position // to be given out
		durable     Position // everything up to here survives a crash
		wanted      Position // somebody waits for everything up to here
		waiting     int      // goroutines inside Wait
		rotate      bool     // Release asks for a new segment
		segments    []segment
		progress    chan struct{} // closed and replaced when durable, the queue or err changed
		err         error         // sticky
		closed      bool
	}
	wake    chan struct{} // capacity 1: the writer has something to do
	closing chan struct{} // closed by Close
	stopped chan struct{} // closed when the writer is gone

	w writer // owned by the writer goroutine after Open
}

// Open recovers the log in dir, which is created when missing, and starts its writer. It cuts off a torn tail; damage that a
// crash cannot explain is an error for which vfs.IsCorruption holds. The caller has locked the directory.
func Open(fsys vfs.FS, dir string, opts Options) (*Log, error) {
	opts = opts.withDefaults()
	if err := vfs.MkdirAllSync(fsys, dir); err != nil {
		return nil, fmt.Errorf("open write-ahead log: %w", err)
	}
	segments, err := recoverSegments(fsys, dir, opts.Logger)
	if err != nil {
		return nil, fmt.Errorf("open write-ahead log: %w", err)
	}
	l := &Log{
		fs:      fsys,
		dir:     dir,
		opts:    opts,
		wake:    make(chan struct{}, 1),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
	}
	l.w = writer{fs: fsys, dir: dir, segmentBytes: opts.SegmentBytes}
	if len(segments) > 0 {
		if err := l.w.resume(segments[len(segments)-1]); err != nil {
			return nil, fmt.Errorf("open write-ahead log: %w", err)
		}
		l.replayEnd = segments[len(segments)-1].last
	}
	if opts.StartAfter > l.w.written {
		if err := l.w.startAfter(opts.StartAfter); err != nil {
			return nil, fmt.Errorf("open write-ahead log: %w", err)
		}
	}
	l.mu.segments = segments
	l.mu.durable = l.w.written
	l.mu.next = l.w.written + 1
	l.mu.progress = make(chan struct{})
	go l.run()
	return l, nil
}

// Append queues a record and returns its position. Records become durable in the order of their positions. It blocks only
// while more than Options.MaxQueuedBytes are queued. The payload may be reused after it returns.
func (l *Log) Append(ctx context.Context, rec Record) (Position, error) {
	if err := checkRecord(rec); err != nil {
		return 0, err
	}
	f := newFrame(rec)
	l.mu.Lock()
	for l.mu.err == nil && !l.mu.closed && l.mu.queuedBytes > l.opts.MaxQueuedBytes {
		if err := l.awaitProgressLocked(ctx); err != nil {
			l.mu.Unlock()
			return 0, err
		}
	}
	if err := l.stateLocked(); err != nil {
		l.mu.Unlock()
		return 0, err
	}
	pos := l.mu.next
	l.mu.next++
	f.order(pos, l.mu.durable)
	l.mu.queue = append(l.mu.queue, f)
	l.mu.queuedBytes += cap(f.buf)
	l.mu.Unlock()
	l.wakeWriter()
	return pos, nil
}

// Wait returns nil once the record at pos, and every one before it, is durable. An error of ctx says nothing about the record:
// it may still become durable.
func (l *Log) Wait(ctx context.Context, pos Position) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if pos >= l.mu.next {
		return fmt.Errorf("wait for position %d of the write-ahead log: the last one is %d", pos, l.mu.next-1)
	}
	if l.mu.durable >= pos {
		return nil
	}
	l.mu.waiting++
	defer func() { l.mu.waiting-- }()
	l.mu.wanted = max(l.mu.wanted, pos)
	l.wakeWriter()
	for l.mu.durable < pos {
		if l.mu.err != nil {
			return l.mu.err
		}
		if err := l.awaitProgressLocked(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Sync makes everything appended so far durable.
func (l *Log) Sync(ctx context.Context) error {
	l.mu.Lock()
	last := l.mu.next - 1
	l.mu.Unlock()
	return l.Wait(ctx, last)
}

// Err returns the failure of the log, nil while it works.
func (l *Log) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mu.err
}

// Stats describes the log.
type Stats struct {
	Oldest   Position // first one still on disk, Next when there is none
	Next     Position // the next one to be given out
	Durable  Position
	Segments int
	Bytes    int64 // of all segment files
}

// Stats returns a snapshot of the numbers that decide about flushing and releasing.
func (l *Log) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := Stats{Oldest: l.mu.next, Next: l.mu.next, Durable: l.mu.durable, Segments: len(l.mu.segments)}
	for _, seg := range l.mu.segments {
		s.Bytes += seg.bytes
	}
	if len(l.mu.segments) > 0 {
		s.Oldest = l.mu.segments[0].first
	}
	return s
}

// rotateBytes is the size from which a last file that nobody needs is worth a new one.
const rotateBytes = 1 << 20

// Release deletes the segment files that hold no position from before on. Of the last file's size at most rotateBytes stay: if
// nothing in a larger one is needed, a new one is begun. Calls must not overlap.
func (l *Log) Release(before Position) error {
	for {
		l.mu.Lock()
		if err := l.askForRotationLocked(before); err != nil {
			l.mu.Unlock()
			return err
		}
		if len(l.mu.segments) < 2 || l.mu.segments[0].last >= before {
			l.mu.Unlock()
			return nil
		}
		oldest := l.mu.segments[0]
		l.mu.Unlock()

		// Oldest first, each made durable on its own: a crash must not bring an old file back below a gap.
		if err := l.fs.Remove(oldest.path); err != nil {
			return fmt.Errorf("release write-ahead log: %w", err)
		}
		if err := vfs.SyncDir(l.fs, l.dir); err != nil {
			return fmt.Errorf("release write-ahead log: %w", err)
		}
		l.mu.Lock()
		l.mu.segments = l.mu.segments[1:]
		l.mu.Unlock()
	}
}

// askForRotationLocked waits until the writer has begun a new file, when the last one is large and not needed. After the log
// has failed or was closed there is none.
func (l *Log) askForRotationLocked(before Position) error {
	if len(l.mu.segments) != 1 || l.mu.segments[0].last >= before || l.mu.segments[0].bytes < rotateBytes || len(l.mu.queue) > 0 {
		return nil
	}
	l.mu.rotate = true
	l.wakeWriter()
	for l.mu.rotate && l.stateLocked() == nil {
		if err := l.awaitProgressLocked(context.Background()); err != nil {
			return err
		}
	}
	return nil
}

// Close makes what was appended durable and stops the log. It returns the failure when there was one.
func (l *Log) Close() error {
	l.mu.Lock()
	if l.mu.closed {
		l.mu.Unlock()
		return ErrClosed
	}
	l.mu.closed = true
	l.progressLocked()
	l.mu.Unlock()
	close(l.closing)
	<-l.stopped
	return errors.Join(l.Err(), l.w.close())
}

func (l *Log) stateLocked() error {
	if l.mu.err != nil {
		return l.mu.err
	}
	if l.mu.closed {
		return ErrClosed
	}
	return nil
}

// awaitProgressLocked releases the lock until something changed or ctx ended.
func (l *Log) awaitProgressLocked(ctx context.Context) error {
	progress := l.mu.progress
	l.mu.Unlock()
	defer l.mu.Lock()
	select {
	case <-progress:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// progressLocked wakes everybody in awaitProgressLocked.
func (l *Log) progressLocked() {
	close(l.mu.progress)
	l.mu.progress = make(chan struct{})
}

func (l *Log) wakeWriter() {
	select {
	case l.wake <- struct{}{}:
	default: // it is awake already
	}
}
