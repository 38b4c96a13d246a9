// Package ruby parses and runs the part of Ruby that people write in pipeline configurations.
//
// [Compile] turns a program into a [Program] of closures: it reads tokens, builds a tree, resolves
// local variables to slots and method names to implementations. [Program.Run] runs it on one event,
// which the host hands in as an [Event]; regular expressions come from the host too, so this package
// depends on nothing.
//
// Covered: literals (texts with interpolation, symbols, numbers, arrays, hashes, ranges, regular
// expressions, %w), local and instance variables, all operators with Ruby's precedence and its integer
// and float meaning, assignments of every form, if/unless/case/while/until and their modifiers,
// begin/rescue/retry/ensure, for, blocks, next/break/return, methods of the program's own (def) and lambdas,
// and the methods in the tables of methods_*.go.
//
// [CompileScript] compiles a file of methods, with tests, as Logstash's ruby filter takes them by its option path.
//
// Not covered, and refused by [Compile] with line and column, by name: classes and modules, blocks given to
// methods of the program's own, eval-like and console functions, here-documents, variables that only another filter sets, and
// any method name that no table has. A method that exists but not for the value at hand is a run-time
// NoMethodError, as in Ruby.
//
// Known differences from Ruby: integers have 64 bits and overflow is an error; texts are immutable, so
// text << x and text.gsub!(…) change a variable and not other names for the same text; what a lambda or method sets is gone
// when it returns, so a lambda made in a method does not keep the method's variables; an enumerator is the array
// of what it would go through; hashes of a program are
// compared and iterated as in Ruby, but object identity does not exist.
//
// Invariants: a Program is immutable and safe for concurrent use unless it uses instance variables;
// then its runs take turns. A run is bounded in steps and in memory (see limits.go). No program text and no event makes
// the package panic.
package ruby
