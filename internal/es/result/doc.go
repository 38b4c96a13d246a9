// Package result holds what a search gives back: hits, their sort values, and the tree of aggregation
// results. It prints them in Elasticsearch's shapes.
//
// Whoever executes a search fills these types (engine/exec from its segments); package es re-exports
// them as part of the contract. It holds no partial results: those belong to the executor that merges
// them.
//
// Invariants: a Hit's Source is exactly the bytes that were indexed unless source filtering asked for
// less; bucket order is the order to print.
package result
