package api

import (
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// poolCounter counts the requests of one kind, under the name of the thread pool that would carry them out in Elasticsearch.
type poolCounter struct{ active, largest, rejected, settled atomic.Int64 }

// poolStats is a poolCounter's state.
type poolStats struct {
	name                                 string
	active, largest, rejected, completed int64
}

// poolNames are the kinds, in order of name.
var poolNames = [...]string{"get", "management", "search", "write"}

// pools are the counters of all kinds.
type pools [len(poolNames)]poolCounter

// poolOf tells the kind of a route's requests.
func poolOf(r *route) int {
	name := "management"
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(r.path, p) })
	}
	switch {
	case has("/_bulk", "/_create", "/_update", "/_delete_by_query", "/_reindex"), has("/{index}/_doc") && !strings.Contains(r.methods, "GET"):
		name = "write"
	case has("/_mget", "/{index}/_source", "/{index}/_doc"):
		name = "get"
	case has("search", "/_count", "/_pit", "/_field_caps", "/_validate", "/_explain", "/_terms_enum"):
		name = "search"
	}
	return slices.Index(poolNames[:], name)
}

// begin counts a request, until end is called with its status.
func (p *poolCounter) begin() (end func(status int)) {
	now := p.active.Add(1)
	for {
		seen := p.largest.Load()
		if now <= seen || p.largest.CompareAndSwap(seen, now) {
			break
		}
	}
	return func(status int) {
		p.active.Add(-1)
		p.settled.Add(1)
		if status == http.StatusTooManyRequests {
			p.rejected.Add(1)
		}
	}
}

func (s *Server) threadPools() []poolStats {
	all := make([]poolStats, len(poolNames))
	for i := range all {
		p := &s.pools[i]
		all[i] = poolStats{poolNames[i], p.active.Load(), p.largest.Load(), p.rejected.Load(), p.settled.Load()}
	}
	return all
}

// nodesStats answers GET /_nodes/stats and its longer forms.
func (s *Server) nodesStats(c *call) (answer, error) {
	metrics, err := c.indexMetrics("index_metric")
	if err != nil {
		return answer{}, err
	}
	return s.nodes(c, func(w *jsonval.Writer, info *es.Info, wanted func(string) bool) error {
		m := readMachine()
		w.Int("timestamp", s.now().UnixMilli())
		w.String("name", info.Name)
		w.String("transport_address", c.publishAddress())
		w.String("host", nodeIP)
		w.String("ip", c.publishAddress())
		w.Strings("roles", nodeRoles)
		w.Raw("attributes", []byte("{}"))
		if wanted("indices") {
			if err := c.writeNodeIndices(w, metrics); err != nil {
				return err
			}
		}
		for _, part := range []struct {
			name  string
			print func() []byte
		}{
			{"os", func() []byte { return m.osStats(s.now()) }},
			{"process", func() []byte { return m.processStats(s.now()) }},
			{"jvm", func() []byte { return jvmJSON(readMemory(), s.now().Sub(s.started)) }},
			{"thread_pool", s.threadPoolJSON},
			{"fs", func() []byte { return fsJSON(&info.Disk, s.now()) }},
			{"transport", func() []byte {
				return []byte(`{"server_open":0,"total_outbound_connections":0,"rx_count":0,"rx_size_in_bytes":0,"tx_count":0,"tx_size_in_bytes":0}`)
			}},
			{"http", s.httpJSON},
		} {
			if wanted(part.name) {
				w.Raw(part.name, part.print())
			}
		}
		if wanted("breaker") {
			w.Raw("breakers", s.breakersJSON(info.Breakers))
		}
		if wanted("script") {
			scripts := painless.Stats()
			w.Raw("script", object(func(w *jsonval.Writer) {
				w.Int("compilations", scripts.Compilations)
				w.Int("cache_evictions", scripts.Evictions)
				w.Int("compilation_limit_triggered", 0) // there is no limit
			}))
		}
		if wanted("discovery") {
			w.Raw("discovery", []byte(`{"cluster_state_queue":{"total":0,"pending":0,"committed":0},"published_cluster_states":{"full_states":0,"incompatible_diffs":0,"compatible_diffs":0}}`))
		}
		if wanted("ingest") {
			if ingest, err := c.ingestStats(); err == nil { // a store without pipelines has nothing to tell
				w.Raw("ingest", ingest)
			}
		}
		if wanted("adaptive_selection") {
			w.Raw("adaptive_selection", []byte("{}"))
		}
		if wanted("indexing_pressure") {
			w.Raw("indexing_pressure", s.pressureJSON())
		}
		return nil
	})
}

// writeNodeIndices prints the statistics of all indices together and, when asked for, one by one.
func (c *call) writeNodeIndices(w *jsonval.Writer, metrics []string) error {
	indices, err := c.store.Indices(c.ctx(), everyIndex)
	if err != nil {
		return err
	}
	var sum es.IndexStats
	for i := range indices {
		c.chooseGroups(&indices[i].Stats)
		addStats(&sum, &indices[i].Stats)
	}
	w.Raw("indices", object(func(w *jsonval.Writer) {
		c.writeStats(w, &sum, metrics)
		level := c.text("level")
		if level != "indices" && level != "shards" {
			return
		}
		w.Raw(level, object(func(w *jsonval.Writer) {
			for i := range indices {
				if level == "shards" {
					w.Raw(indices[i].Name, list(1, func(dst []byte, _ int) []byte {
						return append(dst, object(func(w *jsonval.Writer) {
							w.Raw("0", object(func(w *jsonval.Writer) { c.writeStats(w, &indices[i].Stats, metrics) }))
						})...)
					}))
					continue
				}
				w.Raw(indices[i].Name, object(func(w *jsonval.Writer) { c.writeStats(w, &indices[i].Stats, metrics) }))
			}
		}))
	}))
	return nil
}

// osStats prints the machine's state. What the system does not tell is left out.
func (m *machine) osStats(now time.Time) []byte {
	return object(func(w *jsonval.Writer) {
		w.Int("timestamp", now.UnixMilli())
		w.Raw("cpu", object(func(w *jsonval.Writer) {
			w.Int("percent", m.cpuPercent)
			if m.loadKnown {
				w.Raw("load_average", object(func(w *jsonval.Writer) {
					w.Float("1m", m.load[0])
					w.Float("5m", m.load[1])
					w.Float("15m", m.load[2])
				}))
			}
		}))
		w.Raw("mem", object(func(w *jsonval.Writer) {
			w.Int("total_in_bytes", m.memTotal)
			w.Int("adjusted_total_in_bytes", m.memTotal)
			w.Int("free_in_bytes", m.memFree)
			w.Int("used_in_bytes", m.memTotal-m.memFree)
			w.Int("free_percent", 100-m.memPercent())
			w.Int("used_percent", m.memPercent())
		}))
		w.Raw("swap", object(func(w *jsonval.Writer) {
			w.Int("total_in_bytes", m.swapTotal)
			w.Int("free_in_bytes", m.swapFree)
			w.Int("used_in_bytes", m.swapTotal-m.swapFree)
		}))
	})
}

func (m *machine) processStats(now time.Time) []byte {
	return object(func(w *jsonval.Writer) {
		w.Int("timestamp", now.UnixMilli())
		w.Int("open_file_descriptors", m.openFiles)
		w.Int("max_file_descriptors", m.maxFiles)
		w.Raw("cpu", object(func(w *jsonval.Writer) {
			w.Int("percent", m.processPercent)
			w.Int("total_in_millis", m.processCPU.Milliseconds())
		}))
		w.Raw("mem", object(func(w *jsonval.Writer) { w.Int("total_virtual_in_bytes", m.virtualBytes) }))
	})
}

// jvmJSON prints the Go runtime's figures under the names that monitoring tools read: there is no Java here. The heap is Go's,
// threads are goroutines, and collections are those of Go's collector, with the time that the program stood still.
func jvmJSON(m memory, uptime time.Duration) []byte {
	var gc runtime.MemStats
	runtime.ReadMemStats(&gc)
	return object(func(w *jsonval.Writer) {
		w.Int("timestamp", time.Now().UnixMilli())
		w.Int("uptime_in_millis", uptime.Milliseconds())
		w.Raw("mem", object(func(w *jsonval.Writer) {
			w.Int("heap_used_in_bytes", m.used)
			w.Int("heap_used_percent", m.percent())
			w.Int("heap_committed_in_bytes", int64(gc.HeapSys))
			w.Int("heap_max_in_bytes", m.limit)
			w.Int("non_heap_used_in_bytes", int64(gc.Sys-gc.HeapSys))
			w.Int("non_heap_committed_in_bytes", int64(gc.Sys-gc.HeapSys))
			w.Raw("pools", object(func(w *jsonval.Writer) {
				for _, name := range []string{"young", "survivor", "old"} {
					used := int64(0)
					if name == "old" {
						used = m.used
					}
					w.Raw(name, object(func(w *jsonval.Writer) {
						w.Int("used_in_bytes", used)
						w.Int("max_in_bytes", m.limit)
						w.Int("peak_used_in_bytes", used)
						w.Int("peak_max_in_bytes", m.limit)
					}))
				}
			}))
		}))
		w.Raw("threads", object(func(w *jsonval.Writer) {
			w.Int("count", int64(runtime.NumGoroutine()))
			w.Int("peak_count", int64(runtime.NumGoroutine()))
		}))
		w.Raw("gc", object(func(w *jsonval.Writer) {
			w.Raw("collectors", object(func(w *jsonval.Writer) {
				w.Raw("young", []byte(`{"collection_count":0,"collection_time_in_millis":0}`))
				w.Raw("old", object(func(w *jsonval.Writer) {
					w.Int("collection_count", int64(gc.NumGC))
					w.Int("collection_time_in_millis", int64(gc.PauseTotalNs/1e6))
				}))
			}))
		}))
		w.Raw("buffer_pools", []byte("{}"))
		w.Raw("classes", []byte(`{"current_loaded_count":0,"total_loaded_count":0,"total_unloaded_count":0}`))
	})
}

func (s *Server) threadPoolJSON() []byte {
	return object(func(w *jsonval.Writer) {
		for _, p := range s.threadPools() {
			w.Raw(p.name, object(func(w *jsonval.Writer) {
				w.Int("threads", int64(runtime.GOMAXPROCS(0)))
				w.Int("queue", 0)
				w.Int("active", p.active)
				w.Int("rejected", p.rejected)
				w.Int("largest", p.largest)
				w.Int("completed", p.completed)
			}))
		}
	})
}

func (s *Server) httpJSON() []byte {
	open, total := int64(0), int64(0)
	for _, p := range s.threadPools() {
		open += p.active
		total += p.active + p.completed
	}
	return object(func(w *jsonval.Writer) {
		w.Int("current_open", open)
		w.Int("total_opened", total)
		w.Raw("routes", []byte("{}")) // not counted one by one: _nodes/usage has them by kind
	})
}

func (s *Server) pressureJSON() []byte {
	used, refused := s.bodies.used.Load(), s.bodies.refused.Load()
	return object(func(w *jsonval.Writer) {
		w.Raw("memory", object(func(w *jsonval.Writer) {
			w.Raw("current", object(func(w *jsonval.Writer) {
				w.Int("combined_coordinating_and_primary_in_bytes", used)
				w.Int("coordinating_in_bytes", used)
				zeros(w, "primary_in_bytes", "replica_in_bytes")
				w.Int("all_in_bytes", used)
			}))
			w.Raw("total", object(func(w *jsonval.Writer) { w.Int("coordinating_rejections", refused) }))
			w.Int("limit_in_bytes", s.bodies.limit)
		}))
	})
}

func fsJSON(disk *es.Disk, now time.Time) []byte {
	sizes := func(w *jsonval.Writer) {
		w.Int("total_in_bytes", disk.TotalBytes)
		w.Int("free_in_bytes", disk.FreeBytes)
		w.Int("available_in_bytes", disk.FreeBytes)
	}
	return object(func(w *jsonval.Writer) {
		w.Int("timestamp", now.UnixMilli())
		w.Raw("total", object(sizes))
		w.Raw("data", list(1, func(dst []byte, _ int) []byte { return append(dst, object(sizes)...) }))
	})
}

// nodesUsage answers GET /_nodes/usage and its longer forms: how often each kind of request came.
func (s *Server) nodesUsage(c *call) (answer, error) {
	return s.nodes(c, func(w *jsonval.Writer, _ *es.Info, _ func(string) bool) error {
		w.Int("timestamp", s.now().UnixMilli())
		w.Int("since", s.started.UnixMilli())
		w.Raw("rest_actions", object(func(w *jsonval.Writer) {
			for _, p := range s.threadPools() {
				w.Int(p.name, p.completed)
			}
		}))
		w.Raw("aggregations", []byte("{}"))
		return nil
	})
}
