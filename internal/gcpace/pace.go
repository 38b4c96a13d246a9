package gcpace

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// basePercent is the growth between collections. It costs about 5 % of the CPU of ingest.
	basePercent = 50
	// busyHeadroomBytes is the least growth while collections are frequent. With 64 MB the printed pipelines spend less
	// than a tenth of their time on collections; 16 MB makes that a fifth, and more than 64 MB hardly less.
	busyHeadroomBytes = 64 << 20
	// leastHeapBytes is what the runtime takes a percentage of at least, however little is live.
	leastHeapBytes = 4 << 20
	// busyBelow and calmAbove are the time between two collections that turns the headroom on and off.
	busyBelow = 250 * time.Millisecond
	calmAbove = 5 * time.Second
)

// Start sets the pace of collections for this process. GOGC, when it is set, is left alone.
func Start() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(basePercent)
	p := &pace{last: time.Now(), percent: basePercent}
	p.arm()
}

// pace is told of each collection.
type pace struct {
	last    time.Time
	busy    bool
	percent int
}

// mark is garbage whose finalizer runs after the next collection.
type mark struct{ pace *pace }

func (p *pace) arm() { runtime.SetFinalizer(&mark{p}, func(m *mark) { m.pace.collected() }) }

// collected runs after a collection, in the goroutine of finalizers: one at a time.
func (p *pace) collected() {
	now := time.Now()
	if percent := p.next(now.Sub(p.last), liveBytes()); percent != p.percent {
		p.percent = percent
		debug.SetGCPercent(percent)
	}
	p.last = now
	p.arm()
}

// next is the growth in percent that suits the time since the last collection and the memory that it left.
func (p *pace) next(since time.Duration, live uint64) int {
	switch {
	case since < busyBelow:
		p.busy = true
	case since > calmAbove:
		p.busy = false
	}
	if !p.busy {
		return basePercent
	}
	const step = 25 // small changes are not worth stopping the world for
	return max(basePercent, int(busyHeadroomBytes*100/max(live, leastHeapBytes))/step*step)
}

func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
