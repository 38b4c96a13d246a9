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

// findSeq finds the row that operation seq wrote, deleted or not.
func (v *view) findSeq(seq int64) (p *part, row int, ok bool, err error) {
	for i := len(v.parts) - 1; i >= 0; i-- {
		p := v.parts[i]
		if seq < p.minSeq || seq > p.maxSeq {
			continue
		}
		row, ok, err := p.rowOfSeq(seq)
		if ok || err != nil {
			return p, row, ok, err
		}
	}
	return nil, 0, false, nil
}

// rowOfSeq finds a sequence number in the part. Rows mostly stand in order of sequence number; a
// segment merged from those of several days is in order only piecewise.
func (c *partCore) rowOfSeq(seq int64) (int, bool, error) {
	blocks := c.seg.Blocks()
	col := c.seg.Column(segment.SeqNoField)
	for b := range blocks {
		info := &blocks[b]
		if seq < info.MinSeq || seq > info.MaxSeq {
			continue
		}
		var block column.Block
		if err := col.Read(b, 0, info.Rows, &block); err != nil {
			return 0, false, err
		}
		at := sort.Search(info.Rows, func(i int) bool { return block.Ints[i] >= seq })
		if at == info.Rows || block.Ints[at] != seq {
			at = slices.Index(block.Ints[:info.Rows], seq)
		}
		if at >= 0 {
			return info.FirstRow + at, true, nil
		}
	}
	return 0, false, nil
}

// isDeleted says whether a row of the part is deleted.
func (p *part) isDeleted(row int) bool { return p.deleted != nil && p.deleted.Has(row) }
