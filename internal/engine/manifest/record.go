package manifest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

const (
	fileMagic         = "ELKHNMAN"
	formatVersion     = 1
	fileHeaderBytes   = 24
	recordHeaderBytes = 24

	// maxFileBytes bounds what Open reads. Compaction keeps a manifest to a few times its state, and a state with ten thousand
	// segments and a mapping of a thousand fields stays below 10 MB.
	maxFileBytes = 1 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func encodeFileHeader(salt uint64) []byte {
	header := make([]byte, fileHeaderBytes)
	copy(header, fileMagic)
	binary.LittleEndian.PutUint32(header[8:], formatVersion)
	binary.LittleEndian.PutUint64(header[16:], salt)
	binary.LittleEndian.PutUint32(header[12:], fileHeaderChecksum(header))
	return header
}

func fileHeaderChecksum(header []byte) uint32 {
	sum := crc32.Checksum(header[:12], castagnoli)
	return crc32.Update(sum, castagnoli, header[16:fileHeaderBytes])
}

// decodeFileHeader returns the salt of a manifest file.
func decodeFileHeader(path string, data []byte) (salt uint64, _ error) {
	if len(data) < fileHeaderBytes || string(data[:8]) != fileMagic ||
		binary.LittleEndian.Uint32(data[12:]) != fileHeaderChecksum(data) {
		return 0, corruption(path, 0, "file header has a wrong checksum")
	}
	if v := binary.LittleEndian.Uint32(data[8:]); v != formatVersion {
		return 0, fmt.Errorf("%s has format version %d, this program reads %d: use the version that wrote it", path, v, formatVersion)
	}
	return binary.LittleEndian.Uint64(data[16:]), nil
}

// appendRecord encodes a record behind buf.
func appendRecord(buf []byte, salt, number uint64, body []byte) []byte {
	header := make([]byte, recordHeaderBytes)
	binary.LittleEndian.PutUint32(header[4:], uint32(len(body)))
	binary.LittleEndian.PutUint32(header[8:], crc32.Checksum(body, castagnoli))
	binary.LittleEndian.PutUint64(header[16:], number)
	binary.LittleEndian.PutUint32(header, recordChecksum(salt, header))
	return append(append(buf, header...), body...)
}

func recordChecksum(salt uint64, header []byte) uint32 {
	var saltBytes [8]byte
	binary.LittleEndian.PutUint64(saltBytes[:], salt)
	sum := crc32.Checksum(saltBytes[:], castagnoli)
	return crc32.Update(sum, castagnoli, header[4:recordHeaderBytes])
}

// isRecordHeader reports whether data begins with the header of a record of this file.
func isRecordHeader(data []byte, salt uint64) bool {
	return len(data) >= recordHeaderBytes && binary.LittleEndian.Uint32(data) == recordChecksum(salt, data)
}

// splitRecord returns the body of the record that data begins with and what follows it.
func splitRecord(data []byte, salt, number uint64) (body, rest []byte, _ error) {
	if !isRecordHeader(data, salt) {
		return nil, nil, fmt.Errorf("record %d: header is cut short or has a wrong checksum", number)
	}
	if got := binary.LittleEndian.Uint64(data[16:]); got != number {
		return nil, nil, fmt.Errorf("record %d: it says it is record %d", number, got)
	}
	bodyBytes := uint64(binary.LittleEndian.Uint32(data[4:]))
	rest = data[recordHeaderBytes:]
	if bodyBytes > uint64(len(rest)) {
		return nil, nil, fmt.Errorf("record %d: body is cut short", number)
	}
	body, rest = rest[:bodyBytes], rest[bodyBytes:]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[8:]) {
		return nil, nil, fmt.Errorf("record %d: body has a wrong checksum", number)
	}
	return body, rest, nil
}

// wasSynced reports whether a whole record header lies behind the bad record that data begins with. Headers carry growing
// numbers, which makes the search cheap: the checksum is computed only where the number is possible.
func wasSynced(data []byte, salt, badNumber uint64) bool {
	highest := badNumber + uint64(len(data))/recordHeaderBytes
	for i := 1; i+recordHeaderBytes <= len(data); i++ {
		number := binary.LittleEndian.Uint64(data[i+16:])
		if number > badNumber && number <= highest && isRecordHeader(data[i:], salt) {
			return true
		}
	}
	return false
}

// sectorBytes is the least that a disk writes: a sector of a write that a crash cut is there, or reads as zeros.
const sectorBytes = 512

// isTorn reports whether the bad last record that rest begins with, at offset of the file, can be what a crash left of an Apply:
// it is cut short, or one of its sectors was not written. Anything else was whole once, and what was applied must not be forgotten:
// the files of its segments would be taken for strays and removed.
func isTorn(rest []byte, salt uint64, offset int) bool {
	if len(rest) < recordHeaderBytes {
		return true
	}
	bodyBytes := uint64(binary.LittleEndian.Uint32(rest[4:]))
	if isRecordHeader(rest, salt) && bodyBytes > uint64(len(rest)-recordHeaderBytes) {
		return true
	}
	for len(rest) > 0 {
		n := min(sectorBytes-offset%sectorBytes, len(rest))
		if len(bytes.TrimLeft(rest[:n], "\x00")) == 0 {
			return true
		}
		rest, offset = rest[n:], offset+n
	}
	return false
}
