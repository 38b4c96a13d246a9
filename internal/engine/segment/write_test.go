package segment

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// sampleBatch makes a batch of log-like documents {"message":…,"level":…,"took":…,"tags":[…],"scores":[…]}; each
// score is a nested object.
// Documents are numbered from first on; content depends on the number alone.
func sampleBatch(t testing.TB, first, rows int) *Batch {
	t.Helper()
	b := BatchData{Block: BlockInfo{Rows: rows, HasTime: true, MinTime: int64(first), MaxTime: int64(first + rows - 1), MinSeq: int64(first), MaxSeq: int64(first + rows - 1)}}
	message := &column.Block{Kind: column.Bytes, Rows: rows}
	messageForms := &column.SourceBlock{Rows: rows, Offsets: []uint32{0}}
	level := &column.Block{Kind: column.Ordinal, Rows: rows}
	took := &column.Block{Kind: column.Float64, Rows: rows, Present: column.NewBitmap(rows)}
	tags := &column.Block{Kind: column.Bytes, Rows: rows, Offsets: []uint32{0}}
	tagForms := &column.SourceBlock{Rows: rows, Offsets: []uint32{0}}
	ids := &column.Block{Kind: column.Bytes, Rows: rows, Present: column.NewBitmap(rows)}
	trace := &column.Block{Kind: column.Bytes, Rows: rows}
	seq := &column.Block{Kind: column.Int64, Rows: rows}
	at := &column.Block{Kind: column.Int64, Rows: rows}
	shape := &column.Block{Kind: column.Int64, Rows: rows}
	scores := &column.Block{Kind: column.Int64}
	scoreForms := &column.SourceBlock{Rows: rows, Offsets: []uint32{0}}
	objects := &column.Block{Kind: column.Int64, Rows: rows}
	for r := range rows {
		n := first + r
		addText(message, fmt.Sprintf("request %d of user-%d failed", n, n%37))
		messageForms.Formats = append(messageForms.Formats, FormatText)
		if n%50 == 0 { // as odd escapes would be
			messageForms.Formats[r] = FormatLiteral
			messageForms.Literals = fmt.Appendf(messageForms.Literals, `"request\u0020%d of user-%d failed"`, n, n%37)
			messageForms.LiteralEnds = append(messageForms.LiteralEnds, uint32(len(messageForms.Literals)))
		}
		messageForms.Offsets = append(messageForms.Offsets, uint32(len(messageForms.Formats)))
		addText(trace, fmt.Sprintf("%08x", n*2654435761))
		level.Ords = append(level.Ords, uint32(n%3))
		took.Floats = append(took.Floats, 0)
		if n%4 != 0 {
			took.Present.Set(r)
			took.Floats[r] = float64(n%1000) / 8
		}
		for i := range n % 3 {
			addText(tags, fmt.Sprintf("tag%d", (n+i)%5))
			tagForms.Formats = append(tagForms.Formats, FormatText)
		}
		tags.Offsets = append(tags.Offsets, uint32(len(tags.Ends)))
		tagForms.Formats = append(tagForms.Formats, FormatEnd)
		tagForms.Offsets = append(tagForms.Offsets, uint32(len(tagForms.Formats)))
		for i := range n % 4 {
			scores.Ints = append(scores.Ints, int64(n*10+i))
			scoreForms.Formats = append(scoreForms.Formats, FormatInt)
		}
		scoreForms.Formats = append(scoreForms.Formats, FormatEnd)
		scoreForms.Offsets = append(scoreForms.Offsets, uint32(len(scoreForms.Formats)))
		objects.Ints = append(objects.Ints, int64(n%4))
		if n%10 == 7 {
			ids.Present.Set(r)
			ids.Data = fmt.Appendf(ids.Data, "id-%d", n)
		}
		ids.Ends = append(ids.Ends, uint32(len(ids.Data)))
		seq.Ints, at.Ints = append(seq.Ints, int64(n)), append(at.Ints, int64(n))
		shape.Ints = append(shape.Ints, int64(n%4>>1&n%4))
		if n%4 == 0 {
			shape.Ints[r] = 1
		} else {
			shape.Ints[r] = 0
		}
	}
	withTook := AppendHole([]byte(`{"message":`), HoleScalar, "message")
	withTook = AppendHole(append(withTook, `, "level":`...), HoleScalar, "level")
	without := slices.Clone(withTook)
	withTook = AppendHole(append(withTook, `, "took":`...), HoleScalar, "took")
	for _, skeleton := range []*[]byte{&withTook, &without} {
		*skeleton = AppendHole(append(*skeleton, `, "tags":`...), HoleList, "tags")
		*skeleton = append(AppendHole(append(*skeleton, `, "scores":`...), HoleList, "scores.n"), '}')
	}
	b.Shapes = []Shape{{withTook}, {without}}
	if first%2 == 1 { // other batches know the shapes in another order
		slices.Reverse(b.Shapes)
		for r := range shape.Ints {
			shape.Ints[r] = 1 - shape.Ints[r]
		}
	}
	b.Fields = []BatchField{
		{Name: "message", Doc: message, Source: messageForms},
		{Name: "level", Doc: level, Dict: [][]byte{[]byte("INFO"), []byte("WARN"), []byte("ERROR")}, Source: &column.SourceBlock{Rows: rows, Uniform: true, Format: FormatText}},
		{Name: "took", Doc: took, Source: &column.SourceBlock{Rows: rows, Uniform: true, Format: FormatFloat}},
		{Name: "tags", Doc: tags, Source: tagForms},
		{Name: "trace", Doc: trace},
		{Name: IDField, Doc: ids}, {Name: SeqNoField, Doc: seq}, {Name: "@timestamp", Doc: at}, {Name: ShapeField, Doc: shape},
		{Name: "scores.n", Source: scoreForms}, {Name: ChildrenField("scores"), Doc: objects},
	}
	if scores.Rows = len(scores.Ints); scores.Rows > 0 {
		b.Spaces = []BatchSpace{{Path: "scores", Rows: scores.Rows, Fields: []BatchField{{Name: "scores.n", Doc: scores}}}}
	}
	batch, err := NewBatch(b)
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

func addText(b *column.Block, s string) {
	b.Data = append(b.Data, s...)
	b.Ends = append(b.Ends, uint32(len(b.Data)))
}

var sampleOptions = WriteOptions{Text: map[string]analysis.Analyzer{"message": analysis.Standard, "level": analysis.Standard}}

// documents rebuilds all documents of a segment.
func documents(t testing.TB, s Segment) []string {
	t.Helper()
	r := NewSourceReader(s)
	var out []string
	for row := range Rows(s) {
		doc, err := r.Append(nil, row)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(doc))
	}
	return out
}

// ints reads a whole Int64 column without absent rows.
func ints(t testing.TB, s Segment, field string) []int64 {
	t.Helper()
	var out []int64
	var b column.Block
	for i, info := range s.Blocks() {
		if err := s.Column(field).Read(i, 0, info.Rows, &b); err != nil {
			t.Fatal(err)
		}
		out = append(out, b.Ints...)
	}
	return out
}

// sampleInputs are batches of ragged sizes with some deletes, and the rows that are live.
func sampleInputs(t testing.TB, sizes []int) (inputs []Input, live [][2]int) {
	rng := rand.New(rand.NewPCG(1, 2))
	first := 0
	for i, n := range sizes {
		in := Input{Segment: sampleBatch(t, first, n)}
		if i%2 == 1 {
			in.Deleted = column.NewBitmap(n)
			for r := range n {
				if rng.IntN(5) == 0 {
					in.Deleted.Set(r)
				}
			}
		}
		for r := range n {
			if in.Deleted == nil || !in.Deleted.Has(r) {
				live = append(live, [2]int{i, r})
			}
		}
		inputs = append(inputs, in)
		first += n + i%2
	}
	return inputs, live
}

func TestWriteKeepsDocuments(t *testing.T) {
	inputs, live := sampleInputs(t, []int{100, 5000, 1, 8192, 777, 3000})
	var want []string
	for _, in := range inputs {
		for r, doc := range documents(t, in.Segment) {
			if in.Deleted == nil || !in.Deleted.Has(r) {
				want = append(want, doc)
			}
		}
	}
	mem := vfs.NewMem()
	cache := NewCache(1 << 20)
	check := func(t *testing.T, f *File, info Info) {
		if got := documents(t, f); !slices.Equal(got, want) {
			t.Fatalf("%d documents, want %d equal ones", len(got), len(want))
		}
		if info.Rows != len(live) || Rows(f) != len(live) {
			t.Fatalf("%d rows, want %d", info.Rows, len(live))
		}
		for row, l := range live {
			if got, ok := info.RowMap.New(l[0], l[1]); !ok || got != row {
				t.Fatalf("row %v has become %d %v, want %d", l, got, ok, row)
			}
		}
		seqs := ints(t, f, SeqNoField)
		for i, b := range f.Blocks() {
			in := seqs[b.FirstRow : b.FirstRow+b.Rows]
			if b.MinSeq != slices.Min(in) || b.MaxSeq != slices.Max(in) || !b.HasTime || b.MinTime != b.MinSeq || b.MaxTime != b.MaxSeq {
				t.Fatalf("block %d: %+v", i, b)
			}
			if i < len(f.Blocks())-2 && b.Rows != column.BlockRows || b.Rows < minCopyRows {
				t.Fatalf("block %d has %d rows", i, b.Rows)
			}
		}
		if k := f.Column("level").Kind(); k != column.Ordinal {
			t.Fatalf("level is %s", k)
		}
		if k := f.Column("message").Kind(); k != column.Bytes {
			t.Fatalf("message is %s", k)
		}
		if len(f.Shapes()) != 2 {
			t.Fatalf("%d shapes", len(f.Shapes()))
		}
		checkIndexes(t, f, seqs)
		if err := f.Verify(); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("file", func(t *testing.T) {
		info, err := Write(mem, "a.seg", inputs, sampleOptions)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Open(mem, "a.seg", cache)
		if err != nil {
			t.Fatal(err)
		}
		check(t, f, info)
		if f.DiskBytes() != info.Bytes || cache.Bytes() > 1<<20 {
			t.Fatalf("file of %d bytes, written %d; cache of %d", f.DiskBytes(), info.Bytes, cache.Bytes())
		}
		// A second generation, from a file instead of batches.
		again, err := Write(mem, "b.seg", []Input{{Segment: f}}, sampleOptions)
		if err != nil {
			t.Fatal(err)
		}
		g, err := Open(mem, "b.seg", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := documents(t, g); !slices.Equal(got, want) || again.Rows != len(want) {
			t.Fatal("documents differ after a second merge")
		}
		if err := errors.Join(f.Close(), g.Close()); err != nil {
			t.Fatal(err)
		}
		if n := cache.Bytes(); n != 0 {
			t.Fatalf("the cache holds %d bytes of closed files", n)
		}
	})
	t.Run("memory", func(t *testing.T) {
		f, info, err := Seal(inputs, sampleOptions)
		if err != nil {
			t.Fatal(err)
		}
		check(t, f, info)
	})
}

// checkIndexes looks tokens and ids up; seqs leads from rows to the numbers of documents.
// granuleOf is the granule that a row belongs to.
func granuleOf(f *File, row int) int {
	n := 0
	for _, b := range f.Blocks() {
		if row < b.FirstRow+b.Rows {
			return n + (row-b.FirstRow)/column.GranuleRows
		}
		n += granulesOf([]BlockInfo{b})
	}
	return -1
}

func checkIndexes(t *testing.T, f *File, seqs []int64) {
	t.Helper()
	text := f.Text("message")
	user := 0
	for row, n := range seqs {
		if n%37 == 5 {
			user++
		}
		if row%97 == 0 {
			granules, docs, err := text.Lookup(fmt.Append(nil, n))
			if err != nil || docs < 1 || !granules.Has(granuleOf(f, row)) {
				t.Fatalf("document %d: %v %d %v", n, granules, docs, err)
			}
		}
		if n%10 == 7 {
			rows, err := f.IDs().Lookup(fmt.Appendf(nil, "id-%d", n))
			if err != nil || !slices.Contains(rows, uint32(row)) {
				t.Fatalf("id-%d: %v %v, want %d", n, rows, err, row)
			}
		}
	}
	if docs := documentsWith(t, f, "message", "request"); docs != len(seqs) {
		t.Fatalf("request: %d", docs)
	}
	if granules, docs, err := text.Lookup([]byte("nothing")); err != nil || docs != 0 || granules.Any() {
		t.Fatalf("nothing: %v %d %v", granules, docs, err)
	}
	if s := text.Stats(); s.Docs != int64(len(seqs)) || s.SumTokens != 6*s.Docs {
		t.Fatalf("stats %+v", s)
	}
	if _, docs, err := f.Text("level").Lookup([]byte("error")); err != nil || docs == 0 {
		t.Fatalf("level error: %d %v", docs, err)
	}
	if rows, err := f.IDs().Lookup([]byte("id-6")); err != nil || len(rows) > 1 {
		t.Fatalf("id-6: %v %v", rows, err)
	}
}

// documentsWith counts the documents with a word, those that have it from their template included.
func documentsWith(t *testing.T, f *File, field, word string) int {
	t.Helper()
	_, n, err := f.Text(field).Lookup([]byte(word))
	if err != nil {
		t.Fatal(err)
	}
	dict, err := f.Column(field).(column.Templated).Templates()
	if err != nil {
		t.Fatal(err)
	}
	if dict == nil || !f.Text(field).Partial() {
		return n
	}
	for template := range dict.Len() {
		for _, e := range dict.Elements(template) {
			if e.Kind() == column.ElementWord && string(dict.Text(e.String())) == word {
				n += dict.Count(template)
				break
			}
		}
	}
	return n
}

func TestWriteRefuses(t *testing.T) {
	mem := vfs.NewMem()
	batch := sampleBatch(t, 0, 10)
	if _, err := Write(mem, "x", []Input{{Segment: batch, Deleted: column.FullBitmap(10)}}, WriteOptions{}); !errors.Is(err, ErrNoRows) {
		t.Errorf("no rows: %v", err)
	}
	other, err := NewBatch(BatchData{Block: BlockInfo{Rows: 1}, Fields: []BatchField{{Name: "took", Doc: textBlock("x")}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Write(mem, "x", []Input{{Segment: batch}, {Segment: other}}, WriteOptions{}); err == nil {
		t.Error("kinds that do not fit: no error")
	}
	if names, _ := mem.List("."); len(names) != 0 {
		t.Errorf("left over: %q", names)
	}
}

func smallSegment(t testing.TB) []byte {
	t.Helper()
	var buf bytes.Buffer
	inputs := []Input{{Segment: sampleBatch(t, 0, 60)}}
	if _, err := writeSegment(newSink(&buf), inputs, newRowMap(inputs), sampleOptions); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// readAll reads everything there is and returns the documents.
func readAll(f *File) (docs []string, err error) {
	if err := f.Verify(); err != nil {
		return nil, err
	}
	r := NewSourceReader(f)
	for row := range Rows(f) {
		doc, err := r.Append(nil, row)
		if err != nil {
			return nil, err
		}
		docs = append(docs, string(doc))
	}
	if _, _, err := f.Text("message").Lookup([]byte("failed")); err != nil {
		return nil, err
	}
	_, err = f.IDs().Lookup([]byte("id-7"))
	return docs, err
}

func TestFlippedBytesAreNoticed(t *testing.T) {
	data := smallSegment(t)
	mem := vfs.NewMem()
	if err := vfs.WriteFileAtomic(mem, "x", data); err != nil {
		t.Fatal(err)
	}
	good, err := Open(mem, "x", nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := readAll(good)
	if err != nil {
		t.Fatal(err)
	}
	v, err := mem.OpenReadWrite("x")
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for _, mask := range []byte{0x01, 0x80, 0xff} {
			if _, err := v.WriteAt([]byte{data[i] ^ mask}, int64(i)); err != nil {
				t.Fatal(err)
			}
			f, err := Open(mem, "x", nil)
			var got []string
			if err == nil {
				got, err = readAll(f)
			}
			if err == nil && !slices.Equal(got, want) {
				t.Fatalf("byte %d xor %#x: other documents and no error", i, mask)
			}
			if err != nil && !vfs.IsCorruption(err) {
				t.Fatalf("byte %d xor %#x: %v", i, mask, err)
			}
		}
		if _, err := v.WriteAt(data[i:i+1], int64(i)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTruncatedFilesAreNoticed(t *testing.T) {
	data := smallSegment(t)
	for n := range len(data) {
		if _, err := OpenBytes("x", data[:n]); !vfs.IsCorruption(err) {
			t.Fatalf("%d of %d bytes: %v", n, len(data), err)
		}
	}
}

func TestFailedWritesLeaveNothing(t *testing.T) {
	inputs := []Input{{Segment: sampleBatch(t, 0, 3000)}}
	for n := 0; ; n++ {
		mem := vfs.NewMem()
		fault := errorfs.Nth(n)
		_, err := Write(errorfs.Wrap(mem, errorfs.OnMutations(fault)), "x.seg", inputs, sampleOptions)
		if !fault.Fired() {
			if err != nil {
				t.Fatal(err)
			}
			if n < 3 {
				t.Fatalf("only %d operations", n)
			}
			return
		}
		if err == nil {
			t.Fatalf("operation %d failed and Write did not", n)
		}
		if names, _ := mem.List("."); len(names) != 0 {
			t.Fatalf("operation %d failed and left %q", n, names)
		}
	}
}
