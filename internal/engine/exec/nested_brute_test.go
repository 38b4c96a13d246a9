package exec_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/exec/brute"
)

const nestedRandomMapping = `{"properties":{
	"k":{"type":"keyword"},"n":{"type":"long"},"@timestamp":{"type":"date"},
	"o":{"properties":{"items":{"type":"nested","properties":{
		"k":{"type":"keyword"},"n":{"type":"long"},"f":{"type":"double"},"t":{"type":"text"},"u":{"type":"keyword"},
		"parts":{"type":"nested","properties":{"k":{"type":"keyword"},"n":{"type":"long"},"ip":{"type":"ip"},"@timestamp":{"type":"date"}}}}}}},
	"tags":{"type":"nested","properties":{"k":{"type":"keyword"},"b":{"type":"boolean"}}}}}`

// nestedScopes are the fields of each scope and the nested paths directly inside it.
var nestedScopes = map[string]struct{ fields, inside []string }{
	"":              {[]string{"k", "n", "@timestamp"}, []string{"o.items", "tags", "o.items.parts"}},
	"o.items":       {[]string{"k", "n", "f", "t", "u"}, []string{"o.items.parts"}},
	"o.items.parts": {[]string{"k", "n", "ip", "@timestamp"}, nil},
	"tags":          {[]string{"k", "b"}, nil},
}

// members are some fields of a scope with values.
func (r random) members(scope string) []string {
	var members []string
	for _, field := range nestedScopes[scope].fields {
		switch {
		case r.chance(20):
		case r.chance(15) && field != "@timestamp":
			members = append(members, fmt.Sprintf("%q:[%s,%s]", field, r.value(field), r.value(field)))
		default:
			members = append(members, fmt.Sprintf("%q:%s", field, r.value(field)))
		}
	}
	return members
}

// list is some objects, one without brackets at times.
func (r random) list(object func() string) string {
	if r.chance(20) {
		return object()
	}
	var list []string
	for range r.IntN(5) {
		list = append(list, object())
	}
	return "[" + strings.Join(list, ",") + "]"
}

func (r random) nestedDoc() string {
	object := func(members []string) string { return "{" + strings.Join(members, ",") + "}" }
	members := r.members("")
	if r.chance(80) {
		members = append(members, fmt.Sprintf(`"o":{"items":%s}`, r.list(func() string {
			m := r.members("o.items")
			if r.chance(60) {
				m = append(m, fmt.Sprintf(`"parts":%s`, r.list(func() string { return object(r.members("o.items.parts")) })))
			}
			return object(m)
		})))
	}
	if r.chance(60) {
		members = append(members, fmt.Sprintf(`"tags":%s`, r.list(func() string { return object(r.members("tags")) })))
	}
	return object(members)
}

// nestedQuery is a clause about the objects of a scope.
func (r random) nestedQuery(scope string, depth int) string {
	at := nestedScopes[scope]
	switch {
	case depth > 0 && len(at.inside) > 0 && r.chance(45):
		path := r.pick(at.inside...)
		return fmt.Sprintf(`{"nested":{"path":%q,"score_mode":%q,"query":%s}}`, path, r.pick("none", "avg", "max"), r.nestedQuery(path, depth-1))
	case depth > 0 && r.chance(40):
		var lists []string
		for _, name := range []string{"must", "filter", "should", "must_not"} {
			var parts []string
			for range r.IntN(3) {
				parts = append(parts, r.nestedQuery(scope, depth-1))
			}
			lists = append(lists, fmt.Sprintf("%q:[%s]", name, strings.Join(parts, ",")))
		}
		return `{"bool":{` + strings.Join(lists, ",") + `}}`
	}
	if r.chance(10) { // a field of some other scope matches nothing
		scope = r.pick("", "o.items", "o.items.parts", "tags")
		at = nestedScopes[scope]
	}
	name := r.pick(at.fields...)
	field := strings.TrimPrefix(scope+"."+name, ".")
	switch {
	case name == "t":
		return fmt.Sprintf(`{"match":{%q:{"query":%q,"operator":%q}}}`, field, r.text(), r.pick("or", "and"))
	case r.chance(20):
		return fmt.Sprintf(`{"exists":{"field":%q}}`, field)
	case r.chance(40):
		return fmt.Sprintf(`{"range":{%q:{"gte":%s}}}`, field, r.value(name))
	}
	return fmt.Sprintf(`{"term":{%q:%s}}`, field, r.value(name))
}

// TestNestedAgainstBrute compares random searches over documents with nested objects.
func TestNestedAgainstBrute(t *testing.T) {
	for seed := range uint64(60) {
		r := random{rand.New(rand.NewPCG(seed, 2))}
		c := newNestedComparison(t, r, 1+r.IntN(150))
		for i := range 30 {
			if i == 15 {
				seal(t, &c.index, 1+r.IntN(len(c.index.Sources)))
			}
			if !c.nestedSearch(t, r) {
				t.Fatalf("seed %d, search %d", seed, i)
			}
		}
	}
}

func newNestedComparison(t *testing.T, r random, n int) *comparison {
	var lines []string
	for range n {
		lines = append(lines, r.nestedDoc())
	}
	return compareLines(t, r, nestedRandomMapping, lines)
}

// nestedAggs are aggregations over a scope; outer are the scopes around it, the root first.
func (r random) nestedAggs(scope string, outer []string, depth int) string {
	at := nestedScopes[scope]
	var parts []string
	for i := range 1 + r.IntN(2) {
		parts = append(parts, fmt.Sprintf(`"a%d":%s`, i, r.nestedAgg(at.fields, at.inside, scope, outer, depth)))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (r random) nestedAgg(fields, inside []string, scope string, outer []string, depth int) string {
	with := func(body, scope string, outer []string) string {
		if depth == 0 {
			return "{" + body + "}"
		}
		return fmt.Sprintf(`{%s,"aggs":%s}`, body, r.nestedAggs(scope, outer, depth-1))
	}
	field := func(names ...string) string {
		name := r.pick(names...)
		return strings.TrimPrefix(scope+"."+name, ".")
	}
	switch {
	case len(inside) > 0 && r.chance(45):
		path := r.pick(inside...)
		around := append(outer[:len(outer):len(outer)], scope)
		if scope == "" && path == "o.items.parts" {
			around = append(around, "o.items")
		}
		return with(fmt.Sprintf(`"nested":{"path":%q}`, path), path, around)
	case len(outer) > 0 && r.chance(40):
		to := r.IntN(len(outer))
		body := `"reverse_nested":{}`
		if outer[to] != "" {
			body = fmt.Sprintf(`"reverse_nested":{"path":%q}`, outer[to])
		}
		return with(body, outer[to], outer[:to])
	case depth > 0 && r.chance(50):
		return with(fmt.Sprintf(`"terms":{"field":%q,"size":50}`, field("k", "k", fields[len(fields)-1])), scope, outer)
	case depth > 0 && r.chance(30):
		return with(fmt.Sprintf(`"filter":%s`, r.nestedQuery(scope, 1)), scope, outer)
	}
	name := r.pick(fields...)
	kind := "value_count"
	if name == "n" || name == "f" {
		kind = r.pick("sum", "avg", "stats", "cardinality", "percentiles")
	}
	if name == "t" {
		name = "k"
	}
	return fmt.Sprintf(`{%q:{"field":%q}}`, kind, field(name))
}

// nestedSort is a sort by the values of nested objects.
func (r random) nestedSort() string {
	var parts []string
	for range r.IntN(3) {
		path := r.pick("o.items", "o.items.parts", "tags")
		name := r.pick(nestedScopes[path].fields...)
		if name == "t" {
			name = "f"
		}
		filter := ""
		if r.chance(50) {
			filter = `,"filter":` + r.nestedQuery(path, 1)
		}
		inner := fmt.Sprintf(`{"path":%q%s}`, path, filter)
		if path == "o.items.parts" && r.chance(50) {
			inner = fmt.Sprintf(`{"path":"o.items","filter":%s,"nested":%s}`, r.nestedQuery("o.items", 1), inner)
		}
		mode := ""
		switch {
		case name == "n" || name == "f":
			mode = fmt.Sprintf(`"mode":%q,`, r.pick("min", "max", "avg", "sum"))
		case r.chance(30):
			mode = fmt.Sprintf(`"mode":%q,`, r.pick("min", "max"))
		}
		parts = append(parts, fmt.Sprintf(`{%q:{"order":%q,"missing":%q,%s"nested":%s}}`, path+"."+name, r.pick("asc", "desc"), r.pick("_first", "_last"), mode, inner))
	}
	return strings.Join(parts, ",")
}

func (c *comparison) nestedSearch(t *testing.T, r random) bool {
	query, aggs, sort := r.nestedQuery("", 3), r.nestedAggs("", nil, 4), r.nestedSort()
	last := `{"_shard_doc":"asc"}`
	if sort != "" {
		last = "," + last
	}
	body := fmt.Sprintf(`{"query":%s,"aggs":%s,"size":500,"track_total_hits":true,"sort":[%s%s],"workers":%d}`, query, aggs, sort, last, 1+r.IntN(3))
	req := parseRequest(t, body)
	got, err := exec.Search(context.Background(), c.indices(r), req)
	if err != nil {
		t.Errorf("%s: %v", body, err)
		return false
	}
	var want []*brute.Doc
	for _, d := range c.brute.Docs() {
		if d.Matches(brute.MustParse(query)) {
			want = append(want, d)
		}
	}
	want = brute.Sort(want, brute.Keys(brute.MustParse("["+sort+"]")))
	return c.compareHits(t, body, got, want) && c.compareAggs(t, body, got, want, aggs)
}
