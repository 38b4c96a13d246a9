package engine

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/vfs"
)

// TestPowerLoss cuts the power at random points of a random history, any number of times in a row: what
// was acknowledged is there, once, and what was deleted stays deleted.
func TestPowerLoss(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	mem := vfs.NewMem()
	meta := filepath.Join(t.TempDir(), "meta.db")
	want := map[string]string{}
	for cut := range 25 {
		e := open(t, Options{Dir: "/data", FS: mem, MetaFile: meta})
		for step := range 1 + rng.IntN(12) {
			randomBulk(t, e, rng, want, fmt.Sprintf("%d.%d", cut, step))
			switch rng.IntN(6) {
			case 0:
				mustApply(t, e, &es.FlushIndices{})
			case 1:
				mustApply(t, e, &es.ForceMerge{MaxSegments: 1})
			}
		}
		clone := mem.CrashClone(rng)
		copied := copyFile(t, meta)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		mem, meta = clone, copied
		after := open(t, Options{Dir: "/data", FS: mem, MetaFile: meta})
		checkHistory(t, after, want)
		if err := after.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// randomBulk writes and deletes some documents and notes what must be there.
func randomBulk(t *testing.T, e *Engine, rng *rand.Rand, want map[string]string, mark string) {
	t.Helper()
	req := &es.BulkRequest{}
	for n := range 1 + rng.IntN(20) {
		id := fmt.Sprintf("id%d", rng.IntN(60))
		if rng.IntN(4) == 0 && len(want) > 1 {
			req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionDelete, Index: "h", ID: id})
			delete(want, id)
			continue
		}
		doc := fmt.Sprintf(`{"id":%q,"@timestamp":"2026-03-%02dT10:00:00Z","text":"w%d %s","new_%d":%d}`, id, 1+rng.IntN(3), rng.IntN(9), mark, rng.IntN(40), n)
		req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionIndex, Index: "h", ID: id, Source: []byte(doc)})
		want[id] = doc
	}
	for _, it := range bulk(t, e, req) {
		if it.Err != nil && it.Action != es.ActionDelete {
			t.Fatal(it.Err)
		}
	}
}

func copyFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "meta.db")
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}
