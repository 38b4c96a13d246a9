package segment

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writeBufferBytes is what is gathered before a write reaches the file.
const writeBufferBytes = 256 << 10

// sink writes the extents of a segment one after the other.
type sink struct {
	w      *bufio.Writer
	offset uint64
}

// written says where an extent went; small ones carry their bytes, to be put into the footer.
type written struct {
	offset uint64
	length uint32
	crc    uint32
	inline []byte
}

func (w written) empty() bool { return w.length == 0 && w.inline == nil }

func newSink(w io.Writer) *sink {
	s := &sink{w: bufio.NewWriterSize(w, writeBufferBytes)}
	return s
}

func (s *sink) write(data []byte) error {
	_, err := s.w.Write(data)
	s.offset += uint64(len(data))
	return err
}

// extent writes data, which it copies if it keeps it.
func (s *sink) extent(data []byte) (written, error) {
	if len(data) == 0 {
		return written{}, nil
	}
	if len(data) <= maxInlineBytes {
		return written{inline: bytes.Clone(data)}, nil
	}
	return s.page(data)
}

// page writes data as an extent outside the footer.
func (s *sink) page(data []byte) (written, error) {
	if len(data) > maxExtentBytes {
		return written{}, fmt.Errorf("part of %d bytes: at most %d fit in a segment", len(data), maxExtentBytes)
	}
	w := written{offset: s.offset, length: uint32(len(data)), crc: crc32.Checksum(data, castagnoli)}
	return w, s.write(data)
}

// finish writes the footer and the trailer.
func (s *sink) finish(footer []byte) error {
	if len(footer) > maxFooterBytes {
		return fmt.Errorf("footer of %d bytes: at most %d", len(footer), maxFooterBytes)
	}
	trailer := make([]byte, 0, trailerBytes)
	trailer = binary.LittleEndian.AppendUint64(trailer, s.offset)
	trailer = binary.LittleEndian.AppendUint32(trailer, uint32(len(footer)))
	trailer = binary.LittleEndian.AppendUint32(trailer, crc32.Checksum(footer, castagnoli))
	trailer = binary.LittleEndian.AppendUint32(trailer, formatVersion)
	trailer = binary.LittleEndian.AppendUint32(trailer, crc32.Checksum(trailer, castagnoli))
	trailer = append(trailer, magic...)
	if err := s.write(footer); err != nil {
		return err
	}
	if err := s.write(trailer); err != nil {
		return err
	}
	return s.w.Flush()
}
