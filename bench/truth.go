package main

import (
	"cmp"
	"slices"
	"strings"

	"elkhorn/internal/demo"
)

// truth is what the answers must be, counted from the generator's records without the server. Its size
// does not grow with the number of documents.
type truth struct {
	docs      int
	first     int64 // BenchStart in epoch milliseconds
	end       int64 // a day later
	inDay     int   // documents in [first, end)
	newest    newest
	perMinute map[int64]int // ERROR by minute
	perHalf   map[int64]int // common word by half hour
	tools     [demo.BenchTools]int
	users     []int
	latencies [demo.BenchServices]distribution
	rare      newest
	phrase    newest
	common    newest
	word      newest // documents with the common word
	errors    int
	lastHour  newest // ERROR in the last hour of the day
	slow      [demo.BenchServices]int
	latency   float64 // sums
	tokens    float64
	cost      float64
	requestID string // of one document in the middle
	requestAt int64
	traceID   string // that begins in the middle
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

// counter counts the truth of one document after another.
type counter struct {
	truth
	done int
	// hasPhrase, hasCommon and hasWord say it of each template.
	hasPhrase, hasCommon, hasWord []bool
	// earlier are the traces of the documents just before the middle: one that is not there is new.
	earlier map[[32]byte]bool
}

// traceWindow is more documents than a trace spans: each of 32 traces has one document of 32.
const traceWindow = 5000

func newCounter(docs int) *counter {
	c := &counter{truth: truth{docs: docs, first: demo.BenchStart.UnixMilli(), users: make([]int, demo.BenchUsers),
		perMinute: map[int64]int{}, perHalf: map[int64]int{}}, earlier: map[[32]byte]bool{}}
	c.end = c.first + demo.BenchSpan.Milliseconds()
	for _, template := range demo.BenchTemplates() {
		c.hasPhrase = append(c.hasPhrase, strings.Contains(template, demo.BenchPhrase))
		c.hasCommon = append(c.hasCommon, strings.Contains(template, demo.BenchCommonPhrase))
		c.hasWord = append(c.hasWord, strings.Contains(template, demo.BenchCommonWord))
	}
	return c
}

// countTruth runs the generator over all documents.
func countTruth(seed uint64, docs int) *truth {
	c := newCounter(docs)
	gen, buf := demo.NewBench(seed, docs), []byte(nil)
	for range docs {
		buf = gen.Append(buf[:0])
		c.add(gen.Last())
	}
	return &c.truth
}

// counted are the benchmark's documents, counted as they are made.
func counted(seed uint64, n int) (documents, *truth) {
	gen, c := demo.NewBench(seed, n), newCounter(n)
	return func(dst []byte) ([]byte, bool) {
		if c.done == n {
			return dst, false
		}
		dst = gen.Append(dst)
		c.add(gen.Last())
		return dst, true
	}, &c.truth
}

func (c *counter) add(rec *demo.BenchRecord) {
	if rec.Millis >= c.first && rec.Millis < c.end {
		c.inDay++
	}
	c.newest.add(rec.Millis)
	c.tools[rec.Tool]++
	c.users[rec.User]++
	c.latencies[rec.Service].add(rec.LatencyMs)
	c.latency += float64(rec.LatencyMs)
	c.tokens += float64(rec.Tokens - rec.Tokens/4)
	c.cost += rec.Cost
	if rec.RareWord {
		c.rare.add(rec.Millis)
	}
	if c.hasPhrase[rec.Template] {
		c.phrase.add(rec.Millis)
	}
	if c.hasCommon[rec.Template] {
		c.common.add(rec.Millis)
	}
	if c.hasWord[rec.Template] {
		c.word.add(rec.Millis)
		c.perHalf[rec.Millis/halfHourMillis*halfHourMillis]++
	}
	if rec.Level == demo.BenchError {
		c.addError(rec)
	}
	c.follow(rec)
	c.done++
}

func (c *counter) addError(rec *demo.BenchRecord) {
	c.errors++
	if rec.Millis >= c.end {
		return
	}
	c.perMinute[rec.Millis/minuteMillis*minuteMillis]++
	if rec.Millis >= c.end-hourMillis {
		c.lastHour.add(rec.Millis)
	}
	if rec.LatencyMs > slowMillis && rec.Millis >= c.end-slowHours*hourMillis {
		c.slow[rec.Service]++
	}
}

// follow chooses the request and the trace that are looked for, and counts the trace's documents.
func (c *counter) follow(rec *demo.BenchRecord) {
	middle := c.docs / 2
	switch {
	case c.done < middle-traceWindow:
		return
	case c.done < middle:
		c.earlier[rec.TraceID] = true
		return
	case c.done == middle:
		c.requestID, c.requestAt = string(rec.RequestID[:]), rec.Millis
	}
	if c.traceID == "" && !c.earlier[rec.TraceID] {
		c.traceID = string(rec.TraceID[:])
	}
	if c.traceID == string(rec.TraceID[:]) {
		c.traceDocs++
	}
}

// newest counts times and keeps the newest hundred.
type newest struct {
	total int
	heap  []int64 // the oldest first
}

// newestKept is as many as any query asks for.
const newestKept = 100

func (n *newest) add(at int64) {
	n.total++
	switch {
	case len(n.heap) < newestKept:
		n.heap = append(n.heap, at)
		slices.Sort(n.heap)
	case at > n.heap[0]:
		n.heap[0] = at
		n.sink()
	}
}

// sink restores the heap after its first element has grown.
func (n *newest) sink() {
	for i := 0; ; {
		least := 2*i + 1
		if least >= len(n.heap) {
			return
		}
		if right := least + 1; right < len(n.heap) && n.heap[right] < n.heap[least] {
			least = right
		}
		if n.heap[i] <= n.heap[least] {
			return
		}
		n.heap[i], n.heap[least] = n.heap[least], n.heap[i]
		i = least
	}
}

// first are the newest k, newest first.
func (n *newest) first(k int) []int64 {
	sorted := slices.SortedFunc(slices.Values(n.heap), func(a, b int64) int { return cmp.Compare(b, a) })
	return sorted[:min(k, len(sorted))]
}

// distribution counts how often each value occurs.
type distribution struct {
	total  int
	counts []int
}

func (d *distribution) add(value int) {
	if value >= len(d.counts) {
		d.counts = append(d.counts, make([]int, value+1-len(d.counts))...)
	}
	d.counts[value]++
	d.total++
}

// quantile is the value below which a share of the values lies.
func (d *distribution) quantile(share float64) int {
	rank := max(0, min(int(share*float64(d.total)), d.total-1))
	for value, n := range d.counts {
		if rank < n {
			return value
		}
		rank -= n
	}
	return len(d.counts) - 1
}

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
