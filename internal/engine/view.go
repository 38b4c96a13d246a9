package engine

import (
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
)

// part is one segment of an index as a view sees it: the segment and the rows deleted from it. Parts
// are immutable; a delete makes a new part over the same segment.
type part struct {
	*partCore
	deleted column.Bitmap // nil: none
	deletes int
}

// partCore is what all parts over one segment share.
type partCore struct {
	seg  segment.Segment
	file *segment.File // nil: in memory only
	id   uint64        // number of the file, 0 in memory
	rows int
	// minSeq and maxSeq bound the sequence numbers of its rows; parts of an index never overlap
	// unless their rows were split by day.
	minSeq, maxSeq int64
	minTime        int64 // of @timestamp in Unix milliseconds
	maxTime        int64
	hasTime        bool
	refs           atomic.Int64
	// savedDeletes is the number of deletes in the newest delete file, and generation its number; both
	// belong to whoever holds the index's maintenance lock.
	savedDeletes int
	generation   uint64
	// cacheID names the segment file in the request cache; 0 in memory.
	cacheID uint64
	// obsolete: merged away or its index is deleted; the last release removes the file.
	obsolete atomic.Bool
	release  func(*partCore)
}

func (c *partCore) acquire() { c.refs.Add(1) }

func (c *partCore) drop() {
	if c.refs.Add(-1) == 0 {
		c.release(c)
	}
}

// live is the number of rows that are not deleted.
func (p *part) live() int { return p.rows - p.deletes }

// withDeleted returns the part with more rows deleted; rows that are deleted already count once.
func (p *part) withDeleted(rows []uint32) *part {
	if len(rows) == 0 {
		return p
	}
	deleted := column.NewBitmap(p.rows)
	copy(deleted, p.deleted)
	n := p.deletes
	for _, r := range rows {
		if !deleted.Has(int(r)) {
			deleted.Set(int(r))
			n++
		}
	}
	return &part{partCore: p.partCore, deleted: deleted, deletes: n}
}

// view is an immutable list of parts in order of their sequence numbers: the state of an index at one
// moment. A view holds a reference on each of its parts; whoever searches holds one on the view.
type view struct {
	parts []*part
	docs  int64 // live rows
	refs  atomic.Int64
}

func newView(parts []*part) *view {
	v := &view{parts: parts}
	for _, p := range parts {
		p.acquire()
		v.docs += int64(p.live())
	}
	v.refs.Store(1)
	return v
}

// maxSeq is the highest sequence number of the view's rows, -1 without any.
func (v *view) maxSeq() int64 {
	highest := int64(-1)
	for _, p := range v.parts {
		highest = max(highest, p.maxSeq)
	}
	return highest
}

func (v *view) release() {
	if v.refs.Add(-1) > 0 {
		return
	}
	for _, p := range v.parts {
		p.drop()
	}
}

// views holds an index's two states: all that was written, and what searches see. They differ only in
// indices that withhold documents until a refresh.
type views struct {
	mu struct {
		sync.Mutex
		current *view // everything written
		visible *view // what searches see
	}
}

func (vs *views) init(parts []*part) {
	vs.mu.current = newView(parts)
	vs.mu.visible = vs.mu.current
	vs.mu.visible.refs.Add(1)
}

// acquire pins the state that searches see, or all that was written. The caller releases it.
func (vs *views) acquire(everything bool) *view {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v := vs.mu.visible
	if everything {
		v = vs.mu.current
	}
	v.refs.Add(1)
	return v
}

// set replaces the state; withhold leaves what searches see as it is.
func (vs *views) set(parts []*part, withhold bool) {
	next := newView(parts)
	vs.mu.Lock()
	old := vs.mu.current
	vs.mu.current = next
	var oldVisible *view
	if !withhold {
		oldVisible = vs.mu.visible
		vs.mu.visible = next
		next.refs.Add(1)
	}
	vs.mu.Unlock()
	old.release()
	if oldVisible != nil {
		oldVisible.release()
	}
}

// refresh makes everything written visible and says whether that changed anything.
func (vs *views) refresh() bool {
	vs.mu.Lock()
	old := vs.mu.visible
	changed := old != vs.mu.current
	if changed {
		vs.mu.visible = vs.mu.current
		vs.mu.visible.refs.Add(1)
	}
	vs.mu.Unlock()
	if changed {
		old.release()
	}
	return changed
}

// close lets go of both states.
func (vs *views) close() {
	vs.mu.Lock()
	current, visible := vs.mu.current, vs.mu.visible
	vs.mu.Unlock()
	current.release()
	visible.release()
}

// findSeq finds the row that operation seq wrote, deleted or not. Whoever asks for many gives the same blocks each time.
func (v *view) findSeq(seq int64, blocks *seqBlocks) (p *part, row int, ok bool, err error) {
	for i := len(v.parts) - 1; i >= 0; i-- {
		p := v.parts[i]
		if seq < p.minSeq || seq > p.maxSeq {
			continue
		}
		row, ok, err := p.rowOfSeq(seq, blocks)
		if ok || err != nil {
			return p, row, ok, err
		}
	}
	return nil, 0, false, nil
}

const (
	// maxSeqBlocks bounds the blocks that are kept decoded: 64 KB each.
	maxSeqBlocks = 32
	// idRunRows is how many ids are read at a time: they are compressed together, some hundred to a chunk.
	idRunRows = 256
)

// seqBlocks are blocks of sequence numbers, and a run of ids, that were decoded a moment ago: documents that are written again
// together mostly stand together. The zero value is empty.
type seqBlocks struct {
	kept map[seqBlock][]int64
	ids  struct {
		of       *partCore
		from, to int // rows of the part
		run      column.Block
	}
}

// seqBlock names a block of a part.
type seqBlock struct {
	of    *partCore
	block int
}

// read returns the sequence numbers of a block.
func (s *seqBlocks) read(c *partCore, block, rows int) ([]int64, error) {
	key := seqBlock{c, block}
	if seqs := s.kept[key]; seqs != nil {
		return seqs, nil
	}
	if len(s.kept) >= maxSeqBlocks {
		clear(s.kept)
	}
	var b column.Block // new each time: what is read of a batch is the batch's own memory
	if err := c.seg.Column(segment.SeqNoField).Read(block, 0, rows, &b); err != nil {
		return nil, err
	}
	if s.kept == nil {
		s.kept = map[seqBlock][]int64{}
	}
	s.kept[key] = b.Ints[:rows]
	return b.Ints[:rows], nil
}

// hasID says whether a row of the part was written under an explicit id.
func (s *seqBlocks) hasID(c *partCore, row int, id string) (bool, error) {
	col := c.seg.Column(segment.IDField)
	if col == nil {
		return false, nil
	}
	if kept := &s.ids; kept.of != c || row < kept.from || row >= kept.to {
		block, at := c.locate(row)
		rows := min(idRunRows, c.seg.Blocks()[block].Rows-at)
		kept.of, kept.from, kept.to, kept.run = nil, row, row+rows, column.Block{}
		if err := col.Read(block, at, at+rows, &kept.run); err != nil {
			return false, err
		}
		kept.of = c
	}
	b := &s.ids.run
	switch lo, hi := b.Range(row - s.ids.from); {
	case lo == hi:
		return false, nil
	case b.Kind == column.Ordinal:
		return string(col.Dict().Value(b.Ords[lo])) == id, nil
	default:
		return string(b.Bytes(lo)) == id, nil
	}
}

// rowOfSeq finds a sequence number in the part. Rows mostly stand in order of sequence number; a
// segment merged from those of several days is in order only piecewise.
func (c *partCore) rowOfSeq(seq int64, read *seqBlocks) (int, bool, error) {
	blocks := c.seg.Blocks()
	for b := range blocks {
		info := &blocks[b]
		if seq < info.MinSeq || seq > info.MaxSeq {
			continue
		}
		seqs, err := read.read(c, b, info.Rows)
		if err != nil {
			return 0, false, err
		}
		at := sort.Search(info.Rows, func(i int) bool { return seqs[i] >= seq })
		if at == info.Rows || seqs[at] != seq {
			at = slices.Index(seqs, seq)
		}
		if at >= 0 {
			return info.FirstRow + at, true, nil
		}
	}
	return 0, false, nil
}

// isDeleted says whether a row of the part is deleted.
func (p *part) isDeleted(row int) bool { return p.deleted != nil && p.deleted.Has(row) }
