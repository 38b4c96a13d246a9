// Package reference makes docs/compatibility.md out of the tables that the program itself works by: routes, clauses,
// aggregations, field types. What the page says cannot differ from what the program does.
package reference
