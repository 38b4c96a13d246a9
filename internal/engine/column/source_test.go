package column

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const literal = 2 // the format that keeps its bytes in these tests

// written is one row's formats and literals.
func writtenRow(s *SourceBlock, doc *Block, r int) (formats []byte, literals []string) {
	if s.Uniform {
		if lo, hi := doc.Range(r); lo < hi {
			return []byte{s.Format}, nil
		}
		return nil, nil
	}
	at := 0
	for _, f := range s.Formats[:s.Offsets[r]] {
		if f == literal {
			at++
		}
	}
	formats = slices.Clone(s.Formats[s.Offsets[r]:s.Offsets[r+1]])
	for _, f := range formats {
		if f == literal {
			literals = append(literals, string(s.Literal(at)))
			at++
		}
	}
	return formats, literals
}

// drawForms makes doc values and written forms that may belong to them.
func drawForms(t *rapid.T) (*Block, *SourceBlock) {
	rows := rapid.IntRange(1, 60).Draw(t, "rows")
	doc := &Block{Kind: Int64, Rows: rows, Ints: make([]int64, rows), Present: NewBitmap(rows)}
	s := &SourceBlock{Rows: rows, Offsets: []uint32{0}}
	format := rapid.SampledFrom([]byte{4, 5}).Draw(t, "format")
	uniform := rapid.Bool().Draw(t, "uniform")
	for r := range rows {
		if rapid.Bool().Draw(t, "present") {
			doc.Present.Set(r)
			if !uniform {
				s.Formats = append(s.Formats, rapid.SampledFrom([]byte{format, format, literal}).Draw(t, "f"))
				if s.Formats[len(s.Formats)-1] == literal {
					s.Literals = append(s.Literals, rapid.StringN(0, 4, -1).Draw(t, "literal")...)
					s.LiteralEnds = append(s.LiteralEnds, uint32(len(s.Literals)))
				}
			}
		}
		s.Offsets = append(s.Offsets, uint32(len(s.Formats)))
	}
	if uniform {
		s = &SourceBlock{Rows: rows, Uniform: true, Format: format}
	}
	return doc, s
}

func TestSourceRoundTripAndBuilder(t *testing.T) {
	var decoded SourceBlock
	rapid.Check(t, func(t *rapid.T) {
		docs := NewBuilder(Int64)
		docs.Reset()
		forms := SourceBuilder{IsLiteral: func(f byte) bool { return f == literal }, Doc: docs}
		forms.Reset()
		type row struct {
			formats  []byte
			literals []string
		}
		var want []row
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			doc, s := drawForms(t)
			from := rapid.IntRange(0, s.Rows).Draw(t, "from")
			to := rapid.IntRange(from, s.Rows).Draw(t, "to")
			docs.Append(doc, from, to)
			if rapid.IntRange(0, 4).Draw(t, "absent") == 0 {
				forms.AppendAbsent(to - from)
				want = append(want, make([]row, to-from)...)
				continue
			}
			forms.Append(s, from, to)
			for r := from; r < to; r++ {
				formats, literals := writtenRow(s, doc, r)
				want = append(want, row{formats, literals})
			}
		}
		built, _ := forms.Block()
		if err := DecodeSource(AppendSource(nil, built, Fast), len(want), &decoded); err != nil {
			t.Fatal(err)
		}
		doc := docs.Block()
		for _, s := range []*SourceBlock{built, &decoded} {
			if s.Rows != len(want) {
				t.Fatalf("%d rows, want %d", s.Rows, len(want))
			}
			for r, w := range want {
				formats, literals := writtenRow(s, doc, r)
				if !slices.Equal(formats, w.formats) || !slices.Equal(literals, w.literals) {
					t.Fatalf("row %d: %v %q, want %v %q", r, formats, literals, w.formats, w.literals)
				}
			}
		}
	})
}

func TestDict(t *testing.T) {
	b := NewDictBuilder(1000)
	var values []string
	for _, v := range []string{"WARN", "", "ERROR", "WARN", "äöü", "INFO", ""} {
		if ord, ok := b.Add([]byte(v)); !ok || int(ord) > len(values) {
			t.Fatalf("%q: %d %v", v, ord, ok)
		} else if int(ord) == len(values) {
			values = append(values, v)
		}
	}
	d, err := DecodeDict(AppendDict(nil, b.Dict(), Fast))
	if err != nil {
		t.Fatal(err)
	}
	sorted := slices.Sorted(slices.Values(values))
	for ord, v := range values {
		if got := string(d.Value(uint32(ord))); got != v {
			t.Errorf("value %d is %q, want %q", ord, got, v)
		}
		if got, ok := d.Lookup([]byte(v)); !ok || int(got) != ord {
			t.Errorf("%q is ordinal %d %v, want %d", v, got, ok, ord)
		}
		if rank := d.Ranks()[ord]; sorted[rank] != v {
			t.Errorf("%q has rank %d", v, rank)
		}
	}
	if _, ok := d.Lookup([]byte("DEBUG")); ok {
		t.Error("a value that is not there was found")
	}
	if _, ok := b.Add(make([]byte, 1000)); ok {
		t.Error("a dictionary has grown past its bytes")
	}
}

func TestUnknownEncodingsAreNamed(t *testing.T) {
	b := &Block{Kind: Int64, Rows: 3, Ints: []int64{1, 9, 3}}
	encoded := AppendBlock(nil, b, Fast)
	encoded[3] = 200 // the stream's encoding, after kind, rows and layout
	err := DecodeBlock(encoded, Int64, 3, 0, 3, new(Block))
	if err == nil || err.Error() != "damaged column data: unknown encoding 200 of integers" {
		t.Fatalf("got %v", err)
	}
}
