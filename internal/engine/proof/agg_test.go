package proof

import (
	"fmt"
	"strings"

	"elkhorn/internal/engine/exec/brute"
)

// aggregatable says whether a field has doc values that the terms family takes.
func aggregatable(f brute.Info) bool { return !isText(f) && f.Type != "geo_point" }

// summable says whether sums of a field do not depend on the order of adding.
func summable(f brute.Info) bool { return isNumber(f) && !strings.Contains(f.Path, "big") }

// aggDepth is how deep aggregations stand in each other.
const aggDepth = 2

// aggs makes sibling aggregations.
func (r *random) aggs(fields []brute.Info, depth int) clause {
	var engine, means []string
	for i := range 1 + r.IntN(2) {
		a := r.agg(fields, depth)
		engine = append(engine, fmt.Sprintf(`"a%d":%s`, i, a.engine))
		means = append(means, fmt.Sprintf(`"a%d":%s`, i, a.brute))
	}
	return clause{"{" + strings.Join(engine, ",") + "}", "{" + strings.Join(means, ",") + "}"}
}

// metric makes an aggregation that is a number; number is the name of one in it.
func (r *random) metric(fields []brute.Info) (body, number string) {
	n, ok := some(r, fields, summable)
	any, ok2 := some(r, fields, aggregatable)
	if !ok2 {
		return `{"value_count":{"field":"nope"}}`, ""
	}
	missing := ""
	if !ok || r.chance(30) {
		if any.Type != "constant_keyword" && r.chance(20) {
			missing = `,"missing":` + r.quoted(any)
		}
		if r.big { // more distinct values than are counted exactly otherwise
			missing += `,"precision_threshold":40000`
			return fmt.Sprintf(`{"cardinality":{"field":%q%s}}`, any.Path, missing), ""
		}
		return fmt.Sprintf(`{%q:{"field":%q%s}}`, r.pick("value_count", "cardinality"), any.Path, missing), ""
	}
	if r.chance(20) {
		missing = `,"missing":3`
	}
	if d, ok := some(r, fields, isDate); ok && r.chance(15) {
		return fmt.Sprintf(`{%q:{"field":%q}}`, r.pick("min", "max"), d.Path), ""
	}
	kinds := []string{"avg", "min", "max", "sum", "stats", "extended_stats", "percentiles", "percentile_ranks"}
	if r.big { // percentiles of many values are not exact
		kinds = kinds[:6]
	}
	switch kind := r.pick(kinds...); kind {
	case "stats":
		return fmt.Sprintf(`{"stats":{"field":%q%s}}`, n.Path, missing), r.pick(".max", ".min", ".avg", ".count", ".sum")
	case "extended_stats":
		return fmt.Sprintf(`{"extended_stats":{"field":%q%s}}`, n.Path, missing), ".max"
	case "percentiles":
		keyed := r.pick("", "", `,"keyed":false`)
		if keyed != "" {
			return fmt.Sprintf(`{"percentiles":{"field":%q%s%s}}`, n.Path, missing, keyed), "-"
		}
		return fmt.Sprintf(`{"percentiles":{"field":%q%s,"percents":[10,50,99.5]}}`, n.Path, missing), ".50"
	case "percentile_ranks":
		return fmt.Sprintf(`{"percentile_ranks":{"field":%q%s,"values":[0,5.5,-3]}}`, n.Path, missing), "-"
	default:
		return fmt.Sprintf(`{%q:{"field":%q%s}}`, kind, n.Path, missing), ""
	}
}

// agg makes one aggregation with what is inside it.
func (r *random) agg(fields []brute.Info, depth int) clause {
	if depth == 0 || r.chance(20) {
		if r.chance(12) && (len(fields) == 0 || fields[0].Scope == "") {
			return r.topHits(fields)
		}
		body, _ := r.metric(fields)
		return clause{body, body}
	}
	if len(fields) > 0 && r.chance(15) {
		to, body := scoped(r.all, ""), both(`"reverse_nested":{}`)
		path, inside, ok := r.within(fields)
		switch {
		case fields[0].Scope == "ns.in" && r.chance(50):
			to, body = scoped(r.all, "ns"), both(`"reverse_nested":{"path":"ns"}`)
		case fields[0].Scope == "" && !ok:
			to = nil
		case ok && (fields[0].Scope == "" || r.chance(50)):
			to, body = inside, both(`"nested":{"path":%q}`, path)
		}
		if len(to) > 0 {
			inner := r.aggs(to, depth-1)
			return clause{"{" + body.engine + `,"aggs":` + inner.engine + "}", "{" + body.brute + `,"aggs":` + inner.brute + "}"}
		}
	}
	body, orderable := r.bucketAgg(fields, depth)
	inner := r.aggs(fields, depth-1)
	if orderable && r.chance(25) {
		metric, number := r.metric(fields)
		if number != "-" {
			direction := r.pick("asc", "desc")
			order := fmt.Sprintf(`,"order":{"m%s":%q}}`, number, direction)
			i := strings.LastIndex(body.engine, "}")
			body = clause{body.engine[:i] + order, body.brute[:i] + order}
			inner = clause{`{"m":` + metric + "," + inner.engine[1:], `{"m":` + metric + "," + inner.brute[1:]}
		}
		return clause{"{" + body.engine + `,"aggs":` + inner.engine + "}", "{" + body.brute + `,"aggs":` + inner.brute + "}"}
	}
	if orderable && r.chance(25) {
		order := fmt.Sprintf(`,"order":%s}`, r.pick(`{"_key":"desc"}`, `{"_key":"asc"}`, `{"_count":"asc"}`, `[{"_count":"desc"},{"_key":"desc"}]`))
		i := strings.LastIndex(body.engine, "}")
		body = clause{body.engine[:i] + order, body.brute[:i] + order}
	}
	if r.chance(40) {
		return clause{"{" + body.engine + "}", "{" + body.brute + "}"}
	}
	return clause{"{" + body.engine + `,"aggs":` + inner.engine + "}", "{" + body.brute + `,"aggs":` + inner.brute + "}"}
}

// bucketAgg makes the body of an aggregation with buckets; orderable says that it takes "order".
func (r *random) bucketAgg(fields []brute.Info, depth int) (_ clause, orderable bool) {
	any, ok := some(r, fields, aggregatable)
	if !ok {
		return both(`"filter":{"match_all":{}}`), false
	}
	if depth == aggDepth && r.chance(5) {
		return both(`"global":{}`), false
	}
	if depth == aggDepth && any.Scope == "" && r.chance(10) {
		if body, ok := r.composite(fields); ok {
			return body, false
		}
	}
	switch r.IntN(13) {
	case 11:
		if body, ok := r.multiTerms(fields); ok {
			return body, true
		}
	case 12:
		if !isFloat(any) && any.Type != "constant_keyword" {
			return both(`"rare_terms":{"field":%q,"max_doc_count":%d}`, any.Path, 1+r.IntN(5)), false
		}
	case 0, 1, 2:
		return r.termsAgg(any, depth), true
	case 3, 4:
		if d, ok := some(r, fields, isDate); ok {
			return r.dateHistogram(d), true
		}
	case 5:
		if n, ok := some(r, fields, summable); ok {
			return both(`"histogram":{"field":%q,"interval":%s,"min_doc_count":%d%s}`, n.Path, r.pick("5", "2.5", "10"), r.IntN(3),
				r.pick("", "", `,"offset":1.5`, `,"keyed":true`, `,"extended_bounds":{"min":-20,"max":45}`, `,"missing":4`)), true
		}
	case 6:
		if n, ok := some(r, fields, isNumber); ok {
			return both(`"range":{"field":%q,"ranges":[{"key":"x","to":5},{"from":3,"to":12.5},{"from":12}]%s}`, n.Path, r.pick("", `,"keyed":true`, `,"missing":4`)), false
		}
	case 7:
		if d, ok := some(r, fields, func(f brute.Info) bool { return isDate(f) && strings.HasPrefix(f.Format, "strict") }); ok {
			return both(`"date_range":{"field":%q,"ranges":[{"to":"2026-03-28"},{"from":"2026-03-28||-6h","to":"2026-03-29T12:00:00Z"},{"key":"late","from":"2026-03-29T12"}]%s}`, d.Path, r.pick("", `,"keyed":true`)), false
		}
	case 8:
		p, q := r.query(fields, 1), r.query(fields, 0)
		if r.chance(40) {
			return clause{fmt.Sprintf(`"filters":{"filters":[%s,%s]}`, p.engine, q.engine), fmt.Sprintf(`"filters":{"filters":[%s,%s]}`, p.brute, q.brute)}, false
		}
		other := r.pick("", `,"other_bucket":true`, `,"other_bucket_key":"rest"`)
		return clause{fmt.Sprintf(`"filters":{"filters":{"p":%s,"q":%s}%s}`, p.engine, q.engine, other), fmt.Sprintf(`"filters":{"filters":{"p":%s,"q":%s}%s}`, p.brute, q.brute, other)}, false
	case 9:
		return both(`"missing":{"field":%q}`, any.Path), false
	}
	q := r.query(fields, 1)
	return clause{`"filter":` + q.engine, `"filter":` + q.brute}, false
}

// multiTerms makes combinations of the values of two fields or three.
func (r *random) multiTerms(fields []brute.Info) (clause, bool) {
	var terms []string
	for range 2 + r.IntN(2) {
		f, ok := some(r, fields, tupled)
		if !ok {
			return clause{}, false
		}
		missing := ""
		if r.chance(25) {
			missing = `,"missing":` + r.quoted(f)
		}
		terms = append(terms, fmt.Sprintf(`{"field":%q%s}`, f.Path, missing))
	}
	return both(`"multi_terms":{"terms":[%s],"size":%d}`, strings.Join(terms, ","), 1+r.IntN(20)), true
}

// tupled says whether a field goes into keys of several values: whose texts are not seen in several ways.
func tupled(f brute.Info) bool {
	return aggregatable(f) && f.Type != "constant_keyword" && !strings.Contains(f.Path, "big")
}

// composite makes a page of combinations.
func (r *random) composite(fields []brute.Info) (clause, bool) {
	var sources []string
	for i := range 1 + r.IntN(3) {
		f, ok := some(r, fields, tupled)
		if !ok {
			return clause{}, false
		}
		kind, options := "terms", r.pick("", "", `,"order":"desc"`)
		switch {
		case isNumber(f) && r.chance(50):
			kind, options = "histogram", options+`,"interval":`+r.pick("5", "2.5", "10")
		case isDate(f) && r.chance(70):
			kind, options = "date_histogram", options+r.pick(`,"fixed_interval":"1h"`, `,"calendar_interval":"day"`, `,"calendar_interval":"1M"`, `,"fixed_interval":"12h","time_zone":"+01:00"`)
		}
		options += r.pick("", "", `,"missing_bucket":true`, `,"missing_bucket":true,"missing_order":"first"`, `,"missing_bucket":true,"missing_order":"last"`)
		sources = append(sources, fmt.Sprintf(`{"s%d":{%q:{"field":%q%s}}}`, i, kind, f.Path, options))
	}
	return both(`"composite":{"size":%d,"sources":[%s]}`, 1+r.IntN(30), strings.Join(sources, ",")), true
}

func (r *random) termsAgg(f brute.Info, depth int) clause {
	options := ""
	if r.chance(25) && f.Type != "constant_keyword" {
		options += `,"missing":` + r.quoted(f)
	}
	switch {
	case r.chance(20):
		options += `,"min_doc_count":2`
	case options == "" && depth == aggDepth && r.chance(15) && !r.churn: // deleted documents leave values behind
		options += `,"min_doc_count":0`
	}
	if r.chance(20) && (f.Type == "keyword" || f.Type == "wildcard") {
		options += r.pick(`,"include":"a.*|INFO|b"`, `,"exclude":["a","b"]`, `,"include":["a","error","user-1"]`, `,"exclude":"user.*"`)
	}
	if r.chance(15) && isWhole(f) {
		options += r.pick(`,"include":[1,2,3,4,5,6,7]`, `,"exclude":[0,1]`)
	}
	return both(`"terms":{"field":%q,"size":%d%s}`, f.Path, 1+r.IntN(12), options)
}

func (r *random) dateHistogram(f brute.Info) clause {
	interval := r.pick(`"fixed_interval":"1h"`, `"fixed_interval":"12h"`, `"fixed_interval":"1d"`, `"fixed_interval":"90m"`, `"calendar_interval":"1h"`,
		`"calendar_interval":"day"`, `"calendar_interval":"1d"`, `"calendar_interval":"week"`, `"calendar_interval":"1M"`, `"calendar_interval":"1q"`, `"calendar_interval":"1y"`)
	options := ""
	switch zone := r.pick(zones...); {
	case zone != "":
		options += fmt.Sprintf(`,"time_zone":%q`, zone)
	case strings.Contains(interval, "calendar") && r.chance(30):
		options += `,"time_zone":"Europe/Berlin"`
	}
	if r.chance(15) && !strings.Contains(interval, "calendar") {
		options += `,"offset":"30m"`
	}
	if r.chance(15) {
		options += `,"keyed":true`
	}
	switch {
	case r.chance(10) && strings.HasPrefix(f.Format, "strict"):
		options += `,"extended_bounds":{"min":"2026-03-25","max":"2026-04-02"}`
	case r.chance(10):
		options += `,"format":"yyyy-MM-dd HH:mm:ss"`
	}
	return both(`"date_histogram":{"field":%q,%s,"min_doc_count":%d%s}`, f.Path, interval, r.IntN(2), options)
}

func (r *random) topHits(fields []brute.Info) clause {
	sort := r.sort(fields, !r.many)
	return both(`{"top_hits":{"size":%d,"from":%d,"sort":%s,"_source":false}}`, 1+r.IntN(4), r.IntN(2), sort)
}

// sort makes sort keys that leave no ties.
func (r *random) sort(fields []brute.Info, plain bool) string {
	var keys []string
	for range r.IntN(3) {
		f, ok := some(r, fields, func(f brute.Info) bool { return aggregatable(f) && f.Type != "constant_keyword" })
		if !ok {
			break
		}
		order := r.pick("asc", "desc")
		options := ""
		switch {
		case r.chance(20):
			options += fmt.Sprintf(`,"missing":%q`, r.pick("_first", "_last"))
		case r.chance(10) && !isDate(f) && f.Type != "boolean":
			options += `,"missing":` + r.quoted(f)
		}
		switch {
		case r.chance(15):
			options += fmt.Sprintf(`,"mode":%q`, r.pick("min", "max"))
		case r.chance(10) && summable(f) && f.Type != "scaled_float": // whose sums differ in the last bit, so that what is level for one is not for the other
			options += fmt.Sprintf(`,"mode":%q`, r.pick("sum", "avg", "median"))
		}
		keys = append(keys, fmt.Sprintf(`{%q:{"order":%q%s}}`, f.Path, order, options))
	}
	last := fmt.Sprintf(`{"_seq_no":%q}`, r.pick("asc", "desc"))
	if !plain && (r.many || r.chance(15)) { // _seq_no tells documents of one index apart
		last = fmt.Sprintf(`{"_id":%q}`, r.pick("asc", "desc"))
	}
	return "[" + strings.Join(append(keys, last), ",") + "]"
}
