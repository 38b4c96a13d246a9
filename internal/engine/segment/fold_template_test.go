package segment

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
)

// textBatch makes a batch of one text column; empty texts are absent.
func textBatch(t *testing.T, texts []string) *Batch {
	t.Helper()
	b := &column.Block{Kind: column.Bytes, Rows: len(texts), Present: column.NewBitmap(len(texts))}
	for r, text := range texts {
		if text != "" {
			b.Present.Set(r)
		}
		addText(b, text)
	}
	batch, err := NewBatch(BatchData{Block: BlockInfo{Rows: len(texts)}, Fields: []BatchField{{Name: "m", Doc: b}}})
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

// someTexts are messages of a few forms, now and then one of a kind, and stretches of prose.
func someTexts(r *rand.Rand, n int) []string {
	var out []string
	prose := false
	for i := range n {
		if i%500 == 0 {
			prose = r.IntN(5) == 0
		}
		switch k := r.IntN(20); {
		case prose || k == 0:
			text := ""
			for range 3 + r.IntN(8) {
				text += string([]byte{'a' + byte(r.IntN(26)), 'a' + byte(r.IntN(26)), ' '})
			}
			out = append(out, text)
		case k == 1:
			out = append(out, "")
		default:
			out = append(out, []string{
				fmt.Sprintf("request %d of user_%d failed", r.IntN(1000), r.IntN(20)), fmt.Sprintf("%08x done", r.Uint32()),
				fmt.Sprintf("pool %d: %d of %d used", r.IntN(5), r.IntN(10), 10), "nothing varies"}[r.IntN(4)])
		}
	}
	return out
}

// TestMergeByTemplate merges files and batches with deleted rows, and compares texts and index with those of a segment that was
// written from the texts alone.
func TestMergeByTemplate(t *testing.T) {
	opts := WriteOptions{Text: map[string]analysis.Analyzer{"m": analysis.Standard}}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 7))
		var inputs []Input
		var want []string
		for range 2 + r.IntN(4) {
			texts := someTexts(r, 100+r.IntN(column.BlockRows-100))
			in := Input{Segment: textBatch(t, texts)}
			if r.IntN(4) > 0 {
				f, _, err := Seal([]Input{in}, opts)
				if err != nil {
					t.Fatal(err)
				}
				in.Segment = f
			}
			if r.IntN(2) == 0 {
				in.Deleted = column.NewBitmap(len(texts))
			}
			for row, text := range texts {
				if in.Deleted != nil && r.IntN(10) == 0 {
					in.Deleted.Set(row)
				} else {
					want = append(want, text)
				}
			}
			inputs = append(inputs, in)
		}
		merged, _, err := Seal(inputs, opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := merged.Verify(); err != nil {
			t.Fatal(err)
		}
		var plain []Input
		for from := 0; from < len(want); from += column.BlockRows {
			plain = append(plain, Input{Segment: textBatch(t, want[from:min(from+column.BlockRows, len(want))])})
		}
		fresh, _, err := Seal(plain, opts)
		if err != nil {
			t.Fatal(err)
		}
		for name, f := range map[string]*File{"merged": merged, "written anew": fresh} {
			row := 0
			var b column.Block
			for i, info := range f.Blocks() {
				if err := f.Column("m").Read(i, 0, info.Rows, &b); err != nil {
					t.Fatal(err)
				}
				for r := range info.Rows {
					got := ""
					if lo, hi := b.Range(r); lo < hi {
						got = string(b.Bytes(lo))
					}
					if got != want[row] {
						t.Fatalf("seed %d, %s: row %d is %q, want %q", seed, name, row, got, want[row])
					}
					row++
				}
			}
		}
		if got, want := merged.Text("m").Stats(), fresh.Text("m").Stats(); got != want {
			t.Fatalf("seed %d: stats %+v, want %+v", seed, got, want)
		}
		for _, word := range []string{"request", "user_7", "3", "10", "used", "ab", "nothing", "varies", "failed", "zq"} {
			if got, want := documentsWith(t, merged, "m", word), documentsWith(t, fresh, "m", word); got != want {
				t.Fatalf("seed %d: %d documents with %q, want %d", seed, got, word, want)
			}
		}
	}
}
