package wal

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// TestPowerCut cuts the power at random moments of a history with rotation and release, again and again on what the cut
// before has left.
func TestPowerCut(t *testing.T) {
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 1))
		mem := vfs.NewMem()
		appended, acknowledged := 0, 0
		released := Position(0)
		for range 4 {
			l := mustOpen(t, mem, Options{SegmentBytes: int64(200 + rng.IntN(5000))})
			first := int(l.Stats().Oldest)
			n := replayed(t, l)
			survivors := first - 1 + n
			if survivors < acknowledged || survivors > appended {
				t.Fatalf("seed %d: %d acknowledged, %d appended, and positions up to %d survive", seed, acknowledged, appended, survivors)
			}
			if n > 0 && Position(first) > released+1 {
				t.Fatalf("seed %d: released up to %d, and the log begins with %d", seed, released, first)
			}
			appended, acknowledged = survivors, survivors
			for range rng.IntN(20) {
				pos := mustAppend(t, l, appended, appended+1+rng.IntN(4))
				appended = int(pos)
				switch rng.IntN(6) {
				case 0, 1, 2:
					if err := l.Wait(t.Context(), pos); err != nil {
						t.Fatal(err)
					}
					acknowledged = appended
				case 3:
					released = max(released, Position(rng.IntN(acknowledged+1)))
					if err := l.Release(released + 1); err != nil {
						t.Fatal(err)
					}
				}
			}
			mem = func() *vfs.Mem { defer mustClose(t, l); return mem.CrashClone(rng) }()
		}
	}
}

// TestPowerCutUnderConcurrency has writers race with the cut.
func TestPowerCutUnderConcurrency(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 2))
		mem := vfs.NewMem()
		l := mustOpen(t, mem, Options{SegmentBytes: 3000, GroupWindow: 1})
		var acknowledged atomic.Uint64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 25 {
					pos, err := l.Append(t.Context(), Record{Kind: 7, Payload: []byte("same")})
					if err == nil {
						err = l.Wait(t.Context(), pos)
					}
					if err != nil {
						t.Error(err)
						return
					}
					for seen := acknowledged.Load(); seen < uint64(pos) && !acknowledged.CompareAndSwap(seen, uint64(pos)); {
						seen = acknowledged.Load()
					}
				}
			})
		}
		for range rng.IntN(5) {
			promised := acknowledged.Load()
			after := mustOpen(t, mem.CrashClone(rng), Options{})
			n := uint64(0)
			if err := after.Replay(func(Position, Record) error { n++; return nil }); err != nil {
				t.Fatal(err)
			}
			if n < promised {
				t.Fatalf("seed %d: %d acknowledged, %d survive", seed, promised, n)
			}
			mustClose(t, after)
		}
		wg.Wait()
		mustClose(t, l)
	}
}

// TestFaultSweep fails every operation once, in turn, as a whole and half done, and checks that what was acknowledged is
// there afterwards, both when the process is restarted and when the machine lost power.
func TestFaultSweep(t *testing.T) {
	for _, short := range []bool{false, true} {
		for n := 0; ; n++ {
			mem := vfs.NewMem()
			nth := errorfs.Nth(n)
			injector := errorfs.Injector(nth)
			if short {
				injector = errorfs.ShortWrite(nth)
			}
			acknowledged, err := historyUntilFailure(t, errorfs.Wrap(mem, injector))
			if !nth.Fired() {
				if err != nil {
					t.Fatalf("no fault, and yet: %v", err)
				}
				break
			}
			for name, fsys := range map[string]vfs.FS{
				"restart":   mem,
				"power cut": mem.CrashClone(rand.New(rand.NewPCG(uint64(n), 3))),
			} {
				l := mustOpen(t, fsys, Options{})
				survivors := int(l.Stats().Oldest) - 1 + replayed(t, l)
				if survivors < acknowledged {
					t.Fatalf("fault %d, %s: %d acknowledged, %d survive", n, name, acknowledged, survivors)
				}
				mustClose(t, l)
			}
		}
	}
}

func historyUntilFailure(t *testing.T, fsys vfs.FS) (acknowledged int, _ error) {
	l, err := Open(fsys, "/wal", Options{SegmentBytes: 1500, Logger: quiet})
	if err != nil {
		return 0, err
	}
	for i := 0; i < 12 && err == nil; i++ {
		var pos Position
		if pos, err = l.Append(t.Context(), record(i)); err == nil {
			err = l.Wait(t.Context(), pos)
		}
		if err == nil {
			acknowledged = int(pos)
		}
		if err == nil && i == 8 {
			err = l.Release(5)
		}
	}
	err = errors.Join(err, l.Close())
	if err != nil {
		return acknowledged, err
	}
	l, err = Open(fsys, "/wal", Options{Logger: quiet})
	if err != nil {
		return acknowledged, err
	}
	err = l.Replay(func(Position, Record) error { return nil })
	return acknowledged, errors.Join(err, l.Close())
}

// writtenLog returns a file system with a closed log of 30 records that were synced one by one, and the segment paths.
func writtenLog(t testing.TB, segmentBytes int64) (*vfs.Mem, []string) {
	mem := vfs.NewMem()
	l := mustOpen(t, mem, Options{SegmentBytes: segmentBytes})
	for i := range 30 {
		if err := l.Wait(t.Context(), mustAppend(t, l, i, i+1)); err != nil {
			t.Fatal(err)
		}
	}
	mustClose(t, l)
	names, err := mem.List("/wal")
	if err != nil {
		t.Fatal(err)
	}
	for i := range names {
		names[i] = filepath.Join("/wal", names[i])
	}
	return mem, names
}

func flipByte(t testing.TB, mem *vfs.Mem, path string, offset int64) {
	t.Helper()
	f, err := mem.OpenReadWrite(path)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, offset); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 0x10
	if _, err := f.WriteAt(b, offset); err != nil {
		t.Fatal(err)
	}
}

func openAndReplay(mem *vfs.Mem) (n int, err error) {
	l, err := Open(mem, "/wal", Options{Logger: quiet})
	if err != nil {
		return 0, err
	}
	err = l.Replay(func(Position, Record) error { n++; return nil })
	return n, errors.Join(err, l.Close())
}

// TestBitFlips flips every byte in turn: never a wrong record, never a panic, and corruption whenever later records prove it.
func TestBitFlips(t *testing.T) {
	mem, paths := writtenLog(t, 700)
	for i, path := range paths {
		info, err := mem.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		for offset := int64(0); offset < info.Size; offset += 3 {
			damaged := mem.CrashClone(nil)
			flipByte(t, damaged, path, offset)
			n, err := openAndReplay(damaged)
			lastFile := i == len(paths)-1
			switch {
			case err == nil && lastFile && n < 30: // the very last frames look torn
			case err != nil && (vfs.IsCorruption(err) || strings.Contains(err.Error(), "format version")):
			default:
				t.Fatalf("%s byte %d flipped: %d records, %v", path, offset, n, err)
			}
		}
	}
}

func TestCorruptionInTheMiddleIsNotCutOff(t *testing.T) {
	mem, paths := writtenLog(t, 1<<20)
	flipByte(t, mem, paths[0], segmentHeaderBytes+200)
	_, err := openAndReplay(mem)
	var damage *vfs.CorruptionError
	if !errors.As(err, &damage) {
		t.Fatalf("error: %v", err)
	}
	if damage.Path != paths[0] || damage.Offset < segmentHeaderBytes || damage.Repair == "" {
		t.Fatalf("damage is described as %+v", damage)
	}
}

func TestMissingSegmentIsCorruption(t *testing.T) {
	mem, paths := writtenLog(t, 700)
	if len(paths) < 3 {
		t.Fatalf("only %d segments", len(paths))
	}
	if err := mem.Remove(paths[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := openAndReplay(mem); !vfs.IsCorruption(err) {
		t.Fatalf("error: %v", err)
	}
}

func TestNewerVersionIsNamed(t *testing.T) {
	mem, paths := writtenLog(t, 1<<20)
	header := make([]byte, segmentHeaderBytes)
	f, err := mem.OpenReadWrite(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.ReadAt(header, 0); err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(header[8:], formatVersion+1)
	binary.LittleEndian.PutUint32(header[12:], segmentHeaderChecksum(header))
	if _, err := f.WriteAt(header, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := openAndReplay(mem); err == nil || vfs.IsCorruption(err) || !strings.Contains(err.Error(), "format version 2") {
		t.Fatalf("error: %v", err)
	}
}

var rewrite = flag.Bool("rewrite", false, "write the sample of the current format version anew")

// TestSamples opens a log of every format version there was.
func TestSamples(t *testing.T) {
	if *rewrite {
		mem, paths := writtenLog(t, 1<<20)
		data, err := vfs.ReadFile(mem, paths[0], 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(fmt.Sprintf("testdata/v%d.wal", formatVersion), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for version := 1; version <= formatVersion; version++ {
		data, err := os.ReadFile(fmt.Sprintf("testdata/v%d.wal", version))
		if err != nil {
			t.Fatal(err)
		}
		l := mustOpen(t, logOf(t, data), Options{})
		if n := replayed(t, l); n != 30 {
			t.Fatalf("version %d: %d records", version, n)
		}
		mustClose(t, l)
	}
}

// logOf returns a log folder with one segment of the given bytes.
func logOf(t testing.TB, data []byte) *vfs.Mem {
	mem := vfs.NewMem()
	if err := mem.MkdirAll("/wal"); err != nil {
		t.Fatal(err)
	}
	if err := vfs.WriteFileAtomic(mem, "/wal/"+segmentName(1), data); err != nil {
		t.Fatal(err)
	}
	return mem
}

// FuzzReplay feeds hostile segments: opening one never panics, and what it replays it replays again after reopening.
func FuzzReplay(f *testing.F) {
	sample, err := os.ReadFile("testdata/v1.wal")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add(sample[:len(sample)-5])
	f.Add(sample[:segmentHeaderBytes])
	f.Add(sample[:segmentHeaderBytes-1])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		mem := logOf(t, data)
		n, err := openAndReplay(mem)
		if err != nil {
			return
		}
		again, err := openAndReplay(mem)
		if err != nil || again != n {
			t.Fatalf("first %d records, then %d, %v", n, again, err)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	line := `{"@timestamp":"2026-01-15T10:23:45.678Z","level":"INFO","message":"request 7f3a took 812 ms","user":"u-%d"}` + "\n"
	var bulk []byte
	for i := range 1000 {
		bulk = fmt.Appendf(bulk, line, i)
	}
	for _, size := range []int{200, len(bulk)} {
		b.Run(fmt.Sprintf("disk/%d bytes/8 writers", size), func(b *testing.B) {
			l, err := Open(vfs.Default, b.TempDir(), Options{Logger: quiet})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					pos, err := l.Append(b.Context(), Record{Index: "logs", Payload: bulk[:size]})
					if err == nil {
						err = l.Wait(b.Context(), pos)
					}
					if err != nil {
						b.Error(err)
					}
				}
			})
			mustClose(b, l)
		})
	}
}
