package monitor

import (
	"fmt"
	"testing"
	"time"
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
