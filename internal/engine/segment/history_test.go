package segment

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"

	"pgregory.net/rapid"
)

// A random history: batches whose columns come and go, are single-valued, sparse or lists, and hold
// text in full or by ordinal, are merged in any grouping with rows deleted. Every grouping must
// hold the values of the rows that are left, in order.

// drawColumn makes a column's block and dictionary.
func drawColumn(rng *rand.Rand, name string, rows int) BatchField {
	f := BatchField{Name: name}
	b := &column.Block{Rows: rows}
	switch name {
	case "int":
		b.Kind = column.Int64
	case "float":
		b.Kind = column.Float64
	case "ip":
		b.Kind = column.Fixed16
	default:
		b.Kind = column.Bytes
		if rng.IntN(2) == 0 {
			b.Kind = column.Ordinal
			f.Dict = [][]byte{[]byte("words in common"), []byte("Ärger"), nil, fmt.Append(nil, rng.IntN(1000))}
		}
	}
	values := rows
	switch rng.IntN(4) {
	case 0:
		b.Present = column.NewBitmap(rows)
		for r := range rows {
			if rng.IntN(3) > 0 {
				b.Present.Set(r)
			}
		}
	case 1:
		b.Offsets = []uint32{0}
		for range rows {
			b.Offsets = append(b.Offsets, b.Offsets[len(b.Offsets)-1]+uint32(rng.IntN(3)))
		}
		values = b.Values()
	}
	unique := rng.IntN(2) == 0
	for i := range values {
		n := rng.IntN(20)
		if unique {
			n = rng.IntN(1 << 30)
		}
		if b.Present != nil && !b.Present.Has(i) {
			n = 0
		}
		switch b.Kind {
		case column.Int64:
			b.Ints = append(b.Ints, int64(n))
		case column.Float64:
			b.Floats = append(b.Floats, float64(n)/100)
		case column.Ordinal:
			b.Ords = append(b.Ords, uint32(n%len(f.Dict)))
		case column.Fixed16:
			b.Data = append(b.Data, make([]byte, 14)...)
			b.Data = append(b.Data, byte(n>>8), byte(n))
		case column.Bytes:
			if b.Present == nil || b.Present.Has(i) {
				b.Data = fmt.Appendf(b.Data, "value %d", n)
			}
			b.Ends = append(b.Ends, uint32(len(b.Data)))
		}
	}
	f.Doc = b
	return f
}

var historyFields = []string{"int", "float", "ip", "text", "keyword", SeqNoField}

func drawBatch(t *rapid.T, seq int) *Batch {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	rows := 1 + rng.IntN(60)
	if rng.IntN(25) == 0 {
		rows = 1 + rng.IntN(column.BlockRows)
	}
	data := BatchData{Block: BlockInfo{Rows: rows}}
	for _, name := range historyFields {
		if name == SeqNoField {
			b := &column.Block{Kind: column.Int64, Rows: rows}
			for r := range rows {
				b.Ints = append(b.Ints, int64(seq+r))
			}
			data.Fields = append(data.Fields, BatchField{Name: name, Doc: b})
		} else if rng.IntN(4) > 0 {
			data.Fields = append(data.Fields, drawColumn(rng, name, rows))
		}
	}
	data.Spaces = drawSpaces(rng, &data.Fields, rows, "", 0)
	batch, err := NewBatch(data)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return batch
}

// drawSpaces makes nested objects inside rows, and objects inside those; counts get the columns that say
// how many each row has.
func drawSpaces(rng *rand.Rand, counts *[]BatchField, rows int, prefix string, depth int) []BatchSpace {
	var out []BatchSpace
	for _, name := range []string{"items", "parts"} {
		if depth == 2 || rng.IntN(3) == 0 {
			continue
		}
		space := BatchSpace{Path: prefix + name}
		n := &column.Block{Kind: column.Int64, Rows: rows}
		for range rows {
			many := max(rng.IntN(5)-1, 0)
			n.Ints = append(n.Ints, int64(many))
			space.Rows += many
		}
		if space.Rows == 0 {
			continue
		}
		*counts = append(*counts, BatchField{Name: ChildrenField(space.Path), Doc: n})
		for _, field := range historyFields {
			if rng.IntN(3) > 0 && field != SeqNoField {
				f := drawColumn(rng, field, space.Rows)
				f.Name = space.Path + "." + field
				space.Fields = append(space.Fields, f)
			}
		}
		space.Spaces = drawSpaces(rng, &space.Fields, space.Rows, space.Path+".", depth+1)
		out = append(out, space)
	}
	return out
}

// rowTexts spells out every row of a segment, nested objects included.
func rowTexts(t interface{ Fatalf(string, ...any) }, s Segment) []string {
	return spellRows(t, s, "")
}

func spellRows(t interface{ Fatalf(string, ...any) }, s Segment, prefix string) []string {
	out := make([]string, Rows(s))
	var b column.Block
	for _, name := range historyFields {
		col := s.Column(prefix + name)
		if col == nil {
			continue
		}
		for i, info := range s.Blocks() {
			if err := col.Read(i, 0, info.Rows, &b); err != nil {
				t.Fatalf("read %s: %v", name, err)
			}
			for r := range info.Rows {
				lo, hi := b.Range(r)
				for v := lo; v < hi; v++ {
					out[info.FirstRow+r] += fmt.Sprintf("%s=%s ", name, valueText(col, &b, v))
				}
			}
		}
	}
	for _, space := range s.Spaces() {
		objects := spellRows(t, space.Rows, space.Path+".")
		children := NewChildren(s, space)
		for i, info := range s.Blocks() {
			offsets, err := children.Offsets(i)
			if err != nil {
				t.Fatalf("objects at %s: %v", space.Path, err)
			}
			for r := range info.Rows {
				for _, object := range objects[offsets[r]:offsets[r+1]] {
					out[info.FirstRow+r] += fmt.Sprintf("%s{%s} ", space.Path, object)
				}
			}
		}
	}
	return out
}

func valueText(col column.Column, b *column.Block, i int) string {
	switch b.Kind {
	case column.Int64:
		return fmt.Sprint(b.Ints[i])
	case column.Float64:
		return fmt.Sprint(b.Floats[i])
	case column.Ordinal:
		return fmt.Sprintf("%q", col.Dict().Value(b.Ords[i]))
	default:
		return fmt.Sprintf("%q", b.Bytes(i))
	}
}

func TestRandomHistories(t *testing.T) {
	opts := WriteOptions{Text: map[string]analysis.Analyzer{"text": analysis.Standard}}
	rapid.Check(t, func(t *rapid.T) {
		// Small blocks are copied too, most of the time: real ones are rare here.
		opts.minCopyRows = rapid.SampledFrom([]int{1, 10, minCopyRows}).Draw(t, "copied")
		var parts []Segment
		var want []string
		seq := 0
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			b := drawBatch(t, seq)
			seq += Rows(b)
			parts = append(parts, b)
			want = append(want, rowTexts(t, b)...)
		}
		for len(parts) > 1 || rapid.Bool().Draw(t, "rewrite") {
			from := rapid.IntRange(0, len(parts)-1).Draw(t, "from")
			to := rapid.IntRange(from+1, len(parts)).Draw(t, "to")
			inputs := make([]Input, 0, to-from)
			first := 0
			for _, p := range parts[:from] {
				first += Rows(p)
			}
			var left []string
			at := first
			for _, p := range parts[from:to] {
				in := Input{Segment: p}
				every := rapid.SampledFrom([]int{0, 0, 2, 7}).Draw(t, "delete")
				for r := range Rows(p) {
					if every > 0 && r%every == 1 {
						if in.Deleted == nil {
							in.Deleted = column.NewBitmap(Rows(p))
						}
						in.Deleted.Set(r)
					} else {
						left = append(left, want[at+r])
					}
				}
				at += Rows(p)
				inputs = append(inputs, in)
			}
			sealed, info, err := Seal(inputs, opts)
			if err != nil {
				t.Fatalf("seal: %v", err)
			}
			if info.Rows != len(left) || int(info.Blocks[len(info.Blocks)-1].MaxSeq) >= seq {
				t.Fatalf("%d rows, want %d: %+v", info.Rows, len(left), info.Blocks)
			}
			if err := sealed.Verify(); err != nil {
				t.Fatalf("verify: %v", err)
			}
			requireTokens(t, sealed)
			parts = slices.Replace(parts, from, to, Segment(sealed))
			want = slices.Replace(want, first, at, left...)
		}
		var got []string
		for _, p := range parts {
			got = append(got, rowTexts(t, p)...)
		}
		if !slices.Equal(got, want) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Fatalf("row %d of %d is %s, want %s", i, len(want), got[i], want[i])
				}
			}
			t.Fatalf("%d rows, want %d", len(got), len(want))
		}
	})
}

// requireTokens compares a text index, which may be merged of others, with the texts.
func requireTokens(t *rapid.T, f *File) {
	text := f.Text("text")
	if text == nil {
		return
	}
	want, docs := wantTokens(t, f, text.Partial())
	if text.Stats().Docs != int64(docs) {
		t.Fatalf("%d documents with text, want %d", text.Stats().Docs, docs)
	}
	checked := 0
	for token, w := range want {
		granules, n, err := text.Lookup([]byte(token))
		if err != nil || n < w.docs || n > w.docs+w.perhaps || w.perhaps == 0 && granules.Count() != len(w.granules) {
			t.Fatalf("%q: %d documents in %v, want %d to %d in %v (%v)", token, n, granules, w.docs, w.docs+w.perhaps, w.granules, err)
		}
		for g := range w.granules {
			if !granules.Has(g) {
				t.Fatalf("%q: granule %d is missing", token, g)
			}
		}
		if checked++; checked > 200 {
			break
		}
	}
}

// wantedToken is what an index must say of a token; perhaps counts the documents of which a template has it.
type wantedToken struct {
	granules      map[int]bool
	docs, perhaps int
}

// wantTokens splits all texts. The constant words of templates are left out of a partial index.
func wantTokens(t *rapid.T, f *File, partial bool) (want map[string]*wantedToken, docs int) {
	want = map[string]*wantedToken{}
	col, granule := f.Column("text"), 0
	var b column.Block
	var rows column.TemplateRows
	for i, info := range f.Blocks() {
		if err := col.Read(i, 0, info.Rows, &b); err != nil {
			t.Fatalf("read: %v", err)
		}
		constant := func(int) map[string]bool { return nil }
		if templated, ok := col.(column.Templated); ok && partial && col.Stats(i).HasValues {
			if dict, err := templated.Templates(); err == nil && dict != nil {
				if ok, err := templated.ReadTemplates(i, &rows); err == nil && ok {
					constant = func(r int) map[string]bool { return constantWords(dict, int(rows.Used[rows.Of[r]])) }
				}
			}
		}
		for r := range info.Rows {
			lo, hi := b.Range(r)
			if lo == hi {
				continue
			}
			docs++
			left := constant(r)
			for token := range rowTokens(col, &b, lo, hi) {
				if want[token] == nil {
					want[token] = &wantedToken{granules: map[int]bool{}}
				}
				if left[token] {
					want[token].perhaps++
					continue
				}
				want[token].docs++
				want[token].granules[granule+r/column.GranuleRows] = true
			}
		}
		granule += granulesOf([]BlockInfo{info})
	}
	return want, docs
}

func rowTokens(col column.Column, b *column.Block, lo, hi int) map[string]bool {
	seen := map[string]bool{}
	for v := lo; v < hi; v++ {
		value := b.Bytes
		if b.Kind == column.Ordinal {
			value = func(i int) []byte { return col.Dict().Value(b.Ords[i]) }
		}
		analysis.Standard.Tokens(value(v), func(tok analysis.Token) bool {
			seen[string(tok.Bytes)] = true
			return true
		})
	}
	return seen
}

func constantWords(dict *column.Templates, template int) map[string]bool {
	words := map[string]bool{}
	for _, e := range dict.Elements(template) {
		if e.Kind() == column.ElementWord {
			analysis.Standard.Tokens(dict.Text(e.String()), func(tok analysis.Token) bool {
				words[string(tok.Bytes)] = true
				return true
			})
		}
	}
	return words
}
