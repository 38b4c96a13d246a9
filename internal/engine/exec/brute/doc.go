// Package brute is a store of documents that answers searches the slow and obvious way: document by document, over JSON
// decoded anew, with maps and any.
//
// It exists so that the engine can be compared with something that shares no code with it: no columns, no plans, no parsers.
// It imports nothing of this module. It has its own reading of mappings (dynamic mapping included), of values by type, of
// dates, its own analyzers, clauses, sorts and aggregations, and it decides by itself which documents are refused and which
// version an operation gives. What it does follows Elasticsearch's documentation and source, not the engine's.
//
// It knows the types, clauses and aggregations that comparisons generate and panics on any other, since a comparison that asks
// for more is wrong. Scores are not computed. Metrics of numbers are compared with a tolerance (see Equal), because sums are
// added up in another order.
//
// Only tests use it: engine/exec for single segments, engine/proof for whole histories.
package brute
