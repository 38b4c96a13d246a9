package engine

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"elkhorn/internal/es"
	"elkhorn/internal/es/query"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

func putRepository(t *testing.T, e *Engine) {
	t.Helper()
	mustApply(t, e, &es.PutRepository{Name: "backup", JSON: []byte(`{"type":"fs","settings":{"location":"nightly"}}`)})
}

func takeSnapshot(t *testing.T, e *Engine, name string) *es.SnapshotInfo {
	t.Helper()
	info, err := e.Apply(ctx, &es.CreateSnapshot{Repository: "backup", Name: name, IncludeGlobalState: true})
	if err != nil {
		t.Fatal(err)
	}
	return info.(*es.SnapshotInfo)
}

// state is all of an index that clients see, a line each document.
func state(t *testing.T, e *Engine, name string) string {
	t.Helper()
	resp, err := e.Search(ctx, &es.SearchRequest{
		Target: es.Target{Names: []string{name}, IgnoreUnavailable: true}, Query: &query.MatchAll{}, Size: 10_000,
		Sort: []es.SortKey{{Field: "_seq_no"}}, Version: true, SeqNo: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, h := range resp.Hits.Hits {
		fmt.Fprintf(&b, "%s v%d s%d %s\n", h.ID, *h.Version, *h.SeqNo, h.Source)
	}
	return b.String()
}

// TestSnapshotAndRestore restores an index with segments, deletes, and documents in memory; it is the same under another
// name, after a restart, and when it is written on.
func TestSnapshotAndRestore(t *testing.T) {
	dir := t.TempDir()
	e := open(t, Options{Dir: dir})
	putRepository(t, e)
	write(t, e, "logs", `{"n":1}`, `{"n":2}`, `a|{"n":3}`, `b|{"n":4}`)
	mustApply(t, e, &es.FlushIndices{})
	write(t, e, "logs", `a|{"n":5}`, `{"n":6}`)
	mustApply(t, e, &es.FlushIndices{})
	write(t, e, "logs", `b|{"n":7}`, `{"text":"in memory"}`)
	want := state(t, e, "logs")
	first := takeSnapshot(t, e, "first")
	if first.State != es.SnapshotSuccess || len(first.Indices) != 1 || first.Indices[0].Docs != 6 || first.CopiedFiles == 0 {
		t.Fatalf("%+v", first)
	}

	write(t, e, "logs", `c|{"n":8}`, `a|{"n":9}`)
	second := takeSnapshot(t, e, "second")
	if second.CopiedFiles >= first.CopiedFiles+2 || second.CopiedFiles == 0 {
		t.Errorf("the second snapshot copied %d files, the first %d", second.CopiedFiles, first.CopiedFiles)
	}
	later := state(t, e, "logs")

	// Deleting the first leaves what the second has too.
	mustApply(t, e, &es.CloneSnapshot{Repository: "backup", Name: "first", NewName: "kept", Indices: []string{"logs"}})
	mustApply(t, e, &es.DeleteSnapshots{Repository: "backup", Names: []string{"first"}})
	mustApply(t, e, &es.RestoreSnapshot{Repository: "backup", Name: "second", RenamePattern: "l(.*)", Rename: "old-l$1x"})
	mustApply(t, e, &es.RestoreSnapshot{Repository: "backup", Name: "kept", RenamePattern: "logs", Rename: "older"})
	if got := state(t, e, "older"); got != want {
		t.Errorf("restored:\n%swant:\n%s", got, want)
	}
	if got := state(t, e, "old-logsx"); got != later {
		t.Errorf("restored:\n%swant:\n%s", got, later)
	}
	if _, err := e.Apply(ctx, &es.RestoreSnapshot{Repository: "backup", Name: "kept"}); err == nil || !strings.Contains(err.Error(), "an open index with same name already exists") {
		t.Errorf("restore over an open index: %v", err)
	}
	mustApply(t, e, &es.OpenClose{Target: es.Target{Names: []string{"logs"}}, Close: true})
	mustApply(t, e, &es.RestoreSnapshot{Repository: "backup", Name: "kept"})
	if got := state(t, e, "logs"); got != want {
		t.Errorf("restored over a closed index:\n%swant:\n%s", got, want)
	}

	items := write(t, e, "older", `{"n":10}`)
	if items[0].Err != nil {
		t.Fatal(items[0].Err)
	}
	got, err := e.Get(ctx, &es.GetRequest{Index: "older", ID: items[0].ID})
	if err != nil || !got.Found || string(got.Source) != `{"n":10}` {
		t.Errorf("the document written after the restore: %+v, %v", got, err)
	}
	grown := state(t, e, "older")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, Options{Dir: dir})
	defer e.Close()
	if got := state(t, e, "older"); got != grown {
		t.Errorf("after a restart:\n%swant:\n%s", got, grown)
	}
	mustApply(t, e, &es.DeleteSnapshots{Repository: "backup", Names: []string{"*"}})
	if files, err := e.fs.List(filepath.Join(dir, "repositories/nightly/blobs")); err != nil || len(files) > 0 {
		t.Errorf("left of deleted snapshots: %v, %v", files, err)
	}
}

// TestSnapshotWhileWriting writes pairs of documents, each pair in one bulk, and one document again and again: every snapshot
// has whole pairs, and that document once.
func TestSnapshotWhileWriting(t *testing.T) {
	e := openTemp(t)
	putRepository(t, e)
	write(t, e, "logs", `same|{"n":-1}`)
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; !stop.Load(); n++ {
			write(t, e, "logs", fmt.Sprintf(`{"pair":%d,"half":1}`, n), fmt.Sprintf(`same|{"n":%d}`, n), fmt.Sprintf(`{"pair":%d,"half":2}`, n))
			if n%7 == 3 {
				mustApply(t, e, &es.FlushIndices{})
			}
		}
	})
	for i := range 4 {
		takeSnapshot(t, e, fmt.Sprint("s", i))
	}
	stop.Store(true)
	wg.Wait()
	for i := range 4 {
		name := fmt.Sprint("r", i)
		mustApply(t, e, &es.RestoreSnapshot{Repository: "backup", Name: fmt.Sprint("s", i), RenamePattern: "logs", Rename: name})
		halves, same := 0, 0
		for _, doc := range sources(t, e, name, all) {
			if strings.Contains(doc, "half") {
				halves++
			} else {
				same++
			}
		}
		if halves%2 != 0 || same != 1 {
			t.Errorf("snapshot %d has %d halves, and the one document %d times", i, halves, same)
		}
	}
}

// TestDamagedSnapshotIsNotRestored flips one bit in each blob in turn.
func TestDamagedSnapshotIsNotRestored(t *testing.T) {
	mem := vfs.NewMem()
	e := open(t, Options{Dir: "/data", FS: mem, MetaFile: filepath.Join(t.TempDir(), "meta.db")})
	defer e.Close()
	putRepository(t, e)
	write(t, e, "logs", `a|{"n":1}`, `b|{"n":2}`)
	mustApply(t, e, &es.FlushIndices{})
	write(t, e, "logs", `a|`, `c|{"n":3}`)
	takeSnapshot(t, e, "one")
	owners, err := mem.List("/data/repositories/nightly/blobs")
	if err != nil || len(owners) != 1 {
		t.Fatal(owners, err)
	}
	dir := "/data/repositories/nightly/blobs/" + owners[0]
	blobs, err := mem.List(dir)
	if err != nil || len(blobs) < 3 {
		t.Fatal(blobs, err)
	}
	for _, blob := range blobs {
		data, err := vfs.ReadFile(mem, filepath.Join(dir, blob), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		damaged := slices.Clone(data)
		damaged[len(damaged)/2] ^= 4
		if err := vfs.WriteFileAtomic(mem, filepath.Join(dir, blob), damaged); err != nil {
			t.Fatal(err)
		}
		_, err = e.Apply(ctx, &es.RestoreSnapshot{Repository: "backup", Name: "one", RenamePattern: "logs", Rename: "copy"})
		if err == nil || !strings.Contains(err.Error(), "is damaged") {
			t.Errorf("%s: %v", blob, err)
		}
		if infos, err := e.Indices(ctx, es.Target{}); err != nil || len(infos) != 1 {
			t.Errorf("%s: %d indices, %v", blob, len(infos), err)
		}
		if err := vfs.WriteFileAtomic(mem, filepath.Join(dir, blob), data); err != nil {
			t.Fatal(err)
		}
	}
	mustApply(t, e, &es.RestoreSnapshot{Repository: "backup", Name: "one", RenamePattern: "logs", Rename: "copy"})
}

// TestSnapshotFaultSweep fails each operation on files in turn: a snapshot is there whole or not at all, what was there before
// stays, and the next attempt works.
func TestSnapshotFaultSweep(t *testing.T) {
	for n := 0; ; n++ {
		mem, meta := vfs.NewMem(), filepath.Join(t.TempDir(), "meta.db")
		e := open(t, Options{Dir: "/data", FS: mem, MetaFile: meta})
		putRepository(t, e)
		write(t, e, "logs", `a|{"n":1}`, `b|{"n":2}`)
		mustApply(t, e, &es.FlushIndices{})
		before := state(t, e, "logs")
		takeSnapshot(t, e, "before")
		write(t, e, "logs", `a|{"n":3}`)
		want := state(t, e, "logs")
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		nth := errorfs.Nth(n)
		var armed atomic.Bool
		injector := errorfs.InjectorFunc(func(op errorfs.Op) *errorfs.Fault {
			if !armed.Load() {
				return nil
			}
			return nth.Inject(op)
		})
		e = open(t, Options{Dir: "/data", FS: errorfs.Wrap(mem, errorfs.OnPath(injector, "repositories")), MetaFile: meta, Logger: slog.New(slog.DiscardHandler)})
		armed.Store(true)
		_, err := e.Apply(ctx, &es.CreateSnapshot{Repository: "backup", Name: "after"})
		armed.Store(false)
		if err != nil && !nth.Fired() {
			t.Fatalf("operation %d: %v", n, err)
		}
		if err == nil {
			mustApply(t, e, &es.DeleteSnapshots{Repository: "backup", Names: []string{"after"}})
		} else if !strings.Contains(err.Error(), errorfs.ErrInjected.Error()) {
			t.Errorf("operation %d: %v", n, err)
		}
		mustApply(t, e, &es.CleanupRepository{Name: "backup"})
		takeSnapshot(t, e, "again")
		for name, expect := range map[string]string{"again": want, "before": before} {
			mustApply(t, e, &es.RestoreSnapshot{Repository: "backup", Name: name, RenamePattern: "logs", Rename: name})
			if got := state(t, e, name); got != expect {
				t.Errorf("operation %d: %s is\n%swant\n%s", n, name, got, expect)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() || !nth.Fired() {
			t.Logf("%d operations", n)
			return
		}
	}
}
