package queue

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"path/filepath"

	"elkhorn/internal/vfs"
)

const (
	checkpointMagic = "ELKPQC1\n"
	checkpointName  = "checkpoint"
	checkpointBytes = 28
)

// checkpoint is what is known to be safe. Losing it costs duplicates, never events.
type checkpoint struct {
	acked  uint64 // events below were acknowledged
	synced uint64 // events below are on the disk
}

func (c checkpoint) encode() []byte {
	b := append(make([]byte, 0, checkpointBytes), checkpointMagic...)
	b = binary.LittleEndian.AppendUint64(b, c.acked)
	b = binary.LittleEndian.AppendUint64(b, c.synced)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

func decodeCheckpoint(b []byte) (c checkpoint, ok bool) {
	if len(b) != checkpointBytes || string(b[:8]) != checkpointMagic || crc32.Checksum(b[:24], castagnoli) != binary.LittleEndian.Uint32(b[24:]) {
		return c, false
	}
	c = checkpoint{binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])}
	if c.acked > c.synced || c.synced > maxNumber {
		return checkpoint{}, false
	}
	return c, true
}

// readCheckpoint returns the zero checkpoint when there is none, and when it is damaged, which is logged.
func (q *Persisted) readCheckpoint() (checkpoint, error) {
	path := filepath.Join(q.dir, checkpointName)
	info, err := q.fs.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return checkpoint{}, nil
	}
	var data []byte
	if err == nil && info.Size == checkpointBytes {
		data, err = vfs.ReadFile(q.fs, path, checkpointBytes)
	}
	if err != nil {
		return checkpoint{}, err
	}
	c, ok := decodeCheckpoint(data)
	if !ok {
		q.o.Logger.Warn("the queue's checkpoint is damaged: events that were done with come again", "file", path)
	}
	return c, nil
}

func (q *Persisted) writeCheckpoint(c checkpoint) error {
	return vfs.WriteFileAtomic(q.fs, filepath.Join(q.dir, checkpointName), c.encode())
}
