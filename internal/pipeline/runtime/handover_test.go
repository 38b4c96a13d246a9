package runtime

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/pipeline/queue"
)

// TestHandOver: a pipeline whose store is down leaves everything to its successor: what was filtered is not filtered again, what waited is,
// and what an input had in hand is not lost.
func TestHandOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conf := `input { stdin {} } filter { mutate { add_field => { "by" => "%s" } } } output { elasticsearch { index => "x" document_id => "%%{message}" } }`
		const events = 40
		h := newHarness(t, strings.NewReplacer("%s", "old", "%%", "%").Replace(conf), func(o *Options) { o.BatchSize = 2 })
		h.store.refuse = func(es.BulkOp) *eserr.Error { return eserr.New(503, "x", "down") }
		acknowledged := false
		in := &scripted{events: numbered(events, func() { acknowledged = true }), pushed: make(chan struct{})}
		h.pipeline.inputs[0].input = in
		h.pipeline.PrepareHandOver()
		stop := h.start()
		synctest.Wait() // the queue is full, the input waits
		start := time.Now()
		stop()
		if took := time.Since(start); took > 0 {
			t.Errorf("the successor had to wait %v", took)
		}
		left := h.pipeline.Leftover()
		taken := left.Len()
		if taken < 10 || taken > events || acknowledged {
			t.Fatalf("%d events are left, acknowledged: %v", taken, acknowledged)
		}
		next := newHarness(t, strings.NewReplacer("%s", "new", "%%", "%").Replace(conf), nil)
		next.pipeline.inputs[0].input = &scripted{pushed: make(chan struct{})}
		next.pipeline.Adopt(left)
		next.start()()
		docs := next.store.sources("x")
		filteredBefore := strings.Count(strings.Join(docs, "\n"), `"by":"old"`)
		if len(docs) != taken || filteredBefore != 2 || strings.Count(strings.Join(docs, "\n"), `"by":"new"`) != taken-2 {
			t.Errorf("%d of %d events are written, %d by the old filters", len(docs), taken, filteredBefore)
		}
	})
}

// rereading is an input that reads again what it could not hand over.
type rereading struct{ scripted }

func (*rereading) Rereads() {}

// TestHandOverToOneThatRereads: what an input will read again anyway is not left to the successor, which would have it twice.
func TestHandOverToOneThatRereads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, `input { stdin {} } output { elasticsearch { index => "x" } }`, func(o *Options) { o.BatchSize = 2 })
		h.store.refuse = func(es.BulkOp) *eserr.Error { return eserr.New(503, "x", "down") }
		in := &rereading{scripted{events: numbered(40, func() {}), pushed: make(chan struct{})}}
		h.pipeline.inputs[0].input = in
		h.pipeline.PrepareHandOver()
		stop := h.start()
		synctest.Wait() // the queue is full, the input waits
		queued := int(h.pipeline.in.Load())
		stop()
		if left := h.pipeline.Leftover(); queued == 0 || left.Len() != queued {
			t.Errorf("%d events are left of %d that were taken", left.Len(), queued)
		}
	})
}

// TestHandOverPastAFullQueue: what a queue on disk had no room for when a reload came goes into that of the successor, behind what it holds.
func TestHandOverPastAFullQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events = 40
		var h *harness
		full := func(q *queue.Options) { q.MaxEvents = 10 }
		h = newHarness(t, toStore, persisted(&h, full))
		h.store.refuse = func(es.BulkOp) *eserr.Error { return eserr.New(503, "x", "down") }
		in := &scripted{events: numbered(events, func() {}), pushed: make(chan struct{})}
		h.pipeline.inputs[0].input = in
		h.pipeline.PrepareHandOver()
		stop := h.start()
		synctest.Wait() // the queue is full, the input waits
		stop()
		<-in.pushed // it got rid of all
		left := h.pipeline.Leftover()
		if left.Len() == 0 || left.Len() >= events {
			t.Fatalf("%d events are left", left.Len())
		}
		fs := h.fs
		h = newHarness(t, toStore, persisted(&h, full))
		h.fs = fs
		h.pipeline.inputs[0].input = &scripted{pushed: make(chan struct{})}
		h.pipeline.Adopt(left)
		stop = h.start()
		for h.store.count()["x"] < events {
			time.Sleep(time.Second)
		}
		stop()
		if got := h.store.count()["x"]; got != events {
			t.Errorf("%d events are written", got)
		}
	})
}
