package column

// SetAbsent makes the block one of rows without any value.
func (b *Block) SetAbsent(kind Kind, rows int) {
	b.Reset(kind)
	b.Rows = rows
	b.Present = NewBitmap(rows)
	b.spread()
}

// SetAbsent makes the block one of rows without any written value.
func (s *SourceBlock) SetAbsent(rows int) {
	s.Reset()
	s.Rows = rows
	s.Offsets = grow(s.Offsets, rows+1)
	clear(s.Offsets)
}

// OrdinalsBelow says whether all ordinals of the block are below n. Absent rows have ordinal 0, which
// counts as well unless the dictionary is empty.
func (b *Block) OrdinalsBelow(n int) bool {
	top := uint32(0)
	for _, ord := range b.Ords {
		top = max(top, ord)
	}
	return int64(top) < int64(max(n, 1))
}
