package engine

import (
	"slices"

	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es"
)

// shards are the shards of an index that a target restricts a search to: by its own routing values, by those of the aliases that
// named the index, and by number. nil is all of them.
func (r *resolved) shards(t *es.Target) []int {
	sharding := &r.index.settings.Load().sharding
	if sharding.Shards <= 1 {
		if t.Shards == nil || slices.Contains(t.Shards, 0) {
			return nil
		}
		return []int{}
	}
	routing := r.routing(t.Routing)
	if routing == nil {
		return t.Shards
	}
	wanted := []int{}
	for _, value := range routing {
		for _, shard := range sharding.Of(value) {
			if t.Shards == nil || slices.Contains(t.Shards, shard) {
				wanted = append(wanted, shard)
			}
		}
	}
	return wanted
}

// routing joins the routing values of a request with those of the aliases that named the index, each of which allows its own only.
func (r *resolved) routing(asked []string) []string {
	if r.direct || len(r.aliases) == 0 {
		return asked
	}
	var joined []string
	for i := range r.aliases {
		own := es.SplitNames([]string{r.aliases[i].SearchRouting})
		switch {
		case len(own) == 0 && asked == nil:
			return nil
		case len(own) == 0:
			joined = append(joined, asked...)
		case asked == nil:
			joined = append(joined, own...)
		default:
			for _, value := range own {
				if slices.Contains(asked, value) {
					joined = append(joined, value)
				}
			}
		}
	}
	if joined == nil {
		joined = []string{}
	}
	return joined
}

// restriction is what a search, perhaps one with a scroll, sees of the index; nil is all of it.
func (p *pinnedIndex) restriction(slice *es.Slice, scroll bool) *exec.Restriction {
	if p.shards == nil && slice == nil {
		return nil
	}
	settings := p.ix.settings.Load()
	sharding := settings.sharding
	r := &exec.Restriction{Shards: p.shards, Shard: sharding.Shard, Count: sharding.Shards, MaxSlices: settings.maxPITSlices, SlicesSetting: "index.max_slices_per_pit"}
	if scroll {
		r.MaxSlices, r.SlicesSetting = settings.maxSlices, "index.max_slices_per_scroll"
	}
	if slice != nil {
		r.Slice, r.Slices, r.SliceField = slice.ID, slice.Max, slice.Field
	}
	return r
}

// elsewhere says whether a document with a routing value lies in another shard than the one that an operation goes to: to the
// operation it is not there.
func (ix *index) elsewhere(id, asked, has string) bool {
	sharding := &ix.settings.Load().sharding
	return sharding.Shards > 1 && asked != has && sharding.Shard(id, asked) != sharding.Shard(id, has)
}

// routingOf is the routing value of the document that operation seq wrote.
func (c *chunkCommit) routingOf(seq int64, view *view) (string, error) {
	if row, ok := c.chunkRows[seq]; ok {
		return c.routings[row], nil
	}
	part, row, ok, err := view.findSeq(seq, c.seqs)
	if err != nil || !ok {
		return "", err
	}
	routing, _, err := part.textAt(segment.RoutingField, row)
	return string(routing), err
}
