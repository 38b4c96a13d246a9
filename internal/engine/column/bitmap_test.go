package column

import (
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
