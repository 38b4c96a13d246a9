// Package brute answers searches the slow and obvious way: document by document over decoded JSON.
//
// It exists so that engine/exec can be compared with something that shares no code with it: no
// columns, no plans, no parsers of values. It knows the clauses and aggregations that the comparison
// generates and panics on any other, since a test that asks for more is wrong. Times are RFC 3339 in
// UTC; words are runs of letters and digits.
//
// Only tests use it.
package brute
