package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
	"elkhorn/internal/vfs"
)

func TestLockedFolder(t *testing.T) {
	dir := t.TempDir()
	e := open(t, Options{Dir: dir})
	defer e.Close()
	_, err := Open(Options{Dir: dir})
	var locked *vfs.LockedError
	if !errors.As(err, &locked) || !strings.Contains(err.Error(), "pid") {
		t.Errorf("second open: %v, want an error that names the holder", err)
	}
}

// TestCorruptedSegment flips one byte in a segment file: the index says which file is damaged, the
// other index does not notice.
func TestCorruptedSegment(t *testing.T) {
	dir := t.TempDir()
	e := open(t, Options{Dir: dir})
	write(t, e, "good", `{"n":1}`)
	write(t, e, "bad", `{"n":1,"text":"some words"}`)
	uuid := e.indexByName["bad"].uuid
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "indices", uuid, "*.seg"))
	if err != nil || len(files) != 1 {
		t.Fatalf("segment files: %v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for at := range data {
		damaged := append([]byte(nil), data...)
		damaged[at] ^= 0x40
		if err := os.WriteFile(files[0], damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		e := open(t, Options{Dir: dir})
		wantSources(t, e, "good", all, `{"n":1}`)
		if err := searchDamaged(t, e); err != nil && strings.Contains(err.Error(), filepath.Base(files[0])) {
			named++
		}
		if err := e.Close(); err != nil {
			t.Fatalf("byte %d: close: %v", at, err)
		}
	}
	if named < len(data)/2 {
		t.Errorf("only %d of %d damaged bytes led to an error that names the file", named, len(data))
	}
}

// searchDamaged returns what the store says of the damage; a right answer is fine as well.
func searchDamaged(t *testing.T, e *Engine) error {
	t.Helper()
	if err, broken := e.broken["bad"]; broken {
		return err
	}
	q, err := query.Parse([]byte(`{"match":{"text":"words"}}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"bad"}}, Query: q, Size: 1})
	switch {
	case err != nil:
		return err
	case len(resp.Shards.Failures) > 0:
		return resp.Shards.Failures[0].Err
	case len(resp.Hits.Hits) != 1 || string(resp.Hits.Hits[0].Source) != `{"n":1,"text":"some words"}`:
		t.Errorf("a damaged segment gave a wrong answer without an error: %+v", resp.Hits)
	}
	return nil
}

// fullDisk reports a file system as full as it is told.
type fullDisk struct {
	vfs.FS
	free uint64
}

func (f *fullDisk) DiskUsage(string) (vfs.DiskUsage, error) {
	return vfs.DiskUsage{TotalBytes: 100 << 30, FreeBytes: f.free}, nil
}

func TestFloodStage(t *testing.T) {
	disk := &fullDisk{FS: vfs.Default, free: 50 << 30}
	e := open(t, Options{FS: disk})
	defer e.Close()
	write(t, e, "f", `{"n":1}`)
	disk.free = 1 << 30
	e.disk.check(e)
	items := write(t, e, "f", `{"n":2}`)
	if items[0].Status != 429 || items[0].Err.Type != "cluster_block_exception" || !strings.Contains(items[0].Err.Reason, "flood-stage") {
		t.Errorf("write at the flood stage: %+v", items[0])
	}
	wantSources(t, e, "f", all, `{"n":1}`)
	mustApply(t, e, &es.DeleteIndices{Target: es.Target{Names: []string{"f"}}})
	disk.free = 50 << 30
	e.disk.check(e)
	if items := write(t, e, "f", `{"n":3}`); items[0].Status != 201 {
		t.Errorf("write after there is room again: %+v", items[0])
	}
}

// TestDiskFullWhileWriting lets the log run out of space: the write fails by name, what was acknowledged
// before stays, and it is all there after a restart with room.
func TestDiskFullWhileWriting(t *testing.T) {
	dir := t.TempDir()
	limited := &quotaFS{FS: vfs.Default, left: 64 << 10}
	e := open(t, Options{Dir: dir, FS: limited})
	acked := 0
	var failure error
	for i := range 10_000 {
		_, err := e.Bulk(ctx, &es.BulkRequest{Ops: []es.BulkOp{{Action: es.ActionIndex, Index: "d", Source: fmt.Appendf(nil, `{"n":%d,"pad":%q}`, i, strings.Repeat(fmt.Sprint(i), 40))}}})
		if err != nil {
			failure = err
			break
		}
		acked++
	}
	if failure == nil || !eserr.Is(failure, "translog_exception") {
		t.Fatalf("writes went on: %v", failure)
	}
	if n := len(sources(t, e, "d", all)); n < acked {
		t.Errorf("reads see %d of %d acknowledged documents", n, acked)
	}
	if info, err := e.Info(ctx); err != nil || info.Health.Status != "red" {
		t.Errorf("health: %+v, %v", info.Health, err)
	}
	if err := e.Close(); err == nil {
		t.Error("close did not report the failed log")
	}
	e = open(t, Options{Dir: dir})
	defer e.Close()
	if n := len(sources(t, e, "d", all)); n < acked {
		t.Errorf("after a restart %d of %d acknowledged documents are there", n, acked)
	}
}

func TestWriteBufferPushesBack(t *testing.T) {
	m := newMemory(&Options{WriteBufferBytes: 1000, QueryBytes: 1000, TotalBytes: 4000})
	release, err := m.reserveWrite(context.Background(), 400)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.reserveWrite(context.Background(), 200); !eserr.Is(err, "es_rejected_execution_exception") {
		t.Errorf("a second request past the limit: %v", err)
	}
	release()
	m.addParts(2000)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.reserveWrite(ended, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a full buffer: %v, want to wait for the flush until the request ends", err)
	}
	if err := m.reserveQuery(1001); !eserr.Is(err, "circuit_breaking_exception") {
		t.Errorf("a search past the limit: %v", err)
	}
}

// TestSearchBudgets: one search gets most of what all may have, everything together has a limit as well, and
// both tell how often they refused.
func TestSearchBudgets(t *testing.T) {
	m := newMemory(&Options{WriteBufferBytes: 1000, QueryBytes: 1000, TotalBytes: 1500})
	refuses := func(b *searchBudget, bytes int64, breaker string) {
		t.Helper()
		err := b.Reserve(bytes)
		if !eserr.Is(err, "circuit_breaking_exception") || !strings.HasPrefix(eserr.From(err).Reason, "["+breaker+"] Data too large") {
			t.Errorf("%d bytes more: %v, want a refusal of [%s]", bytes, err, breaker)
		}
	}
	takes := func(b *searchBudget, bytes int64) {
		t.Helper()
		if err := b.Reserve(bytes); err != nil {
			t.Errorf("%d bytes: %v", bytes, err)
		}
	}
	one, other := &searchBudget{memory: m}, &searchBudget{memory: m}
	refuses(one, 801, "request")
	takes(one, 800)
	refuses(other, 201, "request")
	takes(other, 200)
	other.Release(200)
	m.addParts(700)
	refuses(other, 1, "parent")
	one.Release(800)
	takes(other, 800)
	want := []es.Breaker{{Name: "request", LimitBytes: 1000, UsedBytes: 800, Tripped: 2},
		{Name: "documents", LimitBytes: 1000, UsedBytes: 700}, {Name: "parent", LimitBytes: 1500, UsedBytes: 1500, Tripped: 1}}
	if got := m.breakers(); !slices.Equal(got, want) {
		t.Errorf("breakers %+v, want %+v", got, want)
	}
}

// TestWriteBufferThatStaysFull is refused after a while rather than never answered.
func TestWriteBufferThatStaysFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(&Options{WriteBufferBytes: 1000, QueryBytes: 1000, TotalBytes: 4000})
		m.addParts(2000)
		if _, err := m.reserveWrite(t.Context(), 1); !eserr.Is(err, "es_rejected_execution_exception") || eserr.From(err).Status != 429 {
			t.Errorf("a buffer that stays full: %v", err)
		}
	})
}

// TestSnapshotsAreAccounted: open snapshots take from what searches have, and give it back.
func TestSnapshotsAreAccounted(t *testing.T) {
	e := openTemp(t)
	write(t, e, "s", `{"n":1}`)
	target := es.Target{Names: []string{"s"}}
	id, err := e.OpenSnapshot(ctx, target, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if e.memory.queries.Load() < snapshotBytes {
		t.Errorf("an open snapshot takes %d bytes", e.memory.queries.Load())
	}
	e.memory.requestLimit.Store(snapshotBytes)
	if _, err := e.OpenSnapshot(ctx, target, time.Minute); !eserr.Is(err, "circuit_breaking_exception") {
		t.Errorf("a snapshot past the limit: %v", err)
	}
	if _, err := e.CloseSnapshot(ctx, id); err != nil {
		t.Fatal(err)
	}
	if left := e.memory.queries.Load(); left != 0 {
		t.Errorf("after all are closed %d bytes are taken", left)
	}
}
