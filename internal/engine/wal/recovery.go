package wal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"path/filepath"

	"elkhorn/internal/vfs"
)

// errBadFrame is the reason of a frame that cannot be read; the caller decides whether it is torn or corrupt.
type errBadFrame struct {
	offset int64
	detail string
}

func (e *errBadFrame) Error() string { return fmt.Sprintf("frame at byte %d: %s", e.offset, e.detail) }

// recoverSegments lists the segments, oldest first, and cuts a torn tail off the last one. Frames of the other segments are
// checked by Replay, which reads them anyway.
func recoverSegments(fsys vfs.FS, dir string, logger *slog.Logger) ([]segment, error) {
	segments, err := listSegments(fsys, dir, logger)
	if err != nil || len(segments) == 0 {
		return nil, err
	}
	for i := range segments[:len(segments)-1] {
		// The next header says where this segment ends; Replay holds it to that.
		segments[i].last = segments[i+1].previous
	}
	last := &segments[len(segments)-1]
	if err := recoverTail(fsys, last, logger); err != nil {
		return nil, err
	}
	return segments, nil
}

// listSegments reads the headers. A last file without a whole header is what a crash during rotation leaves, and is removed.
func listSegments(fsys vfs.FS, dir string, logger *slog.Logger) ([]segment, error) {
	names, err := fsys.List(dir)
	if err != nil {
		return nil, err
	}
	var segments []segment
	for _, name := range names { // sorted, and so by position
		first, ok := parseSegmentName(name)
		if !ok {
			continue
		}
		segments = append(segments, segment{path: filepath.Join(dir, name), first: first})
	}
	for i := range segments {
		err := readSegmentHeader(fsys, &segments[i])
		if err == nil {
			continue
		}
		if !errors.Is(err, errBadSegmentHeader) {
			return nil, err
		}
		if i < len(segments)-1 || segments[i].bytes > segmentHeaderBytes {
			return nil, corruption(segments[i].path, 0, "%v", err)
		}
		logger.Warn("removed write-ahead log segment that a crash left without header", "path", segments[i].path)
		if err := errors.Join(fsys.Remove(segments[i].path), vfs.SyncDir(fsys, dir)); err != nil {
			return nil, err
		}
		segments = segments[:i]
	}
	return segments, nil
}

func readSegmentHeader(fsys vfs.FS, s *segment) (err error) {
	f, err := fsys.Open(s.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if s.bytes, err = f.Size(); err != nil {
		return err
	}
	header := make([]byte, segmentHeaderBytes)
	if _, err := f.ReadAt(header, 0); err != nil {
		if errors.Is(err, io.EOF) {
			return errBadSegmentHeader
		}
		return err
	}
	return decodeSegmentHeader(header, s)
}

// recoverTail finds the last good frame of the last segment and cuts off what a crash left behind it.
func recoverTail(fsys vfs.FS, s *segment, logger *slog.Logger) (err error) {
	f, err := fsys.OpenReadWrite(s.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := newFrameReader(f, *s)
	for err == nil {
		_, err = r.next()
	}
	s.last, s.bytes = r.last, r.offset
	if errors.Is(err, io.EOF) {
		return nil
	}
	var bad *errBadFrame
	if !errors.As(err, &bad) {
		return fmt.Errorf("read %s: %w", s.path, err)
	}
	synced, err := wasSynced(f, *s, bad.offset, r.expected())
	if err != nil {
		return fmt.Errorf("read %s: %w", s.path, err)
	}
	if synced {
		return corruption(s.path, bad.offset, "record %d: %s, and later records show that it was whole once", r.expected(), bad.detail)
	}
	logger.Warn("cut off the torn end of the write-ahead log", "path", s.path, "offset", bad.offset, "reason", bad.detail)
	if err := f.Truncate(bad.offset); err != nil {
		return fmt.Errorf("cut off torn end: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("cut off torn end of %s: %w", s.path, err)
	}
	return nil
}

// searchBytes is the window of the search for later frames.
const searchBytes = 256 << 10

// wasSynced searches behind a bad frame for the header of one that was made when the bad one was durable already.
func wasSynced(f vfs.File, s segment, offset int64, pos Position) (bool, error) {
	size, err := f.Size()
	if err != nil {
		return false, err
	}
	// Every frame takes at least its header, so positions in the rest of the file are bounded.
	highest := pos + Position(size-offset)/frameHeaderBytes + 1
	window := make([]byte, searchBytes)
	for start := offset + 1; start+frameHeaderBytes <= size; start += searchBytes - frameHeaderBytes + 1 {
		n, err := f.ReadAt(window, start)
		if err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		for i := 0; i+frameHeaderBytes <= n; i++ {
			candidate := Position(binary.LittleEndian.Uint64(window[i+16:]))
			if candidate <= pos || candidate > highest {
				continue
			}
			if h, ok := parseFrameHeader(window[i:], s.salt); ok && h.durable >= pos {
				return true, nil
			}
		}
	}
	return false, nil
}

// frameReader reads the frames of one segment in order.
type frameReader struct {
	file    io.ReaderAt
	segment segment
	offset  int64 // of the next frame
	last    Position
	buf     []byte // bytes [bufAt, bufAt+len(buf)) of the file
	bufAt   int64
	scratch []byte
}

func newFrameReader(f io.ReaderAt, s segment) *frameReader {
	return &frameReader{file: f, segment: s, offset: segmentHeaderBytes, last: s.previous}
}

// expected is the position the next frame must have.
func (r *frameReader) expected() Position {
	return max(r.segment.first, r.last+1)
}

// next returns the next record, whose bytes are valid until the following call. At the end it returns io.EOF, and an
// *errBadFrame for anything that is not a whole frame.
func (r *frameReader) next() (Record, error) {
	header, err := r.bytes(r.offset, frameHeaderBytes)
	if err != nil {
		return Record{}, err
	}
	if len(header) == 0 {
		return Record{}, io.EOF
	}
	if len(header) < frameHeaderBytes {
		return Record{}, &errBadFrame{r.offset, "header is cut short"}
	}
	h, ok := parseFrameHeader(header, r.segment.salt)
	if !ok {
		return Record{}, &errBadFrame{r.offset, "header has a wrong checksum"}
	}
	if h.pos != r.expected() {
		return Record{}, &errBadFrame{r.offset, fmt.Sprintf("position is %d, want %d", h.pos, r.expected())}
	}
	body, err := r.bytes(r.offset+frameHeaderBytes, h.bodyBytes)
	if err != nil {
		return Record{}, err
	}
	if len(body) < h.bodyBytes {
		return Record{}, &errBadFrame{r.offset, "body is cut short"}
	}
	if crc32.Checksum(body, castagnoli) != h.bodySum {
		return Record{}, &errBadFrame{r.offset, "body has a wrong checksum"}
	}
	rec, scratch, err := h.decodeBody(body, r.scratch)
	r.scratch = scratch
	if err != nil {
		return Record{}, &errBadFrame{r.offset, err.Error()}
	}
	r.offset += frameHeaderBytes + int64(h.bodyBytes)
	r.last = h.pos
	return rec, nil
}

// readAheadBytes is how much is read at once; a longer frame is read whole.
const readAheadBytes = 256 << 10

// bytes returns n bytes of the file at offset, fewer only at its end.
func (r *frameReader) bytes(offset int64, n int) ([]byte, error) {
	start := offset - r.bufAt
	if start >= 0 && start+int64(n) <= int64(len(r.buf)) {
		return r.buf[start : start+int64(n)], nil
	}
	// A length from a damaged file must not decide about memory: the file is what bounds it.
	if left := r.segment.bytes - offset; int64(n) > left {
		n = int(max(left, 0))
	}
	size := max(n, readAheadBytes)
	if cap(r.buf) < size {
		r.buf = make([]byte, size)
	}
	got, err := r.file.ReadAt(r.buf[:size], offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	r.buf, r.bufAt = r.buf[:got], offset
	return r.buf[:min(n, got)], nil
}
