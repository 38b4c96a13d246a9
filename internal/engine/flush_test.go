package engine

import (
	"fmt"
	"testing"
)

// TestFlushTakesDeadBatches writes documents of several days and replaces all of them: the batch whose rows are all dead belongs to no
// day, and leaves memory with the others.
func TestFlushTakesDeadBatches(t *testing.T) {
	const docs = 50
	e := open(t, Options{Dir: t.TempDir()})
	for version := range 3 {
		var lines []string
		for i := range docs {
			lines = append(lines, fmt.Sprintf(`%d|{"@timestamp":"2026-03-%02dT00:00:00Z","version":%d}`, i, 1+i%5, version))
		}
		write(t, e, "d", lines...)
	}
	ix := e.indexByName["d"]
	if err := ix.flush(ctx); err != nil {
		t.Fatal(err)
	}
	v := ix.views.acquire(true)
	defer v.release()
	for _, p := range v.parts {
		if p.file == nil {
			t.Errorf("a batch of %d rows, %d of them deleted, is still in memory", p.rows, p.deletes)
		}
	}
	if s := ix.statistics(); s.Docs != docs || s.DeletedDocs != 0 {
		t.Errorf("%d documents, %d deleted: want %d and 0", s.Docs, s.DeletedDocs, docs)
	}
}
