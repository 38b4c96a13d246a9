package column

// Builder puts a block together from rows of other blocks of the same kind. It keeps its buffers from
// block to block. The zero value is not ready: use NewBuilder.
type Builder struct {
	block   Block  // Present and Offsets are set by Block; values stand as its mode says
	present Bitmap // single-valued: rows with a value
	offsets []uint32
	list    bool // values of absent rows are left out and offsets is kept
}

// NewBuilder makes a builder for blocks of a kind.
func NewBuilder(kind Kind) *Builder {
	b := &Builder{present: NewBitmap(BlockRows), offsets: make([]uint32, 1, BlockRows+1)}
	b.block.Kind = kind
	return b
}

// Rows is the number of rows so far.
func (b *Builder) Rows() int { return b.block.Rows }

// Reset starts a new block.
func (b *Builder) Reset() {
	b.block.Reset(b.block.Kind)
	b.present.Reset()
	b.offsets = b.offsets[:1]
	b.list = false
}

// count is the number of values of row r.
func (b *Builder) count(r int) uint32 {
	switch {
	case b.list:
		return b.offsets[r+1] - b.offsets[r]
	case b.present.Has(r):
		return 1
	default:
		return 0
	}
}

// AppendAbsent appends n rows without a value.
func (b *Builder) AppendAbsent(n int) {
	if b.list {
		for range n {
			b.offsets = append(b.offsets, b.offsets[len(b.offsets)-1])
		}
	} else {
		b.appendZeros(n)
	}
	b.block.Rows += n
}

// appendZeros appends n zero values.
func (b *Builder) appendZeros(n int) {
	d := &b.block
	switch d.Kind {
	case Int64:
		d.Ints = append(d.Ints, make([]int64, n)...)
	case Float64:
		d.Floats = append(d.Floats, make([]float64, n)...)
	case Ordinal:
		d.Ords = append(d.Ords, make([]uint32, n)...)
	case Fixed16:
		d.Data = append(d.Data, make([]byte, n*16)...)
	case Bytes:
		for range n {
			d.Ends = append(d.Ends, uint32(len(d.Data)))
		}
	}
}

// Append appends rows [from, to) of a block.
func (b *Builder) Append(src *Block, from, to int) {
	if src.Offsets != nil && !b.list {
		b.toList()
	}
	switch {
	case !b.list:
		b.appendSingle(src, from, to)
	case src.Offsets != nil:
		lo, hi := src.Offsets[from], src.Offsets[to]
		base := b.offsets[len(b.offsets)-1]
		for _, o := range src.Offsets[from+1 : to+1] {
			b.offsets = append(b.offsets, base+o-lo)
		}
		b.appendRange(src, int(lo), int(hi))
	default:
		for r := from; r < to; r++ {
			lo, hi := src.Range(r)
			b.appendRange(src, lo, hi)
			b.offsets = append(b.offsets, b.offsets[len(b.offsets)-1]+uint32(hi-lo))
		}
	}
	b.block.Rows += to - from
}

func (b *Builder) appendSingle(src *Block, from, to int) {
	at := b.block.Rows
	if src.Present == nil {
		for r := range to - from {
			b.present.Set(at + r)
		}
	} else {
		for r := src.Present.Next(from); r >= 0 && r < to; r = src.Present.Next(r + 1) {
			b.present.Set(at + r - from)
		}
	}
	b.appendRange(src, from, to)
}

// appendRange appends values [lo, hi) of a block.
func (b *Builder) appendRange(src *Block, lo, hi int) {
	d := &b.block
	switch d.Kind {
	case Int64:
		d.Ints = append(d.Ints, src.Ints[lo:hi]...)
	case Float64:
		d.Floats = append(d.Floats, src.Floats[lo:hi]...)
	case Ordinal:
		d.Ords = append(d.Ords, src.Ords[lo:hi]...)
	case Fixed16:
		d.Data = append(d.Data, src.Data[lo*16:hi*16]...)
	case Bytes:
		start, end := src.dataRange(lo, hi)
		base := uint32(len(d.Data))
		d.Data = append(d.Data, src.Data[start:end]...)
		for _, e := range src.Ends[lo:hi] {
			d.Ends = append(d.Ends, base+e-start)
		}
	}
}

// toList leaves out the zero values of absent rows and begins to keep offsets.
func (b *Builder) toList() {
	b.list = true
	old := b.block
	old.Present = b.present
	packed := compact(&old)
	packed.Rows = old.Rows
	b.offsets = append(b.offsets[:0], packed.Offsets...)
	packed.Offsets = nil
	b.block = *packed
}

// Block returns the block built so far, in its simplest form: a list whose rows have one value at most
// becomes single-valued. It stays valid until Reset or the next Append.
func (b *Builder) Block() *Block {
	if b.list && b.isSingle() {
		b.fromList()
	}
	out := b.block
	if b.list {
		out.Offsets = b.offsets
		return &out
	}
	if words := b.present[:(out.Rows+63)/64]; words.Count() < out.Rows {
		out.Present = words
	}
	return &out
}

func (b *Builder) isSingle() bool {
	for i := 1; i < len(b.offsets); i++ {
		if b.offsets[i]-b.offsets[i-1] > 1 {
			return false
		}
	}
	return true
}

// fromList undoes toList.
func (b *Builder) fromList() {
	b.list = false
	b.present.Reset()
	for r := range b.block.Rows {
		if b.offsets[r+1] > b.offsets[r] {
			b.present.Set(r)
		}
	}
	whole := b.block
	whole.Present = b.present
	whole.spread()
	whole.Present = nil
	b.block = whole
	b.offsets = b.offsets[:1]
}
