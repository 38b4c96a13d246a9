package wal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"

	"elkhorn/internal/vfs"
)

const (
	segmentMagic       = "ELKHNWAL"
	formatVersion      = 1
	segmentHeaderBytes = 40
	segmentSuffix      = ".wal"
)

// segment is one file of the log.
type segment struct {
	path     string
	first    Position // of its first frame, whether that exists yet or not
	previous Position // last position before the segment
	salt     uint64
	last     Position // of its last frame; previous while it has none
	bytes    int64
}

func segmentName(first Position) string { return fmt.Sprintf("%020d%s", first, segmentSuffix) }

// parseSegmentName returns the first position of a segment file; ok is false for other files.
func parseSegmentName(name string) (_ Position, ok bool) {
	digits, isSegment := strings.CutSuffix(name, segmentSuffix)
	if !isSegment || len(digits) != 20 {
		return 0, false
	}
	first, err := strconv.ParseUint(digits, 10, 64)
	return Position(first), err == nil
}

func encodeSegmentHeader(s segment) []byte {
	header := make([]byte, segmentHeaderBytes)
	copy(header, segmentMagic)
	binary.LittleEndian.PutUint32(header[8:], formatVersion)
	binary.LittleEndian.PutUint64(header[16:], uint64(s.first))
	binary.LittleEndian.PutUint64(header[24:], uint64(s.previous))
	binary.LittleEndian.PutUint64(header[32:], s.salt)
	binary.LittleEndian.PutUint32(header[12:], segmentHeaderChecksum(header))
	return header
}

func segmentHeaderChecksum(header []byte) uint32 {
	sum := crc32.Checksum(header[:12], castagnoli)
	return crc32.Update(sum, castagnoli, header[16:segmentHeaderBytes])
}

var errBadSegmentHeader = errors.New("segment header has a wrong checksum")

// decodeSegmentHeader fills s from the bytes of a header. The version is checked after the checksum, so that a file of a newer
// version is told apart from a damaged one; every version keeps the first 16 bytes.
func decodeSegmentHeader(header []byte, s *segment) error {
	if string(header[:8]) != segmentMagic || binary.LittleEndian.Uint32(header[12:]) != segmentHeaderChecksum(header) {
		return errBadSegmentHeader
	}
	if v := binary.LittleEndian.Uint32(header[8:]); v != formatVersion {
		return fmt.Errorf("%s has format version %d, this program reads %d: use the version that wrote it", s.path, v, formatVersion)
	}
	if first := Position(binary.LittleEndian.Uint64(header[16:])); first != s.first {
		return errBadSegmentHeader
	}
	s.previous = Position(binary.LittleEndian.Uint64(header[24:]))
	s.salt = binary.LittleEndian.Uint64(header[32:])
	s.last = s.previous
	return nil
}

// createSegment makes a segment whose header and name are durable before the first frame goes in.
func createSegment(fsys vfs.FS, dir string, first, previous Position) (_ segment, _ vfs.File, err error) {
	s := segment{
		path:     filepath.Join(dir, segmentName(first)),
		first:    first,
		previous: previous,
		last:     previous,
		salt:     rand.Uint64(),
		bytes:    segmentHeaderBytes,
	}
	f, err := fsys.Create(s.path)
	if err != nil {
		return segment{}, nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	if _, err := f.Write(encodeSegmentHeader(s)); err != nil {
		return segment{}, nil, err
	}
	if err := f.Sync(); err != nil {
		return segment{}, nil, err
	}
	if err := vfs.SyncDir(fsys, dir); err != nil {
		return segment{}, nil, err
	}
	return s, f, nil
}
