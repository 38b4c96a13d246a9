package gcpace

import (
	"runtime"
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
	f(100*time.Millisecond, 0, basePercent)
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
