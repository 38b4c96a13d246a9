package query

// LeftOut says what of a modelled clause of Elasticsearch is left out: kind → one sentence. A clause without
// an entry is whole. docs/compatibility.md prints it.
var LeftOut = map[string]string{
	"script":              "the subset of Painless that docs/decisions/0012 describes",
	"match_phrase_prefix": "`slop` other than 0 is refused",
}

// Foreign are clauses that Elasticsearch has and this program has not; they are refused by name.
var Foreign = []string{
	"boosting", "combined_fields", "distance_feature", "function_score", "fuzzy_like_this", "geo_bounding_box", "geo_distance", "geo_grid",
	"geo_polygon", "geo_shape", "has_child", "has_parent", "intervals", "knn", "more_like_this", "parent_id", "percolate",
	"pinned", "rank_feature", "rule", "script_score", "semantic", "shape", "span_containing", "span_field_masking", "span_first",
	"span_multi", "span_near", "span_not", "span_or", "span_term", "span_within", "sparse_vector", "terms_set",
	"text_expansion", "weighted_tokens", "wrapper",
}
