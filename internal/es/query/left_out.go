package query

// LeftOut says what of a modelled clause of Elasticsearch is left out: kind → one sentence. A clause without
// an entry is whole. docs/compatibility.md prints it.
var LeftOut = map[string]string{
	"more_like_this": "`fields` and `per_field_analyzer` of a document in `like` are refused",
	"intervals":      "a filter by `script` is refused",
	"knn":            "every vector is compared; vectors inside nested objects, `query_vector_builder` and `inner_hits` are refused",
	"geo_shape":      "only over `geo_point` fields; lines, `indexed_shape` and shapes other than points, envelopes, polygons, circles and collections of these are refused",
	"script":         "the subset of Painless that docs/decisions/0012 describes",
	"regexp":         "complements and intersections stand around whole alternatives, as in `a.*&~(.*b)`; inside of others they are refused",
}

// Foreign are clauses that Elasticsearch 8 has, had before (common, type) or that OpenSearch has (neural, xy_shape)
// and this program has not. They become Raw and are refused by name.
var Foreign = []string{
	"common", "geo_grid", "has_child", "has_parent", "neural", "parent_id", "percolate", "pinned", "rank_feature", "rule",
	"semantic", "shape", "span_gap", "sparse_vector", "text_expansion", "type", "weighted_tokens", "xy_shape",
}
