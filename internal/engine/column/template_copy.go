package column

// RenumberTemplates appends an encoded block of texts, of the given number of rows, for a dictionary in which templates have other
// numbers: nothing else of it changes. number gives the new number of each template, of which there are templates, and is told
// how many texts of the block have it. Texts that stand alone are copied as texts of LiteralTemplate.
func RenumberTemplates(dst, src []byte, rows, templates int, number func(template uint32, texts int) uint32) ([]byte, error) {
	c := cursor{rest: src}
	kind, n, layout := c.byte(), c.uvarint(), c.byte()
	if c.bad || Kind(kind) != Bytes || n != uint64(rows) || rows > BlockRows {
		return dst, damaged("block of kind %d with %d rows where text with %d rows belongs", kind, n, rows)
	}
	texts, err := c.texts(layout, rows)
	if err != nil {
		return dst, err
	}
	if len(c.rest) == 0 || encoding(c.rest[0]) != encTemplates {
		number(LiteralTemplate, texts)
		return append(dst, src...), nil
	}
	dst = append(dst, src[:len(src)-len(c.rest)+1]...)
	c.byte()
	s, err := parseTemplates(c.rest, texts, (rows+GranuleRows-1)/GranuleRows)
	if err != nil {
		return dst, err
	}
	counts := make([]int, len(s.used))
	of := make([]uint32, texts)
	if err := s.readOf(0, of); err != nil {
		return dst, err
	}
	for _, t := range of {
		counts[t]++
	}
	for i, t := range s.used {
		if int(t) >= templates {
			return dst, damaged("template %d of %d", t, templates)
		}
		s.used[i] = number(t, counts[i])
	}
	dst = appendUvarint(dst, c.uvarint())
	c.section()
	dst = appendSection(dst, func(d []byte) []byte { return appendInts(d, s.used) })
	return append(dst, c.rest...), nil
}

// texts goes past the parts of a layout that say which rows have texts, and counts those that do.
func (c *cursor) texts(layout byte, rows int) (int, error) {
	switch layout {
	case layoutDense:
		return rows, nil
	case layoutSparse:
		section := c.section()
		if c.bad {
			return 0, damaged("presence of a block")
		}
		present, err := readRows(nil, section, rows)
		return present.Count(), err
	case layoutList:
		section := c.section()
		c.uvarint()
		if c.bad {
			return 0, damaged("list lengths of a block")
		}
		lengths, err := readInts([]uint32(nil), section, rows, 0, rows)
		n := 0
		for _, length := range lengths {
			if length > 0 {
				n++
			}
		}
		return n, err
	default:
		return 0, unknownEncoding("a block's layout", encoding(layout))
	}
}
