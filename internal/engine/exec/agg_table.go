package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
)

// aggTable says how each aggregation is compiled. One that is not here is refused by name.
var aggTable = map[string]aggCompiler{
	"adjacency_matrix":          body(compileAdjacency),
	"auto_date_histogram":       body(compileAutoDateHistogram),
	"avg":                       body(compileAvg),
	"boxplot":                   body(compileBoxplot),
	"cardinality":               body(compileCardinality),
	"categorize_text":           body(compileCategorizeText),
	"composite":                 compileComposite,
	"date_histogram":            body(compileDateHistogram),
	"date_range":                body(compileDateRangeAgg),
	"diversified_sampler":       body(compileDiversifiedSampler),
	"extended_stats":            body(compileExtendedStats),
	"filter":                    body(compileFilterAgg),
	"filters":                   body(compileFiltersAgg),
	"geo_bounds":                body(compileGeoBounds),
	"geo_centroid":              body(compileGeoCentroid),
	"geo_distance":              body(compileGeoDistance),
	"geohash_grid":              body(compileGeoGrid),
	"geotile_grid":              body(compileGeoGrid),
	"global":                    body(compileGlobal),
	"histogram":                 body(compileHistogram),
	"ip_prefix":                 body(compileIPPrefix),
	"ip_range":                  body(compileIPRange),
	"matrix_stats":              body(compileMatrixStats),
	"max":                       body(compileMax),
	"median_absolute_deviation": body(compileMedianAbsoluteDeviation),
	"min":                       body(compileMin),
	"missing":                   body(compileMissingAgg),
	"multi_terms":               compileMultiTerms,
	"nested":                    compileNestedAgg,
	"percentile_ranks":          body(compilePercentileRanks),
	"percentiles":               body(compilePercentiles),
	"random_sampler":            body(compileRandomSampler),
	"range":                     body(compileRangeAgg),
	"rare_terms":                compileRareTerms,
	"rate":                      body(compileRate),
	"reverse_nested":            compileReverseNested,
	"sampler":                   body(compileSampler),
	"scripted_metric":           body(compileScriptedMetric),
	"significant_terms":         compileSignificantTerms,
	"significant_text":          compileSignificantText,
	"stats":                     body(compileStats),
	"string_stats":              body(compileStringStats),
	"sum":                       body(compileSum),
	"t_test":                    body(compileTTest),
	"terms":                     compileTermsAgg,
	"top_hits":                  body(compileTopHits),
	"top_metrics":               body(compileTopMetrics),
	"value_count":               body(compileValueCount),
	"variable_width_histogram":  body(compileVariableWidth),
	"weighted_avg":              body(compileWeightedAvg),
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
