// Package ingest is ingest pipelines: a store around a store that takes documents through pipelines before they are written.
//
// [Store] has nine methods like any store and answers most of them by the store inside. Bulk finds each operation's pipelines
// (named by the operation or the request, or the default and final pipelines of its index's settings), runs them and
// passes on what is left. Apply keeps definitions in the store as objects and compiles each once; it also answers simulations
// and counters. Operations without a pipeline pass as they are: they cost a comparison of names.
//
// What a pipeline is made of is package ingest/processor.
//
// Invariants: a definition that does not compile is not stored; one stored by a later version that does not compile any
// more fails its documents rather than let them pass. A document that fails has its item's error and does not hold up others.
//
// What it does not hold: HTTP. Callers: server wraps its store in it; the REST layer, pipeline outputs and lifecycle policies
// see an es.Store.
package ingest
