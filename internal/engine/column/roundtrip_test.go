package column

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawBlock makes a random block: kinds, layouts and value distributions that each encoding is for.
func drawBlock(t *rapid.T) *Block {
	kind := Kind(rapid.IntRange(1, 5).Draw(t, "kind"))
	rows := rapid.OneOf(rapid.IntRange(0, 70), rapid.IntRange(1000, 1100), rapid.SampledFrom([]int{2048, 5000, BlockRows})).Draw(t, "rows")
	seed := rapid.Uint64().Draw(t, "seed")
	random := func() uint64 { // splitmix64: cheaper than a draw per value
		seed += 0x9e3779b97f4a7c15
		z := (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	b := &Block{Kind: kind, Rows: rows}
	values := rows
	switch rapid.SampledFrom([]string{"dense", "sparse", "few", "most", "list"}).Draw(t, "layout") {
	case "sparse":
		b.Present = drawRows(rows, func() bool { return random()&1 == 0 })
	case "few":
		b.Present = drawRows(rows, func() bool { return random()%200 == 0 })
	case "most":
		b.Present = drawRows(rows, func() bool { return random()%200 != 0 })
	case "list":
		b.Offsets = []uint32{0}
		for range rows {
			b.Offsets = append(b.Offsets, b.Offsets[len(b.Offsets)-1]+uint32(random()%4))
		}
		values = b.Values()
	}
	width := rapid.IntRange(0, 64).Draw(t, "width")
	shape := rapid.SampledFrom([]string{"same", "random", "rising", "even", "steady", "steps", "few", "outliers"}).Draw(t, "shape")
	at := random()
	next := func() uint64 {
		switch shape {
		case "same":
			return at
		case "random":
			return random() >> (64 - width) // a shift by 64 is 0
		case "rising":
			at += random() & 7
		case "even":
			at += 3
		case "steady": // in order but for a jitter
			at += 40
			return at + random()%800
		case "steps": // several writers, each a stretch at a time
			if random()%2000 == 0 {
				at = random() >> (64 - width)
			}
			at += random() % 90
		case "few": // few values far apart
			return (random() % 7) * 0x123456789
		case "outliers":
			if random()%1000 != 0 {
				return random() & 0xff
			}
			return random() >> (64 - width)
		}
		return at
	}
	for i := range values {
		v := next()
		if b.Present != nil && !b.Present.Has(i) {
			v = 0
		}
		switch kind {
		case Int64:
			b.Ints = append(b.Ints, int64(v))
		case Float64:
			b.Floats = append(b.Floats, drawFloat(v, width))
		case Ordinal:
			b.Ords = append(b.Ords, uint32(v))
		case Fixed16:
			if width%3 == 0 { // a position
				b.Data = binary.BigEndian.AppendUint64(b.Data, math.Float64bits(float64(int64(v%1800000)-900000)/1e4))
				b.Data = binary.BigEndian.AppendUint64(b.Data, math.Float64bits(float64(int64(v>>20%3600000)-1800000)/1e4))
				continue
			}
			prefix := v & 1 * uint64(width&1)
			b.Data = binary.BigEndian.AppendUint64(b.Data, prefix)
			b.Data = binary.BigEndian.AppendUint64(b.Data, v&math.MaxUint32)
		case Bytes:
			if b.Present == nil || b.Present.Has(i) {
				b.Data = append(b.Data, drawText(width, v)...)
			}
			b.Ends = append(b.Ends, uint32(len(b.Data)))
		}
	}
	return b
}

func drawText(form int, v uint64) string {
	if id := drawID(form, v); id != "" {
		return id
	}
	return fmt.Sprintf("%04x", v)[:v%5] + "some words"[v%10:]
}

// drawID makes an id of one of several forms, or none.
func drawID(form int, v uint64) string {
	const mixed = 0x9e3779b97f4a7c15
	switch a, b := v*mixed, (v+1)*mixed; form % 8 {
	case 0:
		return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
	case 1:
		return fmt.Sprintf("%08X-%04X-%04X-%04X-%012X", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
	case 2:
		return fmt.Sprintf("%016x%016x", a, b)
	case 3:
		return fmt.Sprintf("%016X", a)
	case 6: // some are in another form
		return fmt.Sprintf([...]string{"%d.%d.%d.%d", "%d.%d.0%d.%d"}[(b>>52)/4095], a>>56, a>>40&255, a>>32&255, a&255)
	case 4: // one in 64 is of another form
		return [...]string{"-", fmt.Sprintf("%016x", a)}[(a>>58+63)>>6]
	}
	return ""
}

func drawFloat(v uint64, width int) float64 {
	if v == 0 {
		return 0
	}
	switch width % 6 {
	case 4: // a decimal in single precision
		return float64(float32(float64(v%100_000_000) / 1e5))
	case 5:
		return float64(math.Float32frombits(uint32(v)))
	case 0:
		return math.Float64frombits(v)
	case 1:
		return float64(v%100000) / 100
	case 2:
		return float64(int64(v) >> 40)
	default:
		return [...]float64{math.NaN(), math.Inf(1), math.Copysign(0, -1), 5e-324, 1 << 53, 0.1}[v%6]
	}
}

func drawRows(rows int, has func() bool) Bitmap {
	b := NewBitmap(rows)
	for r := range rows {
		if has() {
			b.Set(r)
		}
	}
	return b
}

// requireSame compares rows [from, to) of want with got.
func requireSame(t fatal, want *Block, from, to int, got *Block) {
	t.Helper()
	if err := got.Check(); err != nil {
		t.Fatalf("decoded block: %v", err)
	}
	if got.Rows != to-from || got.Kind != want.Kind {
		t.Fatalf("got %s with %d rows, want %s with %d", got.Kind, got.Rows, want.Kind, to-from)
	}
	for r := from; r < to; r++ {
		lo, hi := want.Range(r)
		gotLo, gotHi := got.Range(r - from)
		if hi-lo != gotHi-gotLo {
			t.Fatalf("row %d has %d values, want %d", r, gotHi-gotLo, hi-lo)
		}
		for i := range hi - lo {
			if g, w := valueText(got, gotLo+i), valueText(want, lo+i); g != w {
				t.Fatalf("row %d value %d is %s, want %s", r, i, g, w)
			}
		}
	}
}

type fatal interface {
	Helper()
	Fatalf(string, ...any)
}

func valueText(b *Block, i int) string {
	switch b.Kind {
	case Int64:
		return fmt.Sprint(b.Ints[i])
	case Float64:
		return fmt.Sprintf("%x", math.Float64bits(b.Floats[i]))
	case Ordinal:
		return fmt.Sprint(b.Ords[i])
	default:
		return fmt.Sprintf("%q", b.Bytes(i))
	}
}

func TestBlockRoundTrip(t *testing.T) {
	var dst Block // shared, so that buffers of one kind of block are used for the next
	rapid.Check(t, func(t *rapid.T) {
		b := drawBlock(t)
		if err := b.Check(); err != nil {
			t.Fatalf("drawn block: %v", err)
		}
		encoded := AppendBlock([]byte("before"), b, Fast)[len("before"):]
		from := rapid.IntRange(0, b.Rows).Draw(t, "from")
		to := rapid.IntRange(from, b.Rows).Draw(t, "to")
		for _, r := range [][2]int{{0, b.Rows}, {from, to}, {from, min(from+1, b.Rows)}} {
			if err := DecodeBlock(encoded, b.Kind, b.Rows, r[0], r[1], &dst); err != nil {
				t.Fatalf("decode rows %v: %v", r, err)
			}
			requireSame(t, b, r[0], r[1], &dst)
		}
		b.Slice(from, to, &dst)
		requireSame(t, b, from, to, &dst)
	})
}

func TestBuilderConcatenates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBlock(t)
		builder := NewBuilder(b.Kind)
		builder.Reset()
		var want []string
		for builder.Rows() < BlockRows && rapid.IntRange(0, 4).Draw(t, "more") > 0 {
			room := BlockRows - builder.Rows()
			if rapid.Bool().Draw(t, "absent") {
				n := rapid.IntRange(0, min(room, 50)).Draw(t, "n")
				builder.AppendAbsent(n)
				want = append(want, make([]string, n)...)
				continue
			}
			from := rapid.IntRange(0, b.Rows).Draw(t, "from")
			to := rapid.IntRange(from, min(b.Rows, from+room)).Draw(t, "to")
			builder.Append(b, from, to)
			for r := from; r < to; r++ {
				want = append(want, rowText(b, r))
			}
		}
		got := builder.Block()
		if err := got.Check(); err != nil {
			t.Fatalf("built block: %v", err)
		}
		if got.Rows != len(want) {
			t.Fatalf("%d rows, want %d", got.Rows, len(want))
		}
		for r, w := range want {
			if g := rowText(got, r); g != w {
				t.Fatalf("row %d is %s, want %s", r, g, w)
			}
		}
	})
}

func rowText(b *Block, r int) string {
	text := ""
	lo, hi := b.Range(r)
	for i := lo; i < hi; i++ {
		text += valueText(b, i) + ","
	}
	return text
}
