package es

import (
	"strings"
	"time"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
	"elkhorn/internal/es/wildcard"
	"elkhorn/internal/painless"
)

// Target names indices: names, aliases, wildcards, exclusions ("-x").
type Target struct {
	Names []string // none or "_all" is every index
	// IgnoreUnavailable leaves out names that do not exist rather than fail.
	IgnoreUnavailable bool
	// NoIndices is the opposite of allow_no_indices: wildcards that match nothing fail.
	NoIndices bool
	// Closed and Hidden widen wildcards to closed and hidden indices; OpenExcluded leaves out open ones.
	Closed, Hidden, OpenExcluded bool
	// NoWildcards takes names literally (expand_wildcards=none).
	NoWildcards bool
	// NoStreams leaves data streams out: their names are unknown.
	NoStreams bool
	// NoAliasPatterns: wildcards do not match aliases.
	NoAliasPatterns bool
	// Routing restricts searches to the shards that these values choose, Shards to those numbers; nil is all. An index that
	// says it has one shard has no others.
	Routing []string
	Shards  []int
}

// SplitNames splits names at commas; what is empty is left out.
func SplitNames(names []string) []string {
	var out []string
	for _, n := range names {
		for part := range strings.SplitSeq(n, ",") {
			if part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// Covers says whether a name is among those of the target, as it is written: aliases are not looked up.
func (t Target) Covers(name string) bool {
	names := SplitNames(t.Names)
	covered := len(names) == 0
	for i, n := range names {
		if excluded, found := strings.CutPrefix(n, "-"); found && i > 0 {
			covered = covered && !wildcard.Match(excluded, name)
			continue
		}
		covered = covered || n == "_all" || wildcard.Match(n, name)
	}
	return covered
}

// SnapshotID names an open snapshot; it is opaque and printable.
type SnapshotID string

// TrackTotal says how exactly to count hits: a number to count up to, or one of the constants.
type TrackTotal int64

// Besides a limit: count nothing, or everything.
const (
	TrackNone    TrackTotal = -1
	TrackAll     TrackTotal = 1 << 62
	TrackDefault TrackTotal = 10_000
)

// SearchRequest asks for documents and aggregations.
type SearchRequest struct {
	Target    Target
	Snapshot  SnapshotID    // search this instead of Target
	KeepAlive time.Duration // extends Snapshot's life; 0 leaves it

	// Slice restricts the search to one of several parts of what matches; nil is all.
	Slice *Slice

	Query query.Query // nil is match_all
	// Knn are the nearest documents, each clause counted over all indices. They are found besides those of Query; with Knn and
	// without Query they are all.
	Knn []*query.Knn
	// Rescore scores the best documents anew, one after the other.
	Rescore    []*query.Rescore
	PostFilter query.Query
	MinScore   *float64
	Aggs       []*agg.Agg

	From, Size  int
	Sort        []SortKey        // empty: by score
	SearchAfter []jsonval.Scalar // one per sort key; hits start after it
	TrackScores bool
	TrackTotal  TrackTotal // 0 is TrackDefault

	Source         SourceFilter
	Fields         []FieldFormat // "fields"
	DocvalueFields []FieldFormat
	StoredFields   []string
	ScriptFields   []ScriptField
	// Runtime are runtime fields of this request alone.
	Runtime []*mapping.Field
	// Highlight shows what the query found in fields; nil for nothing.
	Highlight *query.Highlight
	// StatGroups are the groups that the search is counted in, besides the statistics of all.
	StatGroups []string
	// Scroll says that From and Size are those of a scroll's page.
	Scroll bool
	// Collapse keeps one document of each value of a field; nil keeps all.
	Collapse *Collapse
	// IndicesBoost multiply scores; of several that name an index the first counts.
	IndicesBoost []IndexBoost
	// NamedScores prints the scores of the named clauses that match a hit.
	NamedScores bool
	Version     bool // print _version
	SeqNo       bool // print _seq_no and _primary_term
	Explain     bool // say how each score comes about

	Timeout        time.Duration // 0 is none; on expiry the answer is partial and says so
	TerminateAfter int           // stop after so many documents per index; 0 is never
	// WaitFor makes the search wait, at most so long, until there is at least one hit; with Sort by
	// _seq_no and SearchAfter it is a subscription.
	WaitFor time.Duration
	Profile bool
	// NoRequestCache counts anew what is kept of earlier answers.
	NoRequestCache bool

	// Unmodelled are the members of the body that this program knows by name but does not model
	// ("rescore", "suggest" …): name → raw JSON, for the store to refuse by name.
	Unmodelled []RawMember
}

// Collapse keeps of all documents with the same value of Field the one that sorts first.
type Collapse struct {
	Field string
	// InnerHits are documents of the group that go with each hit.
	InnerHits []*agg.InnerHits
}

// IndexBoost multiplies the scores of the documents of some indices, which a name, an alias or a pattern names.
type IndexBoost struct {
	Index string
	Boost float64
}

// RawMember is a named piece of JSON.
type RawMember struct {
	Name string
	JSON []byte
}

// Slice is one of Max parts into which documents are cut: by their id, or by the values of a numeric field.
type Slice struct {
	ID, Max int
	Field   string // "" for the id
}

// SortKey is one key to sort by.
type SortKey struct {
	Field        string // field name, or "_score", "_doc", "_seq_no", "_shard_doc", "_id"
	Desc         bool
	Missing      jsonval.Scalar // "_last" (the default when Null), "_first", or a value
	UnmappedType string         // "" makes a field that no mapping has an error
	Mode         string         // "", "min", "max", "avg", "sum", "median": for lists
	Format       string         // prints date sort values
	NumericType  string
	// Nested says which nested objects the values come from; nil: the documents.
	Nested *query.NestedSort
	// Geo sorts by distance; nil for other keys.
	Geo *query.GeoSort
	// Script computes the values to sort by, numbers or texts; nil for a field. Field then is a name that only this script has.
	Script     *painless.Spec
	ScriptText bool
}

// ScriptField is a value that a script computes for each hit. With IgnoreFailure a hit for which it fails goes without.
type ScriptField struct {
	Name          string
	Script        *painless.Spec
	IgnoreFailure bool
}

// FieldFormat asks for a field's values, optionally in a format. Field may have wildcards.
type FieldFormat struct {
	Field  string
	Format string
	// IncludeUnmapped returns values of fields that the mapping does not have too, as the document has them.
	IncludeUnmapped bool
}

// SourceFilter says how much of _source to return. The zero value returns all of it.
type SourceFilter struct {
	Disabled bool
	Includes []string // field patterns
	Excludes []string
}

// SearchResponse is what was found.
type SearchResponse struct {
	TookMillis int64
	TimedOut   bool
	// TerminatedEarly is set when TerminateAfter stopped it.
	TerminatedEarly bool
	Shards          Shards
	Hits            result.Hits
	Aggs            result.Aggs
	Snapshot        SnapshotID // echo of the request's
	Profile         []byte     // JSON, nil unless asked for
	// Warnings are for the client's Warning header: deprecated or tolerated forms that were used.
	Warnings []string
	// Scanned is the number of documents that were looked at; for people.
	Scanned int64
}

// Shards counts the indices that were searched, each being one shard here.
type Shards struct {
	Total, Successful, Skipped, Failed int
	Failures                           []ShardFailure
}

// ShardFailure is an index whose part of the answer is missing.
type ShardFailure struct {
	Index string
	Err   *Error
}

// GetRequest fetches one document.
type GetRequest struct {
	Index   string
	ID      string
	Routing string
	// NotRealtime sees only what searches see.
	NotRealtime bool
	Source      SourceFilter
	// Version and VersionType guard the read: a different version is a conflict.
	Version     int64
	VersionType string
}

// GetResponse is one document.
type GetResponse struct {
	Index       string
	ID          string
	Found       bool
	Version     int64
	SeqNo       int64
	PrimaryTerm int64
	Routing     string
	Source      []byte
}
