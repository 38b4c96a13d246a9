package ingest

import (
	"bytes"
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// DefaultNestedLimit is how many nested objects one document may have unless the index says otherwise
// (index.mapping.nested_objects.limit).
const DefaultNestedLimit = 10_000

// NoNestedLimit is the limit that is none.
const NoNestedLimit = -1

// spaceID numbers the row spaces of a plan: 0 is the documents, i is Plan.spaces[i-1].
type spaceID int

const rootSpace spaceID = 0

// space is a nested path.
type space struct {
	path    string
	parent  spaceID
	columns int
	// outwards are the spaces that get the values too (include_in_parent, include_in_root).
	outwards []spaceID
}

// place is a column of a space.
type place struct {
	space  spaceID
	column int
}

// addSpace makes the row space of a nested object that stands in another.
func (p *Plan) addSpace(mf *mapping.Field, parent spaceID) spaceID {
	s := space{path: mf.Path, parent: parent}
	if mf.IncludeInParent {
		s.outwards = append(s.outwards, parent)
		if parent != rootSpace { // what the parent has goes where the parent's own fields go
			s.outwards = append(s.outwards, p.spaces[parent-1].outwards...)
		}
	}
	if mf.IncludeInRoot && !slices.Contains(s.outwards, rootSpace) {
		s.outwards = append(s.outwards, rootSpace)
	}
	p.spaces = append(p.spaces, s)
	return spaceID(len(p.spaces))
}

// place gives a field inside nested objects its columns.
func (p *Plan) place(f *field, in spaceID) {
	f.space, f.inner = in, p.addColumn(in)
	f.literal = f.whole != nil // one of them may hold several values
	for _, out := range p.spaces[in-1].outwards {
		at := place{space: out, column: f.column}
		if out != rootSpace {
			at.column = p.addColumn(out)
		}
		f.includes = append(f.includes, at)
	}
}

func (p *Plan) addColumn(in spaceID) int {
	s := &p.spaces[in-1]
	s.columns++
	return s.columns - 1
}

// opened is a nested object of the document at hand: leaves from firstLeaf on are in it, until the next
// one of its space opens.
type opened struct {
	space     spaceID
	firstLeaf int
}

// SetNestedLimit bounds the nested objects of a document.
func (b *Builder) SetNestedLimit(n int) { b.nestedLimit = n }

// open begins a nested object.
func (w *walker) open(n *node) error {
	if len(w.opened) >= w.nestedLimit && w.nestedLimit != NoNestedLimit {
		return eserr.DocumentParsing("[1:%d] The number of nested documents has exceeded the allowed limit of [%d]. "+
			"This limit can be set by changing the [index.mapping.nested_objects.limit] index level setting.", w.pos+1, w.nestedLimit)
	}
	w.opened = append(w.opened, opened{n.space, len(w.leaves)})
	return nil
}

// openPlain begins a nested object that is a plain value: that of the only field such objects have.
func (w *walker) openPlain(n *node) error {
	if !slices.Contains(w.plain, n.path) {
		w.plain = append(w.plain, n.path)
	}
	return w.open(n)
}

// Plain returns the nested paths at which the batch has plain values in the place of objects.
func (b *Builder) Plain() []string { return b.plain }

// openBetween begins the nested objects that a dotted key runs through: "items.name": "x" is an object
// of items with one field, mapped or not.
func (w *walker) openBetween(n *node, key []byte) error {
	last := bytes.LastIndexByte(key, '.')
	if last < 0 || len(w.plan.spaces) == 0 {
		return nil
	}
	for part := range bytes.SplitSeq(key[:last], []byte{'.'}) {
		if n = n.children[string(part)]; n == nil {
			return nil
		}
		if n.nested {
			if err := w.open(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// spaceBuilder gathers the objects of one space over the documents of a batch.
type spaceBuilder struct {
	parents []uint32 // of each object: the row of the space around that holds it
	columns []columnBuilder
	used    []int
}

func newSpaces(p *Plan) []spaceBuilder {
	list := make([]spaceBuilder, len(p.spaces))
	for i := range list {
		list[i].columns = make([]columnBuilder, p.spaces[i].columns)
	}
	return list
}

func (s *spaceBuilder) reset() {
	for _, c := range s.used {
		s.columns[c].reset()
	}
	s.used, s.parents = s.used[:0], s.parents[:0]
}

func (s *spaceBuilder) column(at int, f *field) *columnBuilder {
	c := &s.columns[at]
	if c.values == 0 {
		c.kind, c.name = f.kind, f.name
		s.used = append(s.used, at)
	}
	return c
}

// lastRow is the row that the document at hand is in, or its object that opened last.
func (b *Builder) lastRow(in spaceID) uint32 {
	if in == rootSpace {
		return uint32(b.rows)
	}
	return uint32(len(b.spaces[in-1].parents)) - 1
}

// appendForm notes how a value inside a nested object was written: that stands with the documents.
func (b *Builder) appendForm(row uint32, l *leaf) {
	format := l.format
	switch {
	case format == noFormat:
		return
	case l.field.literal && format&^segment.FlagNoValue > segment.FormatNull:
		format = format&segment.FlagNoValue | segment.FormatLiteral
	}
	b.column(l.field).addFormat(row, format, l.raw)
}

// addObjects adds the document's nested objects with their values.
func (b *Builder) addObjects() {
	next := 0
	for i := range b.leaves {
		for next < len(b.opened) && b.opened[next].firstLeaf <= i {
			b.addObject(b.opened[next].space)
			next++
		}
		l := &b.leaves[i]
		f := l.field
		if f.space == rootSpace || l.value == noValue {
			continue
		}
		b.spaces[f.space-1].column(f.inner, f).addValue(b.lastRow(f.space), l)
		for _, to := range f.includes {
			row := b.lastRow(to.space)
			if to.space == rootSpace {
				b.column(f).addValue(row, l)
				continue
			}
			b.spaces[to.space-1].column(to.column, f).addValue(row, l)
		}
	}
	for _, o := range b.opened[next:] {
		b.addObject(o.space)
	}
}

func (b *Builder) addObject(in spaceID) {
	s := &b.spaces[in-1]
	s.parents = append(s.parents, b.lastRow(b.plan.spaces[in-1].parent))
}

// finishSpaces puts the nested objects into the batch, innermost first.
func (b *Builder) finishSpaces(data *segment.BatchData) {
	inside := make([][]segment.BatchSpace, len(b.spaces)+1)
	counts := make([][]segment.BatchField, len(b.spaces)+1)
	for i := len(b.spaces) - 1; i >= 0; i-- {
		s := &b.spaces[i]
		rows := len(s.parents)
		if rows == 0 {
			continue
		}
		around := b.plan.spaces[i].parent
		out := segment.BatchSpace{Path: b.plan.spaces[i].path, Rows: rows, Fields: counts[i+1], Spaces: inside[i+1]}
		for _, at := range s.used {
			c := &s.columns[at]
			out.Fields = append(out.Fields, segment.BatchField{Name: c.name, Doc: c.doc(rows)})
		}
		inside[around] = append(inside[around], out)
		n := b.rows
		if around != rootSpace {
			n = len(b.spaces[around-1].parents)
		}
		counts[around] = append(counts[around], segment.BatchField{Name: segment.ChildrenField(out.Path), Doc: countBlock(s.parents, n)})
	}
	data.Spaces = inside[rootSpace]
	data.Fields = append(data.Fields, counts[rootSpace]...)
}

// countBlock says of each of n rows how often it stands in parents.
func countBlock(parents []uint32, n int) *column.Block {
	b := &column.Block{Kind: column.Int64, Rows: n, Ints: make([]int64, n), Present: column.NewBitmap(n)}
	for _, p := range parents {
		b.Ints[p]++
		b.Present.Set(int(p))
	}
	if b.Present.Count() == n {
		b.Present = nil
	}
	return b
}
