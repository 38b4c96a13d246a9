package exec

import (
	"strings"

	"elkhorn/internal/es/lucene"
	"elkhorn/internal/es/query"
)

// compileSimpleQueryString turns the syntax that never fails into clauses and compiles those.
func compileSimpleQueryString(c *compiler, q *query.SimpleQueryString) (node, error) {
	if q.AnalyzeWildcard {
		c.fields.warn("[analyze_wildcard] has no effect: words with wildcards are compared with tokens as they are")
	}
	use := *q
	use.Lenient = q.Lenient || len(q.Fields) == 0
	fields, err := c.searchFields(q.Fields)
	if err != nil {
		return nil, err
	}
	if len(fields) == 0 {
		return noneNode{}, nil
	}
	tree, err := lucene.Simple(&use, fields, c.expand)
	if err != nil {
		return nil, err
	}
	query.Walk(tree, func(q query.Query) bool {
		if prefix, ok := q.(*query.Prefix); ok && c.lowerCases(prefix.Field) {
			prefix.Value = strings.ToLower(prefix.Value)
		}
		return true
	})
	return c.compileParsed(tree)
}
