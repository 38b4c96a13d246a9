package exec

import (
	"math/rand/v2"
	"slices"
	"testing"

	"elkhorn/internal/engine/column"
)

// randomBlock makes a block of small numbers: full, with absent rows, or of lists.
func randomBlock(r *rand.Rand, rows int) *column.Block {
	b := &column.Block{Kind: column.Int64, Rows: rows}
	n := rows
	switch r.IntN(3) {
	case 0:
		b.Present = column.NewBitmap(rows)
		for i := range rows {
			if r.IntN(3) > 0 {
				b.Present.Set(i)
			}
		}
	case 1:
		n = 0
		b.Offsets = []uint32{0}
		for range rows {
			n += r.IntN(4)
			b.Offsets = append(b.Offsets, uint32(n))
		}
	}
	for range n {
		b.Ints = append(b.Ints, int64(r.IntN(20)))
	}
	return b
}

// TestKeepAgreesWithRowByRow compares the word-wise loops with the obvious one, for selections from
// empty to full and blocks that do not end with a word.
func TestKeepAgreesWithRowByRow(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 500 {
		rows := 1 + r.IntN(300)
		b := randomBlock(r, rows)
		sel := column.NewBitmap(rows)
		density := r.IntN(101)
		for i := range rows {
			if r.IntN(100) < density {
				sel.Set(i)
			}
		}
		lo, hi := int64(r.IntN(20)), int64(r.IntN(20))
		var want []int
		for i := sel.Next(0); i >= 0; i = sel.Next(i + 1) {
			from, to := b.Range(i)
			if slices.ContainsFunc(b.Ints[from:to], func(v int64) bool { return v >= lo && v <= hi }) {
				want = append(want, i)
			}
		}
		keepBetween(b, b.Ints, lo, hi, sel)
		if got := rowList(sel); !slices.Equal(got, want) {
			t.Fatalf("%d to %d of %+v: got %v, want %v", lo, hi, b, got, want)
		}
	}
}

func rowList(sel column.Bitmap) (rows []int) {
	for i := sel.Next(0); i >= 0; i = sel.Next(i + 1) {
		rows = append(rows, i)
	}
	return rows
}

// TestBoundsAreSafe checks the algebra of bounds against sets: what a combined bound leaves out must not
// match, and what it calls exact must.
func TestBoundsAreSafe(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	// A clause is the set of its matches among 16 rows, two a granule; its bound is made from that.
	makeClause := func() (matches uint16, b bound) {
		matches = uint16(r.Uint32()) & uint16(r.Uint32()|0x0f0f)
		exact := true
		for g := range 8 {
			switch matches >> (2 * g) & 3 {
			case 0:
				if r.IntN(4) == 0 { // an index may name too many
					b.granules |= 1 << g
					exact = false
				}
			case 3:
				b.granules |= 1 << g
			default:
				b.granules |= 1 << g
				exact = false
			}
		}
		b.exact = exact
		return matches, b
	}
	check := func(what string, matches uint16, b bound) {
		for g := range 8 {
			rows := matches >> (2 * g) & 3
			named := b.granules>>g&1 == 1
			if rows != 0 && !named || b.exact && named && rows != 3 {
				t.Fatalf("%s: matches %016b, bound %+v", what, matches, b)
			}
		}
	}
	for range 20_000 {
		m1, b1 := makeClause()
		m2, b2 := makeClause()
		check("clause", m1, b1)
		check("and", m1&m2, b1.and(b2))
		check("or", m1|m2, b1.or(b2))
		check("not", ^m1, b1.not())
	}
}

func TestAliveShiftsDeletes(t *testing.T) {
	batch := &leaf{deleted: column.NewBitmap(200)}
	batch.deleted.Set(70)
	batch.deleted.Set(130)
	batch.deleted.Set(199)
	batch.blocks = append(batch.blocks, blockAt(0, 70), blockAt(70, 65), blockAt(135, 65))
	for block, want := range [][]int{nil, {0, 60}, {64}} {
		rows := batch.blocks[block].Rows
		sel := column.NewBitmap(rows)
		batch.alive(block, sel)
		var gone []int
		for i := range rows {
			if !sel.Has(i) {
				gone = append(gone, i)
			}
		}
		if !slices.Equal(gone, want) {
			t.Errorf("block %d: rows %v are gone, want %v", block, gone, want)
		}
	}
}
