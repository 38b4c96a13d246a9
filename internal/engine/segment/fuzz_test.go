package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"runtime"
	"slices"
	"testing"
)

// extents lists everything a footer points to outside itself.
func (f *footer) extents() []extent {
	all := []extent{f.shapes, f.ids, f.idFilter}
	for i := range f.fields {
		e := &f.fields[i]
		all = append(all, e.dict, e.text.dir)
		all = slices.Concat(all, e.doc, e.forms, e.filters)
		if e.templates != nil {
			all = append(all, e.templates.at)
		}
	}
	for i := range f.spaces {
		all = append(all, f.spaces[i].rows.extents()...)
	}
	return slices.DeleteFunc(all, func(e extent) bool { return e.inline || e.empty() })
}

// patched writes bytes over a part of a segment file, outside its footer, and makes the checksums right, so that decoders see
// the damage. A part whose checksum stands in another part (a page of an index) is noticed by that.
func patched(data []byte, foot *footer, offset uint32, patch []byte) []byte {
	out := slices.Clone(data)
	trailer := out[len(out)-trailerBytes:]
	start := binary.LittleEndian.Uint64(trailer)
	at := uint64(offset) % start
	copy(out[at:start], patch)
	footer := slices.Clone(out[start : start+uint64(binary.LittleEndian.Uint32(trailer[8:]))])
	for _, e := range foot.extents() {
		sum := crc32.Checksum(out[e.offset:e.offset+uint64(e.length)], castagnoli)
		if sum == e.crc {
			continue
		}
		before := binary.LittleEndian.AppendUint32(nil, e.crc)
		footer = bytes.ReplaceAll(footer, before, binary.LittleEndian.AppendUint32(nil, sum))
	}
	return withFooter(out, footer)
}

// maxFuzzBytes is what reading a damaged file of some kilobytes may allocate in all.
const maxFuzzBytes = 1 << 30

// FuzzSegment damages the parts of files of each version: reading all of one must not panic nor take memory without bounds.
func FuzzSegment(f *testing.F) {
	var files [][]byte
	var feet []*footer
	for version := 1; version <= formatVersion; version++ {
		data, err := os.ReadFile(fmt.Sprintf("testdata/version%d.seg", version))
		if err != nil {
			f.Fatal(err)
		}
		s, err := OpenBytes("x", data)
		if err != nil {
			f.Fatal(err)
		}
		files, feet = append(files, data), append(feet, s.foot)
		for i, e := range s.foot.extents() {
			f.Add(byte(version-1), uint32(e.offset)+uint32(i)%e.length, []byte{0xff})
			f.Add(byte(version-1), uint32(e.offset), []byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f})
			f.Add(byte(version-1), uint32(e.offset), []byte{0, 0, 0, 0})
		}
	}
	f.Fuzz(func(t *testing.T, version byte, offset uint32, patch []byte) {
		i := int(version) % len(files)
		if len(patch) > 64 {
			return
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := OpenBytes("x", patched(files[i], feet[i], offset, patch))
		if err == nil {
			readEverything(s)
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > maxFuzzBytes {
			t.Fatalf("reading took %d MB", n>>20)
		}
	})
}

// readEverything reads all that a file holds, whatever of it fails.
func readEverything(f *File) {
	_ = f.Verify()
	for _, name := range f.Fields() {
		if text := f.Text(name); text != nil {
			_, _, _ = text.Lookup([]byte("user"))
		}
		if c, ok := f.Column(name).(*fileColumn); ok && c != nil {
			_, _ = c.Templates()
		}
	}
	if ids := f.IDs(); ids != nil {
		_, _ = ids.Lookup([]byte("id-17"))
	}
	r := NewSourceReader(f)
	for row := range min(Rows(f), 1<<16) {
		if _, err := r.Append(nil, row); err != nil {
			break
		}
	}
}
