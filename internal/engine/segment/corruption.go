package segment

import (
	"errors"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// CorruptionError marks bytes of a segment file that are not what was written, with file and offset.
type CorruptionError = vfs.CorruptionError

// repairHint is what the operator can do about a damaged segment.
const repairHint = "the rest of the index is unharmed; restore this file from a snapshot, or remove the index or its damaged segment"

func corruption(path string, offset int64, detail string) error {
	return &CorruptionError{Path: path, Offset: offset, Detail: detail, Repair: repairHint}
}

// asCorruption adds file and offset to a decoder's complaint; other errors stay as they are.
func asCorruption(err error, path string, offset int64) error {
	if errors.Is(err, column.ErrDamaged) {
		return corruption(path, offset, err.Error())
	}
	return err
}
