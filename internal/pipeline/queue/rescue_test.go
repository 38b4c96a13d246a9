package queue

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// forgetful is a disk as Linux has it: a sync that failed is reported once, and what it could not write is clean from then on. Later syncs
// of the file say that all is well.
type forgetful struct {
	vfs.FS
	failing atomic.Bool
}

var errDied = errors.New("the disk died")

func (f *forgetful) OpenAppend(name string) (vfs.File, error) {
	file, err := f.FS.OpenAppend(name)
	return &forgetfulFile{File: file, fs: f}, err
}

func (f *forgetful) Create(name string) (vfs.File, error) {
	file, err := f.FS.Create(name)
	return &forgetfulFile{File: file, fs: f}, err
}

type forgetfulFile struct {
	vfs.File
	fs   *forgetful
	lost bool
}

func (f *forgetfulFile) Sync() error {
	if f.lost {
		return nil
	}
	if f.fs.failing.Load() {
		f.lost = true
		return errDied
	}
	return f.File.Sync()
}

// TestSyncFails: after a sync that failed nothing is taken and nothing acknowledged, until what was in doubt is on the disk, in files of which
// that is known. No restart is needed.
func TestSyncFails(t *testing.T) {
	for _, pageBytes := range []int64{0, 100} { // the sync of the keeper, or of a page that is full
		synctest.Test(t, func(t *testing.T) {
			mem := vfs.NewMem()
			disk := &forgetful{FS: mem}
			log, said := logged()
			var safe atomic.Int64
			q := openQueue(t, disk, Options{CheckpointWrites: 100, PageBytes: pageBytes, Logger: log})
			pushed := 0
			try := func() error {
				err := q.TryPush(numberedEvents(pushed, pushed+1, func(int) { safe.Add(1) }))
				if err == nil {
					pushed++
				}
				synctest.Wait()
				return err
			}
			for range 5 {
				if err := try(); err != nil {
					t.Fatal(err)
				}
			}
			disk.failing.Store(true)
			for range 3 { // one of them is taken and in doubt
				if err := try(); err != nil && err != pipeline.ErrBusy {
					t.Fatal(err)
				}
				time.Sleep(2 * firstRescue)
			}
			if safe.Load() != 5 || pushed != 6 {
				t.Errorf("%d of 5 events are acknowledged, %d were taken", safe.Load(), pushed)
			}
			time.Sleep(time.Minute)
			if err := q.Stats().Err; !errors.Is(err, errDied) || !strings.Contains(said.String(), "the disk died") || try() != pipeline.ErrBusy {
				t.Errorf("the state says %v, the log %s", err, said)
			}
			if kept := takeAllOf(t, mem.CrashClone(nil)); len(kept) < 5 {
				t.Errorf("a power cut leaves %v", kept)
			}
			disk.failing.Store(false)
			time.Sleep(2 * lastRescue)
			if err := q.Stats().Err; err != nil || int(safe.Load()) != pushed || !strings.Contains(said.String(), "goes on") {
				t.Errorf("once the disk is well: %v, %d acknowledged of %d", err, safe.Load(), pushed)
			}
			if kept := takeAllOf(t, mem.CrashClone(nil)); !slices.Equal(kept, span(0, pushed)) {
				t.Errorf("a power cut after the recovery leaves %v", kept)
			}
			if err := try(); err != nil {
				t.Errorf("%v: %s", err, said)
			}
			if got := takeAll(t, q); !slices.Equal(got, span(0, pushed)) || int(safe.Load()) != pushed {
				t.Errorf("took %v, %d acknowledged", got, safe.Load())
			}
			closeQueue(t, q)
		})
	}
}

// TestSyncFailsAndOutputsWork: what the outputs have is safe, whatever the queue's disk does.
func TestSyncFailsAndOutputsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &forgetful{FS: vfs.NewMem()}
		var safe atomic.Int64
		q := openQueue(t, disk, Options{CheckpointInterval: time.Second})
		disk.failing.Store(true)
		push(t, q, numberedEvents(0, 5, func(int) { safe.Add(1) }))
		events := q.Take(3, 0)
		synctest.Wait()
		if safe.Load() != 0 {
			t.Errorf("%d events are acknowledged too early", safe.Load())
		}
		finish(events)
		time.Sleep(2 * lastRescue)
		if safe.Load() != 3 {
			t.Errorf("%d events are acknowledged, outputs have 3", safe.Load())
		}
		finish(q.Take(3, 0))
		time.Sleep(2 * lastRescue) // nothing is in doubt any more
		if err := q.Stats().Err; err != nil || safe.Load() != 5 {
			t.Errorf("%v, %d acknowledged", err, safe.Load())
		}
		disk.failing.Store(false)
		closeQueue(t, q)
	})
}

// TestSyncFailsAndLoses: what the system has lost of a page before the disk had it is never acknowledged, and does not hold up the rest.
func TestSyncFailsAndLoses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := vfs.NewMem()
		disk := &forgetful{FS: mem}
		log, said := logged()
		var safe [20]atomic.Bool
		q := openQueue(t, disk, Options{Logger: log})
		push(t, q, numberedEvents(0, 2, func(n int) { safe[n].Store(true) }))
		synctest.Wait()
		disk.failing.Store(true)
		push(t, q, numberedEvents(2, 10, func(n int) { safe[n].Store(true) }))
		synctest.Wait()
		change(t, mem, "/queue/00000001.page", func(f vfs.File, size int64) error { return flip(size-5)(f, size) })
		disk.failing.Store(false)
		time.Sleep(2 * firstRescue)
		push(t, q, numberedEvents(10, 12, func(n int) { safe[n].Store(true) }))
		got := takeAll(t, q)
		closeQueue(t, q)
		want := append(span(0, 9), 10, 11)
		if !slices.Equal(got, want) || !strings.Contains(said.String(), "events_lost=1") {
			t.Errorf("took %v, log %s", got, said)
		}
		for n := range 12 {
			if safe[n].Load() != slices.Contains(want, n) {
				t.Errorf("event %d is acknowledged: %v", n, safe[n].Load())
			}
		}
	})
}

// burst fails some operations in a row.
type burst struct {
	first, end int64
	count      atomic.Int64
}

func (b *burst) Inject(errorfs.Op) *errorfs.Fault {
	if n := b.count.Add(1) - 1; n < b.first || n >= b.end {
		return nil
	}
	return &errorfs.Fault{Err: syscall.ENOSPC}
}

// TestRecoverySweep fails every few operations that change the disk, in turn, as a volume does that is full for a while: the queue goes on by
// itself, takes every event, and acknowledges each when a power cut would not take it.
func TestRecoverySweep(t *testing.T) {
	for length := int64(1); length <= 16; length *= 4 {
		for first := int64(5); ; first++ {
			b := &burst{first: first, end: first + length}
			synctest.Test(t, func(t *testing.T) { recoveryHistory(t, b) })
			if t.Failed() {
				t.Fatalf("with operations %d to %d failing", first, b.end-1)
			}
			if b.count.Load() < first {
				break
			}
		}
	}
}

func recoveryHistory(t *testing.T, b *burst) {
	mem := vfs.NewMem()
	log, said := logged()
	q := openQueue(t, errorfs.Wrap(mem, errorfs.OnMutations(b)), Options{PageBytes: 300, CheckpointWrites: 3, CheckpointAcks: 5, CheckpointInterval: time.Second, Logger: log})
	l := newLedger()
	var got []int
	for l.pushed < 24 {
		push(t, q, numberedEvents(l.pushed, l.pushed+3, l.markSafe))
		l.pushed += 3
		if l.pushed%6 == 0 {
			events := q.Take(4, 0)
			got = append(got, numbers(events)...)
			l.mu.Lock()
			for _, n := range numbers(events) {
				l.done[n] = true
			}
			l.mu.Unlock()
			finish(events)
		}
		if lost := l.missing(takeAllOf(t, mem.CrashClone(nil))); len(lost) > 0 {
			t.Fatalf("a power cut takes %v, which were acknowledged\n%s", lost, said)
		}
	}
	time.Sleep(time.Hour)
	got = append(got, takeAll(t, q)...)
	if err := q.Stats().Err; err != nil || !slices.Equal(got, span(0, 24)) || len(l.safe) != 24 {
		t.Errorf("%v, %d acknowledged, took %v\n%s", err, len(l.safe), got, said)
	}
	if err := q.Close(); err != nil {
		t.Error(fmt.Errorf("close: %w", err))
	}
}
