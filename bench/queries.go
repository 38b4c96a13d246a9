package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/demo"
)

// query is one row of the performance table.
type query struct {
	row  string
	what string
	goal float64 // milliseconds
	// body is the search; check compares its answer with the truth.
	body  string
	check func(a *answer) error
}

// rowsAskedAgain are those that a dashboard repeats: they are measured with kept answers too.
var rowsAskedAgain = []string{"b", "c", "d", "j", "m", "n"}

// askedAgain are these rows of all.
func askedAgain(all []query) []query {
	return slices.DeleteFunc(slices.Clone(all), func(q query) bool { return !slices.Contains(rowsAskedAgain, q.row) })
}

// fields are the names to search by: with the default dynamic mapping a text has its exact values in
// a sub-field.
type fields struct{ keyword string }

// rowsWithDefaultMapping are measured with the default mapping too; their goal there is row o's.
var rowsWithDefaultMapping = []string{"c", "d", "e", "n"}

// defaultMappingFactor is how much longer they may take with it.
const defaultMappingFactor = 1.3

// queries are the rows a to n, in the order of the table. No totals are asked for but where the row says so.
func queries(t *truth, f fields) []query {
	k := f.keyword
	day := timeRange(t.first, t.end)
	return []query{
		{"a", "count over 24 h", 1,
			`{"size":0,"track_total_hits":true,"query":` + day + `}`, wantTotal(t.inDay)},
		{"b", "per-minute histogram of ERROR", 2.5,
			`{"size":0,"track_total_hits":false,"query":{"bool":{"filter":[{"term":{"level` + k + `":"ERROR"}},` + day + `]}},"aggs":{"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"1m"}}}}`,
			wantHistogram(t.perMinute)},
		{"c", "top 10 tools", 8,
			`{"size":0,"track_total_hits":false,"aggs":{"top":{"terms":{"field":"tool` + k + `","size":10}}}}`, wantTop(top(t.tools[:], 10))},
		{"d", "p50/95/99 of latency by service", 35,
			`{"size":0,"track_total_hits":false,"aggs":{"top":{"terms":{"field":"service` + k + `","size":20},"aggs":{"latency":{"percentiles":{"field":"latency_ms","percents":[50,95,99]}}}}}}`,
			wantPercentiles(t)},
		{"e", "a rare word in message or stack trace, newest 50", 3,
			`{"size":50,"track_total_hits":false,"sort":[{"@timestamp":"desc"}],"query":{"bool":{"should":[{"match":{"message":"` + demo.BenchRareWord + `"}},{"match":{"stack_trace":"` + demo.BenchRareWord + `"}}]}}}`,
			wantNewest(t.rare.first(50), func(s source) bool { return strings.Contains(s.Message+s.Stack, demo.BenchRareWord) })},
		{"f1", "a phrase in 1.3 % of documents, newest 50", 8, newestPhrase(demo.BenchPhrase),
			wantNewest(t.phrase.first(50), hasPhrase(demo.BenchPhrase))},
		{"f2", "a phrase in 18 % of documents, newest 50", 3, newestPhrase(demo.BenchCommonPhrase),
			wantNewest(t.common.first(50), hasPhrase(demo.BenchCommonPhrase))},
		{"f3", "count of the 18 % phrase", 20,
			`{"size":0,"track_total_hits":true,"query":{"match_phrase":{"message":"` + demo.BenchCommonPhrase + `"}}}`, wantTotal(t.common.total)},
		{"g", "one request id", 1,
			`{"track_total_hits":false,"query":{"term":{"request_id` + k + `":"` + t.requestID + `"}}}`,
			wantNewest([]int64{t.requestAt}, func(s source) bool { return s.RequestID == t.requestID })},
		{"h", "one trace id", 1,
			`{"size":100,"track_total_hits":true,"sort":[{"@timestamp":"asc"}],"query":{"term":{"trace_id` + k + `":"` + t.traceID + `"}}}`, wantTotal(t.traceDocs)},
		{"i1", "newest 100 ERROR of the last hour", 3,
			`{"size":100,"track_total_hits":false,"sort":[{"@timestamp":"desc"}],"query":{"bool":{"filter":[{"term":{"level` + k + `":"ERROR"}},` + timeRange(t.end-hourMillis, t.end) + `]}}}`,
			wantNewest(t.lastHour.first(100), func(s source) bool { return s.Level == "ERROR" })},
		{"i2", "newest 100 of all", 2,
			`{"size":100,"track_total_hits":false,"sort":[{"@timestamp":"desc"}]}`, wantNewest(t.newest.first(100), func(source) bool { return true })},
		{"j", "distinct users", 15,
			`{"size":0,"track_total_hits":false,"aggs":{"users":{"cardinality":{"field":"user_id` + k + `"}}}}`,
			wantValue("users", float64(distinct(t.users)), 0.05)},
		{"k", "ERROR slower than 5 s in 6 h, by service", 1,
			`{"size":0,"track_total_hits":false,"query":{"bool":{"filter":[{"term":{"level` + k + `":"ERROR"}},{"range":{"latency_ms":{"gt":5000}}},` + timeRange(t.end-slowHours*hourMillis, t.end) + `]}},"aggs":{"top":{"terms":{"field":"service` + k + `","size":20}}}}`,
			wantTop(withoutZeros(top(t.slow[:], demo.BenchServices)))},
		{"l", "two averages and a sum over all", 12,
			`{"size":0,"track_total_hits":false,"aggs":{"latency":{"avg":{"field":"latency_ms"}},"tokens":{"avg":{"field":"prompt_tokens"}},"cost":{"sum":{"field":"cost"}}}}`,
			wantAll(wantValue("latency", t.latency/float64(t.docs), 1e-9), wantValue("tokens", t.tokens/float64(t.docs), 1e-9), wantValue("cost", t.cost, 1e-6))},
		{"m", "top 10 of 200,000 users", 40,
			`{"size":0,"track_total_hits":false,"aggs":{"top":{"terms":{"field":"user_id` + k + `","size":10}}}}`, wantTop(top(t.users, 10))},
		{"n", "Discover's first search: a common word, histogram, newest 50, exact total", 30,
			`{"size":50,"track_total_hits":true,"sort":[{"@timestamp":"desc"}],"query":{"match":{"message":"` + demo.BenchCommonWord + `"}},"aggs":{"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"30m"}}}}`,
			wantAll(wantTotal(t.word.total), wantHistogram(t.perHalf), wantNewest(t.word.first(50), hasPhrase(demo.BenchCommonWord)))},
	}
}

func newestPhrase(phrase string) string {
	return `{"size":50,"track_total_hits":false,"sort":[{"@timestamp":"desc"}],"query":{"match_phrase":{"message":"` + phrase + `"}}}`
}

func hasPhrase(phrase string) func(source) bool {
	return func(s source) bool { return strings.Contains(s.Message, phrase) }
}

// timeRange is a query for [from, to).
func timeRange(from, to int64) string {
	print := func(millis int64) string { return time.UnixMilli(millis).UTC().Format(time.RFC3339) }
	return `{"range":{"@timestamp":{"gte":"` + print(from) + `","lt":"` + print(to) + `"}}}`
}

func withoutZeros(counts []int) []int {
	return slices.DeleteFunc(counts, func(n int) bool { return n == 0 })
}

func wantAll(checks ...func(*answer) error) func(*answer) error {
	return func(a *answer) error {
		for _, check := range checks {
			if err := check(a); err != nil {
				return err
			}
		}
		return nil
	}
}

func wantTotal(want int) func(*answer) error {
	return func(a *answer) error {
		if total := a.Hits.Total; total.Value != want || total.Relation != "eq" {
			return fmt.Errorf("total is %s %d, want %d", total.Relation, total.Value, want)
		}
		return nil
	}
}

// wantNewest compares the times of the hits, which are all that the order fixes where two documents
// are of the same millisecond, and asks of each hit whether it may be there.
func wantNewest(want []int64, fits func(source) bool) func(*answer) error {
	return func(a *answer) error {
		if len(a.Hits.Hits) != len(want) {
			return fmt.Errorf("%d hits, want %d", len(a.Hits.Hits), len(want))
		}
		for i, hit := range a.Hits.Hits {
			if at := hit.Source.Time.UnixMilli(); at != want[i] {
				return fmt.Errorf("hit %d is of %s, want %s", i, hit.Source.Time, time.UnixMilli(want[i]).UTC())
			}
			if !fits(hit.Source) {
				return fmt.Errorf("hit %d does not match: %.200s", i, hit.Source.Message)
			}
		}
		return nil
	}
}

// wantHistogram compares buckets by their time; empty ones may be there or not.
func wantHistogram(want map[int64]int) func(*answer) error {
	return func(a *answer) error {
		got := map[int64]int{}
		for _, b := range a.Aggregations["time"].Buckets {
			if millis, ok := b.Key.(float64); ok && b.Count > 0 {
				got[int64(millis)] = b.Count
			}
		}
		if !maps.Equal(got, want) {
			return fmt.Errorf("%d buckets differ from the %d wanted", len(got), len(want))
		}
		return nil
	}
}

func wantTop(want []int) func(*answer) error {
	return func(a *answer) error {
		var got []int
		for _, b := range a.Aggregations["top"].Buckets {
			got = append(got, b.Count)
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("counts %v, want %v", got, want)
		}
		return nil
	}
}

func wantValue(name string, want, tolerance float64) func(*answer) error {
	return func(a *answer) error {
		if got := a.Aggregations[name].Value; math.Abs(got-want) > math.Abs(want)*tolerance {
			return fmt.Errorf("%s is %v, want %v within %v", name, got, want, tolerance)
		}
		return nil
	}
}

// wantPercentiles allows one percent, and besides it the distance to the neighbours in rank and half a
// millisecond: where few values lie, what is between two of them is a matter of definition.
func wantPercentiles(t *truth) func(*answer) error {
	return func(a *answer) error {
		buckets := a.Aggregations["top"].Buckets
		if len(buckets) != demo.BenchServices {
			return fmt.Errorf("%d services, want %d", len(buckets), demo.BenchServices)
		}
		for service := range t.latencies {
			latencies := &t.latencies[service]
			name := demo.BenchServiceName(service)
			at := slices.IndexFunc(buckets, func(b bucket) bool { return b.Key == name })
			if at < 0 || buckets[at].Count != latencies.total {
				return fmt.Errorf("service %s is missing or has not %d documents", name, latencies.total)
			}
			for text, share := range map[string]float64{"50.0": 0.50, "95.0": 0.95, "99.0": 0.99} {
				got, ok := buckets[at].Latency.Values[text]
				slack := 1 / float64(latencies.total)
				low, high := float64(latencies.quantile(share-slack)), float64(latencies.quantile(share+slack))
				if !ok || got < low*0.99-0.5 || got > high*1.01+0.5 {
					return fmt.Errorf("p%s of %s is %v, want %v to %v within 1 %%", text, name, got, low, high)
				}
			}
		}
		return nil
	}
}
