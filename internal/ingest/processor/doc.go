// Package processor holds what an ingest pipeline is made of: documents, paths, templates, the processors (one per file,
// listed in [Table]) and the [Pipeline] that a definition is compiled to.
//
// A definition is compiled once. What depends on it alone (paths, templates, grok expressions, date formats, scripts) is
// worked out then; a compiled pipeline is read-only but for counters and caches, and runs over any number of documents at
// once. A [Document] belongs to one goroutine.
//
// The tree of a document's values is that of package event, and expressions, dates, user agents and addresses are taken apart
// by the packages that the filters of Logstash's pipelines use. What differs is the language around them: paths with points
// rather than brackets, Mustache rather than %{…}, and Elasticsearch's messages, which programs match on.
//
// Limits (limits.go) bound what one document may cost: processors run, bytes written, pipelines nested.
//
// What it does not hold: which pipeline a document passes, and storing definitions (package ingest).
package processor
