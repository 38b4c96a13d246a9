package engine

import (
	"fmt"
	"slices"
	"testing"
)

// TestMergeCarriesDeletes merges segments of which a few documents were replaced and others thinned out: blocks with few deleted
// rows are copied with them, the others are put together anew, and nobody sees the difference.
func TestMergeCarriesDeletes(t *testing.T) {
	const files, docs = 3, 6000
	dir := t.TempDir()
	e := open(t, Options{Dir: dir})
	want := map[string]string{}
	put := func(ids []string, version int) {
		var lines []string
		for _, id := range ids {
			doc := fmt.Sprintf(`{"@timestamp":"2026-03-02T00:00:00Z","id":%q,"version":%d}`, id, version)
			want[id] = doc
			lines = append(lines, id+"|"+doc)
		}
		write(t, e, "d", lines...)
	}
	for file := range files {
		var ids []string
		for i := range docs {
			ids = append(ids, fmt.Sprintf("%d-%d", file, i))
		}
		put(ids, 1)
		if err := e.indexByName["d"].flush(ctx); err != nil {
			t.Fatal(err)
		}
	}
	// Ten of the first file's rows, every fourth of the second's.
	var again []string
	for i := range docs {
		if i%600 == 7 {
			again = append(again, fmt.Sprintf("0-%d", i))
		}
		if i%4 == 1 {
			again = append(again, fmt.Sprintf("1-%d", i))
		}
	}
	put(again, 2)
	check := func(deleted int64) {
		t.Helper()
		ix := e.indexByName["d"]
		if s := ix.statistics(); s.Docs != files*docs || s.DeletedDocs != deleted {
			t.Fatalf("%d documents, %d deleted: want %d and %d", s.Docs, s.DeletedDocs, files*docs, deleted)
		}
		for _, id := range append(again[:20:20], "0-8", "1-2", "2-5999") {
			wantSources(t, e, "d", fmt.Sprintf(`{"ids":{"values":[%q]}}`, id), want[id])
		}
		if got := sources(t, e, "d", `{"term":{"version":2}}`); len(got) != len(again) || !slices.Contains(got, want[again[0]]) {
			t.Fatalf("%d replaced documents, want %d", len(got), len(again))
		}
	}
	ix := e.indexByName["d"]
	v := ix.views.acquire(true)
	var chosen []*part
	for _, p := range v.parts {
		if p.file != nil {
			chosen = append(chosen, p)
		}
	}
	ix.maintain.Lock()
	err := ix.mergeParts(ctx, lightMerge(chosen))
	ix.maintain.Unlock()
	v.release()
	if err != nil {
		t.Fatal(err)
	}
	check(10)
	put([]string{"0-9", "2-77"}, 3) // after the merge, onto its rows
	again = append(again, "0-9", "2-77")
	check2 := func(deleted int64) {
		t.Helper()
		if s := e.indexByName["d"].statistics(); s.Docs != files*docs || s.DeletedDocs != deleted {
			t.Fatalf("%d documents, %d deleted: want %d and %d", s.Docs, s.DeletedDocs, files*docs, deleted)
		}
		wantSources(t, e, "d", `{"ids":{"values":["0-9"]}}`, want["0-9"])
		wantSources(t, e, "d", `{"ids":{"values":["0-7"]}}`, want["0-7"])
	}
	check2(12)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, Options{Dir: dir})
	check2(12)
	if err := e.indexByName["d"].forceMerge(ctx, 1); err != nil {
		t.Fatal(err)
	}
	check2(0)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}
