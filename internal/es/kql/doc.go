// Package kql reads the Kibana Query Language, as the search bar and the
// terminal take it:
//
//	level: ERROR and not service_name: "web"     words, phrases, and or not
//	level: (ERROR or CRITICAL)                   values in a group
//	latency_ms > 1000 and @timestamp >= now-1h   < <= > >=
//	tool: get_*  trace_id: *  http.*: 500        wildcards in values and names
//	items: { name: a and price > 5 }             one nested object
//	timeout                                      any field
//
// Parse makes a syntax tree whose String form parses to an equal one; Query
// makes clauses of the query DSL. A form of Lucene's that is a likely slip,
// latency_ms:>1000, is read as meant and reported as a Hint.
//
// Errors are *eserr.Error of type parsing_exception with line and column, and
// say what could stand there. Nothing here knows a mapping, except that the
// caller may say which fields a pattern stands for.
//
// Callers: the terminal commands that take KQL (cmd/elkhorn).
package kql
