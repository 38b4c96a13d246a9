package scenarios

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es/estest"
	"elkhorn/internal/testkit"
)

const (
	made    = "the server makes it up"
	renamed = "Elasticsearch 8 has another name for it"
	newer   = "Elasticsearch 8 tells more of data streams and rollovers"
	fork    = "OpenSearch's own"
)

// openSearchRules are the places where OpenSearch 3 differs from Elasticsearch 8 whatever is asked, and
// those where two servers of the same kind differ. What is particular to a request stands in its scenario.
var openSearchRules = []estest.Rule{
	{Path: "**took", Same: both(`\d+`), Reason: made},
	{Path: "**_id", Same: both(`[A-Za-z0-9_-]{20}`), Reason: made},
	{Path: "**uuid", Same: both(`[A-Za-z0-9_-]{22}`), Reason: made},
	{Path: "**node", Same: both(`[A-Za-z0-9_-]{22}`), Reason: made},
	{Path: "**node_id", Same: both(`[A-Za-z0-9_-]{22}`), Reason: made},
	{Path: "**_scroll_id", Same: both(`.+`), Reason: made},
	{Path: "**pit_id", Same: both(`.+`), Reason: made},
	{Path: "**creation_date", Same: both(`\d{13}`), Reason: made},
	{Path: "cluster_name", Same: both(`.+`), Reason: made},
	{Path: "**version.created", Same: both(`\d+`), Reason: made},

	{Path: "**number_of_replicas", Same: both(`[01]`), Reason: "the node is started with a default of none, since it has no other node to put them on"},
	{Path: "**settings.index.replication", Same: onlyTheirs, Reason: fork},
	{Path: "**settings.index.replication.type", Same: onlyTheirs, Reason: fork},
	{Path: "**terminated_early", Same: onlyTheirs, Reason: fork + ": a search for no hits says that it ended early, which it did not"},
	{Path: "discovered_master", Same: onlyTheirs, Reason: fork},
	{Path: "discovered_cluster_manager", Same: onlyTheirs, Reason: fork},
	{Path: "**unassigned_primary_shards", Same: onlyOurs, Reason: "Elasticsearch has it since 8.16"},

	{Path: "**_shards.skipped", Same: both(`\d+`), Reason: "this store says how many it need not look into, however few there are"},
	{Path: "**_shards.total", Same: twice, Reason: "the default of a replica, which one node has no place for, is counted here"},
	{Path: "**failed_shards.*.node", Same: onlyTheirs, Reason: "there is one node here"},
	{Path: "**_score", Same: sameScore, Reason: "Elasticsearch 8 multiplies scores of text by k1 + 1"},
	{Path: "**total_size_in_bytes", Same: onlyOurs, Reason: "Elasticsearch has it since 8.9"},
	{Path: "**metadata_field", Same: onlyOurs, Reason: "Elasticsearch has it since 7.13"},
	{Path: "**indices.*.health", Same: onlyOurs, Reason: "Elasticsearch has it since 8.1"},
	{Path: "**indices.*.status", Same: onlyOurs, Reason: "Elasticsearch has it since 8.1"},
	{Path: "**shard_indexing_pressure_enabled", Same: onlyTheirs, Reason: fork},
	{Path: "**nodes.*.name", Same: both(`.+`), Reason: made},
	{Path: "**lazy", Same: onlyOurs, Reason: newer},
	{Path: "data_streams.*", Same: onlyOurs, Reason: newer},

	{Path: "**type", Same: pair("document_parsing_exception", "mapper_parsing_exception"), Reason: renamed},
	{Path: "**type", Same: pair("illegal_argument_exception", "settings_exception"), Reason: renamed},
	{Path: "**resource.type", Same: pair("index_or_alias", "index_expression"), Reason: renamed},
	{Path: "**reason", Same: sameReason, Reason: "identifiers; positions, which Elasticsearch says since 8.6; the mapping type, which it no longer names"},
	{Path: "<X-Elastic-Product>", Same: pair("Elasticsearch", ""), Reason: "OpenSearch is another product"},
	{Path: "<Allow>", Same: sameWords, Reason: "blanks, and the order of a set"},
	{Path: "error", Same: sameWords, Reason: "the order of a set of methods"},
	{Path: "error", Same: cancelledAtOnce, Reason: "a task that is cancelled within its first search ends with that search's error there"},
}

// both accepts two plain values that match an expression.
func both(expr string) func(ours, theirs any) bool {
	re := regexp.MustCompile("^(?:" + expr + ")$")
	return func(ours, theirs any) bool { return re.MatchString(plain(ours)) && re.MatchString(plain(theirs)) }
}

// pair accepts one value here for another there.
func pair(here, there string) func(ours, theirs any) bool {
	return func(ours, theirs any) bool { return ours == here && theirs == there }
}

// sameWords accepts two texts of the same words in any order.
func sameWords(ours, theirs any) bool {
	words := func(v any) []string {
		text, _ := v.(string)
		list := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,[]", r) })
		slices.Sort(list)
		return list
	}
	a, b := words(ours), words(theirs)
	return len(a) > 0 && slices.Equal(a, b)
}

// cancelledAtOnce accepts that a cancelled task failed there, and there alone.
func cancelledAtOnce(ours, theirs any) bool {
	failure, _ := theirs.(map[string]any)
	cause, _ := failure["caused_by"].(map[string]any)
	return onlyTheirs(ours, theirs) && cause["type"] == "task_cancelled_exception"
}

func onlyOurs(_, theirs any) bool { return theirs == testkit.Absent{} }
func onlyTheirs(ours, _ any) bool { return ours == testkit.Absent{} }

// plain is a string or a number as text.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// sameScore accepts a score and 2.2 times as much, what the default k1 of 1.2 makes of it.
func sameScore(ours, theirs any) bool {
	a, errA := strconv.ParseFloat(plain(ours), 64)
	b, errB := strconv.ParseFloat(plain(theirs), 64)
	return errA == nil && errB == nil && math.Abs(a-2.2*b) <= 1e-6*a
}

// twice accepts a number of shards that counts a missing copy of each.
func twice(ours, theirs any) bool {
	a, errA := strconv.Atoi(plain(ours))
	b, errB := strconv.Atoi(plain(theirs))
	return errA == nil && errB == nil && a == 2*b
}

// streamDate finds the date that Elasticsearch puts into the names of backing indices.
var streamDate = regexp.MustCompile(`(\.ds-[a-z0-9._-]+?)-\d{4}\.\d\d\.\d\d-(\d{6})`)

var (
	position   = regexp.MustCompile(`^\[\d+:\d+\] `)
	identifier = regexp.MustCompile(`/[A-Za-z0-9_-]{22}\b`)
	typed      = regexp.MustCompile(`^Failed to parse mapping \[_doc\]: `)
)

func sameReason(ours, theirs any) bool {
	reduce := func(v any) string {
		text := position.ReplaceAllString(plain(v), "")
		return typed.ReplaceAllString(identifier.ReplaceAllString(text, "/ID"), "Failed to parse mapping: ")
	}
	return reduce(ours) != "" && reduce(ours) == reduce(theirs)
}
