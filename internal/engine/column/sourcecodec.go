package column

// Encoded written forms of a block:
//
//	rows (uvarint) | layout (1 byte) | parts of the layout
//
//	layout uniform (0)  the one format (1 byte)
//	layout mixed (1)    section: stream of the rows' numbers of formats | number of formats (uvarint)
//	                    section: stream of the formats
//	                    number of literals (uvarint) | section: stream of their lengths
//	                    codec | length of the literals | the literals (see appendCompressed)
const (
	sourceUniform = 0
	sourceMixed   = 1
)

// AppendSource appends the written forms of a block.
func AppendSource(dst []byte, s *SourceBlock, level Level) []byte {
	dst = appendUvarint(dst, uint64(s.Rows))
	if s.Uniform {
		return append(dst, sourceUniform, s.Format)
	}
	dst = append(dst, sourceMixed)
	dst = appendSection(dst, func(d []byte) []byte { return appendInts(d, differences(s.Offsets)) })
	dst = appendUvarint(dst, uint64(len(s.Formats)))
	dst = appendSection(dst, func(d []byte) []byte { return appendInts(d, s.Formats) })
	dst = appendUvarint(dst, uint64(len(s.LiteralEnds)))
	if len(s.LiteralEnds) == 0 {
		return dst
	}
	lengths := make([]uint32, len(s.LiteralEnds))
	prev := uint32(0)
	for i, e := range s.LiteralEnds {
		lengths[i], prev = e-prev, e
	}
	dst = appendSection(dst, func(d []byte) []byte { return appendInts(d, lengths) })
	return appendCompressed(dst, s.Literals, level)
}

// differences returns how much each offset is greater than the one before.
func differences(offsets []uint32) []uint32 {
	out := make([]uint32, max(len(offsets)-1, 0))
	for i := range out {
		out[i] = offsets[i+1] - offsets[i]
	}
	return out
}

// DecodeSource decodes the written forms of a block of rows rows.
func DecodeSource(src []byte, rows int, dst *SourceBlock) error {
	dst.Reset()
	dst.Rows = rows
	c := cursor{rest: src}
	n, layout := c.uvarint(), c.byte()
	if c.bad || n != uint64(rows) || rows > BlockRows {
		return damaged("written forms of %d rows where %d belong", n, rows)
	}
	switch layout {
	case sourceUniform:
		dst.Uniform, dst.Format = true, c.byte()
		if c.bad {
			return damaged("written forms without a format")
		}
		return nil
	case sourceMixed:
		return dst.readMixed(&c, rows)
	default:
		return unknownEncoding("written forms", encoding(layout))
	}
}

func (s *SourceBlock) readMixed(c *cursor, rows int) (err error) {
	lengths, total, formats, literals := c.section(), c.uvarint(), c.section(), c.uvarint()
	if c.bad || total > maxTextBytes || literals > total {
		return damaged("written forms of %d values, %d literal", total, literals)
	}
	if s.Offsets, err = readEnds(s.Offsets, lengths, rows, total, true); err != nil {
		return err
	}
	if s.Formats, err = readInts(s.Formats, formats, int(total), 0, int(total)); err != nil || literals == 0 {
		return err
	}
	lengths = c.section()
	if c.bad {
		return damaged("lengths of %d literals", literals)
	}
	if s.LiteralEnds, err = readEnds(s.LiteralEnds, lengths, int(literals), 0, false); err != nil {
		return err
	}
	s.Literals, err = appendDecompressed(s.Literals, c.rest, uint64(s.LiteralEnds[literals-1]))
	return err
}

// readEnds decodes a stream of n lengths and returns where each part ends, with a 0 before them when
// they are offsets. The lengths of offsets must add up to total.
func readEnds(dst []uint32, src []byte, n int, total uint64, offsets bool) ([]uint32, error) {
	stream, err := parseInts(src, n)
	if err != nil {
		return dst, err
	}
	at := 0
	if offsets {
		at = 1
	}
	dst = grow(dst, n+at)
	decodeInts(&stream, 0, dst[at:])
	sum := uint64(0)
	for i, length := range dst[at:] {
		if sum += uint64(length); sum > maxTextBytes {
			return dst, damaged("parts of %d bytes", sum)
		}
		dst[at+i] = uint32(sum)
	}
	if offsets {
		dst[0] = 0
		if sum != total {
			return dst, damaged("%d values where %d belong", sum, total)
		}
	}
	return dst, nil
}
