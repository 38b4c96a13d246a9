package api

import (
	"slices"
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// searchShards answers GET and POST /_search_shards: which shards a search would see, and through which aliases. All of an
// index's shards are on the one node.
func (s *Server) searchShards(c *call) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	node := nodeID(&info)
	var groups [][]byte
	for i := range indices {
		for _, shard := range shardsOfTarget(&indices[i], &target) {
			groups = append(groups, shardGroup(&indices[i], shard, node))
		}
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("nodes", object(func(w *jsonval.Writer) {
			w.Raw(node, object(func(w *jsonval.Writer) {
				w.String("name", info.Name)
				w.String("ephemeral_id", node)
				w.String("transport_address", c.publishAddress())
				w.String("external_id", info.Name)
				w.Raw("attributes", []byte("{}"))
				w.Strings("roles", nodeRoles)
				w.String("version", s.opts.Version)
				w.Int("min_index_version", minIndexVersion)
				w.Int("max_index_version", indexVersion)
			}))
		}))
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range indices {
				w.Raw(indices[i].Name, aliasesOfSearch(&indices[i], target.Names))
			}
		}))
		w.Raw("shards", list(len(groups), func(dst []byte, i int) []byte { return append(dst, groups[i]...) }))
	}))
}

// shardsOfTarget are the numbers of the shards that a target restricts an index to.
func shardsOfTarget(info *es.IndexInfo, target *es.Target) []int {
	sharding := es.ShardingOf(info.Settings)
	var wanted []int
	for shard := range sharding.Shards {
		byRouting := target.Routing == nil || slices.ContainsFunc(target.Routing, func(value string) bool { return slices.Contains(sharding.Of(value), shard) })
		if byRouting && (target.Shards == nil || slices.Contains(target.Shards, shard)) {
			wanted = append(wanted, shard)
		}
	}
	return wanted
}

// shardGroup prints the copies of a shard, of which there is one.
func shardGroup(info *es.IndexInfo, shard int, node string) []byte {
	return list(1, func(dst []byte, _ int) []byte {
		w := jsonval.Begin(dst)
		w.String("state", "STARTED")
		w.Bool("primary", true)
		w.String("node", node)
		w.Raw("relocating_node", []byte("null"))
		w.Int("shard", int64(shard))
		w.String("index", info.Name)
		w.Raw("allocation_id", object(func(w *jsonval.Writer) { w.String("id", info.UUID+strconv.Itoa(shard)) }))
		return w.End()
	})
}

// aliasesOfSearch prints the aliases by which names reach an index, with the filter that they put on a search: none where one of
// them has none, or where the index is named itself.
func aliasesOfSearch(info *es.IndexInfo, names []string) []byte {
	return object(func(w *jsonval.Writer) {
		var aliases []string
		var filters []query.Query
		filtered := !matchesAlias(names, info.Name)
		for _, a := range info.Aliases {
			if !matchesAlias(names, a.Name) {
				continue
			}
			aliases = append(aliases, a.Name)
			q, err := query.Parse(a.Filter)
			if a.Filter == nil || err != nil {
				filtered = false
				continue
			}
			filters = append(filters, q)
		}
		slices.Sort(aliases)
		if len(aliases) > 0 {
			w.Strings("aliases", aliases)
		}
		switch {
		case !filtered || len(filters) == 0:
		case len(filters) == 1:
			w.Raw("filter", query.Append(nil, filters[0]))
		default:
			w.Raw("filter", query.Append(nil, &query.Bool{Should: filters}))
		}
	})
}
