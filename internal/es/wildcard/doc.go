// Package wildcard matches names against patterns in which * stands for any text: names of indices, fields, settings, tasks and
// the like, everywhere that Elasticsearch takes such patterns. Clauses of a search have patterns of their own, with ? and
// escapes, in engine/exec.
package wildcard
