package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// apply carries out a change whose result has a type of its own.
func apply[T any](c *call, change es.Change) (T, error) {
	res, err := c.store.Apply(c.ctx(), change)
	if err != nil {
		var none T
		return none, err
	}
	typed, ok := res.(T)
	if !ok {
		return typed, fmt.Errorf("%T answered with %T", change, res)
	}
	return typed, nil
}

// createIndex answers PUT /{index}.
func (s *Server) createIndex(c *call) (answer, error) {
	name, err := c.oneIndex()
	if err != nil {
		return answer{}, err
	}
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	create := &es.CreateIndex{Name: name}
	if body != nil {
		err := members(body, "create index", []string{"settings", "mappings", "aliases"}, func(key string, v *jsonval.Node) (bool, error) {
			switch key {
			case "settings":
				create.Settings = v.Raw
			case "mappings":
				create.Mappings = c.untyped(v).Raw
			case "aliases":
				create.Aliases = v.Raw
			default:
				return false, nil
			}
			return true, nil
		})
		if err != nil {
			return answer{}, err
		}
	}
	if _, err := s.store.Apply(c.ctx(), create); err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Bool("acknowledged", true)
		w.Bool("shards_acknowledged", true)
		w.String("index", name)
	}))
}

// untyped takes the type name off the mapping of a version 7 client that says it sends one.
func (c *call) untyped(mappings *jsonval.Node) *jsonval.Node {
	if c.flag("include_type_name") && mappings.Kind == jsonval.Object && len(mappings.Items) == 1 && mappings.Items[0].Kind == jsonval.Object {
		return &mappings.Items[0]
	}
	return mappings
}

// deleteIndex answers DELETE /{index}. As in Elasticsearch 8, indices have to be named one by one
// unless the cluster setting action.destructive_requires_name is false.
func (s *Server) deleteIndex(c *call) (answer, error) {
	target, err := c.target(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	byName, err := c.clusterSetting("action.destructive_requires_name")
	if err != nil {
		return answer{}, err
	}
	for _, name := range target.Names {
		if byName == "true" && (strings.Contains(name, "*") || name == "_all") {
			return answer{}, eserr.IllegalArgument("Wildcard expressions or all indices are not allowed")
		}
	}
	if _, err := s.store.Apply(c.ctx(), &es.DeleteIndices{Target: target}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// getIndex answers GET /{index}: aliases, mappings and settings.
func (s *Server) getIndex(c *call) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	features := c.text("features")
	wanted := func(name string) bool { return features == "" || strings.Contains(features, name) }
	return ok(object(func(w *jsonval.Writer) {
		for i := range indices {
			info := &indices[i]
			w.Raw(info.Name, object(func(w *jsonval.Writer) {
				if wanted("aliases") {
					w.Raw("aliases", aliasesJSON(info.Aliases))
				}
				if wanted("mappings") {
					w.Raw("mappings", c.typed(mappingJSON(info)))
				}
				if wanted("settings") {
					c.writeSettings(w, info.Settings, nil)
				}
			}))
		}
	}))
}

// headIndex answers HEAD /{index}.
func (s *Server) headIndex(c *call) (answer, error) {
	target, err := c.target(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if e := eserr.From(err); e != nil && e.Status == http.StatusNotFound || err == nil && len(indices) == 0 && target.NoIndices {
		return answer{status: http.StatusNotFound}, nil
	}
	return answer{}, err
}

// addBlock answers PUT /{index}/_block/{block}.
func (s *Server) addBlock(c *call) (answer, error) {
	block := c.path("block")
	switch block {
	case "metadata", "read", "read_only", "write":
	default:
		return answer{}, eserr.IllegalArgument("No block found with name %s", block)
	}
	target, err := c.target(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	settings := object(func(w *jsonval.Writer) { w.Bool("index.blocks."+block, true) })
	if _, err := s.store.Apply(c.ctx(), &es.PutSettings{Target: target, Settings: settings}); err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Bool("acknowledged", true)
		w.Bool("shards_acknowledged", true)
		w.Raw("indices", list(len(indices), func(dst []byte, i int) []byte {
			item := jsonval.Begin(dst)
			item.String("name", indices[i].Name)
			item.Bool("blocked", true)
			return item.End()
		}))
	}))
}

// openIndex answers POST /{index}/_open.
func (s *Server) openIndex(c *call) (answer, error) {
	target, err := c.target(es.Target{Closed: true, OpenExcluded: true})
	if err != nil {
		return answer{}, err
	}
	if _, err := s.store.Apply(c.ctx(), &es.OpenClose{Target: target}); err != nil {
		return answer{}, err
	}
	return ok([]byte(`{"acknowledged":true,"shards_acknowledged":true}`))
}

// closeIndex answers POST /{index}/_close.
func (s *Server) closeIndex(c *call) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	if _, err := s.store.Apply(c.ctx(), &es.OpenClose{Target: target, Close: true}); err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Bool("acknowledged", true)
		w.Bool("shards_acknowledged", true)
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range indices {
				w.Raw(indices[i].Name, []byte(`{"closed":true}`))
			}
		}))
	}))
}

// refreshIndices answers GET and POST /{index}/_refresh.
func (s *Server) refreshIndices(c *call) (answer, error) {
	return s.maintain(c, func(t es.Target) es.Change { return &es.RefreshIndices{Target: t} })
}

// flushIndices answers GET and POST /{index}/_flush.
func (s *Server) flushIndices(c *call) (answer, error) {
	return s.maintain(c, func(t es.Target) es.Change { return &es.FlushIndices{Target: t} })
}

// forceMerge answers POST /{index}/_forcemerge.
func (s *Server) forceMerge(c *call) (answer, error) {
	segments := c.number("max_num_segments", 0)
	if c.flag("only_expunge_deletes") {
		if segments > 0 {
			return answer{}, eserr.Validation("Validation Failed: 1: cannot set only_expunge_deletes and max_num_segments at the same time, those two parameters are mutually exclusive;")
		}
		segments = 0
	}
	change := es.ForceMerge{MaxSegments: int(max(segments, 0)), OnlyDeletes: c.flag("only_expunge_deletes")}
	merge := func(t es.Target) es.Change {
		change.Target = t
		return &change
	}
	if c.flagOr("wait_for_completion", true) {
		return s.maintain(c, merge)
	}
	if _, err := c.indices(openIndices); err != nil {
		return answer{}, err
	}
	return s.background(c, nil, func(c *call) ([]byte, error) {
		a, err := s.maintain(c, merge)
		return a.body, err
	})
}

// clearCache answers POST /{index}/_cache/clear. Of the caches that can be named only the request cache is here; naming
// others alone clears nothing.
func (s *Server) clearCache(c *call) (answer, error) {
	if others := c.flag("query") || c.flag("fielddata") || c.given("fields"); !c.flagOr("request", !others) {
		return s.maintain(c, nil)
	}
	return s.maintain(c, func(t es.Target) es.Change { return &es.ClearCache{Target: t} })
}

// maintain applies a change to the indices of a request and says on how many.
func (s *Server) maintain(c *call, change func(es.Target) es.Change) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	if change != nil && len(indices) > 0 {
		if _, err := s.store.Apply(c.ctx(), change(target)); err != nil {
			return answer{}, err
		}
	}
	return ok(object(func(w *jsonval.Writer) { writeCopies(w, indices) }))
}

// writeCopies prints "_shards" of what every copy takes part in: as many as the indices are configured to have, of which the
// replicas are not there.
func writeCopies(w *jsonval.Writer, indices []es.IndexInfo) {
	total, primaries := int64(0), int64(0)
	for i := range indices {
		shards := settingNumber(&indices[i], "index.number_of_shards", 1)
		primaries += shards
		total += shards * (1 + settingNumber(&indices[i], "index.number_of_replicas", 0))
	}
	w.Raw("_shards", object(func(w *jsonval.Writer) {
		w.Int("total", total)
		w.Int("successful", primaries)
		w.Int("failed", 0)
	}))
}

// settingNumber is a setting that is a number, or otherwise when it is none.
func settingNumber(info *es.IndexInfo, name string, otherwise int64) int64 {
	n, err := strconv.ParseInt(setting(info, name), 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// freezeIndex answers POST /{index}/_freeze and /_unfreeze. Elasticsearch 8 has no frozen indices any more: the request is taken,
// changes nothing, and says so.
func (s *Server) freezeIndex(c *call) (answer, error) {
	if _, err := c.indices(openAndClosed); err != nil {
		return answer{}, err
	}
	a, err := ok([]byte(`{"acknowledged":true,"shards_acknowledged":true}`))
	a.warnings = []string{"Frozen indices are no more: the index stays as it is"}
	return a, err
}

// writeShardCount prints "_shards" where every index, having one shard, took part.
func writeShardCount(w *jsonval.Writer, n int) {
	w.Raw("_shards", object(func(w *jsonval.Writer) {
		w.Int("total", int64(n))
		w.Int("successful", int64(n))
		w.Int("failed", 0)
	}))
}
