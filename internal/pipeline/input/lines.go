package input

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
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
	// quiet gives out what the codec holds when nothing has come for long; nil when the codec does not ask for that.
	quiet *quietFlush
	// keepsRest says that a line whose reading is called off, by a deadline, is no event but the rest that somebody else goes on with.
	keepsRest bool
	rest      []byte
}

// run reads to the end of the stream. Its error is the reader's, or that ctx ended.
func (s *streamReader) run(ctx context.Context) error {
	delimiter := delimiterOf(s.codec)
	s.quiet = newQuietFlush(s.codec, func() { s.flushQuiet(ctx) })
	defer s.quiet.stop()
	for {
		line, cut, err := readLine(s.r, delimiter, s.memory)
		s.quiet.lock()
		if s.keepsRest && !cut && errors.Is(err, os.ErrDeadlineExceeded) {
			s.rest, line = bytes.Clone(line), nil
		}
		if len(line) > 0 {
			s.decode(line, cut)
		}
		if err == nil && s.r.Buffered() > 0 && len(s.events) < pushEvents {
			s.quiet.unlock()
			continue
		}
		if err != nil {
			s.codec.Flush(s.now(), s.add)
		}
		pushErr := s.push(ctx)
		s.quiet.unlock()
		switch {
		case pushErr != nil:
			return pushErr
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// flushQuiet is called with the lock of s.quiet held.
func (s *streamReader) flushQuiet(ctx context.Context) {
	s.codec.Flush(s.now(), s.add)
	if err := s.push(ctx); err != nil {
		return // ctx has ended: run is about to see that too
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

// delimiterOf is what ends a codec's messages on a stream.
func delimiterOf(codec pipeline.Codec) string {
	if d, ok := codec.(pipeline.Delimited); ok {
		return d.Delimiter()
	}
	return "\n"
}

// refuseWhole refuses, for an input that reads lines, a codec that has none.
func refuseWhole(s *plugin.Settings, newCodec pipeline.NewCodec) error {
	if newCodec().Framing() == pipeline.Whole {
		return s.Errorf("codec", "%s needs whole messages, and this input reads lines; use it with http, kafka, redis, s3 or udp", s.Codec("codec").Name)
	}
	return nil
}

// readLine reads a line without its end; cut says that it was too long, for the limit or for the memory that is left, and
// that the rest was left out. The line is valid until the next read.
func readLine(r *bufio.Reader, delimiter string, m *memory) (line []byte, cut bool, err error) {
	held := 0
	defer func() { m.give(held) }()
	last := delimiter[len(delimiter)-1]
	for {
		part, err := r.ReadSlice(last)
		if line == nil && !cut && (err != nil || len(delimiter) == 1 || bytes.HasSuffix(part, []byte(delimiter))) && !errors.Is(err, bufio.ErrBufferFull) {
			return trimEnd(part, delimiter), false, err // the common case: no copy
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
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil, cut && len(delimiter) == 1, bytes.HasSuffix(line, []byte(delimiter)):
			return trimEnd(line, delimiter), cut, err
		case cut: // of a longer delimiter, only its last part was seen
			if bytes.HasSuffix(part, []byte(delimiter)) {
				return line, cut, nil
			}
		}
	}
}

func trimEnd(line []byte, delimiter string) []byte {
	if delimiter == "\n" {
		return trimLineEnd(line)
	}
	return bytes.TrimSuffix(line, []byte(delimiter))
}

func trimLineEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'})
}
