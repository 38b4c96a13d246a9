package exec

import (
	"context"
	"errors"
	"math/bits"
	"runtime"
	"sync/atomic"
	"time"

	"elkhorn/internal/engine/column"
)

// tally is what the workers of one search share.
type tally struct {
	// hits counts matches until it passes limit.
	hits    atomic.Int64
	limit   int64 // -1: do not count
	scanned atomic.Int64
	timeout atomic.Bool
	early   atomic.Bool // terminate_after was reached
	plans   []planTally
}

// planTally is what the workers share about one index.
type planTally struct {
	hits    atomic.Int64 // matches counted so far; not those of blocks that came after the limit
	taken   atomic.Int64 // documents taken in, for terminate_after
	touched atomic.Bool  // some block may match
}

// count adds matches of an index.
func (t *tally) count(plan, n int) {
	t.hits.Add(int64(n))
	t.plans[plan].hits.Add(int64(n))
}

// counting says whether matches still need to be counted.
func (t *tally) counting() bool { return t.limit >= 0 && t.hits.Load() <= t.limit }

// worker scans tasks. It belongs to one goroutine.
type worker struct {
	search  *search
	account *account
	states  []*planState // by plan, nil where it has not worked on one

	sel, work column.Bitmap
	rows      [column.BlockRows]uint16
	vals      []sortVal
	scores    []float64
	maxScore  float64
	scored    bool
}

// planState is what one worker has found in one index.
type planState struct {
	plan    *plan
	top     *topK
	aggs    collectors
	globals collectors
	bound   *boundSource // the segment it is in
	// known says that the matches of the task at work are counted and aggregated already. found counts
	// matches, for what is kept.
	known bool
	found int64
	// runs are the partial results of runs that had collectors of their own.
	runs []partials
}

// boundSource is a plan bound to a segment.
type boundSource struct {
	position int // of the source in its index
	leaf     *leaf
	query    matcher
	post     matcher // nil for none
	filter   matcher // what global aggregations still see; nil: everything
	keys     []keyReader
	collapse *collapseReader // nil where documents are not collapsed
	ids      *idReader
	place    leafPlace
	// collecting says that the aggregations are bound to the segment, which happens when it has the
	// first match.
	collecting bool
}

func newWorker(s *search) *worker {
	w := &worker{search: s, account: &account{budget: s.req.Budget, stop: s.stop}, states: make([]*planState, len(s.plans))}
	w.sel = column.NewBitmap(column.BlockRows)
	w.work = column.NewBitmap(column.BlockRows)
	if s.scoring {
		w.scores = make([]float64, column.BlockRows)
	}
	return w
}

// run works on tasks until none is left, the context ends, or the answer is complete.
func (w *worker) run(ctx context.Context) error {
	for {
		i := int(w.search.next.Add(1)) - 1
		if i >= len(w.search.tasks) || w.search.tally.timeout.Load() {
			return nil
		}
		t := &w.search.tasks[i]
		if w.search.failed(t.plan) {
			continue
		}
		switch err := w.task(t); {
		case err == nil:
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errExpired):
			w.search.tally.timeout.Store(true)
		default:
			w.search.fail(t.plan, err)
		}
	}
}

func (w *worker) task(t *task) error {
	if err := w.account.check(); err != nil {
		return err
	}
	state := w.state(t.plan)
	if state.bound == nil || state.bound.position != t.source {
		if err := w.bind(state, t.source); err != nil {
			return err
		}
	}
	if t.keep != nil {
		return w.keepRun(state, t)
	}
	state.known = t.known
	return w.blocks(state, t)
}

// blocks scans the blocks of a task.
func (w *worker) blocks(state *planState, t *task) error {
	if p := state.plan.profile; p != nil {
		defer since(&p.scan, time.Now())
	}
	for _, block := range t.blocks {
		if err := w.account.check(); err != nil {
			return err
		}
		if err := w.block(state, block); err != nil {
			return err
		}
		runtime.Gosched() // a short search need not wait for the end of a long one's time slice
	}
	return nil
}

func (w *worker) state(plan int) *planState {
	if w.states[plan] == nil {
		p := w.search.plans[plan]
		w.states[plan] = &planState{plan: p, top: w.search.newTop(p, w.account), aggs: newCollectors(p.aggs, w.account), globals: newCollectors(p.globals, w.account)}
	}
	return w.states[plan]
}

func (w *worker) bind(s *planState, source int) error {
	p := s.plan
	if p.profile != nil {
		p.profile.segmentsBound.Add(1)
		defer since(&p.profile.bind, time.Now())
	}
	b := &boundSource{position: source, leaf: p.leaf(source, w.account)}
	b.ids = newIDReader(b.leaf, p.index.IDs)
	var err error
	if b.query, err = p.query.bind(b.leaf); err != nil {
		return err
	}
	if p.filter != nil && len(s.globals) > 0 {
		if b.filter, err = p.filter.bind(b.leaf); err != nil {
			return err
		}
	}
	if p.post != nil {
		if b.post, err = p.post.bind(b.leaf); err != nil {
			return err
		}
	}
	for _, k := range p.keys {
		r, err := k.bind(b.leaf, p, source, w.scores, b.ids)
		if err != nil {
			return err
		}
		b.keys = append(b.keys, r)
	}
	if p.collapse != nil {
		if b.collapse, err = p.collapse.bind(b.leaf, p, source); err != nil {
			return err
		}
	}
	b.place = leafPlace{leaf: b.leaf, plan: p, source: source, scores: w.scores, ids: b.ids}
	if err := s.globals.bind(&b.place); err != nil {
		return err
	}
	if p.everySource {
		if err := s.bindAggs(b); err != nil {
			return err
		}
	}
	s.bound = b
	return nil
}

// bindAggs binds the aggregations to a segment, once.
func (s *planState) bindAggs(b *boundSource) error {
	if b.collecting {
		return nil
	}
	b.collecting = true
	return s.aggs.bind(&b.place)
}

// block scans one block.
func (w *worker) block(s *planState, block int) error {
	b := s.bound
	info := b.leaf.blocks[block]
	sel := w.sel[:(info.Rows+63)/64]
	b.leaf.want(block, nil)
	if len(s.globals) > 0 {
		b.leaf.alive(block, sel)
		if b.filter != nil {
			if err := apply(b.filter, block, sel); err != nil {
				return err
			}
		}
		b.leaf.want(block, sel)
		if err := s.globals.collect(w.docs(block, sel)); err != nil {
			return err
		}
		b.leaf.want(block, nil)
	}
	known := b.query.bound(block)
	if known.none() {
		s.plan.note(blockExcluded)
		return nil
	}
	w.search.tally.plans[s.plan.position].touched.Store(true)
	competes := w.competes(s, block)
	collects := len(s.aggs) > 0 && !s.known
	if !competes && !collects && (s.known || !w.search.tally.counting()) {
		s.plan.note(blockUnneeded)
		return nil
	}
	w.search.tally.scanned.Add(int64(info.Rows))
	if !competes && !collects && known.all() && !b.leaf.hasDeletes() && w.search.plain {
		w.search.tally.count(s.plan.position, info.Rows)
		s.found += int64(info.Rows)
		s.plan.noteRows(known, info.Rows, info.Rows)
		return nil
	}
	b.leaf.alive(block, sel)
	if err := apply(b.query, block, sel); err != nil {
		return err
	}
	if s.plan.profile != nil {
		s.plan.noteRows(known, info.Rows, sel.Count())
	}
	return w.matched(s, block, sel, competes)
}

// matched takes the matching rows of a block on to aggregations, counting and sorting.
func (w *worker) matched(s *planState, block int, sel column.Bitmap, competes bool) error {
	b := s.bound
	if w.search.scoring && (competes || w.search.scoreAll) && sel.Any() {
		if err := w.score(s, block, sel); err != nil {
			return err
		}
	}
	w.search.limitRows(s.plan.position, sel)
	if !sel.Any() {
		return nil
	}
	b.leaf.want(block, sel)
	if len(s.aggs) > 0 && !s.known {
		if err := s.bindAggs(b); err != nil {
			return err
		}
		if err := s.aggs.collect(w.docs(block, sel)); err != nil {
			return err
		}
	}
	if b.post != nil {
		if err := apply(b.post, block, sel); err != nil {
			return err
		}
	}
	if !s.known {
		n := sel.Count()
		s.found += int64(n)
		if w.search.tally.limit >= 0 {
			w.search.tally.count(s.plan.position, n)
		}
	}
	if !competes || !sel.Any() {
		return nil
	}
	return w.offer(s, block, sel)
}

// competes says whether the block may hold one of the best documents.
func (w *worker) competes(s *planState, block int) bool {
	if s.top.k == 0 {
		return false
	}
	if !s.top.full() {
		return true
	}
	b := s.bound
	best, ok := b.keys[0].best(block)
	return !ok || s.top.blockBeats(&best, s.plan.position, b.position, b.leaf.blocks[block].FirstRow)
}

// score computes the scores of the selected rows and drops those below min_score.
func (w *worker) score(s *planState, block int, sel column.Bitmap) error {
	if err := w.rawScores(s, block, sel); err != nil {
		return err
	}
	least := w.search.req.MinScore
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		w.scores[r] = float64(float32(w.scores[r]))
		if least != nil && w.scores[r] < *least {
			sel.Clear(r)
			continue
		}
		if !w.scored || w.scores[r] > w.maxScore {
			w.maxScore, w.scored = w.scores[r], true
		}
	}
	return nil
}

func (w *worker) rawScores(s *planState, block int, sel column.Bitmap) error {
	if same := s.plan.sameScore; same != nil {
		for i := range w.scores {
			w.scores[i] = *same
		}
		return nil
	}
	clear(w.scores)
	return s.bound.query.score(block, sel, w.scores)
}

// offer hands the selected rows to the heap.
func (w *worker) offer(s *planState, block int, sel column.Bitmap) error {
	b := s.bound
	rows := rowsOf(sel, w.rows[:0])
	if len(w.vals) < len(rows) {
		if err := w.account.grow((len(rows) - len(w.vals)) * sortValBytes); err != nil {
			return err
		}
		w.vals = make([]sortVal, len(rows))
	}
	if err := b.keys[0].fill(block, rows, w.vals); err != nil {
		return err
	}
	keys := make([]sortVal, len(b.keys))
	first := b.leaf.blocks[block].FirstRow
	// Rows mostly stand in order of time: when the latest are wanted they come from the end, so that the
	// heap is full of good ones soon and turns the others away at once.
	backwards := s.plan.keys[0].desc
	for n := range rows {
		i := n
		if backwards {
			i = len(rows) - 1 - n
		}
		if !s.top.beats(&w.vals[i]) {
			continue
		}
		r := rows[i]
		keys[0] = w.vals[i]
		for k := 1; k < len(keys); k++ {
			if err := b.keys[k].fill(block, rows[i:i+1], keys[k:k+1]); err != nil {
				return err
			}
		}
		c := candidate{keys: keys, plan: s.plan.position, source: b.position, row: first + int(r)}
		if w.search.scoring {
			c.score = w.scores[r]
		}
		if b.collapse != nil {
			name, group, err := b.collapse.group(block, r)
			if err != nil {
				return err
			}
			group.str = append([]byte(nil), group.str...)
			c.name, c.group = string(name), group
		}
		if err := s.top.offer(c); err != nil {
			return err
		}
	}
	return nil
}

// docs turns a selection into the form collectors take; it is good until the next call.
func (w *worker) docs(block int, sel column.Bitmap) *docs {
	return &docs{block: block, rows: rowsOf(sel, w.rows[:0]), limit: 1}
}

// rowsOf appends the rows of a selection.
func rowsOf(sel column.Bitmap, rows []uint16) []uint16 {
	for i, word := range sel {
		base := uint16(i << 6)
		if word == ^uint64(0) {
			rows = append(rows, identity[base:base+64]...)
			continue
		}
		for ; word != 0; word &= word - 1 {
			rows = append(rows, base+uint16(bits.TrailingZeros64(word)))
		}
	}
	return rows
}
