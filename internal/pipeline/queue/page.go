package queue

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"elkhorn/internal/vfs"
)

const (
	pageMagic       = "ELKPQP1\n"
	pageHeaderBytes = 20
	pageSuffix      = ".page"
	// damagedSuffix is added to the name of a page that could not be read to its end, once its other events are acknowledged.
	damagedSuffix = ".damaged"
	// maxEventBytes bounds one event. The largest message an input takes is far below.
	maxEventBytes = 1 << 30
	// maxNumber bounds the numbers of events: a million a second reach it after 146,000 years.
	maxNumber = 1 << 62
	// readBytes is how much of a page is read at once.
	readBytes = 256 << 10
)

const pageRepair = "the events behind this place in the page are lost, other pages are not affected; the page is kept with the ending .damaged"

// page is one file of a persisted queue.
type page struct {
	number uint64
	first  uint64 // number of its first event
	size   int64  // bytes that hold good records
	// damaged pages are kept when they are done with.
	damaged bool
}

func pageName(number uint64) string { return fmt.Sprintf("%08d%s", number, pageSuffix) }

// pageNumber reads what pageName prints.
func pageNumber(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(name, pageSuffix)
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, ok && err == nil
}

// pageHeader is how a page begins.
func pageHeader(first uint64) []byte {
	h := append(make([]byte, 0, pageHeaderBytes), pageMagic...)
	h = binary.LittleEndian.AppendUint64(h, first)
	return binary.LittleEndian.AppendUint32(h, crc32.Checksum(h, castagnoli))
}

// appendRecord appends one record, whose content is made by write.
func appendRecord(dst []byte, write func([]byte) []byte) ([]byte, error) {
	start := len(dst)
	dst = write(append(dst, make([]byte, headerBytes)...))
	payload := dst[start+headerBytes:]
	if len(payload) > maxEventBytes {
		return dst[:start], fmt.Errorf("an event has %d bytes, more than the %d that a queue takes", len(payload), maxEventBytes)
	}
	binary.LittleEndian.PutUint32(dst[start:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(dst[start+4:], crc32.Checksum(payload, castagnoli))
	return dst, nil
}

// pageReader reads a page's records. Errors other than io.EOF are *vfs.CorruptionError or the file system's.
type pageReader struct {
	file   vfs.File
	path   string
	end    int64 // records end here
	offset int64 // of the next record
	buf    []byte
	bufAt  int64
}

// openPage opens a page and checks its header.
func openPage(fs vfs.FS, path string, end int64) (*pageReader, uint64, error) {
	f, err := fs.Open(path)
	if err != nil {
		return nil, 0, err
	}
	r := &pageReader{file: f, path: path, end: end, offset: pageHeaderBytes}
	first, err := r.header()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return r, first, nil
}

func (r *pageReader) header() (first uint64, err error) {
	head, err := r.bytes(0, pageHeaderBytes)
	if err != nil {
		return 0, err
	}
	if string(head[:len(pageMagic)]) != pageMagic || crc32.Checksum(head[:16], castagnoli) != binary.LittleEndian.Uint32(head[16:]) {
		return 0, r.corrupt(0, "it does not begin as a page of version 1")
	}
	first = binary.LittleEndian.Uint64(head[8:])
	if first == 0 || first > maxNumber {
		return 0, r.corrupt(8, "its first event has an impossible number")
	}
	return first, nil
}

// next returns the next record's content, which is good until the next call; io.EOF behind the last one.
func (r *pageReader) next() ([]byte, error) {
	if r.offset >= r.end {
		return nil, io.EOF
	}
	head, err := r.bytes(r.offset, headerBytes)
	if err != nil {
		return nil, err
	}
	length, sum := int64(binary.LittleEndian.Uint32(head)), binary.LittleEndian.Uint32(head[4:])
	if length == 0 || length > maxEventBytes || r.offset+headerBytes+length > r.end {
		return nil, r.corrupt(r.offset, "a record reaches past the page's end")
	}
	payload, err := r.bytes(r.offset+headerBytes, int(length))
	if err != nil {
		return nil, err
	}
	if crc32.Checksum(payload, castagnoli) != sum {
		return nil, r.corrupt(r.offset, "the checksum of a record is wrong")
	}
	r.offset += headerBytes + length
	return payload, nil
}

// bytes returns n bytes at an offset, from the buffer where it has them.
func (r *pageReader) bytes(at int64, n int) ([]byte, error) {
	if at+int64(n) > r.end {
		return nil, r.corrupt(at, "the page ends inside a record")
	}
	if at < r.bufAt || at+int64(n) > r.bufAt+int64(len(r.buf)) {
		want := min(max(int64(n), readBytes), r.end-at)
		if int64(cap(r.buf)) < want || cap(r.buf) > 4*readBytes && want <= readBytes { // what a large event needed is given back
			r.buf = make([]byte, want)
		}
		r.buf, r.bufAt = r.buf[:want], at
		got, err := r.file.ReadAt(r.buf, at)
		r.buf = r.buf[:got]
		switch {
		case got >= n:
		case err == nil, errors.Is(err, io.EOF):
			return nil, r.corrupt(at, "the page ends inside a record")
		default:
			return nil, err
		}
	}
	from := at - r.bufAt
	return r.buf[from : from+int64(n)], nil
}

func (r *pageReader) corrupt(at int64, detail string) error {
	return &vfs.CorruptionError{Path: r.path, Offset: at, Detail: detail, Repair: pageRepair}
}

func (q *Persisted) path(p *page) string { return filepath.Join(q.dir, pageName(p.number)) }
