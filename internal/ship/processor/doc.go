// Package processor holds the shipper's processors, one per file: what changes or drops an event between its input and the queue.
//
// Table lists them. Every processor takes the option when, a condition that is compiled once (condition.go). Names, options and
// semantics are those of Filebeat 8; field names are dotted paths. A processor is read-only after construction and serves all
// inputs at once.
//
// Known processors that are not built (add_docker_metadata and others) are listed in unbuilt.go: they are warned about by name and
// left out, while an unknown name is an error.
//
// Callers: ship (to check configurations) and ship/runtime.
package processor
