package queue

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// ledger is what a history has promised: which events are safe and not done with yet.
type ledger struct {
	mu     sync.Mutex
	pushed int          // events 0 to pushed-1 were handed over
	safe   map[int]bool // acknowledged to their source
	done   map[int]bool // taken and done with
}

func newLedger() *ledger { return &ledger{safe: map[int]bool{}, done: map[int]bool{}} }

func (l *ledger) markSafe(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.safe[n] = true
}

// missing lists the events that must be there and are not in got.
func (l *ledger) missing(got []int) []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	have := map[int]bool{}
	for _, n := range got {
		have[n] = true
	}
	var out []int
	for n := range l.safe {
		if !l.done[n] && !have[n] {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// step does one random thing with a queue.
func (l *ledger) step(t testing.TB, q *Persisted, rng *rand.Rand) {
	if rng.IntN(2) == 0 {
		n := 1 + rng.IntN(8)
		events := numberedEvents(l.pushed, l.pushed+n, l.markSafe)
		l.pushed += n
		if err := q.TryPush(events); err != nil && err != pipeline.ErrBusy {
			t.Fatal(err)
		}
		return
	}
	if q.Len() == 0 {
		return
	}
	events := q.Take(1+rng.IntN(10), 0)
	if rng.IntN(4) == 0 {
		return // it never gets done
	}
	l.mu.Lock()
	for _, n := range numbers(events) {
		l.done[n] = true
	}
	l.mu.Unlock()
	finish(events)
}

func randomOptions(rng *rand.Rand) Options {
	return Options{PageBytes: int64(100 + rng.IntN(2000)), MaxBytes: int64(3000 + rng.IntN(20000)), CheckpointWrites: rng.IntN(3) * 10, CheckpointAcks: rng.IntN(20)}
}

// TestQueuePowerCut cuts the power at random moments, again and again on what the cut before has left: what was acknowledged and is
// not done with is there.
func TestQueuePowerCut(t *testing.T) {
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 1))
		mem := vfs.NewMem()
		l := newLedger()
		for range 4 {
			q := openQueue(t, mem, randomOptions(rng))
			for range rng.IntN(40) {
				l.step(t, q, rng)
			}
			// The clone is made between two looks at the ledger: what it promised before must be in it.
			l.mu.Lock()
			promised := &ledger{safe: map[int]bool{}, done: map[int]bool{}}
			for n := range l.safe {
				promised.safe[n] = true
			}
			for n := range l.done {
				promised.done[n] = true
			}
			l.mu.Unlock()
			after := mem.CrashClone(rng)
			closeQueue(t, q)
			check := openQueue(t, after, Options{})
			got := takeAll(t, check)
			closeQueue(t, check)
			if lost := promised.missing(got); len(lost) > 0 {
				t.Fatalf("seed %d: lost %v of %d", seed, lost, l.pushed)
			}
			if !slices.IsSorted(got) {
				t.Fatalf("seed %d: out of order: %v", seed, got)
			}
			mem = after
			l.safe = promised.safe
		}
	}
}

// TestQueueFaultSweep fails every operation once, in turn, as a whole and half done: what was acknowledged is there afterwards, when
// the process is restarted and when the machine lost power.
func TestQueueFaultSweep(t *testing.T) {
	for _, short := range []bool{false, true} {
		for n := 0; ; n++ {
			mem := vfs.NewMem()
			nth := errorfs.Nth(n)
			injector := errorfs.Injector(nth)
			if short {
				injector = errorfs.ShortWrite(nth)
			}
			l := newLedger()
			err := faultyHistory(t, errorfs.Wrap(mem, injector), l)
			if !nth.Fired() {
				if err != nil {
					t.Fatalf("no fault, and yet: %v", err)
				}
				break
			}
			for name, fs := range map[string]vfs.FS{"restart": mem, "power cut": mem.CrashClone(rand.New(rand.NewPCG(uint64(n), 3)))} {
				q := openQueue(t, fs, Options{})
				got := takeAll(t, q)
				closeQueue(t, q)
				if lost := l.missing(got); len(lost) > 0 {
					t.Fatalf("fault %d, %s: lost %v, have %v", n, name, lost, got)
				}
			}
		}
	}
}

func faultyHistory(t testing.TB, fs vfs.FS, l *ledger) error {
	rng := rand.New(rand.NewPCG(7, 7))
	var errs []error
	for range 2 {
		log, _ := logged()
		q, err := Open(fs, "/queue", Options{PageBytes: 400, MaxBytes: 4000, CheckpointWrites: 5, CheckpointAcks: 3, Logger: log})
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for range 25 {
			n := 1 + rng.IntN(4)
			err := q.TryPush(numberedEvents(l.pushed, l.pushed+n, l.markSafe))
			l.pushed += n
			if err != nil && err != pipeline.ErrBusy {
				t.Fatal(err)
			}
			if rng.IntN(3) > 0 || q.Len() == 0 {
				continue
			}
			// Reading goes past Take: it would wait a second after a fault.
			b, err := q.readBatch(6)
			errs = append(errs, err)
			events := q.decode(b)
			l.mu.Lock()
			for _, n := range numbers(events) {
				l.done[n] = true
			}
			l.mu.Unlock()
			finish(events)
		}
		errs = append(errs, q.Close())
	}
	return errors.Join(errs...)
}

// writtenQueue is a closed queue of 100 events on several pages.
func writtenQueue(t testing.TB) (*vfs.Mem, []string) {
	t.Helper()
	mem := vfs.NewMem()
	q := openQueue(t, mem, Options{PageBytes: 1500, CheckpointWrites: 1})
	for n := range 10 {
		push(t, q, numberedEvents(10*n, 10*n+10, nil))
	}
	closeQueue(t, q)
	var pages []string
	names, err := mem.List("/queue")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if _, ok := pageNumber(name); ok {
			pages = append(pages, filepath.Join("/queue", name))
		}
	}
	if len(pages) < 4 {
		t.Fatalf("%d pages", len(pages))
	}
	return mem, pages
}

func change(t testing.TB, mem *vfs.Mem, path string, change func(f vfs.File, size int64) error) {
	t.Helper()
	f, err := mem.OpenReadWrite(path)
	if err != nil {
		t.Fatal(err)
	}
	size, err := f.Size()
	if err == nil {
		err = change(f, size)
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func flip(at int64) func(vfs.File, int64) error {
	return func(f vfs.File, _ int64) error {
		b := make([]byte, 1)
		if _, err := f.ReadAt(b, at); err != nil {
			return err
		}
		b[0] ^= 0x10
		_, err := f.WriteAt(b, at)
		return err
	}
}

// TestDamagedPage: damage costs the events behind it in its page; it is named, the page is kept, and everything else comes.
func TestDamagedPage(t *testing.T) {
	for _, c := range []struct {
		what   string
		page   int // from the end when negative
		change func(vfs.File, int64) error
		lost   func(n int) bool // may this many be lost?
		says   string
	}{
		{"a record in the middle", 1, flip(300), func(n int) bool { return n > 0 && n < 30 }, "the checksum of a record is wrong"},
		{"a header in the middle", 1, flip(3), func(n int) bool { return n > 0 && n <= 30 }, "does not begin as a page"},
		{"a page cut short", 1, func(f vfs.File, size int64) error { return f.Truncate(size - 40) }, func(n int) bool { return n > 0 && n < 30 }, "reaches past the page's end"},
		{"a page cut between records", 1, func(f vfs.File, _ int64) error { return f.Truncate(pageHeaderBytes) }, func(n int) bool { return n > 0 && n <= 30 }, "records are missing"},
		{"a record of the newest page", -1, flip(200), func(n int) bool { return n > 0 && n < 30 }, "a page of the queue is damaged"},
		{"a length in the middle", 2, flip(pageHeaderBytes + 3), func(n int) bool { return n > 0 && n <= 30 }, "reaches past the page's end"},
	} {
		mem, pages := writtenQueue(t)
		path := pages[(c.page+len(pages))%len(pages)]
		change(t, mem, path, c.change)
		log, said := logged()
		q := openQueue(t, mem, Options{Logger: log})
		var got []int
		for q.Len() > 0 {
			b, err := q.readBatch(7)
			if err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			events := q.decode(b)
			got = append(got, numbers(events)...)
			finish(events)
		}
		push(t, q, numberedEvents(100, 110, nil))
		if more := takeAll(t, q); !slices.Equal(more, span(100, 110)) {
			t.Errorf("%s: the queue does not go on: %v", c.what, more)
		}
		closeQueue(t, q)
		if lost := 100 - len(got); !c.lost(lost) || !slices.IsSorted(got) {
			t.Errorf("%s: %d events are lost: %v", c.what, lost, got)
		}
		if !strings.Contains(said.String(), c.says) || !strings.Contains(said.String(), filepath.Base(path)) {
			t.Errorf("%s: the log says %s", c.what, said)
		}
		if _, err := mem.Stat(path + damagedSuffix); err != nil {
			t.Errorf("%s: the page is not kept: %v", c.what, err)
		}
	}
}

// TestTornTail: what a crash cut short at the end is left out, and said so; it is no damage.
func TestTornTail(t *testing.T) {
	mem, pages := writtenQueue(t)
	last := pages[len(pages)-1]
	change(t, mem, last, func(f vfs.File, size int64) error {
		_, err := f.WriteAt([]byte{200, 0, 0, 0, 1, 2, 3, 4, 'h', 'a', 'l', 'f'}, size)
		return err
	})
	if err := mem.Remove("/queue/checkpoint"); err != nil {
		t.Fatal(err)
	}
	log, said := logged()
	q := openQueue(t, mem, Options{Logger: log})
	push(t, q, numberedEvents(100, 105, nil))
	if got := takeAll(t, q); !slices.Equal(got, span(0, 105)) {
		t.Errorf("took %v", got)
	}
	closeQueue(t, q)
	if !strings.Contains(said.String(), "was cut off") || !strings.Contains(said.String(), filepath.Base(last)) || !strings.Contains(said.String(), "bytes=12") {
		t.Errorf("the log says %s", said)
	}
	if got := takeAllOf(t, mem); len(got) < 105 {
		t.Errorf("after another restart: %v", got)
	}
}

// TestDamagedCheckpoint costs duplicates and no event.
func TestDamagedCheckpoint(t *testing.T) {
	mem, _ := writtenQueue(t)
	q := openQueue(t, mem, Options{})
	finish(q.Take(25, 0))
	closeQueue(t, q)
	change(t, mem, "/queue/checkpoint", flip(9))
	if got := takeAllOf(t, mem); !slices.Equal(got[len(got)-75:], span(25, 100)) {
		t.Errorf("took %v", got)
	}
}

// FuzzPage reads hostile bytes as the pages and the checkpoint of a queue: no panic, bounded memory, and the queue can be used.
func FuzzPage(f *testing.F) {
	page := pageHeader(1)
	for _, ev := range numberedEvents(0, 5, nil) {
		var err error
		if page, err = appendRecord(page, ev.AppendBinary); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(page, page, checkpoint{3, 6}.encode())
	f.Add(page[:30], pageHeader(1<<63), checkpoint{1 << 62, 1 << 63}.encode())
	f.Add([]byte(pageMagic), []byte{}, []byte{})
	f.Add(append(pageHeader(5), 0xff, 0xff, 0xff, 0x3f, 0, 0, 0, 0), pageHeader(2), bytes.Repeat([]byte{0}, checkpointBytes))
	f.Fuzz(func(t *testing.T, first, second, noted []byte) {
		mem := vfs.NewMem()
		if err := mem.MkdirAll("/queue"); err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string][]byte{pageName(1): first, pageName(2): second, checkpointName: noted} {
			if err := vfs.WriteFileAtomic(mem, filepath.Join("/queue", name), content); err != nil {
				t.Fatal(err)
			}
		}
		q := openQueue(t, mem, Options{})
		var got []*event.Event
		drain := func() {
			for range 1000 {
				if q.Len() == 0 {
					return
				}
				b, err := q.readBatch(100)
				if err != nil {
					t.Fatal(err)
				}
				events := q.decode(b)
				got = append(got, events...)
				finish(events)
			}
			t.Fatal("the queue never ends")
		}
		drain()
		push(t, q, numberedEvents(7, 9, nil))
		drain()
		if n := len(got); n < 2 || fmt.Sprint(numbers(got[n-2:])) != "[7 8]" {
			t.Fatalf("what was pushed did not come out of it: %v", numbers(got))
		}
		closeQueue(t, q)
	})
}

// TestVersion1: a queue that the first version wrote opens.
func TestVersion1(t *testing.T) {
	mem := vfs.NewMem()
	if err := mem.MkdirAll("/queue"); err != nil {
		t.Fatal(err)
	}
	names, err := vfs.Default.List("testdata/persisted-1")
	if err != nil || len(names) != 3 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, name := range names {
		content, err := vfs.ReadFile(vfs.Default, filepath.Join("testdata/persisted-1", name), 1<<20)
		if err == nil {
			err = vfs.WriteFileAtomic(mem, filepath.Join("/queue", name), content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := takeAllOf(t, mem); !slices.Equal(got, span(2, 12)) {
		t.Errorf("took %v", got)
	}
}
