// Package es is the waist between storage and everyone who uses it: the Elasticsearch contract for
// documents, searches and indices as Go types, and the small roles that make up a [Store].
//
// Package engine implements it on this machine. Nothing in it presumes that: a store may as well be a
// cluster elsewhere, or wrap another store. REST handlers, the console, pipeline outputs and lifecycle
// policies ask for the least role they need.
//
// What passes through it and how (docs/decisions/0002-the-waist.md): a huge result is read page by page with
// SearchAfter over a snapshot; a scroll and a point in time are both a snapshot; a subscription is a
// search that waits (SearchRequest.WaitFor) for sequence numbers beyond its cursor; field
// capabilities are computed from the mappings that Indices returns; a clause that this program does
// not model stays in the tree as raw JSON, which a store over a cluster can print onward and the
// embedded one refuses by name.
//
// The trees are in es/query, es/agg and es/mapping, the results in es/result, the errors in
// es/eserr; this package re-exports what callers name most. It contains no HTTP and no storage.
package es
