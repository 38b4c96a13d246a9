package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
)

// aggTable says how each aggregation is compiled. One that is not here is refused by name.
var aggTable = map[string]aggCompiler{
	"adjacency_matrix": body(compileAdjacency),
	"avg":              body(compileAvg),
	"cardinality":      body(compileCardinality),
	"date_histogram":   body(compileDateHistogram),
	"date_range":       body(compileDateRangeAgg),
	"extended_stats":   body(compileExtendedStats),
	"filter":           body(compileFilterAgg),
	"filters":          body(compileFiltersAgg),
	"global":           body(compileGlobal),
	"histogram":        body(compileHistogram),
	"ip_prefix":        body(compileIPPrefix),
	"ip_range":         body(compileIPRange),
	"max":              body(compileMax),
	"min":              body(compileMin),
	"missing":          body(compileMissingAgg),
	"nested":           compileNestedAgg,
	"percentile_ranks": body(compilePercentileRanks),
	"percentiles":      body(compilePercentiles),
	"range":            body(compileRangeAgg),
	"rare_terms":       compileRareTerms,
	"reverse_nested":   compileReverseNested,
	"stats":            body(compileStats),
	"sum":              body(compileSum),
	"terms":            compileTermsAgg,
	"top_hits":         body(compileTopHits),
	"value_count":      body(compileValueCount),
}

// body adapts a compiler of one concrete type of aggregation.
func body[B agg.Body](compile func(c *compiler, b B, subs []*aggPlan) (aggNode, error)) aggCompiler {
	return func(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
		b, ok := a.Body.(B)
		if !ok { // kept as raw JSON: a form that is not modelled
			return nil, eserr.Unsupported("this form of aggregation [" + a.Body.Kind() + "]")
		}
		return compile(c, b, subs)
	}
}
