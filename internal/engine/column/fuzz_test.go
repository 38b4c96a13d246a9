package column

import (
	"testing"

	"pgregory.net/rapid"
)

// FuzzDecode feeds every decoder: no input may make it panic, or make it allocate more than the limits
// on constants and inflation allow, and a block that decodes must be sound.
func FuzzDecode(f *testing.F) {
	seed := rapid.Custom(drawBlock)
	for i := range 60 {
		b := seed.Example(i)
		f.Add(byte(b.Kind), uint16(b.Rows), uint16(0), uint16(b.Rows), AppendBlock(nil, b, Fast))
	}
	f.Add(byte(0), uint16(3), uint16(0), uint16(3), AppendSource(nil, &SourceBlock{
		Rows: 3, Offsets: []uint32{0, 1, 1, 3}, Formats: []byte{2, 1, 2}, LiteralEnds: []uint32{2, 5}, Literals: []byte("1e2-0")}, Fast))
	f.Add(byte(0), uint16(3), uint16(0), uint16(3), AppendSource(nil, &SourceBlock{Rows: 3, Uniform: true, Format: 9}, Fast))
	f.Add(byte(0), uint16(0), uint16(0), uint16(0), AppendDict(nil, NewDict([][]byte{[]byte("b"), []byte("a"), nil}), Fast))
	f.Fuzz(func(t *testing.T, kind byte, rows, from, to uint16, data []byte) {
		var b Block
		if err := DecodeBlock(data, Kind(kind), int(rows), int(from), int(to), &b); err == nil {
			if err := b.Check(); err != nil {
				t.Fatalf("decoded block: %v", err)
			}
		}
		if p, ok, err := PackedOf(data, Kind(kind), int(rows)); err == nil && ok {
			p.At(int(rows) - 1)
			NewKeeper(0, 5, nil).Keep(&p, FullBitmap(int(rows)))
		}
		if _, err := KeepTexts(data, int(rows), [][]byte{[]byte("00000000")}, FullBitmap(int(rows))); err != nil && Kind(kind) == Bytes && b.Rows > 0 && from == 0 && to == rows {
			if err := DecodeBlock(data, Bytes, int(rows), 0, int(rows), &b); err == nil {
				t.Fatal("a block that decodes cannot be searched")
			}
		}
		var s SourceBlock
		if err := DecodeSource(data, int(rows), &s); err == nil && !s.Uniform {
			if err := checkOffsets(s.Offsets, s.Rows); err != nil || int(s.Offsets[s.Rows]) != len(s.Formats) {
				t.Fatalf("decoded written forms: %v", err)
			}
			for i := range s.LiteralEnds {
				s.Literal(i)
			}
		}
		if d, err := DecodeDict(data); err == nil {
			for ord := range d.Len() {
				d.Value(uint32(ord))
			}
			d.Lookup([]byte("a"))
			d.Ranks()
		}
		number := func(template uint32, _ int) uint32 { return template + 1 }
		if out, err := RenumberTemplates(nil, data, int(rows), 1<<16, number); err == nil && int(rows) > 0 && len(out) == 0 {
			t.Fatal("renumbering templates loses the block")
		}
		if texts, err := DecodeTexts(data); err == nil && len(texts) > 0 && cap(texts[0]) != len(texts[0]) {
			t.Fatal("texts share room to grow")
		}
	})
}
