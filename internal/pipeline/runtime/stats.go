package runtime

import (
	"sync/atomic"
	"time"
)

// Counters count one plugin's work. They are safe for concurrent use.
type Counters struct {
	Kind string // "input", "filter" or "output"
	Name string
	ID   string
	// Place is file:line:column of the plugin.
	Place string
	// Named says that the configuration gave the ID.
	Named bool

	in, out, nanos, deadLetters atomic.Int64
	troubles                    *troubles // nil for what has no logger of its own
	writes                      writes    // of an output
}

func (c *Counters) add(in, out int, took time.Duration) {
	c.in.Add(int64(in))
	c.out.Add(int64(out))
	c.nanos.Add(int64(took))
}

// PluginStats is a snapshot of one plugin's counters.
type PluginStats struct {
	Kind, Name, ID, Place string
	In, Out               int64
	// DurationNanos is the time spent in the plugin, added up over workers; for an input, waiting for
	// the queue.
	DurationNanos int64
	// DeadLetters is how many events an output handed to the dead-letter queue.
	DeadLetters int64
	Trouble     Trouble
	// WritingSince is when an output began to write the oldest events that it has not got rid of; the zero time when there are none.
	WritingSince time.Time
	// Named says that the configuration gave the ID.
	Named bool
}

func (c *Counters) snapshot() PluginStats {
	s := PluginStats{Kind: c.Kind, Name: c.Name, ID: c.ID, Place: c.Place,
		In: c.in.Load(), Out: c.out.Load(), DurationNanos: c.nanos.Load(), DeadLetters: c.deadLetters.Load(), WritingSince: c.writes.oldest(), Named: c.Named}
	if c.troubles != nil {
		s.Trouble = c.troubles.snapshot()
	}
	return s
}

// Stats is a snapshot of a pipeline's counters.
type Stats struct {
	ID string
	// In is events taken from inputs, Filtered those that passed the filters, Out those that are done
	// with their outputs.
	In, Filtered, Out int64
	QueuedEvents      int
	QueueCapacity     int
	Workers           int
	BatchSize         int
	Plugins           []PluginStats // inputs, filters, outputs in the order written
}

// Stats returns the counters as they are now.
func (p *Pipeline) Stats() Stats {
	s := Stats{ID: p.id, In: p.in.Load(), Filtered: p.filtered.Load(), Out: p.out.Load(),
		Workers: p.workers, BatchSize: p.batchSize}
	for _, q := range p.queues {
		s.QueuedEvents += q.Len()
		s.QueueCapacity += p.capacity
	}
	for _, c := range p.counters {
		s.Plugins = append(s.Plugins, c.snapshot())
	}
	return s
}
