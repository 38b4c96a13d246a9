// Package input holds the pipeline's inputs, one plugin per file: where events come from.
//
// [Table] lists them. An input reads bytes, has its codec make events of them, and pushes these to its
// sink, which waits while the pipeline is full. Inputs whose source can repeat (file, beats, http) attach a receipt to
// what they push and acknowledge when it is done; tcp and stdin have no way to.
//
// What it does not hold: the common options type, tags and add_field (pipeline/runtime), and codecs.
//
// Invariants: no line, body or number of connections is unbounded; Run returns soon after ctx ends and leaves no
// goroutine behind, but for stdin's, whose read nothing can call back.
package input
