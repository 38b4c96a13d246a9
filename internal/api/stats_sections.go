package api

import (
	"maps"
	"slices"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// statsSection is one part of an index's statistics.
type statsSection struct {
	metric string // in paths
	name   string // in answers
	print  func(w *jsonval.Writer, st *es.IndexStats)
}

// millis prints a member for a time that is counted in nanoseconds.
func millis(w *jsonval.Writer, name string, nanos int64) { w.Int(name, nanos/1e6) }

// zeros prints members that count what this store does not have or what is never under way when it is asked.
func zeros(w *jsonval.Writer, names ...string) {
	for _, name := range names {
		w.Int(name, 0)
	}
}

// statsSections are all parts, in Elasticsearch's order. What it counts and this store does not have (a query cache, field data,
// warmers, suggesters) is zero.
var statsSections = []statsSection{
	{"docs", "docs", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("count", st.Docs)
		w.Int("deleted", st.DeletedDocs)
		w.Int("total_size_in_bytes", st.DiskBytes)
	}},
	{"shard_stats", "shard_stats", func(w *jsonval.Writer, st *es.IndexStats) { w.Int("total_count", max(st.Indices, 1)) }},
	{"store", "store", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("size_in_bytes", st.DiskBytes)
		w.Int("total_data_set_size_in_bytes", st.DiskBytes)
		w.Int("reserved_in_bytes", 0)
	}},
	{"indexing", "indexing", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("index_total", st.IndexTotal)
		millis(w, "index_time_in_millis", st.IndexNanos)
		w.Int("index_current", 0)
		w.Int("index_failed", st.IndexFailed)
		w.Int("index_failed_due_to_version_conflict", st.VersionConflicts)
		w.Int("delete_total", st.DeleteTotal)
		millis(w, "delete_time_in_millis", st.DeleteNanos)
		w.Int("delete_current", 0)
		w.Int("noop_update_total", st.NoopUpdates)
		w.Bool("is_throttled", false)
		w.Int("throttle_time_in_millis", 0)
		w.Raw("write_load", []byte("0.0"))
	}},
	{"get", "get", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("total", st.GetTotal)
		millis(w, "time_in_millis", st.GetNanos)
		w.Int("exists_total", st.GetTotal-st.GetMissing)
		millis(w, "exists_time_in_millis", st.GetNanos-st.GetMissingNanos)
		w.Int("missing_total", st.GetMissing)
		millis(w, "missing_time_in_millis", st.GetMissingNanos)
		w.Int("current", 0)
	}},
	{"search", "search", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("open_contexts", st.OpenContexts)
		writeSearchStats(w, &st.Search)
		if len(st.SearchGroups) == 0 {
			return
		}
		w.Raw("groups", object(func(w *jsonval.Writer) {
			for _, name := range slices.Sorted(maps.Keys(st.SearchGroups)) {
				group := st.SearchGroups[name]
				w.Raw(name, object(func(w *jsonval.Writer) { writeSearchStats(w, &group) }))
			}
		}))
	}},
	{"merge", "merges", func(w *jsonval.Writer, st *es.IndexStats) {
		zeros(w, "current", "current_docs", "current_size_in_bytes")
		w.Int("total", st.MergeTotal)
		millis(w, "total_time_in_millis", st.MergeNanos)
		w.Int("total_docs", st.MergeDocs)
		w.Int("total_size_in_bytes", st.MergeBytes)
		zeros(w, "total_stopped_time_in_millis", "total_throttled_time_in_millis", "total_auto_throttle_in_bytes")
	}},
	{"refresh", "refresh", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("total", st.RefreshTotal)
		millis(w, "total_time_in_millis", st.RefreshNanos)
		w.Int("external_total", st.RefreshTotal)
		millis(w, "external_total_time_in_millis", st.RefreshNanos)
		w.Int("listeners", 0)
	}},
	{"flush", "flush", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("total", st.FlushTotal)
		w.Int("periodic", st.FlushTotal)
		millis(w, "total_time_in_millis", st.FlushNanos)
		millis(w, "total_time_excluding_waiting_on_lock_in_millis", st.FlushNanos)
	}},
	{"warmer", "warmer", func(w *jsonval.Writer, _ *es.IndexStats) { zeros(w, "current", "total", "total_time_in_millis") }},
	{"query_cache", "query_cache", func(w *jsonval.Writer, _ *es.IndexStats) {
		zeros(w, "memory_size_in_bytes", "total_count", "hit_count", "miss_count", "cache_size", "cache_count", "evictions")
	}},
	{"fielddata", "fielddata", func(w *jsonval.Writer, _ *es.IndexStats) {
		zeros(w, "memory_size_in_bytes", "evictions")
		w.Raw("global_ordinals", []byte(`{"build_time_in_millis":0}`))
	}},
	{"completion", "completion", func(w *jsonval.Writer, _ *es.IndexStats) { w.Int("size_in_bytes", 0) }},
	{"segments", "segments", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("count", int64(st.Segments))
		w.Int("memory_in_bytes", st.MemoryBytes)
		zeros(w, "terms_memory_in_bytes", "stored_fields_memory_in_bytes", "term_vectors_memory_in_bytes", "norms_memory_in_bytes",
			"points_memory_in_bytes", "doc_values_memory_in_bytes", "index_writer_memory_in_bytes", "version_map_memory_in_bytes", "fixed_bit_set_memory_in_bytes")
		w.Int("max_unsafe_auto_id_timestamp", -1)
		w.Raw("file_sizes", object(func(w *jsonval.Writer) {
			if st.Segments == 0 {
				return
			}
			w.Raw("seg", object(func(w *jsonval.Writer) {
				w.Int("size_in_bytes", st.DiskBytes)
				w.Int("average_size_in_bytes", st.DiskBytes/int64(st.Segments))
				w.Int("count", int64(st.Segments))
				w.String("description", "Segment")
			}))
		}))
	}},
	{"translog", "translog", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("operations", st.LogOperations)
		w.Int("size_in_bytes", st.LogBytes)
		w.Int("uncommitted_operations", st.LogOperations)
		w.Int("uncommitted_size_in_bytes", st.LogBytes)
		w.Int("earliest_last_modified_age", 0)
	}},
	{"request_cache", "request_cache", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("memory_size_in_bytes", st.RequestCacheBytes)
		w.Int("evictions", st.RequestCacheEvictions)
		w.Int("hit_count", st.RequestCacheHits)
		w.Int("miss_count", st.RequestCacheMisses)
	}},
	{"recovery", "recovery", func(w *jsonval.Writer, _ *es.IndexStats) {
		zeros(w, "current_as_source", "current_as_target", "throttle_time_in_millis")
	}},
	{"bulk", "bulk", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("total_operations", st.BulkTotal)
		millis(w, "total_time_in_millis", st.IndexNanos)
		w.Int("total_size_in_bytes", st.BulkBytes)
		millis(w, "avg_time_in_millis", st.IndexNanos/max(st.BulkTotal, 1))
		w.Int("avg_size_in_bytes", st.BulkBytes/max(st.BulkTotal, 1))
	}},
	{"mappings", "mappings", func(w *jsonval.Writer, st *es.IndexStats) {
		w.Int("total_count", st.Fields)
		w.Int("total_estimated_overhead_in_bytes", 1024*st.Fields)
		w.Int("total_segments", int64(st.Segments))
		w.Int("total_segment_fields", st.Fields*int64(st.Segments))
		w.Int("average_fields_per_segment", st.Fields)
	}},
	{"dense_vector", "dense_vector", func(w *jsonval.Writer, _ *es.IndexStats) { w.Int("value_count", 0) }},
	{"sparse_vector", "sparse_vector", func(w *jsonval.Writer, _ *es.IndexStats) { w.Int("value_count", 0) }},
}

func writeSearchStats(w *jsonval.Writer, st *es.SearchStats) {
	w.Int("query_total", st.Queries)
	millis(w, "query_time_in_millis", st.QueryNanos)
	w.Int("query_current", 0)
	w.Int("query_failure", st.Failures)
	w.Int("fetch_total", st.Fetches)
	millis(w, "fetch_time_in_millis", st.FetchNanos)
	w.Int("fetch_current", 0)
	w.Int("fetch_failure", 0) // a search that fails is counted once
	w.Int("scroll_total", st.Scrolls)
	millis(w, "scroll_time_in_millis", st.ScrollNanos)
	w.Int("scroll_current", st.OpenScrolls)
	zeros(w, "suggest_total", "suggest_time_in_millis", "suggest_current")
}

// chooseGroups leaves only those groups of searches that the request asks for: none unless it does.
func (c *call) chooseGroups(st *es.IndexStats) {
	asked := splitList(c.text("groups"))
	maps.DeleteFunc(st.SearchGroups, func(name string, _ es.SearchStats) bool {
		return !slices.ContainsFunc(asked, func(pattern string) bool { return pattern == "_all" || wildcard.Match(pattern, name) })
	})
}

// addStats adds an index's counters to a sum.
func addStats(sum, st *es.IndexStats) {
	for _, c := range []struct{ to, from *int64 }{
		{&sum.Docs, &st.Docs}, {&sum.DeletedDocs, &st.DeletedDocs}, {&sum.DiskBytes, &st.DiskBytes}, {&sum.MemoryBytes, &st.MemoryBytes},
		{&sum.IndexTotal, &st.IndexTotal}, {&sum.IndexFailed, &st.IndexFailed}, {&sum.VersionConflicts, &st.VersionConflicts}, {&sum.IndexNanos, &st.IndexNanos}, {&sum.DeleteTotal, &st.DeleteTotal},
		{&sum.BulkTotal, &st.BulkTotal}, {&sum.BulkBytes, &st.BulkBytes}, {&sum.GetTotal, &st.GetTotal}, {&sum.GetMissing, &st.GetMissing}, {&sum.GetNanos, &st.GetNanos},
		{&sum.OpenContexts, &st.OpenContexts}, {&sum.RefreshTotal, &st.RefreshTotal}, {&sum.RefreshNanos, &st.RefreshNanos},
		{&sum.DeleteNanos, &st.DeleteNanos}, {&sum.NoopUpdates, &st.NoopUpdates}, {&sum.GetMissingNanos, &st.GetMissingNanos},
		{&sum.FlushTotal, &st.FlushTotal}, {&sum.FlushNanos, &st.FlushNanos}, {&sum.MergeTotal, &st.MergeTotal}, {&sum.MergeNanos, &st.MergeNanos},
		{&sum.MergeDocs, &st.MergeDocs}, {&sum.MergeBytes, &st.MergeBytes}, {&sum.LogBytes, &st.LogBytes}, {&sum.LogOperations, &st.LogOperations}, {&sum.Fields, &st.Fields},
		{&sum.RequestCacheBytes, &st.RequestCacheBytes}, {&sum.RequestCacheHits, &st.RequestCacheHits},
		{&sum.RequestCacheMisses, &st.RequestCacheMisses}, {&sum.RequestCacheEvictions, &st.RequestCacheEvictions},
	} {
		*c.to += *c.from
	}
	sum.Search.Add(&st.Search)
	for name, one := range st.SearchGroups {
		if sum.SearchGroups == nil {
			sum.SearchGroups = map[string]es.SearchStats{}
		}
		group := sum.SearchGroups[name]
		group.Add(&one)
		sum.SearchGroups[name] = group
	}
	sum.Segments += st.Segments
	sum.Indices++
}
