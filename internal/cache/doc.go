// Package cache remembers what was worked out for a text: of a user agent, of an address, of a date.
//
// A [Cache] is bounded by its number of entries, not by their size; whoever fills it bounds that. It is safe for
// concurrent use. What it returns is shared and must not be changed.
//
// Callers: the filters of pipelines and the processors of ingest pipelines that take the same texts apart again and again.
package cache
