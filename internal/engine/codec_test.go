package engine

import (
	"slices"
	"testing"

	"elkhorn/internal/demo"
	"elkhorn/internal/es"
)

// TestBestCompressionIsSmaller stores the same documents with both codecs.
func TestBestCompressionIsSmaller(t *testing.T) {
	e := openTemp(t)
	const docs = 4000
	sizes := map[string]int64{}
	for name, settings := range map[string]string{"plain": `{}`, "best": `{"index.codec":"best_compression"}`} {
		if _, err := e.Apply(ctx, &es.CreateIndex{Name: name, Mappings: demo.BenchMapping, Settings: []byte(settings)}); err != nil {
			t.Fatal(err)
		}
		gen := demo.NewBench(1, docs)
		want := make([]string, docs)
		for i := range want {
			want[i] = string(gen.Append(nil))
		}
		write(t, e, name, want...)
		if err := e.indexByName[name].flush(ctx); err != nil {
			t.Fatal(err)
		}
		if got := sources(t, e, name, all); !slices.Equal(got, want) {
			t.Errorf("%s: the documents have changed", name)
		}
		sizes[name] = e.indexByName[name].statistics().DiskBytes
	}
	// A good third of it is random ids and numbers, which nothing makes smaller.
	if float64(sizes["best"]) > 0.96*float64(sizes["plain"]) {
		t.Errorf("%d bytes with the best compression, %d without: want at least 4 %% less", sizes["best"], sizes["plain"])
	}
}
