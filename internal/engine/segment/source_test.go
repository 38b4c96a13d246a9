package segment

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// TestDocumentsInAnyOrder reads documents back and forth, which must not change them.
func TestDocumentsInAnyOrder(t *testing.T) {
	inputs, _ := sampleInputs(t, []int{3000, 8192, 1, 5000})
	mem := vfs.NewMem()
	if _, err := Write(mem, "x", inputs, sampleOptions); err != nil {
		t.Fatal(err)
	}
	f, err := Open(mem, "x", NewCache(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, s := range map[string]Segment{"file": f, "batch": inputs[1].Segment} {
		want := documents(t, s)
		r := NewSourceReader(s)
		rng := rand.New(rand.NewPCG(9, 9))
		row := 0
		for range 6000 {
			// Near the last one half of the time, and backwards too.
			if row = row + rng.IntN(9) - 3; rng.IntN(2) == 0 || row < 0 || row >= len(want) {
				row = rng.IntN(len(want))
			}
			got, err := r.Append(nil, row)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != want[row] {
				t.Fatalf("%s: row %d is %s, want %s", name, row, got, want[row])
			}
		}
	}
}

// TestExpectedDocuments reads documents that were announced, some of them not, in order and alone.
func TestExpectedDocuments(t *testing.T) {
	inputs, _ := sampleInputs(t, []int{3000, 8192, 1, 5000})
	mem := vfs.NewMem()
	if _, err := Write(mem, "x", inputs, sampleOptions); err != nil {
		t.Fatal(err)
	}
	f, err := Open(mem, "x", NewCache(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := documents(t, f)
	rng := rand.New(rand.NewPCG(4, 4))
	for _, step := range []int{1, 3, 50, 400, 3000} {
		var rows []int
		for row := rng.IntN(step); row < len(want); row += 1 + rng.IntN(step) {
			rows = append(rows, row)
		}
		r := NewSourceReader(f)
		r.Expect(rows)
		for i, row := range rows {
			if i%5 == 4 {
				row = rng.IntN(len(want))
			}
			got, err := r.Append(nil, row)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != want[row] {
				t.Fatalf("step %d: row %d is %s, want %s", step, row, got, want[row])
			}
		}
	}
}

// wideBatch is a full block of 22 fields, as logs of a service have them.
func wideBatch(b *testing.B) *Batch {
	const rows = column.BlockRows
	rng := rand.New(rand.NewPCG(7, 8))
	d := BatchData{Block: BlockInfo{Rows: rows}}
	shape := []byte("{")
	add := func(name string, doc *column.Block, dict [][]byte, format byte) {
		d.Fields = append(d.Fields, BatchField{Name: name, Doc: doc, Dict: dict, Source: &column.SourceBlock{Rows: rows, Uniform: true, Format: format}})
		if len(shape) > 1 {
			shape = append(shape, ',')
		}
		shape = AppendHole(fmt.Appendf(shape, "%q:", name), HoleScalar, name)
	}
	for i := range 10 {
		c := &column.Block{Kind: column.Ordinal, Rows: rows}
		var dict [][]byte
		for v := range 4 << i {
			dict = append(dict, fmt.Appendf(nil, "value-%d-of-%d", v, i))
		}
		for range rows {
			c.Ords = append(c.Ords, uint32(rng.IntN(len(dict))))
		}
		add(fmt.Sprintf("keyword%d", i), c, dict, FormatText)
	}
	for i := range 6 {
		c := &column.Block{Kind: column.Int64, Rows: rows}
		for range rows {
			c.Ints = append(c.Ints, rng.Int64N(100<<(4*i)))
		}
		add(fmt.Sprintf("number%d", i), c, nil, FormatInt)
	}
	for i := range 4 {
		c := &column.Block{Kind: column.Float64, Rows: rows}
		for range rows {
			c.Floats = append(c.Floats, float64(rng.IntN(1e6))/8)
		}
		add(fmt.Sprintf("float%d", i), c, nil, FormatFloat)
	}
	ip := &column.Block{Kind: column.Fixed16, Rows: rows}
	message := &column.Block{Kind: column.Bytes, Rows: rows}
	for range rows {
		ip.Data = append(ip.Data, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, byte(rng.IntN(256)), byte(rng.IntN(256)))
		addText(message, fmt.Sprintf("request %08x failed after %d ms: connection pool exhausted", rng.Uint32(), rng.IntN(5000)))
	}
	add("ip", ip, nil, FormatIP)
	add("message", message, nil, FormatText)
	d.Fields = append(d.Fields, BatchField{Name: ShapeField, Doc: &column.Block{Kind: column.Int64, Rows: rows, Ints: make([]int64, rows)}})
	d.Shapes = []Shape{{append(shape, '}')}}
	batch, err := NewBatch(d)
	if err != nil {
		b.Fatal(err)
	}
	return batch
}

// BenchmarkDocuments reads 50 documents that lie far apart, and 1,024 that follow each other.
func BenchmarkDocuments(b *testing.B) {
	batch := wideBatch(b)
	mem := vfs.NewMem()
	if _, err := Write(mem, "x", []Input{{Segment: batch}, {Segment: batch}, {Segment: batch}, {Segment: batch}}, WriteOptions{}); err != nil {
		b.Fatal(err)
	}
	f, err := Open(mem, "x", NewCache(64<<20))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct {
		name       string
		rows, step int
	}{{"sparse", 50, 653}, {"dense", 1024, 1}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				r := NewSourceReader(f)
				for i := range c.rows {
					if buf, err = r.Append(buf[:0], i*c.step); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.rows), "ns/doc")
		})
	}
}
