package filter

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// rateMinutes are the windows of the rates.
var rateMinutes = [3]int64{1, 5, 15}

// rateTick is how often rates are brought forward; a rate is 0 until the first.
const rateTick = 5 * time.Second

// decay is how much of a rate is replaced at each tick, so that what is as old as the window counts 1/e.
var decay = func() (d [len(rateMinutes)]float64) {
	for i, minutes := range rateMinutes {
		d[i] = 1 - math.Exp(-rateTick.Seconds()/60/float64(minutes))
	}
	return d
}()

// meter counts events and how many there are a second, as exponentially weighted moving averages.
type meter struct {
	count     int64
	uncounted int64 // since the last tick
	rates     [len(rateMinutes)]float64
	ticked    time.Time
	started   bool
}

func newMeter(now time.Time) *meter { return &meter{ticked: now} }

// tick brings the rates forward to now.
func (m *meter) tick(now time.Time) {
	ticks := int64(now.Sub(m.ticked) / rateTick)
	if ticks <= 0 {
		return
	}
	m.ticked = m.ticked.Add(time.Duration(ticks) * rateTick)
	latest := float64(m.uncounted) / rateTick.Seconds()
	m.uncounted = 0
	for i := range m.rates {
		if m.started {
			m.rates[i] += decay[i] * (latest - m.rates[i])
		} else {
			m.rates[i] = latest
		}
		m.rates[i] *= math.Pow(1-decay[i], float64(ticks-1)) // ticks in which nothing came
	}
	m.started = true
}

func (m *meter) mark(now time.Time) {
	m.tick(now)
	m.count++
	m.uncounted++
}

// rate is the number of events a second over window i of rateMinutes.
func (m *meter) rate(i int, now time.Time) float64 {
	m.tick(now)
	return m.rates[i]
}

// timer is a meter of events that have a value.
type timer struct {
	meter
	min, max, mean float64
	squares        float64 // sum of squared distances from the mean (Welford)
	sample         *sample
}

func newTimer(now time.Time) *timer {
	return &timer{meter: meter{ticked: now}, sample: &sample{start: now}}
}

// update takes a value in; negative ones are not counted.
func (t *timer) update(value float64, now time.Time) {
	if value < 0 {
		return
	}
	t.mark(now)
	if t.count == 1 {
		t.min, t.max = value, value
	}
	t.min, t.max = min(t.min, value), max(t.max, value)
	before := t.mean
	t.mean += (value - before) / float64(t.count)
	t.squares += (value - before) * (value - t.mean)
	t.sample.add(value, now)
}

// deviation is the standard deviation of the values.
func (t *timer) deviation() float64 {
	if t.count < 2 {
		return 0
	}
	return math.Sqrt(t.squares / float64(t.count-1))
}

const (
	// sampleSize is how many values are kept: enough for percentiles within 3 % of the truth at 99.9 % confidence.
	sampleSize = 1028
	// sampleAlpha is how fast values lose weight, per second: after five minutes, one counts for a ninetieth of a new one.
	sampleAlpha = 0.015
)

// sample is a random sample in which newer values are likelier (Cormode and others, "Forward Decay", 2009): each gets a
// priority, weight over a random number, and the highest stay. Priorities are kept as logarithms, which do not overflow.
type sample struct {
	start  time.Time
	values sampleHeap
}

type sampledValue struct{ priority, value float64 }

func (s *sample) add(value float64, now time.Time) {
	v := sampledValue{sampleAlpha*now.Sub(s.start).Seconds() - math.Log(1-rand.Float64()), value}
	switch {
	case len(s.values) < sampleSize:
		heap.Push(&s.values, v)
	case v.priority > s.values[0].priority:
		s.values[0] = v
		heap.Fix(&s.values, 0)
	}
}

func (s *sample) sorted() []float64 {
	values := make([]float64, len(s.values))
	for i, v := range s.values {
		values[i] = v.value
	}
	slices.Sort(values)
	return values
}

// quantile is the value below which a share of sorted values lies, between two where it falls between them.
func quantile(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	place := share * float64(len(sorted)+1)
	switch {
	case place < 1:
		return sorted[0]
	case place >= float64(len(sorted)):
		return sorted[len(sorted)-1]
	}
	below := sorted[int(place)-1]
	return below + (place-math.Floor(place))*(sorted[int(place)]-below)
}

// sampleHeap has the lowest priority first.
type sampleHeap []sampledValue

func (h sampleHeap) Len() int           { return len(h) }
func (h sampleHeap) Less(i, j int) bool { return h[i].priority < h[j].priority }
func (h sampleHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push adds a value.
func (h *sampleHeap) Push(v any) { *h = append(*h, v.(sampledValue)) }

// Pop takes the last one out.
func (h *sampleHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
