package column

// Reset empties the block but keeps its buffers, unless they are borrowed from a column in memory.
func (s *SourceBlock) Reset() {
	if s.borrowed {
		*s = SourceBlock{}
		return
	}
	*s = SourceBlock{Offsets: s.Offsets[:0], Formats: s.Formats[:0], LiteralEnds: s.LiteralEnds[:0], Literals: s.Literals[:0]}
}

// Borrow points dst at the slices of s; dst's next Reset lets go of them instead of reusing them.
func (s *SourceBlock) Borrow(dst *SourceBlock) {
	*dst = *s
	dst.borrowed = true
}

// Literal returns literal i; it aliases the block.
func (s *SourceBlock) Literal(i int) []byte {
	lo := uint32(0)
	if i > 0 {
		lo = s.LiteralEnds[i-1]
	}
	return s.Literals[lo:s.LiteralEnds[i]:s.LiteralEnds[i]]
}
