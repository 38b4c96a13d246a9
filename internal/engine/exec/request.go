package exec

import (
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
	"elkhorn/internal/painless"
)

// Index is the searchable state of one index. It does not change while a search uses it.
type Index struct {
	Name    string
	UUID    string
	Mapping *mapping.Mapping
	Sources []Source
	// Filter is the filter of the alias by which the index was named; nil for none.
	Filter query.Query
	// Restrict narrows the index to some of its shards, or a slice; nil for all documents.
	Restrict *Restriction
	// IDs translates generated ids; nil when every row has an explicit one.
	IDs IDCodec
	// Analyzers finds the index's analyzers by name.
	Analyzers Analyzers
	// MaxResultWindow limits from + size; 0 is Elasticsearch's default of 10,000.
	MaxResultWindow int
	// MaxRegexLength limits the characters of a regular expression; 0 is Elasticsearch's default of 1,000.
	MaxRegexLength int
	// MaxScriptFields limits the script fields of a search; 0 is no limit.
	MaxScriptFields int
	// MaxInnerWindow limits from + size of inner hits; 0 is Elasticsearch's default of 100.
	MaxInnerWindow int
	// DefaultFields are searched by clauses that name no field (index.query.default_field), and may be patterns; none means all
	// fields, in which case values that do not fit a field are no error.
	DefaultFields []query.FieldBoost
	// LenientStrings makes values that do not fit a field no error in a query_string that does not say (index.query_string.lenient).
	LenientStrings bool
	// MaxDocvalueFields and MaxTerms limit docvalue_fields and the terms of a clause; 0 are Elasticsearch's defaults of 100 and 65,536.
	MaxDocvalueFields, MaxTerms int
	// MaxAnalyzedOffset limits the characters that are analyzed to highlight a field; 0 is Elasticsearch's default of 1,000,000.
	MaxAnalyzedOffset int
	// PrimaryTerm is printed on hits that ask for it.
	PrimaryTerm int64
	// CacheStats count what the cache does for the index; nil keeps it out of the cache.
	CacheStats *CacheStats
	// runtime are the runtime fields by path, of the mapping and of the request.
	runtime map[string]*mapping.Field
	// scripts are those of the runtime fields that have one, by path.
	scripts map[string]*painless.Script
	// storedScripts says that some of them are stored ones, whose text may change.
	storedScripts bool
	// near are what the request's Knn found in the index.
	near []node
	// Strict turns off what is tolerated beyond Elasticsearch ("x.keyword" for a keyword "x").
	Strict bool
}

// Source is one segment of an index with the rows that were deleted from it.
type Source struct {
	Segment segment.Segment
	Deleted column.Bitmap // nil for none
	// ID names the segment in the cache for as long as the program runs; 0 keeps it out. Deletes is the number of
	// deleted rows: the same segment with as many has the same ones.
	ID      uint64
	Deletes int
}

// failed is the error of a search that the index fails as a whole.
func (x *Index) failed(err *eserr.Error) *eserr.Error {
	return eserr.SearchPhase("query", eserr.ShardFailure{Index: x.Name, Err: err})
}

// IDCodec translates between sequence numbers and generated document ids.
type IDCodec interface {
	// ID returns the id of the row with that sequence number, which has no explicit one.
	ID(seqNo int64) string
	// SeqNo returns the sequence number that an id was generated from, if it was by this index.
	SeqNo(id string) (seqNo int64, ok bool)
}

// Analyzers finds analyzers by name. It is safe for concurrent use.
type Analyzers interface {
	Analyzer(name string) (Analyzer, bool)
	// Normalizer returns what a keyword's values are compared as; nil when there is none of the name.
	// It returns memory of its own, or the value itself.
	Normalizer(name string) func(value []byte) []byte
}

// Analyzer turns text into tokens. It is safe for concurrent use.
type Analyzer interface {
	// Tokens calls yield for each token with its position until yield returns false. The token's
	// bytes are good until yield returns.
	Tokens(text []byte, yield func(token []byte, position int) bool)
}

// Budget accounts for memory. It is safe for concurrent use.
type Budget interface {
	// Reserve asks for bytes; its error is a circuit_breaking_exception.
	Reserve(bytes int64) error
	Release(bytes int64)
}

// TrackTotal says how exactly to count hits: a number to count up to, or one of the constants.
type TrackTotal int64

// Besides a limit: count nothing, or everything. The zero value is TrackDefault.
const (
	TrackNone    TrackTotal = -1
	TrackAll     TrackTotal = 1 << 62
	TrackDefault TrackTotal = 10_000
)

// Request is a search without its target; see es.SearchRequest, from which the engine fills it.
type Request struct {
	Query query.Query // nil is match_all
	// Knn are looked for in all indices, each for as many documents as it says altogether; they are found besides those of Query.
	Knn        []*query.Knn
	Rescore    []*query.Rescore
	PostFilter query.Query
	MinScore   *float64
	Aggs       []*agg.Agg

	From, Size  int
	Sort        []SortKey // empty: by score
	SearchAfter []jsonval.Scalar
	TrackScores bool
	TrackTotal  TrackTotal

	// Runtime are runtime fields of this request alone; they go before those of mappings.
	Runtime []*mapping.Field
	// StoredScript finds the source of a stored script; nil: there are none.
	StoredScript func(id string) (source string, err error)
	// ScriptFields are computed for each hit.
	ScriptFields []ScriptField

	Source         SourceFilter
	Fields         []FieldFormat
	DocvalueFields []FieldFormat
	Version        bool
	SeqNo          bool
	Explain        bool // say how each hit's score comes about
	// StoredFields are those that a mapping stores apart; nil when not given. "_none_" leaves out _source and _id.
	StoredFields []string
	// NoExpensive refuses clauses that look at all values of a field.
	NoExpensive bool
	// Highlight shows what the query found in fields; nil for nothing.
	Highlight *query.Highlight
	// Scroll says that Size is that of a scroll's page.
	Scroll bool
	// Collapse keeps one document of each value of a field; nil keeps all.
	Collapse *Collapse
	// NamedScores gives the names of clauses that match a hit with their scores.
	NamedScores bool
	// IndexBoosts multiply the scores of documents, by name of the index.
	IndexBoosts map[string]float64

	Timeout        time.Duration
	TerminateAfter int

	// Now is the time that date math counts from; it must be set.
	Now time.Time
	// Budget limits memory; nil is no limit.
	Budget Budget
	// Profile measures where the time goes; NodeID is printed in what comes of it.
	Profile bool
	NodeID  string
	// Cache keeps what runs of blocks contributed; nil is none. What decides that must be in requestKey.
	Cache *Cache
	// Workers is the number of goroutines; 0 is as many as there are processors that no other search uses.
	Workers int
	// MaxBuckets limits the buckets of the answer; 0 is Elasticsearch's default of 65,536.
	MaxBuckets int
}

// SortKey is one key to sort by; see es.SortKey.
type SortKey struct {
	Field        string
	Desc         bool
	Missing      jsonval.Scalar
	UnmappedType string
	Mode         string
	Format       string
	NumericType  string
	// Nested says which nested objects the values come from; nil: the documents.
	Nested *query.NestedSort
	// Geo sorts by distance; nil for other keys.
	Geo *query.GeoSort
	// Script computes the values to sort by, numbers or texts; nil for a field. Field then is a name that only this script has.
	Script     *painless.Spec
	ScriptText bool
}

// ScriptField is a value that a script computes for each hit; see es.ScriptField.
type ScriptField struct {
	Name          string
	Script        *painless.Spec
	IgnoreFailure bool
}

// FieldFormat asks for a field's values; see es.FieldFormat.
type FieldFormat struct {
	Field  string
	Format string
	// IncludeUnmapped returns values of fields that the mapping does not have too, as the document has them.
	IncludeUnmapped bool
}

// SourceFilter says how much of _source to return; see es.SourceFilter.
type SourceFilter struct {
	Disabled bool
	Includes []string
	Excludes []string
}

// Response is what was found.
type Response struct {
	TimedOut        bool
	TerminatedEarly bool
	Hits            result.Hits
	Aggs            result.Aggs
	// Skipped counts indices of which no segment could match.
	Skipped  int
	Failures []Failure
	// Warnings are for the client's Warning header.
	Warnings []string
	// Profile is JSON in Elasticsearch's shape; nil unless it was asked for.
	Profile []byte
	// Scanned is the number of documents in the blocks that were looked at.
	Scanned int64
	// Fetching is how long reading the hits took.
	Fetching time.Duration
}

// Failure is an index whose part of the answer is missing.
type Failure struct {
	Index string
	Err   *eserr.Error
}
