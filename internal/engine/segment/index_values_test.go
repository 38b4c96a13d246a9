package segment

import (
	"fmt"
	"io"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// TestFilters asks each block of a file for all values of its own and for those of the others.
func TestFilters(t *testing.T) {
	inputs, _ := sampleInputs(t, []int{8192, 5000, 8192, 300})
	mem := vfs.NewMem()
	if _, err := Write(mem, "x", inputs, sampleOptions); err != nil {
		t.Fatal(err)
	}
	f, err := Open(mem, "x", NewCache(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	trace := f.Column("trace")
	var b column.Block
	passed, asked := 0, 0
	for i, info := range f.Blocks() {
		if err := trace.Read(i, 0, info.Rows, &b); err != nil {
			t.Fatal(err)
		}
		for r := range b.Rows {
			for other := range f.Blocks() {
				may, err := trace.(column.Filtered).MayHold(other, b.Bytes(r))
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case other == i && !may:
					t.Fatalf("block %d: the filter lacks %q", i, b.Bytes(r))
				case other != i && may:
					passed++
				}
				asked++
			}
		}
	}
	if passed*100 > asked {
		t.Fatalf("%d of %d values pass a filter they are not in", passed, asked)
	}
	for _, name := range []string{"level", "message", IDField, SeqNoField} {
		if e := f.field(name); e.filters != nil {
			t.Errorf("%s has filters", name)
		}
	}
}

// TestLongTextHasNoFilter leaves the filter out where nobody looks for whole values, and where there are none.
func TestLongTextHasNoFilter(t *testing.T) {
	b := &column.Block{Kind: column.Bytes, Rows: 200, Present: column.NewBitmap(200)}
	w := &filterWriter{}
	s := newSink(io.Discard)
	for _, length := range []int{0, 10, maxFilteredBytes, maxFilteredBytes + 1} {
		b.Data, b.Ends = nil, nil
		for r := range b.Rows {
			if length > 0 {
				b.Present.Set(r)
				b.Data = fmt.Appendf(b.Data, "%0*d", length, r)
			}
			b.Ends = append(b.Ends, uint32(len(b.Data)))
		}
		filter, err := w.block(s, b)
		if err != nil {
			t.Fatal(err)
		}
		if has := !filter.empty(); has != (length > 0 && length <= maxFilteredBytes) {
			t.Errorf("values of %d bytes: filter is %v", length, has)
		}
	}
}
