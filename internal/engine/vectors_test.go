package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// TestNearestAgainstBrute writes, replaces and deletes vectors at random, over several segments, a merge and a restart; what a knn finds
// are the nearest of all, by a reckoning of its own.
func TestNearestAgainstBrute(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	dir := t.TempDir()
	e := open(t, Options{Dir: dir})
	mustApply(t, e, &es.CreateIndex{Name: "v", Mappings: []byte(`{"properties":{"v":{"type":"dense_vector","similarity":"l2_norm"},"even":{"type":"boolean"}}}`)})
	type doc struct {
		at   [5]float64
		even bool
	}
	docs := map[string]doc{}
	for round := range 6 {
		req := &es.BulkRequest{}
		for range 300 {
			id := fmt.Sprint(rng.IntN(900))
			if rng.IntN(6) == 0 {
				delete(docs, id)
				req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionDelete, Index: "v", ID: id})
				continue
			}
			d := doc{even: rng.IntN(2) == 0}
			for i := range d.at {
				d.at[i] = float64(float32(rng.NormFloat64()))
			}
			docs[id] = d
			source := fmt.Sprintf(`{"v":[%v,%v,%v,%v,%v],"even":%v}`, d.at[0], d.at[1], d.at[2], d.at[3], d.at[4], d.even)
			req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionIndex, Index: "v", ID: id, Source: []byte(source)})
		}
		for _, it := range bulk(t, e, req) {
			if it.Err != nil && it.Action != es.ActionDelete {
				t.Fatal(it.Err)
			}
		}
		switch round {
		case 1, 2:
			mustApply(t, e, &es.FlushIndices{})
		case 3:
			mustApply(t, e, &es.ForceMerge{MaxSegments: 1})
		case 4:
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e = open(t, Options{Dir: dir})
		}
		for _, filtered := range []bool{false, true} {
			q := &query.Knn{Field: "v", K: 12}
			var want []float64
			var to [5]float64
			for i := range to {
				to[i] = float64(float32(rng.NormFloat64()))
				q.Vector = append(q.Vector, float32(to[i]))
			}
			if filtered {
				q.Filters = []query.Query{&query.Term{Field: "even", Value: jsonval.BoolOf(true)}}
			}
			for _, d := range docs {
				if d.even || !filtered {
					squares := 0.0
					for i, x := range d.at {
						squares += (x - to[i]) * (x - to[i])
					}
					want = append(want, 1/(1+squares))
				}
			}
			slices.Sort(want)
			slices.Reverse(want)
			res, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"v"}}, Knn: []*query.Knn{q}, Size: 12})
			if err != nil || len(res.Hits.Hits) != 12 {
				t.Fatalf("round %d: %d hits, %v", round, len(res.Hits.Hits), err)
			}
			for i, h := range res.Hits.Hits {
				if math.Abs(*h.Score-want[i]) > 1e-5 {
					t.Errorf("round %d, filtered %v: hit %d scores %v, want %v", round, filtered, i, *h.Score, want[i])
				}
			}
		}
	}
}
