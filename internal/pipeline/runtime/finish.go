package runtime

import (
	"sync"
	"time"
)

const (
	// keptTimeout is how long events in flight may take that are kept elsewhere: long enough for a store that works, short enough not to hold
	// up a stop, or a reload that repairs an output.
	keptTimeout = 3 * time.Second
	// drainReport is how often the log tells how far a queue is that is emptied before the end.
	drainReport = 30 * time.Second
)

// finish gives the workers of a pipeline that stops the time that their events deserve, until the function that it returns is called.
//
// Events that a queue on disk or a successor keeps: what is being sent is sent to its end, and no output waits to try again what does not
// work. With drain a queue on disk is emptied, as long as it takes. Events that nobody keeps have the drain timeout.
func (p *Pipeline) finish(drain bool, patience chan struct{}, stopWork func()) (finished func()) {
	successor, onDisk := p.handOver.asked.Load(), p.openQueue != nil
	switch {
	case successor, onDisk && !drain:
		close(patience)
		timer := time.AfterFunc(min(p.drain, keptTimeout), stopWork)
		return func() { timer.Stop() }
	case onDisk && p.emptied:
		return p.reportDrain()
	}
	timer := time.AfterFunc(p.drain, func() {
		p.env.Logger.Warn("giving up events in flight; their sources will send them again", "pipeline", p.id, "after", p.drain.String())
		stopWork()
	})
	return func() { timer.Stop() }
}

// reportDrain tells what is left of the queue, until the function that it returns is called.
func (p *Pipeline) reportDrain() (done func()) {
	p.env.Logger.Info("the queue is emptied before the pipeline ends, as queue.drain says", "pipeline", p.id, "events", p.Stats().QueuedEvents)
	stopped := make(chan struct{})
	var reporting sync.WaitGroup
	reporting.Go(func() {
		ticker := time.NewTicker(drainReport)
		defer ticker.Stop()
		for {
			select {
			case <-stopped:
				return
			case <-ticker.C:
			}
			p.env.Logger.Warn("the queue is not empty yet; a second signal ends the process, and what is left comes with its next start", "pipeline", p.id,
				"events", p.Stats().QueuedEvents)
		}
	})
	return func() {
		close(stopped)
		reporting.Wait()
	}
}
