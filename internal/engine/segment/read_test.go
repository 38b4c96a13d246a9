package segment

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// TestConcurrentReads reads one file from several goroutines through a cache that holds little of it.
func TestConcurrentReads(t *testing.T) {
	mem := vfs.NewMem()
	if _, err := Write(mem, "x", []Input{{Segment: sampleBatch(t, 0, 3000)}}, sampleOptions); err != nil {
		t.Fatal(err)
	}
	cache := NewCache(256 << 10)
	f, err := Open(mem, "x", cache)
	if err != nil {
		t.Fatal(err)
	}
	want, err := readAll(f)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got, err := readAll(f); err != nil || !slices.Equal(got, want) {
				t.Errorf("%d documents, want %d equal ones (%v)", len(got), len(want), err)
			}
			if n := cache.Bytes(); n > 256<<10 {
				t.Errorf("cache of %d bytes", n)
			}
		})
	}
	wg.Wait()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFailedReadsAreNoCorruption fails each read in turn: the error is the disk's, and the file is not
// called damaged.
func TestFailedReadsAreNoCorruption(t *testing.T) {
	mem := vfs.NewMem()
	if _, err := Write(mem, "x", []Input{{Segment: sampleBatch(t, 0, 500)}}, sampleOptions); err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		fault := errorfs.Nth(n)
		f, err := Open(errorfs.Wrap(mem, fault), "x", nil)
		if err == nil {
			_, err = readAll(f)
			err = errors.Join(err, f.Close())
		}
		if !fault.Fired() {
			if err != nil || n < 10 {
				t.Fatalf("after %d operations: %v", n, err)
			}
			return
		}
		if !errors.Is(err, errorfs.ErrInjected) || vfs.IsCorruption(err) {
			t.Fatalf("operation %d: %v", n, err)
		}
	}
}

// retired is an analyzer whose version is no longer in the table.
type retired struct{ analysis.Analyzer }

func (retired) Version() uint32 { return 1 << 30 }

func TestIndexOfRetiredAnalyzerIsNotAsked(t *testing.T) {
	f, _, err := Seal([]Input{{Segment: sampleBatch(t, 0, 10)}}, WriteOptions{
		Text: map[string]analysis.Analyzer{"message": retired{analysis.Standard}, "level": analysis.Simple}})
	if err != nil {
		t.Fatal(err)
	}
	if f.Text("message") != nil || f.Text("level") == nil {
		t.Fatal("only the index of a current analyzer may be used")
	}
}

func TestCacheDropsWhatWasUsedLongestAgo(t *testing.T) {
	c := NewCache(cacheShards * 1000)
	// Keys of one shard, found by asking.
	var keys []cacheKey
	for i := uint64(0); len(keys) < 3; i++ {
		if k := (cacheKey{1, i}); c.shard(k) == &c.shards[0] {
			keys = append(keys, k)
		}
	}
	data := make([]byte, 300)
	c.put(keys[0], data)
	c.put(keys[1], data)
	c.get(keys[0])
	c.put(keys[2], data)
	for i, want := range []bool{true, false, true} {
		if got := c.get(keys[i]) != nil; got != want {
			t.Errorf("entry %d is kept: %v", i, got)
		}
	}
	c.put(cacheKey{2, 1}, make([]byte, 2000))
	if c.get(cacheKey{2, 1}) != nil {
		t.Error("an entry larger than the room is kept")
	}
	c.pin(cacheShards * 900)
	c.put(cacheKey{3, 1}, data)
	if c.get(cacheKey{3, 1}) != nil {
		t.Error("pinned memory leaves the room it takes")
	}
	c.pin(-cacheShards * 900)
	c.dropFile(1)
	if n := c.Bytes(); n != 0 {
		t.Errorf("%d bytes after the file was dropped", n)
	}
}
