package column

// AppendValues appends the values of src, row by row, to the values of b. Which rows they are of, b does
// not keep: its Rows, Present and Offsets are the caller's to set.
func (b *Block) AppendValues(src *Block) {
	for r := range src.Rows {
		lo, hi := src.Range(r)
		switch b.Kind {
		case Int64:
			b.Ints = append(b.Ints, src.Ints[lo:hi]...)
		case Float64:
			b.Floats = append(b.Floats, src.Floats[lo:hi]...)
		case Ordinal:
			b.Ords = append(b.Ords, src.Ords[lo:hi]...)
		case Fixed16:
			b.Data = append(b.Data, src.Data[lo*16:hi*16]...)
		case Bytes:
			for i := lo; i < hi; i++ {
				b.Data = append(b.Data, src.Bytes(i)...)
				b.Ends = append(b.Ends, uint32(len(b.Data)))
			}
		}
	}
}

// Count is the number of values that stand in the block, whatever its rows say.
func (b *Block) Count() int {
	switch b.Kind {
	case Int64:
		return len(b.Ints)
	case Float64:
		return len(b.Floats)
	case Ordinal:
		return len(b.Ords)
	case Fixed16:
		return len(b.Data) / 16
	}
	return len(b.Ends)
}
