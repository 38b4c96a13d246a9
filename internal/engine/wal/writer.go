package wal

import (
	"fmt"

	"elkhorn/internal/vfs"
)

// maxBufferedBytes is how much of small frames is gathered for one write; a larger frame goes to the disk as it is.
const maxBufferedBytes = 256 << 10

// writer owns the files being written. One goroutine uses it.
type writer struct {
	fs           vfs.FS
	dir          string
	segmentBytes int64

	file     vfs.File // nil until the first frame
	active   segment
	finished []segment // closed since the last mergeInto
	buf      []byte
	written  Position // handed to the operating system
	synced   Position // durable
}

// resume goes on in the last segment that recovery found.
func (w *writer) resume(last segment) error {
	f, err := w.fs.OpenAppend(last.path)
	if err != nil {
		return err
	}
	w.file, w.active = f, last
	w.skipTo(max(last.last, last.first-1)) // an empty segment has promised its first position
	return nil
}

// startAfter makes pos+1 the next position, with which a new segment begins.
func (w *writer) startAfter(pos Position) error {
	w.skipTo(pos)
	if w.file == nil {
		return nil
	}
	f := w.file
	w.file = nil
	return f.Close()
}

func (w *writer) skipTo(pos Position) { w.written, w.synced = pos, pos }

// write hands frames to the operating system, in order, beginning new segments as needed.
func (w *writer) write(group []*frame) error {
	for _, f := range group {
		if err := w.makeRoom(f); err != nil {
			return err
		}
		f.seal(w.active.salt)
		if len(f.buf) < maxBufferedBytes {
			w.buf = append(w.buf, f.buf...)
		} else if err := w.flush(); err != nil {
			return err
		} else if err := w.writeFile(f.buf); err != nil {
			return err
		}
		if len(w.buf) >= maxBufferedBytes {
			if err := w.flush(); err != nil {
				return err
			}
		}
		w.active.bytes += int64(len(f.buf))
		w.active.last = f.position()
		w.written = f.position()
	}
	return w.flush()
}

func (w *writer) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	err := w.writeFile(w.buf)
	w.buf = w.buf[:0]
	return err
}

func (w *writer) writeFile(p []byte) error {
	if _, err := w.file.Write(p); err != nil {
		return &FailedError{Op: "write", Path: w.active.path, Err: err}
	}
	return nil
}

// sync makes everything written durable. An error is final.
func (w *writer) sync() error {
	if w.synced == w.written || w.file == nil {
		return nil
	}
	if err := w.file.Sync(); err != nil {
		return &FailedError{Op: "sync", Path: w.active.path, Err: err}
	}
	w.synced = w.written
	return nil
}

// makeRoom begins a new segment when there is none or f would overfill the active one.
func (w *writer) makeRoom(f *frame) error {
	empty := w.active.bytes <= segmentHeaderBytes
	if w.file != nil && (empty || w.active.bytes+int64(len(f.buf)) <= w.segmentBytes) {
		return nil
	}
	return w.begin(f.position())
}

// rotate begins a new segment with the next position, unless the active one is empty.
func (w *writer) rotate() error {
	if w.file == nil || w.active.bytes <= segmentHeaderBytes {
		return nil
	}
	return w.begin(w.written + 1)
}

// begin begins a new segment. The old one is durable as a whole before the new one exists.
func (w *writer) begin(first Position) error {
	previous := Position(0)
	if w.file != nil {
		if err := w.flush(); err != nil {
			return err
		}
		if err := w.sync(); err != nil {
			return err
		}
		if err := w.file.Close(); err != nil {
			return &FailedError{Op: "close", Path: w.active.path, Err: err}
		}
		w.file = nil
		w.finished = append(w.finished, w.active)
	}
	if w.active.path != "" {
		previous = w.active.last
	}
	s, file, err := createSegment(w.fs, w.dir, first, previous)
	if err != nil {
		return &FailedError{Op: "new segment", Path: segmentName(first), Err: err}
	}
	w.active, w.file = s, file
	return nil
}

// mergeInto brings the list of segments up to date: finished ones replace their former selves, the active one is last.
func (w *writer) mergeInto(segments []segment) []segment {
	for _, s := range append(w.finished, w.active) {
		switch n := len(segments); {
		case s.path == "":
		case n > 0 && segments[n-1].path == s.path:
			segments[n-1] = s
		default:
			segments = append(segments, s)
		}
	}
	w.finished = w.finished[:0]
	return segments
}

func (w *writer) close() error {
	if w.file == nil {
		return nil
	}
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("close write-ahead log: %w", err)
	}
	return nil
}
