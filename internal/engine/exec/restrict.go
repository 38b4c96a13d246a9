package exec

import (
	"hash/maphash"
	"math/bits"
	"strconv"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
)

// Restriction narrows a search to some shards' documents of an index, or to one slice of them. An index is in one place whatever
// number of shards it says it has, so the documents are picked by their ids and routing values.
type Restriction struct {
	// Shard returns the number of the shard of a document, Shards are those that are searched; nil is all.
	Shard  func(id, routing string) int
	Shards []int
	// Count is the number of shards of the index.
	Count int
	// Slices is into how many parts documents are cut, at most MaxSlices, Slice the part that is wanted; 0 cuts nothing.
	// SliceField is the numeric field whose values decide; "" is the id.
	Slice, Slices, MaxSlices int
	// SlicesSetting is the setting that MaxSlices comes from.
	SlicesSetting string
	SliceField    string
}

// restricted compiles an index's restriction.
func (c *compiler) restricted(r *Restriction) (node, error) {
	n := &restrictNode{Restriction: r, codec: c.fields.index.IDs}
	if r.Shards != nil {
		n.wanted = map[int]bool{}
		for _, shard := range r.Shards {
			n.wanted[shard] = true
		}
	}
	if r.Slices > r.MaxSlices {
		return nil, eserr.IllegalArgument("The number of slices [%d] is too large. It must be less than [%d]. "+
			"This limit can be set by changing the [%s] index level setting.", r.Slices, r.MaxSlices, r.SlicesSetting)
	}
	if r.Slices == 0 || r.SliceField == "" || r.SliceField == idField {
		return n, nil
	}
	f := c.fields.lookup(r.SliceField)
	switch {
	case f == nil:
		return nil, eserr.IllegalArgument("field %s not found", r.SliceField)
	case !f.docValues || f.class == classText || f.class == classKeyword || f.class == classOther || f.class == classGeo || f.class == classRange || f.class == classVector || f.class == classIP:
		return nil, eserr.IllegalArgument("cannot load numeric doc values on %s", r.SliceField)
	}
	n.column = f.view.column
	return n, nil
}

// restrictNode matches the documents that a restriction leaves.
type restrictNode struct {
	*Restriction
	codec  IDCodec
	wanted map[int]bool // nil is every shard
	column string       // that slices are cut by; "" for the id
}

func (n *restrictNode) bind(l *leaf) (matcher, error) {
	return &restrictMatcher{restrictNode: n, leaf: l, ids: newIDReader(l, n.codec)}, nil
}

type restrictMatcher struct {
	constant
	*restrictNode
	leaf *leaf
	ids  *idReader
}

func (m *restrictMatcher) cost() int { return costBytes }

func (m *restrictMatcher) bound(int) bound { return boundUnknown }

func (m *restrictMatcher) filter(block int, sel column.Bitmap) error {
	first := m.leaf.blocks[block].FirstRow
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		keep, err := m.keeps(first + r)
		if err != nil {
			return err
		}
		if !keep {
			sel.Clear(r)
		}
	}
	return nil
}

func (m *restrictMatcher) keeps(row int) (bool, error) {
	at, l := row, m.leaf
	if l.around != nil { // a nested object lies where its document does
		var err error
		if l, at, err = l.document(row); err != nil {
			return false, err
		}
	}
	shard, err := m.shardOf(l, row, at)
	if err != nil || m.wanted != nil && !m.wanted[shard] {
		return false, err
	}
	slice, slices := m.Slice, m.Slices
	switch {
	case slices == 0:
		return true, nil
	case m.Count > 1 && slices < m.Count: // whole shards
		return shard%slices == slice, nil
	case m.Count > 1: // a part of one shard
		if shard != slice%m.Count {
			return false, nil
		}
		parts := slices / m.Count
		if slices%m.Count > shard {
			parts++
		}
		slice, slices = slice/m.Count, parts
	}
	hash, err := m.sliceHash(l, row, at)
	return hash%uint64(slices) == uint64(slice), err
}

// shardOf is the number of the shard that a row's document lies in, where that matters.
func (m *restrictMatcher) shardOf(l *leaf, row, at int) (int, error) {
	if m.Count <= 1 {
		return 0, nil
	}
	id, err := m.ids.idOfRow(row)
	if err != nil {
		return 0, err
	}
	routing := ""
	if c := l.column(segment.RoutingField); c != nil {
		text, _, err := l.textAt(c, at)
		if err != nil {
			return 0, err
		}
		routing = string(text)
	}
	return m.Shard(id, routing), nil
}

// sliceSeed makes slices differ from shards, which are cut by hashes of ids too.
var sliceSeed = maphash.MakeSeed()

// sliceHash is what decides in which slice a document is. It is the same for as long as the program runs, which is longer than any
// scroll.
func (m *restrictMatcher) sliceHash(l *leaf, row, at int) (uint64, error) {
	if m.column == "" {
		id, err := m.ids.idOfRow(row)
		return maphash.String(sliceSeed, id), err
	}
	c := l.column(m.column)
	if c == nil {
		return 0, nil
	}
	block := l.blockOf(at)
	in := at - l.blocks[block].FirstRow
	b, err := c.granule(block, in/column.GranuleRows)
	if err != nil {
		return 0, err
	}
	lo, hi := b.Range(in % column.GranuleRows)
	if lo == hi {
		return 0, nil
	}
	text := ""
	switch b.Kind {
	case column.Int64:
		text = strconv.FormatInt(b.Ints[lo], 10)
	case column.Float64:
		text = strconv.FormatFloat(b.Floats[lo], 'g', -1, 64)
	default:
		text = string(c.text(b, lo))
	}
	return bits.RotateLeft64(maphash.String(sliceSeed, text), 1), nil
}
