package engine

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/engine/manifest"
	"elkhorn/internal/engine/wal"
	"elkhorn/internal/es"
	"elkhorn/internal/vfs"
)

// TestRepairedIndexHasEverythingAcknowledged: while an index does not open, the log keeps what only the log has of it, however
// much is written to others.
func TestRepairedIndexHasEverythingAcknowledged(t *testing.T) {
	mem := vfs.NewMem()
	opts := Options{Dir: "/data", FS: mem, MetaFile: filepath.Join(t.TempDir(), "meta.db"), LogSegmentBytes: 1}
	e := open(t, opts)
	write(t, e, "bad", `{"n":1}`)
	write(t, e, "good", `{"n":1}`)
	path := filepath.Join("/data/indices", e.indexByName["bad"].uuid, manifest.FileName)
	clone := mem.CrashClone(nil)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := vfs.ReadFile(clone, path, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(whole)
	damaged[len(damaged)/2] ^= 1
	if err := vfs.WriteFileAtomic(clone, path, damaged); err != nil {
		t.Fatal(err)
	}

	opts.FS = clone
	e = open(t, opts)
	if !vfs.IsCorruption(e.broken["bad"]) {
		t.Fatalf("the damaged index opened: %v", e.broken)
	}
	for range 3 {
		write(t, e, "good", `{"n":2}`)
		if err := e.indexByName["good"].flush(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}

	if err := vfs.WriteFileAtomic(clone, path, whole); err != nil {
		t.Fatal(err)
	}
	e = open(t, opts)
	defer e.Close()
	wantSources(t, e, "bad", all, `{"n":1}`)
	wantSources(t, e, "good", all, `{"n":1}`, `{"n":2}`, `{"n":2}`, `{"n":2}`)
}

// TestBrokenIndexCanBeDeleted deletes an index that did not open, by its name and not by a pattern.
func TestBrokenIndexCanBeDeleted(t *testing.T) {
	dir := t.TempDir()
	e := open(t, Options{Dir: dir})
	write(t, e, "good", `{"n":1}`)
	write(t, e, "bad", `{"n":1}`)
	manifest := filepath.Join(dir, "indices", e.indexByName["bad"].uuid, "MANIFEST")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	e = open(t, Options{Dir: dir})
	if !e.anyBroken() {
		t.Fatal("the damaged index opened")
	}
	if info, err := e.Info(ctx); err != nil || info.Health.Status != "red" || !slices.Equal(info.Unopened, []string{"bad"}) {
		t.Errorf("the store says %+v of itself, %v", info, err)
	}
	mustApply(t, e, &es.DeleteIndices{Target: es.Target{Names: []string{"bad"}}})
	write(t, e, "bad", `{"n":2}`)
	wantSources(t, e, "bad", all, `{"n":2}`)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, Options{Dir: dir})
	defer e.Close()
	wantSources(t, e, "bad", all, `{"n":2}`)
	wantSources(t, e, "good", all, `{"n":1}`)
	if e.anyBroken() {
		t.Error(e.brokenReason())
	}
}

// TestPoisonedLogSetsOneIndexAside puts a record into the log that cannot be replayed: its index is set
// aside by name, the others open with all they had, and deleting it is the way out.
func TestPoisonedLogSetsOneIndexAside(t *testing.T) {
	mem := vfs.NewMem()
	opts := Options{Dir: "/data", FS: mem, MetaFile: filepath.Join(t.TempDir(), "meta.db")}
	e := open(t, opts)
	write(t, e, "good", `{"n":1}`)
	write(t, e, "bad", `{"n":1}`)
	pos, err := e.log.Append(ctx, wal.Record{Kind: recordDocs, Index: e.indexByName["bad"].uuid, Payload: []byte("no record of operations")})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.log.Wait(ctx, pos); err != nil {
		t.Fatal(err)
	}
	write(t, e, "good", `{"n":2}`)
	opts.FS = mem.CrashClone(rand.New(rand.NewPCG(3, 4)))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, opts)
	defer e.Close()
	wantSources(t, e, "good", all, `{"n":1}`, `{"n":2}`)
	if _, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"bad"}}}); err == nil || !strings.Contains(err.Error(), "replay record") {
		t.Errorf("search of the index set aside: %v", err)
	}
	if info, err := e.Info(ctx); err != nil || info.Health.Status != "red" || !strings.Contains(info.Health.Reason, "bad") {
		t.Errorf("health: %+v, %v", info.Health, err)
	}
	mustApply(t, e, &es.DeleteIndices{Target: es.Target{Names: []string{"bad"}}})
	write(t, e, "bad", `{"n":3}`)
	wantSources(t, e, "bad", all, `{"n":3}`)
}

// TestMissingSegmentSaysWhatToDo: an index whose segment file is gone is set aside with the file and the way on.
func TestMissingSegmentSaysWhatToDo(t *testing.T) {
	mem := vfs.NewMem()
	opts := Options{Dir: "/data", FS: mem, MetaFile: filepath.Join(t.TempDir(), "meta.db")}
	e := open(t, opts)
	write(t, e, "bad", `{"n":1}`)
	ix := e.indexByName["bad"]
	if err := ix.flush(ctx); err != nil {
		t.Fatal(err)
	}
	path := ix.segmentPath(segmentName(1))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := mem.Remove(path); err != nil {
		t.Fatal(err)
	}
	e = open(t, opts)
	defer e.Close()
	err := e.broken["bad"]
	if !vfs.IsCorruption(err) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "restore the index from a snapshot") {
		t.Fatalf("error %v", err)
	}
}
