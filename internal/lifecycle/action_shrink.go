package lifecycle

import (
	"context"
	"fmt"
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// shrink lowers an index's number of shards. An index is one physical shard here: the number is kept for the day it moves to a
// cluster, so that the index stays in its place under its name, is closed to writes, and its segments are merged.
type shrink struct {
	shards        int64
	maxShardBytes int64 // instead of shards
	allowWrites   bool
}

func parseShrink(settings *jsonval.Node) (action, error) {
	a := shrink{}
	for i, key := range settings.Keys {
		v := &settings.Items[i]
		var err error
		switch key {
		case "number_of_shards":
			if a.shards, err = parseCount(v.Text); err == nil && a.shards < 1 {
				err = fmt.Errorf("%q is not a number of shards", v.Text)
			}
		case "max_primary_shard_size":
			a.maxShardBytes, err = parseSize(v.Text)
		case "allow_write_after_shrink":
			a.allowWrites = v.Text == "true"
		default:
			return nil, fmt.Errorf("unknown member [%s]", key)
		}
		if err != nil {
			return nil, fmt.Errorf("[%s]: %w", key, err)
		}
	}
	if (a.shards > 0) == (a.maxShardBytes > 0) {
		return nil, fmt.Errorf("needs one of [number_of_shards] and [max_primary_shard_size]")
	}
	return a, nil
}

func (a shrink) run(ctx context.Context, r *Runner, ix *es.IndexInfo) (done bool, err error) {
	have, err := strconv.ParseInt(ix.Settings["index.number_of_shards"], 10, 64)
	if err != nil || have < 1 {
		have = 1
	}
	wanted := a.wanted(have, ix.Stats.DiskBytes)
	if have <= wanted {
		return true, nil
	}
	if have%wanted != 0 {
		return false, fmt.Errorf("the number of source shards [%d] must be a multiple of [%d]", have, wanted)
	}
	object := jsonval.Begin(nil)
	object.String("index.number_of_shards", strconv.FormatInt(wanted, 10))
	if !a.allowWrites {
		object.String("index.blocks.write", "true")
	}
	if err := r.put(ctx, ix, object.End(), true); err != nil {
		return false, fmt.Errorf("shrink: %w", err)
	}
	if !ix.Closed {
		target := es.Target{Names: []string{ix.Name}, NoWildcards: true, Hidden: true}
		if _, err := r.store.Apply(ctx, &es.ForceMerge{Target: target, MaxSegments: int(wanted)}); err != nil {
			return false, fmt.Errorf("shrink: %w", err)
		}
	}
	r.logger.Info("index shrunk", "index", ix.Name, "shards_before", have, "shards", wanted)
	return true, nil
}

// wanted is the number of shards to shrink to: the smallest divisor of what there is that keeps shards below the largest size.
func (a shrink) wanted(have, bytes int64) int64 {
	if a.maxShardBytes == 0 {
		return a.shards
	}
	for n := int64(1); n < have; n++ {
		if have%n == 0 && bytes <= n*a.maxShardBytes {
			return n
		}
	}
	return have
}

// searchableSnapshot keeps the index where it is, closed to writes and merged to one segment: there is no repository to move it to.
type searchableSnapshot struct{ merge bool }

func parseSearchableSnapshot(settings *jsonval.Node) (action, error) {
	a := searchableSnapshot{merge: true}
	for i, key := range settings.Keys {
		switch key {
		case "snapshot_repository", "total_shards_per_node", "replicate_for":
		case "force_merge_index":
			a.merge = settings.Items[i].Text != "false"
		default:
			return nil, fmt.Errorf("unknown member [%s]", key)
		}
	}
	return a, nil
}

const searchableNotice = "[searchable_snapshot] keeps the index on this disk, closed to writes and merged: searches over repositories are not supported"

func (a searchableSnapshot) run(ctx context.Context, r *Runner, ix *es.IndexInfo) (done bool, err error) {
	s := setting{values: map[string]string{"index.blocks.write": "true"}, notice: searchableNotice}
	if done, err := s.run(ctx, r, ix); err != nil || !done || !a.merge {
		return done, err
	}
	return forceMerge{segments: 1}.run(ctx, r, ix)
}
