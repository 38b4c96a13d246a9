package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestWrongRivalAnswersAreFlagged: for every row, the right answer passes and each of several wrong ones
// that a rival might give does not.
func TestWrongRivalAnswersAreFlagged(t *testing.T) {
	truth := countTruth(1, 20_000)
	for _, q := range queries(truth, fields{}) {
		rightAnswer, wrongs := tablesFor(truth, q.row)
		if rightAnswer == nil {
			continue
		}
		if fault := faultOf(t, &q, rightAnswer); fault != "" {
			t.Errorf("%s: the right answer is called wrong: %s", q.row, fault)
		}
		for what, wrong := range wrongs {
			if fault := faultOf(t, &q, wrong); fault == "" {
				t.Errorf("%s: an answer with %s passes", q.row, what)
			}
		}
	}
}

// faultOf runs a query through the same code as a rival's, which answers with the given tables.
func faultOf(t *testing.T, q *query, tables []tabular) string {
	t.Helper()
	ask := func(context.Context, *query) (answer, time.Duration, error) {
		raw, err := json.Marshal(tables) // as it comes through the pipe
		if err != nil {
			return answer{}, 0, err
		}
		var read []tabular
		if err := json.Unmarshal(raw, &read); err != nil {
			return answer{}, 0, err
		}
		a, err := answerOf(read)
		return a, time.Millisecond, err
	}
	rows, err := askAll(t.Context(), ask, "", []query{*q}, asking{runs: 1, patience: time.Minute})
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	if rows[0].right() == (rows[0].fault != "") {
		t.Fatalf("%+v is both right and wrong", rows[0])
	}
	return rows[0].fault
}

// tablesFor is the right answer to a row and some wrong ones.
func tablesFor(truth *truth, row string) (right []tabular, wrong map[string][]tabular) {
	one := func(columns string, values ...any) []tabular {
		return []tabular{{Columns: strings.Fields(columns), Rows: [][]any{values}}}
	}
	hits := func(level string, times []int64) []tabular {
		table := tabular{Columns: []string{"@timestamp", "level", "message"}}
		for _, at := range times {
			table.Rows = append(table.Rows, []any{time.UnixMilli(at).UTC().Format("2006-01-02 15:04:05.000"), level, "text"})
		}
		return []tabular{table}
	}
	switch row {
	case "a":
		n := truth.inDay
		return one("total", n), map[string][]tabular{"one more": one("total", n+1), "no rows": {{Columns: []string{"total"}}}, "text": one("total", "many")}
	case "c":
		table := tabular{Columns: []string{"key", "count"}}
		for i, n := range top(truth.tools[:], 10) {
			table.Rows = append(table.Rows, []any{i, n})
		}
		short := tabular{Columns: table.Columns, Rows: table.Rows[:9]}
		return []tabular{table}, map[string][]tabular{"a missing bucket": {short}, "no tables": {}}
	case "i1":
		times := truth.lastHour.first(100)
		return hits("ERROR", times), map[string][]tabular{
			"another level": hits("WARN", times), "a document too few": hits("ERROR", times[1:]),
			"another order": hits("ERROR", slices.Sorted(slices.Values(times))),
		}
	case "j":
		n := distinct(truth.users)
		return one("users", n*103/100), map[string][]tabular{"users off by 7 %": one("users", n*107/100), "another column": one("user", n)}
	case "l":
		average := truth.latency / float64(truth.docs)
		tokens := truth.tokens / float64(truth.docs)
		return one("latency tokens cost", average, tokens, truth.cost), map[string][]tabular{
			"a rounded average": one("latency tokens cost", float64(int(average)), tokens, truth.cost), "nothing": one("latency tokens cost", nil, nil, nil)}
	}
	return nil, nil
}

// TestOpenSearchIsAskedForTheOtherHistogram: the replacement has to find its place in the body.
func TestOpenSearchIsAskedForTheOtherHistogram(t *testing.T) {
	for _, q := range queries(countTruth(1, 1000), fields{}) {
		body := openSearchPercentiles.Replace(q.body)
		if changed := body != q.body; changed != (q.row == "d") || !json.Valid([]byte(body)) {
			t.Errorf("row %s becomes %s", q.row, body)
		}
	}
}

func TestEveryRivalHasAStatementForEveryRow(t *testing.T) {
	truth := countTruth(1, 5_000)
	for name, text := range map[string]string{"duckdb": duckDBQueries, "chdb": chDBQueries} {
		all, err := statements(text, paramsOf(truth))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, q := range queries(truth, fields{}) {
			if len(all[q.row]) == 0 {
				t.Errorf("%s has no statement for row %s", name, q.row)
			}
		}
		if got := all["g"][0]; !strings.Contains(got, "'"+truth.requestID+"'") || strings.Contains(got, ";") {
			t.Errorf("%s: row g is %s", name, got)
		}
	}
	for _, bad := range []string{"-- row a\nSELECT 1", "-- row a\nSELECT {{.Nothing}};"} {
		if _, err := statements(bad, queryParams{}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestStagedDocumentsAreTheSetsOwn(t *testing.T) {
	for _, n := range []int{0, 1, 2500} {
		in, err := stageDocuments(t.TempDir(), benchSet(1, n))
		if err != nil || in.docs != n {
			t.Fatalf("%d documents, %v; want %d", in.docs, err, n)
		}
		var got []byte
		for _, file := range in.files {
			part, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, part...)
		}
		next := generated(1, n)
		for doc, more := next(nil); more; doc, more = next(nil) {
			line, rest, _ := bytes.Cut(got, []byte("\n"))
			if !bytes.Equal(line, doc) {
				t.Fatalf("a line is %.100s, want %.100s", line, doc)
			}
			got = rest
		}
		if len(got) > 0 {
			t.Errorf("%d bytes too many", len(got))
		}
	}
}
