package engine

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"time"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/manifest"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/engine/wal"
)

const (
	// flushRows and flushLogBytes are when memory is written out: small enough that replay after a crash
	// takes well under two seconds, large enough that segments are worth their merges.
	flushRows     = 128_000
	flushLogBytes = 25 << 20
	// flushIdle writes out an index nobody writes to any more, so that it does not pin the log.
	flushIdle = 5 * time.Minute
	// openDays is how many UTC days get segments of their own in one flush; documents of older days
	// share one more, so that one late event does not spoil the time bounds of the others.
	openDays = 8
)

// timeField is the field by which segments are bounded and split.
const timeField = "@timestamp"

const dayMillis = 24 * 60 * 60 * 1000

// rewrite is one new segment made of rows of older ones, by a flush or a merge.
type rewrite struct {
	inputs []rewriteInput
	core   *partCore // nil when no row was left
}

// rewriteInput is one older part: dropped are the rows that were not copied (deleted, or of another
// day), and base is the new number of its first copied row.
type rewriteInput struct {
	from    *part
	dropped column.Bitmap
	base    int
	// before has the number of dropped rows before each word of dropped; it is counted when it is first wanted.
	before []int
}

// newRow maps a row of the input to the new segment; ok is false when it was not copied.
func (in *rewriteInput) newRow(row int) (int, bool) {
	if in.dropped == nil {
		return in.base + row, true
	}
	if in.dropped.Has(row) {
		return 0, false
	}
	if in.before == nil {
		in.before = make([]int, len(in.dropped))
		for i, w := range in.dropped[:len(in.dropped)-1] {
			in.before[i+1] = in.before[i] + bits.OnesCount64(w)
		}
	}
	gone := in.before[row>>6] + bits.OnesCount64(in.dropped[row>>6]&(1<<(row&63)-1))
	return in.base + row - gone, true
}

// copied is the number of rows that are copied.
func (in *rewriteInput) copied() int {
	if in.dropped == nil {
		return in.from.rows
	}
	return in.from.rows - in.dropped.Count()
}

// planRewrite numbers the copied rows.
func planRewrite(inputs []rewriteInput) *rewrite {
	base := 0
	for i := range inputs {
		inputs[i].base = base
		base += inputs[i].copied()
	}
	return &rewrite{inputs: inputs}
}

// flush writes what is in memory to segment files and moves the checkpoint.
func (ix *index) flush(ctx context.Context) error {
	ix.maintain.Lock()
	defer ix.maintain.Unlock()
	if ix.dropped.Load() {
		return nil
	}
	ix.write.Lock()
	v := ix.views.acquire(true)
	upToSeq, upToPos, pending := ix.write.nextSeq-1, ix.write.lastPos, ix.write.firstPos != 0
	ix.write.Unlock()
	defer v.release()
	var memory []*part
	for _, p := range v.parts {
		if p.file == nil {
			memory = append(memory, p)
		}
	}
	if !pending && len(memory) == 0 {
		return nil
	}
	began := ix.engine.now()
	var rewrites []*rewrite
	for _, inputs := range splitByDay(memory, ix.plan.Load().TimeNanos()) {
		rw, err := ix.writeSegment(inputs)
		if err != nil {
			ix.abandon(rewrites)
			return fmt.Errorf("flush index %s: %w", ix.name, err)
		}
		rewrites = append(rewrites, rw)
	}
	ix.swap(rewrites)
	if err := ix.checkpointTo(ctx, rewrites, upToSeq, upToPos); err != nil {
		return fmt.Errorf("flush index %s: %w", ix.name, err)
	}
	ix.forgetFlushed(upToSeq, upToPos)
	ix.stats.flushes.Add(1)
	ix.stats.flushNanos.Add(int64(ix.engine.now().Sub(began)))
	ix.engine.releaseLog()
	return nil
}

// splitByDay groups the rows of parts by UTC day, newest days first, the rest and what has no time
// last.
func splitByDay(parts []*part, nanos bool) [][]rewriteInput {
	days := map[int64]bool{}
	for _, p := range parts {
		if p.hasTime {
			days[floorDay(p.minTime)], days[floorDay(p.maxTime)] = true, true
		}
	}
	if len(days) <= 1 { // the usual case needs no look at single rows
		return [][]rewriteInput{wholeParts(parts)}
	}
	rowDays := make([][]int64, len(parts))
	counts := map[int64]int{}
	for i, p := range parts {
		rowDays[i] = daysOfRows(p, nanos)
		for row, day := range rowDays[i] {
			if !p.isDeleted(row) {
				counts[day]++
			}
		}
	}
	own := make([]int64, 0, len(counts))
	for day := range counts {
		if day != noDay {
			own = append(own, day)
		}
	}
	if len(own) == 0 { // nothing alive has a time
		return [][]rewriteInput{wholeParts(parts)}
	}
	slices.Sort(own)
	if len(own) > openDays {
		own = own[len(own)-openDays:]
	}
	groups := make([][]rewriteInput, 0, len(own)+1)
	for _, day := range own {
		groups = append(groups, partsOfDay(parts, rowDays, func(d int64) bool { return d == day }))
	}
	rest := partsOfDay(parts, rowDays, func(d int64) bool { return d == noDay || d < own[0] })
	if len(rest) > 0 {
		groups = append(groups, rest)
	}
	for _, p := range parts { // what is dead as a whole belongs to no day, and has to go as well
		if p.deleted != nil && p.deleted.Count() == p.rows {
			groups[0] = append(groups[0], rewriteInput{from: p, dropped: p.deleted})
		}
	}
	return groups
}

func wholeParts(parts []*part) []rewriteInput {
	inputs := make([]rewriteInput, len(parts))
	for i, p := range parts {
		inputs[i] = rewriteInput{from: p, dropped: p.deleted}
	}
	return inputs
}

const noDay = -1 << 62

func floorDay(millis int64) int64 {
	day := millis / dayMillis
	if millis%dayMillis < 0 {
		day--
	}
	return day
}

// daysOfRows returns the day of each row's first @timestamp.
func daysOfRows(p *part, nanos bool) []int64 {
	days := make([]int64, p.rows)
	for i := range days {
		days[i] = noDay
	}
	col := p.seg.Column(timeField)
	if col == nil || col.Kind() != column.Int64 {
		return days
	}
	var b column.Block
	for i, info := range p.seg.Blocks() {
		if err := col.Read(i, 0, info.Rows, &b); err != nil {
			return days // parts in memory do not fail to read; without days the rows share a segment
		}
		for row := range info.Rows {
			lo, hi := b.Range(row)
			if lo == hi {
				continue
			}
			millis := b.Ints[lo]
			if nanos {
				millis /= 1_000_000
			}
			days[info.FirstRow+row] = floorDay(millis)
		}
	}
	return days
}

func partsOfDay(parts []*part, rowDays [][]int64, wanted func(int64) bool) []rewriteInput {
	var inputs []rewriteInput
	for i, p := range parts {
		dropped := column.NewBitmap(p.rows)
		kept := 0
		for row, day := range rowDays[i] {
			if !wanted(day) || p.isDeleted(row) {
				dropped.Set(row)
			} else {
				kept++
			}
		}
		if kept > 0 {
			inputs = append(inputs, rewriteInput{from: p, dropped: dropped})
		}
	}
	return inputs
}

// writeSegment writes one segment file of the inputs' rows.
func (ix *index) writeSegment(inputs []rewriteInput) (*rewrite, error) {
	rw := planRewrite(inputs)
	rows := 0
	for i := range rw.inputs {
		rows += rw.inputs[i].copied()
	}
	if rows == 0 {
		return rw, nil
	}
	id := ix.nextFile
	ix.nextFile++
	name := segmentName(id)
	e := ix.engine
	info, err := segment.Write(e.fs, ix.segmentPath(name), rw.segmentInputs(), ix.writeOptions())
	if err != nil {
		return nil, errors.Join(err, removeIfThere(e.fs, ix.segmentPath(name)))
	}
	ix.stats.written.Add(info.Bytes)
	core, err := ix.openSegment(id)
	if err != nil {
		return nil, err
	}
	rw.core = core
	return rw, nil
}

// segmentName is the file name of segment id.
func segmentName(id uint64) string { return fmt.Sprintf("%010d.seg", id) }

func (rw *rewrite) segmentInputs() []segment.Input {
	inputs := make([]segment.Input, len(rw.inputs))
	for i, in := range rw.inputs {
		inputs[i] = segment.Input{Segment: in.from.seg, Deleted: in.dropped}
	}
	return inputs
}

// writeOptions says which fields get a text index, and how hard to compress.
func (ix *index) writeOptions() segment.WriteOptions {
	opts := segment.WriteOptions{Text: map[string]analysis.Analyzer{}, TimeField: timeField, TimeNanos: ix.plan.Load().TimeNanos(), Memory: &ix.messages}
	settings, m := ix.settings.Load(), ix.mapping()
	if settings.bestCompression {
		opts.Level = column.Best
	}
	for _, f := range m.Fields() {
		if f.Type.IsText() && f.Index && m.Column(f) == f.Path {
			opts.Text[f.Path] = settings.analyzers.of(f)
		}
	}
	return opts
}

// abandon removes segment files that did not make it into the index.
func (ix *index) abandon(rewrites []*rewrite) {
	for _, rw := range rewrites {
		if rw.core == nil {
			continue
		}
		rw.core.obsolete.Store(true)
		rw.core.acquire()
		rw.core.drop()
	}
}

// swap puts new segments in the place of the parts they were made of, carrying over what was deleted
// in the meantime.
func (ix *index) swap(rewrites []*rewrite) {
	ix.write.Lock()
	defer ix.write.Unlock()
	v := ix.views.acquire(true)
	defer v.release()
	now := map[*partCore]*part{}
	for _, p := range v.parts {
		now[p.partCore] = p
	}
	gone := map[*partCore]bool{}
	var parts []*part
	for _, rw := range rewrites {
		var late []uint32
		for i := range rw.inputs {
			in := &rw.inputs[i]
			gone[in.from.partCore] = true
			late = append(late, lateDeletes(in, now[in.from.partCore])...)
		}
		if rw.core != nil {
			p := &part{partCore: rw.core}
			parts = append(parts, p.withDeleted(late))
		}
	}
	for _, p := range v.parts {
		if !gone[p.partCore] {
			parts = append(parts, p)
		}
	}
	sort.SliceStable(parts, func(i, j int) bool { return parts[i].minSeq < parts[j].minSeq })
	ix.views.set(parts, ix.settings.Load().withhold)
}

// retire lets the files of rewritten parts go with their last reference. It is called once the
// manifest names the new ones, by someone who still holds a view of the old.
func retire(rewrites []*rewrite) {
	for _, rw := range rewrites {
		for _, in := range rw.inputs {
			in.from.obsolete.Store(true)
		}
	}
}

// lateDeletes are the new rows of documents that are deleted: those that were deleted after the rewrite began, and those that it
// copied all the same.
func lateDeletes(in *rewriteInput, now *part) []uint32 {
	if now == nil || now.deletes == in.from.deletes && in.from.deletes == in.from.rows-in.copied() {
		return nil
	}
	var late []uint32
	for row := now.deleted.Next(0); row >= 0; row = now.deleted.Next(row + 1) {
		if at, ok := in.newRow(row); ok {
			late = append(late, uint32(at))
		}
	}
	return late
}

// checkpointTo makes durable that everything up to a sequence number is in segment files: the new
// segments, all deletes, and the mapping.
func (ix *index) checkpointTo(ctx context.Context, rewrites []*rewrite, seq int64, pos wal.Position) error {
	v := ix.views.acquire(true)
	defer v.release()
	// The deletes of the view may be newer than pos. They must not be on disk before the operations
	// that made them, or a crash would lose the old document and the new.
	if err := ix.engine.log.Sync(ctx); err != nil {
		return ix.engine.logFailure(err)
	}
	edits := ix.segmentEdits(v)
	saved, err := ix.saveDeletes(v, &edits)
	if err != nil {
		return err
	}
	mapped := ix.mapping()
	if mapped != ix.savedMapping {
		body, err := mapped.MarshalJSON()
		if err != nil {
			return fmt.Errorf("print mapping: %w", err)
		}
		edits = append(edits, manifest.SetMapping{Version: ix.manifest.State().MappingVersion + 1, JSON: body})
	}
	edits = append(edits, manifest.Checkpoint{Position: uint64(pos), NextSequence: uint64(seq + 1)})
	if err := ix.manifest.Apply(edits...); err != nil {
		return err
	}
	saved()
	ix.savedMapping = mapped
	retire(rewrites)
	ix.checkpoint.Store(seq)
	return nil
}

// segmentEdits are the manifest's edits that make it name the segment files of a view, and no others. What the manifest lacks
// may be of an earlier rewrite: one whose edits failed after its segments were swapped in.
func (ix *index) segmentEdits(v *view) []manifest.Edit {
	var edits []manifest.Edit
	var fresh []uint64
	named := ix.manifest.State().Segments
	here := map[uint64]bool{}
	for _, p := range v.parts {
		if p.file == nil {
			continue
		}
		here[p.id] = true
		if !slices.ContainsFunc(named, func(s manifest.Segment) bool { return s.ID == p.id }) {
			fresh = append(fresh, p.id)
		}
	}
	slices.Sort(fresh) // as they were made: the manifest takes no number below one it had
	for _, id := range fresh {
		edits = append(edits, manifest.AddSegment{ID: id})
	}
	for _, s := range named {
		if !here[s.ID] {
			edits = append(edits, manifest.RemoveSegment{ID: s.ID})
		}
	}
	return edits
}

// maxTombstones bounds how many deletes are remembered beyond a flush.
const maxTombstones = 65_536

// forgetFlushed drops what is only needed for operations that were not in files.
func (ix *index) forgetFlushed(seq int64, pos wal.Position) {
	ix.write.Lock()
	defer ix.write.Unlock()
	remembered := 0
	since := ix.engine.now().UnixMilli() - ix.settings.Load().gcDeletes.Milliseconds()
	for id, op := range ix.write.recent {
		switch {
		case op.seq > seq:
		case op.deleted && op.deletedMillis >= since && remembered < maxTombstones:
			remembered++
		default:
			delete(ix.write.recent, id)
		}
	}
	if ix.write.lastPos <= pos {
		ix.write.firstPos = 0
		ix.unflushedSince.Store(0)
	} else {
		ix.write.firstPos = pos + 1
		ix.unflushedSince.Store(ix.engine.now().UnixNano())
	}
	ix.unflushedBytes.Store(0)
}
