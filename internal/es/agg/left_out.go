package agg

// LeftOut says what of a modelled aggregation of Elasticsearch is left out: kind → one sentence. An aggregation
// without an entry is whole. docs/compatibility.md prints it.
var LeftOut = map[string]string{}

// Foreign are aggregations that Elasticsearch has and this program has not; they are refused by name.
var Foreign = []string{
	"auto_date_histogram", "boxplot", "bucket_correlation", "bucket_count_ks_test", "bucket_script",
	"bucket_selector", "cartesian_bounds", "cartesian_centroid", "categorize_text", "change_point", "children",
	"diversified_sampler", "frequent_item_sets", "geo_bounds",
	"geo_centroid", "geo_line", "geohash_grid", "geohex_grid", "geotile_grid", "inference", "matrix_stats",
	"median_absolute_deviation", "moving_fn", "parent",
	"random_sampler", "rate", "sampler", "scripted_metric", "significant_terms",
	"significant_text", "string_stats", "t_test", "time_series", "top_metrics", "variable_width_histogram", "weighted_avg",
}
