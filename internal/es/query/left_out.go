package query

// LeftOut says what of a modelled clause of Elasticsearch is left out: kind → one sentence. A clause without
// an entry is whole. docs/compatibility.md prints it.
var LeftOut = map[string]string{
	"more_like_this":      "`fields` and `per_field_analyzer` of a document in `like` are refused",
	"intervals":           "a filter by `script` is refused",
	"geo_shape":           "only over `geo_point` fields; lines, `indexed_shape` and shapes other than points, envelopes, polygons, circles and collections of these are refused",
	"script":              "the subset of Painless that docs/decisions/0012 describes",
	"match_phrase_prefix": "`slop` other than 0 is refused",
}

// Foreign are clauses that Elasticsearch has and this program has not; they are refused by name.
var Foreign = []string{
	"fuzzy_like_this", "geo_grid",
	"has_child", "has_parent", "knn", "parent_id", "percolate",
	"pinned", "rank_feature", "rule", "semantic", "shape",
	"sparse_vector",
	"text_expansion", "weighted_tokens",
}
