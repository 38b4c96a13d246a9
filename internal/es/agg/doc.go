// Package agg holds the tree of a search request's aggregations: one type and
// one file per kind, reading and writing Elasticsearch's JSON.
//
// Parse reads the object beside "aggs", reports what is wrong in
// Elasticsearch's words and checks what can be checked without a mapping:
// sub-aggregations stand only under buckets, orders name something that is
// there, intervals and sizes make sense. Append prints the canonical form;
// parsing that again gives an equal tree. A kind that Elasticsearch has and
// this package does not model becomes Raw: it is kept as written, and the
// embedded engine refuses it by name.
//
// Trees know no mapping and no data, are immutable once built and may be
// shared. Callers: the REST layer (parse), engine/exec (execute).
package agg
