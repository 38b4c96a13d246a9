package vfs

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	errIsDir    error = syscall.EISDIR
	errNotDir   error = syscall.ENOTDIR
	errNotEmpty error = syscall.ENOTEMPTY

	errReadOnly   = errors.New("file is open for reading only")
	errAppendOnly = errors.New("file is open for appending only")
)

// memNode is a file or directory with its visible and its durable state. The mutex of Mem guards it.
type memNode struct {
	inode   uint64
	isDir   bool
	modTime time.Time

	data    []byte              // visible bytes of a file
	entries map[string]*memNode // visible names of a directory

	// durable is what the last sync left; the pending changes lead from it to the visible state, in order.
	durable struct {
		data    []byte
		entries map[string]*memNode
	}
	pendingWrites []memWrite
	pendingNames  []dirChange
}

// memWrite is one unsynced change of a file's bytes: data written at an offset or, with data nil, a new length.
type memWrite struct {
	offset int64
	data   []byte
}

// dirChange is one unsynced, atomic change of a directory: the nodes its names point to afterwards, nil for none.
type dirChange map[string]*memNode

func (c dirChange) applyTo(entries map[string]*memNode) {
	for name, n := range c {
		if n == nil {
			delete(entries, name)
			continue
		}
		entries[name] = n
	}
}

func (n *memNode) change(c dirChange) {
	c.applyTo(n.entries)
	n.pendingNames = append(n.pendingNames, c)
}

func (n *memNode) write(w memWrite) {
	n.data = w.applyTo(n.data)
	n.pendingWrites = append(n.pendingWrites, w)
}

// applyTo returns content with the write applied; content is changed in place where it is long enough.
func (w memWrite) applyTo(content []byte) []byte {
	if w.data == nil {
		if w.offset <= int64(len(content)) {
			return content[:w.offset]
		}
		return append(content, make([]byte, w.offset-int64(len(content)))...)
	}
	if gap := w.offset - int64(len(content)); gap > 0 {
		content = append(content, make([]byte, gap)...)
	}
	overlap := copy(content[w.offset:], w.data)
	return append(content, w.data[overlap:]...)
}

func (n *memNode) sync() {
	if n.isDir {
		n.durable.entries = maps.Clone(n.entries)
		n.pendingNames = nil
		return
	}
	for _, w := range n.pendingWrites {
		n.durable.data = w.applyTo(n.durable.data)
	}
	n.pendingWrites = nil
}

// openMode is what an open file may be used for.
type openMode uint8

const (
	forReading openMode = iota
	forWriting
	forAppending
)

// memFile is one open descriptor.
type memFile struct {
	fs     *Mem
	node   *memNode
	name   string
	mode   openMode
	offset int64 // of Read and Write; guarded by the mutex of fs
	closed atomic.Bool
}

func (f *memFile) check(op string, writes bool) error {
	switch {
	case f.closed.Load():
		return pathError(op, f.name, fs.ErrClosed)
	case f.node.isDir && op != "sync":
		return pathError(op, f.name, errIsDir)
	case writes && f.mode == forReading:
		return pathError(op, f.name, errReadOnly)
	}
	return nil
}

func (f *memFile) Read(p []byte) (int, error) {
	if err := f.check("read", false); err != nil {
		return 0, err
	}
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	n, err := f.readLocked(p, f.offset)
	f.offset += int64(n)
	return n, err
}

func (f *memFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.check("read", false); err != nil {
		return 0, err
	}
	if off < 0 {
		return 0, pathError("read", f.name, fs.ErrInvalid)
	}
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	n, err := f.readLocked(p, off)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (f *memFile) readLocked(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if off >= int64(len(f.node.data)) {
		return 0, io.EOF
	}
	return copy(p, f.node.data[off:]), nil
}

func (f *memFile) Write(p []byte) (int, error) {
	if err := f.check("write", true); err != nil {
		return 0, err
	}
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.mode == forAppending {
		f.offset = int64(len(f.node.data))
	}
	f.writeLocked(p, f.offset)
	f.offset += int64(len(p))
	return len(p), nil
}

func (f *memFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.check("write", true); err != nil {
		return 0, err
	}
	if f.mode == forAppending {
		return 0, pathError("write", f.name, errAppendOnly)
	}
	if off < 0 {
		return 0, pathError("write", f.name, fs.ErrInvalid)
	}
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	f.writeLocked(p, off)
	return len(p), nil
}

func (f *memFile) writeLocked(p []byte, off int64) {
	if len(p) == 0 {
		return
	}
	f.node.write(memWrite{offset: off, data: slices.Clone(p)})
	f.fs.touchLocked(f.node)
}

func (f *memFile) Truncate(size int64) error {
	if err := f.check("truncate", true); err != nil {
		return err
	}
	if size < 0 {
		return pathError("truncate", f.name, fs.ErrInvalid)
	}
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if size != int64(len(f.node.data)) {
		f.node.write(memWrite{offset: size})
		f.fs.touchLocked(f.node)
	}
	return nil
}

func (f *memFile) Sync() error {
	if err := f.check("sync", false); err != nil {
		return err
	}
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	f.node.sync()
	return nil
}

func (f *memFile) Size() (int64, error) {
	if err := f.check("stat", false); err != nil {
		return 0, err
	}
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	return int64(len(f.node.data)), nil
}

func (f *memFile) Close() error {
	if f.closed.Swap(true) {
		return pathError("close", f.name, fs.ErrClosed)
	}
	return nil
}

// sortedKeys goes through names in order, so that a seed leads to the same crash every time.
func sortedKeys[V any](m map[string]V) iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(m)))
}
