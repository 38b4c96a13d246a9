package harvest

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

const (
	// readBytes is how much is read at once, Filebeat's default too: small files and many of them are the usual case.
	readBytes = 16 << 10
)

// line is one line of a file, without its end.
type line struct {
	text      []byte // valid until the next call
	bytes     int64  // taken from the file, line end included
	truncated bool   // text is only the beginning
}

// errNoLine says that the file holds no further whole line now.
var errNoLine = errors.New("no whole line")

// lineReader cuts a file into lines. At the end of the file it keeps an unfinished line and nothing else.
type lineReader struct {
	file     io.ReaderAt
	maxBytes int   // of a line's text; the rest of a longer line is passed over
	next     int64 // file offset behind buf
	buf      []byte
	start    int   // of the unread part of buf
	scanned  int   // bytes behind start known to hold no newline
	skipped  int64 // bytes of the current line that were passed over
	pooled   *[]byte
}

var readBuffers = sync.Pool{New: func() any {
	b := make([]byte, 0, readBytes)
	return &b
}}

func newLineReader(file io.ReaderAt, offset int64, maxBytes int) *lineReader {
	return &lineReader{file: file, next: offset, maxBytes: maxBytes}
}

// read returns the next line, errNoLine at the end of the file, or a failure to read.
func (r *lineReader) read() (line, error) {
	for {
		unread := r.buf[r.start:]
		if i := bytes.IndexByte(unread[r.scanned:], '\n'); i >= 0 {
			return r.cut(r.scanned + i), nil
		}
		r.scanned = len(unread)
		r.passOverExcess()
		if err := r.fill(); err != nil {
			return line{}, err
		}
	}
}

// cut takes the line whose newline stands i bytes behind start.
func (r *lineReader) cut(i int) line {
	text := r.buf[r.start : r.start+i]
	l := line{bytes: r.skipped + int64(i) + 1, truncated: r.skipped > 0}
	r.start += i + 1
	r.scanned, r.skipped = 0, 0
	if !l.truncated && len(text) > 0 && text[len(text)-1] == '\r' {
		text = text[:len(text)-1]
	}
	if len(text) > r.maxBytes {
		text, l.truncated = text[:r.maxBytes], true
	}
	l.text = text
	return l
}

// passOverExcess drops what an unfinished line has beyond maxBytes, so that a file without newlines cannot take all memory.
func (r *lineReader) passOverExcess() {
	if excess := len(r.buf) - r.start - r.maxBytes; excess > 0 {
		r.buf = r.buf[:len(r.buf)-excess]
		r.skipped += int64(excess)
		r.scanned = r.maxBytes
	}
}

func (r *lineReader) fill() error {
	r.makeRoom()
	n, err := r.file.ReadAt(r.buf[len(r.buf):cap(r.buf)], r.next)
	r.buf = r.buf[:len(r.buf)+n]
	r.next += int64(n)
	if n > 0 {
		return nil
	}
	if len(r.buf) == r.start {
		r.release()
	}
	if err == nil || errors.Is(err, io.EOF) {
		return errNoLine
	}
	return err
}

func (r *lineReader) makeRoom() {
	if r.buf == nil {
		r.pooled = readBuffers.Get().(*[]byte)
		r.buf = (*r.pooled)[:0]
	}
	if r.start > 0 {
		r.buf = r.buf[:copy(r.buf, r.buf[r.start:])]
		r.start = 0
	}
	if cap(r.buf)-len(r.buf) < readBytes/2 {
		r.buf = append(make([]byte, 0, 2*cap(r.buf)), r.buf...)
	}
}

// release gives the buffer back. A buffer that grew for a long line is left to the garbage collector.
func (r *lineReader) release() {
	if r.pooled != nil {
		readBuffers.Put(r.pooled)
	}
	r.buf, r.start, r.pooled = nil, 0, nil
}

// rest returns what stands behind the last newline, as a line; its bytes are 0 when there is nothing.
func (r *lineReader) rest() line {
	if len(r.buf) == r.start && r.skipped == 0 {
		return line{}
	}
	l := r.cut(len(r.buf) - r.start)
	r.start = len(r.buf)
	return l
}
