package postings

import (
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// store keeps pages as a segment file would.
type store struct{ data []byte }

func (s *store) sink(page []byte) (Page, error) {
	p := Page{Offset: uint64(len(s.data)), Length: uint32(len(page)), CRC: crc32.ChecksumIEEE(page)}
	s.data = append(s.data, page...)
	return p, nil
}

func (s *store) source(p Page) ([]byte, error) {
	if p.Offset > uint64(len(s.data)) || uint64(p.Length) > uint64(len(s.data))-p.Offset {
		return nil, fmt.Errorf("page at %d of %d bytes is not there", p.Offset, p.Length)
	}
	return s.data[p.Offset : p.Offset+uint64(p.Length)], nil
}

// TestTextIndex compares look-ups with sets of granules kept in maps.
func TestTextIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		granules := rapid.SampledFrom([]int{1, 2, 7, 64, 65, 130}).Draw(t, "granules")
		words := rapid.IntRange(1, 3000).Draw(t, "words")
		type posting struct {
			granules map[int]bool
			docs     int
		}
		want := map[uint64]*posting{}
		var b TextBuilder
		for g := range granules {
			for range rng.IntN(12) {
				var doc []uint64
				for range rng.IntN(14) {
					// The product makes some words common and most rare.
					w := rng.IntN(words) * rng.IntN(words) / words
					doc = append(doc, TokenHash(3, fmt.Append(nil, w)))
				}
				slices.Sort(doc)
				doc = slices.Compact(doc)
				b.AddDocument(doc)
				for _, h := range doc {
					if want[h] == nil {
						want[h] = &posting{granules: map[int]bool{}}
					}
					want[h].granules[g] = true
					want[h].docs++
				}
			}
			b.EndGranule()
		}
		var s store
		dir, err := b.Finish(s.sink)
		if err != nil {
			t.Fatal(err)
		}
		for h, p := range want {
			set, docs, err := LookupText(dir, s.source, h)
			if err != nil || docs != p.docs {
				t.Fatalf("%x: %d documents, want %d (%v)", h, docs, p.docs, err)
			}
			for g := range granules {
				if set[g>>6]>>(g&63)&1 == 1 != p.granules[g] {
					t.Fatalf("%x: granule %d is %v in %b", h, g, p.granules[g], set)
				}
			}
		}
		for w := range 50 {
			h := TokenHash(4, fmt.Append(nil, w))
			if want[h] != nil {
				continue
			}
			set, docs, err := LookupText(dir, s.source, h)
			if err != nil || docs != 0 || slices.ContainsFunc(set, func(w uint64) bool { return w != 0 }) {
				t.Fatalf("token that is nowhere: %v %d %v", set, docs, err)
			}
		}
		if err := VerifyText(dir, s.source); err != nil {
			t.Fatal(err)
		}
	})
}

func TestIDIndex(t *testing.T) {
	for _, n := range []int{0, 1, 2, 500, 20000} {
		var b IDBuilder
		for r := range n {
			b.Add(fmt.Appendf(nil, "doc-%d", r/2), uint32(r)) // each id twice
		}
		var s store
		dir, filter, err := b.Finish(s.sink)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			if dir != nil || filter != nil {
				t.Fatal("an index of nothing")
			}
			continue
		}
		for r := 0; r < n; r += 7 {
			id := fmt.Appendf(nil, "doc-%d", r/2)
			may, err := MayHaveID(filter, id)
			if err != nil || !may {
				t.Fatalf("%s: filter says %v %v", id, may, err)
			}
			rows, err := LookupID(dir, s.source, id)
			if err != nil || !slices.Contains(rows, uint32(r)) || !slices.IsSorted(rows) {
				t.Fatalf("%s: %v %v, want %d", id, rows, err, r)
			}
		}
		passed := 0
		for i := range 10000 {
			may, err := MayHaveID(filter, fmt.Appendf(nil, "other-%d", i))
			if err != nil {
				t.Fatal(err)
			}
			if may {
				passed++
			}
		}
		if passed > 100 {
			t.Errorf("of 10000 unknown ids %d pass the filter of %d", passed, n)
		}
		if err := VerifyIDs(dir, filter, s.source); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEqualHashesOverPages makes a run of equal hashes that is longer than a page.
func TestEqualHashesOverPages(t *testing.T) {
	var b IDBuilder
	const n = 10000
	for r := range n {
		b.Add([]byte("same"), uint32(r))
		b.Add(fmt.Appendf(nil, "%d", r), uint32(n+r))
	}
	var s store
	dir, _, err := b.Finish(s.sink)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := LookupID(dir, s.source, []byte("same")); err != nil || len(rows) != n {
		t.Fatalf("%d rows, want %d (%v)", len(rows), n, err)
	}
}

func FuzzTextIndex(f *testing.F) {
	var b TextBuilder
	for g := range 70 {
		b.AddDocument([]uint64{1, 5 << 33, uint64(g) << 20})
		b.EndGranule()
	}
	var s store
	dir, err := b.Finish(s.sink)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(dir, s.data, uint64(1))
	f.Fuzz(func(_ *testing.T, dir, data []byte, hash uint64) {
		s := store{data}
		if len(dir) > 1<<12 {
			return
		}
		// Whatever comes out, it must not be a panic.
		if _, _, err := LookupText(dir, s.source, hash); err != nil {
			return
		}
		if err := VerifyText(dir, s.source); err != nil {
			return
		}
	})
}

// FuzzTextMerge merges an index of anything with one that was built.
func FuzzTextMerge(f *testing.F) {
	var b TextBuilder
	for g := range 20 {
		for range 5 {
			b.AddDocument([]uint64{1, uint64(g) << 20, uint64(g%3) << 30})
		}
		b.EndGranule()
	}
	var s store
	dir, err := b.Finish(s.sink)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(dir, s.data, byte(20))
	f.Fuzz(func(t *testing.T, dir, data []byte, granules byte) {
		in, out := store{data}, store{}
		var b TextBuilder
		input := TextInput{Dir: dir, Pages: in.source}
		for range granules {
			input.Granules = append(input.Granules, uint32(b.Granules()))
			b.SkipGranules(1)
		}
		b.AddDocument([]uint64{1, 1 << 20})
		b.EndGranule()
		merged, err := b.Merge([]TextInput{input}, out.sink)
		if err != nil {
			return
		}
		if err := VerifyText(merged, out.source); err != nil {
			t.Fatalf("the merged index: %v", err)
		}
		if _, n, err := LookupText(merged, out.source, 1<<20); err != nil || n < 1 {
			t.Fatalf("the builder's own token is in %d documents (%v)", n, err)
		}
	})
}

func FuzzIDIndex(f *testing.F) {
	var b IDBuilder
	for r := range 50 {
		b.Add(fmt.Append(nil, r), uint32(r))
	}
	var s store
	dir, filter, err := b.Finish(s.sink)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(dir, filter, s.data, []byte("7"))
	f.Fuzz(func(_ *testing.T, dir, filter, data, id []byte) {
		s := store{data}
		if _, err := MayHaveID(filter, id); err != nil {
			return
		}
		if _, err := LookupID(dir, s.source, id); err != nil {
			return
		}
		if err := VerifyIDs(dir, filter, s.source); err != nil {
			return
		}
	})
}

func BenchmarkTextBuild(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	docs := make([][]uint64, 8192)
	for i := range docs {
		for range 15 {
			docs[i] = append(docs[i], TokenHash(3, fmt.Append(nil, rng.IntN(2000)*rng.IntN(50))))
		}
		slices.Sort(docs[i])
		docs[i] = slices.Compact(docs[i])
	}
	size := 0
	for b.Loop() {
		var builder TextBuilder
		for i, d := range docs {
			builder.AddDocument(d)
			if i%1024 == 1023 {
				builder.EndGranule()
			}
		}
		var s store
		dir, err := builder.Finish(s.sink)
		if err != nil {
			b.Fatal(err)
		}
		size = len(dir) + len(s.data)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(docs)), "ns/doc")
	b.ReportMetric(float64(size)/float64(len(docs)), "bytes/doc")
}

// TestMergedIndexIsTheSame merges indexes and compares the bytes with those of one built at once.
func TestMergedIndexIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var whole, late TextBuilder
		var inputs []TextInput
		for range rapid.IntRange(0, 5).Draw(t, "parts") {
			granules := rapid.SampledFrom([]int{1, 3, 20, 65}).Draw(t, "granules")
			var part TextBuilder
			builders := []*TextBuilder{&whole, &part}
			apart := rapid.Bool().Draw(t, "an index of its own")
			if !apart {
				builders[1] = &late
			}
			var s store
			in := TextInput{Pages: s.source}
			for g := range granules {
				in.Granules = append(in.Granules, uint32(whole.Granules()))
				for range rng.IntN(9) {
					var doc []uint64
					for range 12 {
						doc = append(doc, TokenHash(1, fmt.Append(nil, rng.IntN(400)*rng.IntN(400)/400)))
					}
					slices.Sort(doc)
					doc = slices.Compact(doc)
					for _, b := range builders {
						b.AddDocument(doc)
					}
				}
				if g == 1 && rng.IntN(4) == 0 {
					for _, b := range builders { // all documents of one granule have a word
						b.AddDocument([]uint64{1})
					}
				}
				for _, b := range builders {
					b.EndGranule()
				}
			}
			if apart {
				var err error
				if in.Dir, err = part.Finish(s.sink); err != nil {
					t.Fatal(err)
				}
				inputs = append(inputs, in)
				late.SkipGranules(granules)
			}
		}
		var built, merged store
		want, err := whole.Finish(built.sink)
		if err != nil {
			t.Fatal(err)
		}
		got, err := late.Merge(inputs, merged.sink)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) || !slices.Equal(merged.data, built.data) {
			t.Fatalf("merging %d indexes gives %d bytes, building %d", len(inputs), len(merged.data), len(built.data))
		}
	})
}
