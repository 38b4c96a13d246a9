package exec

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// queryTable says how each clause is compiled. A clause that is not here is refused by name.
var queryTable = map[string]queryCompiler{
	"bool":                clause(compileBool),
	"boosting":            clause(compileBoosting),
	"combined_fields":     clause(compileCombinedFields),
	"constant_score":      clause(compileConstantScore),
	"dis_max":             clause(compileDisMax),
	"distance_feature":    clause(compileDistanceFeature),
	"exists":              clause(compileExists),
	"field_masking_span":  clause(compileSpan),
	"function_score":      clause(compileFunctionScore),
	"fuzzy":               clause(compileFuzzy),
	"geo_bounding_box":    clause(compileGeoBoundingBox),
	"geo_distance":        clause(compileWithinDistance),
	"geo_polygon":         clause(compileGeoShape),
	"geo_shape":           clause(compileGeoShape),
	"ids":                 clause(compileIDs),
	"intervals":           clause(compileIntervals),
	"knn":                 clause(compileKnn),
	"match":               clause(compileMatch),
	"match_all":           clause(compileMatchAll),
	"match_bool_prefix":   clause(compileMatchBoolPrefix),
	"match_none":          clause(compileMatchNone),
	"match_phrase":        clause(compileMatchPhrase),
	"match_phrase_prefix": clause(compileMatchPhrasePrefix),
	"more_like_this":      clause(compileMoreLikeThis),
	"multi_match":         clause(compileMultiMatch),
	"nested":              clause(compileNested),
	"prefix":              clause(compilePrefix),
	"query_string":        clause(compileQueryString),
	"range":               clause(compileRange),
	"regexp":              clause(compileRegexp),
	"script":              clause(compileScript),
	"script_score":        clause(compileScriptScore),
	"simple_query_string": clause(compileSimpleQueryString),
	"span_containing":     clause(compileSpan),
	"span_field_masking":  clause(compileSpan),
	"span_first":          clause(compileSpan),
	"span_multi":          clause(compileSpan),
	"span_near":           clause(compileSpan),
	"span_not":            clause(compileSpan),
	"span_or":             clause(compileSpan),
	"span_term":           clause(compileSpan),
	"span_within":         clause(compileSpan),
	"term":                clause(compileTerm),
	"terms":               clause(compileTerms),
	"terms_set":           clause(compileTermsSet),
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
