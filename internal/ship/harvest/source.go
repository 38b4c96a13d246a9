package harvest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"
	"time"

	"elkhorn/internal/vfs"
)

// source is one file that an input follows, open or not. It outlives the reading of the file, so that a file closed for
// inactivity goes on behind what is already on its way.
type source struct {
	p    *prospector
	key  fileKey
	path atomic.Pointer[string] // last name it was seen under
	wake chan struct{}          // capacity 1: look again now

	// current is the life of the content that counts; acknowledgements for another one are ignored. Nil before the first.
	current atomic.Pointer[content]

	running  bool      // guarded by the prospector's scan, with p.mu
	known    fileState // what the registry said at first sight
	verified bool      // known was held against the content
	seen     vfs.Info  // at the last scan

	// The rest belongs to the goroutine that reads.
	file    vfs.File
	pos     int64     // end of the last message made
	readTo  int64     // end of what was looked at
	missing time.Time // when the name was first found to lead nowhere; zero while it leads somewhere
	content *content
	reader  *lineReader
	decoder *decoder
}

// content is one life of a file between truncations.
type content struct {
	head    atomic.Pointer[[]byte] // first bytes, up to fingerprintBytes
	tracker *Tracker
}

func newSource(p *prospector, key fileKey, path string, known fileState) *source {
	s := &source{p: p, key: key, known: known, pos: known.offset, wake: make(chan struct{}, 1)}
	s.path.Store(&path)
	return s
}

// settled reports whether every event made so far is acknowledged.
func (s *source) settled() bool {
	c := s.current.Load()
	if c == nil {
		return true
	}
	select {
	case <-c.tracker.Idle():
		return true
	default:
		return false
	}
}

func (s *source) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// begin starts a life of the content at an offset.
func (s *source) begin(offset int64, head []byte) {
	c := &content{}
	c.head.Store(&head)
	c.tracker = NewTracker(func(offset int64) {
		if s.current.Load() == c {
			s.p.env.Registry.store(s.key, s.stateAt(offset, *c.head.Load()))
		}
	})
	s.current.Store(c)
	s.content, s.pos = c, offset
	s.p.env.Registry.store(s.key, s.stateAt(offset, head))
}

func (s *source) stateAt(offset int64, head []byte) fileState {
	return fileState{path: *s.path.Load(), id: s.key.id, offset: offset, fingerprint: fingerprintOf(head, offset)}
}

// read follows the file until it is to be closed or ctx ends.
func (s *source) read(ctx context.Context, pub Publisher) error {
	path := *s.path.Load()
	f, err := s.p.env.FS.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone since the scan
		}
		return err
	}
	s.file = f
	err = s.follow(ctx, pub)
	if s.reader != nil {
		s.readTo = s.reader.next
	}
	s.reader, s.decoder, s.file = nil, nil, nil
	return errors.Join(err, f.Close())
}

func (s *source) follow(ctx context.Context, pub Publisher) error {
	if ok, err := s.openedTheRightFile(); !ok || err != nil {
		return err
	}
	if err := s.resume(); err != nil {
		return err
	}
	pause, lastChange := s.p.pause, s.p.env.Now()
	for {
		before := s.reader.next
		if err := s.readLines(ctx, pub); err != nil {
			return ignoreCancel(ctx, err)
		}
		now := s.p.env.Now()
		if s.reader.next != before {
			pause, lastChange = s.p.pause, now
		}
		if done, err := s.atEnd(ctx, pub, now.Sub(lastChange)); done || err != nil {
			return ignoreCancel(ctx, err)
		}
		if !s.wait(ctx, pause) {
			return nil
		}
		pause = min(2*pause, s.p.maxPause)
		if err := s.flushWhenDue(ctx, pub); err != nil {
			return ignoreCancel(ctx, err)
		}
		if err := s.restartWhenReplaced(ctx, pub); err != nil {
			return ignoreCancel(ctx, err)
		}
	}
}

func ignoreCancel(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// openedTheRightFile guards against a rename between the scan and the opening: the name must still lead to the file.
func (s *source) openedTheRightFile() (bool, error) {
	path := *s.path.Load()
	info, err := s.p.env.FS.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && keyOf(path, info.ID) == s.key, err
}

// resume decides where to read: behind what is known, or at the beginning of a file with other content.
func (s *source) resume() error {
	head, err := s.readHead()
	if err != nil {
		return err
	}
	size, err := s.file.Size()
	if err != nil {
		return err
	}
	switch {
	case !s.verified:
		offset := s.pos
		if size < offset || !s.known.fingerprint.matches(head) {
			s.p.logger.Info("file has other content than before, it is read from the beginning", "path", *s.path.Load())
			offset = 0
		}
		s.begin(offset, head)
		s.verified = true
	case size < s.pos || !bytes.HasPrefix(head, *s.content.head.Load()):
		s.begin(0, head)
	}
	s.reader = newLineReader(s.file, s.pos, s.p.events.decode.maxBytes)
	s.decoder = s.p.events.decode.newDecoder()
	return nil
}

func (s *source) readHead() ([]byte, error) {
	head := make([]byte, fingerprintBytes)
	n, err := s.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", *s.path.Load(), err)
	}
	return head[:n:n], nil
}

// readLines publishes every whole line there is.
func (s *source) readLines(ctx context.Context, pub Publisher) error {
	if err := s.growHead(); err != nil {
		return err
	}
	for {
		l, err := s.reader.read()
		if errors.Is(err, errNoLine) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", *s.path.Load(), err)
		}
		var failure error
		s.decoder.line(l, s.p.env.Now(), func(m message) { failure = errors.Join(failure, s.publish(ctx, pub, m)) })
		if failure != nil {
			return failure
		}
	}
}

// growHead completes the head while the file is shorter than a fingerprint.
func (s *source) growHead() error {
	if len(*s.content.head.Load()) == fingerprintBytes {
		return nil
	}
	head, err := s.readHead()
	if err == nil && bytes.HasPrefix(head, *s.content.head.Load()) {
		s.content.head.Store(&head)
	}
	return err
}

func (s *source) publish(ctx context.Context, pub Publisher, m message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	begin, end := s.pos, s.pos+m.bytes
	if m.skip {
		s.content.tracker.Skip(end)
	} else {
		ev := s.p.events.make(&m, *s.path.Load(), begin, s.p.env.Now())
		if err := pub.Publish(ctx, ev, s.content.tracker, end); err != nil {
			return err
		}
	}
	s.pos = end
	return nil
}

func (s *source) flush(ctx context.Context, pub Publisher) error {
	var failure error
	s.decoder.flush(func(m message) { failure = s.publish(ctx, pub, m) })
	return failure
}

func (s *source) flushWhenDue(ctx context.Context, pub Publisher) error {
	if due := s.decoder.deadline(); due.IsZero() || s.p.env.Now().Before(due) {
		return nil
	}
	// Lines may have come in the meantime; only what they do not continue is due.
	if err := s.readLines(ctx, pub); err != nil {
		return err
	}
	if s.p.env.Now().Before(s.decoder.deadline()) {
		return nil
	}
	return s.flush(ctx, pub)
}

// atEnd decides whether a file that is read to its end is to be closed.
func (s *source) atEnd(ctx context.Context, pub Publisher, unchanged time.Duration) (done bool, _ error) {
	why := ""
	switch {
	case s.p.closeEOF:
		why = "end of file"
	case s.p.closeInactive > 0 && unchanged >= s.p.closeInactive:
		why = "inactive"
	default:
		var err error
		if why, err = s.movedAway(); err != nil {
			return false, err
		}
	}
	if why == "" {
		return false, nil
	}
	s.p.logger.Debug("file closed", "path", *s.path.Load(), "reason", why)
	return true, s.flush(ctx, pub)
}

// movedAway tells why a file without its name is to be closed. During a rotation the name leads nowhere for a moment, while the
// program that writes may still have the old file open; so a file counts as removed only when its name stays away.
func (s *source) movedAway() (why string, _ error) {
	path := *s.path.Load()
	info, err := s.p.env.FS.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		now := s.p.env.Now()
		if s.missing.IsZero() {
			s.missing = now
		}
		if s.p.closeRemoved && now.Sub(s.missing) >= s.p.pause {
			return "removed", nil
		}
		return "", nil
	}
	s.missing = time.Time{}
	if err == nil && s.p.closeRenamed && keyOf(path, info.ID) != s.key {
		return "renamed", nil
	}
	return "", err
}

// restartWhenReplaced reads from the beginning when the file was truncated, or truncated and written anew.
func (s *source) restartWhenReplaced(ctx context.Context, pub Publisher) error {
	size, err := s.file.Size()
	if err != nil {
		return fmt.Errorf("read %s: %w", *s.path.Load(), err)
	}
	if size == s.reader.next {
		return nil
	}
	head, err := s.readHead()
	if err != nil {
		return err
	}
	if size > s.reader.next && bytes.HasPrefix(head, *s.content.head.Load()) {
		return nil
	}
	s.p.logger.Info("file was truncated, it is read from the beginning", "path", *s.path.Load())
	if err := s.flush(ctx, pub); err != nil {
		return err
	}
	s.begin(0, head)
	s.reader = newLineReader(s.file, 0, s.p.events.decode.maxBytes)
	s.decoder = s.p.events.decode.newDecoder()
	return nil
}

// wait sleeps until the pause is over, a message is due, or somebody wakes the source. It is false when ctx ended.
func (s *source) wait(ctx context.Context, pause time.Duration) bool {
	if due := s.decoder.deadline(); !due.IsZero() {
		pause = min(pause, max(due.Sub(s.p.env.Now()), 0))
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.wake:
		return true
	case <-ctx.Done():
		return false
	}
}
