package api

import (
	"strings"

	"elkhorn/internal/es"
)

// Parameters that groups of endpoints take.
const (
	ofIndices = " ignore_unavailable allow_no_indices expand_wildcards ignore_throttled "
	ofMaster  = " master_timeout cluster_manager_timeout timeout local "
	ofSource  = " _source _source_includes _source_excludes _source_include _source_exclude "
	ofQuery   = " q df analyzer analyze_wildcard default_operator lenient "
	ofBody    = " source source_content_type "
	ofBulk    = " refresh routing pipeline timeout wait_for_active_shards require_alias require_data_stream include_source_on_error "
	ofWrite   = ofBulk + " version version_type if_seq_no if_primary_term "
	ofCat     = " v h s help bytes time local master_timeout cluster_manager_timeout "
	ofGet     = ofSource + " stored_fields realtime refresh routing preference version version_type force_synthetic_source "
	ofSearch  = ofIndices + ofSource + ofQuery + ofBody + " from size sort track_total_hits track_scores rest_total_hits_as_int typed_keys scroll include_named_queries_score search_type terminate_after seq_no_primary_term version explain docvalue_fields stored_fields timeout wait_for_hits routing preference request_cache batched_reduce_size max_concurrent_shard_requests pre_filter_shard_size ccs_minimize_roundtrips allow_partial_search_results "
	ofTail    = ofIndices + ofSource + ofQuery + ofBody + " docvalue_fields last "
	ofCount   = ofIndices + ofQuery + ofBody + " terminate_after min_score routing preference "
)

// routeTable lists every endpoint. A segment in braces is a variable; the target indices are always
// {index}. Methods that ought to be there and are not are answered 405, paths that are not here 400.
func routeTable() []route {
	var table []route
	for _, group := range [][]route{
		documentRoutes(), searchRoutes(), searchTemplateRoutes(), indexRoutes(), templateRoutes(), streamRoutes(), clusterRoutes(), catRoutes(), snapshotRoutes(), ingestRoutes(), clusterMoreRoutes(), catMoreRoutes(), lifecycleRoutes(),
		scriptRoutes(),
	} {
		table = append(table, group...)
	}
	return table
}

func documentRoutes() []route {
	bulk := ofBulk + ofSource + " list_executed_pipelines type "
	write := ofWrite + " op_type "
	update := ofWrite + ofSource + " retry_on_conflict "
	sweep := " conflicts max_docs size refresh requests_per_second scroll scroll_size slices timeout wait_for_active_shards wait_for_completion "
	byQuery := sweep + ofIndices + ofQuery + " pipeline routing preference request_cache search_timeout search_type "
	rethrottle := " requests_per_second group_by "
	return []route{
		{methods: "POST PUT", path: "/_bulk", handler: (*Server).bulk, params: bulk, help: "carry out many writes"},
		{methods: "POST PUT", path: "/{index}/_bulk", handler: (*Server).bulk, params: bulk, help: "carry out many writes on one index"},
		{methods: "POST", path: "/{index}/_doc", handler: (*Server).indexDocument, params: write, help: "store a document under a new id"},
		{methods: "POST PUT", path: "/{index}/_doc/{id}", handler: (*Server).indexDocument, params: write, help: "store a document"},
		{methods: "GET HEAD", path: "/{index}/_doc/{id}", handler: (*Server).getDocument, params: ofGet, help: "fetch a document"},
		{methods: "DELETE", path: "/{index}/_doc/{id}", handler: (*Server).deleteDocument, params: ofWrite, help: "delete a document"},
		{methods: "POST PUT", path: "/{index}/_create/{id}", handler: (*Server).createDocument, params: ofWrite, help: "store a document unless there is one"},
		{methods: "POST", path: "/{index}/_update/{id}", handler: (*Server).updateDocument, params: update, help: "change a document"},
		{methods: "GET HEAD", path: "/{index}/_source/{id}", handler: (*Server).getSource, params: ofGet, help: "fetch a document without metadata"},
		{methods: "POST", path: "/{index}/_delete_by_query", handler: (*Server).deleteByQuery, action: "indices:data/write/delete/byquery", params: byQuery, help: "delete what matches a query"},
		{methods: "POST", path: "/_delete_by_query/{task_id}/_rethrottle", handler: (*Server).rethrottle, params: rethrottle, help: "change how fast a delete by query goes"},
		{methods: "POST", path: "/{index}/_update_by_query", handler: (*Server).updateByQuery, action: "indices:data/write/update/byquery", params: byQuery, help: "write again what matches a query"},
		{methods: "POST", path: "/_update_by_query/{task_id}/_rethrottle", handler: (*Server).rethrottle, params: rethrottle, help: "change how fast an update by query goes"},
		{methods: "POST", path: "/_reindex", handler: (*Server).reindex, action: "indices:data/write/reindex", params: sweep, help: "copy documents to another index", note: "sorts of a remote source by field and order only"},
		{methods: "POST", path: "/_reindex/{task_id}/_rethrottle", handler: (*Server).rethrottle, params: rethrottle, help: "change how fast a reindex goes"},
		{methods: "GET POST", path: "/_mget", handler: (*Server).mget, params: ofGet + ofBody, help: "fetch many documents"},
		{methods: "GET POST", path: "/{index}/_mget", handler: (*Server).mget, params: ofGet + ofBody, help: "fetch many documents of one index"},
	}
}

func searchRoutes() []route {
	multi := ofIndices + ofBody + " typed_keys rest_total_hits_as_int search_type max_concurrent_searches max_concurrent_shard_requests pre_filter_shard_size ccs_minimize_roundtrips routing "
	scroll := ofBody + " scroll scroll_id rest_total_hits_as_int "
	validate := ofIndices + ofQuery + ofBody + " explain rewrite all_shards "
	async := strings.Replace(ofSearch, " scroll ", " ", 1) + " keep_alive wait_for_completion_timeout keep_on_completion index "
	const asyncNote = "while it runs nothing is told of what was found so far; results are kept in memory until their time is over or the server ends"
	caps := ofIndices + " fields include_unmapped include_empty_fields filters types "
	return []route{
		{methods: "GET POST", path: "/_search", handler: (*Server).search, action: "indices:data/read/search", params: ofSearch + "index", help: "search all indices"},
		{methods: "GET POST", path: "/{index}/_search", handler: (*Server).search, action: "indices:data/read/search", params: ofSearch, help: "search"},
		{methods: "GET POST", path: "/_tail", handler: (*Server).tail, params: ofTail, help: "a stream of documents as they are written", own: true, note: "server-sent events"},
		{methods: "GET POST", path: "/{index}/_tail", handler: (*Server).tail, params: ofTail, help: "a stream of documents as they are written", own: true, note: "server-sent events"},
		{methods: "GET POST", path: "/_search/scroll", handler: (*Server).nextScroll, action: "indices:data/read/scroll", params: scroll, help: "next page of a scroll"},
		{methods: "GET POST", path: "/_search/scroll/{scroll_id}", handler: (*Server).nextScroll, action: "indices:data/read/scroll", params: scroll, help: "next page of a scroll"},
		{methods: "DELETE", path: "/_search/scroll", handler: (*Server).clearScroll, help: "end scrolls"},
		{methods: "DELETE", path: "/_search/scroll/{scroll_id}", handler: (*Server).clearScroll, help: "end scrolls"},
		{methods: "POST", path: "/{index}/_pit", handler: (*Server).openPIT, params: ofIndices + " keep_alive routing preference allow_partial_search_results max_concurrent_shard_requests ", help: "open a point in time"},
		{methods: "DELETE", path: "/_pit", handler: (*Server).closePIT, help: "close a point in time"},
		{methods: "GET POST", path: "/_msearch", handler: (*Server).msearch, action: "indices:data/read/msearch", params: multi, help: "many searches"},
		{methods: "GET POST", path: "/{index}/_msearch", handler: (*Server).msearch, action: "indices:data/read/msearch", params: multi, help: "many searches"},
		{methods: "GET POST", path: "/_count", handler: (*Server).count, action: "indices:data/read/search", params: ofCount, help: "count documents"},
		{methods: "GET POST", path: "/{index}/_count", handler: (*Server).count, action: "indices:data/read/search", params: ofCount, help: "count documents"},
		{methods: "GET POST", path: "/_validate/query", handler: (*Server).validateQuery, params: validate, help: "check a query"},
		{methods: "GET POST", path: "/{index}/_validate/query", handler: (*Server).validateQuery, params: validate, help: "check a query", note: "explain prints the query without splitting texts into words"},
		{methods: "GET POST", path: "/_field_caps", handler: (*Server).fieldCaps, params: caps, help: "what fields can do"},
		{methods: "GET POST", path: "/{index}/_field_caps", handler: (*Server).fieldCaps, params: caps, help: "what fields can do"},
		{methods: "POST", path: "/_async_search", handler: (*Server).submitAsync, action: "indices:data/read/async_search/submit", params: async, help: "search, in the background if it takes long", note: asyncNote},
		{methods: "POST", path: "/{index}/_async_search", handler: (*Server).submitAsync, action: "indices:data/read/async_search/submit", params: async, help: "search, in the background if it takes long", note: asyncNote},
		{methods: "GET", path: "/_async_search/{id}", handler: (*Server).getAsync, params: " keep_alive wait_for_completion_timeout typed_keys rest_total_hits_as_int ", help: "what a search in the background found"},
		{methods: "GET", path: "/_async_search/status/{id}", handler: (*Server).asyncStatus, params: " keep_alive ", help: "how far a search in the background is"},
		{methods: "DELETE", path: "/_async_search/{id}", handler: (*Server).deleteAsync, help: "end and forget a search in the background"},
		{methods: "GET POST", path: "/{index}/_explain/{id}", handler: (*Server).explain, params: ofQuery + ofSource + ofBody + " routing preference ", help: "how the score of a document comes about", note: "scores of nested, function and script clauses are told without their parts"},
		{methods: "GET POST", path: "/{index}/_terms_enum", handler: (*Server).termsEnum, params: ofIndices, help: "values of a keyword that begin with a text"},
		{methods: "GET POST", path: "/_analyze", handler: (*Server).analyze, params: " index ", help: "split a text into tokens"},
		{methods: "GET POST", path: "/{index}/_analyze", handler: (*Server).analyze, help: "split a text into tokens as an index does"},
		{methods: "GET POST", path: "/_search_shards", handler: (*Server).searchShards, params: ofIndices + " routing preference local ", help: "the shards that a search would see"},
		{methods: "GET POST", path: "/{index}/_search_shards", handler: (*Server).searchShards, params: ofIndices + " routing preference local ", help: "the shards that a search would see"},
		{methods: "GET", path: "/_resolve/cluster", handler: (*Server).resolveCluster, params: ofIndices + " timeout ", help: "which clusters there are"},
		{methods: "GET", path: "/_resolve/cluster/{name}", handler: (*Server).resolveCluster, params: ofIndices + " timeout ", help: "which clusters a search would ask"},
		{methods: "GET POST", path: "/_resolve/index/{name}", handler: (*Server).resolveIndex, params: ofIndices, help: "what names and wildcards mean"},
	}
}

func indexRoutes() []route {
	get := ofIndices + ofMaster + " flat_settings include_defaults features include_type_name "
	settings := ofIndices + ofMaster + " flat_settings include_defaults "
	putSettings := ofIndices + ofMaster + " preserve_existing flat_settings reopen "
	putMapping := ofIndices + ofMaster + " write_index_only include_type_name "
	aliases := ofIndices + ofMaster
	merge := ofIndices + " max_num_segments only_expunge_deletes flush wait_for_completion primary "
	stats := ofIndices + " level groups completion_fields fielddata_fields fields include_unloaded_segments "
	mappings := ofIndices + ofMaster + " include_type_name "
	resize := ofMaster + " wait_for_active_shards copy_settings "
	return []route{
		{methods: "PUT", path: "/{index}", handler: (*Server).createIndex, params: ofMaster + " wait_for_active_shards include_type_name ", help: "make an index"},
		{methods: "DELETE", path: "/{index}", handler: (*Server).deleteIndex, params: ofIndices + ofMaster, help: "delete indices"},
		{methods: "GET", path: "/{index}", handler: (*Server).getIndex, params: get, help: "describe indices"},
		{methods: "HEAD", path: "/{index}", handler: (*Server).headIndex, params: get, help: "whether an index exists"},
		{methods: "PUT", path: "/{index}/_block/{block}", handler: (*Server).addBlock, params: ofIndices + ofMaster, help: "refuse reads, writes or changes"},
		{methods: "PUT POST", path: "/{index}/_shrink/{target}", handler: resizer(es.Shrink), params: resize, help: "an index of the same documents with fewer shards", note: "files are copied, not linked; the new index has one segment"},
		{methods: "PUT POST", path: "/{index}/_split/{target}", handler: resizer(es.Split), params: resize, help: "an index of the same documents with more shards", note: "files are copied, not linked"},
		{methods: "PUT POST", path: "/{index}/_clone/{target}", handler: resizer(es.Clone), params: resize, help: "an index of the same documents", note: "files are copied, not linked"},
		{methods: "POST", path: "/{index}/_open", handler: (*Server).openIndex, params: ofIndices + ofMaster + " wait_for_active_shards ", help: "open closed indices"},
		{methods: "POST", path: "/{index}/_freeze", handler: (*Server).freezeIndex, params: ofIndices + ofMaster + " wait_for_active_shards ", help: "freeze indices", note: "changes nothing, with a warning: there are no frozen indices"},
		{methods: "POST", path: "/{index}/_unfreeze", handler: (*Server).freezeIndex, params: ofIndices + ofMaster + " wait_for_active_shards ", help: "unfreeze indices", note: "changes nothing, with a warning: there are no frozen indices"},
		{methods: "POST", path: "/{index}/_close", handler: (*Server).closeIndex, params: ofIndices + ofMaster + " wait_for_active_shards ", help: "close indices"},
		{methods: "GET POST", path: "/_refresh", handler: (*Server).refreshIndices, params: ofIndices, help: "make writes visible"},
		{methods: "GET POST", path: "/{index}/_refresh", handler: (*Server).refreshIndices, params: ofIndices, help: "make writes visible"},
		{methods: "GET POST", path: "/_flush", handler: (*Server).flushIndices, params: ofIndices + " force wait_if_ongoing ", help: "write memory to segments"},
		{methods: "GET POST", path: "/{index}/_flush", handler: (*Server).flushIndices, params: ofIndices + " force wait_if_ongoing ", help: "write memory to segments"},
		{methods: "POST", path: "/_forcemerge", handler: (*Server).forceMerge, action: "indices:admin/forcemerge", params: merge, help: "merge segments"},
		{methods: "POST", path: "/{index}/_forcemerge", handler: (*Server).forceMerge, action: "indices:admin/forcemerge", params: merge, help: "merge segments"},
		{methods: "POST", path: "/_cache/clear", handler: (*Server).clearCache, params: ofIndices + " fielddata query request fields ", help: "drop what is kept of answers", note: "of request, query and fielddata caches only the first is there"},
		{methods: "POST", path: "/{index}/_cache/clear", handler: (*Server).clearCache, params: ofIndices + " fielddata query request fields ", help: "drop what is kept of answers", note: "of request, query and fielddata caches only the first is there"},

		{methods: "GET", path: "/_mapping", handler: (*Server).getMapping, params: mappings, help: "mappings of all indices"},
		{methods: "GET", path: "/{index}/_mapping", handler: (*Server).getMapping, params: mappings, help: "mappings"},
		{methods: "PUT POST", path: "/{index}/_mapping", handler: (*Server).putMapping, params: putMapping, help: "add to mappings"},
		{methods: "PUT POST", path: "/{index}/_mapping/{type}", handler: (*Server).putMapping, params: putMapping, help: "add to mappings, as version 6 and 7 clients spell it"},
		{methods: "GET", path: "/_mapping/field/{fields}", handler: (*Server).getFieldMapping, params: ofIndices + ofMaster + " include_defaults include_type_name ", help: "mappings of fields"},
		{methods: "GET", path: "/{index}/_mapping/field/{fields}", handler: (*Server).getFieldMapping, params: ofIndices + ofMaster + " include_defaults include_type_name ", help: "mappings of fields"},

		{methods: "GET", path: "/_settings", handler: (*Server).getSettings, params: settings, help: "settings of all indices"},
		{methods: "GET", path: "/_settings/{name}", handler: (*Server).getSettings, params: settings, help: "some settings of all indices"},
		{methods: "GET", path: "/{index}/_settings", handler: (*Server).getSettings, params: settings, help: "settings"},
		{methods: "GET", path: "/{index}/_settings/{name}", handler: (*Server).getSettings, params: settings, help: "some settings"},
		{methods: "PUT", path: "/_settings", handler: (*Server).putSettings, params: putSettings, help: "change settings of all indices"},
		{methods: "PUT", path: "/{index}/_settings", handler: (*Server).putSettings, params: putSettings, help: "change settings"},

		{methods: "GET HEAD", path: "/_alias", handler: (*Server).getAlias, params: aliases, help: "all aliases"},
		{methods: "GET HEAD", path: "/_alias/{name}", handler: (*Server).getAlias, params: aliases, help: "aliases by name"},
		{methods: "GET HEAD", path: "/{index}/_alias", handler: (*Server).getAlias, params: aliases, help: "aliases of indices"},
		{methods: "GET HEAD", path: "/{index}/_alias/{name}", handler: (*Server).getAlias, params: aliases, help: "aliases of indices by name"},
		{methods: "PUT POST", path: "/{index}/_alias/{name}", handler: (*Server).putAlias, params: aliases, help: "add an alias"},
		{methods: "PUT POST", path: "/{index}/_aliases/{name}", handler: (*Server).putAlias, params: aliases, help: "add an alias"},
		{methods: "DELETE", path: "/{index}/_alias/{name}", handler: (*Server).deleteAlias, params: aliases, help: "remove aliases"},
		{methods: "DELETE", path: "/{index}/_aliases/{name}", handler: (*Server).deleteAlias, params: aliases, help: "remove aliases"},
		{methods: "POST", path: "/_aliases", handler: (*Server).updateAliases, params: ofMaster, help: "add and remove aliases, all or nothing"},
		{methods: "GET", path: "/_aliases", handler: (*Server).getAlias, params: aliases, help: "all aliases"},

		{methods: "POST", path: "/{index}/_rollover", handler: (*Server).rollover, params: ofMaster + " dry_run lazy wait_for_active_shards include_type_name ", help: "make a new write index for an alias"},
		{methods: "POST", path: "/{index}/_rollover/{new_index}", handler: (*Server).rollover, params: ofMaster + " dry_run lazy wait_for_active_shards include_type_name ", help: "make a new write index for an alias"},

		{methods: "GET", path: "/_stats", handler: (*Server).indexStats, params: stats, help: "statistics of all indices"},
		{methods: "GET", path: "/_stats/{metric}", handler: (*Server).indexStats, params: stats, help: "some statistics of all indices"},
		{methods: "GET", path: "/{index}/_stats", handler: (*Server).indexStats, params: stats, help: "statistics"},
		{methods: "GET", path: "/{index}/_stats/{metric}", handler: (*Server).indexStats, params: stats, help: "some statistics"},
	}
}

func templateRoutes() []route {
	put := ofMaster + " create cause "
	get := ofMaster + " flat_settings "
	var table []route
	for _, k := range []struct {
		path string
		kind templateKind
	}{{"/_index_template", indexTemplates}, {"/_component_template", componentTemplates}, {"/_template", legacyTemplates}} {
		table = append(table,
			route{methods: "PUT POST", path: k.path + "/{name}", handler: k.kind.put, params: put, help: "store a template"},
			route{methods: "GET", path: k.path, handler: k.kind.get, params: get, help: "all templates"},
			route{methods: "GET", path: k.path + "/{name}", handler: k.kind.get, params: get, help: "templates by name"},
			route{methods: "HEAD", path: k.path + "/{name}", handler: k.kind.head, params: get, help: "whether a template exists"},
			route{methods: "DELETE", path: k.path + "/{name}", handler: k.kind.delete, params: ofMaster, help: "delete templates"},
		)
	}
	return append(table,
		route{methods: "POST", path: "/_index_template/_simulate_index/{name}", handler: (*Server).simulateIndex, params: get + " create cause ", help: "what templates give an index"},
		route{methods: "POST", path: "/_index_template/_simulate", handler: (*Server).simulateTemplate, params: get + " create cause ", help: "what a template gives"},
		route{methods: "POST", path: "/_index_template/_simulate/{name}", handler: (*Server).simulateTemplate, params: get + " create cause ", help: "what a template gives"},
		route{methods: "PUT", path: "/_ilm/policy/{name}", handler: (*Server).putPolicy, params: ofMaster, help: "store a lifecycle policy"},
		route{methods: "GET", path: "/_ilm/policy", handler: (*Server).getPolicy, params: ofMaster, help: "all lifecycle policies"},
		route{methods: "GET", path: "/_ilm/policy/{name}", handler: (*Server).getPolicy, params: ofMaster, help: "lifecycle policies"},
		route{methods: "DELETE", path: "/_ilm/policy/{name}", handler: (*Server).deletePolicy, params: ofMaster, help: "delete a lifecycle policy"},
	)
}

func streamRoutes() []route {
	get := ofIndices + ofMaster + " include_defaults verbose "
	const path = "/_data_stream"
	return []route{
		{methods: "GET", path: path, handler: (*Server).dataStreams, params: get, help: "all data streams"},
		{methods: "GET", path: path + "/{name}", handler: (*Server).dataStreams, params: get, help: "data streams"},
		{methods: "PUT", path: path + "/{name}", handler: (*Server).createDataStream, params: ofMaster, help: "make a data stream", note: "index modes other than standard and failure stores are refused"},
		{methods: "DELETE", path: path + "/{name}", handler: (*Server).deleteDataStreams, params: ofIndices + ofMaster, help: "delete data streams with their indices"},
		{methods: "GET", path: path + "/_stats", handler: (*Server).dataStreamStats, params: ofIndices, help: "statistics of all data streams"},
		{methods: "GET", path: path + "/{name}/_stats", handler: (*Server).dataStreamStats, params: ofIndices, help: "statistics of data streams"},
		{methods: "POST", path: path + "/_migrate/{name}", handler: (*Server).migrateDataStream, params: ofMaster, help: "make a data stream of an alias"},
		{methods: "POST", path: path + "/_modify", handler: (*Server).modifyDataStreams, params: ofMaster, help: "take indices into data streams and out of them"},
		{methods: "POST", path: path + "/_promote/{name}", handler: (*Server).promoteDataStream, params: ofMaster, help: "make a follower a stream of its own", note: "refused: no stream follows another cluster's"},
		{methods: "GET", path: path + "/{name}/_lifecycle", handler: (*Server).getStreamLifecycle, params: get, help: "lifecycles of data streams"},
		{methods: "PUT", path: path + "/{name}/_lifecycle", handler: (*Server).putStreamLifecycle, params: ofIndices + ofMaster, help: "keep a data stream for a time", note: "downsampling is refused"},
		{methods: "DELETE", path: path + "/{name}/_lifecycle", handler: (*Server).deleteStreamLifecycle, params: ofIndices + ofMaster, help: "keep data streams for ever"},
		{methods: "GET", path: "/{index}/_lifecycle/explain", handler: (*Server).explainStreamLifecycle, params: get, help: "how long indices of data streams are kept"},
	}
}

func clusterRoutes() []route {
	health := ofIndices + ofMaster + " level wait_for_status wait_for_nodes wait_for_events wait_for_active_shards wait_for_no_relocating_shards wait_for_no_initializing_shards "
	nodes := ofMaster + " include_segment_file_sizes types flat_settings level groups fields completion_fields fielddata_fields include_unloaded_segments "
	tasks := " actions detailed group_by nodes parent_task_id wait_for_completion timeout "
	table := []route{
		{methods: "GET HEAD", path: "/", handler: (*Server).root, help: "name and version"},
		{methods: "GET", path: "/_cluster/health", handler: (*Server).getHealth, params: health, help: "health"},
		{methods: "GET", path: "/_cluster/health/{index}", handler: (*Server).getHealth, params: health, help: "health of indices"},
		{methods: "GET", path: "/_cluster/stats", handler: (*Server).clusterStats, params: ofMaster + " flat_settings include_remotes ", help: "statistics"},
		{methods: "GET", path: "/_cluster/settings", handler: (*Server).getClusterSettings, params: ofMaster + " flat_settings include_defaults ", help: "cluster settings"},
		{methods: "PUT", path: "/_cluster/settings", handler: (*Server).putClusterSettings, params: ofMaster + " flat_settings ", help: "change cluster settings", note: "settings that are not acted on are refused by name"},
		{methods: "GET", path: "/_tasks", handler: (*Server).listTasks, params: tasks, help: "requests that run and may take long", note: "searches, by-query writes, reindexing and merges asked for; background work is not listed"},
		{methods: "GET", path: "/_tasks/{task_id}", handler: (*Server).getTask, params: tasks, help: "one request that runs, or what one in the background came to", note: "the last 1000 results are kept"},
		{methods: "POST", path: "/_tasks/_cancel", handler: (*Server).cancelTasks, params: tasks, help: "end requests that run"},
		{methods: "POST", path: "/_tasks/{task_id}/_cancel", handler: (*Server).cancelTasks, params: tasks, help: "end a request that runs"},
		{methods: "GET", path: "/_cluster/pending_tasks", handler: (*Server).pendingTasks, params: ofMaster, help: "changes that wait", note: "always none: changes are carried out at once"},
		{methods: "GET", path: "/_license", handler: (*Server).license, params: "local accept_enterprise", help: "licence", note: "always an active basic licence"},
		{methods: "GET", path: "/_xpack", handler: (*Server).xpack, params: "categories accept_enterprise", help: "licence and features, for older shippers"},
	}
	for _, path := range []string{"/_nodes", "/_nodes/{node_id}", "/_nodes/{node_id}/{metric}"} {
		table = append(table, route{methods: "GET", path: path, handler: (*Server).nodesInfo, params: nodes, help: "nodes"})
	}
	for _, path := range []string{"/_nodes/stats", "/_nodes/stats/{metric}", "/_nodes/stats/{metric}/{index_metric}", "/_nodes/{node_id}/stats", "/_nodes/{node_id}/stats/{metric}", "/_nodes/{node_id}/stats/{metric}/{index_metric}"} {
		table = append(table, route{methods: "GET", path: path, handler: (*Server).nodesStats, params: nodes, help: "node statistics"})
	}
	return table
}

func catRoutes() []route {
	indices := ofCat + ofIndices + " health pri include_unloaded_segments "
	return []route{
		{methods: "GET", path: "/_cat", handler: (*Server).catList, help: "the endpoints of this kind"},
		{methods: "GET", path: "/_cat/indices", handler: (*Server).catIndices, params: indices, help: "indices"},
		{methods: "GET", path: "/_cat/indices/{index}", handler: (*Server).catIndices, params: indices, help: "indices"},
		{methods: "GET", path: "/_cat/health", handler: (*Server).catHealth, params: ofCat + " ts ", help: "health"},
		{methods: "GET POST", path: "/_cat/count", handler: (*Server).catCount, params: ofCat, help: "number of documents"},
		{methods: "GET POST", path: "/_cat/count/{index}", handler: (*Server).catCount, params: ofCat, help: "number of documents"},
		{methods: "GET", path: "/_cat/aliases", handler: (*Server).catAliases, params: ofCat + ofIndices, help: "aliases"},
		{methods: "GET", path: "/_cat/aliases/{name}", handler: (*Server).catAliases, params: ofCat + ofIndices, help: "aliases"},
		{methods: "GET", path: "/_cat/shards", handler: (*Server).catShards, params: ofCat + ofIndices, help: "shards"},
		{methods: "GET", path: "/_cat/shards/{index}", handler: (*Server).catShards, params: ofCat + ofIndices, help: "shards"},
		{methods: "GET", path: "/_cat/nodes", handler: (*Server).catNodes, params: ofCat + " full_id include_unloaded_segments ", help: "nodes"},
		{methods: "GET", path: "/_cat/plugins", handler: (*Server).catPlugins, params: ofCat + " include_bootstrap ", help: "plugins", note: "there are none: everything is built in"},
		{methods: "GET", path: "/_cat/repositories", handler: (*Server).catRepositories, params: ofCat, help: "repositories of snapshots"},
		{methods: "GET", path: "/_cat/snapshots", handler: (*Server).catSnapshots, params: ofCat + " ignore_unavailable ", help: "snapshots"},
		{methods: "GET", path: "/_cat/snapshots/{repository}", handler: (*Server).catSnapshots, params: ofCat + " ignore_unavailable ", help: "snapshots of repositories"},
		{methods: "GET", path: "/_cat/templates", handler: (*Server).catTemplates, params: ofCat, help: "templates"},
		{methods: "GET", path: "/_cat/templates/{name}", handler: (*Server).catTemplates, params: ofCat, help: "templates"},
	}
}

func snapshotRoutes() []route {
	const (
		create  = ofMaster + " verify "
		listing = ofMaster + " ignore_unavailable verbose index_details index_names include_repository sort order size offset "
	)
	return []route{
		{methods: "GET", path: "/_snapshot", handler: (*Server).getRepository, params: ofMaster, help: "repositories of snapshots"},
		{methods: "GET", path: "/_snapshot/{repository}", handler: (*Server).getRepository, params: ofMaster, help: "repositories of snapshots"},
		{methods: "PUT POST", path: "/_snapshot/{repository}", handler: (*Server).putRepository, params: create, help: "name a place for snapshots", note: "type fs, in a folder below path.repo; other types are refused by name"},
		{methods: "DELETE", path: "/_snapshot/{repository}", handler: (*Server).deleteRepository, params: ofMaster, help: "forget a repository; its files stay"},
		{methods: "POST", path: "/_snapshot/{repository}/_verify", handler: (*Server).verifyRepository, params: ofMaster, help: "find out whether a repository can be used"},
		{methods: "POST", path: "/_snapshot/{repository}/_cleanup", handler: (*Server).cleanupRepository, params: ofMaster, help: "remove files that no snapshot has"},
		{methods: "GET", path: "/_snapshot/_status", handler: (*Server).snapshotStatus, params: ofMaster + " ignore_unavailable ", help: "how far snapshots are"},
		{methods: "GET", path: "/_snapshot/{repository}/_status", handler: (*Server).snapshotStatus, params: ofMaster + " ignore_unavailable ", help: "how far snapshots are"},
		{methods: "GET", path: "/_snapshot/{repository}/{snapshot}/_status", handler: (*Server).snapshotStatus, params: ofMaster + " ignore_unavailable ", help: "what snapshots hold", note: "indices have the total of their files, not those that were copied"},
		{methods: "PUT POST", path: "/_snapshot/{repository}/{snapshot}", handler: (*Server).createSnapshot, params: ofMaster + " wait_for_completion ", help: "copy indices to a repository", note: "one runs at a time; its files are this store's own, not Lucene's"},
		{methods: "GET", path: "/_snapshot/{repository}/{snapshot}", handler: (*Server).getSnapshots, params: listing, help: "describe snapshots"},
		{methods: "DELETE", path: "/_snapshot/{repository}/{snapshot}", handler: (*Server).deleteSnapshots, params: ofMaster, help: "delete snapshots, or stop the one under way"},
		{methods: "PUT", path: "/_snapshot/{repository}/{snapshot}/_clone/{target_snapshot}", handler: (*Server).cloneSnapshot, params: ofMaster, help: "a snapshot of some of another's indices, without copying"},
		{methods: "POST", path: "/_snapshot/{repository}/{snapshot}/_restore", handler: (*Server).restoreSnapshot, params: ofMaster + " wait_for_completion ", help: "make indices out of a snapshot", note: "done when it answers, whatever wait_for_completion says"},
	}
}
