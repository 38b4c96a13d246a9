// Package filter holds the pipeline's filters, one plugin per file: what changes an event between input and output.
//
// [Table] lists them. A filter is made from a checked block of the configuration; everything that depends on the
// configuration alone (paths, templates, expressions, databases) is worked out then. Afterwards a filter is read-only but
// for caches, and serves all workers at once.
//
// Names, options, defaults and field layouts are Logstash 8's, with ecs_compatibility disabled unless a block asks for it;
// each file says where it differs. The common options (add_field, add_tag, remove_field, remove_tag) are the runtime's business: a filter only
// reports whether it succeeded.
//
// What it does not hold: the configuration language, conditions, the order of filters (pipeline/config and
// pipeline/runtime), and the languages that filters use (package pattern, package datefmt).
//
// Examples in testdata/<plugin>/*.txt are configuration and events in, events out; the tests run them.
package filter
