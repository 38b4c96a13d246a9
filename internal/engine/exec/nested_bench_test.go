package exec_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"elkhorn/internal/engine/exec"
)

// BenchmarkNested searches 100,000 documents with 300,000 nested objects, as they are on disk. "flat" is the same
// work on a field of the documents.
func BenchmarkNested(b *testing.B) {
	const docs = 100_000
	rng := rand.New(rand.NewPCG(1, 2))
	lines := make([]string, docs)
	for i := range lines {
		var items []string
		for range rng.IntN(7) {
			items = append(items, fmt.Sprintf(`{"k":"k%d","n":%d}`, rng.IntN(50), rng.IntN(1000)))
		}
		lines[i] = fmt.Sprintf(`{"k":"k%d","n":%d,"items":[%s]}`, rng.IntN(50), rng.IntN(1000), strings.Join(items, ","))
	}
	ix := testIndex(b, "test", `{"properties":{"k":{"type":"keyword"},"n":{"type":"long"},"items":{"type":"nested","properties":{"k":{"type":"keyword"},"n":{"type":"long"}}}}}`, lines, 8192)
	seal(b, &ix, len(ix.Sources))
	for _, c := range []struct{ name, body string }{
		{"flat/bool", `{"size":0,"track_total_hits":true,"query":{"bool":{"filter":[{"term":{"k":"k7"}},{"range":{"n":{"gte":100}}}]}}}`},
		{"bool", `{"size":0,"track_total_hits":true,"query":{"nested":{"path":"items","query":{"bool":{"filter":[{"term":{"items.k":"k7"}},{"range":{"items.n":{"gte":100}}}]}}}}}`},
		{"scored", `{"size":10,"query":{"nested":{"path":"items","query":{"term":{"items.k":"k7"}}}}}`},
		{"inner_hits", `{"size":10,"query":{"nested":{"path":"items","query":{"term":{"items.k":"k7"}},"inner_hits":{}}}}`},
		{"flat/terms", `{"size":0,"aggs":{"k":{"terms":{"field":"k"},"aggs":{"n":{"avg":{"field":"n"}}}}}}`},
		{"terms", `{"size":0,"aggs":{"items":{"nested":{"path":"items"},"aggs":{"k":{"terms":{"field":"items.k"},"aggs":{"n":{"avg":{"field":"items.n"}}}}}}}}`},
		{"reverse", `{"size":0,"aggs":{"items":{"nested":{"path":"items"},"aggs":{"k":{"terms":{"field":"items.k"},"aggs":{"back":{"reverse_nested":{}}}}}}}}`},
		{"flat/sort", `{"size":10,"sort":[{"n":"desc"},{"k":"asc"}]}`},
		{"sort", `{"size":10,"sort":[{"items.n":{"order":"desc","nested":{"path":"items"}}}]}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			req := parseRequest(b, c.body)
			req.Workers = 1
			for b.Loop() {
				if _, err := exec.Search(context.Background(), []exec.Index{ix}, req); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
