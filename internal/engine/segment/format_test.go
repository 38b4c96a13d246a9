package segment

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// TestOldVersionsOpen reads a sample file of each format version. The samples are never rewritten: a
// new version adds its own.
func TestOldVersionsOpen(t *testing.T) {
	for version := 1; version <= formatVersion; version++ {
		path := fmt.Sprintf("testdata/version%d", version)
		f, err := Open(vfs.Default, path+".seg", NewCache(1<<20))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(path + ".ndjson")
		if err != nil {
			t.Fatal(err)
		}
		got, err := readAll(f)
		if err != nil || strings.Join(got, "\n")+"\n" != string(want) {
			t.Fatalf("version %d: other documents (%v)", version, err)
		}
		if rows, err := f.IDs().Lookup([]byte("id-17")); err != nil || !slices.Equal(rows, []uint32{17}) {
			t.Fatalf("version %d: id-17 in rows %v (%v)", version, rows, err)
		}
		if n := documentsWith(t, f, "message", "user"); n != len(got) {
			t.Fatalf("version %d: %d documents with a word that all have", version, n)
		}
		if filtered, ok := f.Column("trace").(column.Filtered); ok != (version >= 2) {
			t.Fatalf("version %d: has filters is %v", version, ok)
		} else if ok {
			if may, err := filtered.MayHold(0, []byte("00000000")); err != nil || !may {
				t.Fatalf("version %d: the filter lacks a value: %v", version, err)
			}
			if may, err := filtered.MayHold(0, []byte("no such trace")); err != nil || may {
				t.Fatalf("version %d: the filter holds everything: %v", version, err)
			}
		}
		if space, ok := SpaceOf(f, "scores"); ok != (version >= versionSpaces) {
			t.Fatalf("version %d: has nested objects is %v", version, ok)
		} else if ok && Rows(space.Rows) != 90 {
			t.Fatalf("version %d: %d nested objects", version, Rows(space.Rows))
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestUnknownVersionIsNamed refuses a file of a later version without calling it damaged.
func TestUnknownVersionIsNamed(t *testing.T) {
	data := smallSegment(t)
	trailer := data[len(data)-trailerBytes:]
	binary.LittleEndian.PutUint32(trailer[16:], formatVersion+1)
	binary.LittleEndian.PutUint32(trailer[20:], crc32.Checksum(trailer[:20], castagnoli))
	_, err := OpenBytes("x", data)
	if err == nil || vfs.IsCorruption(err) || !strings.Contains(err.Error(), fmt.Sprintf("format version %d", formatVersion+1)) {
		t.Fatalf("got %v", err)
	}
}

// withFooter replaces a file's footer and makes the checksums right.
func withFooter(data, footer []byte) []byte {
	trailer := slices.Clone(data[len(data)-trailerBytes:])
	offset := binary.LittleEndian.Uint64(trailer)
	binary.LittleEndian.PutUint32(trailer[8:], uint32(len(footer)))
	binary.LittleEndian.PutUint32(trailer[12:], crc32.Checksum(footer, castagnoli))
	binary.LittleEndian.PutUint32(trailer[20:], crc32.Checksum(trailer[:20], castagnoli))
	return slices.Concat(data[:offset], footer, trailer)
}

// FuzzFooter opens files whose footer is anything, with right checksums, and reads what they claim to hold.
func FuzzFooter(f *testing.F) {
	data := smallSegment(f)
	trailer := data[len(data)-trailerBytes:]
	offset, length := binary.LittleEndian.Uint64(trailer), binary.LittleEndian.Uint32(trailer[8:])
	f.Add(data[offset : offset+uint64(length)])
	f.Fuzz(func(_ *testing.T, footer []byte) {
		if len(footer) > 1<<14 {
			return
		}
		s, err := OpenBytes("x", withFooter(data, footer))
		if err != nil || Rows(s) > 1<<17 {
			return
		}
		if _, err := readAllColumns(s); err != nil {
			return
		}
	})
}

// readAllColumns reads everything without expecting any field.
func readAllColumns(f *File) (docs []string, err error) {
	if err := f.Verify(); err != nil {
		return nil, err
	}
	for _, name := range f.Fields() {
		if text := f.Text(name); text != nil {
			if _, _, err := text.Lookup([]byte("failed")); err != nil {
				return nil, err
			}
		}
	}
	if _, err := f.IDs().Lookup([]byte("id-7")); err != nil {
		return nil, err
	}
	r := NewSourceReader(f)
	for row := range Rows(f) {
		doc, err := r.Append(nil, row)
		if err != nil {
			return nil, err
		}
		docs = append(docs, string(doc))
	}
	return docs, nil
}
