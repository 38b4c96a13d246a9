// Package analysis splits text into tokens, as the analyzers of a mapping say.
//
// It holds the analyzers, one per file, and the table that mappings look them up in by name. It knows no
// fields, no queries and no indexes. An analyzer works on bytes and allocates nothing per token.
//
// An analyzer's version stands in text indexes, as part of each token's hash: it changes with
// every change of the tokens, so that an index built by an older one is not asked wrong questions.
//
// Callers: package segment, which builds text indexes, and package exec, which splits query text and
// verifies hits.
package analysis
