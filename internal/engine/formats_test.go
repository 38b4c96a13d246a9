package engine

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"reflect"
	"testing"

	"github.com/klauspost/compress/s2"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es"
	"elkhorn/internal/vfs"
)

// The formats that this package writes itself: delete files and the records of the log. Samples of each version stay in testdata
// and are never rewritten; ELKHORN_SAMPLES=1 writes those that are missing.

// sample returns the bytes of a sample file.
func sample(t *testing.T, name string, now []byte) []byte {
	t.Helper()
	path := "testdata/" + name
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) && os.Getenv("ELKHORN_SAMPLES") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, now, 0o644); err != nil {
			t.Fatal(err)
		}
		return now
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func sampleDeletes() (column.Bitmap, int) {
	const rows = 200
	deleted := column.NewBitmap(rows)
	for row := 0; row < rows; row += 7 {
		deleted.Set(row)
	}
	return deleted, rows
}

func sampleRecord() ([]loggedOp, []byte) {
	ops := []loggedOp{
		{action: es.ActionIndex, seq: 5, version: 1, source: []byte(`{"a":1}`), fresh: true},
		{action: es.ActionIndex, seq: 6, version: 3, id: "explicit", routing: "r", source: []byte(`{"a":2}`)},
		{action: es.ActionDelete, seq: 9, version: 4, id: "gone", source: []byte{}},
	}
	var sources []byte
	for _, op := range ops {
		sources = append(sources, op.source...)
	}
	return ops, append(appendDocsHeader(nil, ops), s2.Encode(nil, sources)...)
}

// TestSamples reads a delete file and a record of each version.
func TestSamples(t *testing.T) {
	deleted, rows := sampleDeletes()
	mem := vfs.NewMem()
	for version := 1; version <= deletesVersion; version++ {
		name := fmt.Sprintf("v%d.del", version)
		if err := vfs.WriteFileAtomic(mem, "/"+name, sample(t, name, encodeDeletes(deleted, rows))); err != nil {
			t.Fatal(err)
		}
		got, count, err := readDeletes(mem, "/"+name, rows)
		if err != nil || count != deleted.Count() || !reflect.DeepEqual(got, deleted) {
			t.Errorf("%s: %d rows, %v", name, count, err)
		}
	}
	ops, record := sampleRecord()
	for version := 1; version <= docsRecordVersion; version++ {
		name := fmt.Sprintf("v%d.record", version)
		got, err := parseDocs(sample(t, name, record))
		if err != nil || !reflect.DeepEqual(got, ops) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, ops)
		}
	}
}

// FuzzDeletes reads delete files that are anything, with a right checksum at times.
func FuzzDeletes(f *testing.F) {
	deleted, rows := sampleDeletes()
	f.Add(encodeDeletes(deleted, rows), uint16(rows), true)
	f.Add([]byte{}, uint16(0), false)
	f.Add(encodeDeletes(column.Bitmap{1, 1 << 63}, 65), uint16(65), true)
	f.Add(encodeDeletes(nil, 0), uint16(0), true)
	f.Fuzz(func(t *testing.T, data []byte, rows uint16, mend bool) {
		data = bytes.Clone(data)
		if mend && len(data) >= deletesHeaderBytes {
			copy(data, deletesMagic)
			binary.LittleEndian.PutUint32(data[8:], deletesVersion)
			binary.LittleEndian.PutUint32(data[12:], uint32(rows))
			binary.LittleEndian.PutUint32(data[16:], crc32.Checksum(data[deletesHeaderBytes:], castagnoli))
		}
		mem := vfs.NewMem()
		if err := vfs.WriteFileAtomic(mem, "/x", data); err != nil {
			t.Fatal(err)
		}
		got, count, err := readDeletes(mem, "/x", int(rows))
		if err != nil {
			return
		}
		if count > int(rows) {
			t.Fatalf("%d of %d rows are deleted", count, rows)
		}
		if again := encodeDeletes(got, int(rows)); !bytes.Equal(again[deletesHeaderBytes:], data[deletesHeaderBytes:]) {
			t.Fatal("written again it is another file")
		}
	})
}

// FuzzRecord reads records that are anything: what is taken says the same when it is written again.
func FuzzRecord(f *testing.F) {
	_, record := sampleRecord()
	f.Add(record)
	f.Add(append([]byte{docsRecordVersion, 1, 0, 0}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1))
	f.Fuzz(func(t *testing.T, payload []byte) {
		if _, at := binary.Uvarint(payload); at < 0 || len(payload) > 1<<14 {
			return
		}
		ops, err := parseDocs(payload)
		if err != nil {
			return
		}
		var sources []byte
		for _, op := range ops {
			sources = append(sources, op.source...)
		}
		again, err := parseDocs(append(appendDocsHeader(nil, ops), s2.Encode(nil, sources)...))
		if err != nil || len(again) != len(ops) {
			t.Fatalf("written again: %v", err)
		}
	})
}
