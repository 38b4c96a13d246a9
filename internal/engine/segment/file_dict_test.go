package segment

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// wordsFile writes a file of one column of 2,000 distinct words, each twice.
func wordsFile(t *testing.T, mem vfs.FS, number int) string {
	t.Helper()
	block := &column.Block{Kind: column.Bytes, Rows: 4000}
	for r := range block.Rows {
		addText(block, fmt.Sprintf("word %d of file %d", r/2, number))
	}
	batch, err := NewBatch(BatchData{Block: BlockInfo{Rows: block.Rows}, Fields: []BatchField{{Name: "word", Doc: block}}})
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%d.seg", number)
	if _, err := Write(mem, name, []Input{{Segment: batch}}, WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestDictionariesAreLetGo opens more files than a cache has room for the dictionaries of.
func TestDictionariesAreLetGo(t *testing.T) {
	const room = 256 << 10
	mem, cache := vfs.NewMem(), NewCache(room)
	var files []*File
	for i := range 12 {
		f, err := Open(mem, wordsFile(t, mem, i), cache)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	loaded := func() int {
		return len(slices.DeleteFunc(slices.Clone(files), func(f *File) bool { return f.field("word").values.loaded.Load() == nil }))
	}
	if n := loaded(); n == 0 || n > 4 {
		t.Errorf("%d of %d dictionaries are in memory", n, len(files))
	}
	for round := range 3 {
		for i, f := range files {
			dict := f.Column("word").Dict()
			if dict.Len() != 2000 || string(dict.Value(7)) != fmt.Sprintf("word 7 of file %d", i) {
				t.Fatalf("round %d: the dictionary of file %d has %d words, the eighth %q", round, i, dict.Len(), dict.Value(7))
			}
			if got := cache.dicts.held(); got > room/2 {
				t.Fatalf("%d bytes of dictionaries in a cache of %d", got, room)
			}
		}
	}
	for _, f := range files {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if cache.Bytes() != 0 {
		t.Errorf("%d bytes are left in the cache", cache.Bytes())
	}
}

var errGone = errors.New("the disk is gone")

type goneDisk struct{}

func (goneDisk) ReadAt([]byte, int64) (int, error) { return 0, errGone }

// TestUnreadDictionaryIsAnError: a dictionary that cannot be read again must fail a search, not find nothing.
func TestUnreadDictionaryIsAnError(t *testing.T) {
	mem := vfs.NewMem()
	f, err := Open(mem, wordsFile(t, mem, 1), NewCache(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	col := f.Column("word")
	var b column.Block
	if err := col.Read(0, 0, 4000, &b); err != nil { // its bytes are in the cache from now on
		t.Fatal(err)
	}
	f.field("word").values.loaded.Store(nil)
	real := f.bytes
	f.bytes = goneDisk{}
	dict := col.Dict()
	ord, ok := dict.Lookup([]byte("word 5 of file 1"))
	if stats := col.Stats(0); !ok || ord < stats.MinOrd || ord > stats.MaxOrd {
		t.Errorf("the look-up found %d %v: nothing would be read", ord, ok)
	}
	if err := col.Read(0, 0, 4000, &b); !errors.Is(err, errGone) || !strings.Contains(err.Error(), "word") {
		t.Errorf("reading the column gave %v", err)
	}
	f.bytes = real
	if ord, ok := col.Dict().Lookup([]byte("word 5 of file 1")); !ok || ord != 5 {
		t.Errorf("the dictionary is not read again: %d %v", ord, ok)
	}
	if err := col.Read(0, 0, 4000, &b); err != nil {
		t.Error(err)
	}
}
