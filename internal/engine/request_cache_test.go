package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/query"
)

// dashboard makes the searches that a dashboard repeats; hour moves its window.
func dashboard(rng *rand.Rand, hour int) (queries, aggs []string) {
	window := func(lo, hi int) string {
		return fmt.Sprintf(`{"range":{"@timestamp":{"gte":"2026-03-01T%02d:%02d:00Z","lt":"2026-03-02T%02d:00:00Z"}}}`, lo, rng.IntN(60), hi)
	}
	queries = []string{
		all,
		window(hour, hour),
		fmt.Sprintf(`{"bool":{"filter":[{"term":{"level.keyword":"ERROR"}},%s]}}`, window(hour, 23)),
		fmt.Sprintf(`{"bool":{"must_not":[%s,{"range":{"n":{"gt":%d}}}]}}`, window(hour, 2), rng.IntN(80)),
		fmt.Sprintf(`{"bool":{"should":[{"range":{"n":{"lt":%d}}},{"match":{"message":"timeout"}}]}}`, rng.IntN(40)),
		`{"range":{"n":{"gte":-5}}}`,
		`{"constant_score":{"filter":{"exists":{"field":"user"}}}}`,
		`{"wildcard":{"user.keyword":"u1*"}}`,
	}
	aggs = []string{
		``,
		`{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"3h"},"aggs":{"l":{"terms":{"field":"level.keyword"}},"a":{"avg":{"field":"n"}}}}}`,
		`{"u":{"terms":{"field":"user.keyword","size":5}},"c":{"cardinality":{"field":"user.keyword"}}}`,
		`{"n":{"histogram":{"field":"n","interval":10}},"p":{"percentiles":{"field":"n"}},"x":{"value_count":{"field":"gone"}}}`,
		`{"r":{"range":{"field":"n","ranges":[{"to":20},{"from":20}]},"aggs":{"s":{"stats":{"field":"n"}}}}}`,
		`{"f":{"filters":{"filters":{"e":{"term":{"level.keyword":"ERROR"}},"w":{"range":{"n":{"lt":50}}}}},"aggs":{"m":{"max":{"field":"n"}}}},"g":{"missing":{"field":"user.keyword"}}}`,
		`{"g":{"geohash_grid":{"field":"at","precision":1},"aggs":{"m":{"geo_centroid":{"field":"at"}}}},"t":{"geotile_grid":{"field":"at","precision":2,"size":3}},"b":{"geo_bounds":{"field":"at"}}}`,
		`{"h":{"top_hits":{"size":1,"sort":["n"]}}}`,
		fmt.Sprintf(`{"n":{"histogram":{"field":"n","interval":10,"min_doc_count":0,"extended_bounds":{"min":%d,"max":%d}},"aggs":{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"6h","min_doc_count":0,"extended_bounds":{"min":"2026-02-28T%02d:00:00Z","max":"2026-03-03T%02d:00:00Z"}}}}}}`,
			-rng.IntN(100), rng.IntN(300), rng.IntN(24), rng.IntN(24)),
	}
	return queries, aggs
}

func ask(t *testing.T, e *Engine, q, aggs string, size int, cached bool) string {
	t.Helper()
	return askIn(t, e, "", q, aggs, size, cached)
}

// askIn asks what an open snapshot has; "" is the present.
func askIn(t *testing.T, e *Engine, in es.SnapshotID, q, aggs string, size int, cached bool) string {
	t.Helper()
	parsed, err := query.Parse([]byte(q))
	if err != nil {
		t.Fatal(err)
	}
	req := &es.SearchRequest{Target: es.Target{Names: []string{"c"}}, Query: parsed, Size: size, TrackTotal: es.TrackAll, NoRequestCache: !cached,
		Sort: []es.SortKey{{Field: "@timestamp", Desc: true}, {Field: "_seq_no"}}}
	if in != "" {
		req.Target, req.Snapshot = es.Target{}, in
	}
	if aggs != "" {
		if req.Aggs, err = agg.Parse([]byte(aggs)); err != nil {
			t.Fatal(err)
		}
	}
	res, err := e.Search(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range res.Hits.Hits {
		ids = append(ids, res.Hits.Hits[i].ID)
	}
	return fmt.Sprintf("%d %v %s", res.Hits.Total.Value, ids, res.Aggs.AppendJSON(nil, true))
}

// TestCachedAnswersAreTheAnswers: whatever is written, deleted, flushed and merged, answers that come from what is
// kept of earlier ones are those that are counted anew. Each search is made three times: the second one is kept, the
// third one uses that.
func TestCachedAnswersAreTheAnswers(t *testing.T) {
	for seed := range uint64(4) {
		size := int64(8 << 20)
		if seed == 3 {
			size = 40 << 10 // so small that entries push each other out
		}
		e := open(t, Options{RequestCacheBytes: size, RequestCacheMinRows: 1})
		mustApply(t, e, &es.CreateIndex{Name: "c", Mappings: []byte(`{"properties":{"at":{"type":"geo_point"}}}`)})
		rng := rand.New(rand.NewPCG(seed, 9))
		for step := range 25 {
			randomChange(t, e, rng, step)
			queries, aggs := dashboard(rng, rng.IntN(3)*6)
			for range 6 {
				q, a, hits := queries[rng.IntN(len(queries))], aggs[rng.IntN(len(aggs))], rng.IntN(2)*10
				want := ask(t, e, q, a, hits, false)
				for time := range 3 {
					if got := ask(t, e, q, a, hits, true); got != want {
						t.Fatalf("seed %d, step %d, time %d: %s %s\nfrom the cache\n%s\ncounted\n%s", seed, step, time, q, a, got, want)
					}
				}
			}
			if held := e.requestCache.Bytes(); held > size {
				t.Fatalf("the cache holds %d of %d bytes", held, size)
			}
		}
		stats := &e.indexByName["c"].stats.requestCache
		if stats.Hits.Load() < 100 || stats.Misses.Load() == 0 || stats.Bytes.Load() != e.requestCache.Bytes() {
			t.Errorf("seed %d: %d hits, %d misses, %d of %d bytes", seed, stats.Hits.Load(), stats.Misses.Load(), stats.Bytes.Load(), e.requestCache.Bytes())
		}
		if seed == 3 && stats.Evictions.Load() == 0 {
			t.Error("a small cache evicted nothing")
		}
		mustApply(t, e, &es.ClearCache{Target: es.Target{Names: []string{"c"}}})
		if e.requestCache.Bytes() != 0 || stats.Bytes.Load() != 0 {
			t.Errorf("after it was cleared the cache holds %d bytes", e.requestCache.Bytes())
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSearchesShareWhatIsKept asks the same of the same state from several sides at once while it is written, flushed and merged: they
// find the same entries, of which each merges, orders and prints copies.
func TestSearchesShareWhatIsKept(t *testing.T) {
	e := open(t, Options{RequestCacheBytes: 8 << 20, RequestCacheMinRows: 1})
	mustApply(t, e, &es.CreateIndex{Name: "c", Mappings: []byte(`{"properties":{"at":{"type":"geo_point"}}}`)})
	rng := rand.New(rand.NewPCG(5, 5))
	for step := range 6 {
		randomChange(t, e, rng, step)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for range 12 {
			randomChange(t, e, rng, 1)
		}
	})
	for seed := range uint64(3) {
		work.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 6))
			for range 15 {
				queries, aggs := dashboard(rng, 6)
				aggs = append(aggs,
					`{"l":{"terms":{"field":"level.keyword","order":{"p.50":"desc"}},"aggs":{"p":{"percentiles":{"field":"n","percents":[50,95,1]}},"r":{"percentile_ranks":{"field":"n","values":[10,50]}}}}}`,
					`{"p":{"percentiles":{"field":"n","percents":[99,50,5,95]}},"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"6h"},"aggs":{"p":{"percentiles":{"field":"n"}},"c":{"cardinality":{"field":"user.keyword"}}}}}`)
				a := aggs[len(aggs)-1-rng.IntN(3)] // few, so that the others ask them too
				q := queries[rng.IntN(2)]
				state, err := e.OpenSnapshot(ctx, es.Target{Names: []string{"c"}}, time.Minute)
				if err != nil {
					t.Error(err)
					return
				}
				want := askIn(t, e, state, q, a, 0, false)
				for range 3 {
					if got := askIn(t, e, state, q, a, 0, true); got != want {
						t.Errorf("%s %s\nfrom the cache\n%s\ncounted\n%s", q, a, got, want)
					}
				}
				if _, err := e.CloseSnapshot(ctx, state); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	if hits := e.indexByName["c"].stats.requestCache.Hits.Load(); hits < 20 {
		t.Errorf("%d runs were found in the cache", hits)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// randomChange writes, updates, deletes, flushes or merges.
func randomChange(t *testing.T, e *Engine, rng *rand.Rand, step int) {
	t.Helper()
	target := es.Target{Names: []string{"c"}}
	switch kind := rng.IntN(10); {
	case step == 0 || kind < 4:
		var docs []string
		for range 1 + rng.IntN(400) {
			members := []string{fmt.Sprintf(`"@timestamp":"2026-03-0%dT%02d:%02d:00Z"`, 1+rng.IntN(2), rng.IntN(24), rng.IntN(60)), fmt.Sprintf(`"n":%d`, rng.IntN(100)),
				fmt.Sprintf(`"level":%q`, []string{"INFO", "ERROR", "WARN"}[rng.IntN(3)]), `"message":"connection timeout"`}
			if rng.IntN(4) > 0 {
				members = append(members, fmt.Sprintf(`"user":"u%d"`, rng.IntN(60)))
			}
			if rng.IntN(3) > 0 {
				members = append(members, fmt.Sprintf(`"at":[%d,%d]`, rng.IntN(360)-180, rng.IntN(180)-90))
			}
			if rng.IntN(300) == 0 {
				members = append(members, fmt.Sprintf(`"new%d":1`, rng.IntN(5))) // the mapping grows
			}
			docs = append(docs, fmt.Sprintf("%d|{%s}", rng.IntN(2000), strings.Join(members, ",")))
		}
		write(t, e, "c", docs...)
		if rng.IntN(2) == 0 {
			mustApply(t, e, &es.FlushIndices{Target: target})
		}
	case kind < 6:
		var gone []string
		for range 1 + rng.IntN(50) {
			gone = append(gone, fmt.Sprintf("%d|", rng.IntN(2000)))
		}
		write(t, e, "c", gone...)
	case kind < 9:
		mustApply(t, e, &es.FlushIndices{Target: target})
	default:
		mustApply(t, e, &es.ForceMerge{Target: target, MaxSegments: 1 + rng.IntN(2)})
	}
}

// TestSlidingWindowUsesTheCache: the ends of a range that covers a run do not matter for what is kept of it.
func TestSlidingWindowUsesTheCache(t *testing.T) {
	e := open(t, Options{RequestCacheMinRows: 1})
	defer e.Close()
	for day := range 3 {
		var docs []string
		for i := range 500 {
			docs = append(docs, fmt.Sprintf(`{"@timestamp":"2026-03-0%dT%02d:%02d:00Z","n":%d}`, 1+day, i/60, i%60, i))
		}
		write(t, e, "c", docs...)
		mustApply(t, e, &es.FlushIndices{Target: es.Target{Names: []string{"c"}}})
	}
	stats := &e.indexByName["c"].stats.requestCache
	for minute := range 10 {
		q := fmt.Sprintf(`{"range":{"@timestamp":{"gte":"2026-03-01T03:%02d:00Z","lt":"2026-03-04T00:%02d:00Z"}}}`, minute, minute)
		ask(t, e, q, `{"s":{"sum":{"field":"n"}}}`, 0, true)
	}
	// The first day's segment is cut differently each time; the other two are asked for, kept, and found nine times.
	if hits, misses := stats.Hits.Load(), stats.Misses.Load(); hits != 18 || misses != 12 {
		t.Errorf("%d hits and %d misses, want 18 and 12", hits, misses)
	}
	// Nor do the bounds out to which a histogram is filled.
	hits := stats.Hits.Load()
	for minute := range 4 {
		ask(t, e, all, fmt.Sprintf(`{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"1h","extended_bounds":{"min":"2026-03-01T00:%02d:00Z","max":"2026-03-05T00:%02d:00Z"}}}}`, minute, minute), 0, true)
	}
	if found := stats.Hits.Load() - hits; found != 9 {
		t.Errorf("a histogram whose bounds move found %d runs, want 9", found)
	}
	hits = stats.Hits.Load()
	q := `{"range":{"@timestamp":{"gte":"now-1h"}}}`
	for range 3 {
		ask(t, e, q, `{"f":{"filter":{"range":{"@timestamp":{"gte":"now-1d"}}}}}`, 0, true)
	}
	if stats.Hits.Load() != hits {
		t.Error("an aggregation that depends on the time of asking came from the cache")
	}
}
