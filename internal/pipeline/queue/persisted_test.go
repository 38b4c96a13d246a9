package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

var numberPath = event.MustPath("n")

// logged is a logger and what it wrote.
func logged() (*slog.Logger, *syncBuffer) {
	b := &syncBuffer{}
	return slog.New(slog.NewTextHandler(b, nil)), b
}

type syncBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func openQueue(t testing.TB, fs vfs.FS, o Options) *Persisted {
	t.Helper()
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	q, err := Open(fs, "/queue", o)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func closeQueue(t testing.TB, q *Persisted) {
	t.Helper()
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
}

// numberedEvents are events from..to-1, which tell done when they are safe.
func numberedEvents(from, to int, done func(n int)) []*event.Event {
	var events []*event.Event
	for n := from; n < to; n++ {
		ev := event.New(time.Unix(int64(n), 5))
		ev.Set(numberPath, event.IntOf(int64(n)))
		ev.Set(event.MustPath("[@metadata][text]"), event.StringOf(strings.Repeat("x", n%50)))
		if done != nil {
			ev.SetReceipt(event.NewReceipt(1, func() { done(n) }))
		}
		events = append(events, ev)
	}
	return events
}

func push(t testing.TB, q *Persisted, events []*event.Event) {
	t.Helper()
	if err := q.Push(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

func numbers(events []*event.Event) []int {
	var out []int
	for _, ev := range events {
		n, _ := ev.Get(numberPath)
		out = append(out, int(n.Int()))
	}
	return out
}

func finish(events []*event.Event) {
	for _, ev := range events {
		ev.Done()
	}
}

// takeAll takes what is there until the queue is empty, without acknowledging it. It reads beneath Take, which waits when there is damage
// and nothing else.
func takeAll(t testing.TB, q *Persisted) []int {
	t.Helper()
	var all []int
	for q.Len() > 0 {
		b, err := q.readBatch(100)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, numbers(q.decode(b))...)
	}
	return all
}

func span(from, to int) []int {
	var out []int
	for n := from; n < to; n++ {
		out = append(out, n)
	}
	return out
}

// TestQueueSurvivesRestart: what was not acknowledged comes again, in order and byte for byte.
func TestQueueSurvivesRestart(t *testing.T) {
	fs := vfs.NewMem()
	o := Options{PageBytes: 700, CheckpointAcks: 1}
	q := openQueue(t, fs, o)
	if _, err := Open(fs, "/queue", o); err == nil {
		t.Error("a second process must not open the queue")
	}
	before := numberedEvents(0, 100, nil)
	push(t, q, before)
	for n := 100; n < 200; n += 10 {
		push(t, q, numberedEvents(n, n+10, nil))
	}
	got := q.Take(30, 0)
	for i, ev := range got {
		if string(ev.AppendBinary(nil)) != string(before[i].AppendBinary(nil)) {
			t.Fatalf("event %d came back different: %s", i, ev.AppendJSON(nil))
		}
	}
	finish(got)
	stuck := q.Take(30, 0) // stays under way
	if want := span(30, 60); !slices.Equal(numbers(stuck), want) {
		t.Errorf("took %v", numbers(stuck))
	}
	finish(q.Take(40, 0)) // acknowledged out of order
	closeQueue(t, q)

	q = openQueue(t, fs, o)
	if got := takeAll(t, q); !slices.Equal(got, span(30, 200)) {
		t.Errorf("after the restart: %v", got)
	}
	closeQueue(t, q)
}

// TestQueueRemovesPages: what is done with leaves the disk, whatever the order.
func TestQueueRemovesPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fs := vfs.NewMem()
		q := openQueue(t, fs, Options{PageBytes: 500, CheckpointInterval: time.Second})
		for n := range 20 {
			push(t, q, numberedEvents(10*n, 10*n+10, nil))
		}
		var taken [][]*event.Event
		for q.Len() > 0 {
			taken = append(taken, q.Take(7, 0))
		}
		slices.Reverse(taken)
		for _, events := range taken {
			finish(events)
		}
		time.Sleep(2 * time.Second)
		if s := q.Stats(); s.Events != 0 || s.Bytes > 500 {
			t.Errorf("after all is acknowledged: %+v", s)
		}
		push(t, q, numberedEvents(200, 210, nil))
		closeQueue(t, q)
		q = openQueue(t, fs, Options{})
		if got := takeAll(t, q); !slices.Equal(got, span(200, 210)) {
			t.Errorf("after the restart: %v", got)
		}
		closeQueue(t, q)
	})
}

// TestQueueAcknowledgesWhatIsOnDisk: a source hears of its events when a power cut would not take them, and not before.
func TestQueueAcknowledgesWhatIsOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := vfs.NewMem()
		var safe atomic.Int64
		q := openQueue(t, mem, Options{})
		push(t, q, numberedEvents(0, 50, func(int) {
			safe.Add(1)
			if n := len(takeAllOf(t, mem.CrashClone(nil))); n != 50 {
				t.Errorf("%d of 50 events would survive a power cut", n)
			}
		}))
		synctest.Wait()
		if safe.Load() != 50 {
			t.Errorf("%d events are acknowledged", safe.Load())
		}
		closeQueue(t, q)
	})
}

func takeAllOf(t testing.TB, fs vfs.FS) []int {
	t.Helper()
	q := openQueue(t, fs, Options{})
	defer closeQueue(t, q)
	return takeAll(t, q)
}

// TestCheckpointWrites: with 1 the disk has every event when Push returns, also without a source that waits.
func TestCheckpointWrites(t *testing.T) {
	mem := vfs.NewMem()
	q := openQueue(t, mem, Options{CheckpointWrites: 1})
	for n := range 10 {
		push(t, q, numberedEvents(n, n+1, nil))
		if got := takeAllOf(t, mem.CrashClone(nil)); !slices.Equal(got, span(0, n+1)) {
			t.Fatalf("after event %d a power cut leaves %v", n, got)
		}
	}
	closeQueue(t, q)
	synctest.Test(t, func(t *testing.T) {
		mem := vfs.NewMem()
		q := openQueue(t, mem, Options{CheckpointWrites: 1000, CheckpointInterval: time.Second})
		push(t, q, numberedEvents(0, 10, nil))
		time.Sleep(1100 * time.Millisecond)
		if got := takeAllOf(t, mem.CrashClone(nil)); len(got) != 10 {
			t.Errorf("after the interval a power cut leaves %v", got)
		}
		closeQueue(t, q)
	})
}

// TestQueueIsBounded: a full queue makes a source wait, refuses one that does not want to, and goes on when there is room.
func TestQueueIsBounded(t *testing.T) {
	for name, o := range map[string]Options{"bytes": {MaxBytes: 3000, PageBytes: 500}, "one page": {MaxBytes: 3000, PageBytes: 3000}, "events": {MaxEvents: 40}} {
		synctest.Test(t, func(t *testing.T) {
			o.CheckpointWrites = 0
			log, said := logged()
			o.Logger = log
			q := openQueue(t, vfs.NewMem(), o)
			n := 0
			for q.TryPush(numberedEvents(n, n+10, nil)) == nil {
				n += 10
			}
			if n == 0 || n > 200 {
				t.Fatalf("%s: %d events fit", name, n)
			}
			pushed := make(chan error, 1)
			go func() { pushed <- q.Push(t.Context(), numberedEvents(n, n+10, nil)) }()
			synctest.Wait()
			select {
			case err := <-pushed:
				t.Fatalf("%s: a push went into a full queue: %v", name, err)
			default:
			}
			if !strings.Contains(said.String(), "the queue is full") {
				t.Errorf("%s: the log does not say so: %s", name, said)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := q.Push(ctx, numberedEvents(0, 10, nil)); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: a push that may not wait: %v", name, err)
			}
			var got []int
			for len(got) < n+10 {
				events := q.Take(10, 0)
				got = append(got, numbers(events)...)
				finish(events)
				synctest.Wait()
			}
			if err := <-pushed; err != nil || !slices.Equal(got, span(0, n+10)) {
				t.Errorf("%s: %v, %v", name, err, got)
			}
			closeQueue(t, q)
		})
	}
}

// TestQueueTakesWhatIsLargerThanItself: one event that exceeds the limits goes through when the queue is empty.
func TestQueueTakesWhatIsLargerThanItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := openQueue(t, vfs.NewMem(), Options{MaxBytes: 1000, PageBytes: 1000})
		push(t, q, numberedEvents(0, 3, nil))
		large := event.New(time.Unix(0, 0))
		large.Set(numberPath, event.IntOf(3))
		large.Set(event.MustPath("text"), event.StringOf(strings.Repeat("x", 1<<20)))
		pushed := make(chan error, 1)
		go func() { pushed <- q.Push(t.Context(), []*event.Event{large}) }()
		synctest.Wait()
		finish(q.Take(10, 0))
		if err := <-pushed; err != nil {
			t.Fatal(err)
		}
		if got := takeAll(t, q); !slices.Equal(got, []int{3}) {
			t.Errorf("took %v", got)
		}
		closeQueue(t, q)
	})
}

// TestDiskFull: inputs wait while the disk is full, the log says why, and nothing is lost or acknowledged too early.
func TestDiskFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := vfs.NewMem()
		space := errorfs.NoSpaceAfter(2000)
		log, said := logged()
		q := openQueue(t, errorfs.Wrap(mem, space), Options{PageBytes: 600, CheckpointInterval: time.Second, Logger: log})
		var safe atomic.Int64
		pushed := make(chan struct{})
		go func() {
			defer close(pushed)
			for n := range 30 {
				if err := q.Push(t.Context(), numberedEvents(10*n, 10*n+10, func(int) { safe.Add(1) })); err != nil {
					t.Error(err)
				}
			}
		}()
		time.Sleep(30 * time.Second)
		stuck := safe.Load()
		if stuck == 300 || q.Stats().Err == nil || !errors.Is(q.Stats().Err, syscall.ENOSPC) || strings.Count(said.String(), "the queue cannot be written") != 1 {
			t.Errorf("%d events are safe on a full disk, %v, log: %s", stuck, q.Stats().Err, said)
		}
		if n := len(takeAllOf(t, mem.CrashClone(nil))); n < int(stuck) {
			t.Errorf("%d events are acknowledged, %d would survive", stuck, n)
		}
		space.Free(1 << 20)
		<-pushed
		if got := takeAll(t, q); !slices.Equal(got, span(0, 300)) {
			t.Errorf("took %d events: %v", len(got), got)
		}
		closeQueue(t, q)
		if safe.Load() != 300 || q.Stats().Err != nil {
			t.Errorf("%d events are acknowledged, %v", safe.Load(), q.Stats().Err)
		}
	})
}

// TestStop: a stopped queue hands out nothing more, or with drain all that is left.
func TestStop(t *testing.T) {
	for _, drain := range []bool{false, true} {
		q := openQueue(t, vfs.NewMem(), Options{})
		push(t, q, numberedEvents(0, 10, nil))
		finish(q.Take(4, 0))
		q.Stop(drain)
		want := span(4, 10)
		if !drain {
			want = nil
		}
		if got := numbers(q.Take(10, 0)); !slices.Equal(got, want) {
			t.Errorf("drain %v: took %v", drain, got)
		}
		if got := q.Take(10, 0); got != nil {
			t.Errorf("drain %v: took %v after the end", drain, numbers(got))
		}
		closeQueue(t, q)
	}
}

// TestQueueDelay: a batch waits for company as long as it is told to.
func TestQueueDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := openQueue(t, vfs.NewMem(), Options{})
		push(t, q, numberedEvents(0, 1, nil))
		time.AfterFunc(20*time.Millisecond, func() { push(t, q, numberedEvents(1, 3, nil)) })
		start := time.Now()
		if got := numbers(q.Take(10, 50*time.Millisecond)); len(got) != 3 || time.Since(start) != 50*time.Millisecond {
			t.Errorf("took %v after %v", got, time.Since(start))
		}
		closeQueue(t, q)
	})
}

// TestBacklogNeedsNoMemory: events that wait are on the disk only.
func TestBacklogNeedsNoMemory(t *testing.T) {
	const megabytes = 64
	q, err := Open(vfs.Default, filepath.Join(t.TempDir(), "queue"), Options{PageBytes: 8 << 20, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ev := event.New(time.Unix(0, 0))
	ev.Set(event.MustPath("text"), event.StringOf(strings.Repeat("x", 1<<20)))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range megabytes {
		push(t, q, []*event.Event{ev})
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapInuse) - int64(before.HeapInuse); grown > 8<<20 {
		t.Errorf("a backlog of %d MB takes %d bytes of memory", megabytes, grown)
	}
	taken := 0
	for q.Len() > 0 {
		events := q.Take(1000, 0)
		if len(events) > 20 {
			t.Fatalf("%d MB were taken at once", len(events))
		}
		taken += len(events)
		finish(events)
	}
	if taken != megabytes {
		t.Errorf("took %d events", taken)
	}
	closeQueue(t, q)
}

// BenchmarkQueue moves events of 600 bytes through the disk.
func BenchmarkQueue(b *testing.B) {
	q, err := Open(vfs.Default, filepath.Join(b.TempDir(), "queue"), Options{CheckpointWrites: 1024, CheckpointAcks: 1024, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	var events []*event.Event
	for n := range 250 {
		v, err := event.ParseJSON(fmt.Appendf(nil, `{"n":%d,"level":"INFO","service":{"name":"checkout"},"message":%q,"latency_ms":12.5,"tags":["a","b"]}`, n, strings.Repeat("word ", 100)))
		if err != nil {
			b.Fatal(err)
		}
		events = append(events, event.FromObject(v, time.Unix(0, 0)))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if err := q.Push(b.Context(), events); err != nil {
			b.Fatal(err)
		}
		finish(q.Take(250, 0))
	}
	b.ReportMetric(float64(b.N*250)/b.Elapsed().Seconds(), "events/s")
	if err := q.Close(); err != nil {
		b.Fatal(err)
	}
}
