package errorfs

import (
	"fmt"
	"io"

	"elkhorn/internal/vfs"
)

// Kind is what an operation does.
type Kind uint8

// The kinds of operation, one per method that can fail.
const (
	Create Kind = iota
	Open
	OpenAppend
	OpenReadWrite
	OpenDir
	Remove
	RemoveAll
	Rename
	MkdirAll
	List
	Stat
	Lock
	DiskUsage
	FileRead
	FileWrite
	FileSync
	DirSync
	FileSize
	FileTruncate
	FileClose
)

var kindNames = [...]string{
	"create", "open", "open for append", "open for read and write", "open directory", "remove", "remove all", "rename",
	"make directory", "list", "stat", "lock", "disk usage", "read", "write", "sync", "sync directory", "size", "truncate", "close",
}

func (k Kind) String() string { return kindNames[k] }

// Mutates reports whether the operation changes the disk or makes a change durable.
func (k Kind) Mutates() bool {
	switch k {
	case Create, OpenAppend, OpenReadWrite, Remove, RemoveAll, Rename, MkdirAll, FileWrite, FileSync, DirSync, FileTruncate:
		return true
	}
	return false
}

// Op is one operation about to happen.
type Op struct {
	Kind  Kind
	Path  string
	Bytes int // length of a write, else 0
}

// Fault is a failure to inject.
type Fault struct {
	Err     error
	Partial int // bytes of a write that are stored before it fails; must be less than Op.Bytes
}

// Injector decides which operations fail. It is called from many goroutines. Nil lets the operation through.
type Injector interface {
	Inject(Op) *Fault
}

// Wrap returns fsys with the faults that injector decides on.
func Wrap(fsys vfs.FS, injector Injector) vfs.FS {
	return &faulty{fsys: fsys, injector: injector}
}

type faulty struct {
	fsys     vfs.FS
	injector Injector
}

func (f *faulty) check(kind Kind, path string) error {
	if fault := f.injector.Inject(Op{Kind: kind, Path: path}); fault != nil {
		return fmt.Errorf("%s %s: %w", kind, path, fault.Err)
	}
	return nil
}

func (f *faulty) open(kind Kind, name string, open func(string) (vfs.File, error)) (vfs.File, error) {
	if err := f.check(kind, name); err != nil {
		return nil, err
	}
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	return &faultyFile{File: file, fs: f, name: name, isDir: kind == OpenDir}, nil
}

func (f *faulty) Create(name string) (vfs.File, error) { return f.open(Create, name, f.fsys.Create) }
func (f *faulty) Open(name string) (vfs.File, error)   { return f.open(Open, name, f.fsys.Open) }
func (f *faulty) OpenAppend(name string) (vfs.File, error) {
	return f.open(OpenAppend, name, f.fsys.OpenAppend)
}
func (f *faulty) OpenReadWrite(name string) (vfs.File, error) {
	return f.open(OpenReadWrite, name, f.fsys.OpenReadWrite)
}
func (f *faulty) OpenDir(name string) (vfs.File, error) { return f.open(OpenDir, name, f.fsys.OpenDir) }

func (f *faulty) Remove(name string) error {
	if err := f.check(Remove, name); err != nil {
		return err
	}
	return f.fsys.Remove(name)
}

func (f *faulty) RemoveAll(name string) error {
	if err := f.check(RemoveAll, name); err != nil {
		return err
	}
	return f.fsys.RemoveAll(name)
}

func (f *faulty) Rename(oldName, newName string) error {
	if err := f.check(Rename, newName); err != nil {
		return err
	}
	return f.fsys.Rename(oldName, newName)
}

func (f *faulty) MkdirAll(name string) error {
	if err := f.check(MkdirAll, name); err != nil {
		return err
	}
	return f.fsys.MkdirAll(name)
}

func (f *faulty) List(dir string) ([]string, error) {
	if err := f.check(List, dir); err != nil {
		return nil, err
	}
	return f.fsys.List(dir)
}

func (f *faulty) Stat(name string) (vfs.Info, error) {
	if err := f.check(Stat, name); err != nil {
		return vfs.Info{}, err
	}
	return f.fsys.Stat(name)
}

func (f *faulty) Lock(name string) (io.Closer, error) {
	if err := f.check(Lock, name); err != nil {
		return nil, err
	}
	return f.fsys.Lock(name)
}

func (f *faulty) DiskUsage(path string) (vfs.DiskUsage, error) {
	if err := f.check(DiskUsage, path); err != nil {
		return vfs.DiskUsage{}, err
	}
	return f.fsys.DiskUsage(path)
}

type faultyFile struct {
	vfs.File
	fs    *faulty
	name  string
	isDir bool
}

func (f *faultyFile) Read(p []byte) (int, error) {
	if err := f.fs.check(FileRead, f.name); err != nil {
		return 0, err
	}
	return f.File.Read(p)
}

func (f *faultyFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.fs.check(FileRead, f.name); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, off)
}

func (f *faultyFile) Write(p []byte) (int, error) {
	return f.write(p, f.File.Write)
}

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	return f.write(p, func(p []byte) (int, error) { return f.File.WriteAt(p, off) })
}

func (f *faultyFile) write(p []byte, write func([]byte) (int, error)) (int, error) {
	fault := f.fs.injector.Inject(Op{Kind: FileWrite, Path: f.name, Bytes: len(p)})
	if fault == nil {
		return write(p)
	}
	n := 0
	if fault.Partial > 0 {
		var err error
		if n, err = write(p[:min(fault.Partial, len(p))]); err != nil {
			return n, err
		}
	}
	return n, fmt.Errorf("%s %s: %w", FileWrite, f.name, fault.Err)
}

func (f *faultyFile) Sync() error {
	kind := FileSync
	if f.isDir {
		kind = DirSync
	}
	if err := f.fs.check(kind, f.name); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f *faultyFile) Size() (int64, error) {
	if err := f.fs.check(FileSize, f.name); err != nil {
		return 0, err
	}
	return f.File.Size()
}

func (f *faultyFile) Truncate(size int64) error {
	if err := f.fs.check(FileTruncate, f.name); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

// Close always releases the file, also when the injected answer is an error, as close(2) does.
func (f *faultyFile) Close() error {
	injected := f.fs.check(FileClose, f.name)
	if err := f.File.Close(); err != nil {
		return err
	}
	return injected
}
