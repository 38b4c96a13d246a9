package api

import (
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// luceneVersion is the version of Lucene that stands in answers which have one; segments are this store's own.
const luceneVersion = "9.12.1"

// getSegments answers GET /_segments and /{index}/_segments.
func (s *Server) getSegments(c *call) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	all, err := apply[[]es.IndexSegments](c, &es.GetSegments{Target: target})
	if err != nil {
		return answer{}, err
	}
	node, err := s.taskNode(c)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		writeShardCount(w, len(all))
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range all {
				w.Raw(all[i].Index, object(func(w *jsonval.Writer) {
					w.Raw("shards", object(func(w *jsonval.Writer) {
						w.Raw("0", list(1, func(dst []byte, _ int) []byte { return append(dst, segmentsJSON(&all[i], node)...) }))
					}))
				}))
			}
		}))
	}))
}

// segmentsJSON prints the segments of an index's one shard.
func segmentsJSON(x *es.IndexSegments, node string) []byte {
	onDisk := 0
	for i := range x.Segments {
		if x.Segments[i].OnDisk {
			onDisk++
		}
	}
	return object(func(w *jsonval.Writer) {
		w.Raw("routing", object(func(w *jsonval.Writer) {
			w.String("state", "STARTED")
			w.Bool("primary", true)
			w.String("node", node)
		}))
		w.Int("num_committed_segments", int64(onDisk))
		w.Int("num_search_segments", int64(len(x.Segments)))
		w.Raw("segments", object(func(w *jsonval.Writer) {
			for i := range x.Segments {
				seg := &x.Segments[i]
				w.Raw(segmentLabel(seg.ID), object(func(w *jsonval.Writer) {
					w.Int("generation", int64(seg.ID))
					w.Int("num_docs", seg.Docs)
					w.Int("deleted_docs", seg.Deleted)
					w.Int("size_in_bytes", seg.DiskBytes)
					w.Int("memory_in_bytes", seg.MemoryBytes)
					w.Bool("committed", seg.OnDisk)
					w.Bool("search", true)
					w.String("version", luceneVersion)
					w.Bool("compound", true)
					w.Raw("attributes", []byte("{}"))
				}))
			}
		}))
	})
}

// getRecovery answers GET /_recovery and /{index}/_recovery.
func (s *Server) getRecovery(c *call) (answer, error) {
	indices, err := c.indices(everyIndex)
	if err != nil {
		return answer{}, err
	}
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		if c.flag("active_only") {
			return // an index is there when it answers: none is under way
		}
		for i := range indices {
			w.Raw(indices[i].Name, object(func(w *jsonval.Writer) {
				w.Raw("shards", list(1, func(dst []byte, _ int) []byte { return append(dst, c.recoveryJSON(&indices[i], &info)...) }))
			}))
		}
	}))
}

func (c *call) recoveryJSON(ix *es.IndexInfo, info *es.Info) []byte {
	r := c.recoveryOf(ix)
	node := object(func(w *jsonval.Writer) {
		w.String("id", nodeID(info))
		w.String("host", nodeIP)
		w.String("transport_address", c.publishAddress())
		w.String("ip", nodeIP)
		w.String("name", info.Name)
	})
	source := []byte("{}")
	switch made := ix.Recovery; {
	case r.kind == "SNAPSHOT":
		source = object(func(w *jsonval.Writer) {
			w.String("repository", r.repository)
			w.String("snapshot", r.snapshot)
			w.String("version", info.Version)
			w.String("index", ix.Name)
		})
	case r.kind == "LOCAL_SHARDS":
		source = object(func(w *jsonval.Writer) { w.String("index", made.Source) })
	case r.kind == "EXISTING_STORE":
		source = []byte(`{"bootstrap_new_history_uuid":false}`)
	}
	return object(func(w *jsonval.Writer) {
		w.Int("id", 0)
		w.String("type", r.kind)
		w.String("stage", "DONE")
		w.Bool("primary", true)
		if c.flag("human") {
			w.String("start_time", r.start.Format(catTimeFormat))
		}
		w.Int("start_time_in_millis", r.start.UnixMilli())
		if c.flag("human") {
			w.String("stop_time", r.stop.Format(catTimeFormat))
		}
		w.Int("stop_time_in_millis", r.stop.UnixMilli())
		w.Int("total_time_in_millis", r.stop.Sub(r.start).Milliseconds())
		w.Raw("source", source)
		w.Raw("target", node)
		w.Raw("index", object(func(w *jsonval.Writer) {
			w.Raw("size", object(func(w *jsonval.Writer) {
				w.Int("total_in_bytes", r.bytes)
				w.Int("reused_in_bytes", r.bytes-r.copiedBytes)
				w.Int("recovered_in_bytes", r.copiedBytes)
				zeros(w, "recovered_from_snapshot_in_bytes")
				w.String("percent", "100.0%")
			}))
			w.Raw("files", object(func(w *jsonval.Writer) {
				w.Int("total", r.files)
				w.Int("reused", r.files-r.copied)
				w.Int("recovered", r.copied)
				w.String("percent", "100.0%")
				if c.flag("detailed") {
					w.Raw("details", []byte("[]"))
				}
			}))
			zeros(w, "total_time_in_millis", "source_throttle_time_in_millis", "target_throttle_time_in_millis")
		}))
		w.Raw("translog", []byte(`{"recovered":0,"total":0,"percent":"100.0%","total_on_start":0,"total_time_in_millis":0}`))
		w.Raw("verify_index", []byte(`{"check_index_time_in_millis":0,"total_time_in_millis":0}`))
	})
}

// shardStores answers GET /_shard_stores and /{index}/_shard_stores: where copies are. As in Elasticsearch only indices that are
// not green are told of unless status says otherwise.
func (s *Server) shardStores(c *call) (answer, error) {
	indices, err := c.indices(openIndices)
	if err != nil {
		return answer{}, err
	}
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	wanted := splitList(c.text("status"))
	if len(wanted) == 0 {
		wanted = []string{"yellow", "red"}
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range indices {
				if !matchesAlias(append(wanted, "none"), indices[i].Health.Status) && !matchesAlias(wanted, "all") {
					continue
				}
				w.Raw(indices[i].Name, object(func(w *jsonval.Writer) {
					w.Raw("shards", object(func(w *jsonval.Writer) {
						w.Raw("0", object(func(w *jsonval.Writer) {
							w.Raw("stores", list(1, func(dst []byte, _ int) []byte {
								return append(dst, object(func(w *jsonval.Writer) {
									w.Raw(nodeID(&info), object(func(w *jsonval.Writer) {
										w.String("name", info.Name)
										w.String("transport_address", c.publishAddress())
										w.Strings("roles", nodeRoles)
									}))
									w.String("allocation_id", indices[i].UUID)
									w.String("allocation", "primary")
								})...)
							}))
						}))
					}))
				}))
			}
		}))
	}))
}

// explainAllocation answers GET and POST /_cluster/allocation/explain: every index is one shard on this node.
func (s *Server) explainAllocation(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	ask, err := readAllocation(body)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), es.Target{Names: []string{ask.index}, Closed: true, NoWildcards: true})
	if err != nil {
		return answer{}, err
	}
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	if shards := setting(&indices[0], "index.number_of_shards"); strconv.FormatInt(ask.shard, 10) >= shards && len(shards) == 1 {
		return answer{}, noShard(ask)
	}
	return ok(object(func(w *jsonval.Writer) {
		w.String("index", ask.index)
		w.Int("shard", ask.shard)
		w.Bool("primary", ask.primary)
		if !ask.primary {
			w.String("current_state", "unassigned")
			w.Raw("unassigned_info", object(func(w *jsonval.Writer) {
				w.String("reason", "INDEX_CREATED")
				w.String("at", indices[0].Created.UTC().Format(catTimeFormat))
				w.String("last_allocation_status", "no_attempt")
			}))
			w.String("can_allocate", "no")
			w.String("allocate_explanation", "there is one node, which has the primary: replicas are kept and reported for the day the index moves to a cluster, and count for nothing here")
			return
		}
		w.String("current_state", "started")
		w.Raw("current_node", object(func(w *jsonval.Writer) {
			w.String("id", nodeID(&info))
			w.String("name", info.Name)
			w.String("transport_address", c.publishAddress())
			w.Raw("attributes", []byte("{}"))
			w.Strings("roles", nodeRoles)
			w.Int("weight_ranking", 1)
		}))
		w.String("can_remain_on_current_node", "yes")
		w.String("can_rebalance_cluster", "no")
		w.String("can_rebalance_to_other_node", "no")
		w.String("rebalance_explanation", "cannot rebalance as no target node exists that can both allocate this shard and improve the cluster balance")
	}))
}
