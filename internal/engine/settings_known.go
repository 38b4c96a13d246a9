package engine

import (
	"maps"
	"slices"
	"strings"

	"elkhorn/internal/engine/ingest"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// knownSettings are the settings an index takes; * stands for any text. The engine acts on those that parseSettings reads. The
// others are a cluster's business (allocation, recovery), tune what is built otherwise here (merges, translog, caches), or bound
// what is bounded otherwise: they are kept and reported for the day the index moves there. Anything else is refused by name.
var knownSettings = []string{
	"index.allocation.max_retries", "index.analysis.*", "index.analyze.max_token_count", "index.auto_expand_replicas",
	"index.blocks.metadata", "index.blocks.read", "index.blocks.read_only", "index.blocks.read_only_allow_delete", "index.blocks.write",
	"index.bloom_filter_for_id_field.enabled", "index.codec", "index.creation_date", "index.data_path", "index.default_pipeline",
	"index.fielddata.cache", "index.final_pipeline", "index.flush_after_merge", "index.format", "index.gc_deletes", "index.hidden",
	"index.highlight.max_analyzed_offset", "index.highlight.weight_matches_mode.enabled",
	"index.indexing.slowlog.include.user", "index.indexing.slowlog.level", "index.indexing.slowlog.reformat", "index.indexing.slowlog.source",
	"index.indexing.slowlog.threshold.index.*", "index.lifecycle.indexing_complete", "index.lifecycle.name", "index.lifecycle.origination_date",
	"index.lifecycle.parse_origination_date", "index.lifecycle.prefer_ilm", "index.lifecycle.rollover_alias", "index.lifecycle.skip",
	"index.lifecycle.step.wait_time_threshold", "index.load_fixed_bitset_filters_eagerly",
	"index.mapping.coerce", "index.mapping.depth.limit", "index.mapping.dimension_fields.limit", "index.mapping.field_name_length.limit",
	"index.mapping.ignore_malformed", "index.mapping.nested_fields.limit", "index.mapping.nested_objects.limit", "index.mapping.nested_parents.limit",
	"index.mapping.source.mode", "index.mapping.synthetic_source_keep", "index.mapping.total_fields.ignore_dynamic_beyond_limit", "index.mapping.total_fields.limit",
	"index.max_adjacency_matrix_filters", "index.max_docvalue_fields_search", "index.max_inner_result_window", "index.max_ngram_diff", "index.max_refresh_listeners",
	"index.max_regex_length", "index.max_rescore_window", "index.max_result_window", "index.max_script_fields", "index.max_shingle_diff",
	"index.max_slices_per_pit", "index.max_slices_per_scroll", "index.max_terms_count",
	"index.merge.log_byte_size_policy.*", "index.merge.policy.*", "index.merge.scheduler.*", "index.mode", "index.number_of_replicas",
	"index.number_of_routing_shards", "index.number_of_shards", "index.optimize_auto_generated_id", "index.percolator.map_unmapped_fields_as_text",
	"index.prefer_ilm", "index.priority", "index.provided_name", "index.queries.cache.enabled", "index.query.default_field",
	"index.query.parse.allow_unmapped_fields", "index.query_string.lenient", "index.recovery.*", "index.refresh_interval", "index.requests.cache.enable",
	"index.resize.source.name", "index.resize.source.uuid", "index.routing.allocation.disk.watermark.ignore", "index.routing.allocation.enable", "index.routing.allocation.exclude.*",
	"index.routing.allocation.include.*", "index.routing.allocation.initial_recovery.*", "index.routing.allocation.require.*",
	"index.routing.allocation.total_shards_per_node", "index.routing.rebalance.enable", "index.routing_partition_size",
	"index.search.idle.after", "index.search.slowlog.include.user", "index.search.slowlog.level", "index.search.slowlog.reformat",
	"index.search.slowlog.threshold.fetch.*", "index.search.slowlog.threshold.query.*", "index.search.throttled", "index.shard.check_on_startup",
	"index.shard_limit.group", "index.similarity.*", "index.soft_deletes.enabled", "index.soft_deletes.retention.operations", "index.soft_deletes.retention_lease.period",
	"index.sort.*", "index.source_only", "index.store.allow_mmap", "index.store.fs.fs_lock", "index.store.preload", "index.store.stats_refresh_interval", "index.store.type",
	"index.translog.durability", "index.translog.flush_threshold_age", "index.translog.flush_threshold_size", "index.translog.generation_threshold_size",
	"index.translog.retention.age", "index.translog.retention.size", "index.translog.sync_interval",
	"index.unassigned.node_left.delayed_timeout", "index.uuid", "index.verified_before_close", "index.version.*", "index.warmer.enabled",
	"index.write.wait_for_active_shards",
}

// refusedSettings are settings of Elasticsearch that would change what an index does and that this store does not have.
var refusedSettings = []struct{ pattern, why string }{
	{"index.sort.*", "rows stay in the order in which they arrive"},
	{"index.time_series.*", "there are no time series"},
	{"index.look_ahead_time", "there are no time series"},
	{"index.look_back_time", "there are no time series"},
	{"index.routing_path", "there are no time series"},
	{"index.downsample.*", "there are no time series"},
	{"index.logsdb.*", "index.mode is standard: columns are compressed in every index"},
	{"index.frozen", "no index is ever frozen"},
}

// settingLikeness is how like a known setting an unknown one must be to be taken for it.
const settingLikeness = 0.7

func checkSettingNames(flat map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(flat)) {
		for _, r := range refusedSettings {
			if wildcard.Match(r.pattern, name) {
				return eserr.IllegalArgument("[%s] is not supported by this store: %s", name, r.why)
			}
		}
		if !slices.ContainsFunc(knownSettings, func(known string) bool { return wildcard.Match(known, name) }) && !reset(name, flat[name]) {
			hint := jsonval.MostLike(name, knownSettings, settingLikeness)
			if hint == "" {
				hint = " please check that any required plugins are installed, or check the breaking changes documentation for removed settings"
			}
			return eserr.IllegalArgument("unknown setting [%s]%s", name, hint)
		}
	}
	return checkModes(flat)
}

// reset says whether a setting is a pattern of settings that are to go back to their defaults.
func reset(name, value string) bool { return value == resetSetting && strings.Contains(name, "*") }

// checkModes refuses what index.mode and the settings of the same kind may have in Elasticsearch and not here.
func checkModes(flat map[string]string) error {
	for name, only := range map[string]string{"index.mode": "standard", "index.mapping.source.mode": "stored"} {
		if value, ok := flat[name]; ok && value != resetSetting && !strings.EqualFold(value, only) {
			return eserr.IllegalArgument("[%s] [%s] is not supported by this store: [%s] is", name, value, only)
		}
	}
	return nil
}

// readDefaults reads what fields take that do not say themselves.
func (s *indexSettings) readDefaults(r *settingsReader) {
	s.defaults = ingest.Defaults{NoCoerce: !r.boolean("index.mapping.coerce", true), IgnoreMalformed: r.boolean("index.mapping.ignore_malformed", false)}
}
