package exec_test

import (
	"strings"
	"testing"
	"time"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/query"
)

func fuzzIndex(f *testing.F) exec.Index {
	return testIndex(f, "test", strings.Replace(randomMapping, `"k":{`, `"g":{"type":"geo_point"},"k":{`, 1), []string{
		`{"k":"a","g":"1,2","t":"the pool","n":1,"f":1.5,"@timestamp":"2026-03-15T10:00:00Z","b":true,"ip":"10.0.0.1"}`,
		`{"k":["a","b"],"t":["x","y z"],"n":[1,2],"f":-1,"@timestamp":0,"b":[true,false],"ip":"::1"}`,
		`{}`,
	}, 2)
}

// request limits what a fuzzed search may cost.
func fuzzRequest() *exec.Request {
	return &exec.Request{Size: 5, Now: testNow, Timeout: time.Second, Budget: &budget{limit: 16 << 20}, MaxBuckets: 2000}
}

// FuzzQuery runs any query that parses: it must answer or be refused.
func FuzzQuery(f *testing.F) {
	ix := fuzzIndex(f)
	for _, seed := range []string{
		`{"range":{"n":{"gt":1e400,"lte":-9223372036854775808}}}`, `{"range":{"f":{"gte":"NaN"}}}`, `{"range":{"@timestamp":{"gte":"now+9999999y"}}}`,
		`{"term":{"ip":"::/0"}}`, `{"match_phrase":{"t":"y z"}}`, `{"match_phrase_prefix":{"t":"y"}}`, `{"regexp":{"k":"(((a"}}`, `{"wildcard":{"t":"*?*"}}`,
		`{"ids":{"values":["","auto--1"]}}`, `{"query_string":{"query":"k:a~2 AND (t:[a TO *] OR -n:>1)"}}`, `{"multi_match":{"query":"a","fields":["*"]}}`,
		`{"function_score":{"query":{"match":{"t":"pool"}},"functions":[{"filter":{"term":{"k":"a"}},"field_value_factor":{"field":"n","missing":1}},{"gauss":{"@timestamp":{"scale":"1d"}}},{"random_score":{"seed":1,"field":"k"}}],"min_score":0.1}}`,
		`{"boosting":{"positive":{"match":{"t":"pool"}},"negative":{"term":{"k":"a"}},"negative_boost":0.2}}`, `{"combined_fields":{"query":"the pool","fields":["t^2"]}}`,
		`{"terms_set":{"k":{"terms":["a","b"],"minimum_should_match_field":"n"}}}`, `{"distance_feature":{"field":"@timestamp","origin":"now-1d","pivot":"3h"}}`,
		`{"geo_distance":{"distance":"1km","g":"u33","ignore_unmapped":true}}`, `{"geo_bounding_box":{"g":{"wkt":"BBOX (1,2,3,4)"}}}`,
		`{"geo_shape":{"g":{"shape":"POLYGON ((0 0, 1 0, 1 1, 0 0))","relation":"within"}}}`, `{"wrapper":{"query":"eyJtYXRjaF9hbGwiOnt9fQ=="}}`,
		`{"span_near":{"clauses":[{"span_term":{"t":"y"}},{"span_multi":{"match":{"prefix":{"t":"z"}}}}],"slop":2,"in_order":false}}`,
		`{"span_not":{"include":{"span_or":{"clauses":[{"span_term":{"t":"the"}}]}},"exclude":{"span_first":{"match":{"span_term":{"t":"pool"}},"end":1}},"dist":1}}`,
		`{"intervals":{"t":{"all_of":{"intervals":[{"match":{"query":"the the pool","filter":{"before":{"prefix":{"prefix":"p"}}}}},{"any_of":{"intervals":[{"fuzzy":{"term":"pol"}}]}}],"max_gaps":3}}}}`,
		`{"more_like_this":{"fields":["t","k"],"like":["the pool",{"doc":{"t":"y z"}}],"min_term_freq":1,"min_doc_freq":1}}`,
		`{"script_score":{"query":{"match_all":{}},"script":"_score + 1"}}`,
		`{"bool":{"should":[{"match_all":{}}],"minimum_should_match":"-200%"}}`, `{"fuzzy":{"k":{"value":"","fuzziness":"AUTO:0,0","prefix_length":5}}}`,
		`{"match":{"t":{"query":"pool","fuzziness":2,"prefix_length":9}}}`, `{"exists":{"field":"*"}}`, `{"terms":{"_index":["t*",null]}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		q, err := query.Parse([]byte(body))
		if err != nil {
			return
		}
		req := fuzzRequest()
		req.Query = q
		req.Highlight = &query.Highlight{Fields: []query.HighlightField{
			{Name: "*", PreTags: []string{"<"}, PostTags: []string{">"}, FragmentSize: 5, Fragments: 2, Type: "unified", Scanner: "sentence"},
			{Name: "t", PreTags: []string{"<"}, PostTags: []string{">"}, FragmentSize: 5, Fragments: 2, Type: "plain", Fragmenter: "span", NoMatchSize: 3},
		}}
		if r, err := exec.Search(t.Context(), []exec.Index{ix}, req); err == nil && r.Hits.Total.Value > 3 {
			t.Errorf("%d hits of 3 documents", r.Hits.Total.Value)
		}
	})
}

// FuzzAggs runs any aggregations that parse.
func FuzzAggs(f *testing.F) {
	ix := fuzzIndex(f)
	for _, seed := range []string{
		`{"a":{"terms":{"field":"k","order":{"b":"asc"}},"aggs":{"b":{"avg":{"field":"n"}}}}}`,
		`{"a":{"date_histogram":{"field":"@timestamp","calendar_interval":"month","time_zone":"Europe/Berlin","offset":"-3d","extended_bounds":{"min":0,"max":1e15}}}}`,
		`{"a":{"histogram":{"field":"f","interval":1e-300,"offset":1e300,"hard_bounds":{"min":-1e308}}}}`,
		`{"a":{"range":{"field":"n","ranges":[{"from":5,"to":1}]},"aggs":{"t":{"top_hits":{"size":3,"sort":["k"]}}}}}`,
		`{"a":{"percentiles":{"field":"f","percents":[0,100]}},"b":{"cardinality":{"field":"ip","precision_threshold":0}}}`,
		`{"a":{"filters":{"filters":{"x":{"match_all":{}}},"other_bucket":true},"aggs":{"m":{"missing":{"field":"k"}}}}}`,
		`{"a":{"terms":{"field":"n","missing":"x","include":{"partition":0,"num_partitions":3}}},"g":{"global":{},"aggs":{"s":{"extended_stats":{"field":"b"}}}}}`,
		`{"a":{"date_range":{"field":"@timestamp","ranges":[{"to":"now-1d/d"}],"missing":"2020"}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		aggs, err := agg.Parse([]byte(body))
		if err != nil {
			return
		}
		req := fuzzRequest()
		req.Aggs = aggs
		if r, err := exec.Search(t.Context(), []exec.Index{ix}, req); err == nil {
			r.Aggs.AppendJSON(nil, true)
		}
	})
}
