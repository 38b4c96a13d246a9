package runtime

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// persisted gives a pipeline a queue on the harness's disk.
func persisted(h **harness, change func(*queue.Options)) func(*Options) {
	return func(o *Options) {
		o.DrainTimeout = time.Second
		o.OpenQueue = func() (Queue, error) {
			q := queue.Options{CheckpointAcks: 1, Logger: (*h).pipeline.env.Logger}
			if change != nil {
				change(&q)
			}
			return queue.Open((*h).fs, "/queue", q)
		}
	}
}

const toStore = "input { stdin {} } output { elasticsearch { index => 'x' document_id => '%{message}' } }"

// TestPersistedQueueOutlivesAnOutage: the source is acknowledged while the store is down, and the next run writes what waits.
func TestPersistedQueueOutlivesAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *harness
		h = newHarness(t, toStore, persisted(&h, nil))
		h.store.refuse = func(es.BulkOp) *eserr.Error { return eserr.New(503, "x", "down") }
		var acknowledged atomic.Bool
		in := &scripted{events: numbered(50, func() { acknowledged.Store(true) }), pushed: make(chan struct{})}
		h.pipeline.inputs[0].input = in
		stop := h.start()
		<-in.pushed
		synctest.Wait()
		if !acknowledged.Load() || h.store.count()["x"] != 0 {
			t.Errorf("acknowledged: %v, written: %v", acknowledged.Load(), h.store.count())
		}
		stop()

		fs := h.fs
		h = newHarness(t, toStore, persisted(&h, nil))
		h.fs = fs
		h.pipeline.inputs[0].input = &scripted{pushed: make(chan struct{})}
		stop = h.start()
		for h.store.count()["x"] < 50 {
			time.Sleep(time.Second)
		}
		stop()
	})
}

// TestPersistedQueueDrains: inputs that come to their end leave nothing in the queue; a pipeline that is told to stop does, unless
// queue.drain is set, which takes as long as it takes.
func TestPersistedQueueDrains(t *testing.T) {
	var text strings.Builder
	for n := range 1000 {
		fmt.Fprintf(&text, "%d\n", n)
	}
	var h *harness
	h = newHarness(t, toStore, func(o *Options) {
		persisted(&h, func(q *queue.Options) { q.PageBytes = 2000 })(o)
		stdin(text.String())(o)
	})
	h.run()
	if got := h.store.count()["x"]; got != 1000 {
		t.Errorf("%d events are written", got)
	}
	for _, drain := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var h *harness
			h = newHarness(t, toStore, func(o *Options) {
				persisted(&h, nil)(o)
				o.BatchSize, o.Drain = 1, drain
			})
			downUntil := time.Now().Add(time.Hour)
			h.store.refuse = func(es.BulkOp) *eserr.Error {
				if time.Now().Before(downUntil) {
					return eserr.New(503, "x", "down")
				}
				return nil
			}
			in := &scripted{events: numbered(20, func() {}), pushed: make(chan struct{})}
			h.pipeline.inputs[0].input = in
			stop := h.start()
			<-in.pushed
			synctest.Wait()
			start := time.Now()
			stop()
			took, got := time.Since(start), h.store.count()["x"]
			if drain && (got != 20 || took < time.Hour) || !drain && (got != 0 || took > 0) {
				t.Errorf("drain %v: %d events are written after %v", drain, got, took)
			}
			if said := strings.Contains(h.log.String(), "the queue is not empty yet"); said != drain {
				t.Errorf("drain %v: the log says %s", drain, h.log)
			}
			if strings.Contains(h.log.String(), "giving up") {
				t.Errorf("drain %v: events on the disk are not given up: %s", drain, h.log)
			}
		})
	}
}

// TestPersistedQueueStops: what an output is writing when the pipeline is told to stop is written to its end and does not come again, unless
// it takes too long.
func TestPersistedQueueStops(t *testing.T) {
	for took, again := range map[time.Duration]int{time.Second: 19, time.Minute: 20} {
		synctest.Test(t, func(t *testing.T) {
			var h *harness
			build := func() {
				before := h
				h = newHarness(t, toStore, func(o *Options) {
					persisted(&h, nil)(o)
					o.BatchSize, o.DrainTimeout = 1, time.Hour
				})
				if before != nil {
					h.fs = before.fs
				}
			}
			build()
			h.pipeline.outputs[0].output = &slow{Output: h.pipeline.outputs[0].output, takes: took}
			in := &scripted{events: numbered(20, func() {}), pushed: make(chan struct{})}
			h.pipeline.inputs[0].input = in
			stop := h.start()
			<-in.pushed
			synctest.Wait()
			start := time.Now()
			stop()
			if waited := time.Since(start); waited > keptTimeout {
				t.Errorf("the stop took %v", waited)
			}
			build()
			h.pipeline.inputs[0].input = &scripted{pushed: make(chan struct{})}
			stop = h.start()
			synctest.Wait()
			stop()
			if got := h.store.count()["x"]; got != again {
				t.Errorf("%d events come again after a write that takes %v, want %d", got, took, again)
			}
		})
	}
}

// slow is an output that takes its time for each batch.
type slow struct {
	pipeline.Output
	takes time.Duration
}

func (s *slow) Write(ctx context.Context, events []*event.Event) error {
	select {
	case <-time.After(s.takes):
		return s.Output.Write(ctx, events)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestPersistedQueueKeepsOrder: pipeline.ordered holds through the disk.
func TestPersistedQueueKeepsOrder(t *testing.T) {
	var text strings.Builder
	for n := range 3000 {
		fmt.Fprintf(&text, "%d\n", n)
	}
	var h *harness
	h = newHarness(t, "input { stdin {} } output { file { path => '/out' codec => line { format => '%{message}' } } }", func(o *Options) {
		persisted(&h, func(q *queue.Options) { q.PageBytes = 5000 })(o)
		stdin(text.String())(o)
		o.Ordered, o.Workers, o.BatchSize = true, 4, 7
	})
	h.run()
	if got := readMem(t, h, "/out"); got != text.String() {
		t.Errorf("lines are missing or out of order: %.200q", got)
	}
}

// TestDiskFillsUnderQueue: while the store is down and the volume is full the input waits, no more is acknowledged than the disk has, and the
// cause is told; once there is room and the store is back every event is there.
func TestDiskFillsUnderQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events = 2000
		var h *harness
		h = newHarness(t, toStore, persisted(&h, func(q *queue.Options) { q.PageBytes, q.CheckpointWrites = 8<<10, 64 }))
		mem, space := h.fs, errorfs.NoSpaceAfter(64<<10)
		h.fs = errorfs.Wrap(mem, space)
		var down atomic.Bool
		down.Store(true)
		h.store.refuse = func(es.BulkOp) *eserr.Error {
			if down.Load() {
				return eserr.New(503, "x", "down")
			}
			return nil
		}
		var acknowledged atomic.Int64
		in := &scripted{pushed: make(chan struct{})}
		for n := range events {
			ev := event.New(arrival)
			ev.Set(messagePath, event.StringOf(fmt.Sprint(n)))
			ev.Set(event.MustPath("text"), event.StringOf(strings.Repeat("x", 100)))
			ev.SetReceipt(event.NewReceipt(1, func() { acknowledged.Add(1) }))
			in.events = append(in.events, ev)
		}
		h.pipeline.inputs[0].input = in
		stop := h.start()
		time.Sleep(time.Hour)
		q := h.pipeline.queues[0].(*queue.Persisted)
		taken, safe := int(h.pipeline.Stats().In), int(acknowledged.Load())
		if taken == 0 || taken >= events || safe > taken || !errors.Is(q.Stats().Err, syscall.ENOSPC) || !strings.Contains(h.log.String(), "no space left on device") {
			t.Errorf("%d events were taken, %d acknowledged; the state says %v, the log %.500s", taken, safe, q.Stats().Err, h.log)
		}
		after, err := queue.Open(mem.(*vfs.Mem).CrashClone(nil), "/queue", queue.Options{Logger: h.pipeline.env.Logger})
		if err != nil {
			t.Fatal(err)
		}
		if after.Len() < safe {
			t.Errorf("a power cut leaves %d events, %d were acknowledged", after.Len(), safe)
		}
		if err := after.Close(); err != nil {
			t.Fatal(err)
		}
		space.Free(1 << 30)
		down.Store(false)
		<-in.pushed
		for h.store.count()["x"] < events || acknowledged.Load() < events {
			time.Sleep(time.Second)
		}
		if err := q.Stats().Err; err != nil {
			t.Errorf("once there is room: %v", err)
		}
		stop()
	})
}

// TestTryPushDecoratesOnce: events that were refused come out decorated once.
func TestTryPushDecoratesOnce(t *testing.T) {
	h := newHarness(t, "input { stdin { add_field => { 'a' => 'b' } } } output { stdout { codec => json_lines } }", func(o *Options) { o.BatchSize = 1 })
	s := &sink{p: h.pipeline, queue: h.pipeline.queues[0], input: h.pipeline.inputs[0]}
	acknowledged := 0
	n := 0
	for ; s.TryPush(numbered(1, func() { acknowledged++ })) == nil; n++ {
	}
	again := numbered(1, func() { acknowledged++ })
	for range 3 {
		if s.TryPush(again) == nil {
			t.Fatal("a full queue took an event")
		}
	}
	first := s.queue.Take(1, 0)
	if err := s.TryPush(again); err != nil {
		t.Fatal(err)
	}
	taken := append(first, s.queue.Take(n+1, 0)...)
	for _, ev := range taken {
		ev.Done()
	}
	if got := string(taken[n].AppendJSON(nil)); len(taken) != n+1 || acknowledged != n+1 || !strings.Contains(got, `"a":"b"`) {
		t.Errorf("%d events, %d acknowledged, the last is %s", len(taken), acknowledged, got)
	}
}
