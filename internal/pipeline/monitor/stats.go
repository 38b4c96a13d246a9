package monitor

import (
	"math"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"elkhorn/internal/pipeline/runtime"
)

type eventStats struct {
	In         int64 `json:"in"`
	Filtered   int64 `json:"filtered"`
	Out        int64 `json:"out"`
	Millis     int64 `json:"duration_in_millis"`
	PushMillis int64 `json:"queue_push_duration_in_millis"`
}

func (e *eventStats) add(o eventStats) {
	e.In, e.Filtered, e.Out, e.Millis, e.PushMillis = e.In+o.In, e.Filtered+o.Filtered, e.Out+o.Out, e.Millis+o.Millis, e.PushMillis+o.PushMillis
}

type reloadStats struct {
	Successes   int64        `json:"successes"`
	Failures    int64        `json:"failures"`
	LastSuccess *time.Time   `json:"last_success_timestamp"`
	LastFailure *time.Time   `json:"last_failure_timestamp"`
	LastError   *reloadError `json:"last_error"`
}

type reloadError struct {
	Message   string   `json:"message"`
	Backtrace []string `json:"backtrace"`
}

func reloadsOf(r Reloads) reloadStats {
	s := reloadStats{Successes: r.Successes, Failures: r.Failures}
	if r.Successes > 0 {
		s.LastSuccess = &r.LastSuccess
	}
	if r.Failures > 0 {
		s.LastFailure, s.LastError = &r.LastFailure, &reloadError{Message: r.LastError, Backtrace: []string{}}
	}
	return s
}

type pluginStats struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Events    pluginEvents     `json:"events"`
	Flow      map[string]Rates `json:"flow,omitempty"`
	Documents map[string]int64 `json:"documents,omitempty"`
	Letters   int64            `json:"dlq_routed,omitempty"`
	Trouble   *pluginTrouble   `json:"trouble,omitempty"`
}

type pluginEvents struct {
	In         *int64 `json:"in,omitempty"`
	Out        int64  `json:"out"`
	Millis     *int64 `json:"duration_in_millis,omitempty"`
	PushMillis *int64 `json:"queue_push_duration_in_millis,omitempty"`
}

func pluginOf(p runtime.PluginStats, now time.Time) pluginStats {
	s := pluginStats{ID: p.ID, Name: p.Name, Events: pluginEvents{Out: p.Out}, Trouble: troubleOf(p, now)}
	millis := p.DurationNanos / int64(time.Millisecond)
	if p.Kind == "input" {
		s.Events.PushMillis = &millis
		return s
	}
	s.Events.In, s.Events.Millis = &p.In, &millis
	if p.Kind == "output" && p.Name == "elasticsearch" {
		s.Documents = map[string]int64{"successes": p.Out - p.DeadLetters, "non_retryable_failures": p.DeadLetters}
		s.Letters = p.DeadLetters
	}
	return s
}

type pipelineStats struct {
	Events  eventStats               `json:"events"`
	Flow    *FlowMetrics             `json:"flow"`
	Plugins map[string][]pluginStats `json:"plugins"`
	Reloads reloadStats              `json:"reloads"`
	Queue   map[string]any           `json:"queue"`
	Letters map[string]any           `json:"dead_letter_queue,omitempty"`
	Sizes   map[string]int64         `json:"pipeline"`
	Hash    string                   `json:"hash"`
	Run     string                   `json:"ephemeral_id"`
	// Vertices are for Metricbeat, which asks for them.
	Vertices []vertexStats `json:"vertices,omitempty"`
}

type vertexStats struct {
	ID         string `json:"id"`
	PipelineID string `json:"pipeline_ephemeral_id"`
	In         int64  `json:"events_in"`
	Out        int64  `json:"events_out"`
	Millis     *int64 `json:"duration_in_millis,omitempty"`
	PushMillis *int64 `json:"queue_push_duration_in_millis,omitempty"`
}

func eventsOf(s runtime.Stats) eventStats {
	e := eventStats{In: s.In, Filtered: s.Filtered, Out: s.Out}
	for _, p := range s.Plugins {
		if p.Kind == "input" {
			e.PushMillis += p.DurationNanos / int64(time.Millisecond)
		} else {
			e.Millis += p.DurationNanos / int64(time.Millisecond)
		}
	}
	return e
}

// CountsOf returns the counters that flows are made of.
func CountsOf(p Pipeline) Counts {
	s, e := p.Stats, eventsOf(p.Stats)
	c := Counts{In: float64(s.In), Filtered: float64(s.Filtered), Out: float64(s.Out), PushSeconds: float64(e.PushMillis) / 1000, WorkSeconds: float64(e.Millis) / 1000}
	if p.Queue != nil {
		c.Persisted, c.QueuedEvents, c.QueuedBytes = true, float64(p.Queue.Events), float64(p.Queue.Bytes)
	}
	return c
}

func (h *handler) pipelineStats(p Pipeline, now time.Time, vertices bool) pipelineStats {
	s := pipelineStats{
		Events: eventsOf(p.Stats), Reloads: reloadsOf(p.Reloads), Queue: queueOf(p), Hash: p.Hash, Run: p.EphemeralID,
		Flow:    h.flows.metrics(p.Stats.ID, now, p.Started, CountsOf(p), p.Stats.Workers),
		Plugins: map[string][]pluginStats{"inputs": {}, "codecs": {}, "filters": {}, "outputs": {}},
		Sizes:   map[string]int64{"workers": int64(p.Stats.Workers), "batch_size": int64(p.Stats.BatchSize), "batch_delay": p.BatchDelay.Milliseconds()},
	}
	for _, pl := range p.Stats.Plugins {
		one := pluginOf(pl, now)
		one.Flow = h.flows.plugin(p.Stats.ID, now, p.Started, pl, p.Stats.Workers)
		s.Plugins[pl.Kind+"s"] = append(s.Plugins[pl.Kind+"s"], one)
		if vertices {
			s.Vertices = append(s.Vertices, vertexStats{ID: pl.ID, PipelineID: p.EphemeralID, In: pl.In, Out: pl.Out, Millis: one.Events.Millis, PushMillis: one.Events.PushMillis})
		}
	}
	if d := p.DeadLetters; d != nil {
		s.Letters = map[string]any{"max_queue_size_in_bytes": d.MaxBytes, "queue_size_in_bytes": d.Bytes, "dropped_events": d.Dropped, "storage_policy": d.Policy,
			"last_error": d.LastError, "events_count": d.Letters}
	}
	return s
}

func queueOf(p Pipeline) map[string]any {
	q := p.Queue
	if q == nil {
		return map[string]any{"type": "memory", "events_count": p.Stats.QueuedEvents, "queue_size_in_bytes": 0, "max_queue_size_in_bytes": 0}
	}
	out := map[string]any{"type": "persisted", "events": q.Events, "events_count": q.Events, "queue_size_in_bytes": q.Bytes, "max_queue_size_in_bytes": q.MaxBytes,
		"capacity": map[string]int64{"page_capacity_in_bytes": q.PageBytes, "max_queue_size_in_bytes": q.MaxBytes, "max_unread_events": q.MaxEvents, "queue_size_in_bytes": q.Bytes},
		"data":     map[string]any{"path": q.Dir, "free_space_in_bytes": q.FreeBytes}}
	if q.Err != nil {
		out["last_error"] = q.Err.Error()
	}
	return out
}

// jvm is the Go runtime's state under the names of a Java process's.
func jvm(n Node) map[string]any {
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	mem := map[string]any{"heap_used_in_bytes": m.HeapAlloc, "heap_committed_in_bytes": m.HeapSys - m.HeapReleased, "non_heap_used_in_bytes": m.Sys - m.HeapSys,
		"non_heap_committed_in_bytes": m.Sys - m.HeapSys}
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		mem["heap_max_in_bytes"], mem["heap_used_percent"] = limit, m.HeapAlloc*100/uint64(limit)
	}
	return map[string]any{
		"threads":          map[string]int{"count": pprof.Lookup("threadcreate").Count()},
		"mem":              mem,
		"gc":               map[string]any{"collectors": map[string]any{"old": map[string]any{"collection_count": m.NumGC, "collection_time_in_millis": m.PauseTotalNs / uint64(time.Millisecond)}}},
		"uptime_in_millis": n.Now.Sub(n.Started).Milliseconds(),
		"runtime":          goruntime.Version() + ": there is no Java process; the numbers are those of the Go runtime",
	}
}

// ProcessorTime is how long the process has been computing, over all processors; false where the system does not say.
func ProcessorTime() (time.Duration, bool) {
	total, _, ok := usage()
	return total, ok
}

// process is what the system says of the process, where it does.
func process() map[string]any {
	out := map[string]any{}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		out["open_file_descriptors"] = len(open)
	}
	if total, max, ok := usage(); ok {
		out["cpu"] = map[string]any{"total_in_millis": total.Milliseconds()}
		out["max_file_descriptors"] = max
	}
	return out
}
