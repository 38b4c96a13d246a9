package runtime

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// scripted is an input that pushes what a test gives it and then waits for the end.
type scripted struct {
	events []*event.Event
	pushed chan struct{}
}

func (s *scripted) Run(ctx context.Context, sink pipeline.Sink) error {
	for _, ev := range s.events {
		if err := sink.Push(ctx, []*event.Event{ev}); err != nil {
			return err
		}
	}
	close(s.pushed)
	<-ctx.Done()
	return nil
}

func numbered(n int, done func()) []*event.Event {
	var events []*event.Event
	receipt := event.NewReceipt(n, done)
	for i := range n {
		ev := event.New(arrival)
		ev.Set(messagePath, event.StringOf(fmt.Sprint(i)))
		ev.SetReceipt(receipt)
		events = append(events, ev)
	}
	return events
}

// TestDrainTimeout: a pipeline that is told to stop while its store is down gives up after the drain timeout, and
// acknowledges nothing that is not written.
func TestDrainTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, "input { stdin {} } output { elasticsearch { index => 'x' } }", func(o *Options) { o.DrainTimeout = 10 * time.Second })
		h.store.refuse = func(es.BulkOp) *eserr.Error { return eserr.New(503, "x", "down") }
		in := &scripted{events: numbered(3, func() { t.Error("acknowledged though nothing was written") }), pushed: make(chan struct{})}
		h.pipeline.inputs[0].input = in
		stop := h.start()
		<-in.pushed
		start := time.Now()
		stop()
		if took := time.Since(start); took < 10*time.Second || took > 11*time.Second {
			t.Errorf("stopping took %v", took)
		}
	})
}

// TestDrainWritesWhatIsInFlight: events that were taken are written after the pipeline is told to stop.
func TestDrainWritesWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		acknowledged := false
		h := newHarness(t, "input { stdin {} } output { elasticsearch { index => 'x' } }", nil)
		tries := 0
		h.store.refuse = func(es.BulkOp) *eserr.Error {
			if tries++; tries < 5 { // back after some seconds
				return eserr.New(503, "x", "down")
			}
			return nil
		}
		in := &scripted{events: numbered(3, func() { acknowledged = true }), pushed: make(chan struct{})}
		h.pipeline.inputs[0].input = in
		stop := h.start()
		<-in.pushed
		stop()
		if got := h.store.count()["x"]; got != 3 || !acknowledged {
			t.Errorf("%d events are written, acknowledged: %v", got, acknowledged)
		}
	})
}

// TestOrdered: with several workers, each input's events stay in order.
func TestOrdered(t *testing.T) {
	const lines = 2000
	var text strings.Builder
	for i := range lines {
		fmt.Fprintf(&text, "%d\n", i)
	}
	h := newHarness(t, `
input { stdin { tags => ["a"] } stdin { tags => ["b"] } }
filter { mutate { add_field => { "[@metadata][t]" => "%{tags}" } } }
output {
  if "a" in [tags] { file { path => "/a" codec => line { format => "%{message}" } } }
  else { file { path => "/b" codec => line { format => "%{message}" } } }
}`, func(o *Options) {
		o.Ordered, o.Workers, o.BatchSize = true, 3, 7
		o.Env.Stdin = &forked{text: text.String()}
	})
	h.run()
	for _, path := range []string{"/a", "/b"} {
		if got := readMem(t, h, path); got != text.String() {
			t.Errorf("%s: lines are missing or out of order: %.100q", path, got)
		}
	}
}

// forked gives each reader the whole text: io.Copy asks a WriterTo to write itself.
type forked struct{ text string }

func (f *forked) Read([]byte) (int, error) { return 0, io.EOF }
func (f *forked) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, f.text)
	return int64(n), err
}

// TestOneFailingOutput: an output that cannot write does not keep events from another one.
func TestOneFailingOutput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, "input { stdin {} } output { elasticsearch { index => 'down' } elasticsearch { index => 'up' } }",
			func(o *Options) { o.DrainTimeout = time.Second })
		h.store.refuse = func(op es.BulkOp) *eserr.Error {
			if op.Index == "down" {
				return eserr.New(503, "x", "down")
			}
			return nil
		}
		in := &scripted{events: numbered(5, func() { t.Error("acknowledged though one output has not written") }), pushed: make(chan struct{})}
		h.pipeline.inputs[0].input = in
		stop := h.start()
		synctest.Wait()
		if got := h.store.count()["up"]; got == 0 {
			t.Error("the output that works got nothing")
		}
		stop()
	})
}

func TestIntakeIsBounded(t *testing.T) {
	q := newIntake(3)
	ev := func(n int) []*event.Event { return make([]*event.Event, n) }
	if err := q.TryPush(ev(2)); err != nil {
		t.Error(err)
	}
	if err := q.TryPush(ev(5)); err != nil {
		t.Error("a push is taken as a whole when there is room for one event")
	}
	if err := q.TryPush(ev(1)); err != pipeline.ErrBusy {
		t.Errorf("a full queue: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Push(ctx, ev(1)); err == nil {
		t.Error("a push must end with its context")
	}
	if got := len(q.Take(10, 0)); got != 7 {
		t.Errorf("took %d", got)
	}
	q.Stop(true)
	if got := q.Take(10, 0); got != nil {
		t.Errorf("a closed queue gives %d events", len(got))
	}
}

// TestBatchDelay: a batch that is not full waits for company as long as it was told to, and no longer.
func TestBatchDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newIntake(100)
		one := []*event.Event{event.New(arrival)}
		start := time.Now()
		for i := range 3 {
			time.AfterFunc(time.Duration(i)*20*time.Millisecond, func() {
				if err := q.TryPush(one); err != nil {
					t.Error(err)
				}
			})
		}
		if got, took := len(q.Take(10, 50*time.Millisecond)), time.Since(start); got != 3 || took != 50*time.Millisecond {
			t.Errorf("%d events after %v, want 3 after 50ms", got, took)
		}
		for range 2 {
			if err := q.TryPush(one); err != nil {
				t.Fatal(err)
			}
		}
		start = time.Now()
		if got := len(q.Take(2, time.Hour)); got != 2 || time.Since(start) != 0 {
			t.Errorf("a full batch of %d waited %v", got, time.Since(start))
		}
	})
}
