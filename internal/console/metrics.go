package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// MetricsInterval is how often Metrics wants a sample.
const MetricsInterval = 10 * time.Second

const (
	maxMetricsOut  = 2000           // points of one answer; more than a wide screen has
	maxMetricsSpan = 30 * 24 * 3600 // seconds that one may look back
)

// Metric is how the process and its store are at one time. Those without a unit of their own count from the start of the process.
type Metric struct {
	At time.Time
	// Run is when the process started.
	Run time.Time
	// Indexed and Searched count operations, IndexNanos and SearchNanos the time they took, Merges what was merged.
	Indexed, IndexNanos, Searched, SearchNanos, Merges int64
	// These are as they are now.
	Docs, Segments, StoreBytes, LogBytes, HeapBytes, MemoryBytes, DiskFreeBytes, DiskTotalBytes int64
	// ProcessorNanos is the processor time of the process.
	ProcessorNanos int64
	// Events are those of all pipelines; Queued and Letters are as they are now.
	EventsIn, EventsOut, Queued, Letters int64
}

// MetricPoint is what happened between two samples, and how things were at the later one.
type MetricPoint struct {
	AtMillis int64 `json:"at"`
	// Seconds since the sample before, but for the time that no process ran.
	Seconds float64 `json:"seconds"`
	// Restarted says that the process was started since the sample before.
	Restarted bool `json:"restarted"`
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

// pointOf is what happened over successive samples, two or more. Counters that fell, as when an index was deleted, count from nothing, and
// those of a process that was started in between from its start.
func pointOf(samples []Metric) MetricPoint {
	var grown Metric
	var seconds float64
	restarted := false
	for i, b := range samples[1:] {
		a := samples[i]
		if !b.Run.Equal(a.Run) {
			restarted = true
			if b.Run.Before(a.At) { // the clock was set
				b.Run = a.At
			}
			a = Metric{At: b.Run}
		}
		seconds += b.At.Sub(a.At).Seconds()
		for _, c := range []struct {
			sum      *int64
			from, to int64
		}{
			{&grown.Indexed, a.Indexed, b.Indexed}, {&grown.IndexNanos, a.IndexNanos, b.IndexNanos}, {&grown.Searched, a.Searched, b.Searched}, {&grown.SearchNanos, a.SearchNanos, b.SearchNanos},
			{&grown.Merges, a.Merges, b.Merges}, {&grown.ProcessorNanos, a.ProcessorNanos, b.ProcessorNanos}, {&grown.EventsIn, a.EventsIn, b.EventsIn}, {&grown.EventsOut, a.EventsOut, b.EventsOut},
		} {
			*c.sum += max(0, c.to-c.from)
		}
	}
	rate := func(n int64) float64 {
		if seconds <= 0 {
			return 0
		}
		return float64(n) / seconds
	}
	each := func(n, nanos int64) *float64 {
		if n == 0 {
			return nil
		}
		millis := float64(nanos) / float64(n) / 1e6
		return &millis
	}
	b := samples[len(samples)-1]
	return MetricPoint{AtMillis: b.At.UnixMilli(), Seconds: seconds, Restarted: restarted,
		IndexRate: rate(grown.Indexed), SearchRate: rate(grown.Searched), InRate: rate(grown.EventsIn), OutRate: rate(grown.EventsOut), MergeRate: rate(grown.Merges),
		SearchMillis: each(grown.Searched, grown.SearchNanos), IndexMillis: each(grown.Indexed, grown.IndexNanos), Processors: rate(grown.ProcessorNanos) / 1e9,
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
		points = append(points, pointOf(samples[max(0, last-step):last+1]))
	}
	slices.Reverse(points)
	return points
}

// metrics answers GET /api/console/metrics.
func (p Parts) metrics(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	seconds, err := between(q.Get("seconds"), 900, 1, maxMetricsSpan)
	points, err2 := between(q.Get("points"), 180, 1, maxMetricsOut)
	if err != nil || err2 != nil {
		p.refuse(w, http.StatusBadRequest, fmt.Sprintf("seconds wants 1 to %d, points 1 to %d", maxMetricsSpan, maxMetricsOut))
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
