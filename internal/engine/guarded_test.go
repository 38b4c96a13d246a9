package engine

import (
	"fmt"
	"net/http"
	"testing"

	"elkhorn/internal/es"
)

// guardedDocs is more than a block of a segment has, so that look-ups by sequence number cross blocks.
const guardedDocs = 10_000

// TestGuardedWrites writes documents again that are expected under their sequence numbers, those of given and of generated ids, in memory and in
// files, and expects them under those of others.
func TestGuardedWrites(t *testing.T) {
	e := openTemp(t)
	var ops []es.BulkOp
	for i := range guardedDocs {
		op := es.BulkOp{Action: es.ActionIndex, Index: "g", Source: fmt.Appendf(nil, `{"n":%d}`, i)}
		if i%2 == 0 {
			op.ID = fmt.Sprint("doc-", i)
		}
		ops = append(ops, op)
	}
	for _, flush := range []bool{false, true, false, true} {
		items := bulk(t, e, &es.BulkRequest{Ops: ops})
		if flush {
			mustApply(t, e, &es.FlushIndices{Target: es.Target{Names: []string{"g"}}})
		}
		for i := range ops {
			if items[i].Err != nil {
				t.Fatal(i, items[i].Err)
			}
			ops[i].ID = items[i].ID
			ops[i].Guard = es.Guard{HasSeqNo: true, SeqNo: items[i].SeqNo, PrimaryTerm: 1}
		}
		wrong := append([]es.BulkOp(nil), ops...)
		for i := range wrong { // another document is there, and nothing that far on
			wrong[i].Guard.SeqNo = []int64{ops[(i+1)%len(ops)].Guard.SeqNo, 1 << 40, 0}[i%3]
		}
		wrong[0].Guard.SeqNo = 1 << 40
		for i, item := range bulk(t, e, &es.BulkRequest{Ops: wrong}) {
			if item.Err == nil || item.Err.Status != http.StatusConflict {
				t.Fatalf("%s expected under %d, which it is not: %v", item.ID, wrong[i].Guard.SeqNo, item.Err)
			}
		}
	}
	items := bulk(t, e, &es.BulkRequest{Ops: ops})
	for i := range items {
		if items[i].Err != nil || items[i].Version != 5 || items[i].Result != "updated" {
			t.Fatalf("%s: version %d, %s, %v", items[i].ID, items[i].Version, items[i].Result, items[i].Err)
		}
	}
	if res, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"g"}}, TrackTotal: es.TrackAll}); err != nil || res.Hits.Total.Value != guardedDocs {
		t.Errorf("%v, %v documents", err, res.Hits.Total)
	}
}
