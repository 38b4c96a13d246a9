package column

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestPacked: what a packed block says of its values is what unpacking it gives.
func TestPacked(t *testing.T) {
	looked := 0
	rapid.Check(t, func(t *rapid.T) {
		b := drawBlock(t)
		src := AppendBlock(nil, b, Fast)
		every, err := EveryRow(src, b.Kind, b.Rows)
		if err != nil || every != (b.Offsets == nil && b.Present == nil) {
			t.Fatalf("EveryRow says %v, %v of a block with offsets %v and present rows %v", every, err, b.Offsets != nil, b.Present != nil)
		}
		p, ok, err := PackedOf(src, b.Kind, b.Rows)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return
		}
		looked++
		values := slices.Clone(b.Ints)
		for _, ord := range b.Ords {
			values = append(values, int64(ord))
		}
		lo, hi := p.Bounds()
		for r, v := range values {
			if p.At(r) != v || v < lo || v > hi {
				t.Fatalf("row %d is %d of %d to %d, want %d", r, p.At(r), lo, hi, v)
			}
		}
		requireGather(t, &p, values)
		for range 5 {
			requireKeep(t, &p, values)
		}
	})
	if looked == 0 {
		t.Error("no block was packed")
	}
}

func requireGather(t *rapid.T, p *Packed, values []int64) {
	got := make([]int64, len(values))
	var rows []uint16
	for r := rapid.IntRange(0, 9).Draw(t, "first"); r < len(values); r += rapid.IntRange(1, 2000).Draw(t, "step") {
		rows = append(rows, uint16(r))
	}
	Gather(p, rows, got)
	for _, r := range rows {
		if got[r] != values[r] {
			t.Fatalf("row %d gathers %d, want %d", r, got[r], values[r])
		}
	}
}

func requireKeep(t *rapid.T, p *Packed, values []int64) {
	pick := rapid.OneOf(rapid.SampledFrom(values), rapid.Int64())
	lo, hi := pick.Draw(t, "lo"), pick.Draw(t, "hi")
	var set Bitmap
	if least, greatest := slices.Min(values), slices.Max(values); least >= 0 && greatest < 1<<20 && rapid.Bool().Draw(t, "with a set") {
		lo, hi = max(lo, 0), min(hi, greatest)
		set = NewBitmap(int(greatest) + 1)
		for v := lo; v <= hi; v += 1 + v%3 {
			set.Set(int(v))
		}
	}
	sel := NewBitmap(len(values))
	every := rapid.SampledFrom([]int{1, 2, 7, 100}).Draw(t, "every")
	for r := 0; r < len(values); r += every {
		sel.Set(r)
	}
	before := sel.Clone()
	k := NewKeeper(lo, hi, set)
	k.Keep(p, sel)
	k.Keep(p, sel) // with the table it has
	for r, v := range values {
		want := before.Has(r) && v >= lo && v <= hi && (set == nil || set.Has(int(v)))
		if sel.Has(r) != want {
			t.Fatalf("row %d with %d is kept: %v, want %v, of %d to %d", r, v, sel.Has(r), want, lo, hi)
		}
	}
}

// TestPackedEncodings: each encoding that a packed block may have is looked at as it is unpacked.
func TestPackedEncodings(t *testing.T) {
	for name, shape := range map[string]struct {
		enc   encoding
		value func(i int, random uint64) int64
	}{
		"linear": {encLinear, func(i int, random uint64) int64 { return int64(i)*90 + int64(random%200) }},
		"frames": {encFrames, func(i int, random uint64) int64 { return int64(i/700%3)*1e9 + int64(random%5000) }},
		"table":  {encTable, func(_ int, random uint64) int64 { return []int64{200, 404, 1 << 40, -7}[random%4] }},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				seed := rapid.Uint64().Draw(t, "seed")
				b := &Block{Kind: Int64, Rows: rapid.SampledFrom([]int{BlockRows, 5000, 2049}).Draw(t, "rows")}
				for i := range b.Rows {
					seed = seed*6364136223846793005 + 1442695040888963407
					b.Ints = append(b.Ints, shape.value(i, seed>>11))
				}
				p, ok, err := PackedOf(AppendBlock(nil, b, Fast), b.Kind, b.Rows)
				if !ok || err != nil || p.s.enc != shape.enc {
					t.Fatalf("encoding %d, %v, %v; want %d", p.s.enc, ok, err, shape.enc)
				}
				for r := 0; r < b.Rows; r += 37 {
					if p.At(r) != b.Ints[r] {
						t.Fatalf("row %d is %d, want %d", r, p.At(r), b.Ints[r])
					}
				}
				requireGather(t, &p, b.Ints)
				for range 5 {
					requireKeep(t, &p, b.Ints)
				}
			})
		})
	}
}

// TestKeepTexts: finding ids as they are stored is finding them spelled out.
func TestKeepTexts(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.SampledFrom([]int{8, 16, 32}).Draw(t, "digits")
		distinct := rapid.IntRange(1, 3000).Draw(t, "distinct")
		b := &Block{Kind: Bytes, Rows: rapid.IntRange(1, 3000).Draw(t, "rows")}
		id := func(i int) string {
			return fmt.Sprintf("%0*x", digits, uint64(i)*0x9e3779b97f4a7c15>>(64-min(4*digits, 64)))
		}
		for i := range b.Rows {
			b.Data = append(b.Data, id(i*7%distinct)...)
			b.Ends = append(b.Ends, uint32(len(b.Data)))
		}
		sel := FullBitmap(b.Rows)
		wanted := [][]byte{[]byte(id(rapid.IntRange(0, distinct).Draw(t, "wanted"))), []byte("no id"), []byte(id(3))}
		ok, err := KeepTexts(AppendBlock(nil, b, Fast), b.Rows, wanted, sel)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return
		}
		found++
		for r := range b.Rows {
			want := bytes.Equal(b.Bytes(r), wanted[0]) || bytes.Equal(b.Bytes(r), wanted[2])
			if sel.Has(r) != want {
				t.Fatalf("row %d with %s is kept: %v", r, b.Bytes(r), sel.Has(r))
			}
		}
	})
	if found == 0 {
		t.Error("no block was of ids")
	}
}
