package agg

// LeftOut says what of a modelled aggregation of Elasticsearch is left out: kind → one sentence. An aggregation
// without an entry is whole. docs/compatibility.md prints it.
var LeftOut = map[string]string{
	"composite":         "Sources of kind `geotile_grid` and sources with scripts.",
	"multi_terms":       "Terms with scripts.",
	"random_sampler":    "It looks at all documents: its results are those that a random part is scaled up to.",
	"significant_terms": "`script_heuristic` and `p_value`.",
	"significant_text":  "`filter_duplicate_text: true`, `source_fields`, `script_heuristic` and `p_value`; words come from the index, not from `_source`.",
}

// Foreign are aggregations that Elasticsearch has and this program has not; they are refused by name.
var Foreign = []string{
	"boxplot", "bucket_correlation", "bucket_count_ks_test", "bucket_script",
	"bucket_selector", "cartesian_bounds", "cartesian_centroid", "categorize_text", "change_point", "children",
	"frequent_item_sets", "geo_bounds",
	"geo_centroid", "geo_line", "geohash_grid", "geohex_grid", "geotile_grid", "inference", "matrix_stats",
	"median_absolute_deviation", "moving_fn", "parent",
	"rate", "scripted_metric",
	"string_stats", "t_test", "time_series", "top_metrics", "weighted_avg",
}
