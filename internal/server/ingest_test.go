package server

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"elkhorn/internal/engine"
	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/ingest"
)

const stampPipeline = `{"processors":[{"set":{"field":"stamped","value":"{{message}}!"}}]}`

// TestOutputPipeline writes by way of a Logstash pipeline whose output names an ingest pipeline.
func TestOutputPipeline(t *testing.T) {
	in, lines := io.Pipe()
	s, err := Start(t.Context(), Options{
		DataDir: t.TempDir(),
		Pipelines: []PipelineConfig{{ID: "main", Text: `
input { stdin {} }
filter { mutate { add_field => { "[@metadata][pipeline]" => "stamp" } } }
output { elasticsearch { hosts => ["http://elasticsearch:9200"] index => "events" pipeline => "%{[@metadata][pipeline]}" } }`}},
		LookupEnv: func(string) (string, bool) { return "", false },
		Stdin:     in,
		Stdout:    io.Discard,
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	store := s.Store()
	if _, err := store.Apply(t.Context(), &es.PutObject{Kind: es.KindIngestPipeline, Name: "stamp", JSON: []byte(stampPipeline)}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Apply(t.Context(), &es.CreateIndex{Name: "events"}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(lines, "hello\n"); err != nil {
		t.Fatal(err)
	}
	if err := lines.Close(); err != nil {
		t.Fatal(err)
	}
	found, err := store.Search(t.Context(), &es.SearchRequest{
		Target: es.Target{Names: []string{"events"}}, Query: &query.MatchAll{}, Size: 1, WaitFor: time.Minute,
		Sort: []es.SortKey{{Field: "_seq_no"}}, SearchAfter: []jsonval.Scalar{jsonval.Int(-1)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Hits.Hits) != 1 {
		t.Fatalf("%d hits", len(found.Hits.Hits))
	}
	n, err := jsonval.Parse(found.Hits.Hits[0].Source)
	if err != nil {
		t.Fatal(err)
	}
	if stamped := n.Get("stamped"); stamped == nil || stamped.Text != "hello!" {
		t.Errorf("%s", found.Hits.Hits[0].Source)
	}
}

// accessPipeline is what an access log usually passes.
const accessPipeline = `{"processors":[
{"grok":{"field":"message","patterns":["%{COMBINEDAPACHELOG}"],"ignore_failure":true}},
{"date":{"field":"timestamp","formats":["dd/MMM/yyyy:HH:mm:ss Z"],"ignore_failure":true}},
{"user_agent":{"field":"agent","ignore_missing":true}}]}`

// BenchmarkBulk writes the lines of a real access log in bulks of 1000, as they are and through the pipeline above.
func BenchmarkBulk(b *testing.B) {
	lines := accessLog(b)
	for _, c := range []struct{ name, pipeline string }{{"plain", ""}, {"set", "set"}, {"access", "access"}} {
		b.Run(c.name, func(b *testing.B) {
			engine, err := engine.Open(engine.Options{Dir: b.TempDir(), Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			store, err := ingest.Wrap(b.Context(), engine, ingest.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer store.Close()
			for name, definition := range map[string]string{"access": accessPipeline, "set": `{"processors":[{"set":{"field":"a","value":1}}]}`} {
				if _, err := store.Apply(b.Context(), &es.PutObject{Kind: es.KindIngestPipeline, Name: name, JSON: []byte(definition)}); err != nil {
					b.Fatal(err)
				}
			}
			const perBulk = 1000
			docs := 0
			for b.Loop() {
				req := &es.BulkRequest{Pipeline: c.pipeline}
				for i := range perBulk {
					req.Ops = append(req.Ops, es.BulkOp{Index: "logs", Source: lines[(docs+i)%len(lines)]})
				}
				res, err := store.Bulk(context.Background(), req)
				if err != nil {
					b.Fatal(err)
				}
				if res.HasErrors() {
					for i := range res.Items {
						if res.Items[i].Err != nil {
							b.Fatal(res.Items[i].Err)
						}
					}
				}
				docs += perBulk
			}
			b.ReportMetric(float64(docs)/b.Elapsed().Seconds(), "docs/s")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(docs), "ns/doc")
		})
	}
}

// accessLog are the documents of the sample log's lines.
func accessLog(b *testing.B) [][]byte {
	dir := os.Getenv("ELKHORN_TESTDATA")
	if dir == "" {
		b.Skip("ELKHORN_TESTDATA names no folder")
	}
	f, err := os.Open(filepath.Join(dir, "data", "elastic-examples", "apache_access.log"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var docs [][]byte
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		docs = append(docs, []byte(`{"message":`+string(jsonval.AppendString(nil, scanner.Text()))+`}`))
	}
	if len(docs) == 0 {
		b.Fatal("no lines")
	}
	return docs
}
