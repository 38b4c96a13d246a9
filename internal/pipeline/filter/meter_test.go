package filter

import (
	"math"
	"testing"
	"time"
)

// TestRatesDecay compares the rates with the formula of exponentially weighted averages, tick by tick.
func TestRatesDecay(t *testing.T) {
	start := time.Unix(0, 0)
	m := newMeter(start)
	now := start
	want := 0.0
	for tick := range 60 {
		n := 10 * (tick % 3)
		for range n {
			m.mark(now)
		}
		now = now.Add(rateTick)
		if tick == 0 {
			want = float64(n) / 5
		} else {
			want += (1 - math.Exp(-5.0/60)) * (float64(n)/5 - want)
		}
		if got := m.rate(0, now); math.Abs(got-want) > 1e-9 {
			t.Fatalf("tick %d: got %v, want %v", tick, got, want)
		}
	}
	if got, want := m.rate(0, now.Add(12*rateTick)), want/math.E; math.Abs(got-want) > 1e-9 {
		t.Errorf("after a minute without events: got %v, want %v", got, want)
	}
}

// TestTimerOfManyValues finds the percentiles of many values in a bounded sample.
func TestTimerOfManyValues(t *testing.T) {
	now := time.Unix(0, 0)
	timer := newTimer(now)
	const n = 100_000
	for i := range n {
		timer.update(float64((i*7919)%n), now)
	}
	if len(timer.sample.values) != sampleSize {
		t.Fatalf("%d values are kept", len(timer.sample.values))
	}
	values := timer.sample.sorted()
	for _, share := range []float64{0.05, 0.5, 0.95} {
		if got := quantile(values, share) / n; math.Abs(got-share) > 0.1 {
			t.Errorf("%v of the values lie below %v", share, got)
		}
	}
	if got, want := timer.deviation(), n/math.Sqrt(12); math.Abs(got-want) > 1 {
		t.Errorf("deviation: got %v, want %v", got, want)
	}
	later := now.Add(time.Hour)
	for range sampleSize {
		timer.update(7, later)
	}
	if got := quantile(timer.sample.sorted(), 0.5); got != 7 {
		t.Errorf("an hour later the median is still %v", got)
	}
}

func TestQuantile(t *testing.T) {
	values := []float64{1, 2, 3, 4}
	for share, want := range map[float64]float64{0: 1, 0.5: 2.5, 0.25: 1.25, 0.99: 4, 1: 4} {
		if got := quantile(values, share); got != want {
			t.Errorf("%v: got %v, want %v", share, got, want)
		}
	}
	if got := quantile(nil, 0.5); got != 0 {
		t.Errorf("of nothing: got %v", got)
	}
}
