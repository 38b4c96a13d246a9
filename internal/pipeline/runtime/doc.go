// Package runtime runs pipelines: it builds a graph of plugins from a parsed configuration and moves
// events through it.
//
//	inputs ─▶ intake (bounded) ─▶ workers: filters ─▶ outputs ─▶ Done (acknowledgement)
//
// [New] compiles a configuration once: conditions become closures, the filter and output sections become
// two flat programs of jumps, filters and outputs. A worker takes a batch and sweeps it through the
// filter program, instruction by instruction; since jumps only lead forward, one sweep is enough, and every plugin
// is timed once per batch. The batch then goes to all its outputs at the same time. An event is Done when
// every output that it was routed to has it durably (or the dead-letter queue has), or when a filter dropped it.
//
// [Check] reports what is wrong or doubtful in a configuration, [Test] runs the filters on lines of text.
//
// What it does not hold: plugins (they come as [Tables]), the language (pipeline/config), the host's
// services ([pipeline.Env]).
//
// Invariants: an event is with one worker at a time. With ordered processing all events of one input
// go through one worker, in order. When Run returns, no goroutine of the pipeline is left, and every
// event that was taken is either Done or was never acknowledged to its source.
package runtime
