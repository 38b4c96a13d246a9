package engine

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// memory accounts for what the engine holds, by explicit reserve and release. Documents that are not in segment
// files and request bodies share one limit; searches have another, of which one search gets the most; and all of
// it, caches included, stays below a third, the parent's.
type memory struct {
	writeLimit int64
	parts      atomic.Int64 // documents in memory
	requests   atomic.Int64 // bodies of bulks at work
	queries    atomic.Int64 // state of searches

	requestLimit, totalLimit            atomic.Int64 // of searches together, and of everything
	rejected, requestTrips, parentTrips atomic.Int64
	defaultRequestLimit, defaultTotal   int64
	caches                              func() int64 // what caches hold at present
	drop                                func()       // frees what caches can spare
	mu                                  sync.Mutex
	freed                               chan struct{} // closed and replaced whenever documents leave memory
}

// maxWriteWait is how long a bulk waits for room before it is refused: below the time-outs that shippers have.
const maxWriteWait = 20 * time.Second

// oneSearchPercent is how much of the searches' memory a single one may take: others go on beside it.
const oneSearchPercent = 80

func newMemory(opts *Options) *memory {
	m := &memory{writeLimit: opts.WriteBufferBytes, defaultRequestLimit: opts.QueryBytes, defaultTotal: opts.TotalBytes,
		caches: func() int64 { return 0 }, drop: func() {}, freed: make(chan struct{})}
	m.requestLimit.Store(opts.QueryBytes)
	m.totalLimit.Store(opts.TotalBytes)
	return m
}

func (m *memory) inUse() int64 {
	return m.parts.Load() + m.requests.Load() + m.queries.Load() + m.caches()
}

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
// that is the back-pressure. When other requests alone fill it, or it stays full, it answers 429.
func (m *memory) reserveWrite(ctx context.Context, bytes int64) (release func(), err error) {
	var late <-chan time.Time
	for {
		m.mu.Lock()
		freed := m.freed
		m.mu.Unlock()
		requests := m.requests.Load()
		switch {
		case requests > 0 && requests+bytes > m.writeLimit/2:
			m.rejected.Add(1)
			return nil, eserr.Rejected("rejected execution of bulk: %d bytes of requests are at work, %d more would pass the limit of %d; try again later",
				requests, bytes, m.writeLimit/2)
		case m.parts.Load() < m.writeLimit:
			m.requests.Add(bytes)
			return func() { m.requests.Add(-bytes) }, nil
		}
		if late == nil {
			timer := time.NewTimer(maxWriteWait)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-freed:
		case <-late:
			m.rejected.Add(1)
			return nil, eserr.Rejected("rejected execution of bulk: %d bytes of documents wait to be written to segments, the limit is %d, and the disk does not keep up; try again later",
				m.parts.Load(), m.writeLimit)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// searchBudget is the memory of one search; it implements exec.Budget.
type searchBudget struct {
	memory *memory
	used   atomic.Int64
}

// Reserve implements exec.Budget.
func (b *searchBudget) Reserve(bytes int64) error {
	m := b.memory
	limit := m.requestLimit.Load() / 100 * oneSearchPercent
	if used := b.used.Add(bytes); used > limit {
		b.used.Add(-bytes)
		return m.tripRequest(used, limit)
	}
	if err := m.reserveQuery(bytes); err != nil {
		b.used.Add(-bytes)
		return err
	}
	return nil
}

// Release implements exec.Budget.
func (b *searchBudget) Release(bytes int64) {
	b.used.Add(-bytes)
	b.memory.queries.Add(-bytes)
}

// reserveQuery accounts for memory of some search.
func (m *memory) reserveQuery(bytes int64) error {
	used, limit := m.queries.Add(bytes), m.requestLimit.Load()
	if used > limit {
		m.queries.Add(-bytes)
		return m.tripRequest(used, limit)
	}
	if m.inUse() > m.totalLimit.Load() {
		m.drop() // what is only there to save work goes first
	}
	if all, limit := m.inUse(), m.totalLimit.Load(); all > limit {
		m.queries.Add(-bytes)
		m.parentTrips.Add(1)
		return eserr.CircuitBreaking(all, limit, "[parent] Data too large, data for [<search>] would be [%d/%s], which is larger than the limit of [%d/%s], "+
			"new bytes reserved: [%d/%s], usages [request=%d/%s, in_flight_requests=%d/%s, documents=%d/%s, caches=%d/%s]",
			all, es.ByteSize(all), limit, es.ByteSize(limit), bytes, es.ByteSize(bytes), used, es.ByteSize(used),
			m.requests.Load(), es.ByteSize(m.requests.Load()), m.parts.Load(), es.ByteSize(m.parts.Load()), m.caches(), es.ByteSize(m.caches()))
	}
	return nil
}

func (m *memory) tripRequest(used, limit int64) error {
	m.requestTrips.Add(1)
	return eserr.CircuitBreaking(used, limit, "[request] Data too large, data for [<search>] would be [%d/%s], which is larger than the limit of [%d/%s]",
		used, es.ByteSize(used), limit, es.ByteSize(limit))
}

// breakers describes the limits as Elasticsearch's circuit breakers.
func (m *memory) breakers() []es.Breaker {
	return []es.Breaker{
		{Name: "request", LimitBytes: m.requestLimit.Load(), UsedBytes: m.queries.Load(), Tripped: m.requestTrips.Load()},
		{Name: "documents", LimitBytes: m.writeLimit, UsedBytes: m.parts.Load() + m.requests.Load(), Tripped: m.rejected.Load()},
		{Name: "parent", LimitBytes: m.totalLimit.Load(), UsedBytes: m.inUse(), Tripped: m.parentTrips.Load()},
	}
}

// setLimits applies the cluster settings of the breakers; an empty text is the default.
func (m *memory) setLimits(request, total string) error {
	requestLimit, err := breakerLimit(settingRequestBreaker, request, m.defaultRequestLimit)
	if err != nil {
		return err
	}
	totalLimit, err := breakerLimit(settingTotalBreaker, total, m.defaultTotal)
	if err != nil {
		return err
	}
	m.requestLimit.Store(requestLimit)
	m.totalLimit.Store(totalLimit)
	return nil
}

// breakerLimit reads a size, or a percentage of the memory that this process may use.
func breakerLimit(name, text string, fallback int64) (int64, error) {
	if text == "" {
		return fallback, nil
	}
	if number, found := strings.CutSuffix(text, "%"); found {
		percent, err := strconv.ParseFloat(number, 64)
		if err != nil || !(percent >= 0 && percent <= 100) {
			return 0, eserr.IllegalArgument("failed to parse value [%s] for setting [%s]: it is not a percentage from 0 to 100", text, name)
		}
		return int64(percent / 100 * float64(availableMemory())), nil
	}
	size, ok := es.ParseByteSize(text)
	if !ok {
		return 0, eserr.IllegalArgument("failed to parse value [%s] for setting [%s]: it is neither a size such as 512mb nor a percentage", text, name)
	}
	return size, nil
}
