package brute

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"time"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
)

// Aggregate computes aggregations over documents, as decoded JSON.
func (t Types) Aggregate(all, docs []Doc, aggs []*agg.Agg) map[string]any {
	out := map[string]any{}
	for _, a := range aggs {
		out[a.Name] = t.one(all, docs, a)
	}
	return out
}

func (t Types) one(all, docs []Doc, a *agg.Agg) map[string]any {
	// single is an aggregation with one bucket.
	single := func(docs []Doc) map[string]any { return t.bucket(all, docs, a) }
	switch b := a.Body.(type) {
	case *agg.Terms:
		return t.terms(all, docs, a, b)
	case *agg.Histogram:
		return t.histogram(all, docs, a, b)
	case *agg.DateHistogram:
		return t.dateHistogram(all, docs, a, b)
	case *agg.Range:
		return t.ranges(all, docs, a, b)
	case *agg.Filter:
		return single(t.only(docs, func(d Doc) bool { return t.Match(d, b.Query) }))
	case *agg.Missing:
		return single(t.only(docs, func(d Doc) bool { return len(t.values(d, b.Field)) == 0 }))
	case *agg.Global:
		return single(all)
	case *agg.Nested:
		return single(t.inside(docs, b.Path))
	case *agg.ReverseNested:
		return single(around(docs, b.Path))
	case *agg.Filters:
		buckets := map[string]any{}
		for _, f := range b.Filters {
			buckets[f.Key] = single(t.only(docs, func(d Doc) bool { return t.Match(d, f.Query) }))
		}
		return map[string]any{"buckets": buckets}
	}
	return t.metric(docs, a)
}

func (t Types) only(docs []Doc, keep func(Doc) bool) []Doc {
	var out []Doc
	for _, d := range docs {
		if keep(d) {
			out = append(out, d)
		}
	}
	return out
}

// bucket is a bucket without key.
func (t Types) bucket(all, docs []Doc, a *agg.Agg) map[string]any {
	out := t.Aggregate(all, docs, a.Subs)
	out["doc_count"] = number(float64(len(docs)))
	return out
}

// group is documents with one key.
type group struct {
	key  any
	docs []Doc
}

// groupBy puts each document into the groups of the distinct keys of its values, sorted by key.
func (t Types) groupBy(docs []Doc, field string, key func(any) any) []group {
	var groups []group
	for _, d := range docs {
		var seen []any
		for _, v := range t.values(d, field) {
			k := key(v)
			if slices.Contains(seen, k) {
				continue
			}
			seen = append(seen, k)
			i, found := slices.BinarySearchFunc(groups, k, func(g group, k any) int { return compare(g.key, k) })
			if !found {
				groups = slices.Insert(groups, i, group{key: k})
			}
			groups[i].docs = append(groups[i].docs, d)
		}
	}
	return groups
}

func (t Types) terms(all, docs []Doc, a *agg.Agg, b *agg.Terms) map[string]any {
	groups := t.groupBy(docs, b.Field, func(v any) any { return v })
	slices.SortStableFunc(groups, func(x, y group) int { return len(y.docs) - len(x.docs) })
	other := 0
	buckets := []any{}
	for i, g := range groups {
		if i >= b.Size {
			other += len(g.docs)
			continue
		}
		out := t.bucket(all, g.docs, a)
		t.setKey(out, b.Field, g.key)
		buckets = append(buckets, out)
	}
	return map[string]any{"doc_count_error_upper_bound": number(0), "sum_other_doc_count": number(float64(other)), "buckets": buckets}
}

func (t Types) setKey(out map[string]any, field string, key any) {
	switch t[field] {
	case "boolean":
		out["key"], out["key_as_string"] = number(key.(float64)), fmt.Sprint(key.(float64) == 1)
	case "date":
		out["key"], out["key_as_string"] = number(key.(float64)), date(key.(float64))
	case "ip":
		out["key"] = netip.AddrFrom16([16]byte([]byte(key.(string)))).Unmap().String()
	case "keyword":
		out["key"] = key
	default:
		out["key"] = number(key.(float64))
	}
}

func date(ms float64) string {
	return time.UnixMilli(int64(ms)).UTC().Format("2006-01-02T15:04:05.000Z")
}

func (t Types) histogram(all, docs []Doc, a *agg.Agg, b *agg.Histogram) map[string]any {
	groups := t.groupBy(docs, b.Field, func(v any) any { return math.Floor(v.(float64) / b.Interval) })
	buckets := []any{}
	for i, g := range groups {
		if b.MinDocCount == 0 && i > 0 {
			for k := groups[i-1].key.(float64) + 1; k < g.key.(float64); k++ {
				out := t.bucket(all, nil, a)
				out["key"] = number(k * b.Interval)
				buckets = append(buckets, out)
			}
		}
		if int64(len(g.docs)) < b.MinDocCount {
			continue
		}
		out := t.bucket(all, g.docs, a)
		out["key"] = number(g.key.(float64) * b.Interval)
		buckets = append(buckets, out)
	}
	return map[string]any{"buckets": buckets}
}

// dateHistogram knows fixed intervals in UTC.
func (t Types) dateHistogram(all, docs []Doc, a *agg.Agg, b *agg.DateHistogram) map[string]any {
	step := float64(b.Interval.FixedMillis)
	groups := t.groupBy(docs, b.Field, func(v any) any { return math.Floor(v.(float64)/step) * step })
	buckets := []any{}
	add := func(key float64, docs []Doc) {
		out := t.bucket(all, docs, a)
		out["key"], out["key_as_string"] = number(key), date(key)
		buckets = append(buckets, out)
	}
	for i, g := range groups {
		if b.MinDocCount == 0 && i > 0 {
			for k := groups[i-1].key.(float64) + step; k < g.key.(float64); k += step {
				add(k, nil)
			}
		}
		if int64(len(g.docs)) >= b.MinDocCount {
			add(g.key.(float64), g.docs)
		}
	}
	return map[string]any{"buckets": buckets}
}

func (t Types) ranges(all, docs []Doc, a *agg.Agg, b *agg.Range) map[string]any {
	buckets := []any{}
	for _, r := range b.Ranges {
		from, to := math.Inf(-1), math.Inf(1)
		if f, ok := r.From.Float64(); ok {
			from = f
		}
		if f, ok := r.To.Float64(); ok {
			to = f
		}
		out := t.bucket(all, t.only(docs, func(d Doc) bool {
			return slices.ContainsFunc(t.values(d, b.Field), func(v any) bool { return v.(float64) >= from && v.(float64) < to })
		}), a)
		out["key"] = r.Key
		if r.From.Kind == jsonval.Number {
			out["from"] = number(from)
		}
		if r.To.Kind == jsonval.Number {
			out["to"] = number(to)
		}
		buckets = append(buckets, out)
	}
	return map[string]any{"buckets": buckets}
}

// metric computes the aggregations that are numbers.
func (t Types) metric(docs []Doc, a *agg.Agg) map[string]any {
	gather := func(field string) (all []any) {
		for _, d := range docs {
			all = append(all, t.values(d, field)...)
		}
		return all
	}
	switch b := a.Body.(type) {
	case *agg.ValueCount:
		return map[string]any{"value": number(float64(len(gather(b.Field))))}
	case *agg.Cardinality:
		seen := map[any]bool{}
		for _, v := range gather(b.Field) {
			seen[v] = true
		}
		return map[string]any{"value": number(float64(len(seen)))}
	case *agg.Sum:
		return map[string]any{"value": number(sum(gather(b.Field)))}
	case *agg.Avg:
		return value(gather(b.Field), func(v []any) float64 { return sum(v) / float64(len(v)) })
	case *agg.Min:
		return value(gather(b.Field), func(v []any) float64 { return slices.MinFunc(v, compare).(float64) })
	case *agg.Max:
		return value(gather(b.Field), func(v []any) float64 { return slices.MaxFunc(v, compare).(float64) })
	case *agg.Stats:
		v := gather(b.Field)
		out := map[string]any{"count": number(float64(len(v))), "sum": number(sum(v)), "min": nil, "max": nil, "avg": nil}
		if len(v) > 0 {
			out["min"], out["max"] = number(slices.MinFunc(v, compare).(float64)), number(slices.MaxFunc(v, compare).(float64))
			out["avg"] = number(sum(v) / float64(len(v)))
		}
		return out
	case *agg.Percentiles:
		v := gather(b.Field)
		slices.SortFunc(v, compare)
		values := map[string]any{}
		for _, p := range b.Percents {
			values[string(percentKey(p))] = percentile(v, p)
		}
		return map[string]any{"values": values}
	}
	panic("brute: no aggregation " + a.Body.Kind())
}

func percentKey(p float64) string {
	if p == math.Trunc(p) {
		return fmt.Sprintf("%.1f", p)
	}
	return fmt.Sprint(p)
}

// percentile interpolates between the neighbours in sorted values.
func percentile(v []any, p float64) any {
	if len(v) == 0 {
		return nil
	}
	rank := p / 100 * float64(len(v)-1)
	lo := int(rank)
	if lo == len(v)-1 {
		return number(v[lo].(float64))
	}
	return number(v[lo].(float64) + (v[lo+1].(float64)-v[lo].(float64))*(rank-float64(lo)))
}

func sum(v []any) (s float64) {
	for _, x := range v {
		s += x.(float64)
	}
	return s
}

func value(v []any, of func([]any) float64) map[string]any {
	if len(v) == 0 {
		return map[string]any{"value": nil}
	}
	return map[string]any{"value": json.Number(number(of(v)))}
}
