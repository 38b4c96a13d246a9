// Package useragent takes a User-Agent header apart into program, operating system and device.
//
// [Parse] knows the common browsers, HTTP clients, crawlers (those of search engines and of AI companies), systems and
// phones by rules of its own; names are those of the ua-parser project, which Logstash and Elasticsearch use. Laying the
// result out in an event is its callers' business.
//
// Callers: the useragent filter of pipelines and the user_agent processor of ingest pipelines.
package useragent
