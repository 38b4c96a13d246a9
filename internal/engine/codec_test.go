package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/demo"
	"elkhorn/internal/es"
)

// TestBestCompressionIsSmaller stores the same documents with both codecs. Of the benchmark's documents a good third is random
// ids and numbers and the messages stand by template, which leaves little to make smaller; prose shrinks.
func TestBestCompressionIsSmaller(t *testing.T) {
	const docs = 4000
	gen := demo.NewBench(1, docs)
	logs, prose := make([]string, docs), make([]string, docs)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range docs {
		logs[i] = string(gen.Append(nil))
		prose[i] = fmt.Sprintf(`{"answer":%q}`, proseText(r))
	}
	for name, set := range map[string]struct {
		docs  []string
		least float64 // to save
	}{"logs": {logs, 0.015}, "prose": {prose, 0.05}} {
		plain, best := sizeWith(t, `{}`, set.docs), sizeWith(t, `{"index.codec":"best_compression"}`, set.docs)
		if float64(best) > (1-set.least)*float64(plain) {
			t.Errorf("%s: %d bytes with the best compression, %d without: want %.1f %% less", name, best, plain, 100*set.least)
		}
	}
}

// proseText is a sentence of made-up words, the short ones more often.
func proseText(r *rand.Rand) string {
	var b strings.Builder
	for range 15 + r.IntN(30) {
		n := int(math.Exp(r.Float64() * 7))
		for n > 0 {
			b.WriteString([]string{"ba", "tel", "or", "mi", "sun", "ka", "re"}[n%7])
			n /= 7
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// sizeWith stores documents in an index with the given settings and returns its bytes on disk.
func sizeWith(t *testing.T, settings string, docs []string) int64 {
	t.Helper()
	e := openTemp(t)
	if _, err := e.Apply(ctx, &es.CreateIndex{Name: "i", Mappings: demo.BenchMapping, Settings: []byte(settings)}); err != nil {
		t.Fatal(err)
	}
	write(t, e, "i", docs...)
	if err := e.indexByName["i"].flush(ctx); err != nil {
		t.Fatal(err)
	}
	if got := sources(t, e, "i", all); !slices.Equal(got, docs) {
		t.Errorf("with %s the documents have changed", settings)
	}
	return e.indexByName["i"].statistics().DiskBytes
}
