package gcpace

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestNext(t *testing.T) {
	p := &pace{}
	f := func(since time.Duration, liveMB uint64, want int) {
		t.Helper()
		if got := p.next(since, liveMB<<20); got != want {
			t.Errorf("%s after a collection that left %d MB: %d %%, want %d", since, liveMB, got, want)
		}
	}
	f(time.Second, 10, basePercent)
	f(100*time.Millisecond, 10, 625) // 64 MB on top of 10, in steps
	f(time.Second, 10, 625)          // busy until it is calm
	f(100*time.Millisecond, 200, basePercent)
	f(100*time.Millisecond, 64, 100)
	f(100*time.Millisecond, 0, 1600) // 64 MB on top of the 4 that the runtime takes for granted
	f(100*time.Millisecond, 1, 1600)
	f(10*time.Second, 10, basePercent)
	f(time.Second, 10, basePercent)
}

// TestCollected goes through a collection as the runtime would.
func TestCollected(t *testing.T) {
	p := &pace{last: time.Now(), percent: basePercent}
	runtime.GC()
	p.collected()
	if live := liveBytes(); p.percent < basePercent || live == 0 {
		t.Errorf("after a collection: %d %%, %d bytes live", p.percent, live)
	}
	p.busy, p.last = false, time.Now().Add(-time.Hour)
	p.collected()
	if p.percent != basePercent {
		t.Errorf("calm again: %d %%", p.percent)
	}
}

// TestHeadroom looks at the goal that the runtime makes of the percentage while little is live.
func TestHeadroom(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(basePercent))
	p := &pace{last: time.Now(), percent: basePercent}
	runtime.GC()
	p.collected()
	goal := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
	metrics.Read(goal)
	if most := uint64(busyHeadroomBytes + busyHeadroomBytes/2); p.percent == basePercent || goal[0].Value.Uint64() > most {
		t.Errorf("the heap may grow to %d bytes at %d %%, more than %d", goal[0].Value.Uint64(), p.percent, most)
	}
}
