package exec_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/exec/brute"
)

// TestCompositePages reads random composite aggregations page by page: together the pages must be what the slow store
// lists at once, each bucket on one page. Keys are thrown out of memory as early as can be.
func TestCompositePages(t *testing.T) {
	defer exec.SetSpareTuples(1)()
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	for seed := range uint64(rounds) {
		r := random{rand.New(rand.NewPCG(seed, 77))}
		c := newComparison(t, r, 20+r.IntN(400))
		for range 4 {
			if !c.compositePages(t, r) {
				t.Fatalf("seed %d", seed)
			}
		}
	}
}

func (r random) compositeSources() string {
	var list []string
	for i := range 1 + r.IntN(3) {
		field := r.pick("k", "u", "n", "f", "@timestamp", "b", "ip", "o.n", "t.keyword")
		kind, options := "terms", ""
		switch {
		case (field == "n" || field == "f") && r.chance(50):
			kind, options = "histogram", `,"interval":`+r.pick("5", "2.5")
		case field == "@timestamp" && r.chance(80):
			kind, options = "date_histogram", r.pick(`,"fixed_interval":"1h"`, `,"calendar_interval":"1d"`)
		}
		options += r.pick("", `,"order":"desc"`) + r.pick("", `,"missing_bucket":true`, `,"missing_bucket":true,"missing_order":"last"`, `,"missing_bucket":true,"missing_order":"first"`)
		list = append(list, fmt.Sprintf(`{"s%d":{%q:{"field":%q%s}}}`, i, kind, field, options))
	}
	return strings.Join(list, ",")
}

func (c *comparison) compositePages(t *testing.T, r random) bool {
	query, sources := r.query(1), r.compositeSources()
	subs := r.pick("", `,"aggs":{"m":{"sum":{"field":"n"}}}`)
	var docs []*brute.Doc
	for _, d := range c.brute.Docs() {
		if d.Matches(brute.MustParse(query)) {
			docs = append(docs, d)
		}
	}
	all := fmt.Sprintf(`{"c":{"composite":{"size":100000,"sources":[%s]}%s}}`, sources, subs)
	whole := (&brute.Aggregator{All: c.brute.Docs(), Indices: []*brute.Index{c.brute}}).Aggs(docs, brute.MustParse(all))
	want := whole["c"].(map[string]any)["buckets"].([]any)

	size, after, indices := 1+r.IntN(8), "", c.indices(r)
	var got []any
	for {
		body := fmt.Sprintf(`{"query":%s,"size":0,"workers":%d,"aggs":{"c":{"composite":{"size":%d,"sources":[%s]%s}%s}}}`, query, 1+r.IntN(3), size, sources, after, subs)
		found, err := exec.Search(context.Background(), indices, parseRequest(t, body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
			return false
		}
		page := brute.Decode(found.Aggs.AppendJSON(nil, false)).(map[string]any)["c"].(map[string]any)
		buckets := page["buckets"].([]any)
		got = append(got, buckets...)
		if len(buckets) < size {
			break
		}
		key, err := json.Marshal(page["after_key"])
		if err != nil {
			t.Fatal(err)
		}
		after = fmt.Sprintf(`,"after":%s`, key)
	}
	if !brute.Equal(want, got) {
		t.Errorf("query %s, sources %s, pages of %d:\ngot  %v\nwant %v", query, sources, size, got, want)
		return false
	}
	return true
}
