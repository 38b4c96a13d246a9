// Package result holds what a search gives back: hits, their sort values, and the tree of aggregation
// results. It prints them in Elasticsearch's shapes.
//
// Executors of every store fill these types (the embedded engine from its segments, a remote store
// from the cluster's answer); package es re-exports them as part of the contract. It holds no
// partial results: those belong to the executor that merges them.
//
// Invariants: a Hit's Source is exactly the bytes that were indexed unless source filtering asked for
// less; bucket order is the order to print.
package result
