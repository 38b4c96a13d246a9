// Package config is the Logstash configuration language: text to tree, tree to text.
//
// [Parse] reads one file, [Load] reads several and joins them in name order, [Print] writes a tree back
// as text that parses to the same tree. Every node and every error carries file, line and column.
// [Substitute] puts environment values in place of ${VAR} and ${VAR:default}, everywhere but in
// regex literals. [Plugin.Config] turns a plugin node into the block that package plugin checks.
//
// What it does not hold: any plugin, any event, any evaluation. Conditions stay trees; the runtime
// compiles them.
//
// The grammar is that of Logstash 8's config language: sections of plugins and branches, values of
// six kinds, conditions. What it refuses is refused here, with a hint. In three places the clear meaning is taken where
// Logstash has a trap: an array of one item in a condition (a field's name there; a warning), a variable within a
// longer text of a condition (left as it is there), a byte order mark at the start of a file.
// testdata/*.txt lists what is accepted and refused.
//
// Invariants: a parsed tree is immutable but for Substitute, which changes only Text and never Raw.
// Any input gives a tree or an error, never a panic; nesting is bounded by maxDepth.
package config
