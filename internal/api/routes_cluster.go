package api

// clusterMoreRoutes are the endpoints about the cluster and its node besides the first ones.
func clusterMoreRoutes() []route {
	state := ofIndices + ofMaster + " flat_settings wait_for_metadata_version wait_for_timeout "
	usage := ofMaster
	table := []route{
		{methods: "GET", path: "/_cluster/state", handler: (*Server).clusterState, params: state, help: "indices, templates and where shards are", note: "put together from the store's metadata; no versions of parts"},
		{methods: "GET", path: "/_cluster/state/{metric}", handler: (*Server).clusterState, params: state, help: "parts of the state"},
		{methods: "GET", path: "/_cluster/state/{metric}/{index}", handler: (*Server).clusterState, params: state, help: "parts of the state of indices"},
		{methods: "GET", path: "/_cluster/stats/nodes/{node_id}", handler: (*Server).clusterStats, params: ofMaster + " flat_settings include_remotes ", help: "statistics"},
		{methods: "GET POST", path: "/_cluster/allocation/explain", handler: (*Server).explainAllocation, params: ofMaster + " include_disk_info include_yes_decisions ", help: "why a shard is where it is"},
		{methods: "POST", path: "/_cluster/reroute", handler: (*Server).reroute, params: ofMaster + " dry_run explain metric retry_failed ", help: "move shards", note: "one node: only a request without commands is taken"},
		{methods: "GET", path: "/_health_report", handler: (*Server).healthReport, params: " verbose size timeout ", help: "what is wrong and why", note: "indicators master_is_stable, shards_availability, disk and ilm"},
		{methods: "GET", path: "/_health_report/{feature}", handler: (*Server).healthReport, params: " verbose size timeout ", help: "one thing that may be wrong"},
		{methods: "GET", path: "/_features", handler: (*Server).features, params: ofMaster, help: "what snapshots can hold besides indices", note: "nothing: there are no system features"},
		{methods: "GET", path: "/_dangling", handler: (*Server).dangling, params: ofMaster, help: "indices found on the disk and not in the metadata", note: "always none: their folders are removed at start"},
		{methods: "GET", path: "/_segments", handler: (*Server).getSegments, params: ofIndices + " verbose ", help: "segments of all indices"},
		{methods: "GET", path: "/{index}/_segments", handler: (*Server).getSegments, params: ofIndices + " verbose ", help: "segments"},
		{methods: "POST", path: "/{index}/_disk_usage", handler: (*Server).diskUsage, action: "indices:admin/analyze_disk_usage", params: ofIndices + " flush run_expensive_tasks ", help: "what fields take on the disk"},
		{methods: "GET", path: "/_recovery", handler: (*Server).getRecovery, params: ofIndices + " active_only detailed ", help: "how indices came to be open"},
		{methods: "GET", path: "/{index}/_recovery", handler: (*Server).getRecovery, params: ofIndices + " active_only detailed ", help: "how indices came to be open"},
		{methods: "GET", path: "/_shard_stores", handler: (*Server).shardStores, params: ofIndices + " status ", help: "where copies are"},
		{methods: "GET", path: "/{index}/_shard_stores", handler: (*Server).shardStores, params: ofIndices + " status ", help: "where copies are"},
		{methods: "GET", path: "/_remote/info", handler: (*Server).remoteInfo, help: "remote clusters", note: "there are none"},
		{methods: "GET", path: "/_xpack/usage", handler: (*Server).xpackUsage, params: ofMaster, help: "features in use"},
		{methods: "GET", path: "/_license/basic_status", handler: (*Server).basicStatus, help: "whether a basic licence can be started", note: "it has been started"},
		{methods: "GET", path: "/_license/trial_status", handler: (*Server).trialStatus, help: "whether a trial can be started", note: "there is nothing to try"},
		{methods: "POST", path: "/_license/start_basic", handler: (*Server).startBasic, params: " acknowledge ", help: "start a basic licence", note: "it has been started"},
	}
	for _, path := range []string{"/_nodes/hot_threads", "/_nodes/{node_id}/hot_threads"} {
		table = append(table, route{methods: "GET", path: path, handler: (*Server).hotThreads, params: ofMaster + " ignore_idle_threads interval snapshots threads type sort ", help: "what the node is doing", note: "goroutines by stack, at one moment"})
	}
	for _, path := range []string{"/_nodes/reload_secure_settings", "/_nodes/{node_id}/reload_secure_settings"} {
		table = append(table, route{methods: "POST", path: path, handler: (*Server).reloadSecureSettings, params: " timeout ", help: "read the keystore again", note: "there is no keystore: nothing changes"})
	}
	for _, path := range []string{"/_nodes/usage", "/_nodes/{node_id}/usage", "/_nodes/usage/{metric}", "/_nodes/{node_id}/usage/{metric}"} {
		table = append(table, route{methods: "GET", path: path, handler: (*Server).nodesUsage, params: usage, help: "how often requests came", note: "by kind of request, not by endpoint"})
	}
	return table
}

// catMoreRoutes are the tables besides those of indices.
func catMoreRoutes() []route {
	return []route{
		{methods: "GET", path: "/_cat/allocation", handler: (*Server).catAllocation, params: ofCat, help: "shards and disk of nodes"},
		{methods: "GET", path: "/_cat/allocation/{node_id}", handler: (*Server).catAllocation, params: ofCat, help: "shards and disk of nodes"},
		{methods: "GET", path: "/_cat/master", handler: (*Server).catMaster, params: ofCat, help: "the master"},
		{methods: "GET", path: "/_cat/nodeattrs", handler: (*Server).catNodeattrs, params: ofCat, help: "attributes of nodes", note: "there are none"},
		{methods: "GET", path: "/_cat/pending_tasks", handler: (*Server).catPendingTasks, params: ofCat, help: "changes that wait", note: "always none"},
		{methods: "GET", path: "/_cat/fielddata", handler: (*Server).catFielddata, params: ofCat + " fields ", help: "memory of field data", note: "always none: columns are on disk"},
		{methods: "GET", path: "/_cat/fielddata/{fields}", handler: (*Server).catFielddata, params: ofCat, help: "memory of field data", note: "always none: columns are on disk"},
		{methods: "GET", path: "/_cat/component_templates", handler: (*Server).catComponentTemplates, params: ofCat, help: "component templates"},
		{methods: "GET", path: "/_cat/component_templates/{name}", handler: (*Server).catComponentTemplates, params: ofCat, help: "component templates"},
		{methods: "GET", path: "/_cat/recovery", handler: (*Server).catRecovery, params: ofCat + ofIndices + " active_only detailed index ", help: "how indices came to be open"},
		{methods: "GET", path: "/_cat/recovery/{index}", handler: (*Server).catRecovery, params: ofCat + ofIndices + " active_only detailed ", help: "how indices came to be open"},
		{methods: "GET", path: "/_cat/segments", handler: (*Server).catSegments, params: ofCat + ofIndices, help: "segments"},
		{methods: "GET", path: "/_cat/segments/{index}", handler: (*Server).catSegments, params: ofCat + ofIndices, help: "segments"},
		{methods: "GET", path: "/_cat/tasks", handler: (*Server).catTasks, params: ofCat + " actions detailed nodes parent_task_id node_id ", help: "requests that run and may take long"},
		{methods: "GET", path: "/_cat/thread_pool", handler: (*Server).catThreadPool, params: ofCat + " size ", help: "requests by kind", note: "no threads: get, management, search and write count requests"},
		{methods: "GET", path: "/_cat/thread_pool/{name}", handler: (*Server).catThreadPool, params: ofCat + " size ", help: "requests by kind"},
	}
}
