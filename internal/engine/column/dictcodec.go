package column

// An encoded dictionary:
//
//	number of values (uvarint)
//	section: stream of the values' lengths, in order of ordinal
//	section: stream of the ordinals in byte order of their values
//	codec | length of the values | the values end to end (see appendCompressed)

// AppendDict appends a dictionary.
func AppendDict(dst []byte, d *MemDict) []byte {
	dst = appendUvarint(dst, uint64(d.Len()))
	lengths := make([]uint32, d.Len())
	prev := uint32(0)
	for i, e := range d.ends {
		lengths[i], prev = e-prev, e
	}
	dst = appendSection(dst, func(b []byte) []byte { return appendInts(b, lengths) })
	dst = appendSection(dst, func(b []byte) []byte { return appendInts(b, d.order()) })
	return appendCompressed(dst, d.data)
}

// DecodeDict decodes a dictionary.
func DecodeDict(src []byte) (*MemDict, error) {
	c := cursor{rest: src}
	n, lengths, order := c.uvarint(), c.section(), c.section()
	if c.bad || n > maxTextBytes {
		return nil, damaged("dictionary of %d values", n)
	}
	ends, err := readEnds(nil, lengths, int(n), 0, false)
	if err != nil {
		return nil, err
	}
	sorted, err := readInts([]uint32(nil), order, int(n), 0, int(n))
	if err != nil {
		return nil, err
	}
	if !isPermutation(sorted) {
		return nil, damaged("order of a dictionary")
	}
	size := uint64(0)
	if n > 0 {
		size = uint64(ends[n-1])
	}
	data, err := appendDecompressed(nil, c.rest, size)
	if err != nil {
		return nil, err
	}
	d := newMemDict(data, ends)
	d.order = func() []uint32 { return sorted }
	return d, nil
}

func isPermutation(p []uint32) bool {
	seen := NewBitmap(len(p))
	for _, v := range p {
		if int64(v) >= int64(len(p)) || seen.Has(int(v)) {
			return false
		}
		seen.Set(int(v))
	}
	return true
}
