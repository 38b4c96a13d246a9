// Package datefmt reads and writes dates by pattern, without garbage per call.
//
// It holds the two pattern languages that log pipelines use, compiled once into a [Format]:
//
//   - Joda-Time ([Compile]): Logstash's date filter and %{+YYYY.MM.dd} references. Y is the year of era, numbers are
//     read leniently (MM takes one or two digits), month and day names in any case, short or long.
//   - java.time ([CompileJava]): Elasticsearch mapping formats and %{{...}} references. Y is the week-based year, numbers
//     have the width the pattern says, u is the proleptic year, [ ] encloses an optional section.
//
// Beside them stand hand-written readers for what needs no pattern: ISO 8601 ([ParseISO8601]), seconds and milliseconds
// since 1970 ([ParseUnix], [ParseUnixMillis]) and TAI64N labels ([ParseTAI64N]).
//
// Invariants: every result is in UTC, whatever zone the text named; a Format is immutable and safe for any number of
// goroutines; no input makes a function panic; texts longer than [maxTextBytes] are refused. Names of months and days
// are English unless [CompileLocale] is told another language; half-days are always AM and PM. Leap seconds (:60) are read as the first instant of the next minute.
//
// It does not hold date math, nor Elasticsearch's names for formats (strict_date_optional_time): es/mapping and es/query
// build those from the pieces here. Callers: the date filter, sprintf references, the shipper's timestamp processor,
// mappings and the range query. It imports the standard library only.
package datefmt
