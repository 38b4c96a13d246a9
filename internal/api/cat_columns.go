package api

import "elkhorn/internal/es"

// statColumn is a column of the tables of indices, shards and nodes that all three have.
type statColumn struct {
	name, aliases, help string
	cell                func(st *es.IndexStats) catCell
}

func cellSpan(millis int64) catCell { return catCell{number: float64(millis), isSpan: true} }

func countOf(n func(*es.IndexStats) int64) func(*es.IndexStats) catCell {
	return func(st *es.IndexStats) catCell { return cellInt(n(st)) }
}

func bytesOf(n func(*es.IndexStats) int64) func(*es.IndexStats) catCell {
	return func(st *es.IndexStats) catCell { return cellSize(n(st)) }
}

// nanosOf is a time that is counted in nanoseconds.
func nanosOf(n func(*es.IndexStats) int64) func(*es.IndexStats) catCell {
	return func(st *es.IndexStats) catCell { return cellSpan(n(st) / 1e6) }
}

// none stands for what this store does not have: a query cache, field data, suggesters, warmers.
func none(*es.IndexStats) int64 { return 0 }

// statColumns are in Elasticsearch's order. None is shown unless it is asked for.
var statColumns = []statColumn{
	{"completion.size", "cs,completionSize", "size of completion", bytesOf(none)},
	{"fielddata.memory_size", "fm,fielddataMemory", "used fielddata cache", bytesOf(none)},
	{"fielddata.evictions", "fe,fielddataEvictions", "fielddata evictions", countOf(none)},
	{"query_cache.memory_size", "qcm,queryCacheMemory", "used query cache", bytesOf(none)},
	{"query_cache.evictions", "qce,queryCacheEvictions", "query cache evictions", countOf(none)},
	{"request_cache.memory_size", "rcm,requestCacheMemory", "used request cache", bytesOf(func(st *es.IndexStats) int64 { return st.RequestCacheBytes })},
	{"request_cache.evictions", "rce,requestCacheEvictions", "request cache evictions", countOf(func(st *es.IndexStats) int64 { return st.RequestCacheEvictions })},
	{"request_cache.hit_count", "rchc,requestCacheHitCount", "request cache hit count", countOf(func(st *es.IndexStats) int64 { return st.RequestCacheHits })},
	{"request_cache.miss_count", "rcmc,requestCacheMissCount", "request cache miss count", countOf(func(st *es.IndexStats) int64 { return st.RequestCacheMisses })},
	{"flush.total", "ft,flushTotal", "number of flushes", countOf(func(st *es.IndexStats) int64 { return st.FlushTotal })},
	{"flush.total_time", "ftt,flushTotalTime", "time spent in flush", nanosOf(func(st *es.IndexStats) int64 { return st.FlushNanos })},
	{"get.current", "gc,getCurrent", "number of current get ops", countOf(none)},
	{"get.time", "gti,getTime", "time spent in get", nanosOf(func(st *es.IndexStats) int64 { return st.GetNanos })},
	{"get.total", "gto,getTotal", "number of get ops", countOf(func(st *es.IndexStats) int64 { return st.GetTotal })},
	{"get.exists_time", "geti,getExistsTime", "time spent in successful gets", nanosOf(func(st *es.IndexStats) int64 { return st.GetNanos - st.GetMissingNanos })},
	{"get.exists_total", "geto,getExistsTotal", "number of successful gets", countOf(func(st *es.IndexStats) int64 { return st.GetTotal - st.GetMissing })},
	{"get.missing_time", "gmti,getMissingTime", "time spent in failed gets", nanosOf(func(st *es.IndexStats) int64 { return st.GetMissingNanos })},
	{"get.missing_total", "gmto,getMissingTotal", "number of failed gets", countOf(func(st *es.IndexStats) int64 { return st.GetMissing })},
	{"indexing.delete_current", "idc,indexingDeleteCurrent", "number of current deletions", countOf(none)},
	{"indexing.delete_time", "idti,indexingDeleteTime", "time spent in deletions", nanosOf(func(st *es.IndexStats) int64 { return st.DeleteNanos })},
	{"indexing.delete_total", "idto,indexingDeleteTotal", "number of delete ops", countOf(func(st *es.IndexStats) int64 { return st.DeleteTotal })},
	{"indexing.index_current", "iic,indexingIndexCurrent", "number of current indexing ops", countOf(none)},
	{"indexing.index_time", "iiti,indexingIndexTime", "time spent in indexing", nanosOf(func(st *es.IndexStats) int64 { return st.IndexNanos })},
	{"indexing.index_total", "iito,indexingIndexTotal", "number of indexing ops", countOf(func(st *es.IndexStats) int64 { return st.IndexTotal })},
	{"indexing.index_failed", "iif,indexingIndexFailed", "number of failed indexing ops", countOf(func(st *es.IndexStats) int64 { return st.IndexFailed })},
	{"merges.current", "mc,mergesCurrent", "number of current merges", countOf(none)},
	{"merges.current_docs", "mcd,mergesCurrentDocs", "number of current merging docs", countOf(none)},
	{"merges.current_size", "mcs,mergesCurrentSize", "size of current merges", bytesOf(none)},
	{"merges.total", "mt,mergesTotal", "number of completed merge ops", countOf(func(st *es.IndexStats) int64 { return st.MergeTotal })},
	{"merges.total_docs", "mtd,mergesTotalDocs", "docs merged", countOf(func(st *es.IndexStats) int64 { return st.MergeDocs })},
	{"merges.total_size", "mts,mergesTotalSize", "size merged", bytesOf(func(st *es.IndexStats) int64 { return st.MergeBytes })},
	{"merges.total_time", "mtt,mergesTotalTime", "time spent in merges", nanosOf(func(st *es.IndexStats) int64 { return st.MergeNanos })},
	{"refresh.total", "rto,refreshTotal", "total refreshes", countOf(func(st *es.IndexStats) int64 { return st.RefreshTotal })},
	{"refresh.time", "rti,refreshTime", "time spent in refreshes", nanosOf(func(st *es.IndexStats) int64 { return st.RefreshNanos })},
	{"refresh.external_total", "rto,refreshTotal", "total external refreshes", countOf(func(st *es.IndexStats) int64 { return st.RefreshTotal })},
	{"refresh.external_time", "rti,refreshTime", "time spent in external refreshes", nanosOf(func(st *es.IndexStats) int64 { return st.RefreshNanos })},
	{"refresh.listeners", "rli,refreshListeners", "number of pending refresh listeners", countOf(none)},
	{"search.fetch_current", "sfc,searchFetchCurrent", "current fetch phase ops", countOf(none)},
	{"search.fetch_time", "sfti,searchFetchTime", "time spent in fetch phase", nanosOf(func(st *es.IndexStats) int64 { return st.Search.FetchNanos })},
	{"search.fetch_total", "sfto,searchFetchTotal", "total fetch ops", countOf(func(st *es.IndexStats) int64 { return st.Search.Fetches })},
	{"search.open_contexts", "so,searchOpenContexts", "open search contexts", countOf(func(st *es.IndexStats) int64 { return st.OpenContexts })},
	{"search.query_current", "sqc,searchQueryCurrent", "current query phase ops", countOf(none)},
	{"search.query_time", "sqti,searchQueryTime", "time spent in query phase", nanosOf(func(st *es.IndexStats) int64 { return st.Search.QueryNanos })},
	{"search.query_total", "sqto,searchQueryTotal", "total query phase ops", countOf(func(st *es.IndexStats) int64 { return st.Search.Queries })},
	{"search.scroll_current", "scc,searchScrollCurrent", "open scroll contexts", countOf(func(st *es.IndexStats) int64 { return st.Search.OpenScrolls })},
	{"search.scroll_time", "scti,searchScrollTime", "time scroll contexts held open", nanosOf(func(st *es.IndexStats) int64 { return st.Search.ScrollNanos })},
	{"search.scroll_total", "scto,searchScrollTotal", "completed scroll contexts", countOf(func(st *es.IndexStats) int64 { return st.Search.Scrolls })},
	{"segments.count", "sc,segmentsCount", "number of segments", countOf(func(st *es.IndexStats) int64 { return int64(st.Segments) })},
	{"segments.memory", "sm,segmentsMemory", "memory used by segments", bytesOf(func(st *es.IndexStats) int64 { return st.MemoryBytes })},
	{"segments.index_writer_memory", "siwm,segmentsIndexWriterMemory", "memory used by index writer", bytesOf(none)},
	{"segments.version_map_memory", "svmm,segmentsVersionMapMemory", "memory used by version map", bytesOf(none)},
	{"segments.fixed_bitset_memory", "sfbm,fixedBitsetMemory", "memory used by fixed bit sets for nested object field types and export type filters for types referred in _parent fields", bytesOf(none)},
	{"warmer.current", "wc,warmerCurrent", "current warmer ops", countOf(none)},
	{"warmer.total", "wto,warmerTotal", "total warmer ops", countOf(none)},
	{"warmer.total_time", "wtt,warmerTotalTime", "time spent in warmers", nanosOf(none)},
	{"suggest.current", "suc,suggestCurrent", "number of current suggest ops", countOf(none)},
	{"suggest.time", "suti,suggestTime", "time spend in suggest", nanosOf(none)},
	{"suggest.total", "suto,suggestTotal", "number of suggest ops", countOf(none)},
	{"memory.total", "tm,memoryTotal", "total used memory", bytesOf(func(st *es.IndexStats) int64 { return st.MemoryBytes })},
	{"bulk.total_operations", "bto,bulkTotalOperation", "number of bulk shard ops", countOf(func(st *es.IndexStats) int64 { return st.BulkTotal })},
	{"bulk.total_time", "btti,bulkTotalTime", "time spend in shard bulk", nanosOf(func(st *es.IndexStats) int64 { return st.IndexNanos })},
	{"bulk.total_size_in_bytes", "btsi,bulkTotalSizeInBytes", "total size in bytes of shard bulk", bytesOf(func(st *es.IndexStats) int64 { return st.BulkBytes })},
	{"bulk.avg_time", "bati,bulkAvgTime", "average time spend in shard bulk", nanosOf(func(st *es.IndexStats) int64 { return st.IndexNanos / max(st.BulkTotal, 1) })},
	{"bulk.avg_size_in_bytes", "basi,bulkAvgSizeInBytes", "average size in bytes of shard bulk", bytesOf(func(st *es.IndexStats) int64 { return st.BulkBytes / max(st.BulkTotal, 1) })},
}

// extraColumns are statColumns as columns of a table; with primaries each has a twin for primaries.
func extraColumns(primaries bool) []catColumn {
	var columns []catColumn
	for _, s := range statColumns {
		columns = append(columns, catColumn{name: s.name, aliases: s.aliases, help: s.help, extra: true, right: true})
		if primaries {
			columns = append(columns, catColumn{name: "pri." + s.name, help: s.help, extra: true, right: true})
		}
	}
	return columns
}

// extraCells are the cells of extraColumns; a nil st has none.
func extraCells(st *es.IndexStats, primaries bool) []catCell {
	var cells []catCell
	for _, s := range statColumns {
		v := cellNull()
		if st != nil {
			v = s.cell(st)
		}
		cells = append(cells, v)
		if primaries {
			cells = append(cells, v)
		}
	}
	return cells
}
