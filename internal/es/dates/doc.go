// Package dates holds Elasticsearch's notion of time: named and custom date
// formats, date math ("now-1h/d"), and the rounding that date_histogram and
// date math share.
//
// A Format is compiled once per field or request and reads text to an Instant;
// custom java.time patterns go through package datefmt, the named formats are
// read by hand-written code that makes no garbage. Calendar rounding follows a
// zone's own clock, so days are 23 or 25 hours long where clocks change.
//
// Invariants: nothing here reads the system clock; "now" is always given.
// Formats and Roundings are immutable and safe for concurrent use.
//
// Callers: es/mapping (field formats), es/agg, engine ingest and execution,
// index-name date math in the REST layer.
package dates
