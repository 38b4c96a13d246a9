package monitor

import (
	"fmt"
	"testing"
	"time"

	"elkhorn/internal/pipeline/runtime"
)

// TestFlows: rates are those of each window, and a window comes when the history covers it.
func TestFlows(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f := &Flows{}
	var c Counts
	at := start
	run := func(d time.Duration, perSecond float64) {
		for end := at.Add(d); at.Before(end); {
			at = at.Add(SampleInterval)
			c.Add(Counts{In: perSecond * 5, WorkSeconds: 5})
			f.Note("a", at, c)
		}
	}
	run(30*time.Second, 10)
	m := f.metrics("a", at, start, c, 2)
	if got := fmt.Sprint(m.Input); got != "map[current:10 lifetime:10]" {
		t.Errorf("after half a minute: %s", got)
	}
	run(10*time.Minute, 10)
	run(time.Minute, 40)
	m = f.metrics("a", at, start, c, 2)
	if got := fmt.Sprint(m.Input); got != "map[current:40 last_1_minute:40 last_5_minutes:16 lifetime:12.609]" {
		t.Errorf("after eleven minutes: %s", got)
	}
	if m.Concurrency["last_1_minute"] != 1 || m.Utilization["last_1_minute"] != 50 {
		t.Errorf("workers: %v, %v", m.Concurrency, m.Utilization)
	}
	run(25*time.Hour, 1)
	m = f.metrics("a", at, start, c, 0)
	if m.Input["last_24_hours"] != 1 || m.Input["last_1_hour"] != 1 || m.Utilization != nil || len(f.pipelines["a"].fine) > fineSamples || len(f.pipelines["a"].coarse) > coarseSamples {
		t.Errorf("after a day: %v, %d and %d samples", m.Input, len(f.pipelines["a"].fine), len(f.pipelines["a"].coarse))
	}
	f.Note("a", at.Add(SampleInterval), Counts{In: 1}) // it runs anew
	if got := len(f.pipelines["a"].fine); got != 1 {
		t.Errorf("%d samples of a run that has just begun", got)
	}
}

// TestQueueFlows: a persisted queue's growth may be negative; one in memory has none.
func TestQueueFlows(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f := &Flows{}
	at := start
	for n := range 13 {
		f.Note("a", at, Counts{Persisted: true, QueuedEvents: 600 - float64(n)*50, QueuedBytes: 6000 - float64(n)*500})
		at = at.Add(SampleInterval)
	}
	m := f.metrics("a", at, start, Counts{Persisted: true}, 1)
	if m.QueueEvents["last_1_minute"] != -9.167 || m.QueueBytes["last_1_minute"] != -91.667 || m.QueueEvents["lifetime"] != 0 {
		t.Errorf("growth: %v, %v", m.QueueEvents, m.QueueBytes)
	}
	if m := f.metrics("a", at, start, Counts{}, 1); m.QueueEvents != nil || m.QueueBytes != nil {
		t.Errorf("a queue in memory grows: %v", m)
	}
}

// TestPluginFlows: an input's rate is what it brings in, others' are the share of the workers' time and the time of an event.
func TestPluginFlows(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f := &Flows{}
	in, grok := runtime.PluginStats{Kind: "input", ID: "in"}, runtime.PluginStats{Kind: "filter", ID: "grok"}
	at := start
	run := func(d time.Duration, perSecond int64, busy time.Duration) {
		for end := at.Add(d); at.Before(end); {
			at = at.Add(SampleInterval)
			in.Out += perSecond * 5
			grok.In += perSecond * 5
			grok.DurationNanos += int64(busy) * 5
			f.NotePlugins("main", at, []runtime.PluginStats{in, grok})
		}
	}
	run(10*time.Minute, 100, 500*time.Millisecond)
	run(2*time.Minute, 10, 100*time.Millisecond)
	// A window is as long as the samples make it: of five minutes and 5 s, 185 s were busy.
	if got, want := fmt.Sprint(f.plugin("main", at, start, in, 2)), "map[throughput:map[current:10 last_1_minute:10 last_5_minutes:64.59 lifetime:85]]"; got != want {
		t.Errorf("input: %s", got)
	}
	m := f.plugin("main", at, start, grok, 2)
	if u, ms := m["worker_utilization"], m["worker_millis_per_event"]; u["last_1_minute"] != 5 || u["lifetime"] != 21.667 || ms["last_1_minute"] != 10 || ms["lifetime"] != 5.098 || len(m) != 2 {
		t.Errorf("filter: %v", m)
	}
	run(2*time.Minute, 0, 0)
	if m := f.plugin("main", at, start, grok, 2); m["worker_utilization"]["last_1_minute"] != 0 {
		t.Errorf("an idle filter: %v", m)
	} else if _, told := m["worker_millis_per_event"]["last_1_minute"]; told {
		t.Errorf("no event takes a time: %v", m)
	}
	run(25*time.Hour, 1, time.Millisecond)
	h := f.plugins["main"]["grok"]
	if len(h.fine) > finePluginSamples || len(h.coarse) > coarsePluginSamples || f.plugin("main", at, start, in, 2)["throughput"]["last_24_hours"] != 1 {
		t.Errorf("after a day: %d and %d samples", len(h.fine), len(h.coarse))
	}
	f.NotePlugins("main", at, []runtime.PluginStats{grok})
	if f.plugins["main"]["in"] != nil {
		t.Error("a plugin that is gone is remembered")
	}
	if got := rounded(0.00123456); got != 0.001235 {
		t.Errorf("rounded to %v", got)
	}
}
