package main

import (
	"strings"
	"testing"
	"time"
)

func row(name string, fault string, took ...int) queryRow {
	q := queryRow{row: name, what: "what " + name + " asks", goal: 1, fault: fault}
	for _, millis := range took {
		q.took = append(q.took, time.Duration(millis)*time.Millisecond)
	}
	return q
}

func sampleReport() *report {
	return &report{
		began: time.Now(), docs: 2_000_000,
		ours:    costs{rate: 100_000, cpuSettled: 10, peak: 200, ratio: 8, rawBytes: 770},
		queries: []queryRow{row("a", "", 2, 3, 4), row("b", "", 1, 1, 1), row("c", "5 buckets differ", 1)},
		again:   []queryRow{row("again b", "", 2)},
		rivals: []outcome{
			{rival: rival{title: "Fast", how: "by hand"}, version: "1.2", docs: 2_000_000, costs: costs{rate: 200_000, cpuSettled: 20, peak: 100, ratio: 4},
				again: []queryRow{row("again b", "", 30)}, queries: []queryRow{row("a", "", 30, 30, 30), row("b", "hit 3 does not match", 1), {row: "c", cannot: "it cannot count"}}},
			{rival: rival{title: "Slow"}, docs: 1000, costs: costs{rate: 1000, peak: 50}, queries: []queryRow{row("a", "", 1)}},
			{rival: rival{title: "Absent"}, docs: 2_000_000, fault: "left out: no compiler"},
		},
	}
}

// TestReportComparesRivals: a wrong answer gets no time and no ratio, a smaller run no ratio but per document.
func TestReportComparesRivals(t *testing.T) {
	r := sampleReport()
	text := r.markdown(&options{docs: 2_000_000, bulk: 5000, connections: 2, runs: 3})
	for _, want := range []string{
		"| Fast 1.2 | Slow, on 1,000 documents | Absent |",
		"| documents/s, durable and acknowledged | 150,000/s | 100,000/s | 1.5 times the goal | 200,000/s (×0.5) | 1,000/s (×100) | – | 80,000/s | – |",
		"| peak resident memory | 300 MB | 200 MB | met | 100 MB (×0.5) | 50 MB | – |",
		"| a: what a asks | 1 ms | 3 / 4 ms | 3.0 times the goal | 30 / 30 ms (×10) | 1 / 1 ms | – | 0.9 ms | – |",
		"| b: what b asks | 1 ms | 1 / 1 ms | met | WRONG | – | – |",
		"| c: what c asks | 1 ms | 1 / 1 ms | WRONG | no such query | – | – |",
		"Fast 1.2: by hand.", "Absent: left out: no compiler",
		"Fast answers b wrongly: hit 3 does not match", "Fast has no query c: it cannot count",
		"- documents/s, durable and acknowledged: Fast is 2 times as good",
		"- c: what c asks: the answer is wrong: 5 buckets differ\n- a: what a asks (3.0 times the goal)",
		"WRONG: 5 buckets differ",
		"| again b: what again b asks | 2 / 2 ms | 30 / 30 ms (×15) | – | – |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report has no %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "b: what b asks: Fast is") {
		t.Error("a wrong answer counts as a faster one")
	}
	if r.wrong() != 1 {
		t.Errorf("%d wrong answers, want 1", r.wrong())
	}
	if table := r.table(); !strings.Contains(table, "Absent: left out: no compiler") || !strings.Contains(table, "×10") {
		t.Errorf("the table on the terminal lacks something:\n%s", table)
	}
}

func TestChosenRivals(t *testing.T) {
	for list, want := range map[string]int{"none": 0, "all": len(rivals()), "duckdb, chdb": 2} {
		if got, err := chosenRivals(list); err != nil || len(got) != want {
			t.Errorf("%s gives %d rivals, %v; want %d", list, len(got), err, want)
		}
	}
	if _, err := chosenRivals("duckdb,grep"); err == nil || !strings.Contains(err.Error(), "opensearch") {
		t.Errorf("an unknown name gave %v", err)
	}
}
