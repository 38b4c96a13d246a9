package vfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// errNotExist is fs.ErrNotExist under a name that does not collide with the fs parameters of this package.
var errNotExist = fs.ErrNotExist

// Default is the disk of the host.
var Default FS = disk{}

// disk implements FS with package os.
type disk struct{}

// Files hold log data and registries: readable by the owner and the group, never by everyone.
const (
	filePerm = 0o640
	dirPerm  = 0o750
)

func (disk) Create(name string) (File, error) {
	return openDisk(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
}

func (disk) Open(name string) (File, error) { return openDisk(name, os.O_RDONLY) }

func (disk) OpenAppend(name string) (File, error) {
	return openDisk(name, os.O_RDWR|os.O_CREATE|os.O_APPEND)
}

func (disk) OpenReadWrite(name string) (File, error) {
	return openDisk(name, os.O_RDWR|os.O_CREATE)
}

func (disk) OpenDir(name string) (File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return diskDir{diskFile{f}}, nil
}

func (disk) Remove(name string) error             { return os.Remove(name) }
func (disk) RemoveAll(name string) error          { return os.RemoveAll(name) }
func (disk) Rename(oldName, newName string) error { return os.Rename(oldName, newName) }
func (disk) MkdirAll(name string) error           { return os.MkdirAll(name, dirPerm) }

func (disk) List(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names, nil
}

func (disk) Stat(name string) (Info, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Info{}, err
	}
	return Info{
		Name:    info.Name(),
		Size:    info.Size(),
		IsDir:   info.IsDir(),
		ModTime: info.ModTime(),
		ID:      fileID(name, info),
	}, nil
}

func (disk) Lock(name string) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, filePerm)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	if err := lockPatiently(f, time.Sleep); err != nil {
		holder := readHolder(f)
		closeErr := f.Close()
		if errors.Is(err, errLocked) {
			return nil, &LockedError{Path: name, Holder: holder}
		}
		return nil, errors.Join(fmt.Errorf("lock %s: %w", name, err), closeErr)
	}
	if err := writeHolder(f); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", name, err), f.Close())
	}
	return f, nil
}

// A process that was killed holds its locks until the system has taken its memory apart, which takes some tenths of a second after a
// large one; whoever starts it again at once waits so long. A holder that lives is reported after that.
const (
	lockRetry = 20 * time.Millisecond
	lockTries = 100 // two seconds
)

// lockPatiently locks a file, and waits for another process that holds it and may be ending.
func lockPatiently(f *os.File, pause func(time.Duration)) error {
	err := lockFile(f)
	if errors.Is(err, errLocked) && readHolder(f) == holderName(os.Getpid()) {
		return err
	}
	for try := 0; try < lockTries && errors.Is(err, errLocked); try++ {
		pause(lockRetry)
		err = lockFile(f)
	}
	return err
}

// holderName is how a process calls itself in the files that it locks.
func holderName(pid int) string { return fmt.Sprintf("pid %d", pid) }

func (disk) DiskUsage(path string) (DiskUsage, error) { return diskUsage(path) }

// maxHolderBytes bounds what is read of a lock file that something else may have filled.
const maxHolderBytes = 64

func readHolder(f *os.File) string {
	buf := make([]byte, maxHolderBytes)
	n, err := f.ReadAt(buf, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	var pid int
	if _, err := fmt.Sscanf(string(buf[:n]), "pid %d", &pid); err != nil {
		return ""
	}
	return holderName(pid)
}

func writeHolder(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(holderName(os.Getpid())+"\n"), 0)
	return err
}

// diskFile adds Size to an os.File, whose other methods already have the shape of File.
type diskFile struct{ *os.File }

func openDisk(name string, flags int) (File, error) {
	f, err := os.OpenFile(name, flags, filePerm)
	if err != nil {
		return nil, err
	}
	return diskFile{f}, nil
}

func (f diskFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// diskDir is a directory opened for Sync.
type diskDir struct{ diskFile }

func (d diskDir) Sync() error { return syncDirectory(d.File) }
