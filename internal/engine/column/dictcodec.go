package column

// An encoded dictionary:
//
//	number of values (uvarint)
//	section: stream of the values' lengths, in order of ordinal
//	section: stream of the ordinals in byte order of their values
//	codec | length of the values | the values end to end (see appendCompressed)

// AppendDict appends a dictionary.
func AppendDict(dst []byte, d *MemDict, level Level) []byte {
	dst = appendUvarint(dst, uint64(d.Len()))
	lengths := make([]uint32, d.Len())
	prev := uint32(0)
	for i, e := range d.ends {
		lengths[i], prev = e-prev, e
	}
	dst = appendSection(dst, func(b []byte) []byte { return appendInts(b, lengths) })
	dst = appendSection(dst, func(b []byte) []byte { return appendInts(b, d.order()) })
	return appendCompressed(dst, d.data, level)
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

// AppendTexts appends byte strings as one compressed chunk:
//
//	number (uvarint) | section: stream of their lengths | codec | length | the strings end to end
func AppendTexts(dst []byte, texts [][]byte) []byte {
	dst = appendUvarint(dst, uint64(len(texts)))
	lengths := make([]uint32, len(texts))
	var all []byte
	for i, t := range texts {
		lengths[i] = uint32(len(t))
		all = append(all, t...)
	}
	dst = appendSection(dst, func(b []byte) []byte { return appendInts(b, lengths) })
	return appendCompressed(dst, all, Fast)
}

// DecodeTexts decodes byte strings. They share one buffer.
func DecodeTexts(src []byte) ([][]byte, error) {
	c := cursor{rest: src}
	n, lengths := c.uvarint(), c.section()
	if c.bad || n > maxTextBytes {
		return nil, damaged("%d texts", n)
	}
	ends, err := readEnds(nil, lengths, int(n), 0, false)
	if err != nil {
		return nil, err
	}
	size := uint32(0)
	if n > 0 {
		size = ends[n-1]
	}
	data, err := appendDecompressed(nil, c.rest, uint64(size))
	if err != nil {
		return nil, err
	}
	texts := make([][]byte, n)
	start := uint32(0)
	for i, end := range ends {
		texts[i] = data[start:end:end]
		start = end
	}
	return texts, nil
}
