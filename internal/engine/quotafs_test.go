package engine

import (
	"path/filepath"
	"sync"
	"syscall"

	"elkhorn/internal/vfs"
)

// quotaFS has room for so many more bytes in log files.
type quotaFS struct {
	vfs.FS
	mu   sync.Mutex
	left int
}

func (q *quotaFS) Create(name string) (vfs.File, error) { return q.wrap(name, q.FS.Create) }

func (q *quotaFS) OpenAppend(name string) (vfs.File, error) { return q.wrap(name, q.FS.OpenAppend) }

func (q *quotaFS) OpenReadWrite(name string) (vfs.File, error) {
	return q.wrap(name, q.FS.OpenReadWrite)
}

func (q *quotaFS) wrap(name string, open func(string) (vfs.File, error)) (vfs.File, error) {
	f, err := open(name)
	if err != nil || filepath.Ext(name) != ".wal" {
		return f, err
	}
	return &quotaFile{File: f, fs: q}, nil
}

type quotaFile struct {
	vfs.File
	fs *quotaFS
}

func (f *quotaFile) Write(p []byte) (int, error) {
	if err := f.fs.take(len(p)); err != nil {
		return 0, err
	}
	return f.File.Write(p)
}

func (f *quotaFile) WriteAt(p []byte, at int64) (int, error) {
	if err := f.fs.take(len(p)); err != nil {
		return 0, err
	}
	return f.File.WriteAt(p, at)
}

func (q *quotaFS) take(n int) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left < n {
		return syscall.ENOSPC
	}
	q.left -= n
	return nil
}
