package monitor

import (
	"math"
	"sync"
	"time"
)

// SampleInterval is how often Flows wants to see the counters.
const SampleInterval = 5 * time.Second

const (
	fineSamples   = 200  // of SampleInterval: 15 minutes and some more
	coarseSamples = 1450 // of a minute: 24 hours and some more
)

// Counts are counters of a pipeline, all growing but for what is in its queue.
type Counts struct {
	In, Filtered, Out float64
	// PushSeconds is how long inputs waited for the queue, WorkSeconds how long workers were busy.
	PushSeconds, WorkSeconds float64
	// Persisted says that the pipeline has a queue on the disk, of so many events and bytes.
	Persisted                 bool
	QueuedEvents, QueuedBytes float64
}

// Add adds the counters of another pipeline.
func (c *Counts) Add(o Counts) {
	c.In += o.In
	c.Filtered += o.Filtered
	c.Out += o.Out
	c.PushSeconds += o.PushSeconds
	c.WorkSeconds += o.WorkSeconds
}

type sample struct {
	at     time.Time
	counts Counts
}

// Flows keeps counters over time. It is safe for concurrent use.
type Flows struct {
	mu        sync.Mutex
	pipelines map[string]*history
	plugins   map[string]map[string]*pluginHistory // by pipeline and plugin
}

// history is one pipeline's samples: fine ones of late, one a minute of the day.
type history struct {
	fine, coarse []sample
}

// Note takes a sample of a pipeline. A pipeline whose counters begin anew begins a new history.
func (f *Flows) Note(id string, at time.Time, c Counts) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.pipelines == nil {
		f.pipelines = map[string]*history{}
	}
	h := f.pipelines[id]
	if h == nil || len(h.fine) > 0 && c.In < h.fine[len(h.fine)-1].counts.In {
		h = &history{}
		f.pipelines[id] = h
	}
	s := sample{at, c}
	h.fine = keep(h.fine, s, fineSamples)
	if len(h.coarse) == 0 || at.Sub(h.coarse[len(h.coarse)-1].at) >= time.Minute {
		h.coarse = keep(h.coarse, s, coarseSamples)
	}
}

func keep[S any](samples []S, s S, most int) []S {
	if len(samples) == most {
		samples = samples[:copy(samples, samples[1:])]
	}
	return append(samples, s)
}

// windows are those that Logstash names.
var windows = []struct {
	name   string
	length time.Duration
}{{"last_1_minute", time.Minute}, {"last_5_minutes", 5 * time.Minute}, {"last_15_minutes", 15 * time.Minute}, {"last_1_hour", time.Hour}, {"last_24_hours", 24 * time.Hour}}

// Rates are changes per second, by window; one that the history does not cover yet is left out.
type Rates map[string]float64

// FlowMetrics are a pipeline's rates.
type FlowMetrics struct {
	Input        Rates `json:"input_throughput"`
	Filter       Rates `json:"filter_throughput"`
	Output       Rates `json:"output_throughput"`
	Backpressure Rates `json:"queue_backpressure"`
	Concurrency  Rates `json:"worker_concurrency"`
	Utilization  Rates `json:"worker_utilization,omitempty"` // percent of the workers
	// How the persisted queue grows, a second.
	QueueEvents Rates `json:"queue_persisted_growth_events,omitempty"`
	QueueBytes  Rates `json:"queue_persisted_growth_bytes,omitempty"`
}

// metrics are the rates up to now; c are the counters as they are, since started.
func (f *Flows) metrics(id string, now, started time.Time, c Counts, workers int) *FlowMetrics {
	m := &FlowMetrics{Input: Rates{}, Filter: Rates{}, Output: Rates{}, Backpressure: Rates{}, Concurrency: Rates{}}
	if workers > 0 {
		m.Utilization = Rates{}
	}
	if c.Persisted {
		m.QueueEvents, m.QueueBytes = Rates{}, Rates{}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	set := func(name string, from sample) {
		seconds := now.Sub(from.at).Seconds()
		if seconds <= 0 {
			return
		}
		rate := func(to, from float64) float64 { return math.Round((to-from)/seconds*1000) / 1000 }
		m.Input[name], m.Filter[name], m.Output[name] = rate(c.In, from.counts.In), rate(c.Filtered, from.counts.Filtered), rate(c.Out, from.counts.Out)
		m.Backpressure[name], m.Concurrency[name] = rate(c.PushSeconds, from.counts.PushSeconds), rate(c.WorkSeconds, from.counts.WorkSeconds)
		if c.Persisted {
			m.QueueEvents[name], m.QueueBytes[name] = rate(c.QueuedEvents, from.counts.QueuedEvents), rate(c.QueuedBytes, from.counts.QueuedBytes)
		}
		if workers > 0 {
			m.Utilization[name] = math.Round(m.Concurrency[name]/float64(workers)*100_000) / 1000
		}
	}
	if h := f.pipelines[id]; h != nil {
		if s, ok := before(h.fine, now.Add(-SampleInterval)); ok {
			set("current", s)
		}
		for _, w := range windows {
			samples := h.fine
			if w.length > 15*time.Minute {
				samples = h.coarse
			}
			if s, ok := before(samples, now.Add(-w.length)); ok {
				set(w.name, s)
			}
		}
	}
	set("lifetime", sample{at: started})
	return m
}

// before returns the newest sample that is as old as t.
func before[S interface{ taken() time.Time }](samples []S, t time.Time) (s S, ok bool) {
	for i := len(samples) - 1; i >= 0; i-- {
		if !samples[i].taken().After(t) {
			return samples[i], true
		}
	}
	return s, false
}

func (s sample) taken() time.Time       { return s.at }
func (s pluginSample) taken() time.Time { return s.at }
