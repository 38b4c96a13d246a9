package column

import (
	"encoding/binary"
	"math"
	"slices"
)

// Packed is a block of integers or ordinals, one a row, that can be looked at without unpacking it: it
// is constant, packed with a frame of reference, by a table, along a line, or in frames of these. It aliases the encoded
// bytes and is immutable.
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
		if enc := encoding(c.rest[0]); enc == encDelta {
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
	switch p.s.enc {
	case encTable:
		return slices.Min(p.s.table), slices.Max(p.s.table)
	case encLinear, encFrames:
		return math.MinInt64, math.MaxInt64
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
	switch p.s.enc {
	case encTable:
		return p.s.table[p.bitsAt(row)]
	case encLinear:
		return p.s.line.at(row) + int64(p.s.base+p.bitsAt(row))
	case encFrames:
		var one [1]int64
		decodeFrames(&p.s, row, one[:])
		return one[0]
	}
	return int64(p.s.base + p.bitsAt(row))
}

// bitsAt is the difference of a row's value from the least one, or its place in the table.
func (p *Packed) bitsAt(row int) uint64 {
	s := &p.s
	if s.width == 0 {
		return 0
	}
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

// Gather sets dst[row] for each of some rows, which ascend. dst has room for all rows of the block, and may get the values
// of others too.
func Gather[T integer](p *Packed, rows []uint16, dst []T) {
	switch p.s.enc {
	case encConst:
		for _, r := range rows {
			dst[r] = T(p.s.first)
		}
	case encTable:
		for _, r := range rows {
			dst[r] = T(p.s.table[p.bitsAt(int(r))])
		}
	case encLinear:
		gatherLinear(p, 0, rows, dst)
	case encFrames:
		gatherFrames(p, rows, dst)
	default:
		for _, r := range rows {
			dst[r] = T(p.s.base + p.bitsAt(int(r)))
		}
	}
}

// gatherLinear gathers from values of which the first one belongs to row first.
func gatherLinear[T integer](p *Packed, first int, rows []uint16, dst []T) {
	for _, r := range rows {
		i := int(r) - first
		dst[r] = T(p.s.line.at(i) + int64(p.s.base+p.bitsAt(i)))
	}
}

// fewInFrame is up to how many rows of a frame are picked one by one.
const fewInFrame = frameValues / 5

func gatherFrames[T integer](p *Packed, rows []uint16, dst []T) {
	for r := p.s.frames; len(rows) > 0; {
		raw, first, end := r.next()
		n := 0
		for n < len(rows) && int(rows[n]) < end {
			n++
		}
		if n == 0 {
			continue
		}
		here := rows[:n]
		rows = rows[n:]
		frame, _ := parseRun(raw, end-first) // parseFrames has found no fault in it
		one := Packed{frame}
		switch {
		case n > fewInFrame || frame.enc == encDelta:
			decodeRun(&frame, 0, dst[first:end])
		case frame.enc == encLinear:
			gatherLinear(&one, first, here, dst)
		default:
			for _, row := range here {
				dst[row] = T(one.At(int(row) - first))
			}
		}
	}
}
