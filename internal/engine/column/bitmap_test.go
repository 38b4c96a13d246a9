package column

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestBitmapSetRange(t *testing.T) {
	for lo := range 140 {
		for hi := range 200 {
			got, want := NewBitmap(200), NewBitmap(200)
			got.SetRange(lo, hi)
			for i := lo; i < hi; i++ {
				want.Set(i)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("rows %d to %d: %x, want %x", lo, hi, got, want)
			}
		}
	}
}

// TestSpread puts values back to their rows, whatever rows are missing.
func TestSpread(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		rows := 1 + r.IntN(200)
		present, share := NewBitmap(rows), r.IntN(5)
		var values, want []int64
		for row := range rows {
			want = append(want, 0)
			if r.IntN(4) < share {
				present.Set(row)
				want[row] = int64(row + 1)
				values = append(values, want[row])
			}
		}
		if got := spread(values, present, rows); !slices.Equal(got, want) {
			t.Fatalf("rows %b: %v, want %v", present, got, want)
		}
	}
}
