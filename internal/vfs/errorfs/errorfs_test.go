package errorfs_test

import (
	"errors"
	"syscall"
	"testing"

	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

func TestNthSweepVisitsEveryOperation(t *testing.T) {
	failed := 0
	for n := 0; ; n++ {
		mem := vfs.NewMem()
		if err := vfs.WriteFileAtomic(mem, "/a", []byte("old")); err != nil {
			t.Fatal(err)
		}
		nth := errorfs.Nth(n)
		err := vfs.WriteFileAtomic(errorfs.Wrap(mem, nth), "/a", []byte("new"))
		if !nth.Fired() {
			if err != nil {
				t.Fatalf("no fault, and yet: %v", err)
			}
			break
		}
		failed++
		if !errors.Is(err, errorfs.ErrInjected) {
			t.Fatalf("operation %d failed and nobody said so: %v", n, err)
		}
		got, err := vfs.ReadFile(mem.CrashClone(nil), "/a", 100)
		if err != nil || string(got) != "old" && string(got) != "new" {
			t.Fatalf("operation %d: the file is %q, %v", n, got, err)
		}
	}
	if failed != 8 { // create, write, sync, close, rename, open directory, sync directory, close directory
		t.Fatalf("the sweep failed %d operations, want 8", failed)
	}
}

func TestNoSpaceAfterStoresWhatFits(t *testing.T) {
	mem := vfs.NewMem()
	space := errorfs.NoSpaceAfter(5)
	f, err := errorfs.Wrap(mem, space).Create("/a")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := f.Write([]byte("abc")); n != 3 || err != nil {
		t.Fatalf("first write: %d, %v", n, err)
	}
	n, err := f.Write([]byte("defg"))
	if n != 2 || !errors.Is(err, syscall.ENOSPC) || !vfs.IsNoSpace(err) {
		t.Fatalf("second write: %d, %v", n, err)
	}
	space.Free(10)
	if _, err := f.Write([]byte("hi")); err != nil {
		t.Fatalf("with space again: %v", err)
	}
	if got, err := vfs.ReadFile(mem, "/a", 100); string(got) != "abcdehi" || err != nil {
		t.Fatalf("stored %q, %v", got, err)
	}
}

func TestShortWriteAndFilters(t *testing.T) {
	mem := vfs.NewMem()
	only := errorfs.OnPath(errorfs.OnKinds(errorfs.Nth(0), errorfs.FileWrite), "wal")
	fsys := errorfs.Wrap(mem, errorfs.ShortWrite(only))
	for _, name := range []string{"/manifest", "/wal"} {
		f, err := fsys.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		n, err := f.Write([]byte("12345678"))
		if name == "/manifest" && (n != 8 || err != nil) {
			t.Fatalf("the fault hit another file: %d, %v", n, err)
		}
		if name == "/wal" && (n != 4 || !errors.Is(err, errorfs.ErrInjected)) {
			t.Fatalf("short write: %d, %v", n, err)
		}
	}
}

func TestSyncFaultsTellFilesFromDirectories(t *testing.T) {
	mem := vfs.NewMem()
	gate := errorfs.NewSwitch(errorfs.OnKinds(errorfs.Always(syscall.EIO), errorfs.DirSync))
	fsys := errorfs.Wrap(mem, gate)
	if err := vfs.SyncDir(fsys, "/"); err != nil {
		t.Fatalf("the switch is off: %v", err)
	}
	gate.Set(true)
	f, err := fsys.Create("/a")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		t.Fatalf("file sync: %v", err)
	}
	if err := vfs.SyncDir(fsys, "/"); !errors.Is(err, syscall.EIO) {
		t.Fatalf("directory sync: %v", err)
	}
}
