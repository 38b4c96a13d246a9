package exec

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
)

// TestMostFrequentOverSegments compares counts by ordinal, which look only at values that may be among the
// most frequent, with buckets made of everything.
func TestMostFrequentOverSegments(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for round := range 200 {
		distinct, segments := 1+rng.IntN(400), 1+rng.IntN(6)
		all, some := randomTerms(1+rng.IntN(12)), randomTerms(0)
		some.node = all.node
		zipf := rand.NewZipf(rng, 1.1+rng.Float64(), 1+rng.Float64()*3, uint64(distinct-1))
		for s := range segments {
			counts := map[string]int64{}
			for range rng.IntN(4000) {
				v := int(zipf.Uint64())
				if round%3 == 0 { // the frequent values differ from segment to segment
					v = (v + 7*s) % distinct
				}
				counts[fmt.Sprintf("value-%03d", v)]++
			}
			for v, n := range counts {
				mustAdd(t, all, v, n)
			}
			if round%2 == 0 && s == 0 { // a segment without dictionary
				for v, n := range counts {
					mustAdd(t, some, v, n)
				}
				continue
			}
			some.runs = append(some.runs, randomRun(rng, s, counts, distinct))
		}
		want, err := all.result(&reducer{maxBuckets: 1000})
		if err != nil {
			t.Fatal(err)
		}
		got, err := some.result(&reducer{maxBuckets: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("round %d: %+v, want %+v", round, got, want)
		}
	}
}

func randomTerms(size int) *termsPartial {
	p := &termsPartial{class: classKeyword, bucketList: bucketList{textKeys: true}}
	p.node = &termsNode{keySource: keySource{class: classKeyword}, body: &agg.Terms{Size: size, MinDocCount: 1}, order: bucketOrder{{by: orderCount, desc: true}, {by: orderKeyOf}}}
	if err := p.index(); err != nil {
		panic(err) // without a budget there is nothing to pass
	}
	return p
}

func mustAdd(t *testing.T, p *termsPartial, value string, n int64) {
	t.Helper()
	if err := p.addCount(value, n); err != nil {
		t.Fatal(err)
	}
}

// randomRun counts by ordinal, in an order of the dictionary of its own, with values that nothing matched.
func randomRun(rng *rand.Rand, source int, counts map[string]int64, distinct int) *termRun {
	r := &termRun{source: source}
	var values [][]byte
	for _, v := range rng.Perm(distinct) {
		value := fmt.Sprintf("value-%03d", v)
		if n := counts[value]; n > 0 || rng.IntN(2) == 0 {
			values = append(values, []byte(value))
			r.counts = append(r.counts, n)
		}
	}
	r.dict = column.NewDict(values)
	return r
}

// BenchmarkMostFrequent reduces the counts of 12 segments with 18,750 users each.
func BenchmarkMostFrequent(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 2))
	zipf := rand.NewZipf(rng, 1.1, 4, 199_999)
	var runs []*termRun
	for s := range 12 {
		var values [][]byte
		var counts []int64
		ords := map[uint64]int{}
		for len(values) < 18_750 {
			v := zipf.Uint64()
			if ord, ok := ords[v]; ok {
				counts[ord]++
				continue
			}
			ords[v] = len(values)
			values, counts = append(values, fmt.Appendf(nil, "user-%06d", v)), append(counts, 1)
		}
		runs = append(runs, &termRun{source: s, dict: column.NewDict(values), counts: counts})
		runs[s].dict.Lookup(nil)
	}
	b.ReportAllocs()
	for b.Loop() {
		p := randomTerms(10)
		for _, r := range runs {
			c := *r
			c.counts = append([]int64(nil), r.counts...)
			p.runs = append(p.runs, &c)
		}
		p.addCount("user-000000", 1) // as a segment without dictionary leaves it
		if _, err := p.result(&reducer{maxBuckets: 1000}); err != nil {
			b.Fatal(err)
		}
	}
}
