package brute

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Aggregator computes aggregations over documents, as decoded JSON in the shape of an answer.
type Aggregator struct {
	// All are the documents of the searched indices, whatever the query.
	All []*Doc
	// Indices are those that are searched; a field has the same type in all that have it.
	Indices []*Index
}

// Aggs computes the members of an "aggs" object.
func (a *Aggregator) Aggs(docs []*Doc, aggs *Node) map[string]any {
	out := map[string]any{}
	if aggs == nil {
		return out
	}
	for i, name := range aggs.Keys {
		out[name] = a.one(docs, aggs.Items[i])
	}
	return out
}

// subs is the object of the aggregations inside one.
func subs(n *Node) *Node {
	if s := n.Get("aggs"); s != nil {
		return s
	}
	return n.Get("aggregations")
}

func (a *Aggregator) one(docs []*Doc, n *Node) map[string]any {
	kind, o := n.Keys[0], n.Items[0]
	for i, key := range n.Keys {
		if key != "aggs" && key != "aggregations" && key != "meta" {
			kind, o = key, n.Items[i]
		}
	}
	switch kind {
	case "terms":
		return a.terms(docs, n, o)
	case "histogram":
		return a.histogram(docs, n, o)
	case "date_histogram":
		return a.dateHistogram(docs, n, o)
	case "range", "date_range":
		return a.ranges(docs, n, o, kind == "date_range")
	case "filter":
		return a.bucket(only(docs, func(d *Doc) bool { return d.Matches(o) }), n)
	case "missing":
		f := a.field(o)
		return a.bucket(only(docs, func(d *Doc) bool { return len(d.values(f)) == 0 && o.Get("missing") == nil }), n)
	case "nested":
		return a.bucket(insideAll(docs, o.text("path", "")), n)
	case "reverse_nested":
		return a.bucket(around(docs, o.text("path", "")), n)
	case "global":
		return a.bucket(a.All, n)
	case "filters":
		return a.filters(docs, n, o)
	case "multi_terms":
		return a.multiTerms(docs, n, o)
	case "composite":
		return a.composite(docs, n, o)
	case "auto_date_histogram":
		return a.autoDate(docs, n, o)
	case "significant_terms":
		return a.significant(docs, n, o)
	case "rare_terms":
		return a.rareTerms(docs, n, o)
	case "top_hits":
		return a.topHits(docs, o)
	}
	return a.metric(docs, kind, o)
}

func only(docs []*Doc, keep func(*Doc) bool) []*Doc {
	var out []*Doc
	for _, d := range docs {
		if keep(d) {
			out = append(out, d)
		}
	}
	return out
}

// bucket is a bucket without key.
func (a *Aggregator) bucket(docs []*Doc, n *Node) map[string]any {
	out := a.Aggs(docs, subs(n))
	out["doc_count"] = count(len(docs))
	return out
}

// field is the field an aggregation names; nil when no index has it.
func (a *Aggregator) field(o *Node) *Field {
	for _, ix := range a.Indices {
		if f := ix.schema.field(o.text("field", "")); f != nil {
			return f
		}
	}
	return nil
}

// valuesOf are the doc values of a document, or what stands in for them.
func (a *Aggregator) valuesOf(d *Doc, f *Field, o *Node) []any {
	values := d.values(f)
	if m := o.Get("missing"); len(values) == 0 && m != nil {
		if f == nil {
			if x, err := strconv.ParseFloat(m.Text, 64); err == nil && m.Kind == '0' {
				return []any{x}
			}
			return []any{m.Text}
		}
		return []any{f.standIn(m.Text)}
	}
	return values
}

// group is documents with one key.
type group struct {
	key  any
	docs []*Doc
	out  map[string]any
}

// groupBy puts each document into the groups of the distinct keys of its values, sorted by key. A key of nil is no group.
func (a *Aggregator) groupBy(docs []*Doc, o *Node, key func(f *Field, v any) any) []*group {
	f := a.field(o)
	var groups []*group
	for _, d := range docs {
		var seen []any
		for _, v := range a.valuesOf(d, f, o) {
			k := key(f, v)
			if k == nil || contains(seen, k) {
				continue
			}
			seen = append(seen, k)
			i, found := slices.BinarySearchFunc(groups, k, func(g *group, k any) int { return compare(g.key, k) })
			if !found {
				groups = slices.Insert(groups, i, &group{key: k})
			}
			groups[i].docs = append(groups[i].docs, d)
		}
	}
	return groups
}

func (a *Aggregator) terms(docs []*Doc, n, o *Node) map[string]any {
	f := a.field(o)
	accept := a.accept(f, o)
	value := func(_ *Field, v any) any {
		if !accept(v) {
			return nil
		}
		return f.termKey(v)
	}
	groups := a.groupBy(docs, o, value)
	least := int(o.number("min_doc_count", 1))
	if least == 0 && f != nil { // values that only other documents have
		for _, g := range a.groupBy(a.All, &Node{Kind: '{', Keys: []string{"field"}, Items: []*Node{o.Get("field")}}, value) {
			if i, found := slices.BinarySearchFunc(groups, g.key, func(g *group, k any) int { return compare(g.key, k) }); !found {
				groups = slices.Insert(groups, i, &group{key: g.key})
			}
		}
	}
	groups = slices.DeleteFunc(groups, func(g *group) bool { return len(g.docs) < least })
	a.finish(groups, n, o, `[{"_count":"desc"}]`)
	size, other := int(o.number("size", 10)), 0
	buckets := []any{}
	for i, g := range groups {
		if i >= size {
			other += len(g.docs)
			continue
		}
		f.setKey(g.out, g.key, o.text("format", ""))
		buckets = append(buckets, g.out)
	}
	return map[string]any{"doc_count_error_upper_bound": count(0), "sum_other_doc_count": count(other), "buckets": buckets}
}

// termKey is a value as the key of a bucket: nanoseconds count as milliseconds.
func (f *Field) termKey(v any) any {
	if f != nil && f.Type == "date_nanos" {
		return f.time(v.(int64)).Truncate(time.Millisecond).UnixNano()
	}
	return v
}

// finish computes what is in the buckets and puts them in order; they come by key.
func (a *Aggregator) finish(groups []*group, n, o *Node, fallback string) {
	for _, g := range groups {
		g.out = a.bucket(g.docs, n)
	}
	orders := o.Get("order").list()
	if orders == nil {
		orders = MustParse(fallback).Items
	}
	slices.SortStableFunc(groups, func(x, y *group) int {
		for _, order := range orders {
			path, direction := order.only()
			if c := compareGroups(x, y, path, direction.Text == "desc"); c != 0 {
				return c
			}
		}
		return 0
	})
}

func compareGroups(x, y *group, path string, desc bool) int {
	c := 0
	switch path {
	case "_count":
		c = len(x.docs) - len(y.docs)
	case "_key":
		c = compare(x.key, y.key)
	default:
		v, w := follow(x.out, path), follow(y.out, path)
		switch {
		case math.IsNaN(v) && math.IsNaN(w):
			return 0
		case math.IsNaN(v):
			return 1
		case math.IsNaN(w):
			return -1
		case math.Abs(v-w) > 1e-13*max(1, math.Abs(v)): // sums differ in their last digits
			c = 1
			if v < w {
				c = -1
			}
		}
	}
	if desc {
		return -c
	}
	return c
}

// follow finds a number by "agg>agg.number".
func follow(out map[string]any, path string) float64 {
	steps := strings.Split(path, ">")
	last, number, _ := strings.Cut(steps[len(steps)-1], ".")
	steps[len(steps)-1] = last
	for _, step := range steps {
		out = out[step].(map[string]any)
	}
	if values, ok := out["values"].(map[string]any); ok {
		if !strings.Contains(number, ".") {
			number += ".0"
		}
		out = map[string]any{number: values[number]}
	} else if number == "" {
		number = "value"
		if _, single := out["value"]; !single {
			number = "doc_count"
		}
	}
	n, ok := out[number].(json.Number)
	if !ok {
		return math.NaN()
	}
	f, _ := n.Float64()
	return f
}

// accept reads include and exclude.
func (a *Aggregator) accept(f *Field, o *Node) func(any) bool {
	in := func(rule *Node, v any) bool {
		if rule.Kind == '[' {
			return slices.ContainsFunc(rule.Items, func(item *Node) bool { return compare(f.standIn(item.Text), v) == 0 })
		}
		return regexp.MustCompile(`^(?s:` + rule.Text + `)$`).MatchString(v.(string))
	}
	return func(v any) bool {
		include, exclude := o.Get("include"), o.Get("exclude")
		return f == nil || (include == nil || in(include, v)) && (exclude == nil || !in(exclude, v))
	}
}

// setKey prints a bucket's key.
func (f *Field) setKey(out map[string]any, key any, format string) {
	switch {
	case f == nil:
		if x, ok := key.(float64); ok {
			key = number(x)
		}
		out["key"] = key
	case f.Type == "boolean":
		out["key"], out["key_as_string"] = json.Number(fmt.Sprint(key)), strconv.FormatBool(key.(int64) == 1)
	case f.isDate():
		at := f.time(key.(int64))
		out["key"], out["key_as_string"] = json.Number(strconv.FormatInt(at.UnixMilli(), 10)), printDate(at, f.printFormats(format))
	case f.Type == "ip":
		out["key"] = netip.AddrFrom16([16]byte([]byte(key.(string)))).Unmap().String()
	case f.isInt():
		out["key"] = json.Number(fmt.Sprint(key))
	case f.isFloat():
		out["key"] = number(key.(float64))
	default:
		out["key"] = key
	}
}

// printFormats are the formats that keys of a date are printed in.
func (f *Field) printFormats(format string) []string {
	switch {
	case format != "":
		return strings.Split(format, "||")
	case f == nil || !f.isDate():
		return []string{"strict_date_optional_time"}
	}
	return f.formats
}

func (a *Aggregator) filters(docs []*Doc, n, o *Node) map[string]any {
	filters := o.Get("filters")
	var list []any
	keyed := map[string]any{}
	matched := map[*Doc]bool{}
	for i, q := range filters.Items {
		in := only(docs, func(d *Doc) bool { return d.Matches(q) })
		for _, d := range in {
			matched[d] = true
		}
		b := a.bucket(in, n)
		list = append(list, b)
		if filters.Kind == '{' {
			keyed[filters.Keys[i]] = b
		}
	}
	if o.truth("other_bucket", false) || o.Get("other_bucket_key") != nil {
		b := a.bucket(only(docs, func(d *Doc) bool { return !matched[d] }), n)
		list = append(list, b)
		keyed[o.text("other_bucket_key", "_other_")] = b
	}
	if filters.Kind == '{' {
		return map[string]any{"buckets": keyed}
	}
	return map[string]any{"buckets": list}
}

// topHits prints which documents there are; a caller compares their sources otherwise.
func (a *Aggregator) topHits(docs []*Doc, o *Node) map[string]any {
	sorted := Sort(docs, Keys(o.Get("sort")))
	from, size := int(o.number("from", 0)), int(o.number("size", 3))
	hits := []any{}
	for _, d := range sorted[min(from, len(sorted)):min(from+size, len(sorted))] {
		hits = append(hits, d.ID)
	}
	return map[string]any{"total": count(len(docs)), "ids": hits}
}
