// Package column holds the typed columns of a segment: how a block of values looks in memory, how
// it is encoded in a file, and the reader interface that hides the difference.
//
// A [Block] is the decoded form: typed slices over at most [BlockRows] rows. Query execution sees
// nothing else, whether the rows were ingested a moment ago, are sealed in memory or are on disk.
// A [Column] is one field of one segment and decodes its blocks on demand.
//
// Two concepts that only look alike:
//
//   - the doc-value view of a field, for queries, sorting and aggregations: Block;
//   - how each value was written in its document, so that _source comes back byte for byte:
//     [SourceBlock], see package segment for the formats.
//
// Every column belongs to a row space: the root documents, or a nested path, whose rows are the nested
// objects. Any column can be a list: lengths beside values, source order and duplicates
// kept.
//
// Encoded forms are drawn where they are written: blocks in blockcodec.go, written forms in
// sourcecodec.go, dictionaries in dictcodec.go, the streams they are made of in encoding_*.go. The list
// of encodings in encoding.go is closed, and a reader refuses what it does not know.
//
// The package knows no mappings, no queries and no files: encoders append to a byte slice, decoders
// read one. Bytes that come from disk never make it panic.
package column
