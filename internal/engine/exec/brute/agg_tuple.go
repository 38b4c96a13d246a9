package brute

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// tupleSource is one of the fields that a key of several values is made of.
type tupleSource struct {
	name  string
	field *Field
	// of returns the distinct values of a document; nil is null.
	of    func(d *Doc) []any
	print func(v any) any
	order func(x, y any) int
}

// tupleGroup is documents with one key of several values.
type tupleGroup struct {
	keys []any
	docs []*Doc
}

// groupTuples puts each document into the groups of all combinations of its values, in order of their keys.
func groupTuples(docs []*Doc, sources []tupleSource) []*tupleGroup {
	compareKeys := func(x, y []any) int {
		for i := range sources {
			if c := sources[i].order(x[i], y[i]); c != 0 {
				return c
			}
		}
		return 0
	}
	var groups []*tupleGroup
	for _, d := range docs {
		tuples := [][]any{nil}
		for _, s := range sources {
			var longer [][]any
			for _, t := range tuples {
				for _, v := range s.of(d) {
					longer = append(longer, append(slices.Clone(t), v))
				}
			}
			tuples = longer
		}
		for _, t := range tuples {
			i, found := slices.BinarySearchFunc(groups, t, func(g *tupleGroup, t []any) int { return compareKeys(g.keys, t) })
			if !found {
				groups = slices.Insert(groups, i, &tupleGroup{keys: t})
			}
			groups[i].docs = append(groups[i].docs, d)
		}
	}
	return groups
}

// distinct leaves out values that are there already, as the key function has them.
func distinct(values []any, key func(v any) any) []any {
	var out []any
	for _, v := range values {
		if k := key(v); !contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// tupleKey is a value as keys of several have it: dates in milliseconds.
func (f *Field) tupleKey(v any) any {
	if f != nil && f.isDate() {
		return f.time(v.(int64)).UnixMilli()
	}
	return v
}

// printKey prints a value of a key of several.
func (f *Field) printKey(v any, format string, dateTexts bool) any {
	switch {
	case v == nil:
		return nil
	case f != nil && f.Type == "boolean":
		return v.(int64) == 1
	case f != nil && f.isDate() && dateTexts:
		return printDate(time.UnixMilli(v.(int64)).UTC(), f.printFormats(format))
	case f != nil && f.isDate():
		return json.Number(fmt.Sprint(v))
	}
	out := map[string]any{}
	f.setKey(out, v, "")
	return out["key"]
}

func (a *Aggregator) multiTerms(docs []*Doc, n, o *Node) map[string]any {
	var sources []tupleSource
	for _, item := range o.Get("terms").list() {
		f := a.field(item)
		sources = append(sources, tupleSource{
			field: f, order: compare,
			of:    func(d *Doc) []any { return distinct(a.valuesOf(d, f, item), f.tupleKey) },
			print: func(v any) any { return f.printKey(v, "", true) },
		})
	}
	var groups []*group
	for i, t := range groupTuples(docs, sources) {
		groups = append(groups, &group{key: int64(i), docs: t.docs})
		groups[i].out = map[string]any{"keys": t.keys}
	}
	keys := make([][]any, len(groups))
	for i, g := range groups {
		keys[i] = g.out["keys"].([]any)
	}
	least := int(o.number("min_doc_count", 1))
	groups = slices.DeleteFunc(groups, func(g *group) bool { return len(g.docs) < least })
	a.finish(groups, n, o, `[{"_count":"desc"}]`)
	size, other := int(o.number("size", 10)), 0
	buckets := []any{}
	for i, g := range groups {
		if i >= size {
			other += len(g.docs)
			continue
		}
		var key []any
		var texts []string
		for j, v := range keys[g.key.(int64)] {
			printed := sources[j].print(v)
			text := fmt.Sprint(printed)
			if x, ok := v.(float64); ok {
				text = javaDouble(x + 0) // 0 and -0 are one key
			}
			key, texts = append(key, printed), append(texts, text)
		}
		g.out["key"], g.out["key_as_string"] = key, strings.Join(texts, "|")
		buckets = append(buckets, g.out)
	}
	return map[string]any{"doc_count_error_upper_bound": count(0), "sum_other_doc_count": count(other), "buckets": buckets}
}

// composite is one page of combinations.
func (a *Aggregator) composite(docs []*Doc, n, o *Node) map[string]any {
	var sources []tupleSource
	for _, item := range o.Get("sources").list() {
		name, spec := item.only()
		kind, options := spec.only()
		sources = append(sources, a.compositeSource(name, kind, options))
	}
	groups := groupTuples(docs, sources)
	if after := o.Get("after"); after != nil {
		groups = slices.DeleteFunc(groups, func(g *tupleGroup) bool {
			for i, s := range sources {
				if c := s.order(g.keys[i], s.read(after.Get(s.name))); c != 0 {
					return c < 0
				}
			}
			return true
		})
	}
	buckets := []any{}
	out := map[string]any{}
	for _, g := range groups[:min(len(groups), int(o.number("size", 10)))] {
		b := a.bucket(g.docs, n)
		key := map[string]any{}
		for i, s := range sources {
			key[s.name] = s.print(g.keys[i])
		}
		b["key"], out["after_key"] = key, key
		buckets = append(buckets, b)
	}
	out["buckets"] = buckets
	return out
}

// read reads a value of "after": numbers, booleans, texts, addresses and null.
func (s *tupleSource) read(v *Node) any {
	switch {
	case v.Kind == 'n':
		return nil
	case v.Kind == '0' && s.field.isInt() || v.Kind == '0' && s.field.isDate():
		n, err := json.Number(v.Text).Int64()
		if err == nil {
			return n
		}
	case v.Kind == '0':
		x, err := json.Number(v.Text).Float64()
		if err == nil {
			return x
		}
	}
	return s.field.standIn(v.Text)
}

func (a *Aggregator) compositeSource(name, kind string, o *Node) tupleSource {
	f := a.field(o)
	s := tupleSource{name: name, field: f, print: func(v any) any { return f.printKey(v, "", false) }}
	key := f.tupleKey
	switch kind {
	case "histogram":
		step := o.number("interval", 1)
		key = func(v any) any { return math.Floor(f.float(v)/step)*step + 0 }
		s.print = func(v any) any {
			if v == nil {
				return nil
			}
			return number(v.(float64))
		}
	case "date_histogram":
		floor, _ := rounding(o, zoneOf(o.text("time_zone", "")))
		key = func(v any) any { return floor(f.time(v.(int64))).UnixMilli() }
	}
	desc, nulls := o.text("order", "asc") == "desc", o.truth("missing_bucket", false)
	nullsLast := o.text("missing_order", map[bool]string{true: "last", false: "first"}[desc]) == "last"
	s.of = func(d *Doc) []any {
		values := distinct(d.values(f), key)
		if len(values) == 0 && nulls {
			return []any{nil}
		}
		return values
	}
	s.order = func(x, y any) int {
		c := 0
		switch {
		case x == nil && y == nil:
		case x == nil || y == nil:
			c = -1
			if (x == nil) == nullsLast {
				c = 1
			}
		case desc:
			c = compare(y, x)
		default:
			c = compare(x, y)
		}
		return c
	}
	return s
}

// rareTerms are the values that few documents have.
func (a *Aggregator) rareTerms(docs []*Doc, n, o *Node) map[string]any {
	f := a.field(o)
	groups := a.groupBy(docs, o, func(_ *Field, v any) any { return f.termKey(v) })
	most := int(o.number("max_doc_count", 1))
	groups = slices.DeleteFunc(groups, func(g *group) bool { return len(g.docs) > most })
	a.finish(groups, n, &Node{Kind: '{'}, `[{"_count":"asc"}]`)
	buckets := []any{}
	for _, g := range groups {
		f.setKey(g.out, g.key, "")
		buckets = append(buckets, g.out)
	}
	return map[string]any{"buckets": buckets}
}
