package engine

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es"
)

const (
	// mergeFactor is how many segments of one size tier are merged into one of the next.
	mergeFactor = 8
	// maxMergedRows and maxMergedBytes end the growth: past them rewriting costs more than it saves.
	maxMergedRows  = 8_000_000
	maxMergedBytes = 600 << 20
	// tierBaseRows is the size below which all segments are of the lowest tier.
	tierBaseRows = 16_384
	// deadShare is the share of deleted rows at which a segment is rewritten by itself.
	deadShare = 0.3
	// deadBlockShare is how many rows of a block there must be for each deleted one so that a merge copies the block as it is, the
	// deleted rows too, instead of putting it together anew.
	deadBlockShare = 8
)

// mergeOnce carries out the merge that is due, if any. Only segments of one UTC day are merged, so
// that time bounds stay narrow; segments over several days are merged among themselves.
func (ix *index) mergeOnce(ctx context.Context) (merged bool, err error) {
	ix.maintain.Lock()
	defer ix.maintain.Unlock()
	if ix.dropped.Load() {
		return false, nil
	}
	v := ix.views.acquire(true)
	defer v.release()
	chosen := chooseMerge(v.parts)
	if len(chosen) == 0 {
		return false, nil
	}
	return true, ix.mergeParts(ctx, lightMerge(chosen))
}

// lightMerge leaves the deleted rows of blocks that have few in their place: such a block is copied, and the rows are deleted from
// the new segment.
func lightMerge(parts []*part) []rewriteInput {
	inputs := wholeParts(parts)
	for i := range inputs {
		in := &inputs[i]
		if in.dropped == nil {
			continue
		}
		var dropped column.Bitmap
		for _, block := range in.from.seg.Blocks() {
			from, to := block.FirstRow, block.FirstRow+block.Rows
			if dead := in.dropped.CountRange(from, to); dead*deadBlockShare <= block.Rows {
				continue
			}
			if dropped == nil {
				dropped = column.NewBitmap(in.from.rows)
			}
			for row := in.dropped.Next(from); row >= 0 && row < to; row = in.dropped.Next(row + 1) {
				dropped.Set(row)
			}
		}
		in.dropped = dropped
	}
	return inputs
}

// mergeParts rewrites parts as one. The caller holds the maintenance lock and a view with the parts.
func (ix *index) mergeParts(ctx context.Context, chosen []rewriteInput) error {
	began := ix.engine.now()
	rw, err := ix.writeSegment(chosen)
	if err != nil {
		return fmt.Errorf("merge %d segments of index %s: %w", len(chosen), ix.name, err)
	}
	ix.swap([]*rewrite{rw})
	if err := ix.commitRewrite(ctx, rw); err != nil {
		return fmt.Errorf("merge %d segments of index %s: %w", len(chosen), ix.name, err)
	}
	ix.stats.merges.Add(1)
	ix.stats.mergeNanos.Add(int64(ix.engine.now().Sub(began)))
	if rw.core != nil {
		ix.stats.mergeDocs.Add(int64(rw.core.rows))
		ix.stats.mergeBytes.Add(rw.core.seg.DiskBytes())
	}
	return nil
}

// commitRewrite makes a merge durable. The deletes it carried over may be newer than what the log has
// on disk, hence the sync.
func (ix *index) commitRewrite(ctx context.Context, rw *rewrite) error {
	v := ix.views.acquire(true)
	defer v.release()
	if err := ix.engine.log.Sync(ctx); err != nil {
		return ix.engine.logFailure(err)
	}
	edits := ix.segmentEdits(v)
	saved, err := ix.saveDeletes(v, &edits)
	if err != nil {
		return err
	}
	if err := ix.manifest.Apply(edits...); err != nil {
		return err
	}
	saved()
	retire([]*rewrite{rw})
	return nil
}

// forceMerge merges down to at most maxSegments segment files.
func (ix *index) forceMerge(ctx context.Context, maxSegments int) error {
	if err := ix.flush(ctx); err != nil {
		return err
	}
	ix.maintain.Lock()
	defer ix.maintain.Unlock()
	v := ix.views.acquire(true)
	defer v.release()
	var files []*part
	dead := 0
	for _, p := range v.parts {
		if p.file != nil {
			files = append(files, p)
			dead += p.deletes
		}
	}
	if len(files) <= maxSegments && dead == 0 || len(files) == 0 {
		return nil
	}
	// The smallest ones are joined; with one segment allowed that is all of them.
	slices.SortStableFunc(files, func(a, b *part) int { return a.rows - b.rows })
	n := len(files) - maxSegments + 1
	if n < 2 {
		n = len(files)
	}
	chosen := files[:n]
	slices.SortStableFunc(chosen, func(a, b *part) int { return int(a.id) - int(b.id) })
	return ix.mergeParts(ctx, wholeParts(chosen))
}

// chooseMerge picks the parts to merge next: a segment with many deleted rows, or a full tier of one
// day, smallest tier first.
func chooseMerge(parts []*part) []*part {
	type group struct {
		day  int64
		tier int
	}
	groups := map[group][]*part{}
	for _, p := range parts {
		if p.file == nil {
			continue
		}
		if p.deletes > 0 && float64(p.deletes) >= deadShare*float64(p.rows) {
			return []*part{p}
		}
		if p.rows >= maxMergedRows/2 || p.seg.DiskBytes() >= maxMergedBytes/2 {
			continue
		}
		g := group{day: noDay, tier: tierOf(p.rows)}
		if p.hasTime && floorDay(p.minTime) == floorDay(p.maxTime) {
			g.day = floorDay(p.minTime)
		}
		groups[g] = append(groups[g], p)
	}
	var best []*part
	bestTier := 0
	for g, members := range groups {
		if len(members) >= mergeFactor && (best == nil || g.tier < bestTier) {
			best, bestTier = members, g.tier
		}
	}
	return withinLimits(best)
}

// tierOf is the size tier of a segment: each is mergeFactor times the one below.
func tierOf(rows int) int {
	return bits.Len(uint(rows/tierBaseRows)) / 3 // log base 8
}

// withinLimits keeps the oldest parts that together stay below the largest size.
func withinLimits(parts []*part) []*part {
	rows, bytes := 0, int64(0)
	for i, p := range parts {
		rows += p.live()
		bytes += p.seg.DiskBytes()
		if i > 1 && (rows > maxMergedRows || bytes > maxMergedBytes) {
			return parts[:i]
		}
	}
	return parts
}

// mergeAsked carries out a merge that somebody asked for.
func (ix *index) mergeAsked(ctx context.Context, c *es.ForceMerge) error {
	switch {
	case c.OnlyDeletes:
		return ix.expungeDeletes(ctx)
	case c.MaxSegments > 0:
		return ix.forceMerge(ctx, c.MaxSegments)
	}
	if err := ix.flush(ctx); err != nil {
		return err
	}
	for {
		if merged, err := ix.mergeOnce(ctx); err != nil || !merged {
			return err
		}
	}
}

// expungeDeletes rewrites each segment that has deleted rows without them.
func (ix *index) expungeDeletes(ctx context.Context) error {
	if err := ix.flush(ctx); err != nil {
		return err
	}
	ix.maintain.Lock()
	defer ix.maintain.Unlock()
	v := ix.views.acquire(true)
	defer v.release()
	for _, p := range v.parts {
		if p.file == nil || p.deletes == 0 {
			continue
		}
		if err := ix.mergeParts(ctx, wholeParts([]*part{p})); err != nil {
			return err
		}
	}
	return nil
}
