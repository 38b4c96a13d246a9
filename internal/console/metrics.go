package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// MetricsInterval is how often Metrics wants a sample.
const MetricsInterval = 10 * time.Second

const (
	metricsKept   = 24 * 360 // a day of samples, some 1.5 MB
	maxMetricsOut = 2000     // points of one answer; more than a wide screen has
)

// Metric is how the process and its store are at one time. Those without a unit of their own count from the start of the process.
type Metric struct {
	At time.Time
	// Indexed and Searched count operations, IndexNanos and SearchNanos the time they took, Merges what was merged.
	Indexed, IndexNanos, Searched, SearchNanos, Merges int64
	// These are as they are now.
	Docs, Segments, StoreBytes, LogBytes, HeapBytes, MemoryBytes, DiskFreeBytes, DiskTotalBytes int64
	// ProcessorNanos is the processor time of the process.
	ProcessorNanos int64
	// Events are those of all pipelines; Queued and Letters are as they are now.
	EventsIn, EventsOut, Queued, Letters int64
}

// Metrics keeps samples of a day. It is safe for concurrent use; the zero value is ready.
type Metrics struct {
	mu    sync.Mutex
	kept  []Metric
	start int // of the oldest, once the ring is full
}

// Note takes a sample.
func (m *Metrics) Note(s Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) < metricsKept {
		m.kept = append(m.kept, s)
		return
	}
	m.kept[m.start] = s
	m.start = (m.start + 1) % metricsKept
}

// since returns the samples from a time on, the oldest first, with the one before them, from which their changes count.
func (m *Metrics) since(from time.Time) []Metric {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Metric
	for i := range m.kept {
		s := m.kept[(m.start+i)%len(m.kept)]
		if s.At.Before(from) {
			out = append(out[:0], s)
			continue
		}
		out = append(out, s)
	}
	return out
}

// MetricPoint is what happened between two samples, and how things were at the later one.
type MetricPoint struct {
	AtMillis int64 `json:"at"`
	// Seconds since the sample before.
	Seconds float64 `json:"seconds"`
	// Per second.
	IndexRate  float64 `json:"index_rate"`
	SearchRate float64 `json:"search_rate"`
	InRate     float64 `json:"events_in_rate"`
	OutRate    float64 `json:"events_out_rate"`
	MergeRate  float64 `json:"merge_rate"`
	// Milliseconds for one; null when there was none.
	SearchMillis *float64 `json:"search_millis"`
	IndexMillis  *float64 `json:"index_millis"`
	// Processors is how many were busy with this process.
	Processors     float64 `json:"processors"`
	Docs           int64   `json:"docs"`
	Segments       int64   `json:"segments"`
	StoreBytes     int64   `json:"store_bytes"`
	LogBytes       int64   `json:"log_bytes"`
	HeapBytes      int64   `json:"heap_bytes"`
	MemoryBytes    int64   `json:"memory_bytes"`
	DiskFreeBytes  int64   `json:"disk_free_bytes"`
	DiskTotalBytes int64   `json:"disk_total_bytes"`
	Queued         int64   `json:"queued"`
	Letters        int64   `json:"dead_letters"`
}

// pointBetween compares two samples. Counters that fell, as when an index was deleted, count from nothing.
func pointBetween(a, b Metric) MetricPoint {
	seconds := b.At.Sub(a.At).Seconds()
	grown := func(from, to int64) float64 { return float64(max(0, to-from)) }
	rate := func(from, to int64) float64 {
		if seconds <= 0 {
			return 0
		}
		return grown(from, to) / seconds
	}
	each := func(n, nanos float64) *float64 {
		if n == 0 {
			return nil
		}
		millis := nanos / n / 1e6
		return &millis
	}
	return MetricPoint{AtMillis: b.At.UnixMilli(), Seconds: seconds,
		IndexRate: rate(a.Indexed, b.Indexed), SearchRate: rate(a.Searched, b.Searched), InRate: rate(a.EventsIn, b.EventsIn), OutRate: rate(a.EventsOut, b.EventsOut),
		MergeRate: rate(a.Merges, b.Merges), SearchMillis: each(grown(a.Searched, b.Searched), grown(a.SearchNanos, b.SearchNanos)),
		IndexMillis: each(grown(a.Indexed, b.Indexed), grown(a.IndexNanos, b.IndexNanos)), Processors: rate(a.ProcessorNanos, b.ProcessorNanos) / 1e9,
		Docs: b.Docs, Segments: b.Segments, StoreBytes: b.StoreBytes, LogBytes: b.LogBytes, HeapBytes: b.HeapBytes, MemoryBytes: b.MemoryBytes,
		DiskFreeBytes: b.DiskFreeBytes, DiskTotalBytes: b.DiskTotalBytes, Queued: b.Queued, Letters: b.Letters}
}

// Points are what happened since a time, in at most n steps of the same number of samples.
func (m *Metrics) Points(from time.Time, n int) []MetricPoint {
	samples := m.since(from)
	points := []MetricPoint{}
	if len(samples) < 2 {
		return points
	}
	step := (len(samples) - 2 + n) / n
	for last := len(samples) - 1; last > 0; last -= step { // the newest always counts
		points = append(points, pointBetween(samples[max(0, last-step)], samples[last]))
	}
	for i, j := 0, len(points)-1; i < j; i, j = i+1, j-1 {
		points[i], points[j] = points[j], points[i]
	}
	return points
}

// metrics answers GET /api/console/metrics.
func (p Parts) metrics(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	seconds, err := between(q.Get("seconds"), 900, 1, 24*3600)
	points, err2 := between(q.Get("points"), 180, 1, maxMetricsOut)
	if err != nil || err2 != nil {
		p.refuse(w, http.StatusBadRequest, fmt.Sprintf("seconds wants 1 to 86400, points 1 to %d", maxMetricsOut))
		return
	}
	now := p.now()
	p.answer(w, http.StatusOK, struct {
		Now      int64           `json:"now"`
		Interval int64           `json:"interval_millis"`
		Points   []MetricPoint   `json:"points"`
		Slow     json.RawMessage `json:"slow_searches"`
	}{now.UnixMilli(), MetricsInterval.Milliseconds(), p.Metrics.Points(now.Add(-time.Duration(seconds)*time.Second), points), p.slow()})
}

func (p Parts) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

func (p Parts) slow() json.RawMessage {
	if p.Slow == nil {
		return json.RawMessage("[]")
	}
	text, err := json.Marshal(p.Slow())
	if err != nil {
		return json.RawMessage("[]")
	}
	return text
}

func between(text string, otherwise, least, most int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err == nil && (n < least || n > most) {
		err = strconv.ErrRange
	}
	return n, err
}
