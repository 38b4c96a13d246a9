package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
)

// aggTable says how each aggregation is compiled. One that is not here is refused by name.
var aggTable = map[string]aggCompiler{
	"adjacency_matrix":         body(compileAdjacency),
	"auto_date_histogram":      body(compileAutoDateHistogram),
	"avg":                      body(compileAvg),
	"cardinality":              body(compileCardinality),
	"composite":                compileComposite,
	"date_histogram":           body(compileDateHistogram),
	"date_range":               body(compileDateRangeAgg),
	"diversified_sampler":      body(compileDiversifiedSampler),
	"extended_stats":           body(compileExtendedStats),
	"filter":                   body(compileFilterAgg),
	"filters":                  body(compileFiltersAgg),
	"global":                   body(compileGlobal),
	"histogram":                body(compileHistogram),
	"ip_prefix":                body(compileIPPrefix),
	"ip_range":                 body(compileIPRange),
	"max":                      body(compileMax),
	"min":                      body(compileMin),
	"missing":                  body(compileMissingAgg),
	"multi_terms":              compileMultiTerms,
	"nested":                   compileNestedAgg,
	"percentile_ranks":         body(compilePercentileRanks),
	"percentiles":              body(compilePercentiles),
	"random_sampler":           body(compileRandomSampler),
	"range":                    body(compileRangeAgg),
	"rare_terms":               compileRareTerms,
	"reverse_nested":           compileReverseNested,
	"sampler":                  body(compileSampler),
	"significant_terms":        compileSignificantTerms,
	"significant_text":         compileSignificantText,
	"stats":                    body(compileStats),
	"sum":                      body(compileSum),
	"terms":                    compileTermsAgg,
	"top_hits":                 body(compileTopHits),
	"value_count":              body(compileValueCount),
	"variable_width_histogram": body(compileVariableWidth),
}

// body adapts a compiler of one concrete type of aggregation.
func body[B agg.Body](compile func(c *compiler, b B, subs []*aggPlan) (aggNode, error)) aggCompiler {
	return func(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
		b, ok := a.Body.(B)
		if !ok {
			return nil, notModelled(a)
		}
		return compile(c, b, subs)
	}
}

// notModelled refuses an aggregation that was kept as raw JSON.
func notModelled(a *agg.Agg) error {
	return eserr.Unsupported("this form of aggregation [" + a.Body.Kind() + "]")
}
