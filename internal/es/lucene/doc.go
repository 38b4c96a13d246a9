// Package lucene reads the query syntax of Lucene's classic parser, as
// query_string and the search bar take it: words, "phrases"~2, field:value,
// field:(a b), ranges [a TO b} and field:>=5, wildcards, fuzzy words~1,
// /regular expressions/, ^boosts, + - ! AND OR NOT, and \ to escape.
//
// Parse makes a syntax tree (Node) whose String form parses to an equal tree.
// Query turns a query.QueryString into clauses, given the fields its words
// stand for. Operators have the classic parser's meaning: AND and OR mark the
// clauses beside them as wanted or optional and have no precedence, so
// "a AND b OR c" wants a and b.
//
// Some things are read more kindly than by Lucene, which refuses them: a slash
// that does not enclose a regular expression is part of its word, so
// path:/api/v1 is a path; temp:-5 is a negative number; what is compared may
// hold colons (t:>=2026-01-01T10:00:00Z) and stand apart (t:> 5); a word may
// hold exclamation marks; a field's name may hold wildcards without a backslash;
// \u that no four hexadecimal digits follow is the letter.
//
// The web interface reads the language itself, to underline mistakes while they
// are typed (ui/src/lib/lucene); one golden file binds both (shared_test.go).
//
// Errors are *eserr.Error of type query_shard_exception, caused by a
// parse_exception with line and column. Nothing here knows a mapping.
//
// Callers: engine/exec for query_string, the terminal's search and tail.
package lucene
