package vfs

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mem is a file system in memory for tests. Beside the visible state it keeps what has been synced, so that CrashClone can
// build what a power cut would have left.
type Mem struct {
	mu struct {
		sync.Mutex // guards everything below and every node reachable from root
		root       *memNode
		nextInode  uint64
		locks      map[*memNode]bool
		usage      DiskUsage
		clock      time.Time // moves by one second with each change, so that ModTime orders changes
	}
}

// NewMem returns an empty file system with a root directory, which is named "/" and "." alike.
func NewMem() *Mem {
	m := &Mem{}
	m.mu.locks = make(map[*memNode]bool)
	m.mu.usage = DiskUsage{TotalBytes: math.MaxInt64, FreeBytes: math.MaxInt64}
	m.mu.clock = time.Unix(0, 0).UTC()
	m.mu.root = m.newNodeLocked(true)
	return m
}

// SetDiskUsage decides what DiskUsage answers; it does not limit writes (errorfs does).
func (m *Mem) SetDiskUsage(usage DiskUsage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mu.usage = usage
}

func (m *Mem) newNodeLocked(isDir bool) *memNode {
	m.mu.nextInode++
	n := &memNode{inode: m.mu.nextInode, isDir: isDir}
	if isDir {
		n.entries = make(map[string]*memNode)
		n.durable.entries = make(map[string]*memNode)
	}
	m.touchLocked(n)
	return n
}

func (m *Mem) touchLocked(n *memNode) {
	m.mu.clock = m.mu.clock.Add(time.Second)
	n.modTime = m.mu.clock
}

// Create implements FS.
func (m *Mem) Create(name string) (File, error) {
	f, err := m.open("create", name, forWriting)
	if err != nil {
		return nil, err
	}
	return f, f.Truncate(0)
}

// Open implements FS.
func (m *Mem) Open(name string) (File, error) {
	return asFile(m.open("open", name, forReading))
}

// OpenAppend implements FS.
func (m *Mem) OpenAppend(name string) (File, error) {
	return asFile(m.open("open", name, forAppending))
}

// OpenReadWrite implements FS.
func (m *Mem) OpenReadWrite(name string) (File, error) {
	return asFile(m.open("open", name, forWriting))
}

// OpenDir implements FS.
func (m *Mem) OpenDir(name string) (File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.lookupLocked("open", name)
	if err != nil {
		return nil, err
	}
	if !n.isDir {
		return nil, pathError("open", name, errNotDir)
	}
	return &memFile{fs: m, node: n, name: name}, nil
}

// asFile keeps a nil *memFile from becoming a File that is not nil.
func asFile(f *memFile, err error) (File, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (m *Mem) open(op, name string, mode openMode) (*memFile, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base, err := m.parentLocked(op, name)
	if err != nil {
		return nil, err
	}
	n := dir.entries[base]
	switch {
	case base == "" || n != nil && n.isDir:
		return nil, pathError(op, name, errIsDir)
	case n == nil && mode == forReading:
		return nil, pathError(op, name, fs.ErrNotExist)
	case n == nil:
		n = m.newNodeLocked(false)
		dir.change(dirChange{base: n})
		m.touchLocked(dir)
	}
	return &memFile{fs: m, node: n, name: name, mode: mode}, nil
}

// Remove implements FS.
func (m *Mem) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base, err := m.parentLocked("remove", name)
	if err != nil {
		return err
	}
	n := dir.entries[base]
	if n == nil {
		return pathError("remove", name, fs.ErrNotExist)
	}
	if n.isDir && len(n.entries) > 0 {
		return pathError("remove", name, errNotEmpty)
	}
	dir.change(dirChange{base: nil})
	m.touchLocked(dir)
	return nil
}

// RemoveAll implements FS.
func (m *Mem) RemoveAll(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base, err := m.parentLocked("remove", name)
	if err != nil {
		return ignoreMissing(err)
	}
	if dir.entries[base] != nil {
		dir.change(dirChange{base: nil})
		m.touchLocked(dir)
	}
	return nil
}

// Rename implements FS. Across directories it is two changes, of which a crash may keep one.
func (m *Mem) Rename(oldName, newName string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	oldDir, oldBase, err := m.parentLocked("rename", oldName)
	if err != nil {
		return err
	}
	newDir, newBase, err := m.parentLocked("rename", newName)
	if err != nil {
		return err
	}
	n, target := oldDir.entries[oldBase], newDir.entries[newBase]
	switch {
	case n == nil:
		return pathError("rename", oldName, fs.ErrNotExist)
	case newBase == "" || target != nil && target.isDir && !n.isDir:
		return pathError("rename", newName, errIsDir)
	case target != nil && !target.isDir && n.isDir:
		return pathError("rename", newName, errNotDir)
	case target != nil && target.isDir && len(target.entries) > 0 && target != n:
		return pathError("rename", newName, errNotEmpty)
	case n == target:
		return nil
	}
	if oldDir == newDir {
		oldDir.change(dirChange{oldBase: nil, newBase: n})
	} else {
		newDir.change(dirChange{newBase: n})
		oldDir.change(dirChange{oldBase: nil})
	}
	m.touchLocked(oldDir)
	m.touchLocked(newDir)
	return nil
}

// MkdirAll implements FS.
func (m *Mem) MkdirAll(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.mu.root
	for _, part := range pathParts(name) {
		child := n.entries[part]
		if child == nil {
			child = m.newNodeLocked(true)
			n.change(dirChange{part: child})
		}
		if !child.isDir {
			return pathError("mkdir", name, errNotDir)
		}
		n = child
	}
	return nil
}

// List implements FS.
func (m *Mem) List(dir string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.lookupLocked("open", dir)
	if err != nil {
		return nil, err
	}
	if !n.isDir {
		return nil, pathError("open", dir, errNotDir)
	}
	return slices.AppendSeq(make([]string, 0, len(n.entries)), sortedKeys(n.entries)), nil
}

// Stat implements FS.
func (m *Mem) Stat(name string) (Info, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.lookupLocked("stat", name)
	if err != nil {
		return Info{}, err
	}
	return Info{
		Name:    filepath.Base(name),
		Size:    int64(len(n.data)),
		IsDir:   n.isDir,
		ModTime: n.modTime,
		ID:      FileID{Device: 1, Inode: n.inode},
	}, nil
}

// Lock implements FS.
func (m *Mem) Lock(name string) (io.Closer, error) {
	f, err := m.open("lock", name, forWriting)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mu.locks[f.node] {
		return nil, &LockedError{Path: name, Holder: "this test"}
	}
	m.mu.locks[f.node] = true
	return &memLock{fs: m, node: f.node}, nil
}

type memLock struct {
	fs   *Mem
	node *memNode
}

func (l *memLock) Close() error {
	l.fs.mu.Lock()
	defer l.fs.mu.Unlock()
	if !l.fs.mu.locks[l.node] {
		return fmt.Errorf("unlock: %w", fs.ErrClosed)
	}
	delete(l.fs.mu.locks, l.node)
	return nil
}

// DiskUsage implements FS.
func (m *Mem) DiskUsage(path string) (DiskUsage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.lookupLocked("disk usage", path); err != nil {
		return DiskUsage{}, err
	}
	return m.mu.usage, nil
}

// lookupLocked finds the node of a name.
func (m *Mem) lookupLocked(op, name string) (*memNode, error) {
	n := m.mu.root
	for _, part := range pathParts(name) {
		if !n.isDir {
			return nil, pathError(op, name, errNotDir)
		}
		if n = n.entries[part]; n == nil {
			return nil, pathError(op, name, fs.ErrNotExist)
		}
	}
	return n, nil
}

// parentLocked finds the directory that holds a name, and the name in it, which is empty for the root.
func (m *Mem) parentLocked(op, name string) (*memNode, string, error) {
	parts := pathParts(name)
	if len(parts) == 0 {
		return m.mu.root, "", nil
	}
	dir, err := m.lookupLocked(op, strings.Join(parts[:len(parts)-1], "/"))
	if err != nil {
		return nil, "", pathError(op, name, fs.ErrNotExist)
	}
	if !dir.isDir {
		return nil, "", pathError(op, name, errNotDir)
	}
	return dir, parts[len(parts)-1], nil
}

func pathParts(name string) []string {
	clean := filepath.ToSlash(filepath.Clean("/" + filepath.ToSlash(name)))
	return slices.DeleteFunc(strings.Split(clean, "/"), func(part string) bool { return part == "" })
}

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}
