package input

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

const (
	// maxLineBytes bounds a line; what is longer is cut and marked. The store takes documents of 100 MB, a line of
	// log has some hundred bytes.
	maxLineBytes = 20 << 20
	// longLineTag marks an event whose line was cut.
	longLineTag = "_linetoolong"
	// pushEvents is the number of events handed over at once while a stream has more to read.
	pushEvents = 500
)

// streamReader reads lines of a connection or of standard input and pushes events. It hands over what it has as
// soon as the next read would wait.
type streamReader struct {
	r      *bufio.Reader
	codec  pipeline.Codec
	now    func() time.Time
	finish func(*event.Event) // adds the input's own fields; may be nil
	sink   pipeline.Sink
	memory *memory
	events []*event.Event
}

// run reads to the end of the stream. Its error is the reader's, or that ctx ended.
func (s *streamReader) run(ctx context.Context) error {
	for {
		line, cut, err := readLine(s.r, s.memory)
		if len(line) > 0 {
			s.decode(line, cut)
		}
		if err == nil && s.r.Buffered() > 0 && len(s.events) < pushEvents {
			continue
		}
		if pushErr := s.push(ctx); pushErr != nil {
			return pushErr
		}
		if err != nil {
			s.codec.Flush(s.now(), s.add)
			if pushErr := s.push(ctx); pushErr != nil {
				return pushErr
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func (s *streamReader) decode(line []byte, cut bool) {
	before := len(s.events)
	s.codec.Decode(line, s.now(), s.add)
	if cut {
		for _, ev := range s.events[before:] {
			ev.Tag(longLineTag)
		}
	}
}

func (s *streamReader) add(ev *event.Event) {
	if s.finish != nil {
		s.finish(ev)
	}
	s.events = append(s.events, ev)
}

func (s *streamReader) push(ctx context.Context) error {
	if len(s.events) == 0 {
		return nil
	}
	err := s.sink.Push(ctx, s.events)
	s.events = nil // the sink may keep the slice's events, not the slice; a fresh one is simplest to reason about
	return err
}

// readLine reads a line without its end; cut says that it was too long, for the limit or for the memory that is left, and
// that the rest was left out. The line is valid until the next read.
func readLine(r *bufio.Reader, m *memory) (line []byte, cut bool, err error) {
	held := 0
	defer func() { m.give(held) }()
	for {
		part, err := r.ReadSlice('\n')
		if line == nil && !cut && !errors.Is(err, bufio.ErrBufferFull) {
			return trimLineEnd(part), false, err // the common case: no copy
		}
		if !cut {
			switch room := maxLineBytes - len(line); {
			case len(part) > room:
				line, cut = append(line, part[:room]...), true
			case m.take(len(part)):
				held += len(part)
				line = append(line, part...)
			default:
				cut = true
			}
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return trimLineEnd(line), cut, err
		}
	}
}

func trimLineEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'})
}
