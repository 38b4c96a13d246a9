package output

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/klauspost/compress/gzip"

	"elkhorn/internal/vfs"
)

// Each member of a packed file names its own length in a subfield of its header's extra field (RFC 1952, 2.3.1.1), so that the end of the
// last whole one is found without unpacking any:
//
//	┌──────────────┬────────┬───────────┬───────────┬──────────────┬─────────────────
//	│ header 10 B  │ 8 u16  │ "EK"      │ 4 u16     │ length u32   │ deflate, CRC, size
//	└──────────────┴────────┴───────────┴───────────┴──────────────┴─────────────────
const (
	memberMark       = "EK\x04\x00"
	memberHeader     = 10
	memberMarkAt     = memberHeader + 2
	memberLengthAt   = memberMarkAt + len(memberMark)
	memberStart      = memberLengthAt + 4
	memberFlagExtra  = 4 // FEXTRA, in the header's fourth byte
	maxWholeRemember = 10_000
)

// packMember packs data as a gzip stream of its own; such streams can follow each other in a file.
func packMember(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Extra = []byte(memberMark + "\x00\x00\x00\x00")
	_, err := w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	packed := b.Bytes()
	if len(packed) <= math.MaxUint32 { // of a longer one nothing is said, and it is unpacked to find its end
		binary.LittleEndian.PutUint32(packed[memberLengthAt:], uint32(len(packed)))
	}
	return packed, nil
}

// errForeign is a file that is not packed.
var errForeign = errors.New("the file holds other bytes than gzip's")

// cutTornMember cuts off what a crash left of the last member: programs that unpack the file would stop there. Its events were not
// acknowledged.
func (o *fileWriter) cutTornMember(path string, f vfs.File) error {
	size, err := f.Size()
	if err != nil || size == o.mu.whole[path] {
		return err
	}
	end, err := wholeMembers(f, size)
	switch {
	case errors.Is(err, errForeign):
		o.env.Logger.Warn("the file is not packed all through: what is appended can be unpacked only apart", "path", path, "offset", end)
		return nil
	case err != nil || end == size:
		return err
	}
	o.env.Logger.Warn("the file ends in the middle of a packed batch, as after a crash: that rest is cut off", "path", path, "bytes", size-end)
	if err := f.Truncate(end); err != nil {
		return err
	}
	return f.Sync()
}

// noteWhole remembers the size of a file that is about to be closed.
func (o *fileWriter) noteWhole(path string, f vfs.File) {
	size, err := f.Size()
	if err != nil {
		return // it is looked through when it is opened again
	}
	if len(o.mu.whole) >= maxWholeRemember {
		clear(o.mu.whole)
	}
	o.mu.whole[path] = size
}

// wholeMembers is where the last whole member of a file ends.
func wholeMembers(f io.ReaderAt, size int64) (end int64, _ error) {
	var head [memberStart]byte
	for end < size {
		n, err := f.ReadAt(head[:min(int64(len(head)), size-end)], end)
		if err != nil && !errors.Is(err, io.EOF) {
			return end, err
		}
		magic := []byte{0x1f, 0x8b}
		switch {
		case len(bytes.Trim(head[:n], "\x00")) == 0: // a power cut can leave a length without the bytes
			return end, nil
		case !bytes.HasPrefix(magic, head[:min(n, len(magic))]) && !bytes.HasPrefix(head[:n], magic):
			return end, errForeign
		case n < memberHeader:
			return end, nil
		}
		length := int64(0)
		if head[3]&memberFlagExtra != 0 && n == len(head) && string(head[memberMarkAt:memberLengthAt]) == memberMark {
			length = int64(binary.LittleEndian.Uint32(head[memberLengthAt:]))
		}
		if length < int64(memberStart) {
			if length, err = memberLength(f, end, size); err != nil {
				return end, err
			}
		}
		if length == 0 || length > size-end {
			return end, nil
		}
		end += length
	}
	return end, nil
}

// memberLength unpacks another program's member to find its length; 0 when it has no end.
func memberLength(f io.ReaderAt, from, size int64) (int64, error) {
	counted := &countedBytes{r: io.NewSectionReader(f, from, size-from)}
	buffered := bufio.NewReader(counted)
	r, err := gzip.NewReader(buffered)
	if err == nil {
		r.Multistream(false)
		_, err = io.Copy(io.Discard, r)
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("%w: %w", errForeign, err)
	}
	return counted.n - int64(buffered.Buffered()), nil
}

// countedBytes counts what is read.
type countedBytes struct {
	r io.Reader
	n int64
}

func (c *countedBytes) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
