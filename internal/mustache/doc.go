// Package mustache compiles and renders Mustache templates as Elasticsearch has them: in ingest processors, and in the templates of
// searches.
//
// Covered are {{name}} escaped for a media type, {{{name}}} and {{&name}} as it is, {{#name}}…{{/name}} and {{^name}}…{{/name}},
// {{#toJson}}name{{/toJson}}, {{#join}}name{{/join}} (also with delimiter='…'), {{#url}}…{{/url}}, {{! comments}} and
// {{=<% %>=}} for other delimiters. Names have parts with dots: members, places in lists, and "size" of a list. Partials are refused
// by name.
//
// Invariants: a [Template] is immutable and safe for concurrent use. Sections are nested at most 50 deep, and what a rendering writes
// and goes through is accounted for by its [Scope], which may end it.
//
// Callers: ingest/processor and api.
package mustache
