package engine

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// TestManyBulksInLittleMemory sends far more at a time than the write buffer holds: some bulks are refused, none fails
// otherwise, memory stays bounded, and what was acknowledged is there.
func TestManyBulksInLittleMemory(t *testing.T) {
	const limit, senders, bulks, docs = 1 << 20, 24, 6, 300
	e := open(t, Options{WriteBufferBytes: limit})
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	var acknowledged, refused, most atomic.Int64
	var all sync.WaitGroup
	for sender := range senders {
		all.Go(func() {
			for bulk := range bulks {
				req := &es.BulkRequest{}
				for i := range docs {
					source := fmt.Appendf(nil, `{"@timestamp":"2026-03-02T00:00:00.%03dZ","sender":%d,"message":"document %d of bulk %d, and what else there is to say about it"}`, i, sender, i, bulk)
					req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionIndex, Index: "busy", Source: source})
				}
				resp, err := e.Bulk(ctx, req)
				switch {
				case err == nil:
					for _, item := range resp.Items {
						if item.Err != nil {
							t.Errorf("an item failed: %v", item.Err)
							return
						}
					}
					acknowledged.Add(docs)
				case eserr.Is(err, "es_rejected_execution_exception") && eserr.From(err).Status == 429:
					refused.Add(1)
				default:
					t.Errorf("a bulk failed: %v", err)
				}
				for held := e.memory.parts.Load(); ; { // the highest that anyone saw
					before := most.Load()
					if held <= before || most.CompareAndSwap(before, held) {
						break
					}
				}
			}
		})
	}
	all.Wait()
	if acknowledged.Load() == 0 || refused.Load() == 0 {
		t.Errorf("%d documents were taken and %d bulks refused: want some of both", acknowledged.Load(), refused.Load())
	}
	// A bulk is admitted while there is room, and half of the limit may be at work by then.
	if most.Load() > 3*limit {
		t.Errorf("%d bytes of documents were in memory, of %d", most.Load(), limit)
	}
	if got := e.indexByName["busy"].statistics().Docs; got != acknowledged.Load() {
		t.Errorf("%d documents are there, %d were acknowledged", got, acknowledged.Load())
	}
}
