package vfs

import (
	"errors"
	"fmt"
)

// CorruptionError marks bytes on disk that are not what was written: a failed checksum, a missing part, an impossible length.
// It is never returned for a plain read failure. Formats above vfs make it; Repair says what the operator can do.
type CorruptionError struct {
	Path   string
	Offset int64 // bytes from the start of the file, -1 when the damage is the file as a whole
	Detail string
	Repair string
}

func (e *CorruptionError) Error() string {
	at := ""
	if e.Offset >= 0 {
		at = fmt.Sprintf(" at byte %d", e.Offset)
	}
	return fmt.Sprintf("%s is corrupted%s: %s; %s", e.Path, at, e.Detail, e.Repair)
}

// IsCorruption reports whether err, or an error it wraps, is marked as corruption.
func IsCorruption(err error) bool {
	var corruption *CorruptionError
	return errors.As(err, &corruption)
}
