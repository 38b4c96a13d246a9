package column

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestEncodingsChosen holds what a block of each kind of data takes at most, and in which encoding.
func TestEncodingsChosen(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ints := func(next func(i int) int64) *Block {
		b := &Block{Kind: Int64, Rows: BlockRows}
		for i := range BlockRows {
			b.Ints = append(b.Ints, next(i))
		}
		return b
	}
	floats := func(next func(i int) float64) *Block {
		b := &Block{Kind: Float64, Rows: BlockRows}
		for i := range BlockRows {
			b.Floats = append(b.Floats, next(i))
		}
		return b
	}
	texts := func(next func(i int) string) *Block {
		b := &Block{Kind: Bytes, Rows: BlockRows}
		for i := range BlockRows {
			b.Data = append(b.Data, next(i)...)
			b.Ends = append(b.Ends, uint32(len(b.Data)))
		}
		return b
	}
	trace := [32]uint64{}
	for _, c := range []struct {
		name  string
		block *Block
		enc   encoding
		bytes float64 // a row
	}{
		{"times of two writers, with jitter", ints(func(i int) int64 { return 1772323200000 + int64(i%4096*86) + int64(i/4096)*900_000 + r.Int64N(800) }), encFrames, 1.4},
		{"even steps", ints(func(i int) int64 { return int64(i) * 7 }), encDelta, 0.01},
		{"jitter around a line", ints(func(i int) int64 { return int64(i)*1000 + r.Int64N(200) }), encLinear, 1.02},
		{"status codes", ints(func(int) int64 { return [...]int64{200, 200, 404, 500, 503, 429}[r.IntN(6)] }), encTable, 0.4},
		{"rare outliers", ints(func(int) int64 { return r.Int64N(1 << (8 + 20*(r.Int64N(2000)/1999))) }), encFrames, 1.5},
		{"random", ints(func(int) int64 { return r.Int64() }), encPacked, 8.01},
		{"positions in single precision", floats(func(int) float64 { return float64(float32(float64(r.IntN(1_800_000)-900_000) / 1e4)) }), encDecimal32, 2.64},
		{"prices in single precision", floats(func(int) float64 { return float64(float32(float64(r.IntN(10000)) / 100)) }), encDecimal32, 1.76},
		{"single precision", floats(func(int) float64 { return float64(r.Float32()) }), encFloat32, 4.01},
		{"decimals", floats(func(int) float64 { return float64(r.IntN(1_000_000)) / 1e4 }), encDecimal, 2.51},
		{"addresses", texts(func(int) string {
			return fmt.Sprintf("%d.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256))
		}), encAddresses, 4.01},
		{"UUIDs", texts(func(int) string { return uuid(r) }), encIDs, 16.01},
		{"capital UUIDs", texts(func(int) string { return fmt.Sprintf("%X", []byte(uuid(r)[:12])) }), encIDs, 12.01},
		{"traces of five rows each", texts(func(int) string {
			at := r.IntN(len(trace))
			if trace[at] == 0 || r.IntN(5) == 0 {
				trace[at] = r.Uint64()
			}
			return fmt.Sprintf("%016x%016x", trace[at], trace[at]*0x9e3779b97f4a7c15)
		}), encIDs, 4.5},
	} {
		encoded := AppendBlock(nil, c.block, Fast)
		at := 1 + uvarintLen(BlockRows) + 1
		if got := encoding(encoded[at]); got != c.enc {
			t.Errorf("%s: encoding %d, want %d", c.name, got, c.enc)
		}
		if got := float64(len(encoded)) / BlockRows; got > c.bytes {
			t.Errorf("%s: %.3f bytes a row, want at most %.3f", c.name, got, c.bytes)
		}
		var got Block
		if err := DecodeBlock(encoded, c.block.Kind, BlockRows, 0, BlockRows, &got); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		requireSame(t, c.block, 0, BlockRows, &got)
	}
}

func uuid(r *rand.Rand) string {
	a, b := r.Uint64(), r.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
}

func uvarintLen(v uint64) int { return len(appendUvarint(nil, v)) }
