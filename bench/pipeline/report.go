package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

type report struct {
	note    string
	cases   []caseRow
	matches []matchRow
	backlog *backlog // nil when it was not measured
}

type caseRow struct {
	*pipeCase
	ours   result
	rivals []rivalRow
}

type rivalRow struct {
	name, same, problem string
	result              result
}

type matchRow struct {
	matchCase
	timings []timing
}

func (r *report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# How fast pipelines are

Written by `+"`make bench-pipeline`"+` on %s: %s, %d processors used, load %s before.
From the bytes of lines on standard input to the bytes of bulk requests. "CPU s/million" is user and system time of the
whole process for a million events, which other work on the machine hardly changes; "2 processors" is what that time
allows on two processors that do nothing else, "events/s" what the clock saw. A ratio says how many times more
processor time the other takes for the same events.
`, now(), runtime.Version(), workers, load())
	if r.note != "" {
		fmt.Fprintf(&b, "\n%s\n", r.note)
	}
	b.WriteString("\n## Pipelines\n\n| | CPU s/million | 2 processors: events/s | events/s by the clock | goal | same documents | ratio |\n| --- | ---: | ---: | ---: | ---: | --- | ---: |\n")
	for _, c := range r.cases {
		goal := "–"
		if c.goal > 0 {
			goal = thousands(c.goal)
		}
		fmt.Fprintf(&b, "| **%s** | %.1f | %s | %s | %s | – | |\n", c.what, c.ours.cpuPerMillion(), thousands(c.ours.onProcessors(workers)), thousands(c.ours.perSecond()), goal)
		for _, v := range c.rivals {
			if v.problem != "" || v.result.err != nil {
				fmt.Fprintf(&b, "| %s | cannot: %s%v | | | | | |\n", v.name, v.problem, v.result.err)
				continue
			}
			fmt.Fprintf(&b, "| %s | %.1f | %s | %s | | %s | ×%.1f |\n", v.name, v.result.cpuPerMillion(), thousands(v.result.onProcessors(workers)),
				thousands(v.result.perSecond()), v.same, v.result.cpuPerMillion()/c.ours.cpuPerMillion())
		}
	}
	if len(r.matches) > 0 {
		b.WriteString("\n## Expressions alone\n\nBeside the engines that Go programs have: regexp2, the fastest general one that takes what Logstash's patterns use (look-around, atomic\n" +
			"groups), the standard library's where it can, and go-grok, which is built on that. Other lines are of a form that the expression does not match.\n")
	}
	for _, m := range r.matches {
		fmt.Fprintf(&b, "\n### %s\n\n| | ns a line | ratio | ns a line of another form | ratio | same captures |\n| --- | ---: | ---: | ---: | ---: | --- |\n", m.name)
		for _, t := range m.timings {
			if t.problem != "" {
				fmt.Fprintf(&b, "| %s | cannot: %s | | | | |\n", t.engine, t.problem)
				continue
			}
			fmt.Fprintf(&b, "| %s | %d | ×%.1f | %d | ×%.1f | %s |\n", t.engine, t.hit.Nanoseconds(), float64(t.hit)/float64(m.timings[0].hit),
				t.miss.Nanoseconds(), float64(t.miss)/float64(m.timings[0].miss), t.same)
		}
	}
	if r.backlog != nil {
		b.WriteString(r.backlog.String())
	}
	return b.String()
}

func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	one, _, _ := strings.Cut(string(text), " ")
	return one
}

func thousands(f float64) string {
	text := fmt.Sprintf("%.0f", f)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
