package exec

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// fill makes n numbers of a distribution.
func fill(r *rand.Rand, n int, next func() float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = next()
	}
	return out
}

// TestQuantilesAreWithinOnePercent checks the promised error on distributions that latencies have, in
// one sketch and merged from several.
func TestQuantilesAreWithinOnePercent(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for name, next := range map[string]func() float64{
		"log-normal": func() float64 { return math.Exp(r.NormFloat64()*2 + 3) },
		"uniform":    func() float64 { return r.Float64() * 1000 },
		"negative":   func() float64 { return -math.Exp(r.NormFloat64() * 3) },
		"both signs": func() float64 { return r.NormFloat64() * 100 },
		"tiny":       func() float64 { return r.Float64() * 1e-200 },
		"integers":   func() float64 { return float64(r.IntN(50)) },
		"constant":   func() float64 { return 42 },
	} {
		values := fill(r, 20_000, next)
		whole, merged := &quantiles{}, &quantiles{}
		for part := range slices.Chunk(values, 3333) {
			q := &quantiles{}
			for _, v := range part {
				if err := q.add(v); err != nil {
					t.Fatal(err)
				}
				if err := whole.add(v); err != nil {
					t.Fatal(err)
				}
			}
			if err := merged.merge(q); err != nil {
				t.Fatal(err)
			}
		}
		slices.Sort(values)
		for _, share := range []float64{0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1} {
			rank := share * float64(len(values)-1)
			lo, hi := values[int(math.Floor(rank))], values[int(math.Ceil(rank))]
			for _, q := range []*quantiles{whole, merged} {
				got, ok := q.quantile(share)
				if !ok || got < lo-0.01*math.Abs(lo) || got > hi+0.01*math.Abs(hi) {
					t.Errorf("%s: quantile %v is %v, want %v to %v", name, share, got, lo, hi)
				}
			}
		}
	}
}

func TestQuantilesEdges(t *testing.T) {
	q := &quantiles{}
	if _, ok := q.quantile(0.5); ok {
		t.Error("no values have no median")
	}
	for _, v := range []float64{math.NaN(), 1, 2} {
		if err := q.add(v); err != nil {
			t.Fatal(err)
		}
	}
	if v, _ := q.quantile(0.5); v != 1.5 {
		t.Errorf("median of 1 and 2 is %v", v)
	}
	many, digits := &quantiles{}, newHDR(3, nil)
	for i := range exactQuantiles {
		if err := cmp.Or(many.add(float64(i)), digits.add(float64(i))); err != nil {
			t.Fatal(err)
		}
	}
	for _, share := range []float64{-0.05, 1.5, math.NaN(), math.Inf(1), math.Inf(-1)} { // "p.NaN" in a path asks for one
		for _, s := range []sketch{q, many, digits} {
			if v, ok := s.quantile(share); ok {
				t.Errorf("of %T the quantile %v is %v", s, share, v)
			}
		}
	}
	if share, _ := q.rank(1); share != 0.5 {
		t.Errorf("share up to 1 is %v", share)
	}
}

func TestSlots(t *testing.T) {
	for _, v := range []float64{0, 1e-308, 0.1, 1, 1.5, 1e300, -0.1, -1e300} {
		a, b := slotBounds(slotOf(v))
		if v < min(a, b) || v > max(a, b) {
			t.Errorf("%v is outside its bucket %v to %v", v, a, b)
		}
	}
}

func TestDistinct(t *testing.T) {
	const limit = 1000
	for _, n := range []int{0, 1, 16, 999, 1000, 1001, 50_000} {
		a, b := &distinct{limit: limit}, &distinct{limit: limit}
		for i := range n {
			for _, d := range []*distinct{a, b} {
				if d == b && i%3 == 0 {
					continue // b has two thirds of a's
				}
				if err := d.add(hashNumber(uint64(i))); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := b.merge(a); err != nil {
			t.Fatal(err)
		}
		for _, d := range []*distinct{a, b} {
			off := math.Abs(float64(d.count() - int64(n)))
			if n <= limit && off != 0 || off > 0.03*float64(n) {
				t.Errorf("%d distinct values are counted as %d", n, d.count())
			}
		}
	}
}

// TestQuantilesInAnyOrder: one quantile does not disturb the next, nor a number that comes after it.
func TestQuantilesInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	q, all := &quantiles{}, []float64(nil)
	for range 1000 {
		v := float64(r.IntN(500))
		all = append(all, v)
		if err := q.add(v); err != nil {
			t.Fatal(err)
		}
		share := float64(r.IntN(11)) / 10
		got, _ := q.quantile(share)
		slices.Sort(all)
		rank := share * float64(len(all)-1)
		lo := int(rank)
		want := all[lo]
		if lo+1 < len(all) {
			want += (all[lo+1] - want) * (rank - float64(lo))
		}
		if got != want {
			t.Fatalf("the quantile %v of %d numbers is %v, want %v", share, len(all), got, want)
		}
	}
}

// TestQuantilesShared: copies read the same numbers, and none is disturbed by what another does.
func TestQuantilesShared(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	q, all := &quantiles{}, fill(r, 500, func() float64 { return float64(r.IntN(300)) })
	for _, v := range all {
		if err := q.add(v); err != nil {
			t.Fatal(err)
		}
	}
	want := func(all []float64, share float64) float64 {
		sorted := slices.Sorted(slices.Values(all))
		rank := share * float64(len(sorted)-1)
		lo := int(rank)
		return sorted[lo] + (sorted[min(lo+1, len(sorted)-1)]-sorted[lo])*(rank-float64(lo))
	}
	q.quantile(0.5)
	copies := []*quantiles{q.share(nil), q.share(nil), q.share(nil)}
	kept := copies[0]
	for range 20 {
		copies = append(copies, kept.share(nil))
	}
	held := make([][]float64, len(copies))
	for i := range held {
		held[i] = slices.Clone(all)
	}
	for range 2000 {
		at := 1 + r.IntN(len(copies)-1)
		switch c := copies[at]; r.IntN(5) {
		case 0:
			v := float64(r.IntN(300))
			held[at] = append(held[at], v)
			if err := c.add(v); err != nil {
				t.Fatal(err)
			}
		case 1:
			c.each(func(float64, int64) {})
		default:
			share := float64(r.IntN(21)) / 20
			if got, _ := c.quantile(share); got != want(held[at], share) {
				t.Fatalf("the quantile %v of copy %d is %v, want %v", share, at, got, want(held[at], share))
			}
		}
	}
	for share := 0.0; share <= 1; share += 0.05 {
		if got, _ := kept.share(nil).quantile(share); got != want(all, share) {
			t.Errorf("the quantile %v of what was shared is %v, want %v", share, got, want(all, share))
		}
	}
}

// TestSelectAt compares with sorting, on lists that make bad pivots too.
func TestSelectAt(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	kinds := map[string]func(i, n int) float64{
		"random":       func(int, int) float64 { return r.NormFloat64() },
		"few values":   func(int, int) float64 { return float64(r.IntN(3)) },
		"the same":     func(int, int) float64 { return 7 },
		"ascending":    func(i, _ int) float64 { return float64(i) },
		"descending":   func(i, n int) float64 { return float64(n - i) },
		"organ pipe":   func(i, n int) float64 { return float64(min(i, n-i)) },
		"valley":       func(i, n int) float64 { return float64(max(i, n-i)) },
		"with extreme": func(i, _ int) float64 { return []float64{math.Inf(-1), 0, math.MaxFloat64, math.Inf(1)}[i%4] },
	}
	for name, next := range kinds {
		for _, n := range []int{1, 2, 24, 25, 26, 100, 2048} {
			list := make([]float64, n)
			for i := range list {
				list[i] = next(i, n)
			}
			sorted := slices.Clone(list)
			slices.Sort(sorted)
			for range 20 {
				at := r.IntN(n)
				if got := selectAt(list, at); got != sorted[at] {
					t.Fatalf("%s, %d numbers: the one at %d is %v, want %v", name, n, at, got, sorted[at])
				}
				for i, v := range list {
					if i < at && v > list[at] || i > at && v < list[at] {
						t.Fatalf("%s, %d numbers: %v at %d is on the wrong side of %v at %d", name, n, v, i, list[at], at)
					}
				}
			}
			slices.Sort(list)
			if !slices.Equal(list, sorted) {
				t.Fatalf("%s, %d numbers: they are others now", name, n)
			}
		}
	}
}
