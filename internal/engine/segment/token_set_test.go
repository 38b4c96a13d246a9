package segment

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestTokenSet compares with sorting, over documents of all sizes and past the last round.
func TestTokenSet(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var s tokenSet
	for doc, tokens := range []int{0, 1, 5, 100, 127, 128, 129, 3, 5000, 40, 200_000, 7} {
		if doc == 5 {
			s.round = maxRound - 1 // two documents on, the table is cleared
		}
		s.reset()
		var want []uint64
		for range tokens {
			h := rng.Uint64N(uint64(tokens)) * 0x9e3779b9 & (1<<40 - 1)
			s.add(h)
			want = append(want, h)
		}
		slices.Sort(want)
		want = slices.Compact(want)
		slices.Sort(s.hashes)
		if !slices.Equal(s.hashes, want) {
			t.Fatalf("document %d has %d distinct hashes, want %d", doc, len(s.hashes), len(want))
		}
	}
}
