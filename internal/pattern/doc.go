// Package pattern takes text apart: regular expressions with Ruby's meaning, and grok on top of them.
//
// A Logstash configuration means Ruby's regular expressions (Oniguruma's, in its Ruby syntax) wherever it has one: in
// conditions, in mutate's gsub, in grok and in the ruby filter. That dialect has look-behind, atomic groups, possessive
// repeats, ^ and $ at every line, nested and intersected character classes and repeated group names. Go's regexp package
// lacks half of them and gives others another meaning, so the package has an engine of its own:
//
//	parse.go, class.go      text to tree, and sets of characters
//	compile.go, first.go    tree to program; which bytes each step can begin with
//	heads.go, search.go     where in a text a match is tried at all
//	resolve.go              back-references, calls and conditionals find their groups
//	match.go, assert.go     the program's backtracking machine, over the bytes of a string
//	match_group.go          its steps that look at groups: back-references, calls, conditionals; the absent operator
//	regexp.go, replace.go   [Regexp], what callers use
//	grok.go, library.go     [Grok] and its named patterns
//	together.go             expressions that share a beginning
//
// What makes it fast enough for a grok per line: repeats of one character class are one step; a repeat whose class
// cannot begin what follows never gives back; a choice looks at the next byte before it takes a branch; a lazy repeat
// jumps to the literal that follows; a search looks for the literals every match needs before it tries more than one
// place. None of these changes which match is found: the tests hold the engine against two other engines and against a
// form of itself without any of it.
//
// Invariants: a compiled Regexp or Grok is immutable and safe for concurrent use; matching allocates nothing in the
// steady state; every match ends, since time and the backtrack stack are bounded ([ErrTimeout], [ErrTooComplex]). An
// expression without back-references whose loops all take something does not even need that: once a search takes long,
// failed steps are remembered, which bounds it by steps times characters.
//
// Differences from Ruby, on purpose: text that is not valid UTF-8 is matched, each broken byte as one character, where
// Ruby raises; case is folded one character to one (ß does not match ss); \X, \M- and properties that Go's tables lack
// (\p{Emoji}, blocks) are refused when compiling, by name. testdata/ruby.txt holds what Ruby itself answers.
//
// Callers: pipeline/config (conditions), the grok, mutate and ruby filters, multi-line joining, the console's grok
// debugger. It imports the standard library only and knows nothing of events.
package pattern
