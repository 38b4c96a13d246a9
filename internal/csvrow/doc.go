// Package csvrow reads rows of separated values as Ruby's CSV library does, on which Logstash's plugins are built: a quote may stand
// only around a whole value, what is between two separators is nothing, what is between two quotes an empty text.
//
// Callers: the csv codec, the csv filter, and the translate filter's dictionaries. The ingest processor csv has other rules.
package csvrow
