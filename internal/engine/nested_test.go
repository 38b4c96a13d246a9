package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/kql"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

func createNested(t testing.TB, e *Engine, name, mappings string) {
	t.Helper()
	if _, err := e.Apply(ctx, &es.CreateIndex{Name: name, Mappings: []byte(mappings)}); err != nil {
		t.Fatal(err)
	}
}

// TestNestedHistory writes, deletes, flushes by day, merges and restarts at random; the objects stay those of
// their documents.
func TestNestedHistory(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	e := open(t, Options{Dir: dir})
	createNested(t, e, "h", `{"properties":{"items":{"type":"nested","properties":{"k":{"type":"keyword"},"n":{"type":"long"},"parts":{"type":"nested","properties":{"p":{"type":"long"}}}}}}}`)
	want := map[string]string{}
	for step := range 80 {
		req := &es.BulkRequest{}
		for range 1 + rng.IntN(30) {
			id := fmt.Sprintf("id%d", rng.IntN(150))
			if rng.IntN(5) == 0 {
				req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionDelete, Index: "h", ID: id})
				delete(want, id)
				continue
			}
			want[id] = nestedDocument(rng, id)
			req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionIndex, Index: "h", ID: id, Source: []byte(want[id])})
		}
		for _, it := range bulk(t, e, req) {
			if it.Err != nil && it.Action != es.ActionDelete {
				t.Fatalf("step %d: %v", step, it.Err)
			}
		}
		switch rng.IntN(8) {
		case 0:
			mustApply(t, e, &es.FlushIndices{})
		case 1:
			mustApply(t, e, &es.ForceMerge{MaxSegments: 1 + rng.IntN(3)})
		case 2:
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e = open(t, Options{Dir: dir})
		case 3:
			if err := e.indexByName["h"].seal(); err != nil {
				t.Fatal(err)
			}
		}
		if step%8 == 7 {
			checkNested(t, e, want)
		}
	}
	checkNested(t, e, want)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func nestedDocument(rng *rand.Rand, id string) string {
	var items []string
	for range rng.IntN(4) {
		var parts []string
		for range rng.IntN(3) {
			parts = append(parts, fmt.Sprintf(`{"p":%d}`, rng.IntN(5)))
		}
		items = append(items, fmt.Sprintf(`{"k":"k%d", "n":%d,"parts":[%s]}`, rng.IntN(4), rng.IntN(4), strings.Join(parts, ", ")))
	}
	return fmt.Sprintf(`{"id":%q,"@timestamp":"2026-01-%02dT00:00:00Z","items":[%s]}`, id, 1+rng.IntN(12), strings.Join(items, ","))
}

// checkNested compares documents, and which of them have certain objects, with the documents as they were written.
func checkNested(t *testing.T, e *Engine, want map[string]string) {
	t.Helper()
	for k := range 4 {
		for n := range 4 {
			p := (k + n) % 5
			expected := map[string]bool{}
			for _, doc := range want {
				var d struct {
					Items []struct {
						K     string
						N     int
						Parts []struct{ P int }
					}
				}
				if err := json.Unmarshal([]byte(doc), &d); err != nil {
					t.Fatal(err)
				}
				for _, item := range d.Items {
					has := false
					for _, part := range item.Parts {
						has = has || part.P == p
					}
					if item.K == fmt.Sprintf("k%d", k) && item.N == n && has {
						expected[doc] = true
					}
				}
			}
			q := fmt.Sprintf(`{"nested":{"path":"items","query":{"bool":{"filter":[{"term":{"items.k":"k%d"}},{"term":{"items.n":%d}},{"nested":{"path":"items.parts","query":{"term":{"items.parts.p":%d}}}}]}}}}`, k, n, p)
			got := sources(t, e, "h", q)
			if len(got) != len(expected) {
				t.Fatalf("%s finds %d documents, want %d", q, len(got), len(expected))
			}
			for _, doc := range got {
				if !expected[doc] {
					t.Fatalf("%s finds %s", q, doc)
				}
			}
		}
	}
	if got := len(sources(t, e, "h", all)); got != len(want) {
		t.Fatalf("%d documents, want %d", got, len(want))
	}
}

// TestKQLFindsObjects asks for objects as a user writes it.
func TestKQLFindsObjects(t *testing.T) {
	e := openTemp(t)
	createNested(t, e, "o", `{"properties":{"items":{"type":"nested","properties":{"name":{"type":"keyword"},"price":{"type":"long"},"parts":{"type":"nested","properties":{"n":{"type":"long"}}}}}}}`)
	docs := []string{
		`{"id":1,"items":[{"name":"pen","price":1},{"name":"cup","price":9}]}`,
		`{"id":2,"items":[{"name":"pen","price":9,"parts":[{"n":1},{"n":5}]}]}`,
	}
	write(t, e, "o", docs...)
	for text, want := range map[string][]string{
		`items:{ name: pen and price > 5 }`:           {docs[1]},
		`items:{ name: pen } and items:{ price > 5 }`: docs,
		`not items:{ name: pen and price > 5 }`:       {docs[0]},
		`items:{ parts:{ n >= 5 } }`:                  {docs[1]},
		`items:{ name: p* and not price: 1 }`:         {docs[1]},
		`items.name: pen`:                             nil,
	} {
		q, _, err := kql.Query(text, kql.Options{})
		if err != nil {
			t.Fatal(err)
		}
		wantSources(t, e, "o", string(query.Append(nil, q)), want...)
	}
}

// TestPlainValueForObjectWarnsOnce takes numbers for objects with one field and says so once.
func TestPlainValueForObjectWarnsOnce(t *testing.T) {
	var log bytes.Buffer
	e := open(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	createNested(t, e, "s", `{"properties":{"a":{"type":"nested","properties":{"n":{"type":"float"}}},"b":{"type":"nested","properties":{"n":{"type":"float"}}}}}`)
	for range 2 {
		for _, it := range write(t, e, "s", `{"a":[0.5,0.25]}`, `{"a":1,"b":[{"n":1}]}`) {
			if it.Err != nil {
				t.Fatal(it.Err)
			}
		}
	}
	if n := strings.Count(log.String(), "plain values"); n != 1 || !strings.Contains(log.String(), "field=a") {
		t.Errorf("%d warnings:\n%s", n, log.String())
	}
	if it := write(t, e, "s", `{"b":["x"]}`)[0]; it.Err == nil || it.Err.Type != "document_parsing_exception" {
		t.Errorf("a value that is no number: %v", it.Err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSeedConfidences indexes the inference samples by their own template: confidences are numbers where it maps
// nested objects.
func TestSeedConfidences(t *testing.T) {
	root := os.Getenv("ELKHORN_TESTDATA")
	if root == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(root, "seed-configs", "ml", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	var template struct {
		Template struct{ Mappings json.RawMessage }
	}
	if err := json.Unmarshal(read("index-template.json"), &template); err != nil {
		t.Fatal(err)
	}
	e := openTemp(t)
	createNested(t, e, "ml-inference-1", string(template.Template.Mappings))
	sum, count := 0.0, 0
	for line := range strings.Lines(string(read("inference-samples.jsonl"))) {
		line = strings.TrimSpace(line)
		if it := write(t, e, "ml-inference-1", line)[0]; it.Err != nil {
			continue // samples with times that the template's format does not take
		}
		var d struct {
			Output struct {
				Scores []float64 `json:"confidence_scores"`
			}
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		for _, s := range d.Output.Scores {
			sum, count = sum+float64(float32(s)), count+1
		}
	}
	aggs, err := agg.Parse([]byte(`{"c":{"nested":{"path":"output.confidence_scores"},"aggs":{"mean":{"avg":{"field":"output.confidence_scores.score"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"ml-inference-1"}}, Aggs: aggs})
	if err != nil {
		t.Fatal(err)
	}
	c := resp.Aggs.Find("c").(*result.Single)
	mean := c.Aggs.Find("mean").(*result.Metric).Value
	if count == 0 || c.DocCount != int64(count) || mean == nil || *mean-sum/float64(count) > 1e-6 || sum/float64(count)-*mean > 1e-6 {
		t.Fatalf("%d confidences with mean %v, want %d with %v", c.DocCount, mean, count, sum/float64(count))
	}
}
