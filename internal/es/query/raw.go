package query

import "elkhorn/internal/es/jsonval"

// Raw is a clause that Elasticsearch has and this package does not model, or
// a form of a modelled clause that it does not (terms that look their values
// up in another document). It is kept as written; the embedded
// engine refuses it by name.
type Raw struct {
	Common
	// Name is the clause's name, such as "more_like_this".
	Name string
	// JSON is what stands beside the name, boost and _name included.
	JSON []byte
}

// Kind returns the clause's name.
func (q *Raw) Kind() string { return q.Name }

func (q *Raw) appendBody(dst []byte) []byte { return append(dst, q.JSON...) }

// unmodelled lists the clauses that become Raw.
var unmodelled = map[string]bool{
	"boosting": true, "combined_fields": true, "common": true, "distance_feature": true,
	"function_score": true, "geo_bounding_box": true, "geo_distance": true, "geo_grid": true, "geo_polygon": true,
	"geo_shape": true, "has_child": true, "has_parent": true, "intervals": true, "knn": true,
	"more_like_this": true, "neural": true, "parent_id": true, "percolate": true,
	"pinned": true, "rank_feature": true, "rule": true, "script_score": true, "semantic": true,
	"shape": true, "span_containing": true, "span_field_masking": true, "span_first": true, "span_gap": true,
	"span_multi": true, "span_near": true, "span_not": true, "span_or": true, "span_term": true,
	"span_within": true, "sparse_vector": true, "terms_set": true, "text_expansion": true, "type": true,
	"weighted_tokens": true, "wrapper": true, "xy_shape": true,
}

func parseRaw(name string, n *jsonval.Node) Query {
	return &Raw{Name: name, JSON: append([]byte(nil), n.Raw...)}
}
