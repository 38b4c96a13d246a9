// Package reference makes docs/compatibility.md and docs/pipelines out of the tables that the program itself works by: routes,
// clauses, aggregations, field types, plugins with their options. What the pages say cannot differ from what the program does.
package reference
