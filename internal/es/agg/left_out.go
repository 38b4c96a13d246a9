package agg

// LeftOut says what of a modelled aggregation of Elasticsearch is left out: kind → one sentence. An aggregation
// without an entry is whole. docs/compatibility.md prints it.
var LeftOut = map[string]string{
	"categorize_text":   "Words with a digit never are part of a category; words are weighed without a dictionary of English; `categorization_analyzer` takes a name only; `max_matching_length` is reckoned from one message of each template in a segment.",
	"composite":         "`bounds` of a `geotile_grid` source.",
	"random_sampler":    "It looks at all documents: its results are those that a random part is scaled up to.",
	"rate":              "It stands in a date_histogram, not in a composite.",
	"significant_terms": "`p_value`.",
	"significant_text":  "`filter_duplicate_text: true`, `source_fields` and `p_value`; words come from the index, not from `_source`.",
	"t_test":            "`format` and scripts.",
	"scripted_metric":   "The subset of Painless that docs/decisions/0012 describes.",
	"top_metrics":       "Buckets cannot be ordered by it; geo_point fields are refused; `sort` takes fields and `_score`.",
}

// Foreign are the kinds that Elasticsearch has and this program has not, with what they yield. They become Raw and are
// refused by name.
var Foreign = map[string]Family{
	"children": Bucket, "frequent_item_sets": Bucket, "geohex_grid": Bucket, "parent": Bucket, "time_series": Bucket,

	"cartesian_bounds": Metric, "cartesian_centroid": Metric, "geo_line": Metric,

	"bucket_correlation": Pipeline, "bucket_count_ks_test": Pipeline, "change_point": Pipeline, "inference": Pipeline,
}
