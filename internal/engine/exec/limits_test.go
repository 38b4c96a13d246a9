package exec_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
)

// budget is a Budget with a limit; it remembers what was reserved at most.
type budget struct {
	mu               sync.Mutex
	limit, now, most int64
}

func (b *budget) Reserve(bytes int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.now+bytes > b.limit {
		return eserr.CircuitBreaking(b.now+bytes, b.limit, "[request] Data too large")
	}
	b.now += bytes
	b.most = max(b.most, b.now)
	return nil
}

func (b *budget) Release(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now -= bytes
}

func manyValues(t testing.TB, n int) exec.Index {
	var docs []string
	for i := range n {
		docs = append(docs, fmt.Sprintf(`{"u":"user-%d","n":%d}`, i, i))
	}
	return testIndex(t, "test", randomMapping, docs, 1000)
}

func TestBudgetBreaksTheSearchAndIsGivenBack(t *testing.T) {
	ix := manyValues(t, 5000)
	for _, body := range []string{
		`{"size":0,"aggs":{"u":{"terms":{"field":"u"}}}}`,
		`{"size":0,"aggs":{"u":{"terms":{"field":"u"},"aggs":{"h":{"top_hits":{}},"p":{"percentiles":{"field":"n"}}}}}}`,
		`{"size":0,"aggs":{"n":{"histogram":{"field":"n","interval":1},"aggs":{"c":{"cardinality":{"field":"u"}}}}}}`,
		`{"size":0,"aggs":{"s":{"scripted_metric":{"init_script":"state.l = []","map_script":"state.l.add(doc['u'].value)","combine_script":"return state.l.size()","reduce_script":"int n = 0; for (s in states) { n += s } return n"}}}}`,
	} {
		req := parseRequest(t, body)
		b := &budget{limit: 1 << 40}
		req.Budget = b
		if _, err := exec.Search(t.Context(), []exec.Index{ix}, req); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if b.now != 0 || b.most < 5000*16 {
			t.Errorf("%s: %d bytes still reserved, %d at most", body, b.now, b.most)
		}
		b.limit = b.most / 2
		_, err := exec.Search(t.Context(), []exec.Index{ix}, req)
		if !eserr.Is(err, "circuit_breaking_exception") || eserr.From(err).Status != 429 {
			t.Errorf("%s: over budget: %v", body, err)
		}
		if b.now != 0 {
			t.Errorf("%s: %d bytes still reserved after failing", body, b.now)
		}
	}
}

// siblings is a request with n times the same aggregation, each over all documents.
func siblings(n int, body string) string {
	var aggs []string
	for i := range n {
		aggs = append(aggs, fmt.Sprintf(`"a%d":%s`, i, body))
	}
	return `{"size":0,"aggs":{` + strings.Join(aggs, ",") + `}}`
}

// TestBuffersOfManyAggregationsCount: a request of some megabytes names tens of thousands of aggregations, each of which keeps what it
// reads of a block.
func TestBuffersOfManyAggregationsCount(t *testing.T) {
	const rows, n = 1000, 100 // of one segment
	ix := manyValues(t, rows)
	for _, c := range []struct {
		body string
		each int // bytes a row, at least
	}{
		{`{"avg":{"field":"n"}}`, 8},
		{`{"histogram":{"field":"n","interval":1000000}}`, 8 + 4},
		{`{"top_hits":{"size":1}}`, 100}, // what it is sorted by, and later what it is read with
		{`{"filter":{"range":{"n":{"gte":1}}}}`, 2},
	} {
		req := parseRequest(t, siblings(n, c.body))
		b := &budget{limit: 1 << 40}
		req.Budget = b
		if _, err := exec.Search(t.Context(), []exec.Index{ix}, req); err != nil {
			t.Fatalf("%s: %v", c.body, err)
		}
		if b.now != 0 || b.most < int64(n*rows*c.each) {
			t.Errorf("%d times %s: %d bytes reserved at most, want %d; %d still are", n, c.body, b.most, n*rows*c.each, b.now)
		}
	}
}

// tired is a context that ends when it was asked so often whether it has.
type tired struct {
	context.Context
	left atomic.Int64
}

func (c *tired) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestManyAggregationsEndWithTheirClient: one block of documents takes seconds to go through thousands of aggregations or buckets.
func TestManyAggregationsEndWithTheirClient(t *testing.T) {
	ix := manyValues(t, 500)
	var ranges []string
	for range 1000 {
		ranges = append(ranges, `{"from":0}`)
	}
	for name, body := range map[string]string{
		"numbers": siblings(1000, `{"avg":{"field":"n"}}`),
		"words":   siblings(1000, `{"cardinality":{"field":"u"}}`),
		"ranges":  siblings(1, `{"range":{"field":"n","ranges":[`+strings.Join(ranges, ",")+`]}}`),
	} {
		ctx := &tired{Context: t.Context()}
		ctx.left.Store(500)
		if _, err := exec.Search(ctx, []exec.Index{ix}, parseRequest(t, body)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the search went on: %v", name, err)
		}
	}
}

func TestTooManyBuckets(t *testing.T) {
	ix := manyValues(t, 100)
	req := parseRequest(t, `{"size":0,"aggs":{"u":{"terms":{"field":"u","size":100}}}}`)
	req.MaxBuckets = 100
	if _, err := exec.Search(t.Context(), []exec.Index{ix}, req); err != nil {
		t.Fatal(err)
	}
	req.MaxBuckets = 99
	if _, err := exec.Search(t.Context(), []exec.Index{ix}, req); !eserr.Is(err, "too_many_buckets_exception") {
		t.Fatalf("100 buckets of 99: %v", err)
	}
}

func TestCancelledContextEndsTheSearch(t *testing.T) {
	ix := manyValues(t, 100)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := exec.Search(ctx, []exec.Index{ix}, parseRequest(t, `{}`)); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

// slowSegment takes a second to read a block.
type slowSegment struct{ segment.Segment }

type slowColumn struct{ column.Column }

func (s slowSegment) Column(name string) column.Column {
	if c := s.Segment.Column(name); c != nil {
		return slowColumn{c}
	}
	return nil
}

func (c slowColumn) Read(block, from, to int, dst *column.Block) error {
	time.Sleep(time.Second) // inside a synctest bubble: no time passes
	return c.Column.Read(block, from, to, dst)
}

func TestTimeoutGivesWhatWasFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ix := manyValues(t, 5000)
		for i := range ix.Sources {
			ix.Sources[i].Segment = slowSegment{ix.Sources[i].Segment}
		}
		req := parseRequest(t, `{"size":0,"track_total_hits":true,"query":{"exists":{"field":"n"}}}`)
		req.Timeout, req.Workers = 2500*time.Millisecond, 1
		r, err := exec.Search(t.Context(), []exec.Index{ix}, req)
		if err != nil {
			t.Fatal(err)
		}
		if !r.TimedOut || r.Hits.Total.Value != 3000 {
			t.Fatalf("timed out %v with %d hits, want 3000", r.TimedOut, r.Hits.Total.Value)
		}
	})
}

// brokenSegment fails to read any column.
type brokenSegment struct{ segment.Segment }

type brokenColumn struct{ column.Column }

func (s brokenSegment) Column(name string) column.Column {
	if c := s.Segment.Column(name); c != nil {
		return brokenColumn{c}
	}
	return nil
}

var errBroken = errors.New("segment 7: block at byte 4096: bad checksum")

func (brokenColumn) Read(int, int, int, *column.Block) error { return errBroken }

// TestFailingIndexLeavesTheOthers says that what is wrong with one index does not hide the hits of the
// others, and that a search of broken indices alone fails.
func TestFailingIndexLeavesTheOthers(t *testing.T) {
	good, bad := manyValues(t, 10), manyValues(t, 10)
	bad.Name = "bad"
	bad.Sources[0].Segment = brokenSegment{bad.Sources[0].Segment}
	req := parseRequest(t, `{"query":{"range":{"n":{"lt":5}}},"aggs":{"s":{"sum":{"field":"n"}}},"sort":["n"]}`)
	r, err := exec.Search(t.Context(), []exec.Index{bad, good}, req)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Hits.Hits) != 5 || len(r.Failures) != 1 || r.Failures[0].Index != "bad" {
		t.Fatalf("%d hits, failures %v", len(r.Hits.Hits), r.Failures)
	}
	if got := string(r.Aggs.AppendJSON(nil, false)); got != `{"s":{"value":10.0}}` {
		t.Fatalf("aggregations %s", got)
	}
	if _, err := exec.Search(t.Context(), []exec.Index{bad}, req); !eserr.Is(err, "search_phase_execution_exception") {
		t.Fatalf("broken index alone: %v", err)
	}
}

// TestManySearchesAtOnce shares segments and requests between goroutines.
func TestManySearchesAtOnce(t *testing.T) {
	ix := manyValues(t, 3000)
	seal(t, &ix, 2)
	req := parseRequest(t, `{"query":{"range":{"n":{"gte":100}}},"aggs":{"u":{"terms":{"field":"u"},"aggs":{"a":{"avg":{"field":"n"}}}}},"sort":[{"n":"desc"}],"workers":4,"track_total_hits":true}`)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			r, err := exec.Search(t.Context(), []exec.Index{ix}, req)
			if err != nil || r.Hits.Total.Value != 2900 || r.Hits.Hits[0].ID != "auto-2999" {
				t.Errorf("total %v, error %v", r, err)
			}
		})
	}
	wait.Wait()
}

// countedContext is cancelled after it was asked so many times: every place that looks is a place to end.
type countedContext struct {
	context.Context
	left *atomic.Int64
}

func (c countedContext) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestCancelledAnywhere cancels searches at every place where they look whether to go on: each ends with the
// context's error and gives its memory back, and one that is not cancelled finds what it should.
func TestCancelledAnywhere(t *testing.T) {
	ix := manyValues(t, 3000)
	stored := ix
	stored.Sources = slices.Clone(ix.Sources)
	seal(t, &stored, 2)
	for name, body := range map[string]string{
		"values of a dictionary": `{"size":0,"query":{"regexp":{"u":".*[02468]"}},"track_total_hits":true}`,
		"buckets":                `{"size":0,"aggs":{"u":{"terms":{"field":"u","size":10},"aggs":{"c":{"cardinality":{"field":"n"}}}}}}`,
		"counts":                 `{"size":0,"aggs":{"u":{"terms":{"field":"u","size":3000}},"c":{"cardinality":{"field":"u"}}}}`,
		"hits":                   `{"size":50,"sort":["n"],"query":{"exists":{"field":"u"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, index := range []exec.Index{ix, stored} {
				req := parseRequest(t, body)
				b := &budget{limit: 1 << 40}
				req.Budget, req.Workers = b, 1
				want, err := exec.Search(t.Context(), []exec.Index{index}, req)
				if err != nil {
					t.Fatal(err)
				}
				places := 0
				for ; ; places++ {
					left := new(atomic.Int64)
					left.Store(int64(places))
					got, err := exec.Search(countedContext{t.Context(), left}, []exec.Index{index}, req)
					if b.now != 0 {
						t.Fatalf("place %d: %d bytes still reserved", places, b.now)
					}
					if err == nil {
						if printResponse(got) != printResponse(want) {
							t.Fatalf("place %d: the answer is another one", places)
						}
						break
					}
					if !errors.Is(err, context.Canceled) {
						t.Fatalf("place %d: %v", places, err)
					}
				}
				if places < 5 {
					t.Errorf("it looks only %d times whether to go on", places)
				}
			}
		})
	}
}

// TestTimeoutInsideADictionary says that time runs out while the values of a segment are compared, too.
func TestTimeoutInsideADictionary(t *testing.T) {
	var docs []string
	for i := range 6000 {
		docs = append(docs, fmt.Sprintf(`{"u":"user-%d"}`, i%700))
	}
	ix := testIndex(t, "test", randomMapping, docs, 3000)
	seal(t, &ix, 1) // outside of the bubble, since decoders live on
	for i := range ix.Sources {
		ix.Sources[i].Segment = slowDict{ix.Sources[i].Segment}
	}
	synctest.Test(t, func(t *testing.T) {
		req := parseRequest(t, `{"size":0,"track_total_hits":true,"query":{"wildcard":{"u":"user-*"}}}`)
		req.Timeout, req.Workers = 900*time.Millisecond, 1
		r, err := exec.Search(t.Context(), []exec.Index{ix}, req)
		if err != nil {
			t.Fatal(err)
		}
		if !r.TimedOut || r.Hits.Total.Value != 3000 {
			t.Fatalf("timed out %v with %d hits, want the 3000 of the first segment", r.TimedOut, r.Hits.Total.Value)
		}
	})
}

// slowDict takes a millisecond for each value of a dictionary.
type slowDict struct{ segment.Segment }

func (s slowDict) Column(name string) column.Column {
	if c := s.Segment.Column(name); c != nil {
		return slowDictColumn{c}
	}
	return nil
}

type slowDictColumn struct{ column.Column }

func (c slowDictColumn) Dict() column.Dict {
	if d := c.Column.Dict(); d != nil {
		return slowValues{d}
	}
	return nil
}

type slowValues struct{ column.Dict }

func (d slowValues) Value(ord uint32) []byte {
	time.Sleep(time.Millisecond) // inside a synctest bubble: no time passes
	return d.Dict.Value(ord)
}

// TestProfiledSearchesAnswerTheSame: measuring changes no answer, over blocks in memory and stored ones.
func TestProfiledSearchesAnswerTheSame(t *testing.T) {
	r := random{rand.New(rand.NewPCG(3, 3))}
	c := newComparison(t, r, 300)
	for i := range 60 {
		if i == 30 {
			seal(t, &c.index, 2)
		}
		sort := r.sort()
		if i%3 == 0 {
			sort = `"_score"`
		}
		req := parseRequest(t, fmt.Sprintf(`{"query":%s,"aggs":%s,"sort":[%s],"size":20,"track_total_hits":true}`, r.query(2), r.aggs(2), sort))
		want, err := exec.Search(t.Context(), []exec.Index{c.index}, req)
		if err != nil {
			t.Fatal(err)
		}
		req.Profile = true
		got, err := exec.Search(t.Context(), []exec.Index{c.index}, req)
		if err != nil {
			t.Fatal(err)
		}
		if printResponse(got) != printResponse(want) {
			t.Fatalf("search %d: profiled it answers\n%s\nelse\n%s", i, printResponse(got), printResponse(want))
		}
		if !json.Valid(got.Profile) || want.Profile != nil {
			t.Fatalf("profile %s", got.Profile)
		}
	}
}
