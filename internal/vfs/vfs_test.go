package vfs_test

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"

	"elkhorn/internal/vfs"
)

// TestFS runs one behavioural suite against every implementation.
func TestFS(t *testing.T) {
	implementations := []struct {
		name string
		make func(t *testing.T) (vfs.FS, string)
	}{
		{"disk", func(t *testing.T) (vfs.FS, string) { return vfs.Default, t.TempDir() }},
		{"memory", func(*testing.T) (vfs.FS, string) { return vfs.NewMem(), "/" }},
	}
	for _, impl := range implementations {
		for _, test := range suite {
			t.Run(impl.name+"/"+test.name, func(t *testing.T) {
				fsys, dir := impl.make(t)
				test.run(t, fixture{t: t, FS: fsys, dir: dir})
			})
		}
	}
}

var suite = []struct {
	name string
	run  func(*testing.T, fixture)
}{
	{"create then read", testCreateRead},
	{"append goes to the end", testAppend},
	{"write at", testWriteAt},
	{"truncate", testTruncate},
	{"missing files", testMissing},
	{"directories", testDirectories},
	{"rename", testRename},
	{"open file survives remove", testOpenSurvivesRemove},
	{"file identity", testFileID},
	{"lock", testLock},
	{"closed files", testClosed},
	{"atomic replacement", testWriteFileAtomic},
	{"disk usage", testDiskUsage},
}

type fixture struct {
	vfs.FS
	t   *testing.T
	dir string
}

func (f fixture) path(name string) string { return filepath.Join(f.dir, name) }

func (f fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f fixture) write(name, content string) {
	f.t.Helper()
	file, err := f.Create(f.path(name))
	f.must(err)
	_, err = file.Write([]byte(content))
	f.must(err)
	f.must(file.Sync())
	f.must(file.Close())
}

func (f fixture) wantContent(name, want string) {
	f.t.Helper()
	got, err := vfs.ReadFile(f.FS, f.path(name), 1<<20)
	f.must(err)
	if string(got) != want {
		f.t.Fatalf("%s holds %q, want %q", name, got, want)
	}
}

func (f fixture) wantList(dir string, want ...string) {
	f.t.Helper()
	got, err := f.List(f.path(dir))
	f.must(err)
	if !slices.Equal(got, want) {
		f.t.Fatalf("list %q is %q, want %q", dir, got, want)
	}
}

func (f fixture) wantErr(err, want error) {
	f.t.Helper()
	if !errors.Is(err, want) {
		f.t.Fatalf("error is %v, want %v", err, want)
	}
}

func testCreateRead(t *testing.T, f fixture) {
	f.write("a", "hello")
	f.write("a", "bye") // Create truncates
	file, err := f.Open(f.path("a"))
	f.must(err)
	got, err := io.ReadAll(file)
	f.must(err)
	if string(got) != "bye" {
		t.Fatalf("read %q", got)
	}
	buf := make([]byte, 2)
	if n, err := file.ReadAt(buf, 1); n != 2 || err != nil {
		t.Fatalf("read at 1: %d, %v", n, err)
	}
	if n, err := file.ReadAt(buf, 2); n != 1 || !errors.Is(err, io.EOF) {
		t.Fatalf("read at 2: %d, %v", n, err)
	}
	if _, err := file.Write([]byte("x")); err == nil {
		t.Fatal("a file opened for reading took a write")
	}
	f.must(file.Close())
	if _, err := vfs.ReadFile(f.FS, f.path("a"), 2); err == nil {
		t.Fatal("a file over the limit was read")
	}
}

func testAppend(_ *testing.T, f fixture) {
	f.write("a", "one")
	file, err := f.OpenAppend(f.path("a"))
	f.must(err)
	for _, part := range []string{"two", "three"} {
		_, err := file.Write([]byte(part))
		f.must(err)
	}
	if _, err := file.WriteAt([]byte("x"), 0); err == nil {
		f.t.Fatal("a file opened for appending took a write at an offset")
	}
	f.must(file.Close())
	f.wantContent("a", "onetwothree")
	file, err = f.OpenAppend(f.path("new"))
	f.must(err)
	f.must(file.Close())
	f.wantContent("new", "")
}

func testWriteAt(_ *testing.T, f fixture) {
	file, err := f.OpenReadWrite(f.path("a"))
	f.must(err)
	_, err = file.WriteAt([]byte("end"), 3)
	f.must(err)
	_, err = file.Write([]byte("ab"))
	f.must(err)
	f.must(file.Close())
	f.wantContent("a", "ab\x00end")
	file, err = f.OpenReadWrite(f.path("a")) // does not truncate
	f.must(err)
	_, err = file.WriteAt([]byte("END!"), 3)
	f.must(err)
	f.must(file.Close())
	f.wantContent("a", "ab\x00END!")
}

func testTruncate(t *testing.T, f fixture) {
	f.write("a", "hello")
	file, err := f.OpenAppend(f.path("a"))
	f.must(err)
	f.must(file.Truncate(2))
	_, err = file.Write([]byte("y"))
	f.must(err)
	f.must(file.Truncate(5))
	if size, err := file.Size(); size != 5 || err != nil {
		t.Fatalf("size %d, %v", size, err)
	}
	f.must(file.Close())
	f.wantContent("a", "hey\x00\x00")
}

func testMissing(_ *testing.T, f fixture) {
	_, err := f.Open(f.path("none"))
	f.wantErr(err, fs.ErrNotExist)
	_, err = f.Create(f.path("none/a"))
	f.wantErr(err, fs.ErrNotExist)
	_, err = f.Stat(f.path("none"))
	f.wantErr(err, fs.ErrNotExist)
	_, err = f.List(f.path("none"))
	f.wantErr(err, fs.ErrNotExist)
	_, err = f.OpenDir(f.path("none"))
	f.wantErr(err, fs.ErrNotExist)
	f.wantErr(f.Remove(f.path("none")), fs.ErrNotExist)
	f.wantErr(f.Rename(f.path("none"), f.path("b")), fs.ErrNotExist)
	f.must(f.RemoveAll(f.path("none")))
}

func testDirectories(t *testing.T, f fixture) {
	f.must(f.MkdirAll(f.path("x/y")))
	f.must(f.MkdirAll(f.path("x/y")))
	f.write("x/y/b", "1")
	f.write("x/y/a", "2")
	f.wantList("x/y", "a", "b")
	f.must(vfs.SyncDir(f.FS, f.path("x/y")))
	info, err := f.Stat(f.path("x/y"))
	f.must(err)
	if !info.IsDir || info.Name != "y" {
		t.Fatalf("stat of a directory: %+v", info)
	}
	if err := f.Remove(f.path("x/y")); err == nil {
		t.Fatal("a directory that is not empty was removed")
	}
	if _, err := f.Create(f.path("x")); err == nil {
		t.Fatal("a directory was created over")
	}
	if err := f.MkdirAll(f.path("x/y/a")); err == nil {
		t.Fatal("a directory was made over a file")
	}
	f.must(f.RemoveAll(f.path("x")))
	f.wantList("")
}

func testRename(_ *testing.T, f fixture) {
	f.write("a", "A")
	f.write("b", "B")
	f.must(f.Rename(f.path("a"), f.path("b")))
	f.wantContent("b", "A")
	f.must(f.MkdirAll(f.path("d")))
	f.must(f.Rename(f.path("b"), f.path("d/c")))
	f.wantList("", "d")
	f.wantContent("d/c", "A")
	f.must(f.Rename(f.path("d"), f.path("e")))
	f.wantContent("e/c", "A")
}

func testOpenSurvivesRemove(t *testing.T, f fixture) {
	f.write("a", "still here")
	file, err := f.Open(f.path("a"))
	f.must(err)
	f.must(f.Remove(f.path("a")))
	got, err := io.ReadAll(file)
	f.must(err)
	if string(got) != "still here" {
		t.Fatalf("read %q", got)
	}
	f.must(file.Close())
}

func testFileID(t *testing.T, f fixture) {
	f.write("a", "1")
	f.write("b", "12")
	a, err := f.Stat(f.path("a"))
	f.must(err)
	b, err := f.Stat(f.path("b"))
	f.must(err)
	if a.ID == b.ID || a.ID == (vfs.FileID{}) || b.Size != 2 || b.IsDir {
		t.Fatalf("a is %+v, b is %+v", a, b)
	}
	f.must(f.Rename(f.path("a"), f.path("c")))
	c, err := f.Stat(f.path("c"))
	f.must(err)
	if c.ID != a.ID {
		t.Fatalf("identity changed with the name: %v, then %v", a.ID, c.ID)
	}
}

func testLock(t *testing.T, f fixture) {
	lock, err := f.Lock(f.path("LOCK"))
	f.must(err)
	_, err = f.Lock(f.path("LOCK"))
	var locked *vfs.LockedError
	if !errors.As(err, &locked) || locked.Path != f.path("LOCK") || locked.Holder == "" {
		t.Fatalf("second lock: %v", err)
	}
	f.must(lock.Close())
	lock, err = f.Lock(f.path("LOCK"))
	f.must(err)
	f.must(lock.Close())
}

func testClosed(_ *testing.T, f fixture) {
	file, err := f.Create(f.path("a"))
	f.must(err)
	f.must(file.Close())
	_, err = file.Write([]byte("x"))
	f.wantErr(err, fs.ErrClosed)
	f.wantErr(file.Sync(), fs.ErrClosed)
	f.wantErr(file.Close(), fs.ErrClosed)
}

func testWriteFileAtomic(_ *testing.T, f fixture) {
	f.must(vfs.WriteFileAtomic(f.FS, f.path("a"), []byte("first")))
	f.must(vfs.WriteFileAtomic(f.FS, f.path("a"), []byte("second")))
	f.wantContent("a", "second")
	f.wantList("", "a")
}

func testDiskUsage(t *testing.T, f fixture) {
	usage, err := f.DiskUsage(f.dir)
	f.must(err)
	if usage.TotalBytes == 0 || usage.FreeBytes > usage.TotalBytes {
		t.Fatalf("usage %+v", usage)
	}
	_, err = f.DiskUsage(f.path("none"))
	f.wantErr(err, fs.ErrNotExist)
}
