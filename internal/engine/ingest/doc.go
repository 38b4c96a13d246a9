// Package ingest turns JSON documents into columns: one pass over a document's bytes checks the JSON,
// finds each value's field, parses it by the field's type, notes how it was written, and appends it
// to the columns of a batch.
//
// A [Plan] is a mapping made ready for that (one per mapping version, immutable, shared). A
// [Builder] fills one batch by it and is used by one goroutine at a time. A document that does not fit
// its mapping fails alone, with Elasticsearch's error type, and leaves nothing behind; a document
// with fields the mapping does not know yet fails with [ErrUnknownFields], and [Builder.Infer] says what
// the mapping has to grow by.
//
// The package knows no locks, no logs and no versions: sequence numbers and ids are put in by the
// engine when it publishes the batch.
package ingest
