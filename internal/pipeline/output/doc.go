// Package output holds the pipeline's outputs, one plugin per file: where events go.
//
// [Table] lists them. An output's Write returns when its events are durable at the destination, or in the
// dead-letter queue when the destination refuses them for good; what can be retried is retried until the
// pipeline stops. Events are shared with other outputs and only read.
//
// What it does not hold: batching, routing and acknowledgement (pipeline/runtime).
package output
