// Package eserr holds the one error type of the search, document and index
// contract, and a constructor for each kind of failure.
//
// An Error carries what an Elasticsearch client looks at: the HTTP status, the
// type in snake case, the reason as one sentence, and the chain of causes. It
// is made where the cause is known and travels unchanged; only the REST layer
// turns it into HTTP. Package es re-exports the type.
//
// Invariants: Status is a valid HTTP status, Type is never empty, and a chain
// of causes has no cycle. An Error is not changed once it has been returned,
// except by the With methods of whoever made it.
//
// The package imports nothing of this module, so that every layer may use it.
package eserr
