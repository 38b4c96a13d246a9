package vfs

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// FS is a file system. Implementations are safe for concurrent use.
type FS interface {
	// Create makes an empty file for writing and reading, truncating one that is there. Its directory must exist.
	Create(name string) (File, error)
	// Open opens an existing file for reading only.
	Open(name string) (File, error)
	// OpenAppend opens a file for reading and for writing at its end, creating it when it is missing.
	OpenAppend(name string) (File, error)
	// OpenReadWrite opens a file for reading and writing anywhere, creating it when it is missing.
	OpenReadWrite(name string) (File, error)
	// OpenDir opens a directory so that Sync on it makes the names in it durable. Only Sync and Close may be called.
	OpenDir(name string) (File, error)

	// Remove deletes one file or one empty directory.
	Remove(name string) error
	// RemoveAll deletes a tree; a name that is not there is no error.
	RemoveAll(name string) error
	// Rename moves a file or directory, replacing a file at the target atomically.
	Rename(oldName, newName string) error
	// MkdirAll makes a directory and its missing parents; one that is there already is no error.
	MkdirAll(name string) error

	// List returns the base names in a directory, sorted.
	List(dir string) ([]string, error)
	// Stat describes a file or directory, following symbolic links.
	Stat(name string) (Info, error)
	// Lock takes an exclusive lock that ends with Close or with the process. When another holder has it the error is a
	// *LockedError, on a disk after two seconds: a process that was killed needs some time to let go. The file stays after Close: removing it would let two holders lock two files of one name.
	Lock(name string) (io.Closer, error)
	// DiskUsage reports the space of the volume that holds path.
	DiskUsage(path string) (DiskUsage, error)
}

// File is an open file. Read, Write and Truncate have one caller at a time; ReadAt may run beside them and beside itself.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	// WriterAt is refused by files from OpenAppend and Open.
	io.WriterAt
	io.Closer
	// Sync makes the bytes written so far durable. After an error nothing is known about them, and it must not be retried.
	Sync() error
	// Size returns the length in bytes.
	Size() (int64, error)
	// Truncate cuts the file to size bytes, or extends it with zeros.
	Truncate(size int64) error
}

// Info describes a file.
type Info struct {
	Name    string // base name
	Size    int64  // bytes
	IsDir   bool
	ModTime time.Time
	ID      FileID
}

// FileID tells files apart whatever their names are: it stays the same through a rename and, on most systems, is used again
// for a new file after the old one is gone. The zero value means that the system has no such identity.
type FileID struct {
	Device uint64
	Inode  uint64
}

// DiskUsage is the space of one volume.
type DiskUsage struct {
	TotalBytes uint64
	FreeBytes  uint64 // what this process may still use, reserved blocks left out
}

// LockedError says that another process, or another part of this one, holds a lock.
type LockedError struct {
	Path   string
	Holder string // what the holder wrote about itself, such as "pid 4711"; empty when it cannot be read
}

func (e *LockedError) Error() string {
	holder := e.Holder
	if holder == "" {
		holder = "another process"
	}
	return fmt.Sprintf("%s is locked by %s: stop it or use another data directory", e.Path, holder)
}

// IsNoSpace reports whether err means that the volume, or the user's quota on it, is full.
func IsNoSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, errQuota)
}

// SyncDir makes the names in a directory durable.
func SyncDir(fsys FS, dir string) error {
	d, err := fsys.OpenDir(dir)
	if err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	if err := d.Sync(); err != nil {
		return errors.Join(fmt.Errorf("sync directory %s: %w", dir, err), d.Close())
	}
	return d.Close()
}

// MkdirAllSync makes a directory and its missing parents, and makes their names durable.
func MkdirAllSync(fsys FS, dir string) error {
	// The directory itself may be there and yet not durable, when the process that made it was killed.
	unsynced := []string{dir}
	for parent := filepath.Dir(dir); parent != filepath.Dir(parent); parent = filepath.Dir(parent) {
		_, err := fsys.Stat(parent)
		if err == nil {
			break
		}
		if !errors.Is(err, errNotExist) {
			return err
		}
		unsynced = append(unsynced, parent)
	}
	if err := fsys.MkdirAll(dir); err != nil {
		return err
	}
	for _, made := range slices.Backward(unsynced) {
		if err := SyncDir(fsys, filepath.Dir(made)); err != nil {
			return err
		}
	}
	return nil
}

// ReadFile returns the whole content of a file that has at most maxBytes, and an error for a longer one.
func ReadFile(fsys FS, name string, maxBytes int64) (_ []byte, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size, err := f.Size()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if size > maxBytes {
		return nil, fmt.Errorf("read %s: it has %d bytes, more than the %d allowed", name, size, maxBytes)
	}
	data := make([]byte, size)
	n, err := f.ReadAt(data, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data[:n], nil
}

// WriteFileAtomic replaces a file so that a crash leaves the old content or the new one, and returns once the new one is
// durable. The temporary file beside it, name + ".tmp", is overwritten when a crash left one behind. One caller per name.
func WriteFileAtomic(fsys FS, name string, data []byte) error {
	tmp := name + ".tmp"
	if err := writeSynced(fsys, tmp, data); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", tmp, err), ignoreMissing(fsys.Remove(tmp)))
	}
	if err := fsys.Rename(tmp, name); err != nil {
		return errors.Join(fmt.Errorf("replace %s: %w", name, err), ignoreMissing(fsys.Remove(tmp)))
	}
	return SyncDir(fsys, filepath.Dir(name))
}

func writeSynced(fsys FS, name string, data []byte) error {
	f, err := fsys.Create(name)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

func ignoreMissing(err error) error {
	if errors.Is(err, errNotExist) {
		return nil
	}
	return err
}
