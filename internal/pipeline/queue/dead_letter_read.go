package queue

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
)

// ID is a letter's place: ids are ordered as letters came.
type ID struct {
	File   uint64
	Offset int64
	next   int64 // the offset behind the letter, where it is known
}

func (id ID) String() string { return fmt.Sprintf("%d-%d", id.File, id.Offset) }

// ParseID reads what String prints.
func ParseID(text string) (ID, error) {
	file, offset, ok := strings.Cut(text, "-")
	n, err := strconv.ParseUint(file, 10, 64)
	at, err2 := strconv.ParseInt(offset, 10, 64)
	if !ok || err != nil || err2 != nil {
		return ID{}, fmt.Errorf("%q is not a dead letter's id", text)
	}
	return ID{File: n, Offset: at}, nil
}

// Letter is a letter read back.
type Letter struct {
	ID       ID              `json:"-"`
	Time     time.Time       `json:"time"`
	Pipeline string          `json:"pipeline"`
	Plugin   string          `json:"plugin"`
	Status   int             `json:"status,omitempty"`
	Reason   string          `json:"reason"`
	Event    json.RawMessage `json:"event"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

// ReadLetters is Read for pipelines; see pipeline.LetterSource.
func (q *DeadLetters) ReadLetters(after string, limit int) ([]pipeline.DeadLetter, []string, error) {
	var from ID
	if after != "" {
		var err error
		if from, err = ParseID(after); err != nil {
			return nil, nil, err
		}
	}
	read, err := q.Read(from, limit)
	if err != nil && !vfs.IsCorruption(err) {
		return nil, nil, err
	}
	var letters []pipeline.DeadLetter
	var positions []string
	for i := range read {
		ev, err := read[i].Restore()
		if err != nil {
			return nil, nil, fmt.Errorf("dead letter %s: %w", read[i].ID, err)
		}
		letters = append(letters, pipeline.DeadLetter{Time: read[i].Time, Pipeline: read[i].Pipeline, Plugin: read[i].Plugin, Reason: read[i].Reason, Status: read[i].Status, Event: ev})
		positions = append(positions, read[i].ID.String())
	}
	return letters, positions, nil
}

// ClearLetters removes the files before the one of a position; see pipeline.LetterSource.
func (q *DeadLetters) ClearLetters(position string) error {
	id, err := ParseID(position)
	if err == nil {
		_, err = q.Clear(id)
	}
	return err
}

// Restore makes the event again, as the output had it.
func (l *Letter) Restore() (*event.Event, error) {
	fields, err := event.ParseJSON(l.Event)
	if err != nil {
		return nil, err
	}
	ev := event.FromObject(fields, l.Time)
	if len(l.Metadata) == 0 {
		return ev, nil
	}
	md, err := event.ParseJSON(l.Metadata)
	if err == nil {
		ev.Set(metadataPath, md)
	}
	return ev, err
}

var metadataPath = event.MustPath("@metadata")

// appendLetter appends the letter's JSON. The event is written by its own printer: it is exact, and fast.
func appendLetter(dst []byte, l *pipeline.DeadLetter) []byte {
	dst = append(dst, `{"time":"`...)
	dst = l.Time.UTC().AppendFormat(dst, time.RFC3339Nano)
	dst = append(dst, `","pipeline":`...)
	dst = event.AppendQuoted(dst, l.Pipeline)
	dst = append(dst, `,"plugin":`...)
	dst = event.AppendQuoted(dst, l.Plugin)
	dst = append(dst, `,"status":`...)
	dst = strconv.AppendInt(dst, int64(l.Status), 10)
	dst = append(dst, `,"reason":`...)
	dst = event.AppendQuoted(dst, l.Reason)
	dst = append(dst, `,"event":`...)
	dst = l.Event.AppendJSON(dst)
	if md := l.Event.Metadata(); md.Len() > 0 {
		dst = append(dst, `,"metadata":`...)
		dst = md.AppendJSON(dst)
	}
	return append(dst, '}')
}

// letterTime reads when a letter was kept; the zero time when it does not say.
func letterTime(payload []byte) time.Time {
	var l struct {
		Time time.Time `json:"time"`
	}
	if json.Unmarshal(payload, &l) != nil {
		return time.Time{}
	}
	return l.Time
}

// readLetterBytes bounds the letters of one Read, so that large events do not add up; one letter is always returned.
const readLetterBytes = 16 << 20

// Read returns up to limit letters behind after, the zero ID being the beginning; fewer when they are large. That is also where it begins when after is of a file
// newer than all: files are removed from the oldest on, so the numbers have begun anew since. A damaged record ends its
// file: the letters read so far come back with a *vfs.CorruptionError, and reading on behind the last of them skips to the
// next file.
func (q *DeadLetters) Read(after ID, limit int) ([]Letter, error) {
	q.mu.Lock()
	var files []letterFile
	if n := len(q.mu.files); n > 0 && after.File > q.mu.files[n-1].number {
		after = ID{}
	}
	for _, f := range q.mu.files {
		if f.number >= after.File {
			files = append(files, *f)
		}
	}
	q.mu.Unlock()
	var letters []Letter
	var damaged error
	room := int64(readLetterBytes)
	for _, f := range files {
		if len(letters) >= limit || room <= 0 {
			break
		}
		from := int64(0)
		if f.number == after.File {
			from = after.Offset
		}
		more, err := q.readFile(f, from, limit-len(letters), &room)
		letters = append(letters, more...)
		if vfs.IsCorruption(err) {
			damaged = errors.Join(damaged, err)
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) { // else it was removed meanwhile
			return letters, fmt.Errorf("read dead letters: %w", err)
		}
	}
	return letters, damaged
}

// readFile reads letters whose offset is greater than after, while there is room for their bytes.
func (q *DeadLetters) readFile(f letterFile, after int64, limit int, room *int64) (letters []Letter, err error) {
	if f.size == 0 {
		return nil, nil // a crash left it before its first byte was safe
	}
	opened, err := q.fs.Open(q.path(f.number))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	r := &recordReader{file: opened, name: q.path(f.number), size: f.size}
	if after > int64(len(magic)) { // straight to the letter, if there is one: what stands before it was read
		r.offset = after
		if _, err := r.next(); vfs.IsCorruption(err) {
			r.offset = 0
		} else if err != nil {
			return nil, err
		}
	}
	for len(letters) < limit && *room > 0 {
		at := r.offset
		payload, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return letters, err
		}
		if at = max(at, int64(len(magic))); at <= after || isBlank(payload) {
			continue
		}
		l := Letter{ID: ID{f.number, at, r.offset}}
		if err := json.Unmarshal(payload, &l); err != nil {
			return letters, &vfs.CorruptionError{Path: r.name, Offset: at, Detail: err.Error(), Repair: repair}
		}
		letters = append(letters, l)
		*room -= int64(len(payload))
	}
	return letters, nil
}

// recordReader reads one file's records. offset is behind the last good one.
type recordReader struct {
	file   vfs.File
	name   string
	size   int64
	offset int64
}

// next returns a record's payload; io.EOF at the end, *vfs.CorruptionError at damage.
func (r *recordReader) next() ([]byte, error) {
	if r.offset == 0 {
		var head [len(magic)]byte
		if err := r.readAt(head[:], 0); err != nil {
			return nil, err
		}
		if string(head[:]) != magic {
			return nil, r.corrupt("it does not begin as a dead-letter file of version 1")
		}
		r.offset = int64(len(magic))
	}
	if r.offset == r.size {
		return nil, io.EOF
	}
	var head [headerBytes]byte
	if err := r.readAt(head[:], r.offset); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(head[:]))
	if length > maxRecordBytes || r.offset+headerBytes+length > r.size {
		return nil, r.corrupt("a record reaches past the file's end")
	}
	payload := make([]byte, length)
	if err := r.readAt(payload, r.offset+headerBytes); err != nil {
		return nil, err
	}
	if crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, r.corrupt("the checksum of a record is wrong")
	}
	r.offset += headerBytes + length
	return payload, nil
}

func (r *recordReader) readAt(p []byte, at int64) error {
	n, err := r.file.ReadAt(p, at)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return r.corrupt("the file ends inside a record")
	}
	return err
}

func (r *recordReader) corrupt(detail string) error {
	return &vfs.CorruptionError{Path: r.name, Offset: r.offset, Detail: detail, Repair: repair}
}
