package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// report gathers what was measured.
type report struct {
	began   time.Time
	machine []string
	docs    int
	ours    costs      // Elkhorn with the explicit mapping
	queries []queryRow // Elkhorn's
	again   []queryRow // Elkhorn's, with kept answers
	extra   []extraSet // other documents that Elkhorn loaded
	rivals  []outcome
	real    *realSet // what the real logs are, nil for none
	remarks []string
}

// extraSet is another set of documents, or the same with another mapping.
type extraSet struct {
	name  string
	costs costs
}

type direction bool

const (
	lessIsBetter direction = false
	moreIsBetter direction = true
)

// queryRow is a measured query.
type queryRow struct {
	row, what string
	goal      float64       // milliseconds
	first     time.Duration // of the first run, which is not counted
	took      []time.Duration
	fault     string // why the answer is wrong or missing
	cannot    string // why there is no such query
}

// wrong is the number of our queries without a right answer.
func (r *report) wrong() int {
	n := 0
	for _, q := range slices.Concat(r.queries, r.again) {
		if !q.right() {
			n++
		}
	}
	return n
}

func (q *queryRow) right() bool { return q.fault == "" && q.cannot == "" && len(q.took) > 0 }

// factor is how far a value is from another: 1 is the same, 2 is twice as bad.
func factor(value, other float64, better direction) float64 {
	if better == moreIsBetter {
		return other / value
	}
	return value / other
}

func unit(u string) string {
	if u == "" || strings.HasPrefix(u, "/") {
		return u
	}
	return " " + u
}

// verdict says whether a goal is met, or by how much not.
func verdict(factor float64) string {
	if factor <= 1 {
		return "met"
	}
	return fmt.Sprintf("%.1f times the goal", factor)
}

func (q *queryRow) cells() []string {
	median, outcome, right := q.percentile(0.5), "", "right"
	if len(q.took) > 0 {
		outcome = verdict(median / q.goal)
	}
	if q.fault != "" {
		right = "WRONG: " + q.fault
	}
	return []string{q.row + ": " + q.what, millis(q.percentile(0)), millis(median), millis(q.percentile(0.95)), number(q.goal) + " ms", outcome, right}
}

// percentile is in milliseconds, NaN when there is no measurement.
func (q *queryRow) percentile(share float64) float64 {
	if len(q.took) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(q.took))
	at := int(math.Ceil(share*float64(len(sorted)))) - 1
	return float64(sorted[max(at, 0)].Microseconds()) / 1000
}

func millis(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return number(v) + " ms"
}

// number prints three significant digits down to a thousandth, thousands grouped.
func number(v float64) string {
	switch abs := math.Abs(v); {
	case abs >= 1000:
		return grouped(int(math.Round(v)))
	case abs >= 100 || v == math.Trunc(v):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case abs >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case abs < 0.1:
		return strconv.FormatFloat(v, 'f', 3, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}

// grouped prints 2,000,000.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

var queryHead = []string{"query", "best", "median", "p95", "goal", "", "answer"}

// table is for the terminal: one table of everything.
func (r *report) table() string {
	head, costs, queries := r.compared()
	_, extra := r.extraTable()
	for _, cells := range extra {
		costs = append(costs, []string{cells[0], "", cells[2] + ", " + cells[4] + " CPU, " + cells[6] + ", ratio " + cells[7]})
	}
	_, again := r.againTable()
	for _, cells := range again {
		queries = append(queries, slices.Concat([]string{cells[0], "", cells[1], ""}, cells[2:]))
	}
	text := aligned(head, slices.Concat(costs, queries))
	for _, remark := range slices.Concat(r.faults(), r.remarks) {
		text += "\n" + remark
	}
	return text + "\n"
}

func aligned(head []string, rows [][]string) string {
	widths := make([]int, len(head))
	all := append([][]string{head}, rows...)
	for _, row := range all {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for _, row := range all {
		line := ""
		for i, cell := range row {
			line += cell + strings.Repeat(" ", widths[i]-len([]rune(cell))+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// markdown is the report as it is kept beside the code.
func (r *report) markdown(o *options) string {
	head, costs, queries := r.compared()
	var b strings.Builder
	b.WriteString("# Results of the benchmark\n\nWritten by `make bench`; how to read it is in [README.md](README.md).\n\n")
	fmt.Fprintf(&b, "- %s, took %s\n", r.began.UTC().Format("2006-01-02 15:04 UTC"), time.Since(r.began).Round(time.Second))
	for _, line := range r.machine {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	if o.note != "" {
		fmt.Fprintf(&b, "- Beside it ran: %s\n", o.note)
	}
	if o.profiles != "" {
		b.WriteString("- Profiles were taken while loading, which costs a few percent\n")
	}
	fmt.Fprintf(&b, "- %s generated documents of %.0f bytes, seed %d; bulks of %s over %d connections; each query %d times after %d that are not counted, one at a time; the load generator runs on the same processors\n",
		grouped(o.docs), r.ours.rawBytes, o.seed, grouped(o.bulk), o.connections, o.runs, warmUps)
	fmt.Fprintf(&b, "- Command: `go run . -bin ../bin/elkhorn -docs %d -default-docs %d -slow-docs %d -bulk %d -connections %d -runs %d -seed %d -real-mb %d -hostile-docs %d`\n\n",
		o.docs, o.defaultDocs, o.slowDocs, o.bulk, o.connections, o.runs, o.seed, o.realMB, o.hostileDocs)
	b.WriteString("## Beside the others: loading, memory, disk, start\n\n" + markdownTable(head, costs))
	b.WriteString("\n## Beside the others: queries, median / p95\n\n" + markdownTable(head, queries))
	b.WriteString("\n" + r.setUps())
	for _, fault := range r.faults() {
		b.WriteString("- " + fault + "\n")
	}
	b.WriteString("\n## Where another is better\n\n" + r.losses())
	b.WriteString("\n## Other documents and mappings\n\n" + markdownTable(r.extraTable()))
	head, again := r.againTable()
	b.WriteString("\n## Asked again, with what a store keeps of its answers: median / p95\n\n" + markdownTable(head, again))
	var ours [][]string
	for i := range r.queries {
		ours = append(ours, r.queries[i].cells())
	}
	b.WriteString("\n## Elkhorn's queries\n\n" + markdownTable(queryHead, ours))
	b.WriteString("\n## What falls short of a goal\n\n" + r.shortfall())
	for _, remark := range r.remarks {
		b.WriteString("\n" + remark + "\n")
	}
	return b.String()
}

func markdownTable(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(head)
	line(slices.Repeat([]string{"---"}, len(head)))
	for _, row := range rows {
		line(row)
	}
	return b.String()
}

// shortfall lists what missed its goal, worst first.
func (r *report) shortfall() string {
	type miss struct {
		what   string
		factor float64
	}
	var misses []miss
	for _, row := range costRows() {
		if f := factor(row.value(&r.ours), row.goal, row.better); row.goal > 0 && f > 1 {
			misses = append(misses, miss{row.what, f})
		}
	}
	for i := range r.queries {
		q := &r.queries[i]
		if q.fault != "" {
			misses = append(misses, miss{q.row + ": " + q.what + ": the answer is wrong: " + q.fault, math.Inf(1)})
		} else if factor := q.percentile(0.5) / q.goal; factor > 1 {
			misses = append(misses, miss{q.row + ": " + q.what, factor})
		}
	}
	if len(misses) == 0 {
		return "Nothing.\n"
	}
	slices.SortStableFunc(misses, func(a, b miss) int {
		switch {
		case a.factor > b.factor:
			return -1
		case a.factor < b.factor:
			return 1
		}
		return 0
	})
	var b strings.Builder
	for _, m := range misses {
		if math.IsInf(m.factor, 1) {
			fmt.Fprintf(&b, "- %s\n", m.what)
		} else {
			fmt.Fprintf(&b, "- %s (%s)\n", m.what, verdict(m.factor))
		}
	}
	return b.String()
}
