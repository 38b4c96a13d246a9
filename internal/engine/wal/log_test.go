package wal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// quiet drops messages that a test provokes on purpose.
var quiet = slog.New(slog.DiscardHandler)

func mustOpen(t testing.TB, fsys vfs.FS, opts Options) *Log {
	t.Helper()
	opts.Logger = quiet
	l, err := Open(fsys, "/wal", opts)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func mustClose(t testing.TB, l *Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func record(i int) Record {
	return Record{Kind: uint8(i), Index: fmt.Sprint("logs-", i%3), Payload: payload(i)}
}

// payload is incompressible for some i and compressible for others, from 0 to some 2,000 bytes.
func payload(i int) []byte {
	return []byte(strings.Repeat(fmt.Sprint("document ", i, " "), i*7%150))
}

func mustAppend(t testing.TB, l *Log, from, to int) Position {
	t.Helper()
	var pos Position
	for i := from; i < to; i++ {
		var err error
		if pos, err = l.Append(t.Context(), record(i)); err != nil {
			t.Fatal(err)
		}
	}
	return pos
}

// replayed checks that the log holds record(0), record(1), … in order and returns how many.
func replayed(t testing.TB, l *Log) int {
	t.Helper()
	n := 0
	err := l.Replay(func(pos Position, rec Record) error {
		want := record(int(pos) - 1)
		if rec.Kind != want.Kind || rec.Index != want.Index || !bytes.Equal(rec.Payload, want.Payload) {
			return fmt.Errorf("record %d is kind %d index %q payload %q", pos, rec.Kind, rec.Index, rec.Payload)
		}
		n++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAppendReplay(t *testing.T) {
	for _, segmentBytes := range []int64{1, 4096, 1 << 20} {
		mem := vfs.NewMem()
		l := mustOpen(t, mem, Options{SegmentBytes: segmentBytes})
		mustAppend(t, l, 0, 100)
		mustClose(t, l)
		l = mustOpen(t, mem, Options{SegmentBytes: segmentBytes})
		if n := replayed(t, l); n != 100 {
			t.Fatalf("segments of %d bytes: replayed %d records", segmentBytes, n)
		}
		pos := mustAppend(t, l, 100, 150)
		if pos != 150 {
			t.Fatalf("position %d after reopening", pos)
		}
		mustClose(t, l)
		l = mustOpen(t, mem, Options{SegmentBytes: segmentBytes})
		if n := replayed(t, l); n != 150 {
			t.Fatalf("segments of %d bytes: replayed %d records after the second run", segmentBytes, n)
		}
		mustClose(t, l)
	}
}

func TestReplayStopsAtTheCallersError(t *testing.T) {
	mem := vfs.NewMem()
	l := mustOpen(t, mem, Options{})
	mustAppend(t, l, 0, 5)
	mustClose(t, l)
	l = mustOpen(t, mem, Options{})
	defer mustClose(t, l)
	stop := errors.New("stop")
	seen := 0
	err := l.Replay(func(Position, Record) error {
		seen++
		if seen == 3 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || seen != 3 {
		t.Fatalf("saw %d records, %v", seen, err)
	}
}

func TestLargeRecord(t *testing.T) {
	mem := vfs.NewMem()
	l := mustOpen(t, mem, Options{SegmentBytes: 1 << 20})
	big := make([]byte, 3<<20)
	for i := range big {
		big[i] = byte(i * i >> 7)
	}
	if _, err := l.Append(t.Context(), Record{Index: "a", Payload: big}); err != nil {
		t.Fatal(err)
	}
	mustClose(t, l)
	l = mustOpen(t, mem, Options{})
	defer mustClose(t, l)
	err := l.Replay(func(_ Position, rec Record) error {
		if !bytes.Equal(rec.Payload, big) {
			return errors.New("payload differs")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPackedPayloadIsStoredAsItIs(t *testing.T) {
	mem := vfs.NewMem()
	l := mustOpen(t, mem, Options{})
	text := bytes.Repeat([]byte("compressible "), 100)
	for _, packed := range []bool{true, false} {
		before := l.Stats().Bytes
		pos, err := l.Append(t.Context(), Record{Payload: text, Packed: packed})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Wait(t.Context(), pos); err != nil {
			t.Fatal(err)
		}
		if stored := l.Stats().Bytes-before > int64(len(text)); stored != packed {
			t.Fatalf("packed %v: the log grew by %d bytes", packed, l.Stats().Bytes-before)
		}
	}
	mustClose(t, l)
	l = mustOpen(t, mem, Options{})
	defer mustClose(t, l)
	err := l.Replay(func(_ Position, rec Record) error {
		if !bytes.Equal(rec.Payload, text) {
			return fmt.Errorf("payload is %q", rec.Payload)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAppendRefusesLongIndexName(t *testing.T) {
	l := mustOpen(t, vfs.NewMem(), Options{})
	defer mustClose(t, l)
	if _, err := l.Append(t.Context(), Record{Index: strings.Repeat("x", 256)}); err == nil {
		t.Fatal("an index name of 256 bytes was taken")
	}
}

func TestReleaseKeepsWhatIsNeeded(t *testing.T) {
	mem := vfs.NewMem()
	l := mustOpen(t, mem, Options{SegmentBytes: 1}) // one record a segment
	last := mustAppend(t, l, 0, 10)
	if err := l.Wait(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if err := l.Release(4); err != nil {
		t.Fatal(err)
	}
	if s := l.Stats(); s.Oldest != 4 || s.Segments != 7 || s.Next != 11 || s.Durable != 10 || s.Bytes == 0 {
		t.Fatalf("after release: %+v", s)
	}
	if err := l.Release(1000); err != nil {
		t.Fatal(err)
	}
	if s := l.Stats(); s.Segments != 1 || s.Oldest != 10 {
		t.Fatalf("the last segment must stay: %+v", s)
	}
	mustClose(t, l)
	l = mustOpen(t, mem, Options{})
	defer mustClose(t, l)
	if s := l.Stats(); s.Next != 11 {
		t.Fatalf("positions begin again at %d", s.Next)
	}
}

func TestStartAfterSkipsPositions(t *testing.T) {
	mem := vfs.NewMem()
	l := mustOpen(t, mem, Options{StartAfter: 41})
	if pos := mustAppend(t, l, 41, 43); pos != 43 {
		t.Fatalf("position %d", pos)
	}
	mustClose(t, l)
	// Positions up to 60 were given out by a log whose end is lost.
	l = mustOpen(t, mem, Options{StartAfter: 60})
	if n := replayed(t, l); n != 2 {
		t.Fatalf("replayed %d records", n)
	}
	if pos := mustAppend(t, l, 60, 61); pos != 61 {
		t.Fatalf("position %d", pos)
	}
	mustClose(t, l)
	l = mustOpen(t, mem, Options{StartAfter: 5})
	defer mustClose(t, l)
	if n := replayed(t, l); n != 3 {
		t.Fatalf("replayed %d records over the gap", n)
	}
	if s := l.Stats(); s.Next != 62 {
		t.Fatalf("next is %d", s.Next)
	}
}

func TestWaitEndsWithContext(t *testing.T) {
	l := mustOpen(t, vfs.NewMem(), Options{})
	defer mustClose(t, l)
	if err := l.Wait(t.Context(), 1); err == nil {
		t.Fatal("waited for a position nobody has")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l.mu.Lock()
	l.mu.next = 100 // a position that will not become durable
	l.mu.Unlock()
	if err := l.Wait(ctx, 50); !errors.Is(err, context.Canceled) {
		t.Fatalf("wait: %v", err)
	}
}

func TestClosedLogRefuses(t *testing.T) {
	l := mustOpen(t, vfs.NewMem(), Options{})
	mustClose(t, l)
	if _, err := l.Append(t.Context(), record(1)); !errors.Is(err, ErrClosed) {
		t.Fatalf("append: %v", err)
	}
	if err := l.Close(); !errors.Is(err, ErrClosed) {
		t.Fatalf("close: %v", err)
	}
}

// syncCounter counts fsyncs of segment files and makes them slow, in the time of synctest.
type syncCounter struct {
	mu    sync.Mutex
	times []time.Time
}

func (c *syncCounter) Inject(op errorfs.Op) *errorfs.Fault {
	if op.Kind == errorfs.FileSync {
		c.mu.Lock()
		c.times = append(c.times, time.Now())
		c.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	return nil
}

func TestLoneWriterDoesNotWaitForCompany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counter := &syncCounter{}
		l := mustOpen(t, errorfs.Wrap(vfs.NewMem(), counter), Options{GroupWindow: time.Second})
		start := time.Now()
		for i := range 5 {
			if err := l.Wait(t.Context(), mustAppend(t, l, i, i+1)); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 6*time.Millisecond { // five records and the segment's header
			t.Fatalf("five records took %v, more than their fsyncs", took)
		}
		mustClose(t, l)
	})
}

func TestConcurrentWritersShareAnFsync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counter := &syncCounter{}
		l := mustOpen(t, errorfs.Wrap(vfs.NewMem(), counter), Options{GroupWindow: 3 * time.Millisecond})
		const writers, each = 20, 10
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range each {
					pos, err := l.Append(t.Context(), record(1))
					if err == nil {
						err = l.Wait(t.Context(), pos)
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := len(counter.times); n > each+3 {
			t.Errorf("%d records took %d fsyncs", writers*each, n)
		}
		mustClose(t, l)
	})
}

func TestAsyncRecordsAreSyncedByInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := vfs.NewMem()
		l := mustOpen(t, mem, Options{SyncInterval: 5 * time.Second})
		mustAppend(t, l, 0, 10)
		synctest.Wait()
		if s := l.Stats(); s.Durable != 0 {
			t.Fatalf("synced without anybody asking: %+v", s)
		}
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		if s := l.Stats(); s.Durable != 10 {
			t.Fatalf("after the interval: %+v", s)
		}
		after := mustOpen(t, mem.CrashClone(nil), Options{})
		if n := replayed(t, after); n != 10 {
			t.Fatalf("a crash kept %d records", n)
		}
		mustClose(t, after)
		mustClose(t, l)
	})
}

func TestAppendBlocksWhenTheQueueIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		stall := errorfs.InjectorFunc(func(op errorfs.Op) *errorfs.Fault {
			if op.Kind == errorfs.FileWrite {
				<-release
			}
			return nil
		})
		l := mustOpen(t, errorfs.Wrap(vfs.NewMem(), stall), Options{MaxQueuedBytes: 2000})
		done := make(chan struct{})
		go func() {
			defer close(done)
			mustAppend(t, l, 100, 140)
		}()
		synctest.Wait()
		if s := l.Stats(); s.Next > 30 {
			t.Errorf("%d records were queued", s.Next-1)
		}
		close(release)
		<-done
		mustClose(t, l)
	})
}

func TestFailureIsSticky(t *testing.T) {
	for _, kind := range []errorfs.Kind{errorfs.FileWrite, errorfs.FileSync} {
		t.Run(kind.String(), func(t *testing.T) {
			mem := vfs.NewMem()
			gate := errorfs.NewSwitch(errorfs.OnKinds(errorfs.Nth(0), kind)) // fails once and would work again
			l := mustOpen(t, errorfs.Wrap(mem, gate), Options{})
			if err := l.Wait(t.Context(), mustAppend(t, l, 0, 3)); err != nil {
				t.Fatal(err)
			}
			gate.Set(true)
			pos := mustAppend(t, l, 3, 4)
			var failed *FailedError
			if err := l.Wait(t.Context(), pos); !errors.As(err, &failed) {
				t.Fatalf("wait: %v", err)
			}
			if _, err := l.Append(t.Context(), record(4)); !errors.As(err, &failed) {
				t.Fatalf("append: %v", err)
			}
			if err := l.Wait(t.Context(), 3); err != nil {
				t.Fatalf("a record durable before the failure: %v", err)
			}
			if err := l.Close(); !errors.As(err, &failed) {
				t.Fatalf("close: %v", err)
			}
			after := mustOpen(t, mem.CrashClone(nil), Options{})
			if n := replayed(t, after); n != 3 {
				t.Fatalf("%d records after the failure", n)
			}
			mustClose(t, after)
		})
	}
}

func TestFullDisk(t *testing.T) {
	mem := vfs.NewMem()
	l := mustOpen(t, errorfs.Wrap(mem, errorfs.NoSpaceAfter(500)), Options{})
	var err error
	acknowledged := 0
	for i := 0; err == nil; i++ {
		var pos Position
		if pos, err = l.Append(t.Context(), record(i)); err == nil {
			err = l.Wait(t.Context(), pos)
		}
		if err == nil {
			acknowledged++
		}
	}
	if !vfs.IsNoSpace(err) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free some space") {
		t.Fatalf("error: %v", err)
	}
	if err := l.Close(); !vfs.IsNoSpace(err) {
		t.Fatalf("close: %v", err)
	}
	// With space again the torn frame is cut off and the log goes on.
	l = mustOpen(t, mem, Options{})
	if n := replayed(t, l); n != acknowledged {
		t.Fatalf("replayed %d of %d records", n, acknowledged)
	}
	if err := l.Wait(t.Context(), mustAppend(t, l, acknowledged, acknowledged+5)); err != nil {
		t.Fatal(err)
	}
	mustClose(t, l)
}

func TestSegmentNames(t *testing.T) {
	if got := segmentName(17); got != "00000000000000000017.wal" {
		t.Fatalf("name %q", got)
	}
	for _, name := range []string{"17.wal", "0000000000000000001x.wal", "00000000000000000017.tmp", ".wal"} {
		if _, ok := parseSegmentName(name); ok {
			t.Errorf("%q passes for a segment", name)
		}
	}
	names := []string{segmentName(9), segmentName(10), segmentName(1 << 60)}
	if !slices.IsSorted(names) {
		t.Fatalf("names do not sort by position: %q", names)
	}
}

// TestReleaseEmptiesTheLog begins a new file when nothing of a large one is needed any more, and goes on with the next position
// after a restart.
func TestReleaseEmptiesTheLog(t *testing.T) {
	mem := vfs.NewMem()
	l := mustOpen(t, mem, Options{})
	big := Record{Index: "i", Payload: make([]byte, rotateBytes), Packed: true}
	pos, err := l.Append(t.Context(), big)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(t.Context(), pos); err != nil {
		t.Fatal(err)
	}
	if err := l.Release(pos); err != nil {
		t.Fatal(err)
	}
	if s := l.Stats(); s.Bytes < rotateBytes || s.Oldest != pos {
		t.Fatalf("a record that is needed went: %+v", s)
	}
	if err := l.Release(pos + 1); err != nil {
		t.Fatal(err)
	}
	if s := l.Stats(); s.Bytes != segmentHeaderBytes || s.Segments != 1 || s.Next != pos+1 {
		t.Fatalf("after release: %+v", s)
	}
	mustClose(t, l)
	l = mustOpen(t, mem, Options{})
	defer mustClose(t, l)
	if s := l.Stats(); s.Next != pos+1 {
		t.Fatalf("positions begin again at %d", s.Next)
	}
	next := mustAppend(t, l, 0, 1)
	if next != pos+1 {
		t.Fatalf("position %d after %d", next, pos)
	}
	if err := l.Release(next); err != nil { // nothing of it is large
		t.Fatal(err)
	}
}
