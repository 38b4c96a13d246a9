package exec

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// queryTable says how each clause is compiled. A clause that is not here is refused by name.
var queryTable = map[string]queryCompiler{
	"bool":                clause(compileBool),
	"constant_score":      clause(compileConstantScore),
	"dis_max":             clause(compileDisMax),
	"exists":              clause(compileExists),
	"fuzzy":               clause(compileFuzzy),
	"ids":                 clause(compileIDs),
	"match":               clause(compileMatch),
	"match_bool_prefix":   clause(compileMatchBoolPrefix),
	"match_phrase":        clause(compileMatchPhrase),
	"match_phrase_prefix": clause(compileMatchPhrasePrefix),
	"multi_match":         clause(compileMultiMatch),
	"match_all":           clause(compileMatchAll),
	"match_none":          clause(compileMatchNone),
	"nested":              clause(compileNested),
	"prefix":              clause(compilePrefix),
	"query_string":        clause(compileQueryString),
	"range":               clause(compileRange),
	"regexp":              clause(compileRegexp),
	"script":              clause(compileScript),
	"simple_query_string": clause(compileSimpleQueryString),
	"term":                clause(compileTerm),
	"terms":               clause(compileTerms),
	"wildcard":            clause(compileWildcard),
}

// clause adapts a compiler of one concrete type of clause.
func clause[Q query.Query](compile func(c *compiler, q Q) (node, error)) queryCompiler {
	return func(c *compiler, q query.Query) (node, error) {
		one, ok := q.(Q)
		if !ok { // kept as raw JSON: a form that is not modelled
			return nil, eserr.Unsupported("this form of query [" + q.Kind() + "]")
		}
		return compile(c, one)
	}
}
