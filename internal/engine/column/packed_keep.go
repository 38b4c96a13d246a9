package column

import (
	"encoding/binary"
	"math/bits"
)

// Keeper narrows selections to the rows whose value in a packed block is from lo to hi, both included,
// and of the set where there is one. It keeps a table from block to block, so it is for one goroutine.
type Keeper struct {
	lo, hi int64
	set    Bitmap // nil: all from lo to hi

	// keep says of every combination of group values of width bits, counted from base, which of them
	// are kept.
	keep  [1 << tableBits]uint8
	group uint
	width uint
	base  uint64
	// places says that keep is of places in the last block's table instead.
	places bool
}

// NewKeeper makes a Keeper; a set has room for hi.
func NewKeeper(lo, hi int64, set Bitmap) *Keeper { return &Keeper{lo: lo, hi: hi, set: set} }

// Few distinct values (levels, services, status codes) are decided by a table, several at a time where
// they fit into tableBits together. More would take longer to fill than a block takes to unpack.
const tableBits = 8

// fewBits is up to how many selected rows of a word are looked at one by one.
const fewBits = 12

// Keep takes the rows of sel that do not match out.
func (k *Keeper) Keep(p *Packed, sel Bitmap) {
	least, greatest := p.Bounds()
	switch {
	case k.lo > k.hi || greatest < k.lo || least > k.hi:
		sel.Reset()
	case least == greatest && !k.holds(least):
		sel.Reset()
	case least == greatest || k.set == nil && k.lo <= least && greatest <= k.hi:
		// all match
	case p.s.enc == encLinear || p.s.enc == encFrames:
		k.byFrame(p, sel)
	case p.s.width <= tableBits:
		k.makeTable(p)
		k.byTable(p, sel)
	default:
		k.byValue(p, sel)
	}
}

// holds says whether a value matches.
func (k *Keeper) holds(v int64) bool {
	return v >= k.lo && v <= k.hi && (k.set == nil || k.set.Has(int(v)))
}

func (k *Keeper) makeTable(p *Packed) {
	if k.width == p.s.width && k.base == p.s.base && !k.places && p.s.enc != encTable {
		return
	}
	k.width, k.base, k.group, k.places = p.s.width, p.s.base, 1, p.s.enc == encTable
	for k.group < 8 && 2*k.group*k.width <= tableBits {
		k.group *= 2
	}
	mask := uint64(1)<<k.width - 1
	for i := range k.keep[:1<<(k.group*k.width)] {
		k.keep[i] = 0
		for g := range k.group {
			v := int64(k.base + uint64(i)>>(g*k.width)&mask)
			if k.places {
				v = p.s.table[v]
			}
			if k.holds(v) {
				k.keep[i] |= 1 << g
			}
		}
	}
}

// byTable narrows sel word by word: 64 values are width times eight bytes.
func (k *Keeper) byTable(p *Packed, sel Bitmap) {
	size := int(k.width) * 8
	var tail [tableBits*8 + 8]byte
	for w, word := range sel {
		if word == 0 {
			continue
		}
		src := p.s.packed[w*size:]
		if len(src) < size+8 { // the last ones: loads would reach beyond the end
			clear(tail[:])
			copy(tail[:], src)
			src = tail[:]
		}
		sel[w] = k.word(src) & word
	}
}

// word says of 64 values which are kept. Eight of them begin at a whole byte and fit into one load.
func (k *Keeper) word(src []byte) (out uint64) {
	keep, width := &k.keep, int(k.width)
	step := k.group * k.width
	mask := uint64(1)<<step - 1
	for at := 0; at < 8*width; at += width {
		v := binary.LittleEndian.Uint64(src[at:])
		var eight uint8
		switch k.group {
		case 8:
			eight = keep[uint8(v)]
		case 4:
			eight = keep[uint8(v&mask)] | keep[uint8(v>>step&mask)]<<4
		case 2:
			high := v >> (2 * step)
			eight = keep[uint8(v&mask)] | keep[uint8(v>>step&mask)]<<2 | keep[uint8(high&mask)]<<4 | keep[uint8(high>>step&mask)]<<6
		default:
			high := v >> (4 * step)
			eight = keep[uint8(v&mask)] | keep[uint8(v>>step&mask)]<<1 | keep[uint8(v>>(2*step)&mask)]<<2 | keep[uint8(v>>(3*step)&mask)]<<3 |
				keep[uint8(high&mask)]<<4 | keep[uint8(high>>step&mask)]<<5 | keep[uint8(high>>(2*step)&mask)]<<6 | keep[uint8(high>>(3*step)&mask)]<<7
		}
		out = out>>8 | uint64(eight)<<56
	}
	return out
}

// byValue unpacks the words of rows that are dense and looks at single rows of others.
func (k *Keeper) byValue(p *Packed, sel Bitmap) {
	var values [64]int64
	for w, word := range sel {
		if word == 0 {
			continue
		}
		if bits.OnesCount64(word) <= fewBits {
			var out uint64
			for rest := word; rest != 0; rest &= rest - 1 {
				i := bits.TrailingZeros64(rest)
				if k.holds(p.At(w<<6 + i)) {
					out |= 1 << i
				}
			}
			sel[w] = out
			continue
		}
		part := values[:min(64, p.s.n-w<<6)]
		unpack(part, p.s.packed, w<<6, p.s.base, p.s.width)
		k.word64(&values, &sel[w])
	}
}

// byFrame unpacks the values of the words that have rows, a frame at a time.
func (k *Keeper) byFrame(p *Packed, sel Bitmap) {
	var values [frameValues]int64
	const words = frameValues / 64
	frames := p.s.frames
	for w := 0; w < len(sel); w += words {
		some := sel[w:min(w+words, len(sel))]
		frame, first, end := p.s, w*64, min(w*64+frameValues, p.s.n)
		if p.s.enc == encFrames {
			var raw []byte
			raw, first, end = frames.next()
			if !some.Any() {
				continue
			}
			frame, _ = parseRun(raw, end-first) // parseFrames has found no fault in it
			first, end = 0, end-first
		}
		if !some.Any() {
			continue
		}
		decodeRun(&frame, first, values[:end-first])
		for i := range some {
			k.word64((*[64]int64)(values[i*64:]), &some[i])
		}
	}
}

// word64 narrows a word of the selection by its values.
func (k *Keeper) word64(values *[64]int64, word *uint64) {
	out := between(values, k.lo, k.hi) & *word
	if k.set != nil {
		for rest := out; rest != 0; rest &= rest - 1 {
			if i := bits.TrailingZeros64(rest); !k.set.Has(int(values[i])) {
				out &^= 1 << i
			}
		}
	}
	*word = out
}

// between says of 64 values which are from lo to hi. A value is beyond when the subtraction borrows.
func between(values *[64]int64, lo, hi int64) uint64 {
	from, span := uint64(lo), uint64(hi)-uint64(lo)
	var beyond uint64
	for i := 0; i < len(values); i += 8 {
		v := (*[8]int64)(values[i : i+8])
		_, a := bits.Sub64(span, uint64(v[0])-from, 0)
		_, b := bits.Sub64(span, uint64(v[1])-from, 0)
		_, c := bits.Sub64(span, uint64(v[2])-from, 0)
		_, d := bits.Sub64(span, uint64(v[3])-from, 0)
		low := a | b<<1 | c<<2 | d<<3
		_, a = bits.Sub64(span, uint64(v[4])-from, 0)
		_, b = bits.Sub64(span, uint64(v[5])-from, 0)
		_, c = bits.Sub64(span, uint64(v[6])-from, 0)
		_, d = bits.Sub64(span, uint64(v[7])-from, 0)
		beyond = beyond>>8 | (low|a<<4|b<<5|c<<6|d<<7)<<56
	}
	return ^beyond
}
