// Package content works on what applications write into logs: it takes secrets out, keeps a share, checks schemas, bounds
// cardinality and size, and reads what language models report.
//
// Each [Kind] is one such work, with its options. Pipelines have it as a filter of its name, ingest pipelines as a processor of its
// name; both hand it a [Record], whose Root is the tree of fields. [Kinds] lists them.
//
// Fields are named as in a pipeline ([a][b]) or with dots (a.b); a name finds both a nested field and a flat one that has dots
// in its name, since exporters write attributes either way.
//
// What it does not hold: events and documents themselves, conditions, files (Env.ReadFile).
//
// Invariants: a Worker serves all workers of a pipeline at once; what it remembers is bounded by its options; hostile input
// (megabytes of text, deep trees, endless different values) costs time in proportion to its size and no more memory than that.
package content
