package column

import (
	"bytes"
	"sync"
)

// The template encoding writes texts as the numbers of their templates and their variables.
//
//	number of templates in the block (uvarint)
//	section: stream of their numbers in the dictionary, in ascending order
//	section: stream of the values' templates, as positions among the block's
//	per granule: length of its chunk (uvarint)
//	the chunks
//
// A chunk holds the variables of one granule. Those of LiteralTemplate, which are whole texts, stand apart, since they may hold
// the separator:
//
//	section: variables, each with a space after it | stream of the literals' lengths (section) | literals
//
// where variables and literals are their length (uvarint) and what appendCompressed makes of them, or nothing when there are none.
// The variables stand in order of template, then of slot, then of row: what stands next to each other is of one kind.

// variableEnd separates variables. No word holds it.
const variableEnd = ' '

// TemplateBlock is a block of texts by template, as it is written: one template and its variables for each value position that has
// a value. It is single-valued.
type TemplateBlock struct {
	Rows    int
	Present Bitmap // rows with a value; nil: every row has one
	Of      []uint32
	// Variables stand end to end, in order of value and slot; the text of a literal is its one variable.
	Variables []byte
	Ends      []uint32
}

// Reset empties the block but keeps its buffers.
func (b *TemplateBlock) Reset() {
	*b = TemplateBlock{Of: b.Of[:0], Variables: b.Variables[:0], Ends: b.Ends[:0]}
}

// templateGroups sorts the values of a granule by template.
type templateGroups struct {
	order []uint32 // values, by template and then by number
	first []uint32 // where each template's values begin in order, with one more at the end
	// bases[v] is the number of value v's first variable among the granule's.
	bases []uint32
	spans []span
}

// sort groups values by their templates, of which there are n.
func (g *templateGroups) sort(of []uint32, n int) {
	g.first = grow(g.first, n+1)
	clear(g.first)
	for _, t := range of {
		g.first[t+1]++
	}
	for i := range n {
		g.first[i+1] += g.first[i]
	}
	g.order = grow(g.order, len(of))
	for v, t := range of {
		g.order[g.first[t]] = uint32(v)
		g.first[t]++
	}
	copy(g.first[1:], g.first[:n])
	g.first[0] = 0
}

// AppendTemplated appends an encoded block of kind Bytes; the dictionary's builder says how many slots a template has.
func AppendTemplated(dst []byte, b *TemplateBlock, slots func(template int) int, level Level) []byte {
	dst = appendUvarint(append(dst, byte(Bytes)), uint64(b.Rows))
	granules := denseGranules(b.Rows)
	if b.Present != nil {
		dst = append(dst, layoutSparse)
		dst = appendSection(dst, func(d []byte) []byte { return appendRows(d, b.Present, b.Rows) })
		for i := range granules {
			granules[i] = b.Present.rank(granules[i])
		}
	} else {
		dst = append(dst, layoutDense)
	}
	e := templateEncoders.Get().(*templateEncoder)
	defer templateEncoders.Put(e)
	return e.append(dst, b, granules, slots, level)
}

// templateEncoder holds what encoding a block needs.
type templateEncoder struct {
	groups    templateGroups
	local     []uint32 // per template of the dictionary: its position among the block's, plus one
	used      []uint32
	of        []uint32
	slots     []int
	variables []byte
	literals  []byte
	lengths   []uint32
	chunks    []byte
}

var templateEncoders = sync.Pool{New: func() any { return new(templateEncoder) }}

func (e *templateEncoder) append(dst []byte, b *TemplateBlock, granules []int, slots func(int) int, level Level) []byte {
	dst = append(dst, byte(encTemplates))
	e.number(b.Of, slots)
	dst = appendUvarint(dst, uint64(len(e.used)))
	dst = appendSection(dst, func(d []byte) []byte { return appendInts(d, e.used) })
	dst = appendSection(dst, func(d []byte) []byte { return appendInts(d, e.of) })
	e.chunks = e.chunks[:0]
	variable := 0
	for g := range len(granules) - 1 {
		before := len(e.chunks)
		variable = e.chunk(b, granules[g], granules[g+1], variable, level)
		dst = appendUvarint(dst, uint64(len(e.chunks)-before))
	}
	return append(dst, e.chunks...)
}

// number gives the block's templates positions, in the order of their numbers.
func (e *templateEncoder) number(of []uint32, slots func(int) int) {
	greatest := uint32(0)
	for _, t := range of {
		greatest = max(greatest, t)
	}
	e.local = grow(e.local, int(greatest)+1)
	clear(e.local)
	for _, t := range of {
		e.local[t] = 1
	}
	e.used, e.slots = e.used[:0], e.slots[:0]
	for t, used := range e.local {
		if used != 0 {
			e.used = append(e.used, uint32(t))
			e.slots = append(e.slots, slots(t))
			e.local[t] = uint32(len(e.used))
		}
	}
	e.of = grow(e.of, len(of))
	for i, t := range of {
		e.of[i] = e.local[t] - 1
	}
}

// chunk appends the chunk of values [lo, hi), whose first variable is the given one, and returns that of the value after.
func (e *templateEncoder) chunk(b *TemplateBlock, lo, hi, variable int, level Level) int {
	if lo == hi {
		return variable
	}
	g := &e.groups
	g.sort(e.of[lo:hi], len(e.used))
	g.bases = grow(g.bases, hi-lo)
	for v, t := range e.of[lo:hi] {
		g.bases[v] = uint32(variable)
		variable += e.slots[t]
	}
	e.variables, e.literals, e.lengths = e.variables[:0], e.literals[:0], e.lengths[:0]
	for t, template := range e.used {
		values := g.order[g.first[t]:g.first[t+1]]
		for slot := range e.slots[t] {
			for _, v := range values {
				text := b.Variable(int(g.bases[v]) + slot)
				if template == LiteralTemplate {
					e.literals = append(e.literals, text...)
					e.lengths = append(e.lengths, uint32(len(text)))
				} else {
					e.variables = append(append(e.variables, text...), variableEnd)
				}
			}
		}
	}
	e.chunks = appendSection(e.chunks, func(d []byte) []byte { return appendSized(d, e.variables, level) })
	e.chunks = appendSection(e.chunks, func(d []byte) []byte { return appendInts(d, e.lengths) })
	e.chunks = appendSized(e.chunks, e.literals, level)
	return variable
}

// Variable is variable i of the block.
func (b *TemplateBlock) Variable(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = b.Ends[i-1]
	}
	return b.Variables[start:b.Ends[i]]
}

// appendSized appends data packed, preceded by its length; no data is nothing.
func appendSized(dst, data []byte, level Level) []byte {
	if len(data) == 0 {
		return dst
	}
	return appendCompressed(appendUvarint(dst, uint64(len(data))), data, level)
}

// readSized is the counterpart of appendSized.
func readSized(dst, src []byte) ([]byte, error) {
	if len(src) == 0 {
		return dst, nil
	}
	c := cursor{rest: src}
	size := c.uvarint()
	if c.bad || size > maxTextBytes {
		return dst, damaged("chunk of %d bytes", size)
	}
	return appendDecompressed(dst, c.rest, size)
}

// templateStream is a parsed stream of texts by template.
type templateStream struct {
	used   []uint32 // the block's templates
	of     intStream
	chunks [][]byte // per granule
}

// parseTemplates reads the head of a stream of total values, without its encoding's byte.
func parseTemplates(src []byte, total, granules int) (s templateStream, err error) {
	c := cursor{rest: src}
	n := c.uvarint()
	numbers, of := c.section(), c.section()
	if c.bad || n == 0 || n > uint64(total) {
		return s, damaged("%d templates of %d texts", n, total)
	}
	if s.used, err = readInts([]uint32(nil), numbers, int(n), 0, int(n)); err != nil {
		return s, err
	}
	if s.of, err = parseInts(of, total); err != nil {
		return s, err
	}
	lengths := make([]uint64, granules)
	for g := range lengths {
		lengths[g] = c.uvarint()
	}
	s.chunks = make([][]byte, granules)
	for g, length := range lengths {
		s.chunks[g] = c.take(length)
	}
	if c.bad || len(c.rest) != 0 {
		return s, damaged("chunks of texts by template")
	}
	return s, nil
}

// readOf decodes the templates of values [first, first+len(dst)) as positions among the block's.
func (s *templateStream) readOf(first int, dst []uint32) error {
	decodeInts(&s.of, first, dst)
	for _, t := range dst {
		if int(t) >= len(s.used) {
			return damaged("template %d of %d", t, len(s.used))
		}
	}
	return nil
}

// templateReader holds what decoding chunks needs.
type templateReader struct {
	groups    templateGroups
	of        []uint32
	variables []byte
	lengths   []uint32
}

var templateReaders = sync.Pool{New: func() any { return new(templateReader) }}

func (r *templateReader) release() {
	if cap(r.variables) <= maxKeptScratch {
		templateReaders.Put(r)
	}
}

// readTemplated appends the texts of values [lo, hi) to dst; those that wanted lacks (counted from lo; nil: none) are left empty.
func readTemplated(dst textValues, src []byte, t *Templates, granules []int, lo, hi int, wanted Bitmap) (textValues, error) {
	if t == nil {
		return dst, damaged("texts by template without templates")
	}
	s, err := parseTemplates(src, granules[len(granules)-1], len(granules)-1)
	if err != nil {
		return dst, err
	}
	if err := t.checkUsed(s.used); err != nil {
		return dst, err
	}
	values := wantedValues{lo, hi, wanted}
	r := templateReaders.Get().(*templateReader)
	defer r.release()
	for g := range s.chunks {
		first, last := max(granules[g], lo), min(granules[g+1], hi)
		if first >= last {
			continue
		}
		if err := r.read(&s, t, g, granules[g], granules[g+1], values); err != nil {
			return dst, err
		}
		for v := first; v < last; v++ {
			if values.has(v) {
				in := v - granules[g]
				base := r.groups.bases[in]
				template := s.used[r.of[in]]
				dst.data = t.appendRendered(dst.data, template, r.variables, r.groups.spans[base:int(base)+t.Slots(int(template))])
				if len(dst.data) > maxTextBytes {
					return dst, damaged("text of %d bytes", len(dst.data))
				}
			}
			dst.ends = append(dst.ends, uint32(len(dst.data)))
		}
	}
	return dst, nil
}

// wantedValues are those of the values from lo up to hi that are in set, which counts from lo; nil: all.
type wantedValues struct {
	lo, hi int
	set    Bitmap
}

func (w wantedValues) has(v int) bool {
	return v >= w.lo && v < w.hi && (w.set == nil || w.set.Has(v-w.lo))
}

// checkUsed makes sure that a block's templates are in the dictionary.
func (t *Templates) checkUsed(used []uint32) error {
	for _, u := range used {
		if int(u) >= t.Len() {
			return damaged("template %d of %d", u, t.Len())
		}
	}
	return nil
}

// read unpacks the variables of granule g, which holds values [lo, hi): those of the values that are wanted, and perhaps of others.
func (r *templateReader) read(s *templateStream, t *Templates, g, lo, hi int, wanted wantedValues) error {
	r.of = grow(r.of, hi-lo)
	if err := s.readOf(lo, r.of); err != nil {
		return err
	}
	groups := &r.groups
	groups.sort(r.of, len(s.used))
	groups.bases = grow(groups.bases, hi-lo)
	total, literals := 0, 0
	wantsLiteral, wantsVariables := false, false
	for v, local := range r.of {
		template := s.used[local]
		groups.bases[v] = uint32(total)
		total += t.Slots(int(template))
		isWanted := wanted.has(lo + v)
		if template == LiteralTemplate {
			literals++
			wantsLiteral = wantsLiteral || isWanted
		} else {
			wantsVariables = wantsVariables || isWanted
		}
	}
	c := cursor{rest: s.chunks[g]}
	variables, lengths := c.section(), c.section()
	if c.bad {
		return damaged("variables of granule %d", g)
	}
	groups.spans = grow(groups.spans, min(total, len(s.chunks[g])*maxInflation+maxInflatedFree))
	if len(groups.spans) < total {
		return damaged("%d variables in %d bytes", total, len(s.chunks[g]))
	}
	var err error
	r.variables = r.variables[:0]
	if wantsVariables {
		if r.variables, err = readSized(r.variables, variables); err != nil {
			return err
		}
		if err := r.placeVariables(s.used, t); err != nil {
			return err
		}
	}
	if !wantsLiteral {
		return nil
	}
	if r.lengths, err = readInts(r.lengths, lengths, literals, 0, literals); err != nil {
		return err
	}
	split := len(r.variables)
	if r.variables, err = readSized(r.variables, c.rest); err != nil {
		return err
	}
	return r.placeLiterals(s.used, split)
}

// placeVariables works out where each variable stands. Each ends with a separator.
func (r *templateReader) placeVariables(used []uint32, t *Templates) error {
	groups, at := &r.groups, 0
	for local, template := range used {
		if template == LiteralTemplate {
			continue
		}
		values := groups.order[groups.first[local]:groups.first[local+1]]
		for slot := range uint32(t.Slots(int(template))) {
			for _, v := range values {
				n := bytes.IndexByte(r.variables[at:], variableEnd)
				if n < 0 {
					return damaged("variables beyond their end")
				}
				groups.spans[groups.bases[v]+slot] = span{uint32(at), uint32(at + n)}
				at += n + 1
			}
		}
	}
	if at != len(r.variables) {
		return damaged("variables that belong to no text")
	}
	return nil
}

// placeLiterals works out where the literals stand, from split on.
func (r *templateReader) placeLiterals(used []uint32, split int) error {
	groups, at := &r.groups, uint64(split)
	for local, template := range used {
		if template != LiteralTemplate {
			continue
		}
		for i, v := range groups.order[groups.first[local]:groups.first[local+1]] {
			end := at + uint64(r.lengths[i])
			if end > uint64(len(r.variables)) {
				return damaged("literal texts beyond their end")
			}
			groups.spans[groups.bases[v]] = span{uint32(at), uint32(end)}
			at = end
		}
	}
	if at != uint64(len(r.variables)) {
		return damaged("literal texts that belong to no row")
	}
	return nil
}

// AppendTexts appends the texts of a block to dst, a block of kind Bytes, with empty ones for rows without a value.
func (b *TemplateBlock) AppendTexts(dst *Block, t *Templates) {
	value, variable := 0, 0
	for r := range b.Rows {
		if b.Present == nil || b.Present.Has(r) {
			template := b.Of[value]
			dst.Data = t.AppendText(dst.Data, template, b, variable)
			variable += t.Slots(int(template))
			value++
		}
		dst.Ends = append(dst.Ends, uint32(len(dst.Data)))
	}
	dst.Rows, dst.Present = b.Rows, b.Present
}

// ReadTemplated decodes an encoded block of kind Bytes with the given number of rows as it was written by template. It answers false
// for a block that was not.
func ReadTemplated(src []byte, rows int, t *Templates, dst *TemplateBlock) (ok bool, err error) {
	c := cursor{rest: src}
	k, n, layout := c.byte(), c.uvarint(), c.byte()
	if c.bad || Kind(k) != Bytes || n != uint64(rows) || rows > BlockRows {
		return false, damaged("block of kind %d with %d rows where text with %d rows belongs", k, n, rows)
	}
	dst.Reset()
	dst.Rows = rows
	granules := denseGranules(rows)
	switch layout {
	case layoutDense:
	case layoutSparse:
		section := c.section()
		if c.bad {
			return false, damaged("presence of a block")
		}
		if dst.Present, err = readRows(nil, section, rows); err != nil {
			return false, err
		}
		for i := range granules {
			granules[i] = dst.Present.rank(granules[i])
		}
	default:
		return false, nil
	}
	if encoding(c.byte()) != encTemplates {
		return false, nil
	}
	s, err := parseTemplates(c.rest, granules[len(granules)-1], len(granules)-1)
	if err != nil {
		return false, err
	}
	if err := t.checkUsed(s.used); err != nil {
		return false, err
	}
	r := templateReaders.Get().(*templateReader)
	defer r.release()
	for g := range s.chunks {
		if granules[g] == granules[g+1] {
			continue
		}
		all := wantedValues{granules[g], granules[g+1], nil}
		if err := r.read(&s, t, g, granules[g], granules[g+1], all); err != nil {
			return false, err
		}
		for _, local := range r.of {
			dst.Of = append(dst.Of, s.used[local])
		}
		for _, v := range r.groups.spans { // they stand in order of value and slot
			dst.Variables = append(dst.Variables, r.variables[v.start:v.end]...)
			dst.Ends = append(dst.Ends, uint32(len(dst.Variables)))
		}
	}
	return true, nil
}

// TemplateRows says of which template each row of a block is.
type TemplateRows struct {
	Rows    int
	Present Bitmap   // rows with a value; nil: every row has one
	Used    []uint32 // the block's templates, in ascending order
	// Of is each row's template, as a position in Used; for a row without value it is any.
	Of []uint32

	words [BlockRows / 64]uint64
}

// ReadTemplates decodes the templates of an encoded block of kind Bytes with the given number of rows. All rows of a
// block that is not written by template are of LiteralTemplate. A list has no templates: ok is false.
func ReadTemplates(src []byte, rows int, t *Templates, dst *TemplateRows) (ok bool, err error) {
	c := cursor{rest: src}
	k, n, layout := c.byte(), c.uvarint(), c.byte()
	if c.bad || Kind(k) != Bytes || n != uint64(rows) || rows > BlockRows {
		return false, damaged("block of kind %d with %d rows where text with %d rows belongs", k, n, rows)
	}
	dst.Rows, dst.Present = rows, nil
	dst.Used, dst.Of = dst.Used[:0], grow(dst.Of, rows)
	values := rows
	switch layout {
	case layoutDense:
	case layoutSparse:
		section := c.section()
		if c.bad {
			return false, damaged("presence of a block")
		}
		if dst.Present, err = readRows(dst.words[:0], section, rows); err != nil {
			return false, err
		}
		values = Bitmap(dst.Present).Count()
	default:
		return false, nil
	}
	e := encoding(c.byte())
	if values == 0 || e != encTemplates {
		dst.Used = append(dst.Used, LiteralTemplate)
		clear(dst.Of)
		return true, nil
	}
	s, err := parseTemplates(c.rest, values, (rows+GranuleRows-1)/GranuleRows)
	if err != nil {
		return false, err
	}
	if err := t.checkUsed(s.used); err != nil {
		return false, err
	}
	dst.Used = append(dst.Used, s.used...)
	if err := s.readOf(0, dst.Of[:values]); err != nil {
		return false, err
	}
	if values < rows {
		dst.Of = spread(dst.Of[:values], dst.Present, rows)
	}
	return true, nil
}
