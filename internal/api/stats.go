package api

import (
	"slices"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// statsSection is one part of an index's statistics.
type statsSection struct {
	metric string // in paths
	name   string // in answers
	print  func(w *jsonval.Writer, st *es.IndexStats)
}

var statsSections = []statsSection{
	{"docs", "docs", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("count", st.Docs)
		w.Int("deleted", st.DeletedDocs)
	}},
	{"store", "store", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("size_in_bytes", st.DiskBytes)
		w.Int("total_data_set_size_in_bytes", st.DiskBytes)
		w.Int("reserved_in_bytes", 0)
	}},
	{"indexing", "indexing", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("index_total", st.IndexTotal)
		w.Int("index_failed", st.IndexFailed)
		w.Int("delete_total", st.DeleteTotal)
	}},
	{"search", "search", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("query_total", st.SearchTotal)
		w.Int("query_time_in_millis", st.SearchNanos/1e6)
	}},
	{"merge", "merges", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("total", st.MergeTotal)
	}},
	{"refresh", "refresh", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("total", st.RefreshTotal)
	}},
	{"flush", "flush", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("total", st.FlushTotal)
	}},
	{"segments", "segments", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("count", int64(st.Segments))
		w.Int("memory_in_bytes", st.MemoryBytes)
	}},
	{"request_cache", "request_cache", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("memory_size_in_bytes", st.RequestCacheBytes)
		w.Int("evictions", st.RequestCacheEvictions)
		w.Int("hit_count", st.RequestCacheHits)
		w.Int("miss_count", st.RequestCacheMisses)
	}},
	{"translog", "translog", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("size_in_bytes", st.LogBytes)
		w.Int("uncommitted_size_in_bytes", st.LogBytes)
	}},
}

// unmeasured are the metrics of Elasticsearch about what this store does not have.
var unmeasured = []string{"get", "warmer", "query_cache", "fielddata", "completion", "recovery", "bulk", "suggest", "shard_stats", "mappings", "dense_vector", "sparse_vector"}

// indexStats answers GET /_stats, /{index}/_stats and both with /{metric}.
func (s *Server) indexStats(c *call) (answer, error) {
	indices, err := c.indices(openIndices)
	if err != nil {
		return answer{}, err
	}
	wanted, err := c.indexMetrics("metric")
	if err != nil {
		return answer{}, err
	}
	var sum es.IndexStats
	for i := range indices {
		addStats(&sum, &indices[i].Stats)
	}
	both := func(w *jsonval.Writer, st *es.IndexStats) {
		part := object(func(w *jsonval.Writer) { c.writeStats(w, st, wanted) })
		w.Raw("primaries", part)
		w.Raw("total", part)
	}
	return ok(object(func(w *jsonval.Writer) {
		writeShardCount(w, len(indices))
		w.Raw("_all", object(func(w *jsonval.Writer) { both(w, &sum) }))
		if level := c.text("level"); level == "cluster" {
			return
		}
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range indices {
				w.Raw(indices[i].Name, object(func(w *jsonval.Writer) {
					w.String("uuid", indices[i].UUID)
					w.String("health", indices[i].Health.Status)
					w.String("status", "open")
					both(w, &indices[i].Stats)
					if c.text("level") == "shards" {
						w.Raw("shards", shardStats(c, &indices[i], wanted))
					}
				}))
			}
		}))
	}))
}

// indexMetrics reads which sections a variable of the path names; nil is all.
func (c *call) indexMetrics(variable string) ([]string, error) {
	wanted := c.pathList(variable)
	for _, metric := range wanted {
		if err := c.checkMetric(metric); err != nil {
			return nil, err
		}
	}
	if slices.Contains(wanted, "_all") {
		return nil, nil
	}
	return wanted, nil
}

func (c *call) checkMetric(metric string) error {
	known := []string{"_all"}
	for _, section := range statsSections {
		known = append(known, section.metric)
	}
	if slices.Contains(known, metric) || slices.Contains(unmeasured, metric) {
		return nil
	}
	return eserr.IllegalArgument("request [%s] contains unrecognized metric: [%s]%s", c.req.URL.Path, metric, similar(metric, append(known, unmeasured...)))
}

// shardStats prints the statistics of an index's one shard.
func shardStats(c *call, info *es.IndexInfo, wanted []string) []byte {
	return object(func(w *jsonval.Writer) {
		w.Raw("0", list(1, func(dst []byte, _ int) []byte {
			shard := jsonval.Begin(dst)
			shard.Raw("routing", []byte(`{"state":"STARTED","primary":true,"relocating_node":null}`))
			c.writeStats(&shard, &info.Stats, wanted)
			shard.Raw("seq_no", object(func(w *jsonval.Writer) {
				w.Int("max_seq_no", info.Stats.MaxSeqNo)
				w.Int("local_checkpoint", info.Stats.MaxSeqNo)
				w.Int("global_checkpoint", info.Stats.MaxSeqNo)
			}))
			return shard.End()
		}))
	})
}

// writeStats prints the wanted sections, all when none are named.
func (c *call) writeStats(w *jsonval.Writer, st *es.IndexStats, wanted []string) {
	for _, section := range statsSections {
		if len(wanted) == 0 || slices.Contains(wanted, section.metric) {
			w.Raw(section.name, object(func(w *jsonval.Writer) { section.print(w, st) }))
		}
	}
}

// addStats adds an index's counters to a sum.
func addStats(sum, st *es.IndexStats) {
	sum.Docs += st.Docs
	sum.DeletedDocs += st.DeletedDocs
	sum.DiskBytes += st.DiskBytes
	sum.MemoryBytes += st.MemoryBytes
	sum.Segments += st.Segments
	sum.IndexTotal += st.IndexTotal
	sum.IndexFailed += st.IndexFailed
	sum.DeleteTotal += st.DeleteTotal
	sum.SearchTotal += st.SearchTotal
	sum.SearchNanos += st.SearchNanos
	sum.RefreshTotal += st.RefreshTotal
	sum.FlushTotal += st.FlushTotal
	sum.MergeTotal += st.MergeTotal
	sum.LogBytes += st.LogBytes
	sum.RequestCacheBytes += st.RequestCacheBytes
	sum.RequestCacheHits += st.RequestCacheHits
	sum.RequestCacheMisses += st.RequestCacheMisses
	sum.RequestCacheEvictions += st.RequestCacheEvictions
}
