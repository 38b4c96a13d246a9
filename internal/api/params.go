package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
)

// kind says what a query parameter's value must look like.
type kind uint8

const (
	text kind = iota
	boolean
	integer
	duration // such as 30s; -1 and 0 need no unit
	refresh  // true, false, wait_for or empty
)

// param describes a query parameter. One description serves every endpoint that takes it.
type param struct {
	kind kind
	help string
}

// noEffect ends the help of parameters that choose between things of which there is only one here.
const noEffect = " There is one node and one copy, so it changes nothing."

// params describes every query parameter that any endpoint takes; routes name those they take.
var params = map[string]param{
	// Every endpoint.
	"pretty":      {boolean, "Prints the answer with line breaks and indentation."},
	"human":       {boolean, "Adds readable forms beside numbers where the answer has them."},
	"error_trace": {boolean, "Asks for a stack trace in errors; errors name their causes instead."},
	"filter_path": {text, "Dotted paths of the members to keep, or with a leading - to leave out; * and ** match."},
	"format":      {text, "json, yaml or text; text is for _cat."},

	// Which indices.
	"ignore_unavailable":      {boolean, "Leaves out names that do not exist."},
	"allow_no_indices":        {boolean, "Whether wildcards may match nothing."},
	"expand_wildcards":        {text, "What wildcards match: open, closed, hidden, all, none."},
	"ignore_throttled":        {boolean, "Deprecated; no index is ever throttled."},
	"include_type_name":       {boolean, "Bodies of version 7 clients carry a type name around the mapping; it is taken off."},
	"index":                   {text, "Index, instead of in the path."},
	"local":                   {boolean, "Asks this node rather than the master." + noEffect},
	"master_timeout":          {duration, "How long to wait for the master." + noEffect},
	"cluster_manager_timeout": {duration, "OpenSearch's name of master_timeout." + noEffect},
	"timeout":                 {duration, "How long the operation may take; on a search, when to answer with what was found so far."},
	"wait_for_active_shards":  {text, "How many copies must be there before a write. There is one: more are refused on writes."},

	// Documents.
	"refresh":                 {refresh, "Makes the change visible to searches before answering, in indices that do not do so anyway."},
	"routing":                 {text, "Routing value, kept with the document; on a search, only documents of the shards that it chooses are seen."},
	"pipeline":                {text, "Ingest pipeline that the document passes first."},
	"op_type":                 {text, "index or create."},
	"if_seq_no":               {integer, "Only if the document's _seq_no is this."},
	"if_primary_term":         {integer, "Only if the document's _primary_term is this."},
	"version":                 {text, "The document's version; on a search, whether to print versions."},
	"version_type":            {text, "internal, external or external_gte."},
	"require_alias":           {boolean, "Refuses a target that is not an alias."},
	"require_data_stream":     {boolean, "Refuses a target that is not a data stream."},
	"if_version":              {integer, "Only if the stored definition says that it has this version."},
	"summary":                 {boolean, "Names only, without the definitions."},
	"verbose":                 {boolean, "Tells what each processor did."},
	"ecs_compatibility":       {text, "disabled, v1 or v8: whose field names the patterns have."},
	"list_executed_pipelines": {boolean, "Tells which ingest pipelines each document passed."},
	"include_source_on_error": {boolean, "Whether errors may quote the document; they quote the value in question only."},
	"retry_on_conflict":       {integer, "How often to try an update again when the document changed meanwhile."},
	"realtime":                {boolean, "Whether a get sees what searches do not see yet."},
	"preference":              {text, "_shards:0,1 restricts a search to those shards' documents; which copy to ask changes nothing, as there is one."},
	"_source":                 {text, "true, false, or the fields of _source to return."},
	"_source_includes":        {text, "Fields of _source to return."},
	"_source_excludes":        {text, "Fields of _source to leave out."},
	"_source_include":         {text, "Old name of _source_includes."},
	"_source_exclude":         {text, "Old name of _source_excludes."},
	"stored_fields":           {text, "Stored fields to return."},
	"force_synthetic_source":  {boolean, "Asks for a rebuilt _source; it is always the original."},
	"type":                    {text, "Document type of old clients; ignored."},

	// Searches.
	"q":                             {text, "Query in Lucene syntax."},
	"df":                            {text, "Field for words of q that name none."},
	"analyzer":                      {text, "Analyzer for q."},
	"analyze_wildcard":              {boolean, "Whether to analyze wildcard words of q."},
	"default_operator":              {text, "AND or OR between the words of q."},
	"lenient":                       {boolean, "Ignores values of q that do not fit their field."},
	"from":                          {integer, "How many hits to skip."},
	"size":                          {integer, "How many hits to return."},
	"sort":                          {text, "Sort keys: field or field:direction, separated by commas."},
	"track_total_hits":              {text, "true, false, or up to how many hits to count."},
	"track_scores":                  {boolean, "Computes scores although hits are sorted otherwise."},
	"rest_total_hits_as_int":        {boolean, "Prints the total as a number, as version 6 did."},
	"typed_keys":                    {boolean, "Puts the aggregation's type before its name."},
	"scroll":                        {duration, "Keeps the search open for so long, to read it page by page."},
	"scroll_id":                     {text, "The open scroll."},
	"keep_alive":                    {duration, "How long a point in time stays open without use."},
	"search_type":                   {text, "query_then_fetch or dfs_query_then_fetch; statistics are always global."},
	"terminate_after":               {integer, "Stops after so many documents per index."},
	"seq_no_primary_term":           {boolean, "Prints _seq_no and _primary_term of each hit."},
	"explain":                       {boolean, "Explains scores."},
	"docvalue_fields":               {text, "Fields to return from columns."},
	"request_cache":                 {boolean, "Whether what is kept of earlier answers may be used; hits are always fetched anew."},
	"include_named_queries_score":   {boolean, "Print the scores of the named clauses that match a hit."},
	"batched_reduce_size":           {integer, "How many shards to reduce at a time." + noEffect},
	"max_concurrent_shard_requests": {integer, "How many shards to ask at a time." + noEffect},
	"max_concurrent_searches":       {integer, "How many searches to run at a time." + noEffect},
	"pre_filter_shard_size":         {integer, "From how many shards on to filter them first." + noEffect},
	"ccs_minimize_roundtrips":       {boolean, "Round trips to remote clusters, of which there are none."},
	"allow_partial_search_results":  {boolean, "Whether a search may answer although an index failed."},
	"min_score":                     {text, "Only documents with at least this score."},
	"last":                          {integer, "How many earlier documents come first."},
	"wait_for_hits":                 {duration, "Waits so long until there is at least one hit; this server's own, for live views."},
	"source":                        {text, "The body, for clients that cannot send one with GET."},
	"source_content_type":           {text, "Type of source."},
	"rewrite":                       {boolean, "Prints the query as explain does."},
	"wait_for_completion_timeout":   {duration, "How long to wait for the search's end before answering."},
	"keep_on_completion":            {boolean, "Keeps the search although it ended while the request waited."},
	"all_shards":                    {boolean, "Validates on every shard." + noEffect},
	"fields":                        {text, "Names or patterns of fields."},
	"include_unmapped":              {boolean, "Also lists fields that not every index has."},
	"include_empty_fields":          {boolean, "Whether to list fields that no document has."},
	"filters":                       {text, "Kinds of fields to list."},
	"types":                         {text, "Types of fields to list."},

	// Snapshots.
	"verify":             {boolean, "Finds out whether the repository can be used before it is stored."},
	"index_details":      {boolean, "Prints the size and segments of each index."},
	"index_names":        {boolean, "Prints the names of the indices."},
	"include_repository": {boolean, "Prints the repository's name."},
	"order":              {text, "asc or desc."},
	"offset":             {integer, "How many to skip."},

	// Changes by query.
	"context":             {text, "Context that a stored script has to compile for."},
	"conflicts":           {text, "abort or proceed when a document changed meanwhile."},
	"max_docs":            {integer, "How many documents to handle at most."},
	"requests_per_second": {text, "How many documents to handle in a second; -1 is no limit."},
	"scroll_size":         {integer, "How many documents to read and write at a time."},
	"search_timeout":      {duration, "How long one page may take; pages are small."},
	"slices":              {text, "How many parts to work on at a time; auto is as many as the indices have shards."},

	// Indices and metadata.
	"flat_settings":        {boolean, "Prints settings with dotted names."},
	"include_defaults":     {boolean, "Prints default settings too."},
	"features":             {text, "Which of settings, mappings and aliases to print."},
	"reopen":               {boolean, "Closes open indices for the change, and opens them again."},
	"preserve_existing":    {boolean, "Leaves settings that are set already."},
	"write_index_only":     {boolean, "Puts the mapping on the write index of an alias only."},
	"create":               {boolean, "Fails when there is one of that name."},
	"cause":                {text, "Reason, for the log."},
	"copy_settings":        {boolean, "Settings of the source are always taken." + noEffect},
	"dry_run":              {boolean, "Tells what would happen."},
	"lazy":                 {boolean, "Rolls over with the next write."},
	"force":                {boolean, "Also when nothing has to be done."},
	"wait_if_ongoing":      {boolean, "Waits for a flush under way."},
	"max_num_segments":     {integer, "Merge down to so many segments."},
	"only_expunge_deletes": {boolean, "Merge segments with deleted documents only."},
	"flush":                {boolean, "Flush after merging; a merge is always durable."},
	"wait_for_completion":  {boolean, "Whether to answer when done or at once."},
	"primary":              {boolean, "Merge primaries only." + noEffect},

	// Tasks.
	"actions":        {text, "Actions of tasks, with wildcards: *search."},
	"detailed":       {boolean, "Prints what tasks do and how far they are."},
	"group_by":       {text, "Tasks by nodes, by parents or none."},
	"nodes":          {text, "Nodes whose tasks are wanted." + noEffect},
	"parent_task_id": {text, "Only tasks that this one started."},

	// Lifecycle.
	"only_errors":  {boolean, "Only indices whose step failed."},
	"only_managed": {boolean, "Only indices that follow a policy."},

	// Cat, cluster and nodes.
	"wait_for_metadata_version":       {integer, "Waits for a version of the metadata." + noEffect},
	"wait_for_timeout":                {duration, "How long to wait for that version." + noEffect},
	"include_disk_info":               {boolean, "Adds what is known of disks." + noEffect},
	"include_yes_decisions":           {boolean, "Adds decisions that allow it." + noEffect},
	"metric":                          {text, "Parts of the state to return." + noEffect},
	"retry_failed":                    {boolean, "Tries again to allocate shards." + noEffect},
	"active_only":                     {boolean, "Only what is under way."},
	"status":                          {text, "Only shards of that health: green, yellow, red or all."},
	"run_expensive_tasks":             {boolean, "Has to be true: the whole index is looked at."},
	"acknowledge":                     {boolean, "Accepts the terms."},
	"ignore_idle_threads":             {boolean, "Leaves out what waits; all is listed."},
	"interval":                        {duration, "How long to look; it is one moment."},
	"snapshots":                       {integer, "How often to look; it is one moment."},
	"threads":                         {integer, "How many to list; all are."},
	"node_id":                         {text, "Only tasks of that node." + noEffect},
	"include_segment_file_sizes":      {boolean, "Adds the size of segment files."},
	"include_bootstrap":               {boolean, "Lists bootstrap plugins too; there are none."},
	"v":                               {boolean, "Prints column headings."},
	"h":                               {text, "Columns to print."},
	"s":                               {text, "Columns to sort by, each with :asc or :desc."},
	"help":                            {boolean, "Describes the columns."},
	"bytes":                           {text, "Unit of sizes: b, kb, mb, gb, tb, pb."},
	"time":                            {text, "Unit of times: d, h, m, s, ms, micros, nanos."},
	"ts":                              {boolean, "Prints the time of day first."},
	"pri":                             {boolean, "Counts primaries only." + noEffect},
	"health":                          {text, "Only indices of that health."},
	"include_unloaded_segments":       {boolean, "Counts segments on disk too; all are."},
	"full_id":                         {boolean, "Prints node ids in full."},
	"level":                           {text, "How deep to go: cluster, indices or shards."},
	"wait_for_status":                 {text, "Waits until health is at least this."},
	"wait_for_nodes":                  {text, "Waits for a number of nodes."},
	"wait_for_events":                 {text, "Waits for queued events." + noEffect},
	"wait_for_no_relocating_shards":   {boolean, "Waits until no shard moves." + noEffect},
	"wait_for_no_initializing_shards": {boolean, "Waits until no shard starts." + noEffect},
	"fielddata":                       {boolean, "Drops field data; columns are on disk."},
	"query":                           {boolean, "Drops the query cache; there is none."},
	"request":                         {boolean, "Drops the request cache; there is none."},
	"groups":                          {text, "Groups of searches to tell of, with wildcards; _all is all."},
	"completion_fields":               {text, "Completion fields to size; there are none."},
	"fielddata_fields":                {text, "Fields whose memory to size; columns are on disk."},
	"include_remotes":                 {boolean, "Remote clusters too, of which there are none."},
	"accept_enterprise":               {boolean, "How to name an enterprise licence; this one is basic."},
	"categories":                      {text, "Which parts to print."},
}

// commonParams are accepted by every endpoint.
var commonParams = []string{"pretty", "human", "error_trace", "filter_path", "format"}

// accepts reports whether the present endpoint takes a parameter.
func (c *call) accepts(name string) bool {
	return slices.Contains(c.route.accepted, name) || slices.Contains(commonParams, name)
}

// checkParams refuses parameters that the endpoint does not take, and values of the wrong kind.
// After it the getters below cannot fail.
func (c *call) checkParams() error {
	var unknown []string
	for name := range c.query {
		if !c.accepts(name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return c.unrecognized(unknown)
	}
	for name, values := range c.query {
		if err := params[name].check(name, values[0]); err != nil {
			return err
		}
	}
	if op := c.text("default_operator"); op != "" && !strings.EqualFold(op, "and") && !strings.EqualFold(op, "or") {
		return eserr.IllegalArgument("No enum constant org.elasticsearch.index.query.Operator.%s", strings.ToUpper(op))
	}
	return c.checkFormat()
}

// checkFormat reads the parameter format, which wins over the Accept header.
func (c *call) checkFormat() error {
	switch f := c.query.Get("format"); {
	case f == "":
	case f == "json" || f == "text":
		c.yaml = false
	case f == "yaml" || f == "yml":
		c.yaml = true
	case slices.Contains(refusedFormats, f):
		return eserr.New(http.StatusNotAcceptable, "media_type_header_exception", "format [%s] is not supported: json, yaml and text are", f)
	default:
		return eserr.IllegalArgument("format [%s] is not supported: json, yaml and text are", f)
	}
	return nil
}

// unrecognized is the error for parameters that the endpoint does not take.
func (c *call) unrecognized(names []string) error {
	var b strings.Builder
	b.WriteString("request [" + c.req.URL.Path + "] contains unrecognized parameter")
	if len(names) > 1 {
		b.WriteString("s")
	}
	b.WriteString(": ")
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("[" + name + "]" + similar(name, append(slices.Clone(c.route.accepted), commonParams...)))
	}
	return eserr.IllegalArgument("%s", b.String())
}

// check reports a value that is not of the parameter's kind.
func (p param) check(name, value string) error {
	switch p.kind {
	case boolean:
		if value != "" && value != "true" && value != "false" {
			return eserr.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", value)
		}
	case integer:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return eserr.IllegalArgument("Failed to parse int parameter [%s] with value [%s]", name, value).Because(eserr.NumberFormat(value))
		}
	case duration:
		if _, err := dates.ParseTimeValue(name, value); err != nil {
			return err
		}
	case refresh:
		if value != "" && value != "true" && value != "false" && value != "wait_for" {
			return eserr.IllegalArgument("Unknown value for refresh: [%s].", value)
		}
	}
	return nil
}

// text returns a parameter, "" when it was not given.
func (c *call) text(name string) string { return c.query.Get(name) }

// given reports whether a parameter was given, with or without a value.
func (c *call) given(name string) bool { return c.query.Has(name) }

// flag returns a boolean parameter; one without a value is true, one not given is false.
func (c *call) flag(name string) bool { return c.flagOr(name, false) }

// flagOr is flag with a default.
func (c *call) flagOr(name string, otherwise bool) bool {
	if !c.query.Has(name) {
		return otherwise
	}
	return c.query.Get(name) != "false"
}

// number returns an integer parameter, or otherwise when it was not given.
func (c *call) number(name string, otherwise int64) int64 {
	n, err := strconv.ParseInt(c.query.Get(name), 10, 64)
	if err != nil {
		return otherwise // not given: checkParams has refused what does not parse
	}
	return n
}

// span returns a duration parameter, or otherwise when it was not given.
func (c *call) span(name string, otherwise time.Duration) time.Duration {
	if d, err := dates.ParseTimeValue(name, c.query.Get(name)); err == nil {
		return d
	}
	return otherwise
}
