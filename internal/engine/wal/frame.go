package wal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/s2"
)

const (
	frameHeaderBytes = 32

	// maxPayloadBytes bounds one record before compression. A bulk request is refused above 100 MB by default, so this
	// leaves room for a raised limit while a broken length cannot ask for all memory.
	maxPayloadBytes = 512 << 20
	// maxBodyBytes bounds what recovery reads for one frame: the payload, which is stored raw when s2 does not shrink it.
	maxBodyBytes = maxPayloadBytes + maxIndexBytes
	// maxIndexBytes is the limit of an index name in Elasticsearch.
	maxIndexBytes = 255

	// minCompressBytes is where s2 begins to pay for its call.
	minCompressBytes = 64
	// maxPooledBytes keeps one huge bulk from staying in the pool.
	maxPooledBytes = 8 << 20
)

const flagCompressed = 1

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// frame is one encoded record. The caller's goroutine builds it outside the lock; seal adds what depends on the order.
type frame struct {
	buf []byte // header and body
}

var framePool = sync.Pool{New: func() any { return new(frame) }}

func (f *frame) release() {
	if cap(f.buf) > maxPooledBytes {
		return
	}
	framePool.Put(f)
}

func checkRecord(rec Record) error {
	if len(rec.Index) > maxIndexBytes {
		return fmt.Errorf("write-ahead log: index name has %d bytes, more than %d", len(rec.Index), maxIndexBytes)
	}
	if len(rec.Payload) > maxPayloadBytes {
		return fmt.Errorf("write-ahead log: record has %d bytes, more than %d", len(rec.Payload), maxPayloadBytes)
	}
	return nil
}

// newFrame compresses and checksums a record that passed checkRecord.
func newFrame(rec Record) *frame {
	f := framePool.Get().(*frame)
	bodyStart := frameHeaderBytes + len(rec.Index)
	compress := !rec.Packed && len(rec.Payload) >= minCompressBytes
	worst := bodyStart + len(rec.Payload)
	if compress {
		worst = bodyStart + s2.MaxEncodedLen(len(rec.Payload))
	}
	if cap(f.buf) < worst {
		f.buf = make([]byte, 0, worst)
	}
	buf := f.buf[:worst]
	copy(buf[frameHeaderBytes:], rec.Index)

	var flags byte
	stored := 0
	if compress {
		stored = len(s2.Encode(buf[bodyStart:], rec.Payload))
		flags = flagCompressed
	}
	if flags == 0 || stored >= len(rec.Payload) {
		stored = copy(buf[bodyStart:], rec.Payload)
		flags = 0
	}
	f.buf = buf[:bodyStart+stored]

	body := f.buf[frameHeaderBytes:]
	binary.LittleEndian.PutUint32(f.buf[4:], uint32(len(body)))
	binary.LittleEndian.PutUint32(f.buf[8:], crc32.Checksum(body, castagnoli))
	f.buf[12] = byte(rec.Kind)
	f.buf[13] = flags
	binary.LittleEndian.PutUint16(f.buf[14:], uint16(len(rec.Index)))
	return f
}

// order writes the fields that are known once the record has its place.
func (f *frame) order(pos, durable Position) {
	binary.LittleEndian.PutUint64(f.buf[16:], uint64(pos))
	binary.LittleEndian.PutUint64(f.buf[24:], uint64(durable))
}

func (f *frame) position() Position { return Position(binary.LittleEndian.Uint64(f.buf[16:])) }

// seal writes the checksum of the header, which depends on the segment the frame goes to.
func (f *frame) seal(salt uint64) {
	binary.LittleEndian.PutUint32(f.buf, headerChecksum(salt, f.buf))
}

func headerChecksum(salt uint64, header []byte) uint32 {
	var saltBytes [8]byte
	binary.LittleEndian.PutUint64(saltBytes[:], salt)
	sum := crc32.Checksum(saltBytes[:], castagnoli)
	return crc32.Update(sum, castagnoli, header[4:frameHeaderBytes])
}

// frameHeader is a decoded header.
type frameHeader struct {
	bodyBytes  int
	bodySum    uint32
	kind       uint8
	flags      byte
	indexBytes int
	pos        Position
	durable    Position
}

// parseFrameHeader decodes the first frameHeaderBytes of header. ok is false when they are no header of this segment.
func parseFrameHeader(header []byte, salt uint64) (_ frameHeader, ok bool) {
	if binary.LittleEndian.Uint32(header) != headerChecksum(salt, header) {
		return frameHeader{}, false
	}
	h := frameHeader{
		bodyBytes:  int(binary.LittleEndian.Uint32(header[4:])),
		bodySum:    binary.LittleEndian.Uint32(header[8:]),
		kind:       header[12],
		flags:      header[13],
		indexBytes: int(binary.LittleEndian.Uint16(header[14:])),
		pos:        Position(binary.LittleEndian.Uint64(header[16:])),
		durable:    Position(binary.LittleEndian.Uint64(header[24:])),
	}
	plausible := h.indexBytes <= maxIndexBytes && h.indexBytes <= h.bodyBytes &&
		h.bodyBytes <= maxBodyBytes && h.flags&^flagCompressed == 0
	return h, plausible
}

// decodeBody returns the record of a body whose checksum was right. Its payload lies in body or in scratch, which is returned
// grown for the next call.
func (h frameHeader) decodeBody(body, scratch []byte) (_ Record, grown []byte, _ error) {
	rec := Record{Kind: h.kind, Index: string(body[:h.indexBytes]), Payload: body[h.indexBytes:]}
	if h.flags&flagCompressed == 0 {
		return rec, scratch, nil
	}
	rawBytes, err := s2.DecodedLen(rec.Payload)
	if err != nil {
		return Record{}, scratch, fmt.Errorf("payload: %w", err)
	}
	if rawBytes > maxPayloadBytes {
		return Record{}, scratch, fmt.Errorf("payload says it has %d bytes", rawBytes)
	}
	if cap(scratch) < rawBytes {
		scratch = make([]byte, rawBytes)
	}
	rec.Payload, err = s2.Decode(scratch[:rawBytes], rec.Payload)
	if err != nil {
		return Record{}, scratch, fmt.Errorf("payload: %w", err)
	}
	return rec, scratch, nil
}
