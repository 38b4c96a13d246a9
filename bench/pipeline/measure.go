package main

import (
	"bytes"
	"io"
	"sync"
	"syscall"
	"time"
)

// workers is the number of processors that the targets are set for.
const workers = 2

// bulkSink counts what reaches it, and keeps the first documents for comparison when asked to.
type bulkSink struct {
	mu struct {
		sync.Mutex
		documents, bytes int
		kept             bytes.Buffer
	}
	keep bool
}

func (s *bulkSink) take(body []byte, documents int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mu.documents += documents
	s.mu.bytes += len(body)
	if s.keep {
		s.mu.kept.Write(body)
	}
}

// lineSource gives lines over and over until it has given events of them.
type lineSource struct {
	block []byte // the lines with their ends
	lines int    // of block
	left  int    // events still to come
	rest  []byte
}

func newLineSource(lines []string, events int) *lineSource {
	var block []byte
	for _, l := range lines {
		block = append(append(block, l...), '\n')
	}
	return &lineSource{block: block, lines: len(lines), left: events}
}

func (s *lineSource) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		if s.left <= 0 {
			return 0, io.EOF
		}
		s.rest = s.block
		if s.left < s.lines {
			s.rest = firstLines(s.block, s.left)
		}
		s.left -= s.lines
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func firstLines(block []byte, n int) []byte {
	end := 0
	for range n {
		end += bytes.IndexByte(block[end:], '\n') + 1
	}
	return block[:end]
}

// result is one measured run.
type result struct {
	documents, bytes int
	took             time.Duration // by the clock
	cpu              time.Duration // user and system, of the whole process
	err              error
}

func (r result) perSecond() float64     { return float64(r.documents) / r.took.Seconds() }
func (r result) cpuPerMillion() float64 { return r.cpu.Seconds() / float64(r.documents) * 1e6 }

// perCPUSecond is what the run would reach on so many processors of its own.
func (r result) onProcessors(n int) float64 {
	return float64(n) * float64(r.documents) / r.cpu.Seconds()
}

func measure(run func(sink *bulkSink) error) result {
	sink := &bulkSink{}
	cpu, start := processorTime(), time.Now()
	err := run(sink)
	return result{documents: sink.mu.documents, bytes: sink.mu.bytes, took: time.Since(start), cpu: processorTime() - cpu, err: err}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
