//go:build windows

package vfs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// errLocked is what a lock held elsewhere looks like.
var errLocked error = windows.ERROR_LOCK_VIOLATION

// errQuota is the full volume of this system, which has an error of its own beside ENOSPC.
var errQuota error = windows.ERROR_DISK_FULL

// lockedByteOffset lies far behind the holder's text, since locked bytes cannot be read by others here.
const lockedByteOffset = 1 << 20

func lockFile(f *os.File) error {
	at := windows.Overlapped{Offset: lockedByteOffset}
	flags := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY)
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &at)
}

func diskUsage(path string) (DiskUsage, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return DiskUsage{}, fmt.Errorf("disk usage of %s: %w", path, err)
	}
	var usage DiskUsage
	if err := windows.GetDiskFreeSpaceEx(name, &usage.FreeBytes, &usage.TotalBytes, nil); err != nil {
		return DiskUsage{}, fmt.Errorf("disk usage of %s: %w", path, err)
	}
	return usage, nil
}

// fileID opens the file once more: the identity is not part of what Stat returns here.
func fileID(name string, _ fs.FileInfo) FileID {
	f, err := os.Open(name)
	if err != nil {
		return FileID{}
	}
	var info windows.ByHandleFileInformation
	err = errors.Join(windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info), f.Close())
	if err != nil {
		return FileID{}
	}
	return FileID{
		Device: uint64(info.VolumeSerialNumber),
		Inode:  uint64(info.FileIndexHigh)<<32 | uint64(info.FileIndexLow),
	}
}

// syncDirectory does nothing: NTFS journals names itself and cannot flush a directory opened for reading.
func syncDirectory(*os.File) error { return nil }
