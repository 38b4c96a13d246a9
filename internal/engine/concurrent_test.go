package engine

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// TestConcurrentUse writes, updates, searches, flushes, merges and deletes indices at once. Each writer owns
// its ids, so at the end it knows what must be there.
func TestConcurrentUse(t *testing.T) {
	e := openTemp(t)
	write(t, e, "c", `seed|{"n":-1}`)
	const writers, rounds = 4, 40
	last := make([]map[string]int, writers)
	var work, background sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		background.Go(func() { searchUntil(t, e, stop) })
	}
	background.Go(func() { maintainUntil(t, e, stop) })
	for w := range writers {
		last[w] = map[string]int{}
		work.Go(func() { writeRounds(t, e, w, rounds, last[w]) })
	}
	work.Wait()
	close(stop)
	background.Wait()
	want := 1
	for w := range writers {
		want += len(last[w])
		for id, n := range last[w] {
			got, err := e.Get(ctx, &es.GetRequest{Index: "c", ID: id})
			if wanted := fmt.Sprintf(`{"n":%d,"w":%d}`, n, w); err != nil || string(got.Source) != wanted {
				t.Errorf("%s is %s, %v; want %s", id, got.Source, err, wanted)
			}
		}
	}
	if got := len(sources(t, e, "c", all)); got != want {
		t.Errorf("%d documents, want %d", got, want)
	}
}

func writeRounds(t *testing.T, e *Engine, w, rounds int, last map[string]int) {
	rng := rand.New(rand.NewPCG(uint64(w), 7))
	for round := range rounds {
		req := &es.BulkRequest{}
		for range 25 {
			id := fmt.Sprintf("w%d-%d", w, rng.IntN(120))
			if rng.IntN(6) == 0 {
				req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionDelete, Index: "c", ID: id})
				delete(last, id)
				continue
			}
			req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionIndex, Index: "c", ID: id, Source: fmt.Appendf(nil, `{"n":%d,"w":%d}`, round, w)})
			last[id] = round
		}
		resp, err := e.Bulk(ctx, req)
		if err != nil {
			t.Error(err)
			return
		}
		for i := range resp.Items {
			if it := &resp.Items[i]; it.Err != nil {
				t.Error(it.Err)
			}
		}
	}
}

func searchUntil(t *testing.T, e *Engine, stop <-chan struct{}) {
	q, err := query.Parse([]byte(`{"range":{"n":{"gte":0}}}`))
	if err != nil {
		t.Error(err)
		return
	}
	for {
		select {
		case <-stop:
			return
		default:
		}
		id, err := e.OpenSnapshot(ctx, es.Target{Names: []string{"c"}}, time.Minute)
		if err != nil {
			t.Error(err)
			return
		}
		var totals [2]int64
		for i := range totals {
			resp, err := e.Search(ctx, &es.SearchRequest{Snapshot: id, Query: q, Size: 20, TrackTotal: es.TrackAll, Sort: []es.SortKey{{Field: "n"}}})
			if err != nil {
				t.Error(err)
				return
			}
			totals[i] = resp.Hits.Total.Value
		}
		if totals[0] != totals[1] {
			t.Errorf("one snapshot gave %d and %d", totals[0], totals[1])
		}
		if _, err := e.CloseSnapshot(ctx, id); err != nil {
			t.Error(err)
		}
	}
}

func maintainUntil(t *testing.T, e *Engine, stop <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		var err error
		switch i % 4 {
		case 0:
			_, err = e.Apply(ctx, &es.FlushIndices{})
		case 1:
			_, err = e.Apply(ctx, &es.ForceMerge{Target: es.Target{Names: []string{"c"}}, MaxSegments: 2})
		case 2:
			_, err = e.Bulk(ctx, &es.BulkRequest{Ops: []es.BulkOp{{Action: es.ActionIndex, Index: fmt.Sprintf("side-%d", i), Source: []byte(`{"x":1}`)}}})
		case 3:
			_, err = e.Apply(ctx, &es.DeleteIndices{Target: es.Target{Names: []string{"side-*"}}})
		}
		if err != nil && !eserr.Is(err, "index_not_found_exception") {
			t.Error(err)
			return
		}
	}
}
