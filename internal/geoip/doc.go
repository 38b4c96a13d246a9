// Package geoip looks addresses up in databases of MaxMind's format.
//
// A [Database] is a file, mapped into memory; a lookup gives a [Record], and [Fields] says where the kinds of databases
// (GeoIP2's nested names, flat ones such as DB-IP's) keep what. No database is shipped.
//
// Callers: the geoip filter of pipelines and the geoip processor of ingest pipelines, which lay the fields out.
package geoip
