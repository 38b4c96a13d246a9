package exec

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// affordable refuses clauses that search.allow_expensive_queries forbids.
func (c *compiler) affordable(q query.Query) error {
	what := ""
	switch q := q.(type) {
	case *query.Prefix:
		what = "[prefix] queries cannot be executed when 'search.allow_expensive_queries' is set to false. For optimised prefix queries on text fields please enable [index_prefixes]."
	case *query.Fuzzy:
		what = "[fuzzy] queries cannot be executed when 'search.allow_expensive_queries' is set to false."
	case *query.Regexp:
		what = "[regexp] queries cannot be executed when 'search.allow_expensive_queries' is set to false."
	case *query.Wildcard:
		what = "[wildcard] queries cannot be executed when 'search.allow_expensive_queries' is set to false."
	case *query.Nested:
		what = "[joining] queries cannot be executed when 'search.allow_expensive_queries' is set to false."
	case *query.ScriptScore:
		what = "[script score] queries cannot be executed when 'search.allow_expensive_queries' is set to false."
	case *query.Range:
		if f := c.fields.lookup(q.Field); f != nil && (f.class == classText || f.class == classKeyword) {
			what = "[range] queries on [text] or [keyword] fields cannot be executed when 'search.allow_expensive_queries' is set to false."
		}
	}
	if what == "" {
		return nil
	}
	return eserr.New(400, "exception", "%s", what)
}
