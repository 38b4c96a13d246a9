package column

// SourceBuilder puts the written forms of a block together from rows of others. While all of them are
// uniform it keeps nothing but the format.
type SourceBuilder struct {
	// IsLiteral says whether a format keeps its bytes in Literals.
	IsLiteral func(format byte) bool
	// Doc holds the doc values of the same rows; nil when the field has none. Each Append to it comes
	// before the one here.
	Doc *Builder

	block   SourceBlock
	uniform bool
	format  byte // of all rows so far, if uniform and hasFormat
	has     bool // some row had a written value
}

// Reset starts a new block.
func (b *SourceBuilder) Reset() {
	b.block.Reset()
	b.block.Offsets = append(b.block.Offsets, 0)
	b.uniform, b.has = true, false
}

// AppendAbsent appends n rows that have no written values.
func (b *SourceBuilder) AppendAbsent(n int) {
	if b.uniform {
		for r := b.block.Rows; r < b.block.Rows+n; r++ {
			if b.docCount(r) > 0 {
				b.expand()
				break
			}
		}
	}
	if !b.uniform {
		for range n {
			b.block.Offsets = append(b.block.Offsets, uint32(len(b.block.Formats)))
		}
	}
	b.block.Rows += n
}

func (b *SourceBuilder) docCount(r int) uint32 {
	if b.Doc == nil {
		return 0
	}
	return b.Doc.count(r)
}

// Append appends rows [from, to) of a block.
func (b *SourceBuilder) Append(src *SourceBlock, from, to int) {
	if src.Uniform && b.uniform && (!b.has || src.Format == b.format) {
		b.format, b.has = src.Format, true
		b.block.Rows += to - from
		return
	}
	b.expand()
	if src.Uniform {
		b.appendUniform(src.Format, to-from)
		return
	}
	lo, hi := src.Offsets[from], src.Offsets[to]
	base := uint32(len(b.block.Formats))
	b.block.Formats = append(b.block.Formats, src.Formats[lo:hi]...)
	for _, o := range src.Offsets[from+1 : to+1] {
		b.block.Offsets = append(b.block.Offsets, base+o-lo)
	}
	if len(src.LiteralEnds) > 0 {
		first := b.countLiterals(src.Formats[:lo])
		b.appendLiterals(src, first, first+b.countLiterals(src.Formats[lo:hi]))
	}
	b.block.Rows += to - from
}

func (b *SourceBuilder) countLiterals(formats []byte) int {
	n := 0
	for _, f := range formats {
		if b.IsLiteral(f) {
			n++
		}
	}
	return n
}

func (b *SourceBuilder) appendLiterals(src *SourceBlock, lo, hi int) {
	for i := lo; i < min(hi, len(src.LiteralEnds)); i++ {
		b.block.Literals = append(b.block.Literals, src.Literal(i)...)
		b.block.LiteralEnds = append(b.block.LiteralEnds, uint32(len(b.block.Literals)))
	}
}

// expand spells out the rows so far.
func (b *SourceBuilder) expand() {
	if !b.uniform {
		return
	}
	b.uniform = false
	rows := b.block.Rows
	b.block.Rows = 0
	b.appendUniform(b.format, rows)
}

// appendUniform appends n rows that have one written value of the format where they have a doc value.
func (b *SourceBuilder) appendUniform(format byte, n int) {
	for r := b.block.Rows; r < b.block.Rows+n; r++ {
		if b.docCount(r) > 0 {
			b.block.Formats = append(b.block.Formats, format)
		}
		b.block.Offsets = append(b.block.Offsets, uint32(len(b.block.Formats)))
	}
	b.block.Rows += n
}

// Block returns the block built so far, uniform if it can be, and whether it has any written values.
// It stays valid until Reset or the next Append.
func (b *SourceBuilder) Block() (*SourceBlock, bool) {
	out := b.block
	if b.uniform {
		out.Uniform, out.Format = true, b.format
		out.Offsets = nil
		return &out, b.has
	}
	if len(out.LiteralEnds) == 0 && b.isUniform() {
		return &SourceBlock{Rows: out.Rows, Uniform: true, Format: out.Formats[0]}, true
	}
	return &out, len(out.Formats) > 0
}

// isUniform says whether the spelled-out rows could be written as uniform.
func (b *SourceBuilder) isUniform() bool {
	if len(b.block.Formats) == 0 {
		return false
	}
	format := b.block.Formats[0]
	for _, f := range b.block.Formats[1:] {
		if f != format {
			return false
		}
	}
	for r := range b.block.Rows {
		n := b.block.Offsets[r+1] - b.block.Offsets[r]
		if n > 1 || n != min(b.docCount(r), 1) {
			return false
		}
	}
	return true
}
