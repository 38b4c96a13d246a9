package queue

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
)

const (
	magic       = "ELKDLQ1\n"
	headerBytes = 8 // of a record
	// rotateBytes is the size at which a new file begins: files are what Clear removes.
	rotateBytes = 16 << 20
	// maxRecordBytes bounds a record; a document cannot be larger than 100 MB either, so that hardly an event is cut.
	maxRecordBytes = 128 << 20
	// DefaultMaxBytes bounds all letters together, as in Logstash.
	DefaultMaxBytes = 1 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrFull is returned by Keep when the letters would exceed the queue's size.
var ErrFull = errors.New("the dead-letter queue is full; read and clear it, or give it more room")

// repair is what an operator can do about a damaged file.
const repair = "letters behind this place in the file are lost, other files are not affected; keep a copy and remove the file"

// LetterOptions say how many letters are kept, and how long.
type LetterOptions struct {
	MaxBytes int64 // 0 is DefaultMaxBytes
	// Full is what happens when there is no room.
	Full FullPolicy
	// RetainAge is how long letters are kept, by whole files; 0 is for ever.
	RetainAge time.Duration
	Now       func() time.Time // nil is time.Now
}

// FullPolicy is what happens to letters when there is no room.
type FullPolicy string

// The policies: Wait refuses letters with ErrFull, so that the output that holds them waits; the others throw letters away, and count them.
const (
	Wait      FullPolicy = ""
	DropNewer FullPolicy = "drop_newer"
	DropOlder FullPolicy = "drop_older"
)

// DeadLetters is a dead-letter queue on disk. It is safe for concurrent use by one process, which holds
// the folder's lock.
type DeadLetters struct {
	fs       vfs.FS
	dir      string
	o        LetterOptions
	rotateAt int64 // bytes
	// maxRecord is maxRecordBytes, or a test's.
	maxRecord int
	lock      interface{ Close() error }
	mu        struct {
		sync.Mutex // held while appending: one writer at a time, and I/O is what it guards
		files      []*letterFile
		active     vfs.File // the last of files, open for appending; nil after an error
		bytes      int64
		dropped    int64
		lastDrop   string
		trouble    error // why the last letters could not be kept
		closed     bool
	}
}

// letterFile is one file. Readers see its first size bytes.
type letterFile struct {
	number  uint64
	size    int64
	letters int64
	newest  time.Time // of its letters
}

// OpenDeadLetters opens the queue in a folder, making it when there is none.
func OpenDeadLetters(fs vfs.FS, dir string, o LetterOptions) (*DeadLetters, error) {
	q := newDeadLetters(fs, dir, o)
	if err := vfs.MkdirAllSync(fs, dir); err != nil {
		return nil, fmt.Errorf("open dead-letter queue: %w", err)
	}
	lock, err := fs.Lock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("open dead-letter queue: %w", err)
	}
	q.lock = lock
	if err := q.recover(); err != nil {
		return nil, errors.Join(fmt.Errorf("open dead-letter queue: %w", err), lock.Close())
	}
	return q, nil
}

func newDeadLetters(fs vfs.FS, dir string, o LetterOptions) *DeadLetters {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	// Letters are thrown away by files: of a small queue each has a part.
	return &DeadLetters{fs: fs, dir: dir, o: o, maxRecord: maxRecordBytes, rotateAt: min(rotateBytes, max(o.MaxBytes/8, 1))}
}

// Change gives the queue other options, but for its clock.
func (q *DeadLetters) Change(o LetterOptions) {
	q.mu.Lock()
	defer q.mu.Unlock()
	fresh := newDeadLetters(q.fs, q.dir, o)
	fresh.o.Now = q.o.Now
	q.o, q.rotateAt = fresh.o, fresh.rotateAt
}

// ReadDeadLetters opens the queue in a folder for Read alone, beside the process that writes it.
func ReadDeadLetters(fs vfs.FS, dir string) (*DeadLetters, error) {
	q := newDeadLetters(fs, dir, LetterOptions{})
	q.mu.closed = true
	if err := q.recover(); err != nil {
		return nil, fmt.Errorf("read dead-letter queue: %w", err)
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
		payload, err := r.next()
		switch {
		case err == nil && isBlank(payload):
			continue
		case err == nil:
			f.letters++
			f.newest = letterTime(payload)
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

// Keep appends letters and returns when they are on disk. An event that is larger than a record can be is kept with its long fields cut.
func (q *DeadLetters) Keep(_ context.Context, letters []pipeline.DeadLetter) error {
	var buf []byte
	for i := range letters {
		buf = q.appendRecord(buf, &letters[i])
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	err := q.keepLocked(buf, int64(len(letters)))
	q.mu.trouble = err
	return err
}

func (q *DeadLetters) keepLocked(buf []byte, letters int64) error {
	if q.mu.closed {
		return errors.New("keep dead letters: the queue is closed")
	}
	now := q.o.Now()
	if err := q.expireLocked(now); err != nil {
		return fmt.Errorf("keep dead letters: %w", err)
	}
	if q.o.Full == DropOlder {
		if err := q.makeRoomLocked(int64(len(buf))); err != nil {
			return fmt.Errorf("keep dead letters: %w", err)
		}
	}
	if q.mu.bytes+int64(len(buf)) > q.o.MaxBytes && !q.emptyLocked() {
		if q.o.Full == Wait {
			return ErrFull
		}
		q.mu.dropped += letters
		q.mu.lastDrop = fmt.Sprintf("the queue has %d bytes and may have %d", q.mu.bytes, q.o.MaxBytes)
		return nil
	}
	if err := q.appendLocked(buf, letters); err != nil {
		return fmt.Errorf("keep dead letters: %w", err)
	}
	q.mu.files[len(q.mu.files)-1].newest = now
	return nil
}

// emptyLocked says that there is no letter. An empty queue takes what is larger than itself: no other would ever do.
func (q *DeadLetters) emptyLocked() bool {
	return !slices.ContainsFunc(q.mu.files, func(f *letterFile) bool { return f.letters > 0 })
}

// appendRecord appends a letter as a record.
func (q *DeadLetters) appendRecord(buf []byte, l *pipeline.DeadLetter) []byte {
	start := len(buf)
	buf = appendLetter(append(buf, make([]byte, headerBytes)...), l)
	if size := len(buf) - start - headerBytes; size > q.maxRecord {
		short := shortened(l, size, q.maxRecord)
		buf = appendLetter(buf[:start+headerBytes], &short)
	}
	payload := buf[start+headerBytes:]
	binary.LittleEndian.PutUint32(buf[start:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(buf[start+4:], crc32.Checksum(payload, castagnoli))
	return buf
}

// appendLocked writes and syncs. After an error the file is not written to again: its state is not known.
func (q *DeadLetters) appendLocked(buf []byte, letters int64) error {
	if q.mu.active == nil || q.mu.files[len(q.mu.files)-1].size >= q.rotateAt {
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
		if err := q.removeFirstLocked(); err != nil {
			return removed, fmt.Errorf("clear dead letters: %w", err)
		}
		removed += f.letters
	}
	if removed == 0 {
		return 0, nil
	}
	return removed, vfs.SyncDir(q.fs, q.dir)
}

// removeFirstLocked removes the oldest file.
func (q *DeadLetters) removeFirstLocked() error {
	f := q.mu.files[0]
	if len(q.mu.files) == 1 && q.mu.active != nil {
		closing := q.mu.active
		q.mu.active = nil
		if err := closing.Close(); err != nil {
			return err
		}
	}
	if err := q.fs.Remove(q.path(f.number)); err != nil {
		return err
	}
	q.mu.files = q.mu.files[1:]
	q.mu.bytes -= f.size
	return nil
}

// expireLocked removes files whose newest letter is older than letters may become.
func (q *DeadLetters) expireLocked(now time.Time) error {
	for q.o.RetainAge > 0 && len(q.mu.files) > 0 && q.mu.files[0].letters > 0 && now.Sub(q.mu.files[0].newest) > q.o.RetainAge {
		if err := q.removeFirstLocked(); err != nil {
			return err
		}
	}
	return nil
}

// makeRoomLocked removes the oldest files until n more bytes fit, and counts their letters as dropped.
func (q *DeadLetters) makeRoomLocked(n int64) error {
	for q.mu.bytes+n > q.o.MaxBytes && len(q.mu.files) > 0 {
		letters := q.mu.files[0].letters
		if err := q.removeFirstLocked(); err != nil {
			return err
		}
		q.mu.dropped += letters
		q.mu.lastDrop = fmt.Sprintf("the queue may have %d bytes: its oldest letters were removed", q.o.MaxBytes)
	}
	return nil
}

// LetterStats describe a dead-letter queue.
type LetterStats struct {
	Letters, Bytes, MaxBytes, Dropped int64
	Full                              FullPolicy
	LastDrop                          string // why letters were thrown away
	Err                               error  // why letters wait that could not be kept; nil when all is well
}

// EndFile lets the next letter begin a file of its own, and returns the number of the newest file before it.
func (q *DeadLetters) EndFile() (last uint64, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.mu.files); n > 0 {
		last = q.mu.files[n-1].number
	}
	if q.mu.active != nil {
		closing := q.mu.active
		q.mu.active = nil
		err = closing.Close()
	}
	return last, err
}

// Stats returns the state as it is now.
func (q *DeadLetters) Stats() LetterStats {
	letters, bytes := q.Size()
	q.mu.Lock()
	defer q.mu.Unlock()
	return LetterStats{Letters: letters, Bytes: bytes, MaxBytes: q.o.MaxBytes, Dropped: q.mu.dropped, Full: q.o.Full, LastDrop: q.mu.lastDrop, Err: q.mu.trouble}
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
