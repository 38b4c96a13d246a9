package queue

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"path/filepath"

	"elkhorn/internal/vfs"
)

// ErrNoLetter is returned by Remove for an id that no letter has.
var ErrNoLetter = errors.New("there is no such dead letter")

// Remove takes one letter out. Its file is written anew with a blank record of the same length in its place, so that the ids of all other
// letters stay as they are, and replaces the old one at once: a crash leaves the one or the other.
func (q *DeadLetters) Remove(id ID) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mu.closed {
		return errors.New("remove dead letter: the queue is closed")
	}
	for i, f := range q.mu.files {
		if f.number != id.File {
			continue
		}
		if i == len(q.mu.files)-1 && q.mu.active != nil { // the next letter begins another file
			closing := q.mu.active
			q.mu.active = nil
			if err := closing.Close(); err != nil {
				return fmt.Errorf("remove dead letter %s: %w", id, err)
			}
		}
		if err := q.blankLocked(f, id.Offset); err != nil {
			return fmt.Errorf("remove dead letter %s: %w", id, err)
		}
		f.letters--
		if i == 0 && f.letters == 0 { // files are removed from the oldest on
			if err := q.removeFirstLocked(); err != nil {
				return fmt.Errorf("remove dead letter %s: %w", id, err)
			}
		}
		return vfs.SyncDir(q.fs, q.dir)
	}
	return ErrNoLetter
}

// blankLocked writes a file anew without the letter at an offset.
func (q *DeadLetters) blankLocked(f *letterFile, at int64) error {
	path := q.path(f.number)
	content, err := vfs.ReadFile(q.fs, path, q.o.MaxBytes+maxRecordBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNoLetter
	}
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(content, []byte(magic)) || !startsRecord(content, at) {
		return ErrNoLetter
	}
	length := int64(binary.LittleEndian.Uint32(content[at:]))
	payload := content[at+headerBytes : at+headerBytes+length]
	if isBlank(payload) || crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(content[at+4:]) {
		return ErrNoLetter
	}
	copy(payload, bytes.Repeat([]byte(" "), len(payload)))
	copy(payload, blank)
	binary.LittleEndian.PutUint32(content[at+4:], crc32.Checksum(payload, castagnoli))
	return vfs.WriteFileAtomic(q.fs, filepath.Clean(path), content)
}

// startsRecord says whether a record begins at an offset: all those before it are gone through.
func startsRecord(content []byte, at int64) bool {
	offset := int64(len(magic))
	for offset < at && offset+headerBytes <= int64(len(content)) {
		offset += headerBytes + int64(binary.LittleEndian.Uint32(content[offset:]))
	}
	return offset == at && at+headerBytes <= int64(len(content)) &&
		at+headerBytes+int64(binary.LittleEndian.Uint32(content[at:])) <= int64(len(content))
}

// blank begins the record of a letter that was taken out; spaces follow. An earlier build reads an empty letter.
const blank = "{}"

func isBlank(payload []byte) bool { return bytes.HasPrefix(payload, []byte(blank)) }
