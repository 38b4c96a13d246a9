package segment

import (
	"slices"
	"testing"

	"elkhorn/internal/engine/column"
)

func textBlock(values ...string) *column.Block {
	b := &column.Block{Kind: column.Bytes, Rows: len(values)}
	for _, v := range values {
		b.Data = append(b.Data, v...)
		b.Ends = append(b.Ends, uint32(len(b.Data)))
	}
	return b
}

func TestBatchReadsAndFindsIDs(t *testing.T) {
	b, err := NewBatch(BatchData{
		Block: BlockInfo{Rows: 3},
		Fields: []BatchField{
			{Name: "status", Doc: &column.Block{Kind: column.Int64, Rows: 3, Ints: []int64{200, 404, 500}}},
			{Name: IDField, Doc: textBlock("a", "b", "a")},
			{Name: "level", Doc: &column.Block{Kind: column.Ordinal, Rows: 3, Ords: []uint32{1, 0, 1}}, Dict: [][]byte{[]byte("WARN"), []byte("ERROR")}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Fields(); !slices.Equal(got, []string{"_id", "level", "status"}) {
		t.Fatalf("fields %q", got)
	}
	var dst column.Block
	if err := b.Column("status").Read(0, 1, 3, &dst); err != nil || !slices.Equal(dst.Ints, []int64{404, 500}) {
		t.Fatalf("read %v %v", dst.Ints, err)
	}
	if err := b.Column(IDField).Read(0, 1, 3, &dst); err != nil || string(dst.Bytes(0)) != "b" || string(dst.Bytes(1)) != "a" {
		t.Fatalf("read ids: %+v %v", dst, err)
	}
	if s := b.Column("status").Stats(0); !s.HasValues || s.MinInt != 200 || s.MaxInt != 500 {
		t.Fatalf("stats %+v", s)
	}
	if rows, _ := b.IDs().Lookup([]byte("a")); !slices.Equal(rows, []uint32{0, 2}) {
		t.Fatalf("rows of a: %v", rows)
	}
	dict := b.Column("level").Dict()
	if ord, ok := dict.Lookup([]byte("ERROR")); !ok || ord != 1 || !slices.Equal(dict.Ranks(), []uint32{1, 0}) {
		t.Fatalf("dictionary: %d %v %v", ord, ok, dict.Ranks())
	}
	if b.Column("none") != nil || b.Source("status") != nil {
		t.Fatal("columns that are not there must be nil")
	}
}

func TestBatchRefusesPartsThatDoNotFit(t *testing.T) {
	for name, f := range map[string]BatchField{
		"rows":    {Name: "x", Doc: &column.Block{Kind: column.Int64, Rows: 1, Ints: []int64{1}}},
		"values":  {Name: "x", Doc: &column.Block{Kind: column.Int64, Rows: 2, Ints: []int64{1}}},
		"ordinal": {Name: "x", Doc: &column.Block{Kind: column.Ordinal, Rows: 2, Ords: []uint32{0, 1}}, Dict: [][]byte{nil}},
		"source":  {Name: "x", Source: &column.SourceBlock{Rows: 1}},
	} {
		if _, err := NewBatch(BatchData{Block: BlockInfo{Rows: 2}, Fields: []BatchField{f}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
