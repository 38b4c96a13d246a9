package runtime

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// program is a compiled filter or output section. Jumps lead forward only.
type program []instruction

type instruction struct {
	op      opcode
	target  int            // of a jump
	cond    condition      // of jumpUnless
	written *conditionText // of jumpUnless
	filter  *filterNode
	output  int // index into the pipeline's outputs
}

// conditionText is a condition as it was written, for those who are told of it.
type conditionText struct {
	text   string
	pos    plugin.Pos
	elseAt plugin.Pos // of the else that follows; zero without one
}

type opcode uint8

const (
	opFilter opcode = iota
	opOutput
	opJump
	opJumpUnless
)

// filterNode is a filter with its common options and counters.
type filterNode struct {
	filter   pipeline.Filter
	after    *decoration // nil when there is nothing to do
	counters *Counters
	pos      plugin.Pos
	logger   *slog.Logger
	panicked atomic.Int64 // when the log was last told of a panic, in nanoseconds since 1970
}

// panicTag marks an event on which a filter panicked, and panicInterval is how often the log hears of that.
const (
	panicTag      = "_filterpanic"
	panicInterval = time.Minute
)

// run is the filter's work on one event. A panic is a fault of this program: the event keeps what the filter had done to it, is
// tagged and goes on, so that it stops neither those beside it nor, out of a persisted queue, every start that follows.
func (n *filterNode) run(ev *event.Event, emit func(*event.Event)) (outcome pipeline.Outcome) {
	defer func() {
		if fault := recover(); fault != nil {
			n.tellPanic(fault)
			ev.Tag(panicTag)
			outcome = pipeline.Unmatched
		}
	}()
	return n.filter.Filter(ev, emit)
}

func (n *filterNode) tellPanic(fault any) {
	if n.logger == nil {
		return
	}
	now, last := time.Now().UnixNano(), n.panicked.Load()
	if last != 0 && now-last < int64(panicInterval) || !n.panicked.CompareAndSwap(last, now) {
		return
	}
	n.logger.Error("a filter panicked; its events go on with the tag "+panicTag+". This is a fault of this program: please report it with the lines below",
		"filter", n.counters.ID, "at", n.pos.String(), "error", fmt.Sprint(fault), "stack", string(debug.Stack()))
}

// cursor is an event on its way through a program: at is the next instruction for it.
type cursor struct {
	ev *event.Event
	at int
}

// sweep runs a batch through the program and calls route for every output reached. It returns the batch
// with the events that filters emitted; events that were dropped are in it and cancelled.
func (p program) sweep(batch []cursor, route func(output int, ev *event.Event)) []cursor {
	for at := range p {
		in := &p[at]
		switch in.op {
		case opFilter:
			batch = in.filter.sweep(batch, at)
		case opOutput:
			for i := range batch {
				if batch[i].at == at {
					route(in.output, batch[i].ev)
					batch[i].at++
				}
			}
		case opJump:
			for i := range batch {
				if batch[i].at == at {
					batch[i].at = in.target
				}
			}
		case opJumpUnless:
			for i := range batch {
				if batch[i].at != at {
					continue
				}
				if in.cond(batch[i].ev) {
					batch[i].at++
				} else {
					batch[i].at = in.target
				}
			}
		}
	}
	return batch
}

// ended is past every program's end.
const ended = 1 << 30

// sweep runs the filter on the events of a batch that are at its instruction. Events that it emits stand
// behind the event they come from and go on with the next instruction.
func (n *filterNode) sweep(batch []cursor, at int) []cursor {
	start := time.Now()
	in, out := 0, 0
	var grown []cursor // the batch anew, once a filter has emitted something
	var emitted []*event.Event
	emit := func(ev *event.Event) { emitted = append(emitted, ev) }
	for i := range batch {
		c := batch[i]
		if c.at == at {
			in++
			times, timesEmitted := n.run(c.ev, emit).Times()
			c.at = n.finish(c.ev, times, at)
			if c.at != ended {
				out++
			}
			batch[i] = c
			if len(emitted) > 0 && grown == nil {
				grown = append(make([]cursor, 0, len(batch)+len(emitted)), batch[:i]...)
			}
			if grown != nil {
				grown = append(grown, c)
			}
			for _, ev := range emitted {
				grown = append(grown, cursor{ev, n.finish(ev, timesEmitted, at)})
				out++
			}
			emitted = emitted[:0]
			continue
		}
		if grown != nil {
			grown = append(grown, c)
		}
	}
	if in > 0 {
		n.counters.add(in, out, time.Since(start))
	}
	if grown != nil {
		return grown
	}
	return batch
}

// finish applies the common options as often as the filter had success, and returns where the event goes on.
func (n *filterNode) finish(ev *event.Event, times, at int) int {
	if ev.Cancelled() {
		return ended
	}
	if n.after != nil {
		for range times {
			n.after.apply(ev)
		}
	}
	return at + 1
}
