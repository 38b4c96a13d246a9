// Package painless compiles and runs a subset of Painless, Elasticsearch's script language.
//
// [Compile] turns a script into closures for one [Context], which says what variables there are and what becomes of the
// script's value:
//
//	lexer.go, parse*.go      text to tree
//	compile*.go, cast.go     tree to closures; expressions whose types are known work on numbers, not on Values
//	value.go, collection.go  values, lists and maps
//	methods_*.go, classes*.go, functions.go   the library, in tables by name/number of arguments
//	run.go                   running, with budgets of loops, work and memory
//
// Covered is the language of statements, expressions, functions, lambdas and method references with Java's arithmetic; docs/decisions/0012-painless-subset.md
// lists what is left out. A name that no table has is refused by Compile, with its place; a method that exists but not for the value at hand is an
// exception of the run, as in Painless. Every error is a script_exception in Elasticsearch's shape.
//
// Invariants: a [Script] is immutable and safe for concurrent use, an [Env] is for one goroutine. A run is bounded in turns of loops, in what
// methods look at, in bytes and in depth. No script and no value makes the package panic: exceptions travel as panics inside it and end in Run.
//
// Callers: es/mapping, engine, engine/exec, api and ingest. JSON is turned into values and back by [FromJSON] and [AppendJSON].
package painless
