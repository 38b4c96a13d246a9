package vfs

import (
	"context"
	"errors"
	"io"
	"path/filepath"
)

// copyStep is how much is copied between two looks at whether to go on.
const copyStep = 8 << 20

// CopyFile makes the file dst of all bytes of src, which also go to sums unless it is nil, and returns how many there were once
// the copy and its name are durable. After an error there is no dst.
func CopyFile(ctx context.Context, fsys FS, dst string, src File, sums io.Writer) (size int64, err error) {
	length, err := src.Size()
	if err != nil {
		return 0, err
	}
	out, err := fsys.Create(dst)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, ignoreMissing(fsys.Remove(dst)))
		}
	}()
	var from io.Reader = io.NewSectionReader(src, 0, length)
	if sums != nil {
		from = io.TeeReader(from, sums)
	}
	for size < length {
		if err := ctx.Err(); err != nil {
			return size, err
		}
		n, err := io.CopyN(out, from, min(copyStep, length-size))
		size += n
		if err != nil {
			return size, err
		}
	}
	if err := out.Sync(); err != nil {
		return size, err
	}
	return size, SyncDir(fsys, filepath.Dir(dst))
}
