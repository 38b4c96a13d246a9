package api

import (
	"runtime"
	"slices"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// clusterStats answers GET /_cluster/stats[/nodes/{node_id}].
func (s *Server) clusterStats(c *call) (answer, error) {
	h, err := s.health(c, everyIndex)
	if err != nil {
		return answer{}, err
	}
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	var sum es.IndexStats
	for i := range h.indices {
		addStats(&sum, &h.indices[i].Stats)
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("_nodes", []byte(`{"total":1,"successful":1,"failed":0}`))
		w.String("cluster_name", h.cluster)
		w.String("cluster_uuid", info.ClusterUUID)
		w.Int("timestamp", s.now().UnixMilli())
		w.String("status", h.status)
		w.Raw("indices", object(func(w *jsonval.Writer) {
			w.Int("count", int64(len(h.indices)))
			w.Raw("shards", object(func(w *jsonval.Writer) {
				w.Int("total", int64(len(h.indices)))
				w.Int("primaries", int64(len(h.indices)))
				w.Raw("replication", []byte("0.0"))
			}))
			c.writeStats(w, &sum, []string{"docs", "store", "fielddata", "query_cache", "completion", "segments"})
			w.Raw("mappings", fieldTypes(h.indices))
			w.Raw("versions", list(1, func(dst []byte, _ int) []byte {
				return append(dst, object(func(w *jsonval.Writer) {
					w.String("version", s.opts.Version)
					w.Int("index_count", int64(len(h.indices)))
					w.Int("primary_shard_count", int64(len(h.indices)))
					w.Int("total_primary_bytes", sum.DiskBytes)
				})...)
			}))
		}))
		w.Raw("nodes", s.nodesTogether(&info))
	}))
}

// fieldTypes counts the fields of all indices by type.
func fieldTypes(indices []es.IndexInfo) []byte {
	count, users := map[string]int64{}, map[string]map[string]bool{}
	total := int64(0)
	for i := range indices {
		if indices[i].Mapping == nil {
			continue
		}
		for _, f := range indices[i].Mapping.Fields() {
			name := f.Type.String()
			count[name]++
			total++
			if users[name] == nil {
				users[name] = map[string]bool{}
			}
			users[name][indices[i].Name] = true
		}
	}
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	slices.Sort(names)
	return object(func(w *jsonval.Writer) {
		w.Int("total_field_count", total)
		w.Raw("field_types", list(len(names), func(dst []byte, i int) []byte {
			return append(dst, object(func(w *jsonval.Writer) {
				w.String("name", names[i])
				w.Int("count", count[names[i]])
				w.Int("index_count", int64(len(users[names[i]])))
			})...)
		}))
	})
}

// nodesTogether prints the figures of all nodes together: of the one there is.
func (s *Server) nodesTogether(info *es.Info) []byte {
	m, heap := readMachine(), readMemory()
	counted := func(key, value string) []byte {
		return list(1, func(dst []byte, _ int) []byte {
			return append(dst, object(func(w *jsonval.Writer) {
				w.String(key, value)
				w.Int("count", 1)
			})...)
		})
	}
	return object(func(w *jsonval.Writer) {
		w.Raw("count", object(func(w *jsonval.Writer) {
			w.Int("total", 1)
			w.Int("coordinating_only", 0)
			for _, role := range nodeRoles {
				w.Int(role, 1)
			}
		}))
		w.Strings("versions", []string{s.opts.Version})
		w.Raw("os", object(func(w *jsonval.Writer) {
			w.Int("available_processors", int64(runtime.NumCPU()))
			w.Int("allocated_processors", int64(runtime.GOMAXPROCS(0)))
			w.Raw("names", counted("name", osName()))
			w.Raw("pretty_names", counted("pretty_name", osName()))
			w.Raw("architectures", counted("arch", runtime.GOARCH))
			w.Raw("mem", object(func(w *jsonval.Writer) {
				w.Int("total_in_bytes", m.memTotal)
				w.Int("free_in_bytes", m.memFree)
				w.Int("used_in_bytes", m.memTotal-m.memFree)
				w.Int("free_percent", 100-m.memPercent())
				w.Int("used_percent", m.memPercent())
			}))
		}))
		w.Raw("process", object(func(w *jsonval.Writer) {
			w.Raw("cpu", object(func(w *jsonval.Writer) { w.Int("percent", m.processPercent) }))
			w.Raw("open_file_descriptors", object(func(w *jsonval.Writer) {
				w.Int("min", m.openFiles)
				w.Int("max", m.openFiles)
				w.Int("avg", m.openFiles)
			}))
		}))
		w.Raw("jvm", object(func(w *jsonval.Writer) {
			w.Int("max_uptime_in_millis", s.now().Sub(s.started).Milliseconds())
			w.Raw("versions", counted("version", runtime.Version()))
			w.Raw("mem", object(func(w *jsonval.Writer) {
				w.Int("heap_used_in_bytes", heap.used)
				w.Int("heap_max_in_bytes", heap.limit)
			}))
			w.Int("threads", int64(runtime.NumGoroutine()))
		}))
		w.Raw("fs", object(func(w *jsonval.Writer) {
			w.Int("total_in_bytes", info.Disk.TotalBytes)
			w.Int("free_in_bytes", info.Disk.FreeBytes)
			w.Int("available_in_bytes", info.Disk.FreeBytes)
		}))
		w.Raw("plugins", []byte("[]"))
		w.Raw("discovery_types", []byte(`{"single-node":1}`))
		w.Raw("packaging_types", []byte(`[{"flavor":"default","type":"tar","count":1}]`))
	})
}
