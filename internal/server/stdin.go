package server

import (
	"io"
	"os"
	"slices"
	"sync"
)

// stdinBytes is how much of standard input is read at once.
const stdinBytes = 64 << 10

// standardInput is the process's standard input as pipelines have it: one goroutine reads it from the first reader on to the end of the
// process, since a read that waits cannot be called back, and whoever reads gets what comes. It is a pipeline.HandedStream.
type standardInput struct {
	from io.Reader
	// held says that a pipeline is being replaced: its successor reads on.
	held   func() bool
	begin  sync.Once
	chunks chan []byte // closed at the end; err is set before
	err    error
	mu     struct {
		sync.Mutex
		left []byte // read, and not used yet
	}
}

func newStandardInput(from io.Reader, held func() bool) *standardInput {
	return &standardInput{from: from, held: held, chunks: make(chan []byte)}
}

func (s *standardInput) pump() {
	defer close(s.chunks)
	for {
		buf := make([]byte, stdinBytes)
		n, err := s.from.Read(buf)
		if n > 0 {
			s.chunks <- buf[:n]
		}
		if err != nil {
			s.err = err
			return
		}
	}
}

// Read implements io.Reader.
func (s *standardInput) Read(p []byte) (int, error) { return s.ReadUntil(p, nil) }

// ReadUntil implements pipeline.HandedStream.
func (s *standardInput) ReadUntil(p []byte, stop <-chan struct{}) (int, error) {
	s.begin.Do(func() { go s.pump() })
	select {
	case <-stop:
		return 0, os.ErrDeadlineExceeded
	default:
	}
	s.mu.Lock()
	if n := copy(p, s.mu.left); n > 0 {
		s.mu.left = s.mu.left[n:]
		s.mu.Unlock()
		return n, nil
	}
	s.mu.Unlock()
	select {
	case <-stop:
		return 0, os.ErrDeadlineExceeded
	case chunk, ok := <-s.chunks:
		if !ok {
			return 0, s.err
		}
		n := copy(p, chunk)
		s.mu.Lock()
		s.mu.left = append(s.mu.left, chunk[n:]...)
		s.mu.Unlock()
		return n, nil
	}
}

// HandOn implements pipeline.HandedStream.
func (s *standardInput) HandOn(unread []byte) bool {
	if !s.held() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mu.left = slices.Concat(unread, s.mu.left)
	return true
}
