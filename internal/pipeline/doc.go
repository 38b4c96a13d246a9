// Package pipeline holds the contracts between a pipeline's parts: [Input], [Filter], [Output],
// [Codec], and the [Env] in which plugins live.
//
// The plugins are in pipeline/input, /filter, /output and /codec, one file each; the configuration
// language in pipeline/config; the running graph, which calls these contracts, in pipeline/runtime.
//
// Delivery is at least once: an input attaches a receipt to the events it pushes; the runtime calls
// Done on an event when every output has it durably, a filter dropped it, or the dead-letter queue
// has it. An input that can repeat (a file, Beats) acknowledges its source only then.
package pipeline
