package monitor

import (
	"math"
	"time"

	"elkhorn/internal/pipeline/runtime"
)

const (
	// pluginInterval is how far apart samples of plugins are: there are many plugins.
	pluginInterval      = 10 * time.Second
	finePluginSamples   = 95 // of pluginInterval: 15 minutes and some more
	coarsePluginStep    = 5 * time.Minute
	coarsePluginSamples = 295 // of coarsePluginStep: 24 hours and some more
)

// pluginSample is a plugin's counters at a time.
type pluginSample struct {
	at            time.Time
	events, nanos int64
}

// pluginHistory is one plugin's samples.
type pluginHistory struct {
	fine, coarse []pluginSample
}

// counted are the events that a plugin's rates are about: those that leave an input, those that come to others.
func counted(p runtime.PluginStats) int64 {
	if p.Kind == "input" {
		return p.Out
	}
	return p.In
}

// NotePlugins takes a sample of a pipeline's plugins, when the last one is old enough. Those that are gone are forgotten.
func (f *Flows) NotePlugins(id string, at time.Time, plugins []runtime.PluginStats) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.plugins == nil {
		f.plugins = map[string]map[string]*pluginHistory{}
	}
	before := f.plugins[id]
	now := make(map[string]*pluginHistory, len(plugins))
	for _, p := range plugins {
		s := pluginSample{at, counted(p), p.DurationNanos}
		h := before[p.ID]
		if h == nil || len(h.fine) > 0 && s.events < h.fine[len(h.fine)-1].events {
			h = &pluginHistory{} // it runs anew
		}
		now[p.ID] = h
		if len(h.fine) > 0 && at.Sub(h.fine[len(h.fine)-1].at) < pluginInterval {
			continue
		}
		h.fine = keep(h.fine, s, finePluginSamples)
		if len(h.coarse) == 0 || at.Sub(h.coarse[len(h.coarse)-1].at) >= coarsePluginStep {
			h.coarse = keep(h.coarse, s, coarsePluginSamples)
		}
	}
	f.plugins[id] = now
}

// plugin are a plugin's rates up to now, by Logstash's names; p are its counters as they are, since started.
func (f *Flows) plugin(id string, now, started time.Time, p runtime.PluginStats, workers int) map[string]Rates {
	m := map[string]Rates{"worker_utilization": {}, "worker_millis_per_event": {}}
	if p.Kind == "input" {
		m = map[string]Rates{"throughput": {}}
	}
	set := func(name string, from pluginSample) {
		seconds := now.Sub(from.at).Seconds()
		if seconds <= 0 {
			return
		}
		events, nanos := float64(counted(p)-from.events), float64(p.DurationNanos-from.nanos)
		if p.Kind == "input" {
			m["throughput"][name] = rounded(events / seconds)
			return
		}
		m["worker_utilization"][name] = rounded(nanos / float64(time.Second) / seconds / float64(max(workers, 1)) * 100)
		if events > 0 { // nothing can be said of no event
			m["worker_millis_per_event"][name] = rounded(nanos / float64(time.Millisecond) / events)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if h := f.plugins[id][p.ID]; h != nil {
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
	set("lifetime", pluginSample{at: started})
	return m
}

// rounded keeps what a person reads: three digits after the point, or four significant ones of a small number.
func rounded(x float64) float64 {
	if x == 0 || math.Abs(x) >= 1 {
		return math.Round(x*1000) / 1000
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}
