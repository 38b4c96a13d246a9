package segment

import (
	"fmt"

	"elkhorn/internal/engine/column"
)

// A text column gets a dictionary when its distinct values are at most half of its values, or few, and take at
// most maxDictBytes. Ids get one only when they are few: a block keeps each of its ids once anyway, and an id of a
// trace is found in a block or two.
const (
	maxDictShare = 2
	maxIDShare   = 16
	minDictSize  = 8
	maxDictBytes = 4 << 20
	// dictProbe is the number of distinct values after which a column is given up early when nearly all of the values so
	// far were new. A long tail of users begins with three new ones in four.
	dictProbe = 2048
)

// maxKeptOrds bounds the ordinals that are kept from the first pass over a column to the second: 4 MB.
const maxKeptOrds = 1 << 20

// chooseText decides between a dictionary and values in full, and prepares the conversion. It reads
// the whole column once; the values are read again when they are written.
func (f *fieldWriter) chooseText() error {
	builder := column.NewDictBuilder(maxDictBytes)
	f.conv = converter{remaps: make([][]uint32, len(f.w.inputs)), kept: make([][]uint32, len(f.w.pieces))}
	values, probed := 0, false
	for i := range f.w.pieces {
		p := &f.w.pieces[i]
		col := f.w.inputs[p.input].Segment.Column(f.out.name)
		if col == nil {
			continue
		}
		n, fits, err := f.collectPiece(builder, p, col)
		if err != nil {
			return err
		}
		values += n
		if !fits || builder.Len() > dictProbe && builder.Len() > values-values/8 {
			return f.useBytes()
		}
		if !probed && builder.Len() > dictProbe {
			if probed = true; builder.AreIDs() && builder.Len() > values/maxIDShare {
				return f.useBytes()
			}
		}
	}
	if builder.Len() > max(values/maxDictShare, minDictSize) || builder.Len() > max(values/maxIDShare, minDictSize) && builder.AreIDs() {
		return f.useBytes()
	}
	f.out.kind = column.Ordinal
	f.conv.kind = column.Ordinal
	f.conv.builder = builder
	f.conv.dict = builder.Dict()
	return nil
}

// collectPiece adds the kept values of a piece to the dictionary. The dictionary of a file without deleted rows holds nothing else,
// so its blocks need not be read.
func (f *fieldWriter) collectPiece(builder *column.DictBuilder, p *piece, col column.Column) (n int, fits bool, err error) {
	in := &f.w.inputs[p.input]
	if dict := col.Dict(); dict != nil && in.Deleted == nil {
		if f.conv.remaps[p.input] != nil {
			return 0, true, nil // all of its rows are counted
		}
		fits := f.conv.collectDict(builder, p.input, dict)
		return Rows(in.Segment), fits, nil
	}
	if err := col.Read(p.block, 0, p.rows, &f.docBuf); err != nil {
		return 0, false, err
	}
	return f.conv.collect(builder, &f.docBuf, p, col.Dict())
}

func (f *fieldWriter) useBytes() error {
	f.out.kind = column.Bytes
	f.conv = converter{kind: column.Bytes}
	return nil
}

// converter brings text columns of the inputs, in full or by ordinal, into the form that is written.
type converter struct {
	kind    column.Kind
	builder *column.DictBuilder // Ordinal
	dict    *column.MemDict     // Ordinal
	// remaps leads, per input, from its ordinals to the new ones (plus one; 0: not seen).
	remaps [][]uint32
	// kept has, per piece of values in full, the ordinals that collect found; nil when there is no room for them.
	kept     [][]uint32
	keptOrds int
	same     []sameness // per input
	out      column.Block
}

// collect adds the kept values of a block to the dictionary. It returns their number, and whether all fit.
func (c *converter) collect(d *column.DictBuilder, b *column.Block, p *piece, dict column.Dict) (n int, fits bool, err error) {
	if b.Kind == column.Ordinal && c.remaps[p.input] == nil {
		c.remaps[p.input] = make([]uint32, dict.Len())
	}
	if b.Kind == column.Bytes {
		return c.collectBytes(d, b, p)
	}
	remap := c.remaps[p.input]
	for r := range b.Rows {
		if !p.keeps(r) {
			continue
		}
		lo, hi := b.Range(r)
		n += hi - lo
		for i := lo; i < hi; i++ {
			ord := b.Ords[i]
			if int(ord) >= len(remap) {
				return n, false, errOrdinal(ord, len(remap))
			}
			if remap[ord] != 0 {
				continue
			}
			now, ok := d.Add(dict.Value(ord))
			if !ok {
				return n, false, nil
			}
			remap[ord] = now + 1
		}
	}
	return n, true, nil
}

// collectDict adds all values of an input's dictionary; it is false when they do not fit.
func (c *converter) collectDict(d *column.DictBuilder, input int, dict column.Dict) bool {
	remap := make([]uint32, dict.Len())
	c.remaps[input] = remap
	for ord := range remap {
		now, ok := d.Add(dict.Value(uint32(ord)))
		if !ok {
			return false
		}
		remap[ord] = now + 1
	}
	return true
}

// keepsOrdinals says whether an input's ordinals are those of the new dictionary, so that its blocks can be copied.
func (c *converter) keepsOrdinals(input int) bool {
	if c.same == nil {
		c.same = make([]sameness, len(c.remaps))
	}
	if c.same[input] == sameUnknown {
		c.same[input] = sameOrdinals
		for ord, now := range c.remaps[input] {
			if now != 0 && now != uint32(ord)+1 {
				c.same[input] = otherOrdinals
				break
			}
		}
	}
	return c.same[input] == sameOrdinals
}

// sameness is what keepsOrdinals has found out.
type sameness uint8

const (
	sameUnknown sameness = iota
	sameOrdinals
	otherOrdinals
)

// collectBytes is collect for values in full.
func (c *converter) collectBytes(d *column.DictBuilder, b *column.Block, p *piece) (n int, fits bool, err error) {
	var ords []uint32
	if c.keptOrds += b.Values(); c.keptOrds <= maxKeptOrds {
		ords = make([]uint32, b.Values())
		c.kept[p.number] = ords
	}
	for r := range b.Rows {
		if !p.keeps(r) {
			continue
		}
		lo, hi := b.Range(r)
		n += hi - lo
		for i := lo; i < hi; i++ {
			ord, ok := d.Add(b.Bytes(i))
			if !ok {
				return n, false, nil
			}
			if ords != nil {
				ords[i] = ord
			}
		}
	}
	return n, true, nil
}

func errOrdinal(ord uint32, size int) error {
	return fmt.Errorf("%w: ordinal %d in a dictionary of %d", column.ErrDamaged, ord, size)
}

// convert returns the block in the form that is written. Rows that are not kept may get any value.
func (c *converter) convert(b *column.Block, p *piece, dict column.Dict) (*column.Block, error) {
	if c.kind == column.Bytes && b.Kind == column.Bytes {
		return b, nil
	}
	out := &c.out
	out.Reset(c.kind)
	out.Rows, out.Present, out.Offsets = b.Rows, b.Present, b.Offsets
	if c.kind == column.Ordinal {
		return out, c.toOrdinals(out, b, p)
	}
	for i, ord := range b.Ords {
		if b.Present == nil || b.Present.Has(i) {
			if int(ord) >= dict.Len() {
				return nil, errOrdinal(ord, dict.Len())
			}
			out.Data = append(out.Data, dict.Value(ord)...)
		}
		out.Ends = append(out.Ends, uint32(len(out.Data)))
	}
	return out, nil
}

func (c *converter) toOrdinals(out, b *column.Block, p *piece) error {
	if b.Kind == column.Bytes {
		if ords := c.kept[p.number]; ords != nil {
			out.Ords = append(out.Ords, ords...)
			return nil
		}
		for i := range b.Values() {
			// An absent or deleted row's value need not be in the dictionary.
			ord, _ := c.builder.Find(b.Bytes(i))
			out.Ords = append(out.Ords, ord)
		}
		return nil
	}
	remap := c.remaps[p.input]
	for i, ord := range b.Ords {
		if b.Present != nil && !b.Present.Has(i) {
			out.Ords = append(out.Ords, 0)
			continue
		}
		if int(ord) >= len(remap) {
			return errOrdinal(ord, len(remap))
		}
		out.Ords = append(out.Ords, max(remap[ord], 1)-1)
	}
	return nil
}
