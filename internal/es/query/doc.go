// Package query holds the tree of a search request's query: one exported type
// and one file per clause, reading and writing Elasticsearch's query DSL.
//
// Parse reads JSON and reports what is wrong in Elasticsearch's words; Append
// prints the canonical long form, and parsing that again gives an equal tree.
// Walk visits every clause. A clause that Elasticsearch has and this package
// does not model becomes Raw: it is kept as written,
// and the embedded engine refuses it by name. A clause nobody knows is an
// error here.
//
// A tree says what was asked, with values as written. It knows no mapping:
// turning "2026-01-01" into a date or "5" into a number is the work of whoever
// executes it. Trees are immutable once built and may be shared.
//
// Callers: the REST layer (parse), engine/exec (execute), es/kql and es/lucene
// (build).
package query
