package queue

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
)

const (
	magic       = "ELKDLQ1\n"
	headerBytes = 8 // of a record
	// rotateBytes is the size at which a new file begins: files are what Clear removes.
	rotateBytes = 16 << 20
	// maxRecordBytes bounds a record; a document cannot be larger than 100 MB either.
	maxRecordBytes = 128 << 20
	// DefaultMaxBytes bounds all letters together, as in Logstash.
	DefaultMaxBytes = 1 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrFull is returned by Keep when the letters would exceed the queue's size.
var ErrFull = errors.New("the dead-letter queue is full; read and clear it, or give it more room")

// repair is what an operator can do about a damaged file.
const repair = "letters behind this place in the file are lost, other files are not affected; keep a copy and remove the file"

// DeadLetters is a dead-letter queue on disk. It is safe for concurrent use by one process, which holds
// the folder's lock.
type DeadLetters struct {
	fs       vfs.FS
	dir      string
	maxBytes int64
	lock     interface{ Close() error }
	mu       struct {
		sync.Mutex // held while appending: one writer at a time, and I/O is what it guards
		files      []*letterFile
		active     vfs.File // the last of files, open for appending; nil after an error
		bytes      int64
		closed     bool
	}
}

// letterFile is one file. Readers see its first size bytes.
type letterFile struct {
	number  uint64
	size    int64
	letters int64
}

// OpenDeadLetters opens the queue in a folder, making it when there is none. maxBytes 0 is the default.
func OpenDeadLetters(fs vfs.FS, dir string, maxBytes int64) (*DeadLetters, error) {
	if maxBytes <= 0 {
		maxBytes = DefaultMaxBytes
	}
	if err := vfs.MkdirAllSync(fs, dir); err != nil {
		return nil, fmt.Errorf("open dead-letter queue: %w", err)
	}
	lock, err := fs.Lock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("open dead-letter queue: %w", err)
	}
	q := &DeadLetters{fs: fs, dir: dir, maxBytes: maxBytes, lock: lock}
	if err := q.recover(); err != nil {
		return nil, errors.Join(fmt.Errorf("open dead-letter queue: %w", err), lock.Close())
	}
	return q, nil
}

func (q *DeadLetters) path(number uint64) string {
	return filepath.Join(q.dir, fmt.Sprintf("%08d.dlq", number))
}

// recover finds the files. A record at the end of the last one that a crash cut short is left out.
func (q *DeadLetters) recover() error {
	names, err := q.fs.List(q.dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		digits, ok := strings.CutSuffix(name, ".dlq")
		number, err := strconv.ParseUint(digits, 10, 64)
		if !ok || err != nil {
			continue
		}
		q.mu.files = append(q.mu.files, &letterFile{number: number})
	}
	for i, f := range q.mu.files {
		if err := q.measure(f, i == len(q.mu.files)-1); err != nil {
			return err
		}
		q.mu.bytes += f.size
	}
	return nil
}

// measure counts a file's letters up to the first damage. Damage ends the last file, where a crash while
// appending leaves it; elsewhere it stays part of the file, for Read to report.
func (q *DeadLetters) measure(f *letterFile, last bool) (err error) {
	opened, err := q.fs.Open(q.path(f.number))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	size, err := opened.Size()
	if err != nil {
		return err
	}
	r := &recordReader{file: opened, name: q.path(f.number), size: size}
	for {
		_, err := r.next()
		switch {
		case err == nil:
			f.letters++
			continue
		case vfs.IsCorruption(err) && !last:
			f.size = size
		case vfs.IsCorruption(err), errors.Is(err, io.EOF):
			f.size = r.offset
		default:
			return err
		}
		return nil
	}
}

// Keep appends letters and returns when they are on disk.
func (q *DeadLetters) Keep(_ context.Context, letters []pipeline.DeadLetter) error {
	var buf []byte
	for i := range letters {
		start := len(buf)
		buf = append(buf, make([]byte, headerBytes)...)
		buf = appendLetter(buf, &letters[i])
		payload := buf[start+headerBytes:]
		if len(payload) > maxRecordBytes {
			return fmt.Errorf("keep dead letter: the event has %d bytes, more than %d", len(payload), maxRecordBytes)
		}
		binary.LittleEndian.PutUint32(buf[start:], uint32(len(payload)))
		binary.LittleEndian.PutUint32(buf[start+4:], crc32.Checksum(payload, castagnoli))
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.mu.closed:
		return errors.New("keep dead letters: the queue is closed")
	case q.mu.bytes+int64(len(buf)) > q.maxBytes:
		return ErrFull
	}
	if err := q.appendLocked(buf, int64(len(letters))); err != nil {
		return fmt.Errorf("keep dead letters: %w", err)
	}
	return nil
}

// appendLocked writes and syncs. After an error the file is not written to again: its state is not known.
func (q *DeadLetters) appendLocked(buf []byte, letters int64) error {
	if q.mu.active == nil || q.mu.files[len(q.mu.files)-1].size >= rotateBytes {
		if err := q.rotateLocked(); err != nil {
			return err
		}
	}
	_, err := q.mu.active.Write(buf)
	if err == nil {
		err = q.mu.active.Sync()
	}
	if err != nil {
		broken := q.mu.active
		q.mu.active = nil
		return errors.Join(err, broken.Close())
	}
	last := q.mu.files[len(q.mu.files)-1]
	last.size += int64(len(buf))
	last.letters += letters
	q.mu.bytes += int64(len(buf))
	return nil
}

// rotateLocked begins a new file. Opening the queue does too, so that a damaged tail is never appended to.
func (q *DeadLetters) rotateLocked() error {
	if q.mu.active != nil {
		closing := q.mu.active
		q.mu.active = nil
		if err := closing.Close(); err != nil {
			return err
		}
	}
	number := uint64(1)
	if n := len(q.mu.files); n > 0 {
		number = q.mu.files[n-1].number + 1
	}
	f, err := q.fs.Create(q.path(number))
	if err != nil {
		return err
	}
	if _, err := f.Write([]byte(magic)); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := vfs.SyncDir(q.fs, q.dir); err != nil {
		return errors.Join(err, f.Close())
	}
	q.mu.files = append(q.mu.files, &letterFile{number: number, size: int64(len(magic))})
	q.mu.bytes += int64(len(magic))
	q.mu.active = f
	return nil
}

// Size returns the number of letters and their bytes.
func (q *DeadLetters) Size() (letters, bytes int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range q.mu.files {
		letters += f.letters
	}
	return letters, q.mu.bytes
}

// Clear removes all letters up to and including id, by whole files: letters of the file that holds id stay
// when there are later ones in it. It returns how many were removed.
func (q *DeadLetters) Clear(id ID) (int64, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	removed := int64(0)
	for len(q.mu.files) > 0 {
		f := q.mu.files[0]
		if f.number > id.File || f.number == id.File && id.next < f.size {
			break
		}
		if len(q.mu.files) == 1 && q.mu.active != nil {
			closing := q.mu.active
			q.mu.active = nil
			if err := closing.Close(); err != nil {
				return removed, fmt.Errorf("clear dead letters: %w", err)
			}
		}
		if err := q.fs.Remove(q.path(f.number)); err != nil {
			return removed, fmt.Errorf("clear dead letters: %w", err)
		}
		q.mu.files = q.mu.files[1:]
		q.mu.bytes -= f.size
		removed += f.letters
	}
	if removed == 0 {
		return 0, nil
	}
	return removed, vfs.SyncDir(q.fs, q.dir)
}

// Close releases the queue.
func (q *DeadLetters) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mu.closed {
		return nil
	}
	q.mu.closed = true
	var err error
	if q.mu.active != nil {
		err = q.mu.active.Close()
		q.mu.active = nil
	}
	return errors.Join(err, q.lock.Close())
}
