package input

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"elkhorn/internal/vfs"
)

// unpackedFile is a packed file as its content: offsets are of unpacked bytes. It is read from the front to the back; what was read last
// can be read again, and anything before that by beginning anew.
type unpackedFile struct {
	vfs.File
	unpack *gzip.Reader
	at     int64  // unpacked so far
	recent []byte // the bytes before at
}

// unpackedRecent is how much can be read again: a read and the line that it had no end of.
const unpackedRecent = 2 * readBytes

// brokenArchive is a packed file that ends too early, or is none.
type brokenArchive struct{ err error }

func (e *brokenArchive) Error() string { return "unpack: " + e.err.Error() }

// ReadAt reads unpacked bytes.
func (u *unpackedFile) ReadAt(p []byte, offset int64) (int, error) {
	if u.unpack == nil || offset < u.at-int64(len(u.recent)) {
		if err := u.restart(); err != nil {
			return 0, err
		}
	}
	var skipped [32 << 10]byte
	for u.at < offset {
		if _, err := u.more(skipped[:min(int64(len(skipped)), offset-u.at)]); err != nil {
			return 0, err
		}
	}
	n := copy(p, u.recent[int64(len(u.recent))-(u.at-offset):])
	for n < len(p) {
		got, err := u.more(p[n:])
		n += got
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (u *unpackedFile) restart() error {
	size, err := u.File.Size()
	if err != nil {
		return err
	}
	u.at, u.recent = 0, u.recent[:0]
	if u.unpack, err = gzip.NewReader(bufio.NewReaderSize(io.NewSectionReader(u.File, 0, size), 64<<10)); err != nil {
		u.unpack = nil
		return &brokenArchive{err}
	}
	return nil
}

// more unpacks some bytes. At the content's end it returns io.EOF.
func (u *unpackedFile) more(p []byte) (int, error) {
	n, err := u.unpack.Read(p)
	u.at += int64(n)
	u.recent = append(u.recent, p[:n]...)
	if over := len(u.recent) - unpackedRecent; over > unpackedRecent {
		u.recent = u.recent[:copy(u.recent, u.recent[over:])]
	}
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, &brokenArchive{errors.New("the file ends in the middle of its content")}
	}
	return n, &brokenArchive{fmt.Errorf("the content is damaged: %w", err)}
}
