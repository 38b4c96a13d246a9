package vfs_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"elkhorn/internal/vfs"
)

func memFixture(t *testing.T) (fixture, *vfs.Mem) {
	mem := vfs.NewMem()
	return fixture{t: t, FS: mem, dir: "/"}, mem
}

func TestCrashCloneDropsWhatWasNotSynced(t *testing.T) {
	f, mem := memFixture(t)
	f.write("kept", "synced")
	f.must(vfs.SyncDir(mem, "/"))
	f.write("no directory sync", "x")
	file, err := f.OpenAppend("/kept")
	f.must(err)
	_, err = file.Write([]byte(" and not synced"))
	f.must(err)

	after := fixture{t: t, FS: mem.CrashClone(nil), dir: "/"}
	after.wantList("", "kept")
	after.wantContent("kept", "synced")
	f.wantContent("kept", "synced and not synced") // the original goes on
}

func TestCrashCloneKeepsRenameAtomic(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(64) {
		f, mem := memFixture(t)
		f.must(vfs.WriteFileAtomic(mem, "/a", []byte("old")))
		f.write("a.tmp", "new")
		f.must(f.Rename("/a.tmp", "/a"))
		clone := mem.CrashClone(rand.New(rand.NewPCG(seed, 0)))
		got, err := vfs.ReadFile(clone, "/a", 100)
		f.must(err)
		seen[string(got)] = true
	}
	if len(seen) != 2 || !seen["old"] || !seen["new"] {
		t.Fatalf("after a crash the file held %v", seen)
	}
}

func TestCrashCloneRemoveNeedsDirectorySync(t *testing.T) {
	f, mem := memFixture(t)
	f.write("a", "1")
	f.must(vfs.SyncDir(mem, "/"))
	f.must(f.Remove("/a"))
	if _, err := mem.CrashClone(nil).Stat("/a"); err != nil {
		t.Fatalf("the removal became durable by itself: %v", err)
	}
	f.must(vfs.SyncDir(mem, "/"))
	if _, err := mem.CrashClone(nil).Stat("/a"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the removal was synced and did not last: %v", err)
	}
}

func TestCrashCloneTearsWrites(t *testing.T) {
	f, mem := memFixture(t)
	f.write("a", "0123")
	f.must(vfs.SyncDir(mem, "/"))
	file, err := f.OpenAppend("/a")
	f.must(err)
	for _, part := range []string{"4567", "89ab"} {
		_, err := file.Write([]byte(part))
		f.must(err)
	}
	lengths, zeroed := map[int]bool{}, false
	for seed := range uint64(400) {
		got, err := vfs.ReadFile(mem.CrashClone(rand.New(rand.NewPCG(seed, 0))), "/a", 100)
		f.must(err)
		lengths[len(got)] = true
		zeroed = zeroed || strings.Contains(string(got), "\x00\x00\x00\x00")
		if !strings.HasPrefix(string(got), "0123") {
			t.Fatalf("seed %d: synced bytes were lost: %q", seed, got)
		}
	}
	for n := 4; n <= 12; n++ {
		if !lengths[n] {
			t.Errorf("no crash left %d bytes", n)
		}
	}
	if !zeroed {
		t.Error("no crash left zeros for a write")
	}
}

func TestCrashCloneIsDeterministic(t *testing.T) {
	f, mem := memFixture(t)
	for i := range 20 {
		f.write(fmt.Sprint("file", i), strings.Repeat("x", i))
	}
	describe := func() string {
		clone := mem.CrashClone(rand.New(rand.NewPCG(7, 7)))
		names, err := clone.List("/")
		f.must(err)
		return strings.Join(names, " ")
	}
	if first, second := describe(), describe(); first != second {
		t.Fatalf("one seed, two crashes: %q and %q", first, second)
	}
}

func TestMkdirAllSyncSurvivesACrash(t *testing.T) {
	f, mem := memFixture(t)
	f.must(vfs.MkdirAllSync(mem, "/a/b/c"))
	after := fixture{t: t, FS: mem.CrashClone(nil), dir: "/"}
	after.wantList("a/b", "c")
	f.must(f.MkdirAll("/a/d")) // left by a process that was killed
	f.must(vfs.MkdirAllSync(mem, "/a/d"))
	after = fixture{t: t, FS: mem.CrashClone(nil), dir: "/"}
	after.wantList("a", "b", "d")
}
