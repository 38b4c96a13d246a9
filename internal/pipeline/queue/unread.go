package queue

import (
	"errors"
	"io/fs"
	"path/filepath"

	"elkhorn/internal/vfs"
)

// Unread is how many events of the queue in a folder were not acknowledged when its process ended; 0 where there is no queue. It changes
// nothing. Beside a process that uses the queue the number is only near the truth.
func Unread(fsys vfs.FS, dir string) (events uint64, err error) {
	names, err := fsys.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var first, newest string
	for _, name := range names {
		if _, ok := pageNumber(name); ok {
			if first == "" {
				first = name
			}
			newest = name
		}
	}
	if first == "" {
		return 0, nil
	}
	low, _, err := spanOf(fsys, filepath.Join(dir, first), false)
	if err != nil {
		return 0, err
	}
	_, end, err := spanOf(fsys, filepath.Join(dir, newest), true)
	if err != nil {
		return 0, err
	}
	if data, err := vfs.ReadFile(fsys, filepath.Join(dir, checkpointName), checkpointBytes); err == nil {
		if c, ok := decodeCheckpoint(data); ok {
			low = max(low, c.acked)
		}
	}
	return max(end, low) - low, nil
}

// spanOf returns the number of a page's first event and, when that is wanted, the number behind its last one that is whole. A page that was
// never begun has no events.
func spanOf(fsys vfs.FS, path string, whole bool) (first, end uint64, err error) {
	info, err := fsys.Stat(path)
	if err != nil || info.Size < pageHeaderBytes {
		return 0, 0, err
	}
	r, first, err := openPage(fsys, path, info.Size)
	if vfs.IsCorruption(err) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, r.file.Close()) }()
	end = first
	for whole {
		if _, err := r.next(); err != nil {
			break // the end, or what a crash cut short
		}
		end++
	}
	return first, end, nil
}
