package ingest

import (
	"errors"
	"testing"

	"elkhorn/internal/demo"
	"elkhorn/internal/es/mapping"
)

// BenchmarkAddBench parses the benchmark's documents into batches.
func BenchmarkAddBench(b *testing.B) {
	const docs = 20_000
	gen, bytes := demo.NewBench(1, docs), 0
	var sources [][]byte
	for range docs {
		sources = append(sources, gen.Append(nil))
		bytes += len(sources[len(sources)-1])
	}
	m, err := mapping.Parse(demo.BenchMapping)
	if err != nil {
		b.Fatal(err)
	}
	builder := NewBuilder(mustPlan(b, m))
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		for _, source := range sources {
			err := builder.Add(source)
			if errors.Is(err, ErrFull) {
				builder.Finish()
				builder.Reset(builder.plan)
				err = builder.Add(source)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/docs, "ns/doc")
}
