package api

import (
	"maps"
	"runtime"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
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
	body := object(func(w *jsonval.Writer) {
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
			w.Raw("search", object(func(w *jsonval.Writer) {
				w.Int("total", s.searches())
				for _, name := range []string{"queries", "rescorers", "sections", "retrievers", "extended"} { // requests are counted, their parts are not
					w.Raw(name, []byte("{}"))
				}
			}))
			w.Raw("dense_vector", []byte(`{"value_count":0}`))
			w.Raw("sparse_vector", []byte(`{"value_count":0}`))
			w.Raw("versions", list(1, func(dst []byte, _ int) []byte {
				return append(dst, object(func(w *jsonval.Writer) {
					w.String("version", s.opts.Version)
					w.Int("index_count", int64(len(h.indices)))
					w.Int("primary_shard_count", int64(len(h.indices)))
					w.Int("total_primary_bytes", sum.DiskBytes)
				})...)
			}))
		}))
		w.Raw("nodes", s.nodesTogether(c, &info))
		err = c.writeRepositories(w)
		w.Raw("ccs", []byte(noRemoteSearches))
	})
	return answer{body: body}, err
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
		w.Raw("runtime_field_types", runtimeTypes(indices))
		w.Raw("source_modes", object(func(w *jsonval.Writer) { w.Int("stored", int64(len(indices))) }))
	})
}

// runtimeUse sums up the runtime fields of a type.
type runtimeUse struct {
	indices                            map[string]bool
	count, scriptless                  int64
	lines, chars, source, doc          int64 // of scripts: their length, and how often they name _source and doc
	linesMax, charsMax, srcMax, docMax int64
}

// runtimeTypes counts the runtime fields of all indices by type.
func runtimeTypes(indices []es.IndexInfo) []byte {
	uses := map[string]*runtimeUse{}
	for i := range indices {
		if indices[i].Mapping == nil {
			continue
		}
		for _, f := range indices[i].Mapping.Runtime() {
			use := uses[f.Type.String()]
			if use == nil {
				use = &runtimeUse{indices: map[string]bool{}}
				uses[f.Type.String()] = use
			}
			use.indices[indices[i].Name] = true
			use.add(f.Script)
		}
	}
	names := slices.Sorted(maps.Keys(uses))
	return list(len(names), func(dst []byte, i int) []byte {
		use := uses[names[i]]
		w := jsonval.Begin(dst)
		w.String("name", names[i])
		w.Int("count", use.count)
		w.Int("index_count", int64(len(use.indices)))
		w.Int("scriptless_count", use.scriptless)
		zeros(&w, "shadowed_count") // a mapped field of the same name is hidden, not counted
		w.Raw("lang", []byte(`["painless"]`))
		for _, n := range []struct {
			name       string
			total, max int64
		}{{"lines", use.lines, use.linesMax}, {"chars", use.chars, use.charsMax}, {"source", use.source, use.srcMax}, {"doc", use.doc, use.docMax}} {
			w.Int(n.name+"_max", n.max)
			w.Int(n.name+"_total", n.total)
		}
		return w.End()
	})
}

func (u *runtimeUse) add(script *painless.Spec) {
	u.count++
	if script == nil {
		u.scriptless++
		return
	}
	for _, n := range []struct {
		total, max *int64
		of         int
	}{
		{&u.lines, &u.linesMax, 1 + strings.Count(script.Source, "\n")},
		{&u.chars, &u.charsMax, len(script.Source)},
		{&u.source, &u.srcMax, strings.Count(script.Source, "params._source")},
		{&u.doc, &u.docMax, strings.Count(script.Source, "doc[") + strings.Count(script.Source, "doc.")},
	} {
		*n.total += int64(n.of)
		*n.max = max(*n.max, int64(n.of))
	}
}

// searches is how many requests searched, those that run included.
func (s *Server) searches() int64 {
	for _, p := range s.threadPools() {
		if p.name == "search" {
			return p.completed + p.active
		}
	}
	return 0
}

// nodesTogether prints the figures of all nodes together: of the one there is.
func (s *Server) nodesTogether(c *call, info *es.Info) []byte {
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
			w.Raw("versions", list(1, func(dst []byte, _ int) []byte {
				return append(dst, object(func(w *jsonval.Writer) {
					w.String("version", runtime.Version())
					w.String("vm_name", "Go")
					w.String("vm_version", runtime.Version())
					w.String("vm_vendor", "Go")
					w.Bool("bundled_jdk", false)
					w.Bool("using_bundled_jdk", false)
					w.Int("count", 1)
				})...)
			}))
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
		w.Raw("network_types", []byte(`{"transport_types":{},"http_types":{"netty4":1}}`))
		w.Raw("indexing_pressure", s.pressureJSON())
		if ingest, err := c.ingestByProcessor(); err == nil { // a store without pipelines has nothing to tell
			w.Raw("ingest", ingest)
		}
		w.Raw("discovery_types", []byte(`{"single-node":1}`))
		w.Raw("packaging_types", []byte(`[{"flavor":"default","type":"tar","count":1}]`))
	})
}
