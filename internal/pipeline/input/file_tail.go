package input

import (
	"bytes"
	"errors"
	"io"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
)

// tail is one file being followed.
type tail struct {
	path     string
	existed  bool // the file was there when the input started
	codec    pipeline.Codec
	file     vfs.File
	id       vfs.FileID
	position *position
	offset   int64 // behind the last whole line that was decoded
	held     int64 // where the first line begins that the codec holds back; offset when it holds none
	lastLine time.Time
	scanned  int64 // how far the unfinished line behind offset is known to have no end

	// What follows is of mode read only.
	state  readState
	known  bool  // an earlier run has read of it
	began  int64 // where this run began
	logged bool  // that it is read is in the log of completed files
}

const (
	// readBytes is how much of a file is read and pushed at once: some hundred lines.
	readBytes = 256 << 10
)

func (t *tail) close() error {
	if t.file == nil {
		return nil
	}
	f := t.file
	t.file = nil
	return f.Close()
}

func (t *tail) rewind() {
	t.offset, t.held, t.scanned = 0, 0, 0
	t.position.begin(0)
}

// readLines decodes the whole lines behind offset and returns the offset behind them. A line that has no
// end yet is left for later. No events and an unchanged offset mean that there is nothing to read. buf is
// scratch space that all files share.
func (t *tail) readLines(buf *[]byte, now time.Time) (events []*event.Event, end int64, err error) {
	size := readBytes
	for {
		if len(*buf) < size {
			*buf = make([]byte, size)
		}
		n, err := t.file.ReadAt((*buf)[:size], t.offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, t.offset, err
		}
		data := (*buf)[:n]
		if last := bytes.LastIndexByte(data, '\n'); last >= 0 {
			return t.decode(data[:last+1], now), t.offset + int64(last) + 1, nil
		}
		switch {
		case n < size:
			return nil, t.offset, nil // an unfinished line
		case size >= maxLineBytes:
			return t.skipLongLine(data, now)
		}
		size = min(4*size, maxLineBytes)
	}
}

// decode makes events of whole lines and notes where each begins.
func (t *tail) decode(data []byte, now time.Time) []*event.Event {
	var events []*event.Event
	joiner, joins := t.codec.(pipeline.Joiner)
	if !joins || joiner.Held() == 0 {
		t.held = t.offset
	}
	at := t.offset
	for line := range bytes.Lines(data) {
		begins := at
		at += int64(len(line))
		t.codec.Decode(trimLineEnd(line), now, func(ev *event.Event) {
			ev.Set(metadataOffsetPath, event.IntOf(t.held))
			events = append(events, ev)
		})
		switch {
		case !joins || joiner.Held() == 0:
			t.held = at
		case joiner.Held() == 1:
			t.held = begins
		}
	}
	if joins {
		t.lastLine = now
	}
	return events
}

// flushHeld gives out what the codec holds back.
func (t *tail) flushHeld(now time.Time) (events []*event.Event) {
	t.codec.Flush(now, func(ev *event.Event) {
		ev.Set(metadataOffsetPath, event.IntOf(t.held))
		events = append(events, ev)
	})
	t.held = t.offset
	return events
}

// quiet says that the file has had no line for as long as its codec waits for one.
func (t *tail) quiet(now time.Time) bool {
	joiner, ok := t.codec.(pipeline.Joiner)
	return ok && joiner.Held() > 0 && joiner.FlushAfter() > 0 && now.Sub(t.lastLine) >= joiner.FlushAfter()
}

// skipLongLine makes an event of a line's beginning and passes over the rest, once its end is written.
func (t *tail) skipLongLine(head []byte, now time.Time) ([]*event.Event, int64, error) {
	at := max(t.scanned, t.offset+int64(len(head)))
	var part [64 << 10]byte
	for {
		n, err := t.file.ReadAt(part[:], at)
		if i := bytes.IndexByte(part[:n], '\n'); i >= 0 {
			events := t.decode(head, now)
			for _, ev := range events {
				ev.Tag(longLineTag)
			}
			end := at + int64(i) + 1
			if t.held == t.offset+int64(len(head)) { // nothing is held: the rest of the line is passed over
				t.held = end
			}
			return events, end, nil
		}
		at += int64(n)
		t.scanned = at
		if errors.Is(err, io.EOF) {
			return nil, t.offset, nil
		}
		if err != nil {
			return nil, t.offset, err
		}
	}
}

func closing(err error, f vfs.File) error { return errors.Join(err, f.Close()) }
