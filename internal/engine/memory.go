package engine

import (
	"context"
	"sync"
	"sync/atomic"

	"elkhorn/internal/es/eserr"
)

// memory accounts for what the engine holds, by explicit reserve and release. Documents that are not
// in segment files and request bodies share one limit; searches have another.
type memory struct {
	writeLimit, queryLimit int64
	parts                  atomic.Int64 // documents in memory
	requests               atomic.Int64 // bodies of bulks at work
	queries                atomic.Int64

	mu    sync.Mutex
	freed chan struct{} // closed and replaced whenever documents leave memory
}

func newMemory(writeLimit, queryLimit int64) *memory {
	return &memory{writeLimit: writeLimit, queryLimit: queryLimit, freed: make(chan struct{})}
}

func (m *memory) inUse() int64 { return m.parts.Load() + m.requests.Load() + m.queries.Load() }

// addParts notes that documents came into memory (or left, when negative).
func (m *memory) addParts(bytes int64) {
	m.parts.Add(bytes)
	if bytes < 0 {
		m.mu.Lock()
		close(m.freed)
		m.freed = make(chan struct{})
		m.mu.Unlock()
	}
}

// over says how full the write buffer is, 1 being the limit.
func (m *memory) fill() float64 {
	return float64(m.parts.Load()+m.requests.Load()) / float64(m.writeLimit)
}

// reserveWrite admits a bulk's body. While the buffer is full of documents that a flush will move out it waits:
// that is the back-pressure. When other requests alone fill it, it answers 429 at once.
func (m *memory) reserveWrite(ctx context.Context, bytes int64) (release func(), err error) {
	for {
		m.mu.Lock()
		freed := m.freed
		m.mu.Unlock()
		requests := m.requests.Load()
		switch {
		case requests > 0 && requests+bytes > m.writeLimit/2:
			return nil, eserr.Rejected("rejected execution of bulk: %d bytes of requests are at work, %d more would pass the limit of %d; try again later",
				requests, bytes, m.writeLimit/2)
		case m.parts.Load() < m.writeLimit:
			m.requests.Add(bytes)
			return func() { m.requests.Add(-bytes) }, nil
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Reserve accounts for memory of a search; see exec.Budget.
func (m *memory) Reserve(bytes int64) error {
	if used := m.queries.Add(bytes); used > m.queryLimit {
		m.queries.Add(-bytes)
		return eserr.CircuitBreaking(used, m.queryLimit, "[request] Data too large, data for [search] would be [%d], which is larger than the limit of [%d]", used, m.queryLimit)
	}
	return nil
}

// Release gives back what Reserve took.
func (m *memory) Release(bytes int64) { m.queries.Add(-bytes) }
