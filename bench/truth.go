package main

import (
	"slices"
	"strings"

	"elkhorn/internal/demo"
)

// truth is what the answers must be, counted from the generator's records without the server.
type truth struct {
	docs      int
	first     int64 // BenchStart in epoch milliseconds
	end       int64 // a day later
	newest    []int64
	perMinute map[int64]int // ERROR by minute
	perHalf   map[int64]int // common word by half hour
	tools     [demo.BenchTools]int
	users     []int
	latencies [demo.BenchServices][]int // sorted
	rare      []int64                   // times, newest first, like the next two
	phrase    []int64
	common    []int64
	words     int // documents with the common word
	wordTimes []int64
	errors    []int64
	slow      [demo.BenchServices]int
	latency   float64 // sums
	tokens    float64
	cost      float64
	requestID string // of one document in the middle
	requestAt int64
	traceID   string
	traceDocs int
}

const (
	minuteMillis   = 60_000
	halfHourMillis = 30 * minuteMillis
	hourMillis     = 60 * minuteMillis
)

// slowMillis and slowHours are those of query k.
const (
	slowMillis = 5000
	slowHours  = 6
)

// countTruth runs the generator over all documents.
func countTruth(seed uint64, docs int) *truth {
	t := &truth{docs: docs, first: demo.BenchStart.UnixMilli(), users: make([]int, demo.BenchUsers),
		perMinute: map[int64]int{}, perHalf: map[int64]int{}}
	t.end = t.first + demo.BenchSpan.Milliseconds()
	var hasPhrase, hasCommon, hasWord []bool
	for _, template := range demo.BenchTemplates() {
		hasPhrase = append(hasPhrase, strings.Contains(template, demo.BenchPhrase))
		hasCommon = append(hasCommon, strings.Contains(template, demo.BenchCommonPhrase))
		hasWord = append(hasWord, strings.Contains(template, demo.BenchCommonWord))
	}
	gen, buf := demo.NewBench(seed, docs), []byte(nil)
	for i := range docs {
		buf = gen.Append(buf[:0])
		rec := gen.Last()
		t.add(rec)
		t.phrase = appendIf(t.phrase, rec.Millis, hasPhrase[rec.Template])
		t.common = appendIf(t.common, rec.Millis, hasCommon[rec.Template])
		if hasWord[rec.Template] {
			t.words++
			t.wordTimes = append(t.wordTimes, rec.Millis)
			t.perHalf[rec.Millis/halfHourMillis*halfHourMillis]++
		}
		if i == docs/2 {
			t.requestID, t.requestAt, t.traceID = string(rec.RequestID[:]), rec.Millis, string(rec.TraceID[:])
		}
	}
	t.finish(seed)
	return t
}

func (t *truth) add(rec *demo.BenchRecord) {
	t.newest = append(t.newest, rec.Millis)
	t.tools[rec.Tool]++
	t.users[rec.User]++
	t.latencies[rec.Service] = append(t.latencies[rec.Service], rec.LatencyMs)
	t.latency += float64(rec.LatencyMs)
	t.tokens += float64(rec.Tokens - rec.Tokens/4)
	t.cost += rec.Cost
	t.rare = appendIf(t.rare, rec.Millis, rec.RareWord)
	if rec.Level != demo.BenchError {
		return
	}
	t.errors = append(t.errors, rec.Millis)
	if rec.Millis < t.end {
		t.perMinute[rec.Millis/minuteMillis*minuteMillis]++
	}
	if rec.LatencyMs > slowMillis && rec.Millis >= t.end-slowHours*hourMillis && rec.Millis < t.end {
		t.slow[rec.Service]++
	}
}

func appendIf(times []int64, at int64, holds bool) []int64 {
	if holds {
		return append(times, at)
	}
	return times
}

// finish sorts, and counts the documents of the chosen trace.
func (t *truth) finish(seed uint64) {
	for i := range t.latencies {
		slices.Sort(t.latencies[i])
	}
	gen, buf := demo.NewBench(seed, t.docs), []byte(nil)
	for range t.docs {
		buf = gen.Append(buf[:0])
		if rec := gen.Last(); string(rec.TraceID[:]) == t.traceID {
			t.traceDocs++
		}
	}
}

// newestOf are the newest n of times, newest first.
func newestOf(times []int64, n int) []int64 {
	sorted := slices.Clone(times)
	slices.SortFunc(sorted, func(a, b int64) int { return int(b - a) })
	return sorted[:min(n, len(sorted))]
}

// within counts the times in [from, to).
func within(times []int64, from, to int64) int { return len(between(times, from, to)) }

// top are the largest counts, largest first.
func top(counts []int, n int) []int {
	sorted := slices.Clone(counts)
	slices.SortFunc(sorted, func(a, b int) int { return b - a })
	return sorted[:min(n, len(sorted))]
}

// distinct counts what occurred.
func distinct(counts []int) int {
	n := 0
	for _, count := range counts {
		if count > 0 {
			n++
		}
	}
	return n
}

// quantile is the value below which a share of the sorted values lies.
func quantile(sorted []int, share float64) int {
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}
