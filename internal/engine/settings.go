package engine

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/ingest"
	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
)

// indexSettings are an index's settings: flat as they were given ("index.number_of_shards" → "1") and
// the ones the engine acts on, parsed. Immutable.
type indexSettings struct {
	flat map[string]string

	replicas int // that are kept for the day the index moves to a cluster
	// withhold keeps new documents from searches until a refresh: an explicit refresh_interval of -1.
	withhold bool
	// async acknowledges before the log is on disk (index.translog.durability: async).
	async      bool
	hidden     bool
	fieldLimit int // index.mapping.total_fields.limit
	nameLimit  int // index.mapping.field_name_length.limit; 0 for none
	// ignoreBeyond keeps the fields of documents that are beyond fieldLimit out of the mapping instead of
	// refusing the documents.
	ignoreBeyond    bool
	depthLimit      int // index.mapping.depth.limit
	nestedFields    int // index.mapping.nested_fields.limit
	maxInnerWindow  int // index.max_inner_result_window
	nestedObjects   int // index.mapping.nested_objects.limit
	maxResultWindow int
	// maxRescoreWindow bounds the documents that a rescorer looks at.
	maxRescoreWindow int
	maxRegexLength   int
	maxSlices        int           // index.max_slices_per_scroll
	maxPITSlices     int           // index.max_slices_per_pit
	maxTokens        int           // index.analyze.max_token_count
	gcDeletes        time.Duration // index.gc_deletes
	sharding         es.Sharding
	maxScriptFields  int
	maxDocvalues     int                // index.max_docvalue_fields_search
	maxTerms         int                // index.max_terms_count
	maxAnalyzed      int                // index.highlight.max_analyzed_offset
	defaultFields    []query.FieldBoost // index.query.default_field; none for all
	lenientStrings   bool               // index.query_string.lenient
	blocks           []indexBlock
	bestCompression  bool
	requestCache     bool // index.requests.cache.enable
	// defaults are what fields take that do not say themselves (index.mapping.coerce, ignore_malformed).
	defaults ingest.Defaults
	// slowQueries and slowIndexing are the thresholds of slow logs, nil for none.
	slowQueries, slowIndexing []slowThreshold
	analyzers                 analyzers // built-in ones, and those that index.analysis.* defines
}

// indexBlock is one of index.blocks.*: what it forbids, and how Elasticsearch names it.
type indexBlock struct {
	setting           string
	id                int
	reason            string
	status            int
	write, read, meta bool
	allowsDelete      bool
}

var indexBlocks = []indexBlock{
	{setting: "index.blocks.read_only", id: 5, reason: "index read-only (api)", status: 403, write: true, meta: true},
	{setting: "index.blocks.read_only_allow_delete", id: 12, status: 429, write: true, meta: true, allowsDelete: true,
		reason: "disk usage exceeded flood-stage watermark, index has read-only-allow-delete block"},
	{setting: "index.blocks.read", id: 7, reason: "index read (api)", status: 403, read: true},
	{setting: "index.blocks.write", id: 8, reason: "index write (api)", status: 403, write: true},
	{setting: "index.blocks.metadata", id: 9, reason: "index metadata (api)", status: 403, meta: true},
}

// fixedSettings cannot change once an index exists.
var fixedSettings = map[string]bool{
	"index.number_of_shards": true, "index.codec": true, "index.uuid": true, "index.creation_date": true, "index.provided_name": true,
	"index.version.created": true, "index.mode": true, "index.mapping.coerce": true, "index.mapping.ignore_malformed": true, "index.number_of_routing_shards": true, "index.query_string.lenient": true, "index.routing_partition_size": true,
}

// flattenSettings turns a settings object (nested, dotted, with or without "index.") into flat
// texts. A null value is kept as the marker resetSetting.
func flattenSettings(object []byte) (map[string]string, error) {
	flat := map[string]string{}
	if len(object) == 0 {
		return flat, nil
	}
	root, err := jsonval.Parse(object)
	if err != nil {
		return nil, err
	}
	if root.Kind != jsonval.Object {
		return nil, eserr.ParseException("settings must be an object")
	}
	flattenInto(flat, "", root)
	if inner := root.Get("settings"); inner != nil && len(root.Keys) == 1 {
		clear(flat)
		flattenInto(flat, "", inner)
	}
	out := make(map[string]string, len(flat))
	for k, v := range flat {
		if !strings.HasPrefix(k, "index.") {
			k = "index." + k
		}
		out[k] = v
	}
	return out, checkSettingNames(out)
}

// resetSetting marks a setting that is to go back to its default.
const resetSetting = "\x00reset"

func flattenInto(flat map[string]string, prefix string, n *jsonval.Node) {
	switch n.Kind {
	case jsonval.Object:
		for i, key := range n.Keys {
			name := key
			if prefix != "" {
				name = prefix + "." + key
			}
			flattenInto(flat, name, &n.Items[i])
		}
	case jsonval.Array:
		items := make([]string, len(n.Items))
		for i := range n.Items {
			items[i] = n.Items[i].Text
			if strings.Contains(items[i], ",") { // "[a, b]" would not tell where it ends
				flat[prefix] = string(n.Raw)
				return
			}
		}
		flat[prefix] = "[" + strings.Join(items, ", ") + "]"
	case jsonval.Null:
		flat[prefix] = resetSetting
	default:
		flat[prefix] = n.Text
	}
}

// logSyncInterval is how long operations may stay in memory of the operating system when nobody waits for them. The log is
// shared, so it is one interval for all indices.
const logSyncInterval = 5 * time.Second

// parseSettings checks flat settings and reads those the engine acts on.
func parseSettings(flat map[string]string) (*indexSettings, error) { return readSettings(flat, false) }

// keptSettings reads settings that an index has already.
func keptSettings(flat map[string]string) (*indexSettings, error) { return readSettings(flat, true) }

func readSettings(flat map[string]string, kept bool) (*indexSettings, error) {
	s := &indexSettings{flat: maps.Clone(flat)}
	maps.DeleteFunc(s.flat, func(_, v string) bool { return v == resetSetting })
	r := settingsReader{flat: s.flat}
	shards := r.integer("index.number_of_shards", 1, 1, 1024)
	replicas := r.integer("index.number_of_replicas", 1, 0, 1<<31-1)
	s.replicas = replicas
	if r.err == nil {
		s.flat["index.number_of_shards"], s.flat["index.number_of_replicas"] = strconv.Itoa(shards), strconv.Itoa(replicas)
	}
	s.withhold = r.duration("index.refresh_interval", time.Second) < 0
	switch d := r.text("index.translog.durability", "request"); strings.ToLower(d) {
	case "request":
	case "async":
		s.async = true
	default:
		r.fail("Failed to parse value [%s] for setting [index.translog.durability]: must be request or async", d)
	}
	if r.duration("index.translog.sync_interval", logSyncInterval) < logSyncInterval {
		s.async = false // an index that allows less waits for the sync instead
	}
	s.hidden = r.boolean("index.hidden", false)
	s.fieldLimit = r.integer("index.mapping.total_fields.limit", 1000, 0, 1<<31-1)
	if name := r.integer("index.mapping.field_name_length.limit", 1<<31-1, 1, 1<<31-1); name < 1<<31-1 {
		s.nameLimit = name
	}
	s.ignoreBeyond = r.boolean("index.mapping.total_fields.ignore_dynamic_beyond_limit", false)
	s.depthLimit = r.integer("index.mapping.depth.limit", 20, 1, 1<<31-1)
	s.nestedFields = r.integer("index.mapping.nested_fields.limit", mapping.DefaultLimits.NestedFields, 0, 1<<31-1)
	s.nestedObjects = r.integer("index.mapping.nested_objects.limit", ingest.DefaultNestedLimit, 0, 1<<31-1)
	s.requestCache = r.boolean("index.requests.cache.enable", true)
	s.maxInnerWindow = r.integer("index.max_inner_result_window", 100, 1, 1<<31-1)
	s.maxResultWindow = r.integer("index.max_result_window", 10_000, 1, 1<<31-1)
	s.maxRescoreWindow = r.integer("index.max_rescore_window", s.maxResultWindow, 1, 1<<31-1)
	s.maxSlices = r.integer("index.max_slices_per_scroll", 1024, 1, 1<<31-1)
	s.maxPITSlices = r.integer("index.max_slices_per_pit", 1024, 1, 1<<31-1)
	s.maxTokens = r.integer("index.analyze.max_token_count", 10_000, 1, 1<<31-1)
	s.gcDeletes = r.duration("index.gc_deletes", time.Minute)
	s.readSharding(&r, shards)
	s.maxScriptFields = r.integer("index.max_script_fields", 32, 0, 1<<31-1)
	s.maxRegexLength = r.integer("index.max_regex_length", 1000, 1, 1<<31-1)
	s.maxDocvalues = r.integer("index.max_docvalue_fields_search", 100, 0, 1<<31-1)
	s.maxTerms = r.integer("index.max_terms_count", 65_536, 1, 1<<31-1)
	s.maxAnalyzed = r.integer("index.highlight.max_analyzed_offset", 1_000_000, 1, 1<<31-1)
	s.readDefaultFields(&r)
	s.readCodec(&r)
	s.readDefaults(&r)
	s.readSlowLogs(&r)
	for _, b := range indexBlocks {
		if r.boolean(b.setting, false) {
			s.blocks = append(s.blocks, b)
		}
	}
	limits := analysis.Limits{
		NgramDiff:   r.integer("index.max_ngram_diff", analysis.DefaultLimits.NgramDiff, 0, 1<<31-1),
		ShingleDiff: r.integer("index.max_shingle_diff", analysis.DefaultLimits.ShingleDiff, 0, 1<<31-1),
	}
	if r.err == nil {
		s.analyzers, r.err = newAnalyzers(s.flat, limits, kept)
	}
	return s, r.err
}

// readDefaultFields reads what clauses without fields search.
func (s *indexSettings) readDefaultFields(r *settingsReader) {
	s.lenientStrings = r.boolean("index.query_string.lenient", false)
	names := settingList(r.flat, "index.query.default_field")
	if len(names) == 1 && names[0] == "*" {
		return
	}
	for _, name := range names {
		f, err := query.ParseFieldBoost(name)
		if err != nil {
			r.fail("Failed to parse value [%s] for setting [index.query.default_field]: %s", name, err)
		}
		s.defaultFields = append(s.defaultFields, f)
	}
}

func (s *indexSettings) readCodec(r *settingsReader) {
	switch c := r.text("index.codec", "default"); c {
	case "default", "lucene_default", "legacy_default":
	case "best_compression", "legacy_best_compression":
		s.bestCompression = true
	default:
		r.fail("unknown value for [index.codec] must be one of [default, best_compression] but was: %s", c)
	}
}

// readSharding reads what decides in which shard a document counts.
func (s *indexSettings) readSharding(r *settingsReader, shards int) {
	routing := r.integer("index.number_of_routing_shards", 0, 1, 1<<31-1)
	switch partition := r.integer("index.routing_partition_size", 1, 1, 1<<31-1); {
	case routing != 0 && routing < shards:
		r.fail("index.number_of_routing_shards [%d] must be >= index.number_of_shards [%d]", routing, shards)
	case routing != 0 && routing%shards != 0:
		r.fail("the number of source shards [%d] must be a factor of [%d]", shards, routing)
	case partition > 1 && partition >= shards:
		r.fail("partition size [%d] should be a positive number less than the number of shards [%d]", partition, shards)
	}
	s.sharding = es.ShardingOf(s.flat)
}

type settingsReader struct {
	flat map[string]string
	err  error
}

func (r *settingsReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = eserr.IllegalArgument(format, args...)
	}
}

func (r *settingsReader) text(name, fallback string) string {
	if v, ok := r.flat[name]; ok {
		return v
	}
	return fallback
}

func (r *settingsReader) integer(name string, fallback, lowest, highest int) int {
	v, ok := r.flat[name]
	if !ok {
		return fallback
	}
	n, err := strconv.Atoi(v)
	switch {
	case err != nil:
		r.fail("Failed to parse value [%s] for setting [%s]", v, name)
	case n < lowest:
		r.fail("Failed to parse value [%s] for setting [%s] must be >= %d", v, name, lowest)
	case n > highest:
		r.fail("Failed to parse value [%s] for setting [%s] must be <= %d", v, name, highest)
	}
	return n
}

func (r *settingsReader) boolean(name string, fallback bool) bool {
	switch v := r.text(name, strconv.FormatBool(fallback)); v {
	case "true":
		return true
	case "false":
		return false
	default:
		r.fail("Failed to parse value [%s] as only [true] or [false] are allowed.", v)
		return fallback
	}
}

func (r *settingsReader) duration(name string, fallback time.Duration) time.Duration {
	v, ok := r.flat[name]
	if !ok {
		return fallback
	}
	d, err := dates.ParseTimeValue(name, v)
	if err != nil {
		r.fail("%s", eserr.From(err).Reason)
	}
	return d
}
