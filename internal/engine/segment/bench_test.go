package segment

import (
	"fmt"
	"io"
	"testing"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// benchInputs are 64 full batches: half a million documents of five fields, about 110 bytes each.
func benchInputs(b *testing.B) []Input {
	var inputs []Input
	for i := range 64 {
		inputs = append(inputs, Input{Segment: sampleBatch(b, i*8192, 8192)})
	}
	return inputs
}

func BenchmarkWrite(b *testing.B) {
	inputs := benchInputs(b)
	var info Info
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if info, err = Write(vfs.NewMem(), "x", inputs, sampleOptions); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(info.Rows), "ns/doc")
	b.ReportMetric(float64(info.Bytes)/float64(info.Rows), "bytes/doc")
}

// BenchmarkLookup finds a rare word and an id in a file with a warm cache.
func BenchmarkLookup(b *testing.B) {
	mem := vfs.NewMem()
	if _, err := Write(mem, "x", benchInputs(b), sampleOptions); err != nil {
		b.Fatal(err)
	}
	f, err := Open(mem, "x", NewCache(64<<20))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	b.Run("token", func(b *testing.B) {
		b.ReportAllocs()
		text := f.Text("message")
		for b.Loop() {
			if _, n, err := text.Lookup([]byte("300001")); err != nil || n != 1 {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("id", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if rows, err := f.IDs().Lookup([]byte("id-300007")); err != nil || len(rows) != 1 {
				b.Fatal(rows, err)
			}
		}
	})
	b.Run("unknown id", func(b *testing.B) {
		for b.Loop() {
			if _, err := f.IDs().Lookup([]byte("id-300008")); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkTextIndex indexes messages of 30 tokens.
func BenchmarkTextIndex(b *testing.B) {
	block := &column.Block{Kind: column.Bytes, Rows: column.BlockRows}
	for r := range block.Rows {
		block.Data = fmt.Appendf(block.Data, "request %08x of user-%d from 10.0.%d.%d to model gpt-large at /v1/chat/completions failed after %d ms in attempt %d of 3: "+
			"connection pool exhausted, %d requests are waiting for the next one to be free", r*7919, r%5000, r%256, r%200, r%30000, r%3, r%77)
		block.Ends = append(block.Ends, uint32(len(block.Data)))
	}
	b.ReportAllocs()
	for b.Loop() {
		t := newTextWriter(analysis.Standard, nil)
		for range 8 {
			t.addBlock(block)
		}
		if _, err := t.finish(newSink(io.Discard)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/8/column.BlockRows, "ns/doc")
}
