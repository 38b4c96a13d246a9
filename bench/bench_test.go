package main

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/demo"
)

func TestParseCPU(t *testing.T) {
	const stat = "4242 (my (odd) name) S 1 4242 4242 0 -1 4194560 1000 0 3 0 250 75 1 2 20 0 9 0 100 200 300\n"
	if got, err := parseCPU([]byte(stat)); err != nil || got != 3.28 {
		t.Errorf("%v seconds, %v; want 3.28", got, err)
	}
	for _, bad := range []string{"", "4242 (x", "4242 (x) S 1 2", "1 (x) S 1 1 1 0 -1 4 1 0 3 0 many 75 1 2 20"} {
		if _, err := parseCPU([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestTruthAgainstDocuments counts some of the answers once more, from the JSON.
func TestTruthAgainstDocuments(t *testing.T) {
	const docs = 20_000
	truth := countTruth(4, docs)
	gen := demo.NewBench(4, docs)
	errors, phrases, trace := 0, 0, 0
	tools := map[string]int{}
	for range docs {
		var doc struct {
			Level, Tool, Message string
			Trace                string `json:"trace_id"`
		}
		if err := json.Unmarshal(gen.Append(nil), &doc); err != nil {
			t.Fatal(err)
		}
		tools[doc.Tool]++
		if doc.Level == "ERROR" {
			errors++
		}
		if strings.Contains(doc.Message, demo.BenchCommonPhrase) {
			phrases++
		}
		if doc.Trace == truth.traceID {
			trace++
		}
	}
	if errors != truth.errors || phrases != truth.common.total || trace != truth.traceDocs {
		t.Errorf("errors %d, phrase %d, trace %d; the truth says %d, %d, %d",
			errors, phrases, trace, truth.errors, truth.common.total, truth.traceDocs)
	}
	for i, want := range truth.tools {
		if got := tools[demo.BenchToolName(i)]; got != want {
			t.Errorf("tool %d occurs %d times, the truth says %d", i, got, want)
		}
	}
}

// TestCountersAgainstSorting: what keeps little must say what keeping everything would.
func TestCountersAgainstSorting(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{1, 99, 100, 101, 5000} {
		var times newest
		var values distribution
		var allTimes []int64
		var allValues []int
		for i := range n {
			at, value := int64(i)*10+random.Int64N(400), random.IntN(1000)
			times.add(at)
			values.add(value)
			allTimes, allValues = append(allTimes, at), append(allValues, value)
		}
		slices.Sort(allTimes)
		slices.Reverse(allTimes)
		slices.Sort(allValues)
		if got, want := times.first(50), allTimes[:min(n, 50)]; !slices.Equal(got, want) || times.total != n {
			t.Errorf("%d times: newest %v, want %v", n, got, want)
		}
		for _, share := range []float64{-0.1, 0, 0.5, 0.95, 0.99, 1, 1.1} {
			if got, want := values.quantile(share), allValues[max(0, min(int(share*float64(n)), n-1))]; got != want {
				t.Errorf("%d values: quantile %v is %d, want %d", n, share, got, want)
			}
		}
	}
}

// TestEveryQueryIsJSONAndRefusesNothingness: a check that passes on an empty answer proves nothing.
func TestEveryQueryIsJSONAndRefusesNothingness(t *testing.T) {
	all := queries(countTruth(1, 200_000), fields{keyword: ".keyword"})
	var rows []string
	for _, q := range all {
		if !json.Valid([]byte(q.body)) {
			t.Errorf("%s is not JSON: %s", q.row, q.body)
		}
		if q.check(&answer{}) == nil {
			t.Errorf("the check of %s passes on an empty answer", q.row)
		}
		rows = append(rows, q.row)
	}
	if want := strings.Fields("a b c d e f1 f2 f3 g h i1 i2 j k l m n"); !slices.Equal(rows, want) {
		t.Errorf("rows %v, want %v", rows, want)
	}
}

// TestLoadSendsEveryDocumentOnce over two connections, and reports a refused one.
func TestLoadSendsEveryDocumentOnce(t *testing.T) {
	lines := make(chan int, 100)
	refuse := false
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := 0
		decoder := json.NewDecoder(r.Body)
		for {
			var v any
			if decoder.Decode(&v) != nil {
				break
			}
			n++
		}
		lines <- n
		if refuse {
			w.Write([]byte(`{"took":1,"errors":true,"items":[{"create":{"status":400,"error":{"type":"x"}}}]}`))
			return
		}
		w.Write([]byte(`{"took":1,"errors":false,"items":[]}`))
	})
	srv := httptest.NewServer(handler)
	defer srv.Close()
	res, err := load(t.Context(), newClient(srv.URL), "bench", generated(1, 1050), 100, 2)
	if err != nil || res.docs != 1050 || res.rawBytes < 700*1050 {
		t.Fatalf("%+v, %v", res, err)
	}
	total := 0
	for range 11 {
		total += <-lines
	}
	if total != 2*1050 {
		t.Errorf("%d lines arrived, want %d", total, 2*1050)
	}
	refuse = true
	if _, err := load(t.Context(), newClient(srv.URL), "bench", generated(1, 300), 100, 2); err == nil || !strings.Contains(err.Error(), "400") {
		t.Errorf("a refused document gave %v", err)
	}
}
