package ingest

import (
	"errors"
	"math"

	"github.com/cespare/xxhash/v2"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
)

// ErrUnknownFields says that a document has fields the mapping does not know and may grow by.
var ErrUnknownFields = errors.New("document has fields that are not mapped yet")

// ErrFull says that the batch has no room for another document.
var ErrFull = errors.New("batch is full")

// maxBatchBytes bounds the text of one batch, so that one bulk of huge documents becomes several
// batches that can be flushed one by one.
const maxBatchBytes = 32 << 20

// Builder fills one batch. Use it again after Reset; its scratch memory stays.
type Builder struct {
	walker
	rows    int
	bytes   int
	columns []columnBuilder // by field.column
	used    []int           // columns with something in them
	spaces  []spaceBuilder  // by spaceID, less the root

	shapes     map[uint64]int64 // hash of a skeleton → number
	skeletons  []segment.Shape
	shapeIDs   []int64
	raw        columnBuilder
	ignoredCol columnBuilder
	countsCol  columnBuilder
}

// NewBuilder makes a builder for a plan.
func NewBuilder(plan *Plan) *Builder {
	b := &Builder{shapes: map[uint64]int64{}}
	b.nestedLimit = DefaultNestedLimit
	b.Reset(plan)
	return b
}

// Reset empties the builder for another batch, by the same plan or another.
func (b *Builder) Reset(plan *Plan) {
	for _, c := range b.used {
		b.columns[c].reset()
	}
	b.used = b.used[:0]
	if b.plan != plan {
		b.plan = plan
		b.seen = nil
		b.columns = nil
		b.unmappedFields = map[string]*field{}
		b.spaces = newSpaces(plan)
	}
	for i := range b.spaces {
		b.spaces[i].reset()
	}
	b.plain = nil
	b.raw.reset()
	b.ignoredCol.reset()
	b.countsCol.reset()
	b.countsCol.kind = column.Int64
	b.raw.kind, b.ignoredCol.kind = column.Bytes, column.Bytes
	clear(b.shapes)
	b.skeletons, b.shapeIDs = nil, b.shapeIDs[:0]
	b.rows, b.bytes = 0, 0
}

// Rows is the number of documents in the batch.
func (b *Builder) Rows() int { return b.rows }

// Add appends a document as the next row. On error the batch is as it was before.
func (b *Builder) Add(source []byte) error {
	if b.rows >= column.BlockRows || b.rows > 0 && b.bytes+len(source) > maxBatchBytes {
		return ErrFull
	}
	if err := b.walk(source); err != nil {
		return err
	}
	if b.unknown {
		return ErrUnknownFields
	}
	if b.plan.time != nil {
		if err := b.checkTime(); err != nil {
			return err
		}
	}
	row := uint32(b.rows)
	b.addShape(row, source)
	for i := range b.leaves {
		if b.leaves[i].format != noFormat {
			b.append(row, &b.leaves[i])
		}
	}
	for i := range b.leaves { // values from copy_to stand after the field's own
		if b.leaves[i].format == noFormat {
			b.append(row, &b.leaves[i])
		}
	}
	if len(b.opened) > 0 {
		b.addObjects()
	}
	for _, name := range b.ignored {
		b.ignoredCol.addBytes(row, []byte(name))
	}
	if b.counts > 0 {
		b.countsCol.addInt(row, b.counts)
	}
	b.rows++
	b.bytes += len(source)
	return nil
}

// addShape notes the document's shape; past the cap of shapes the document is kept whole, and its
// values are only doc values.
func (b *Builder) addShape(row uint32, source []byte) {
	hash := xxhash.Sum64(b.skeleton)
	id, ok := b.shapes[hash]
	if ok && string(b.skeletons[id].Skeleton) != string(b.skeleton) {
		ok = false // another skeleton of the same hash: keep this document whole
		id = -1
	} else if !ok {
		id = -1
		if len(b.skeletons) < segment.MaxShapes {
			id = int64(len(b.skeletons))
			b.shapes[hash] = id
			b.skeletons = append(b.skeletons, segment.Shape{Skeleton: append([]byte(nil), b.skeleton...)})
		}
	}
	b.shapeIDs = append(b.shapeIDs, id)
	if id < 0 {
		b.raw.addBytes(row, source)
		for i := range b.leaves {
			b.leaves[i].format = noFormat
		}
	}
}

// append puts one value into its column.
func (b *Builder) append(row uint32, l *leaf) {
	if l.field.space != rootSpace {
		b.appendForm(row, l)
		return
	}
	c := b.column(l.field)
	c.addValue(row, l)
	if l.format != noFormat {
		c.addFormat(row, l.format, l.raw)
	}
}

// addValue puts the doc value of a leaf, if it has one, into a row.
func (c *columnBuilder) addValue(row uint32, l *leaf) {
	switch l.value {
	case intValue:
		c.addInt(row, int64(l.num))
	case floatValue:
		c.addFloat(row, math.Float64frombits(l.num))
	case bytesValue:
		c.addBytes(row, l.text)
	}
}

func (b *Builder) column(f *field) *columnBuilder {
	if f.column >= len(b.columns) {
		b.columns = append(b.columns, make([]columnBuilder, b.plan.columns+len(b.unmappedFields)-len(b.columns))...)
	}
	c := &b.columns[f.column]
	if c.values == 0 && c.forms == 0 {
		c.kind, c.name = f.kind, f.name
		b.used = append(b.used, f.column)
	}
	return c
}

// Finish returns the batch without the engine's own columns (_seq_no, _version, _id, _routing), with the
// bounds of @timestamp in its block. The builder must be Reset before it is used again.
func (b *Builder) Finish() segment.BatchData {
	data := segment.BatchData{Block: segment.BlockInfo{Rows: b.rows}, Shapes: b.skeletons}
	for _, at := range b.used {
		c := &b.columns[at]
		f := segment.BatchField{Name: c.name, Source: c.source(b.rows)}
		f.Doc, f.Dict = c.finish(b.rows)
		if c.name == timeField {
			timeBounds(&data.Block, f.Doc, b.plan.TimeNanos())
		}
		data.Fields = append(data.Fields, f)
	}
	b.finishSpaces(&data)
	shapeIDs := &column.Block{Kind: column.Int64, Rows: b.rows, Ints: append(make([]int64, 0, b.rows), b.shapeIDs...)}
	data.Fields = append(data.Fields, segment.BatchField{Name: segment.ShapeField, Doc: shapeIDs})
	if doc := b.raw.doc(b.rows); doc != nil {
		data.Fields = append(data.Fields, segment.BatchField{Name: segment.RawField, Doc: doc})
	}
	if doc := b.ignoredCol.doc(b.rows); doc != nil {
		data.Fields = append(data.Fields, segment.BatchField{Name: segment.IgnoredField, Doc: doc})
	}
	if doc := b.countsCol.doc(b.rows); doc != nil {
		data.Fields = append(data.Fields, segment.BatchField{Name: segment.DocCountField, Doc: doc})
	}
	return data
}

func timeBounds(info *segment.BlockInfo, doc *column.Block, nanos bool) {
	if doc == nil || doc.Kind != column.Int64 {
		return
	}
	for row := range doc.Rows {
		lo, hi := doc.Range(row)
		for _, t := range doc.Ints[lo:hi] {
			if !info.HasTime {
				info.HasTime, info.MinTime, info.MaxTime = true, t, t
			}
			info.MinTime, info.MaxTime = min(info.MinTime, t), max(info.MaxTime, t)
		}
	}
	if nanos {
		info.MinTime, info.MaxTime = info.MinTime/1_000_000, info.MaxTime/1_000_000
	}
}
