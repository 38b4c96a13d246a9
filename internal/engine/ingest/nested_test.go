package ingest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
)

const nestedMapping = `{"properties":{
	"k":{"type":"keyword"},"all":{"type":"keyword"},
	"items":{"type":"nested","properties":{
		"name":{"type":"keyword","copy_to":["all","items.any"]},"any":{"type":"keyword"},"price":{"type":"long"},
		"meta":{"properties":{"color":{"type":"keyword"}}},"off":{"dynamic":"false","properties":{"z":{"type":"keyword"}}},
		"parts":{"type":"nested","include_in_parent":true,"properties":{"n":{"type":"long"}}}}},
	"seen":{"type":"nested","include_in_root":true,"properties":{"at":{"type":"long"}}},
	"places":{"type":"nested","properties":{"at":{"type":"geo_point"},"on":{"type":"date"}}},
	"scores":{"type":"nested","properties":{"score":{"type":"float"}}}}}`

// spell prints the rows of a segment: fields as name=values, nested objects in braces.
func spell(t testing.TB, s segment.Segment) []string {
	t.Helper()
	texts := make([]strings.Builder, segment.Rows(s))
	var b column.Block
	for _, name := range s.Fields() {
		col := s.Column(name)
		if col == nil || name[0] == 0 || name[0] == '_' {
			continue
		}
		for i, info := range s.Blocks() {
			if err := col.Read(i, 0, info.Rows, &b); err != nil {
				t.Fatal(err)
			}
			for r := range info.Rows {
				var values []string
				for lo, hi := b.Range(r); lo < hi; lo++ {
					values = append(values, spellValue(col, &b, lo))
				}
				if len(values) > 0 {
					fmt.Fprintf(&texts[info.FirstRow+r], "%s=%s ", name, strings.Join(values, ","))
				}
			}
		}
	}
	for _, space := range s.Spaces() {
		objects := spell(t, space.Rows)
		children := segment.NewChildren(s, space)
		for i, info := range s.Blocks() {
			offsets, err := children.Offsets(i)
			if err != nil {
				t.Fatal(err)
			}
			for r := range info.Rows {
				for _, object := range objects[offsets[r]:offsets[r+1]] {
					fmt.Fprintf(&texts[info.FirstRow+r], "{%s} ", object)
				}
			}
		}
	}
	out := make([]string, len(texts))
	for i := range out {
		out[i] = strings.TrimSpace(texts[i].String())
	}
	return out
}

func spellValue(col column.Column, b *column.Block, i int) string {
	switch b.Kind {
	case column.Int64:
		return fmt.Sprint(b.Ints[i])
	case column.Float64:
		return fmt.Sprint(b.Floats[i])
	case column.Ordinal:
		return string(col.Dict().Value(b.Ords[i]))
	case column.Fixed16:
		lat, lon := segment.GeoPoint(b.Bytes(i))
		return fmt.Sprintf("%v:%v", lat, lon)
	}
	return string(b.Bytes(i))
}

// nestedCases are documents and what their rows hold.
var nestedCases = []struct{ doc, rows string }{
	{`{"k":"a"}`, `k=a`},
	{`{"items":[{"name":"x","price":1},{"name":["y","z"]}]}`, `all=x,y,z {items.any=x items.name=x items.price=1} {items.any=y,z items.name=y,z}`},
	{`{"items":{"any":"o","name":"x","meta":{"color":"red"}}}`, `all=x {items.any=o,x items.meta.color=red items.name=x}`},
	{`{"items":{"name":"x","any":["o","p"]},"k":"b"}`, `all=x k=b {items.any=x,o,p items.name=x}`},
	{`{"items":[]}`, ``}, {`{"items":null,"k":"c"}`, `k=c`}, {`{"items":[null,{},{"price":2}]}`, `{} {items.price=2}`},
	{`{"items":[{"price":3,"parts":[{"n":1},{"n":[2,3]}]},{"parts":{"n":4}},{"parts":[{}]}]}`,
		`{items.parts.n=1,2,3 items.price=3 {items.parts.n=1} {items.parts.n=2,3}} {items.parts.n=4 {items.parts.n=4}} {{}}`},
	{`{"items.name":"dotted"}`, `all=dotted {items.any=dotted items.name=dotted}`},
	{`{"items.parts":[{"n":1},{"n":2}]}`, `{items.parts.n=1,2 {items.parts.n=1} {items.parts.n=2}}`},
	{`{"items":[{"parts.n":5,"meta.color":"blue"}]}`, `{items.meta.color=blue items.parts.n=5 {items.parts.n=5}}`},
	{`{"items":{"price":1},"items.parts.n":null,"items.off.x":{"y":1}}`, `{items.price=1} {{}} {}`},
	{`{"seen":[{"at":1},{"at":2}]}`, `seen.at=1,2 {seen.at=1} {seen.at=2}`},
	{`{"scores":[0.5,0.25]}`, `{scores.score=0.5} {scores.score=0.25}`},
	{`{"scores":[0.5,{"score":"1"},null,[2, 3]]}`, `{scores.score=0.5} {scores.score=1} {scores.score=2} {scores.score=3}`},
	{`{"places":[{"at":["1,2","3,4"],"on":"1970-01-01T00:00:00.000123Z"},{"at":{"lat":5,"lon":6}},{"on":["1970-01-01",7]}]}`, `{places.at=1:2,3:4 places.on=0} {places.at=5:6} {places.on=0,7}`},
	{`{"scores":0.5}`, `{scores.score=0.5}`}, {`{"scores":[null, 1]}`, `{scores.score=1}`},
}

func TestNestedRows(t *testing.T) {
	b := newBatcher(t, nestedMapping)
	var want []string
	for _, c := range nestedCases {
		if err := b.add(c.doc); err != nil {
			t.Fatalf("%s: %v", c.doc, err)
		}
		want = append(want, c.rows)
	}
	b.check()
	for i, got := range spell(t, b.done[0]) {
		if got != want[i] {
			t.Errorf("%s\n\tis   %s\n\twant %s", nestedCases[i].doc, got, want[i])
		}
	}
}

// TestNestedRowsThroughMerges writes batches with deleted rows into segments and those into others: rows
// and documents stay what they were.
func TestNestedRowsThroughMerges(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	b := newBatcher(t, nestedMapping)
	for range 7 {
		for range 1 + rng.IntN(400) {
			if err := b.add(nestedCases[rng.IntN(len(nestedCases))].doc); err != nil {
				t.Fatal(err)
			}
		}
		b.seal()
		b.builder.Reset(b.builder.plan)
	}
	var parts []segment.Segment
	var docs, rows []string
	join := func(list []segment.Segment) segment.Segment {
		var inputs []segment.Input
		for _, s := range list {
			in := segment.Input{Segment: s, Deleted: column.NewBitmap(segment.Rows(s))}
			all := spell(t, s)
			r := segment.NewSourceReader(s)
			for row := range all {
				if rng.IntN(4) == 0 {
					in.Deleted.Set(row)
					continue
				}
				doc, err := r.Append(nil, row)
				if err != nil {
					t.Fatal(err)
				}
				docs, rows = append(docs, string(doc)), append(rows, all[row])
			}
			inputs = append(inputs, in)
		}
		sealed, _, err := segment.Seal(inputs, segment.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := sealed.Verify(); err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	parts = append(parts, join(b.done[:3]), join(b.done[3:]))
	docs, rows = nil, nil
	last := join(parts)
	if got := spell(t, last); !slices.Equal(got, rows) {
		t.Fatalf("%d rows, want %d equal ones", len(got), len(rows))
	}
	r := segment.NewSourceReader(last)
	for row, want := range docs {
		got, err := r.Append(nil, row)
		if err != nil || string(got) != want {
			t.Fatalf("row %d is %s (%v), want %s", row, got, err, want)
		}
	}
}

// TestNestedBesideFlattened joins documents of a segment without row spaces, as the first versions wrote nested
// objects, with others: all come back as they were written.
func TestNestedBesideFlattened(t *testing.T) {
	old := newBatcher(t, strings.NewReplacer(`"type":"nested",`, "", `"include_in_parent":true,`, "", `"include_in_root":true,`, "").Replace(nestedMapping))
	b := newBatcher(t, nestedMapping)
	var inputs []segment.Input
	var want []string
	for _, c := range nestedCases {
		for _, to := range []*batcher{old, b} {
			if err := to.add(c.doc); err != nil && to == b {
				t.Fatalf("%s: %v", c.doc, err)
			}
		}
	}
	for _, from := range []*batcher{old, b, old} {
		from.seal()
		inputs = append(inputs, segment.Input{Segment: from.done[0]})
		for _, doc := range from.sources[0] {
			want = append(want, string(doc))
		}
	}
	if len(want) < 40 {
		t.Fatalf("only %d documents", len(want))
	}
	sealed, _, err := segment.Seal(inputs, segment.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r := segment.NewSourceReader(sealed)
	for row, doc := range want {
		if got, err := r.Append(nil, row); err != nil || string(got) != doc {
			t.Fatalf("row %d is %s (%v), want %s", row, got, err, doc)
		}
	}
}

// TestManyNestedObjects has more objects than rows fit in a block, some of them in one document.
func TestManyNestedObjects(t *testing.T) {
	b := newBatcher(t, nestedMapping)
	b.builder.SetNestedLimit(NoNestedLimit)
	for _, n := range []int{3, column.BlockRows + 5, 0, 2 * column.BlockRows} {
		if err := b.add(`{"scores":[` + strings.TrimSuffix(strings.Repeat("0.25,", n), ",") + `],"items":[` +
			strings.TrimSuffix(strings.Repeat(`{"price":7},`, n), ",") + `]}`); err != nil {
			t.Fatal(err)
		}
	}
	b.check()
	sealed, _, err := segment.Seal([]segment.Input{{Segment: b.done[0]}}, segment.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := spell(t, sealed), spell(t, b.done[0]); !slices.Equal(got, want) {
		t.Fatal("rows differ once written")
	}
	for row, want := range b.sources[0] {
		if got, err := segment.NewSourceReader(sealed).Append(nil, row); err != nil || string(got) != string(want) {
			t.Fatalf("row %d differs (%v)", row, err)
		}
	}
}

func TestNestedObjectsAreLimited(t *testing.T) {
	b := newBatcher(t, nestedMapping)
	b.builder.SetNestedLimit(3)
	const want = "The number of nested documents has exceeded the allowed limit of [3]. " +
		"This limit can be set by changing the [index.mapping.nested_objects.limit] index level setting."
	for _, doc := range []string{`{"scores":[1,2,3,4]}`, `{"items":[{"parts":[{},{},{}]}]}`, `{"scores":[1,2],"seen":[{},{}]}`} {
		if err := b.add(doc); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", doc, err)
		}
	}
	if err := b.add(`{"scores":[1,2,3]}`); err != nil {
		t.Fatal(err)
	}
	if b.seal(); spell(t, b.done[0])[0] != `{scores.score=1} {scores.score=2} {scores.score=3}` {
		t.Fatalf("what was refused left something behind: %s", spell(t, b.done[0]))
	}
}

// FuzzNestedSource gives any document to a mapping with nested objects: what is accepted comes back byte for byte,
// from the batch and from a segment.
func FuzzNestedSource(f *testing.F) {
	for _, c := range nestedCases {
		f.Add(c.doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		b := newBatcher(t, nestedMapping)
		if len(doc) > 1<<12 || b.add(doc) != nil || b.add(`{"items":[{"price":1,"parts":[{"n":2}]}]}`) != nil {
			return
		}
		b.seal()
		last := len(b.done) - 1
		sealed, _, err := segment.Seal([]segment.Input{{Segment: b.done[last]}}, segment.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := sealed.Verify(); err != nil {
			t.Fatal(err)
		}
		for _, s := range []segment.Segment{b.done[last], sealed} {
			r := segment.NewSourceReader(s)
			for row, want := range b.sources[last] {
				if got, err := r.Append(nil, row); err != nil || string(got) != string(want) {
					t.Fatalf("row %d is %s (%v), want %s", row, got, err, want)
				}
			}
		}
		if got, want := spell(t, sealed), spell(t, b.done[last]); !slices.Equal(got, want) {
			t.Fatalf("rows %q, want %q", got, want)
		}
	})
}
