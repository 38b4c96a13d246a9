package column

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// templateSample makes a block of texts by two templates and of literals, and the texts.
func templateSample(r *rand.Rand, rows int) (*TemplatesBuilder, *TemplateBlock, [][]byte) {
	b := NewTemplatesBuilder()
	took, _ := b.Add([]Element{b.Element(ElementWord, []byte("took")), b.Element(ElementText, []byte(" ")), b.Element(ElementSlot, nil), b.Element(ElementText, []byte("!"))})
	user, _ := b.Add([]Element{b.Element(ElementSlot, []byte("user_")), b.Element(ElementText, []byte(": ")), b.Element(ElementSlot, nil)})
	done, _ := b.Add([]Element{b.Element(ElementWord, []byte("done"))})
	block := &TemplateBlock{Rows: rows}
	texts := make([][]byte, rows)
	if r.IntN(2) == 0 {
		block.Present = NewBitmap(rows)
	}
	variable := func(v string) {
		block.Variables = append(block.Variables, v...)
		block.Ends = append(block.Ends, uint32(len(block.Variables)))
	}
	for row := range rows {
		if block.Present != nil {
			if r.IntN(3) == 0 {
				continue
			}
			block.Present.Set(row)
		}
		n, m := fmt.Sprint(r.IntN(1000)), fmt.Sprint(r.IntN(5))
		template := []int{LiteralTemplate, took, user, done}[r.IntN(4)]
		switch template {
		case LiteralTemplate:
			texts[row] = []byte("free text " + n + " ")
			variable(string(texts[row]))
		case took:
			texts[row] = []byte("took " + n + "!")
			variable(n)
		case user:
			texts[row] = []byte("user_" + n + ": " + m)
			variable(n)
			variable(m)
		case done:
			texts[row] = []byte("done")
		}
		block.Of = append(block.Of, uint32(template))
		b.Count(template, row/100)
	}
	return b, block, texts
}

func TestTemplatesRoundTrip(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		rows := 1 + r.IntN(3000)
		builder, block, texts := templateSample(r, rows)
		data := AppendTemplated(nil, block, builder.Slots, Fast)
		raw := AppendTemplates(nil, builder.Templates())
		dict, err := DecodeTemplates(raw)
		if err != nil {
			t.Fatal(err)
		}
		if again := AppendTemplates(nil, dict); !bytes.Equal(again, raw) {
			t.Fatal("the dictionary changes when it is written again")
		}
		from := r.IntN(rows)
		to := from + r.IntN(rows-from+1)
		var wanted Bitmap
		if r.IntN(2) == 0 {
			wanted = NewBitmap(to - from)
			for i := range to - from {
				if r.IntN(4) == 0 {
					wanted.Set(i)
				}
			}
		}
		var got Block
		if err := DecodeTemplated(data, rows, from, to, dict, wanted, &got); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := got.Check(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var of TemplateRows
		if ok, err := ReadTemplates(data, rows, dict, &of); err != nil || !ok {
			t.Fatalf("seed %d: %v %v", seed, ok, err)
		}
		for row := from; row < to; row++ {
			lo, hi := got.Range(row - from)
			if (lo < hi) != (texts[row] != nil) {
				t.Fatalf("seed %d: row %d has a value: %v", seed, row, lo < hi)
			}
			if lo == hi {
				continue
			}
			want := texts[row]
			if slots := dict.Slots(int(of.Used[of.Of[row]])); (slots == 0) != (string(want) == "done") {
				t.Fatalf("seed %d: row %d is %q with %d slots", seed, row, want, slots)
			}
			if wanted != nil && !wanted.Has(row-from) {
				want = nil
			}
			if !bytes.Equal(got.Bytes(lo), want) {
				t.Fatalf("seed %d: row %d is %q, want %q", seed, row, got.Bytes(lo), want)
			}
		}
	}
}

// TestTemplateBlocks lists the blocks of rare templates only.
func TestTemplateBlocks(t *testing.T) {
	b := NewTemplatesBuilder()
	rare, _ := b.Add([]Element{b.Element(ElementWord, []byte("rare"))})
	common, _ := b.Add([]Element{b.Element(ElementWord, []byte("common"))})
	for block := range 3 * maxTemplateBlocks {
		b.Count(common, block)
		b.Count(common, block)
		if block%maxTemplateBlocks == 1 {
			b.Count(rare, block)
		}
	}
	d, err := DecodeTemplates(AppendTemplates(nil, b.Templates()))
	if err != nil {
		t.Fatal(err)
	}
	if blocks, all := d.Blocks(rare); all || fmt.Sprint(blocks) != "[1 17 33]" || d.Count(rare) != 3 {
		t.Fatalf("rare: %v %v, %d rows", blocks, all, d.Count(rare))
	}
	if blocks, all := d.Blocks(common); !all || d.Count(common) != 6*maxTemplateBlocks {
		t.Fatalf("common: %v %v, %d rows", blocks, all, d.Count(common))
	}
}

// FuzzTemplates decodes anything as a dictionary and as a block of texts by template.
func FuzzTemplates(f *testing.F) {
	for seed := range uint64(8) {
		b, block, _ := templateSample(rand.New(rand.NewPCG(seed, 0)), 50)
		f.Add(AppendTemplates(nil, b.Templates()), AppendTemplated(nil, block, b.Slots, Fast), uint16(50))
	}
	f.Fuzz(func(t *testing.T, dictionary, data []byte, rows uint16) {
		dict, err := DecodeTemplates(dictionary)
		if err != nil {
			return
		}
		for i := range dict.Len() {
			dict.Blocks(i)
			for _, e := range dict.Elements(i) {
				dict.Text(e.String())
			}
		}
		var b Block
		if err := DecodeTemplated(data, int(rows), 0, int(rows), dict, nil, &b); err == nil {
			if err := b.Check(); err != nil {
				t.Fatal(err)
			}
		}
		var of TemplateRows
		if ok, err := ReadTemplates(data, int(rows), dict, &of); err == nil && ok {
			for r := range of.Rows {
				if of.Present == nil || of.Present.Has(r) {
					_ = of.Used[of.Of[r]]
				}
			}
		}
	})
}
