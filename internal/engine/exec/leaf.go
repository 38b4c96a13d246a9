package exec

import (
	"fmt"
	"slices"
	"sort"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
)

// leaf is one worker's view of one segment: its columns with the block that is decoded at present.
// Matchers and collectors that read the same field share the decoded block. It is for one goroutine.
type leaf struct {
	seg     segment.Segment
	given   segment.Segment // seg, or what it counts the reads of
	deleted column.Bitmap
	blocks  []segment.BlockInfo
	columns map[string]*leafColumn
	inside  map[string]*innerLeaf // nested objects of the rows, by path
	around  *innerLeaf            // where the rows are nested objects; nil for documents
	acct    *account
	// wanted are the rows of a block that whoever reads its columns asks about; see want.
	wanted      column.Bitmap
	wantedBlock int
	asks        int          // how often that changed
	profile     *planProfile // nil unless the search is profiled
	weighed     struct {     // see weights
		block int // plus 1
		rows  weights
	}
}

func newLeaf(s Source, acct *account) *leaf {
	return &leaf{seg: s.Segment, given: s.Segment, deleted: s.Deleted, blocks: s.Segment.Blocks(), columns: map[string]*leafColumn{}, acct: acct}
}

// want says that for now only some rows of a block are asked about, and of those that are left when a selection narrows, none
// that were not; nil is all. Columns whose values are made when they are read leave the others out: a script may fail on a
// document that no query asked for.
func (l *leaf) want(block int, rows column.Bitmap) {
	l.wanted, l.wantedBlock = rows, block
	l.asks++
}

// skips reports whether a row is not asked about.
func (l *leaf) skips(block, row int) bool {
	return l.wanted != nil && l.wantedBlock == block && !l.wanted.Has(row)
}

// madeColumn is a column whose values are made when it is read, for the rows that its leaf asks about.
type madeColumn interface{ readFor(l *leaf) }

// noteDecoded counts values that were unpacked.
func (l *leaf) noteDecoded(values int) {
	if l.profile != nil {
		l.profile.decodedBlocks.Add(1)
		l.profile.decodedValues.Add(int64(values))
	}
}

// column returns a column of the segment, or nil when no row has a value in it.
func (l *leaf) column(name string) *leafColumn {
	if c, ok := l.columns[name]; ok {
		return c
	}
	col := l.seg.Column(name)
	if col == nil {
		l.columns[name] = nil
		return nil
	}
	c := &leafColumn{name: name, leaf: l, col: col, kind: col.Kind(), dict: col.Dict(), whole: -1, part: -1}
	if made, ok := col.(madeColumn); ok {
		made.readFor(l)
		c.made = true
	}
	c.complete, _ = col.(column.Complete)
	c.compact, _ = col.(column.Compact)
	l.columns[name] = c
	return c
}

// alive sets sel to the rows of a block that are not deleted.
func (l *leaf) alive(block int, sel column.Bitmap) {
	info := l.blocks[block]
	sel.Fill(info.Rows)
	if l.deleted == nil {
		return
	}
	// The deletes are numbered through the segment; shift them to the block's first row.
	first, shift := info.FirstRow>>6, uint(info.FirstRow&63)
	for i := range sel {
		var gone uint64
		if first+i < len(l.deleted) {
			gone = l.deleted[first+i] >> shift
		}
		if shift != 0 && first+i+1 < len(l.deleted) {
			gone |= l.deleted[first+i+1] << (64 - shift)
		}
		sel[i] &^= gone
	}
}

// hasDeletes says whether rows of a block may have been deleted.
func (l *leaf) hasDeletes() bool { return l.deleted != nil }

// leafColumn is a column with the block and granule that are decoded at present.
type leafColumn struct {
	name  string
	leaf  *leaf
	col   column.Column
	kind  column.Kind
	dict  column.Dict
	whole int // block in data; -1 for none
	part  int // granule in window, counted as block<<3|granule; -1 for none
	// made is set for a madeColumn: what is decoded is good for the rows that the leaf asked about then.
	made bool
	asks int
	// data and window may alias the segment's own memory: read only.
	data, window column.Block
	// some holds values of single rows of a block; see rows.
	some column.Block
	// complete and compact are what the column can tell without decoding; nil where it cannot.
	complete column.Complete
	reserved bool
	compact  column.Compact
}

// forget drops what was made for other rows than are asked about now.
func (c *leafColumn) forget() {
	if c.made && c.asks != c.leaf.asks {
		c.whole, c.part, c.asks = -1, -1, c.leaf.asks
	}
}

// block decodes a whole block, unless it is decoded already.
func (c *leafColumn) block(block int) (*column.Block, error) {
	c.forget()
	if c.whole != block {
		if err := c.reserve(); err != nil {
			return nil, err
		}
		c.whole = -1
		if err := c.col.Read(block, 0, c.leaf.blocks[block].Rows, &c.data); err != nil {
			return nil, fmt.Errorf("read column [%s]: %w", c.name, err)
		}
		c.whole = block
		c.leaf.noteDecoded(c.data.Values())
	}
	return &c.data, nil
}

// decodedBytes is about what one decoded block of a column takes; texts are decoded by the granule.
const decodedBytes = 8 * column.BlockRows

// reserve accounts for the column's buffers, once.
func (c *leafColumn) reserve() error {
	if c.reserved {
		return nil
	}
	c.reserved = true
	return c.leaf.acct.grow(decodedBytes)
}

// everyRow says whether each row of a block has exactly one value. An error counts as no: whoever
// decodes the block meets it again.
func (c *leafColumn) everyRow(block int) bool {
	if c.complete == nil {
		return false
	}
	every, err := c.complete.EveryRow(block)
	return every && err == nil
}

// packed returns a block of integers as it is stored, unless it is decoded already or has to be.
func (c *leafColumn) packed(block int) (p column.Packed, ok bool, err error) {
	if c.compact == nil || c.whole == block || c.kind != column.Int64 && c.kind != column.Ordinal {
		return p, false, nil
	}
	if p, ok, err = c.compact.Packed(block); err != nil {
		err = fmt.Errorf("read column [%s]: %w", c.name, err)
	}
	if ok && c.leaf.profile != nil {
		c.leaf.profile.storedBlocks.Add(1)
	}
	return p, ok, err
}

// sparseShare is how many rows of a block there must be for each wanted one, that picking the wanted
// ones costs less than decoding all.
const sparseShare = 6

// rows returns a block in which at least the given rows are decoded; the values of others mean nothing.
// It is good until the column is read again.
func (c *leafColumn) rows(block int, rows []uint16) (*column.Block, error) {
	if err := c.leaf.acct.check(); err != nil { // a request may read a column for thousands of aggregations
		return nil, err
	}
	c.forget()
	total := c.leaf.blocks[block].Rows
	if c.whole == block || len(rows)*sparseShare > total {
		return c.block(block)
	}
	p, ok, err := c.packed(block)
	if err != nil {
		return nil, err
	}
	if !ok {
		return c.block(block)
	}
	b := &c.some
	b.Kind, b.Rows = c.kind, total
	if c.kind == column.Int64 {
		b.Ints = slices.Grow(b.Ints[:0], total)[:total]
		column.Gather(&p, rows, b.Ints)
	} else {
		b.Ords = slices.Grow(b.Ords[:0], total)[:total]
		column.Gather(&p, rows, b.Ords)
	}
	return b, nil
}

// granule decodes the rows of one granule of a block. Row numbers in it count from the granule's
// first row. Where the whole block is decoded already it is cheaper to use that; see rows.
func (c *leafColumn) granule(block, granule int) (*column.Block, error) {
	c.forget()
	at := block<<3 | granule
	if c.part != at {
		if err := c.reserve(); err != nil {
			return nil, err
		}
		c.part = -1
		from := granule * column.GranuleRows
		to := min(from+column.GranuleRows, c.leaf.blocks[block].Rows)
		if err := c.col.Read(block, from, to, &c.window); err != nil {
			return nil, fmt.Errorf("read column [%s]: %w", c.name, err)
		}
		c.part = at
		c.leaf.noteDecoded(c.window.Values())
	}
	return &c.window, nil
}

// blockOf returns the block that holds a row of the segment.
func (l *leaf) blockOf(row int) int {
	return sort.Search(len(l.blocks), func(i int) bool { return l.blocks[i].FirstRow+l.blocks[i].Rows > row })
}

// textAt returns the first string a column has in a row of the segment. The bytes are good until the
// column is read again.
func (l *leaf) textAt(c *leafColumn, row int) (text []byte, ok bool, err error) {
	block := l.blockOf(row)
	if block == len(l.blocks) {
		return nil, false, fmt.Errorf("read column [%s]: no row %d", c.name, row)
	}
	in := row - l.blocks[block].FirstRow
	b, err := c.granule(block, in/column.GranuleRows)
	if err != nil {
		return nil, false, err
	}
	lo, hi := b.Range(in % column.GranuleRows)
	if lo == hi {
		return nil, false, nil
	}
	return c.text(b, lo), true, nil
}

// intAt returns the first number a column has in a row of the segment.
func (l *leaf) intAt(c *leafColumn, row int) (n int64, ok bool, err error) {
	block := l.blockOf(row)
	if block == len(l.blocks) {
		return 0, false, fmt.Errorf("read column [%s]: no row %d", c.name, row)
	}
	in := row - l.blocks[block].FirstRow
	b, err := c.granule(block, in/column.GranuleRows)
	if err != nil {
		return 0, false, err
	}
	lo, hi := b.Range(in % column.GranuleRows)
	if lo == hi {
		return 0, false, nil
	}
	return b.Ints[lo], true, nil
}

// textsAt returns the strings a column has in a row of the segment.
func (l *leaf) textsAt(c *leafColumn, row int) ([]string, error) {
	block := l.blockOf(row)
	if block == len(l.blocks) {
		return nil, fmt.Errorf("read column [%s]: no row %d", c.name, row)
	}
	in := row - l.blocks[block].FirstRow
	b, err := c.granule(block, in/column.GranuleRows)
	if err != nil {
		return nil, err
	}
	var out []string
	for lo, hi := b.Range(in % column.GranuleRows); lo < hi; lo++ {
		out = append(out, string(c.text(b, lo)))
	}
	return out, nil
}

// hidden says whether a view sees none of the values from lo to hi of a decoded block of strings.
func (c *leafColumn) hidden(v *stringView, b *column.Block, lo, hi int) bool {
	for ; lo < hi; lo++ {
		if !v.hides(c.text(b, lo)) {
			return false
		}
	}
	return true
}

// text returns a value of a decoded block of strings.
func (c *leafColumn) text(b *column.Block, i int) []byte {
	if b.Kind == column.Ordinal {
		return c.dict.Value(b.Ords[i])
	}
	return b.Bytes(i)
}
