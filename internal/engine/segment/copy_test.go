package segment

import (
	"fmt"
	"slices"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// writeSample writes a file of sample documents and opens it.
func writeSample(t *testing.T, mem vfs.FS, name string, first int, sizes ...int) *File {
	t.Helper()
	var inputs []Input
	for _, n := range sizes {
		inputs = append(inputs, Input{Segment: sampleBatch(t, first, n)})
		first += n
	}
	if _, err := Write(mem, name, inputs, sampleOptions); err != nil {
		t.Fatal(err)
	}
	f, err := Open(mem, name, NewCache(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// extents returns the bytes of a column's blocks as they stand in the file.
func extents(t *testing.T, f *File, field string) (out []string) {
	t.Helper()
	for _, e := range f.field(field).doc {
		raw, err := f.read(e)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(raw))
	}
	return out
}

// TestMergeCopiesBlocks merges files, of which one has deleted rows and one is small.
func TestMergeCopiesBlocks(t *testing.T) {
	mem := vfs.NewMem()
	files := []*File{
		writeSample(t, mem, "a", 0, 8192, 8192, 5000),
		writeSample(t, mem, "b", 21384, 300),
		writeSample(t, mem, "c", 21684, 8000, 3000),
		writeSample(t, mem, "d", 32684, 8192, 8192),
		writeSample(t, mem, "e", 49068, 7000),
	}
	var inputs []Input
	var want []string
	for _, f := range files {
		in := Input{Segment: f}
		docs := documents(t, f)
		if f == files[3] {
			in.Deleted = column.NewBitmap(len(docs))
			in.Deleted.Set(9000)
			docs = slices.Delete(docs, 9000, 9001)
		}
		want = append(want, docs...)
		inputs = append(inputs, in)
	}
	info, err := Write(mem, "merged", inputs, sampleOptions)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(mem, "merged", NewCache(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := documents(t, f); !slices.Equal(got, want) {
		t.Fatal("the documents have changed")
	}
	if err := f.Verify(); err != nil {
		t.Fatal(err)
	}
	checkIndexes(t, f, ints(t, f, SeqNoField))
	var rows []int
	for _, b := range info.Blocks {
		rows = append(rows, b.Rows)
	}
	// a: three blocks; b is taken in by c's first; c's second; d's first; the block with a deleted row; e.
	if want := []int{8192, 6596, 6596, 5800, 5500, 8192, 8191, 7000}; !slices.Equal(rows, want) {
		t.Errorf("blocks of %v rows, want %v", rows, want)
	}
	for _, field := range []string{"trace", "took", SeqNoField, "message"} {
		got := extents(t, f, field)
		for block, from := range map[int]string{0: extents(t, files[0], field)[0], 5: extents(t, files[3], field)[0], 7: extents(t, files[4], field)[0]} {
			if got[block] != from {
				t.Errorf("block %d of %s is not a copy", block, field)
			}
		}
	}
}

// TestMergeKeepsDictionaries merges files whose dictionary has more values than their first block has rows.
func TestMergeKeepsDictionaries(t *testing.T) {
	const rows = 8192
	mem := vfs.NewMem()
	var inputs []Input
	for file := range 3 {
		var parts []Input
		for part := range 3 {
			block := &column.Block{Kind: column.Bytes, Rows: rows}
			for r := range rows {
				addText(block, fmt.Sprintf("user %d", r/2+2500*part+500*file))
			}
			batch, err := NewBatch(BatchData{Block: BlockInfo{Rows: rows}, Fields: []BatchField{{Name: "user", Doc: block}}})
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, Input{Segment: batch})
		}
		name := fmt.Sprint("users", file)
		if _, err := Write(mem, name, parts, WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		f, err := Open(mem, name, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if k := f.Column("user").Kind(); k != column.Ordinal {
			t.Fatalf("file %d has users by %s", file, k)
		}
		inputs = append(inputs, Input{Segment: f})
	}
	merged, _, err := Seal(inputs, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if col := merged.Column("user"); col.Kind() != column.Ordinal || col.Dict().Len() != 10096 {
		t.Fatalf("the merged file has users by %s", col.Kind())
	}
}
