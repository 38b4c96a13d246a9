//go:build unix

package vfs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// errLocked is what a lock held elsewhere looks like.
var errLocked error = unix.EWOULDBLOCK

// errQuota is a full quota, which users meet as a full disk.
var errQuota error = unix.EDQUOT

// lockFile takes a flock, which ends with the descriptor: a killed process leaves no stale lock, and unlike fcntl locks a
// second descriptor in the same process is refused too.
func lockFile(f *os.File) error {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func diskUsage(path string) (DiskUsage, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return DiskUsage{}, fmt.Errorf("disk usage of %s: %w", path, err)
	}
	blockBytes := uint64(st.Bsize)
	return DiskUsage{
		TotalBytes: uint64(st.Blocks) * blockBytes,
		FreeBytes:  uint64(st.Bavail) * blockBytes,
	}, nil
}

func fileID(_ string, info fs.FileInfo) FileID {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return FileID{}
	}
	return FileID{Device: uint64(st.Dev), Inode: uint64(st.Ino)}
}

func syncDirectory(d *os.File) error { return d.Sync() }
