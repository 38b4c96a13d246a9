package column

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchBlocks are full blocks as log columns have them.
func benchBlocks() map[string]*Block {
	rng := rand.New(rand.NewPCG(1, 2))
	status := &Block{Kind: Int64, Rows: BlockRows}
	random := &Block{Kind: Int64, Rows: BlockRows}
	times := &Block{Kind: Int64, Rows: BlockRows}
	sparse := &Block{Kind: Int64, Rows: BlockRows, Present: NewBitmap(BlockRows)}
	price := &Block{Kind: Float64, Rows: BlockRows}
	level := &Block{Kind: Ordinal, Rows: BlockRows}
	ip := &Block{Kind: Fixed16, Rows: BlockRows}
	message := &Block{Kind: Bytes, Rows: BlockRows}
	at := int64(1714550000000)
	for r := range BlockRows {
		at += int64(rng.IntN(50))
		status.Ints = append(status.Ints, int64(200+rng.IntN(300)))
		random.Ints = append(random.Ints, int64(rng.Uint64()))
		times.Ints = append(times.Ints, at)
		sparse.Ints = append(sparse.Ints, 0)
		if rng.IntN(3) == 0 {
			sparse.Present.Set(r)
			sparse.Ints[r] = int64(rng.IntN(5000))
		}
		price.Floats = append(price.Floats, float64(rng.IntN(1e6))/100)
		level.Ords = append(level.Ords, uint32(rng.IntN(5)))
		ip.Data = append(ip.Data, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, byte(rng.IntN(256)), byte(rng.IntN(256)))
		message.Data = fmt.Appendf(message.Data, "request %08x of user-%d to /v1/chat/completions failed after %d ms: connection pool exhausted", rng.Uint32(), rng.IntN(5000), rng.IntN(30000))
		message.Ends = append(message.Ends, uint32(len(message.Data)))
	}
	return map[string]*Block{"status": status, "random": random, "time": times, "sparse": sparse, "price": price, "level": level, "ip": ip, "message": message}
}

// payload is the bytes that a reader gets.
func payload(b *Block) int64 {
	return int64(len(b.Ints)*8 + len(b.Floats)*8 + len(b.Ords)*4 + len(b.Data) + len(b.Ends)*4)
}

func BenchmarkEncode(b *testing.B) {
	for name, block := range benchBlocks() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(payload(block))
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				buf = AppendBlock(buf[:0], block, Fast)
			}
			b.ReportMetric(float64(len(buf))/BlockRows, "bytes/row")
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, block := range benchBlocks() {
		b.Run(name, func(b *testing.B) {
			encoded := AppendBlock(nil, block, Fast)
			b.SetBytes(payload(block))
			b.ReportAllocs()
			var dst Block
			for b.Loop() {
				if err := DecodeBlock(encoded, block.Kind, block.Rows, 0, block.Rows, &dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkKeep narrows a full selection to one of five levels, and to a fifth of the numbers.
func BenchmarkKeep(b *testing.B) {
	blocks := benchBlocks()
	for _, bm := range []struct {
		name   string
		lo, hi int64
	}{{"level", 3, 3}, {"status", 400, 460}} {
		b.Run(bm.name, func(b *testing.B) {
			block := blocks[bm.name]
			p, ok, err := PackedOf(AppendBlock(nil, block, Fast), block.Kind, block.Rows)
			if !ok || err != nil {
				b.Fatal(ok, err)
			}
			k, sel := NewKeeper(bm.lo, bm.hi, nil), NewBitmap(block.Rows)
			for b.Loop() {
				sel.Fill(block.Rows)
				k.Keep(&p, sel)
			}
		})
	}
}
