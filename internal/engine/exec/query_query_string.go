package exec

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/lucene"
	"elkhorn/internal/es/query"
)

// compileQueryString turns Lucene's syntax into clauses and compiles those.
func compileQueryString(c *compiler, q *query.QueryString) (node, error) {
	if q.AnalyzeWildcard {
		c.fields.warn("[analyze_wildcard] has no effect: words with wildcards are compared with tokens as they are")
	}
	if q.Fuzzy.Distance != "" && q.Fuzzy.Distance != "AUTO" {
		return nil, eserr.Unsupported("[fuzziness] of query [query_string]")
	}
	use := *q
	if len(use.Fields) == 0 && (use.DefaultField == "" || use.DefaultField == "*") {
		for _, name := range c.fields.index.DefaultFields {
			use.Fields = append(use.Fields, query.FieldBoost{Field: name, Boost: 1})
		}
	}
	tree, err := lucene.Query(&use, c.expand)
	if err != nil {
		return nil, err
	}
	return c.compile(tree)
}

// expand returns the searchable fields that a pattern stands for.
func (c *compiler) expand(pattern string) []string {
	if c.fields.index.Mapping == nil {
		return nil
	}
	var names []string
	for _, spec := range c.fields.index.Mapping.Matching(pattern) {
		f := c.fields.field(spec.Path, spec)
		if f.searchable() == nil && f.class != classGeo {
			names = append(names, spec.Path)
		}
	}
	return names
}
