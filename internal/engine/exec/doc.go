// Package exec runs query and aggregation trees over segments.
//
// [Search] takes the searchable state of some indices ([Index]) and a [Request] and fills the types of
// es/result. A search goes through four stages:
//
//	compile   tree + mapping of one index  → node       (query_*.go, agg_*.go; types agree inside an index only)
//	bind      node + segment               → matcher    (columns, dictionaries, text index looked up once)
//	scan      matcher + block              → selection  (a bitmap of the block's rows; bounds prune first)
//	collect   selection                    → best hits and aggregation state of one worker and index
//
// and the workers' states are merged, reduced and printed at the end. Work is handed out as runs of
// blocks, newest first, to as many goroutines as there are processors.
//
// Invariants:
//
//   - Loops over rows run over typed slices of a column.Block. There is no interface call and no
//     allocation per row; what a query means is decided when it is bound to a segment.
//   - A matcher says what it knows of a block before a value is decoded ([bound]): no row, all rows, or
//     the granules that may match, exactly or to be verified. Better indexes only tighten bounds.
//   - Aggregations keep state in arrays by bucket ordinal; a sub-aggregation gets (row, bucket) pairs.
//     Nothing is kept per document.
//   - Hash tables and partial results reserve their bytes from the request's [Budget] before they grow.
//   - The context is looked at before every block.
//
// The package does not parse requests (es/query, es/agg), resolve index names, hold snapshots or know
// files. The engine calls it with segments that it keeps referenced until Search has returned. Package
// exec/brute is its slow twin for tests.
package exec
