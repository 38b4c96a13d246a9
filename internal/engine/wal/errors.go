package wal

import (
	"errors"
	"fmt"

	"elkhorn/internal/vfs"
)

// ErrClosed is what Append and Wait answer after Close.
var ErrClosed = errors.New("write-ahead log is closed")

// FailedError says that a write or fsync of the log failed. It is sticky: what is on disk is unknown until the log is opened
// again. vfs.IsNoSpace tells a full disk, which the operator can mend, from a broken one.
type FailedError struct {
	Op   string // "write", "sync" or "new segment"
	Path string
	Err  error
}

func (e *FailedError) Error() string {
	hint := "check the disk"
	if vfs.IsNoSpace(e.Err) {
		hint = "free some space"
	}
	return fmt.Sprintf("write-ahead log failed, no more writes are taken: %s %s: %v; %s and start again", e.Op, e.Path, e.Err, hint)
}

func (e *FailedError) Unwrap() error { return e.Err }

// repairHint is the way out after corruption in the middle of the log.
const repairHint = "restore the file from a backup, or move this file and the later ones away to go on without what they hold"

func corruption(path string, offset int64, format string, args ...any) error {
	return &vfs.CorruptionError{Path: path, Offset: offset, Detail: fmt.Sprintf(format, args...), Repair: repairHint}
}
