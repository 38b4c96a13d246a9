package column

import (
	"encoding/binary"
	"math"
	"slices"
)

// Packed is a block of integers or ordinals, one a row, that can be looked at without unpacking it: it
// is constant, packed with a frame of reference, or by a table. It aliases the encoded bytes and is immutable.
type Packed struct{ s intStream }

// PackedOf returns the block as Packed; ok is false where it is of another layout or encoding, has rows
// without a value or with several, or holds something else than integers. The block is checked as
// DecodeBlock does.
func PackedOf(src []byte, kind Kind, rows int) (p Packed, ok bool, err error) {
	if kind != Int64 && kind != Ordinal {
		return p, false, nil
	}
	c, layout, err := blockHead(src, kind, rows)
	if err != nil || layout != layoutDense || rows == 0 {
		return p, false, err
	}
	if len(c.rest) > 0 {
		if enc := encoding(c.rest[0]); enc != encConst && enc != encPacked && enc != encTable {
			return p, false, nil
		}
	}
	p.s, err = parseInts(c.rest, rows)
	return p, err == nil, err
}

// EveryRow says whether each row of an encoded block has exactly one value.
func EveryRow(src []byte, kind Kind, rows int) (bool, error) {
	_, layout, err := blockHead(src, kind, rows)
	return err == nil && layout == layoutDense, err
}

// Bounds returns values that no value of the block is below or above; they need not be the nearest.
func (p *Packed) Bounds() (lo, hi int64) {
	if p.s.enc == encConst {
		return p.s.first, p.s.first
	}
	if p.s.enc == encTable {
		return slices.Min(p.s.table), slices.Max(p.s.table)
	}
	lo, hi = int64(p.s.base), int64(p.s.base+(1<<p.s.width-1))
	if p.s.width == 64 || hi < lo {
		hi = math.MaxInt64
	}
	return lo, hi
}

// At returns the value of a row.
func (p *Packed) At(row int) int64 {
	if p.s.enc == encConst {
		return p.s.first
	}
	if p.s.enc == encTable {
		return p.s.table[p.bitsAt(row)]
	}
	return int64(p.s.base + p.bitsAt(row))
}

// bitsAt is the difference of a row's value from the least one, or its place in the table.
func (p *Packed) bitsAt(row int) uint64 {
	s := &p.s
	if s.width == 64 {
		return binary.LittleEndian.Uint64(s.packed[row*8:])
	}
	bit := uint64(row) * uint64(s.width)
	at := int(bit >> 3)
	if at+8 <= len(s.packed) {
		return binary.LittleEndian.Uint64(s.packed[at:]) >> (bit & 7) & (1<<s.width - 1)
	}
	var tail [8]byte
	copy(tail[:], s.packed[at:])
	return binary.LittleEndian.Uint64(tail[:]) >> (bit & 7) & (1<<s.width - 1)
}

// Gather sets dst[row] for each of some rows; other elements keep what they hold.
func Gather[T integer](p *Packed, rows []uint16, dst []T) {
	if p.s.enc == encConst {
		for _, r := range rows {
			dst[r] = T(p.s.first)
		}
		return
	}
	if p.s.enc == encTable {
		for _, r := range rows {
			dst[r] = T(p.s.table[p.bitsAt(int(r))])
		}
		return
	}
	for _, r := range rows {
		dst[r] = T(p.s.base + p.bitsAt(int(r)))
	}
}
