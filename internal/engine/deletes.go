package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/bits"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/manifest"
	"elkhorn/internal/vfs"
)

// A delete file holds the rows deleted from one segment, one file per generation:
//
//	magic "ELKHNDEL" (8) | version (4) = 1 | rows (4) | CRC-32C of the words (4) | zero (4) | words (8 each)
//
// Little endian; bit r%64 of word r/64 is row r. The file is written whole, synced, and then named by
// the manifest.
const (
	deletesMagic       = "ELKHNDEL"
	deletesVersion     = 1
	deletesHeaderBytes = 24
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// deletesName is the file name of a segment's delete generation.
func deletesName(id, generation uint64) string { return fmt.Sprintf("%010d.%d.del", id, generation) }

// saveDeletes writes a delete file for each part whose deletes are newer than its file, and adds
// the manifest's edits. The function it returns is to be called when the edits are durable: it
// notes what was saved and removes the files that are not needed any more.
func (ix *index) saveDeletes(v *view, edits *[]manifest.Edit) (saved func(), err error) {
	var done []func()
	for _, p := range v.parts {
		if p.file == nil || p.deletes == p.savedDeletes {
			continue
		}
		generation := p.generation + 1
		path := ix.segmentPath(deletesName(p.id, generation))
		if err := vfs.WriteFileAtomic(ix.engine.fs, path, encodeDeletes(p.deleted, p.rows)); err != nil {
			return nil, fmt.Errorf("save deletes: %w", err)
		}
		*edits = append(*edits, manifest.SetDeletes{ID: p.id, Generation: generation})
		done = append(done, func() {
			old := p.generation
			p.generation, p.savedDeletes = generation, p.deletes
			if old == 0 {
				return
			}
			if err := removeIfThere(ix.engine.fs, ix.segmentPath(deletesName(p.id, old))); err != nil {
				ix.logger.Warn("old delete file was not removed", "error", err)
			}
		})
	}
	return func() {
		for _, f := range done {
			f()
		}
	}, nil
}

func encodeDeletes(deleted column.Bitmap, rows int) []byte {
	data := make([]byte, deletesHeaderBytes, deletesHeaderBytes+8*len(deleted))
	copy(data, deletesMagic)
	binary.LittleEndian.PutUint32(data[8:], deletesVersion)
	binary.LittleEndian.PutUint32(data[12:], uint32(rows))
	for _, w := range deleted {
		data = binary.LittleEndian.AppendUint64(data, w)
	}
	binary.LittleEndian.PutUint32(data[16:], crc32.Checksum(data[deletesHeaderBytes:], castagnoli))
	return data
}

// readDeletes reads a delete file for a segment of so many rows.
func readDeletes(fsys vfs.FS, path string, rows int) (deleted column.Bitmap, count int, err error) {
	want := deletesHeaderBytes + 8*len(column.NewBitmap(rows))
	data, err := vfs.ReadFile(fsys, path, int64(want))
	if err != nil {
		return nil, 0, fmt.Errorf("read deletes: %w", err)
	}
	damaged := func(what string) error {
		return &vfs.CorruptionError{Path: path, Detail: what, Repair: "restore the index from a snapshot or a backup"}
	}
	switch {
	case len(data) != want || string(data[:8]) != deletesMagic:
		return nil, 0, damaged("it is no delete file of this segment")
	case binary.LittleEndian.Uint32(data[8:]) != deletesVersion:
		return nil, 0, damaged(fmt.Sprintf("unknown version %d", binary.LittleEndian.Uint32(data[8:])))
	case binary.LittleEndian.Uint32(data[12:]) != uint32(rows):
		return nil, 0, damaged("it belongs to a segment of another size")
	case binary.LittleEndian.Uint32(data[16:]) != crc32.Checksum(data[deletesHeaderBytes:], castagnoli):
		return nil, 0, damaged("checksum does not match")
	}
	deleted = column.NewBitmap(rows)
	for i := range deleted {
		deleted[i] = binary.LittleEndian.Uint64(data[deletesHeaderBytes+8*i:])
		count += bits.OnesCount64(deleted[i])
	}
	if deleted.Next(rows) >= 0 {
		return nil, 0, damaged("it names rows that the segment does not have")
	}
	return deleted, count, nil
}

func removeIfThere(fsys vfs.FS, path string) error {
	if err := fsys.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
