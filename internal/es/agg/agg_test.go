package agg

import (
	"strings"
	"testing"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/query"
)

// forms are bodies beside a name and how they are printed; "" means as written.
var forms = []struct{ in, want string }{
	{`{"terms":{"field":"level"}}`, `{"terms":{"field":"level","size":10,"min_doc_count":1}}`},
	{`{"terms":{"field":"level","size":20,"min_doc_count":0,"order":[{"_count":"asc"},{"_key":"desc"}],"include":"a.*","exclude":["x",1],"missing":"none"}}`,
		`{"terms":{"field":"level","missing":"none","size":20,"min_doc_count":0,"order":[{"_count":"asc"},{"_key":"desc"}],"include":"a.*","exclude":["x",1]}}`},
	{`{"terms":{"field":"l","order":{"_term":"asc"},"include":{"partition":0,"num_partitions":4}}}`,
		`{"terms":{"field":"l","size":10,"min_doc_count":1,"order":[{"_key":"asc"}],"include":{"partition":0,"num_partitions":4}}}`},
	{`{"terms":{"field":"s","order":{"avg_l":"desc"}},"aggs":{"avg_l":{"avg":{"field":"l"}}},"meta":{"x":1}}`,
		`{"terms":{"field":"s","size":10,"min_doc_count":1,"order":[{"avg_l":"desc"}]},"meta":{"x":1},"aggregations":{"avg_l":{"avg":{"field":"l"}}}}`},
	{`{"terms":{"field":"s","order":{"f>p.99":"desc"}},"aggs":{"f":{"filter":{"term":{"a":1}},"aggs":{"p":{"percentiles":{"field":"l","percents":[99]}}}}}}`,
		`{"terms":{"field":"s","size":10,"min_doc_count":1,"order":[{"f>p.99":"desc"}]},"aggregations":{"f":{"filter":{"term":{"a":{"value":1}}},"aggregations":{"p":{"percentiles":{"field":"l","percents":[99]}}}}}}`},
	{`{"date_histogram":{"field":"t","fixed_interval":"5m"}}`, `{"date_histogram":{"field":"t","fixed_interval":"5m","min_doc_count":0}}`},
	{`{"date_histogram":{"field":"t","calendar_interval":"1M","time_zone":"Europe/Berlin","offset":"+6h","format":"yyyy-MM","keyed":true,"extended_bounds":{"min":"now-1d","max":1000},"order":{"_key":"desc"}}}`,
		`{"date_histogram":{"field":"t","format":"yyyy-MM","calendar_interval":"1M","offset":"21600000ms","time_zone":"Europe/Berlin","min_doc_count":0,"extended_bounds":{"min":"now-1d","max":1000},"keyed":true,"order":[{"_key":"desc"}]}}`},
	{`{"date_histogram":{"field":"t","calendar_interval":"1m","min_doc_count":1}}`, `{"date_histogram":{"field":"t","calendar_interval":"1m","min_doc_count":1}}`},
	{`{"histogram":{"field":"l","interval":50,"extended_bounds":{"min":0,"max":500}}}`, `{"histogram":{"field":"l","interval":50,"min_doc_count":0,"extended_bounds":{"min":0,"max":500}}}`},
	{`{"range":{"field":"l","ranges":[{"to":100},{"key":"slow","from":100,"to":500.5}],"keyed":true}}`, ``},
	{`{"date_range":{"field":"t","format":"yyyy","ranges":[{"from":"now-1d/d"}],"time_zone":"+01:00"}}`, ``},
	{`{"filter":{"bool":{"filter":[{"term":{"a":{"value":1}}}]}}}`, ``},
	{`{"filters":{"filters":{"b":{"match_all":{}},"a":{"term":{"l":"E"}}},"other_bucket_key":"rest"}}`,
		`{"filters":{"filters":{"a":{"term":{"l":{"value":"E"}}},"b":{"match_all":{}}},"other_bucket":true,"other_bucket_key":"rest"}}`},
	{`{"filters":{"filters":[{"match_all":{}}]}}`, ``},
	{`{"missing":{"field":"a"}}`, ``},
	{`{"global":{},"aggs":{"n":{"value_count":{"field":"a"}}}}`, `{"global":{},"aggregations":{"n":{"value_count":{"field":"a"}}}}`},
	{`{"nested":{"path":"items"},"aggs":{"up":{"reverse_nested":{}}}}`, `{"nested":{"path":"items"},"aggregations":{"up":{"reverse_nested":{}}}}`},
	{`{"percentiles":{"field":"l"}}`, `{"percentiles":{"field":"l","percents":[1,5,25,50,75,95,99]}}`},
	{`{"percentiles":{"field":"l","percents":[99,50],"keyed":false,"tdigest":{"compression":200}}}`, `{"percentiles":{"field":"l","percents":[50,99],"keyed":false,"tdigest":{"compression":200}}}`},
	{`{"percentiles":{"field":"l","percents":[99.9],"hdr":{}}}`, `{"percentiles":{"field":"l","percents":[99.9],"hdr":{"number_of_significant_value_digits":3}}}`},
	{`{"percentile_ranks":{"field":"l","values":[500]}}`, ``},
	{`{"cardinality":{"field":"u"}}`, `{"cardinality":{"field":"u","precision_threshold":3000}}`},
	{`{"cardinality":{"field":"u","precision_threshold":100000}}`, `{"cardinality":{"field":"u","precision_threshold":40000}}`},
	{`{"min":{"field":"l","missing":0,"format":"0.0"}}`, ``},
	{`{"max":{"field":"l"}}`, ``}, {`{"sum":{"field":"l"}}`, ``}, {`{"stats":{"field":"l"}}`, ``},
	{`{"extended_stats":{"field":"l"}}`, `{"extended_stats":{"field":"l","sigma":2}}`},
	{`{"top_hits":{"size":20,"sort":[{"@timestamp":{"order":"desc","unmapped_type":"date"}},"_score"],"_source":["a","b.*"]}}`,
		`{"top_hits":{"from":0,"size":20,"sort":[{"@timestamp":{"order":"desc","unmapped_type":"date"}},{"_score":{"order":"desc"}}],"_source":{"includes":["a","b.*"],"excludes":[]}}}`},
	{`{"top_hits":{"_source":false,"sort":{"t":"asc"},"docvalue_fields":["t",{"field":"u","format":"epoch_millis"}]}}`,
		`{"top_hits":{"from":0,"size":3,"sort":[{"t":{"order":"asc"}}],"_source":false,"docvalue_fields":[{"field":"t"},{"field":"u","format":"epoch_millis"}]}}`},
	{`{"sampler":{}}`, `{"sampler":{"shard_size":100}}`},
	{`{"diversified_sampler":{"field":"a","max_docs_per_value":2}}`, `{"diversified_sampler":{"field":"a","shard_size":100,"max_docs_per_value":2}}`},
	{`{"random_sampler":{"probability":0.5,"seed":3}}`, `{"random_sampler":{"probability":0.5,"seed":3}}`},
	{`{"significant_terms":{"field":"a","background_filter":{"match_all":{}},"chi_square":{"background_is_superset":false},"exclude":["x"]}}`,
		`{"significant_terms":{"field":"a","size":10,"min_doc_count":3,"exclude":["x"],"background_filter":{"match_all":{}},"chi_square":{"background_is_superset":false}}}`},
	{`{"significant_text":{"field":"a","filter_duplicate_text":false}}`, `{"significant_text":{"field":"a","size":10,"min_doc_count":3,"jlh":{}}}`},
	{`{"auto_date_histogram":{"field":"t","buckets":5,"minimum_interval":"minute","time_zone":"+01:00"}}`, ``},
	{`{"variable_width_histogram":{"field":"n","buckets":4}}`, ``},
	{`{"variable_width_histogram":{"field":"n","buckets":4,"shard_size":9,"initial_buffer":50}}`, ``},
	{`{"frequent_item_sets":{"fields":[ {"field":"x"} ]}}`, ``},
	{`{"rare_terms":{"field":"x","max_doc_count":3,"precision":0.01,"include":["a"]}}`, `{"rare_terms":{"field":"x","max_doc_count":3,"precision":0.01,"include":["a"]}}`},
	{`{"ip_range":{"field":"ip","ranges":[{"mask":"10.0.0.0/8"},{"key":"k","from":"::1","to":"::2"}],"keyed":true}}`, ``},
	{`{"ip_prefix":{"field":"ip","prefix_length":24,"append_prefix_length":true}}`, `{"ip_prefix":{"field":"ip","prefix_length":24,"append_prefix_length":true,"min_doc_count":1}}`},
	{`{"adjacency_matrix":{"separator":"|","filters":{"b":{"match_all":{}},"a":{"match_all":{}}}}}`, `{"adjacency_matrix":{"filters":{"a":{"match_all":{}},"b":{"match_all":{}}},"separator":"|"}}`},
	{`{"multi_terms":{"terms":[{"field":"a"},{"field":"b","missing":0,"value_type":"long"}],"order":{"_key":"desc"}}}`,
		`{"multi_terms":{"terms":[{"field":"a"},{"field":"b","missing":0,"value_type":"long"}],"size":10,"min_doc_count":1,"order":[{"_key":"desc"}]}}`},
	{`{"composite":{"sources":[{"a":{"terms":{"field":"x","missing_bucket":true,"missing_order":"last"}}},{"h":{"histogram":{"field":"y","interval":5,"order":"desc"}}},` +
		`{"d":{"date_histogram":{"field":"t","calendar_interval":"1d","offset":"+6h","time_zone":"Europe/Berlin","format":"yyyy"}}},{"g":{"geotile_grid":{"field":"p","precision":8}}}],` +
		`"after":{"d":"2026","a":null,"h":5,"g":"8/1/2"}}}`,
		`{"composite":{"size":10,"sources":[{"a":{"terms":{"field":"x","missing_bucket":true,"missing_order":"last"}}},{"h":{"histogram":{"field":"y","order":"desc","interval":5}}},` +
			`{"d":{"date_histogram":{"field":"t","format":"yyyy","calendar_interval":"1d","offset":"21600000ms","time_zone":"Europe/Berlin"}}},{"g":{"geotile_grid":{"field":"p","precision":8}}}],` +
			`"after":{"a":null,"h":5,"d":"2026","g":"8/1/2"}}}`},
	{`{"geohash_grid":{"field":"p","precision":"1km","bounds":{"top_left":"5,4","bottom_right":[6,3]}}}`,
		`{"geohash_grid":{"field":"p","precision":7,"size":10000,"bounds":{"top":5,"left":4,"bottom":3,"right":6}}}`},
	{`{"geotile_grid":{"field":"p","precision":8,"size":3,"bounds":{"wkt":"BBOX (4, 6, 5, 3)"}}}`, `{"geotile_grid":{"field":"p","precision":8,"size":3,"bounds":{"top":5,"left":4,"bottom":3,"right":6}}}`},
	{`{"geo_distance":{"field":"p","origin":"52.5,4","unit":"km","ranges":[{"to":5},{"key":"far","from":5}],"keyed":true}}`,
		`{"geo_distance":{"field":"p","origin":{"lat":52.5,"lon":4},"unit":"km","ranges":[{"to":5},{"key":"far","from":5}],"keyed":true}}`},
	{`{"geo_bounds":{"field":"p","wrap_longitude":false}}`, ``}, {`{"geo_centroid":{"field":"p"}}`, ``},
	{`{"terms":{"field":"s"},"aggs":{"b":{"bucket_script":{"buckets_path":{"n":"_count"},"script":{"source":"params.n","params":{"a":1}},"format":"0.0"}},"c":{"bucket_selector":{"buckets_path":"_count","script":"true","gap_policy":"keep_values"}}}}`,
		`{"terms":{"field":"s","size":10,"min_doc_count":1},"aggregations":{"b":{"bucket_script":{"buckets_path":{"n":"_count"},"script":{"source":"params.n","params":{"a":1}},"format":"0.0"}},"c":{"bucket_selector":{"buckets_path":{"_value":"_count"},"script":"true","gap_policy":"keep_values"}}}}`},
	{`{"histogram":{"field":"s","interval":1},"aggs":{"d":{"moving_fn":{"buckets_path":"_count","window":5,"shift":-1,"script":"MovingFunctions.sum(values)"}}}}`,
		`{"histogram":{"field":"s","interval":1,"min_doc_count":0},"aggregations":{"d":{"moving_fn":{"buckets_path":"_count","script":"MovingFunctions.sum(values)","window":5,"shift":-1}}}}`},
	{`{"weighted_avg":{"value":{"field":"v","missing":1},"weight":{"field":"w"},"format":"0.0"}}`, ``},
	{`{"median_absolute_deviation":{"field":"v"}}`, `{"median_absolute_deviation":{"field":"v","compression":1000}}`},
	{`{"boxplot":{"field":"v","compression":200}}`, ``},
	{`{"string_stats":{"field":"v","show_distribution":true}}`, ``},
	{`{"matrix_stats":{"fields":["a","b"],"mode":"max","missing":{"a":1}}}`, ``},
	{`{"t_test":{"a":{"field":"v","filter":{"match_all":{}}},"b":{"field":"w"},"type":"homoscedastic","tails":1}}`, ``},
	{`{"top_metrics":{"metrics":{"field":"m"},"sort":{"s":"desc"}}}`, `{"top_metrics":{"metrics":[{"field":"m"}],"sort":[{"s":{"order":"desc"}}],"size":1}}`},
	{`{"date_histogram":{"field":"t","calendar_interval":"month"},"aggs":{"r":{"rate":{"field":"v","unit":"day","mode":"value_count"}}}}`,
		`{"date_histogram":{"field":"t","calendar_interval":"month","min_doc_count":0},"aggregations":{"r":{"rate":{"field":"v","unit":"day","mode":"value_count"}}}}`},
	{`{"histogram":{"field":"s","interval":1},"aggs":{"d":{"derivative":{"buckets_path":["_count"],"unit":"1d","gap_policy":"keep_values","format":"0.0"}}}}`,
		`{"histogram":{"field":"s","interval":1,"min_doc_count":0},"aggregations":{"d":{"derivative":{"buckets_path":"_count","gap_policy":"keep_values","format":"0.0","unit":"1d"}}}}`},
	{`{"terms":{"field":"s"},"aggs":{"d":{"bucket_sort":{"sort":["_count",{"_key":"desc"}],"size":3}}}}`,
		`{"terms":{"field":"s","size":10,"min_doc_count":1},"aggregations":{"d":{"bucket_sort":{"sort":[{"_count":{"order":"asc"}},{"_key":{"order":"desc"}}],"from":0,"size":3}}}}`},
	{`{"terms":{"field":"s"},"aggs":{"n":{"normalize":{"buckets_path":"_count","method":"z-score"}}}}`,
		`{"terms":{"field":"s","size":10,"min_doc_count":1},"aggregations":{"n":{"normalize":{"buckets_path":"_count","method":"z-score"}}}}`},
}

func TestParsePrint(t *testing.T) {
	for _, tt := range forms {
		want := tt.want
		if want == "" {
			want = tt.in
		}
		want = `{"x":` + want + `}`
		aggs, err := Parse([]byte(`{"x":` + tt.in + `}`))
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if got := String(aggs); got != want {
			t.Errorf("printed\n%s\nwant\n%s", got, want)
		}
		if again, err := Parse([]byte(want)); err != nil || String(again) != want {
			t.Errorf("%s printed again: %v", want, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`{"x":{"temrs":{"field":"a"}}}`, "parsing_exception: Unknown aggregation type [temrs]"},
		{`{"x":{"term":{"field":"a"}}}`, "Unknown aggregation type [term] did you mean [terms]?"},
		{`{"x":{}}`, "Missing definition for aggregation [x]"},
		{`{"x":[]}`, "expected a [START_OBJECT]"},
		{`{"x":5}`, "Aggregation definition for [x starts with a [VALUE_NUMBER]"},
		{`[]`, "Expected [START_OBJECT] under [aggs], but got a [START_ARRAY]"},
		{`{"a>b":{"avg":{"field":"l"}}}`, "Invalid aggregation name [a>b]"},
		{`{"x":{"avg":{"field":"l"},"sum":{"field":"l"}}}`, "Found two aggregation type definitions in [x]: [avg] and [sum]"},
		{`{"x":{"avg":{"field":"l"},"aggs":{"y":{"sum":{"field":"l"}}}}}`, "Aggregator [x] of type [avg] cannot accept sub-aggregations"},
		{`{"x":{"terms":{"field":"l"},"aggs":{"y":{"global":{}}}}}`, "Global aggregations can only be defined as top level"},
		{`{"x":{"avg":{}}}`, "Required one of fields [field, script], but none were specified."},
		{`{"x":{"avg":{"field":"l","foo":1}}}`, "x_content_parse_exception: [1:32] [avg] unknown field [foo]"},
		{`{"x":{"avg":{"script":{"source":"1","lang":"expression"}}}}`, "script_lang [expression] is not supported"},
		{`{"x":{"terms":{"field":"l","size":0}}}`, "[size] must be greater than 0. Found [0] in [x]"},
		{`{"x":{"terms":{"field":"l","size":-1}}}`, "[size] must be greater than or equal to 0. Found [-1] in [x]"},
		{`{"x":{"terms":{"field":"l","order":{"nope":"asc"}}}}`, "Invalid aggregation order path [nope]"},
		{`{"x":{"terms":{"field":"l","order":{"a>b":"asc"}},"aggs":{"a":{"avg":{"field":"l"}}}}}`, "Can't descend into non-bucket aggregator [a]"},
		{`{"x":{"terms":{"field":"l","order":{"_count":"up"}}}}`, "Unknown order direction [up]"},
		{`{"x":{"date_histogram":{"field":"t"}}}`, "Invalid interval specified, must be non-null and non-empty"},
		{`{"x":{"date_histogram":{"field":"t","fixed_interval":"1M"}}}`, "failed to parse setting [date_histogram.fixed_interval] with value [1M]"},
		{`{"x":{"date_histogram":{"field":"t","calendar_interval":"2d"}}}`, "The supplied interval [2d] could not be parsed as a calendar interval."},
		{`{"x":{"date_histogram":{"field":"t","calendar_interval":"1d","fixed_interval":"1d"}}}`, "Cannot use [fixed_interval] with another interval option"},
		{`{"x":{"date_histogram":{"field":"t","interval":"1d"}}}`, "[date_histogram] unknown field [interval] did you mean"},
		{`{"x":{"date_histogram":{"field":"t","fixed_interval":"1d","time_zone":"Nowhere"}}}`, "Unknown time-zone ID: Nowhere"},
		{`{"x":{"date_histogram":{"field":"t","fixed_interval":"0s"}}}`, "as a time value"},
		{`{"x":{"histogram":{"field":"l"}}}`, "[interval] must be >0 for histogram aggregation [x]"},
		{`{"x":{"range":{"field":"l"}}}`, "No [ranges] specified for the [x] aggregation"},
		{`{"x":{"range":{"field":"l","ranges":[{"from":"a"}]}}}`, "number_format_exception"},
		{`{"x":{"filter":{}}}`, "query malformed, empty clause found"},
		{`{"x":{"filters":{}}}`, "[filters] cannot be empty."},
		{`{"x":{"percentiles":{"field":"l","percents":[101]}}}`, "percent must be in [0,100], got [101]"},
		{`{"x":{"percentiles":{"field":"l","percents":[]}}}`, "[percents] must not be empty"},
		{`{"x":{"percentiles":{"field":"l","percents":["a"]}}}`, "failed to parse field [percents]"},
		{`{"x":{"percentiles":{"field":"l","hdr":{"number_of_significant_value_digits":6}}}}`, "[numberOfSignificantValueDigits] must be between 0 and 5"},
		{`{"x":{"percentiles":{"field":"l","tdigest":{"compression":-1}}}}`, "[compression] must be greater than or equal to 0. Found [-1.0] in [x]"},
		{`{"x":{"extended_stats":{"field":"l","sigma":-1}}}`, "[sigma] must be greater than or equal to 0. Found [-1.0] in [x]"},
		{`{"x":{"cardinality":{"field":"l","precision_threshold":-1}}}`, "[precisionThreshold] must be greater than or equal to 0. Found [-1] in [x]"},
		{`{"x":{"max_bucket":{"buckets_path":"y"}}}`, "Validation Failed: 1: No aggregation found for path [y];"},
		{`{"y":{"terms":{"field":"l"}},"x":{"max_bucket":{"buckets_path":"y>z"}}}`, "1: No aggregation [z] found for path [y>z];"},
		{`{"y":{"avg":{"field":"l"}},"x":{"max_bucket":{"buckets_path":"y"}}}`, "The first aggregation in buckets_path must be a multi-bucket aggregation for aggregation [x] found :org.elasticsearch.search.aggregations.metrics.AvgAggregationBuilder for buckets path: y;"},
		{`{"y":{"terms":{"field":"l"},"aggs":{"a":{"derivative":{"buckets_path":"b"}},"b":{"derivative":{"buckets_path":"a"}}}}}`, "Cyclical dependency found with pipeline aggregator [a]"},
		{`{"y":{"terms":{"field":"l"},"aggs":{"a":{"derivative":{"buckets_path":"_count"}}}}}`, "derivative aggregation [a] must have a histogram, date_histogram or auto_date_histogram as parent;"},
		{`{"y":{"avg":{"field":"l"}},"a":{"cumulative_sum":{"buckets_path":"y"}}}`, "as parent but doesn't have a parent;"},
		{`{"a":{"bucket_sort":{}}}`, "1: bucket_sort aggregation [a] must be declared inside of another aggregation;2: [a] is configured to perform nothing."},
		{`{"y":{"terms":{"field":"l"},"aggs":{"a":{"bucket_sort":{"size":0}}}}}`, "[size] must be a positive integer: [0]"},
		{`{"a":{"max_bucket":{}}}`, "Missing required field [buckets_path] for max_bucket aggregation [a]"},
		{`{"a":{"max_bucket":{"buckets_path":"x","gap_policy":"none"}}}`, "Invalid gap policy: [none], accepted values: [insert_zeros, skip, keep_values]"},
		{`{"y":{"terms":{"field":"l"},"aggs":{"a":{"normalize":{"buckets_path":"_count","method":"best"}}}}}`, "invalid method [best]"},
		{`{"y":{"terms":{"field":"l","order":{"a":"asc"}},"aggs":{"a":{"normalize":{"buckets_path":"_count","method":"mean"}}}}}`, "either does not exist, or is a pipeline aggregation and cannot be used to sort the buckets."},
		{`{"x":{"multi_terms":{"terms":[{"field":"a"}]}}}`, "The [terms] parameter in the aggregation [x] must be present and have at least 2 fields or scripts."},
		{`{"x":{"composite":{}}}`, "Composite [sources] cannot be null or empty"},
		{`{"x":{"composite":{"sources":[{"a":{"terms":{"field":"f"}}},{"a":{"terms":{"field":"g"}}}]}}}`, "found duplicates: [a]"},
		{`{"x":{"composite":{"sources":[{"a":{"terms":{"field":"f"}}}],"after":{"b":1}}}}`, "Missing value for [after.a]"},
		{`{"x":{"composite":{"sources":[{"a":{"terms":{"field":"f"}}}],"after":{"a":1,"b":1}}}}`, "[after] has 2 value(s) but [sources] has 1"},
		{`{"x":{"composite":{"sources":[{"a":{"terms":{"field":"f","missing":1}}}]}}}`, "unknown field [missing]"},
		{`{"x":{"composite":{"sources":[{"a":{"top_hits":{}}}]}}}`, "invalid source type: top_hits"},
		{`{"x":{"terms":{"field":"f"},"aggs":{"y":{"composite":{"sources":[{"a":{"terms":{"field":"f"}}}]}}}}}`, "cannot be used with a parentAggregation of type: [TermsAggregatorFactory]"},
		{`{"x":{"terms":{"field":"f","order":{"y>z":"asc"}},"aggs":{"y":{"terms":{"field":"f"},"aggs":{"z":{"avg":{"field":"n"}}}}}}}`, "[y] is not single-bucket."},
		{`{"x":{"terms":{"field":"f","value_type":"text"}}}`, "Unknown value type [text]"},
		{`{"x":{"terms":{"field":"f","execution_hint":"fast"}}}`, "Unknown `execution_hint`: [fast]"},
		{`{"x":{"geohash_grid":{"field":"p","precision":13}}}`, "Invalid geohash aggregation precision of 13. Must be between 1 and 12."},
		{`{"x":{"geotile_grid":{"field":"p","precision":30}}}`, "Invalid geotile_grid precision of 30. Must be between 0 and 29."},
		{`{"x":{"geotile_grid":{"field":"p","bounds":{"top":1,"bottom":2,"left":0,"right":1}}}}`, "top is below bottom corner: 1.0 vs. 2.0"},
		{`{"x":{"rate":{"unit":"day"}}}`, "The rate aggregation can only be used inside a date histogram aggregation"},
		{`{"x":{"top_hits":{"size":200}}}`, "Top hits result window is too large"},
		{`{"x":` + strings.Repeat(`{"terms":{"field":"a"},"aggs":{"x":`, 40) + `{"avg":{"field":"a"}}` + strings.Repeat("}}", 40) + `}`, "nested deeper than 32 levels"},
	} {
		_, err := Parse([]byte(tt.in))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.90s:\n got %v\nwant %s", tt.in, err, tt.want)
		}
	}
}

func TestIntervals(t *testing.T) {
	aggs, err := Parse([]byte(`{"f":{"date_histogram":{"field":"t","fixed_interval":"90m"}},"c":{"date_histogram":{"field":"t","calendar_interval":"week","time_zone":"UTC"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	fixed, calendar := aggs[0].Body.(*DateHistogram), aggs[1].Body.(*DateHistogram)
	if fixed.Interval.FixedMillis != 90*60*1000 || calendar.Interval.Calendar != dates.Week {
		t.Errorf("intervals %+v and %+v", fixed.Interval, calendar.Interval)
	}
	r, err := calendar.Rounding()
	if err != nil || r.Round(1_772_230_530_123) != 1_771_804_800_000 { // Friday to Monday
		t.Errorf("the week of an instant: %v %v", r, err)
	}
}

func TestResolveOrder(t *testing.T) {
	aggs, err := Parse([]byte(`{"x":{"terms":{"field":"s"},"aggs":{"f":{"filter":{"match_all":{}},"aggs":{"p.q":{"percentiles":{"field":"l"}},"s":{"stats":{"field":"l"}}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"f>s.avg": "f s avg", "f>s[max]": "f s max", "f>p.q.99.9": "f p.q 99.9", "f": "f ", "f.doc_count": "f doc_count",
		"_count": "", "g": "", "f>z": "",
	} {
		steps, number, ok := ResolveOrder(aggs[0], path)
		got := ""
		for _, a := range steps {
			got += a.Name + " "
		}
		if got += number; ok != (want != "") || ok && got != want {
			t.Errorf("%s leads to %q (%v), want %q", path, got, ok, want)
		}
	}
}

func TestQueries(t *testing.T) {
	aggs, err := Parse([]byte(`{"a":{"filter":{"term":{"x":1}},"aggs":{"b":{"filters":{"filters":{"k":{"exists":{"field":"y"}}}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	Queries(aggs, func(q query.Query) { kinds = append(kinds, q.Kind()) })
	if got := strings.Join(kinds, " "); got != "term exists" {
		t.Errorf("queries %s", got)
	}
}

// FuzzParse checks that no text panics and that printing is stable.
func FuzzParse(f *testing.F) {
	for _, form := range forms {
		f.Add([]byte(`{"x":` + form.in + `}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		aggs, err := Parse(data)
		if err != nil {
			return
		}
		once := String(aggs)
		again, err := Parse([]byte(once))
		if err != nil {
			t.Fatalf("printed form does not parse: %v\n%s", err, once)
		}
		if twice := String(again); twice != once {
			t.Errorf("printed\n%s\nthen\n%s", once, twice)
		}
	})
}
