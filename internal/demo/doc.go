// Package demo makes log events: believable ones for people, and uniform ones for measurements.
//
// [Workload] imitates a product that runs AI in production: a ChatGPT app whose MCP server calls
// tools, a gateway in front of language models, and a recommendation model. It is a small discrete
// event simulation: sessions of users call tools, tools call models, services now and then have an
// incident (a burst of timeouts, a slow model version, rate limits, expired keys) that shows in all
// the indices it touches. `elkhorn up --demo` stores its events.
//
// [Bench] makes the documents of the benchmark: 770 bytes each, a fixed number of distinct values a
// field, no garbage, fast enough not to disturb what is measured.
//
// Invariants: the same options give the same bytes on the same architecture (a fused multiply-add
// may round a last digit differently on another); nothing here reads the clock, the network or a
// file. Every event is one line of valid JSON. Addresses are of the blocks reserved for
// documentation, names and prompts are made up.
//
// It does not store anything: server feeds a Workload to the store, bench/ a Bench to a server.
package demo
