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
	figures []figure
	queries []queryRow
	remarks []string
}

type direction bool

const (
	lessIsBetter direction = false
	moreIsBetter direction = true
)

// figure is one number with its goal; a goal of 0 is none.
type figure struct {
	what   string
	value  float64
	unit   string
	goal   float64
	better direction
}

// queryRow is a measured query.
type queryRow struct {
	row, what string
	goal      float64 // milliseconds
	took      []time.Duration
	fault     string // why the answer is wrong or missing
}

func (r *report) add(what string, value float64, unit string, goal float64, better direction) {
	r.figures = append(r.figures, figure{what, value, unit, goal, better})
}

func (r *report) time(what string, took time.Duration, goalMillis float64) {
	r.add(what, float64(took.Microseconds())/1000, "ms", goalMillis, lessIsBetter)
}

// wrong is the number of queries without a right answer.
func (r *report) wrong() int {
	n := 0
	for _, q := range r.queries {
		if q.fault != "" {
			n++
		}
	}
	return n
}

// factor is how far a value is from its goal: 1 is there, 2 is twice as bad.
func (f *figure) factor() float64 {
	if f.better == moreIsBetter {
		return f.goal / f.value
	}
	return f.value / f.goal
}

// cells are the rows of the table: what, value, goal, verdict.
func (f *figure) cells() []string {
	if f.goal == 0 {
		return []string{f.what, number(f.value) + unit(f.unit), "", ""}
	}
	return []string{f.what, number(f.value) + unit(f.unit), number(f.goal) + unit(f.unit), verdict(f.factor())}
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

// number prints three significant digits, thousands grouped.
func number(v float64) string {
	switch abs := math.Abs(v); {
	case abs >= 1000:
		return grouped(int(math.Round(v)))
	case abs >= 100 || v == math.Trunc(v):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case abs >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
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

var (
	figureHead = []string{"", "measured", "goal", ""}
	queryHead  = []string{"query", "best", "median", "p95", "goal", "", "answer"}
)

func (r *report) rows() (figures, queries [][]string) {
	for i := range r.figures {
		figures = append(figures, r.figures[i].cells())
	}
	for i := range r.queries {
		queries = append(queries, r.queries[i].cells())
	}
	return figures, queries
}

// table is for the terminal.
func (r *report) table() string {
	figures, queries := r.rows()
	return aligned(figureHead, figures) + "\n" + aligned(queryHead, queries)
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
	figures, queries := r.rows()
	var b strings.Builder
	b.WriteString("# Results of the benchmark\n\nWritten by `make bench`; how to read it is in [README.md](README.md).\n\n")
	fmt.Fprintf(&b, "- %s, took %s\n", r.began.UTC().Format("2006-01-02 15:04 UTC"), time.Since(r.began).Round(time.Second))
	for _, line := range r.machine {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	if o.note != "" {
		fmt.Fprintf(&b, "- Beside it ran: %s\n", o.note)
	}
	fmt.Fprintf(&b, "- %s generated documents, seed %d; bulks of %s over %d connections; each query %d times after %d that are not counted, one at a time; the load generator runs on the same processors\n",
		grouped(o.docs), o.seed, grouped(o.bulk), o.connections, o.runs, warmUps)
	fmt.Fprintf(&b, "- Command: `go run . -bin ../bin/elkhorn -docs %d -default-docs %d -bulk %d -connections %d -runs %d -seed %d`\n\n",
		o.docs, o.defaultDocs, o.bulk, o.connections, o.runs, o.seed)
	b.WriteString("## Ingest, memory, disk, start\n\n" + markdownTable(figureHead, figures))
	b.WriteString("\n## Queries\n\n" + markdownTable(queryHead, queries))
	b.WriteString("\n## What falls short\n\n" + r.shortfall())
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
	for i := range r.figures {
		if f := &r.figures[i]; f.goal > 0 && f.factor() > 1 {
			misses = append(misses, miss{f.what, f.factor()})
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
