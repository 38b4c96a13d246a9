// Package jsonval reads the JSON of requests and mappings into small ordered
// trees that lose nothing: numbers keep their literal, objects keep their
// order, every value keeps its bytes and its position for error messages.
//
// It is for bodies that describe something (queries, aggregations, mappings,
// settings), which are small. Documents go through the store's own scanner.
//
// Accepted is RFC 8259 plus // and /* */ comments, as Elasticsearch does.
// Duplicate keys, unpaired surrogates, bytes that are not UTF-8 and nesting
// beyond MaxDepth are refused.
//
// Callers: es/query, es/agg, es/mapping and the REST layer.
package jsonval
