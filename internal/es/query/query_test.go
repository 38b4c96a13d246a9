package query

import (
	"strings"
	"testing"
)

// clauses are queries and how they are printed; "" means as written.
var clauses = []struct{ name, in, want string }{
	{"match_all", `{"match_all":{}}`, ""},
	{"match_all with options", `{"match_all":{"boost":1.5,"_name":"all"}}`, ""},
	{"match_none", `{"match_none":{}}`, ""},
	{"term short", `{"term":{"level":"ERROR"}}`, `{"term":{"level":{"value":"ERROR"}}}`},
	{"term long", `{"term":{"level":{"value":"error","case_insensitive":true,"boost":2}}}`, ""},
	{"term keeps the number's literal", `{"term":{"n":1.10}}`, `{"term":{"n":{"value":1.10}}}`},
	{"term with a big number", `{"term":{"n":{"value":12345678901234567890123}}}`, ""},
	{"term with a boolean", `{"term":{"b":true}}`, `{"term":{"b":{"value":true}}}`},
	{"terms", `{"terms":{"level":["a",1,true],"boost":2}}`, ""},
	{"terms of none", `{"terms":{"level":[]}}`, ""},
	{"range", `{"range":{"t":{"gte":"now-1h/d","lt":"now","format":"yyyy","time_zone":"+01:00"}}}`, ""},
	{"range legacy", `{"range":{"t":{"from":1,"to":5,"include_lower":false}}}`, `{"range":{"t":{"gt":1,"lte":5}}}`},
	{"range with null", `{"range":{"t":{"gte":null,"lte":5}}}`, `{"range":{"t":{"lte":5}}}`},
	{"exists", `{"exists":{"field":"a.b"}}`, ""},
	{"ids", `{"ids":{"values":["1",2]}}`, `{"ids":{"values":["1","2"]}}`},
	{"bool", `{"bool":{"must":[{"match_all":{}}],"filter":[{"exists":{"field":"a"}}],"must_not":[{"match_none":{}}],"should":[{"match_all":{}}],"minimum_should_match":"1"}}`, ""},
	{"bool with single objects", `{"bool":{"must":{"match_all":{}},"minimum_should_match":1}}`, `{"bool":{"must":[{"match_all":{}}],"minimum_should_match":"1"}}`},
	{"bool empty", `{"bool":{}}`, ""},
	{"bool as printed by Elasticsearch", `{"bool":{"adjust_pure_negative":true,"boost":1.0}}`, `{"bool":{"boost":1}}`},
	{"constant_score", `{"constant_score":{"filter":{"match_all":{}},"boost":3}}`, ""},
	{"dis_max", `{"dis_max":{"queries":[{"match_all":{}},{"exists":{"field":"a"}}],"tie_breaker":0.3,"boost":2}}`, ""},
	{"match short", `{"match":{"m":"a b"}}`, `{"match":{"m":{"query":"a b"}}}`},
	{"match", `{"match":{"m":{"query":"a b","operator":"and","fuzziness":"auto","lenient":true,"zero_terms_query":"all"}}}`,
		`{"match":{"m":{"query":"a b","operator":"AND","lenient":true,"zero_terms_query":"ALL","fuzziness":"AUTO"}}}`},
	{"match as printed by Elasticsearch", `{"match":{"m":{"query":"a","operator":"OR","prefix_length":0,"max_expansions":50,"fuzzy_transpositions":true,"lenient":false,"zero_terms_query":"NONE","auto_generate_synonyms_phrase_query":true,"boost":1.0}}}`,
		`{"match":{"m":{"query":"a","max_expansions":50,"boost":1}}}`},
	{"match_bool_prefix", `{"match_bool_prefix":{"m":{"query":"a b","operator":"AND","analyzer":"simple","fuzziness":"1"}}}`, ""},
	{"match_phrase", `{"match_phrase":{"m":{"query":"a b","slop":2,"analyzer":"simple"}}}`, ""},
	{"match_phrase_prefix", `{"match_phrase_prefix":{"m":{"query":"a b","max_expansions":10}}}`, ""},
	{"multi_match", `{"multi_match":{"query":"a","fields":["x^2","y*"],"type":"phrase"}}`, ""},
	{"prefix", `{"prefix":{"a":"x"}}`, `{"prefix":{"a":{"value":"x"}}}`},
	{"wildcard old spelling", `{"wildcard":{"a":{"wildcard":"x*"}}}`, `{"wildcard":{"a":{"value":"x*"}}}`},
	{"regexp", `{"regexp":{"a":{"value":"x.*","flags":"ALL"}}}`, ""},
	{"fuzzy", `{"fuzzy":{"a":{"value":"x","fuzziness":"AUTO","transpositions":false}}}`, ""},
	{"query_string", `{"query_string":{"query":"a:b AND c","default_field":"m","default_operator":"AND","analyze_wildcard":true}}`, ""},
	{"query_string for phrases", `{"query_string":{"query":"\"a b\"","lenient":false,"quote_field_suffix":".exact"}}`, ""},
	{"query_string of nothing", `{"query_string":{"query":""}}`, ""},
	{"simple_query_string", `{"simple_query_string":{"query":"a +b","fields":["m"]}}`, ""},
	{"nested", `{"nested":{"query":{"match_all":{}},"path":"items","score_mode":"none","inner_hits":{"size":1}}}`, ""},
	{"a clause that is not modelled", `{"sparse_vector":{"field":"a",  "query":"x"}}`, ""},
	{"knn", `{"knn":{"field":"a","query_vector":[1,-0.5],"k":3,"num_candidates":10,"filter":{"exists":{"field":"b"}},"similarity":0.5,"boost":2}}`, `{"knn":{"field":"a","query_vector":[1,-0.5],"k":3,"num_candidates":10,"filter":[{"exists":{"field":"b"}}],"similarity":0.5,"boost":2}}`},
	{"boosting", `{"boosting":{"positive":{"match_all":{}},"negative":{"term":{"a":{"value":1}}},"negative_boost":0.5}}`, ""},
	{"combined_fields", `{"combined_fields":{"query":"x y","fields":["a^2","b"],"operator":"AND"}}`, ""},
	{"distance_feature", `{"distance_feature":{"field":"t","origin":"now","pivot":"7d","boost":2}}`, ""},
	{"terms_set", `{"terms_set":{"a":{"terms":["x"],"minimum_should_match_field":"n"}}}`, ""},
	{"script_score", `{"script_score":{"query":{"match_all":{}},"script":{"source":"1"},"min_score":1}}`, ""},
	{"function_score", `{"function_score":{"query":{"match_all":{}},"functions":[{"filter":{"match_all":{}},"weight":2},{"field_value_factor":{"field":"n","factor":1.5,"modifier":"ln1p","missing":1}},{"random_score":{"seed":3,"field":"n"}},{"gauss":{"n":{"origin":1,"scale":2,"offset":1,"decay":0.3},"multi_value_mode":"avg"}}],"score_mode":"sum","boost_mode":"replace","max_boost":9,"min_score":1}}`, ""},
	{"function_score of one", `{"function_score":{"weight":2}}`, `{"function_score":{"query":{"match_all":{}},"functions":[{"weight":2}]}}`},
	{"wrapper", `{"wrapper":{"query":"eyJtYXRjaF9hbGwiOnt9fQ=="}}`, `{"match_all":{}}`},
	{"geo_distance", `{"geo_distance":{"distance":"1km","p":[1,2]}}`, ""},
	{"geo_bounding_box", `{"geo_bounding_box":{"p":{"top":2,"left":1,"bottom":1,"right":2}}}`, ""},
	{"geo_shape", `{"geo_shape":{"p":{"shape":{"type":"circle","coordinates":[1,2],"radius":"1m"}}}}`, ""},
	{"spans", `{"span_near":{"clauses":[{"span_term":{"a":"x"}},{"span_multi":{"match":{"prefix":{"a":"y"}}}}],"slop":3,"in_order":true}}`, ""},
	{"intervals", `{"intervals":{"a":{"match":{"query":"x y","max_gaps":2,"filter":{"containing":{"prefix":{"prefix":"z"}}}}}}}`, ""},
	{"terms looked up elsewhere", `{"terms":{"a":{"index":"x","id":"1","path":"p"}}}`, ""},
	{"a field named boost", `{"term":{"boost":"x"}}`, `{"term":{"boost":{"value":"x"}}}`},
}

func TestParsePrint(t *testing.T) {
	for _, tt := range clauses {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want == "" {
				want = tt.in
			}
			q, err := Parse([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if got := String(q); got != want {
				t.Errorf("printed\n%s\nwant\n%s", got, want)
			}
			again, err := Parse([]byte(want))
			if err != nil || String(again) != want {
				t.Errorf("printed again: %v", err)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	deep := strings.Repeat(`{"bool":{"must":`, 40) + `{"match_all":{}}` + strings.Repeat("}}", 40)
	for _, tt := range []struct{ in, want string }{
		{`{"foo":{}}`, "parsing_exception: unknown query [foo]: named_object_not_found_exception: [1:8] unknown field [foo]"},
		{`{"terrm":{}}`, "unknown query [terrm] did you mean any of [term, terms]?"},
		{`{}`, "illegal_argument_exception: query malformed, empty clause found"},
		{`[]`, "[_na] query malformed, must start with start_object"},
		{`{"term":[]}`, "[term] query malformed, no start_object after query name"},
		{`{"match_all":{},"term":{"a":1}}`, "[match_all] malformed query, expected [END_OBJECT] but found [FIELD_NAME]"},
		{`{"match_all":{"foo":1}}`, "[match_all] query does not support [foo]"},
		{`{"term":{"a":{"value":1,"foo":2}}}`, "[term] query does not support [foo]"},
		{`{"term":{"a":1,"b":2}}`, "[term] query doesn't support multiple fields, found [a] and [b]"},
		{`{"term":{"a":[1]}}`, "[term] query does not support array of values"},
		{`{"term":{}}`, "field name is null or empty"},
		{`{"term":{"a":{}}}`, "value cannot be null"},
		{`{"terms":{"a":"x"}}`, "[terms] query does not support [a]"},
		{`{"terms":{"a":[1],"b":[2]}}`, "[terms] query does not support multiple fields"},
		{`{"terms":{"a":[null]}}`, "No value specified for terms query"},
		{`{"terms":{}}`, "[terms] query requires a field name"},
		{`{"range":{"a":5}}`, "[range] query does not support [a]"},
		{`{"range":{"a":{"gtt":5}}}`, "[range] query does not support [gtt]"},
		{`{"range":{"a":{"gt":[5]}}}`, "[range] unknown token [START_ARRAY] after [gt]"},
		{`{"exists":{}}`, "[exists] must be provided with a [field]"},
		{`{"bool":{"musst":[]}}`, "x_content_parse_exception: [1:18] [bool] unknown field [musst] did you mean any of [must, mustNot]?"},
		{`{"bool":{"must":[5]}}`, "[_na] query malformed, must start with start_object"},
		{`{"bool":{"must":[{"foo":{}}]}}`, "unknown query [foo]"},
		{`{"dis_max":{"queries":[]}}`, "[dis_max] requires 'queries' field with at least one clause"},
		{`{"constant_score":{}}`, "[constant_score] requires a 'filter' element"},
		{`{"match":{"m":{"query":["a"]}}}`, "[match] unknown token [START_ARRAY] after [query]"},
		{`{"match":{"m":{}}}`, "No text specified for text query"},
		{`{"match":{"m":{"query":"a","operator":"xor"}}}`, "expected one of [and, or] but got [\"xor\"]"},
		{`{"match":{"m":{"query":"a","fuzziness":"7"}}}`, "[match] failed to parse field [fuzziness]"},
		{`{"prefix":{"a":{"value":"x","rewrite":"top_terms_5"}}}`, `[rewrite] of ["top_terms_5"] in a [prefix] query is not supported`},
		{`{"match_all":{"boost":-1}}`, "negative [boost] are not allowed in [-1]"},
		{`{"match_all":{"boost":"x"}}`, "[match_all] failed to parse field [boost]"},
		{`{"query_string":{}}`, "[query_string] must be provided with a [query]"},
		{`{"query_string":{"query":"x","default_field":"a","fields":["b"]}}`, "cannot use [fields] parameter in conjunction with [default_field]"},
		{`{"nested":{"query":{"match_all":{}}}}`, "[nested] requires 'path' field"},
		{`{"ids":{"values":[null]}}`, "[ids] unknown token [VALUE_NULL] after [values]"},
		{deep, "exceeds the maximum nested depth"},
		{`{"term"`, "x_content_parse_exception: [1:8] Unexpected end-of-input"},
	} {
		_, err := Parse([]byte(tt.in))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.80s:\n got %v\nwant %s", tt.in, err, tt.want)
		}
	}
}

func TestWalk(t *testing.T) {
	q, err := Parse([]byte(`{"bool":{"must":[{"constant_score":{"filter":{"term":{"a":1}}}}],"should":[{"nested":{"path":"n","query":{"exists":{"field":"b"}}}}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	Walk(q, func(q Query) bool {
		kinds = append(kinds, q.Kind())
		return q.Kind() != "nested"
	})
	if got := strings.Join(kinds, " "); got != "bool constant_score term nested" {
		t.Errorf("visited %s", got)
	}
}

func TestMinimumShouldMatch(t *testing.T) {
	for _, tt := range []struct {
		spec  string
		total int
		want  int
	}{
		{"2", 5, 2}, {"-2", 5, 3}, {"75%", 5, 3}, {"-25%", 5, 4}, {"-9", 5, 0}, {"100%", 3, 3},
		{"2<75%", 2, 2}, {"2<75%", 4, 3}, {"2<-25% 9<-3", 2, 2}, {"2<-25% 9<-3", 8, 6}, {"2<-25% 9<-3", 12, 9},
	} {
		if got, err := MinimumShouldMatch(tt.spec, tt.total); err != nil || got != tt.want {
			t.Errorf("%s of %d: %d (%v), want %d", tt.spec, tt.total, got, err, tt.want)
		}
	}
	for _, spec := range []string{"", "x", "5x", "2<", "<3", "200%", "2<x"} {
		if got, err := MinimumShouldMatch(spec, 5); err == nil {
			t.Errorf("%q gave %d", spec, got)
		}
	}
	for in, want := range map[string]int{
		`{"bool":{"should":[{"match_all":{}}]}}`:                                                    1,
		`{"bool":{"filter":[{"match_all":{}}],"should":[{"match_all":{}}]}}`:                        0,
		`{"bool":{"must_not":[{"match_all":{}}]}}`:                                                  0,
		`{"bool":{"should":[{"match_all":{}},{"match_none":{}}],"minimum_should_match":"-1"}}`:      1,
		`{"bool":{"must":[{"match_all":{}}],"should":[{"match_all":{}}],"minimum_should_match":1}}`: 1,
	} {
		q, err := Parse([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := q.(*Bool).RequiredShould(); err != nil || got != want {
			t.Errorf("%s requires %d (%v), want %d", in, got, err, want)
		}
	}
}

// FuzzParse checks that no text panics and that printing is stable.
func FuzzParse(f *testing.F) {
	for _, c := range clauses {
		f.Add([]byte(c.in))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := Parse(data)
		if err != nil {
			return
		}
		once := String(q)
		again, err := Parse([]byte(once))
		if err != nil {
			t.Fatalf("printed form does not parse: %v\n%s", err, once)
		}
		if twice := String(again); twice != once {
			t.Errorf("printed\n%s\nthen\n%s", once, twice)
		}
	})
}
