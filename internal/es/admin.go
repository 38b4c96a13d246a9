package es

import (
	"time"

	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/painless"
)

// IndexInfo describes one index.
type IndexInfo struct {
	Name    string
	UUID    string
	Created time.Time
	Closed  bool
	Hidden  bool
	Health  Health
	Mapping *mapping.Mapping
	// Settings are the explicit and built-in settings, flat ("index.number_of_shards" → "1").
	Settings map[string]string
	Aliases  []Alias
	// Matched are the aliases by which the target reached this index; empty when by its own name.
	Matched []string
	// DataStream is the stream that the index backs, "" for none; StreamWrite says that writes to it go here.
	DataStream  string
	StreamWrite bool
	// RolledOver is when an alias or stream began to write to the next index, zero while none did.
	RolledOver time.Time
	Stats      IndexStats
	// Recovery is nil for an index that was made empty or before this process began.
	Recovery *Recovery
}

// Recovery is how an index came to be that was made of another's files.
type Recovery struct {
	// Repository and Snapshot are where it was restored from; "" when it was resized from the index Source.
	Repository, Snapshot string
	Source               string
	Files                int
	Bytes                int64
	Start, End           time.Time
}

// Alias is one alias of an index.
type Alias struct {
	Name          string
	Filter        []byte // query JSON, nil for none
	IndexRouting  string
	SearchRouting string
	IsWriteIndex  *bool // nil: not said
	IsHidden      bool
}

// IndexStats are an index's counters.
type IndexStats struct {
	Docs, DeletedDocs int64
	DiskBytes         int64
	MemoryBytes       int64
	Segments          int
	MaxSeqNo          int64 // -1 when empty
	VisibleSeqNo      int64 // highest sequence number of the documents that searches see; -1 for none
	Checkpoint        int64 // highest sequence number that is in segments
	IndexTotal        int64 // operations since start
	IndexFailed       int64
	VersionConflicts  int64 // among IndexFailed
	DeleteTotal       int64
	IndexNanos        int64 // time spent on bulk operations
	BulkTotal         int64 // bulk requests' parts for this index
	BulkBytes         int64
	GetTotal          int64
	GetMissing        int64
	GetNanos          int64
	GetMissingNanos   int64 // of GetNanos, those that found nothing
	DeleteNanos       int64 // the share of bulk operations' time that their deletes had; not part of IndexNanos
	NoopUpdates       int64 // updates that changed nothing
	Search            SearchStats
	SearchGroups      map[string]SearchStats // by the groups that searches name ("stats"); nil for none
	RefreshNanos      int64
	OpenContexts      int64 // scrolls and points in time that hold the index
	RefreshTotal      int64
	FlushTotal        int64
	MergeTotal        int64
	FlushNanos        int64
	MergeNanos        int64
	MergeDocs         int64
	MergeBytes        int64
	LogOperations     int64 // in the log and not in segments
	Fields            int64 // of the mapping
	Indices           int64 // in a sum: of how many indices it is
	// What is kept of answers, so that the same need not be counted again.
	RequestCacheBytes, RequestCacheHits, RequestCacheMisses, RequestCacheEvictions int64

	LogBytes              int64 // write-ahead log not yet covered by segments
	NewestTimestampMillis int64 // of @timestamp, 0 when there is none
}

// SearchStats count searches of an index: for the matching documents, and for reading those that are answered.
type SearchStats struct {
	Queries, QueryNanos int64
	Failures            int64 // of Queries, as a whole; shards that fail beside others are named in the answer
	Fetches, FetchNanos int64
	// Scrolls are those that have ended, ScrollNanos how long they were open, OpenScrolls those that are.
	Scrolls, ScrollNanos, OpenScrolls int64
}

// Add adds another's counts.
func (s *SearchStats) Add(o *SearchStats) {
	s.Queries += o.Queries
	s.QueryNanos += o.QueryNanos
	s.Failures += o.Failures
	s.Fetches += o.Fetches
	s.FetchNanos += o.FetchNanos
	s.Scrolls += o.Scrolls
	s.ScrollNanos += o.ScrollNanos
	s.OpenScrolls += o.OpenScrolls
}

// Change is a change to indices or to the store's metadata. The concrete types are below.
type Change interface{ change() }

// CreateIndex makes an index, with the matching template's settings, mappings and aliases below its own.
type CreateIndex struct {
	Name     string
	Settings []byte // JSON object, nil for none
	Mappings []byte
	Aliases  []byte
}

// DeleteIndices deletes the indices (not aliases) that a target names.
type DeleteIndices struct{ Target Target }

// PutMapping merges mappings into indices.
type PutMapping struct {
	Target   Target
	Mappings []byte
}

// PutSettings changes the dynamic settings of indices; a null value resets one.
type PutSettings struct {
	Target           Target
	Settings         []byte
	PreserveExisting bool
	// Fixed also changes settings that are fixed when an index is made. For parts of this program only.
	Fixed bool
}

// UpdateAliases adds and removes aliases, all or nothing.
type UpdateAliases struct{ Actions []AliasAction }

// AliasAction is one step of UpdateAliases.
type AliasAction struct {
	Remove      bool
	RemoveIndex bool // delete the indices
	Target      Target
	Names       []string // for Remove, wildcards are allowed
	Alias       Alias    // for adding; Name is taken from Names
	MustExist   *bool
}

// Rollover makes a new write index for an alias when any condition holds (or there is none). Apply
// returns *RolloverResult.
type Rollover struct {
	Alias      string
	NewIndex   string // "" to count the old name up
	Conditions RolloverConditions
	DryRun     bool
	Lazy       bool // of a data stream: with the next write
	Settings   []byte
	Mappings   []byte
	Aliases    []byte
}

// RolloverConditions are upper limits; zero ones do not count.
type RolloverConditions struct {
	MaxAge                       time.Duration
	MaxDocs, MaxPrimaryShardDocs int64
	MaxSizeBytes                 int64
	MaxPrimaryShardSizeBytes     int64
	MinAge                       time.Duration
	MinDocs, MinPrimaryShardDocs int64
	MinSizeBytes                 int64
	MinPrimaryShardSizeBytes     int64
	// Printed are the conditions as written, "[max_docs: 2]" → limit, in request order.
	Printed []string
}

// RolloverResult is what a Rollover did.
type RolloverResult struct {
	OldIndex, NewIndex string
	RolledOver, DryRun bool
	Conditions         map[string]bool
}

// Refresh makes pending documents visible.
type RefreshIndices struct{ Target Target }

// FlushIndices writes what is in memory to segments.
type FlushIndices struct{ Target Target }

// ForceMerge merges an index's segments down to at most MaxSegments (0 is the policy's choice).
type ForceMerge struct {
	Target      Target
	MaxSegments int
	// OnlyDeletes rewrites the segments that have deleted documents, each by itself.
	OnlyDeletes bool
}

// ClearCache drops what is kept of the answers of indices.
type ClearCache struct{ Target Target }

// OpenClose opens or closes indices.
type OpenClose struct {
	Target Target
	Close  bool
}

// ResizeIndex makes an index out of another that is read-only, with all its documents and another number of shards.
type ResizeIndex struct {
	Kind           ResizeKind
	Source, Target string
	Settings       []byte // JSON object, nil for none
	Aliases        []byte
	// MaxShardBytes, of a Shrink, asks for the fewest shards of at most this size; 0 does not.
	MaxShardBytes int64
}

// ResizeKind says what a ResizeIndex does to the number of shards.
type ResizeKind string

// The kinds of resizing.
const (
	Shrink ResizeKind = "shrink"
	Split  ResizeKind = "split"
	Clone  ResizeKind = "clone"
)

// PutObject stores a named piece of metadata: an index template, a legacy template, a component
// template, a lifecycle policy, an ingest pipeline. The store validates the kinds it acts on.
type PutObject struct {
	Kind ObjectKind
	Name string
	JSON []byte
	// Create fails when there is one of that name already.
	Create bool
	// IfVersion, of an ingest pipeline, is the version that the definition to replace must say it has; nil is any.
	IfVersion *int64
}

// DeleteObjects deletes the objects of a kind whose names match (wildcards allowed). Apply returns
// the number deleted as an int.
type DeleteObjects struct {
	Kind  ObjectKind
	Names []string
}

// GetObjects reads objects; wildcards allowed, none means all. Apply returns []Object sorted by name.
type GetObjects struct {
	Kind  ObjectKind
	Names []string
}

// Object is one named piece of metadata.
type Object struct {
	Name     string
	JSON     []byte
	Version  int64     // counts up with every put
	Modified time.Time //
}

// ObjectKind is a kind of metadata.
type ObjectKind string

// The kinds of metadata. A store keeps any kind; those named here have a meaning to it.
const (
	KindIndexTemplate     ObjectKind = "index_template"
	KindComponentTemplate ObjectKind = "component_template"
	KindLegacyTemplate    ObjectKind = "template"
	KindLifecyclePolicy   ObjectKind = "ilm_policy"
	KindClusterSettings   ObjectKind = "cluster_settings"
	KindIngestPipeline    ObjectKind = "ingest_pipeline"
	KindRepository        ObjectKind = "repository"
	KindStoredScript      ObjectKind = "stored_script"
)

// SimulateIndex resolves what CreateIndex would make of templates, without making anything: for the
// index Name or, where that is "", for the index template TemplateName by itself. Template, when not
// nil, is taken as if it were stored as TemplateName. Apply returns *ResolvedIndex.
type SimulateIndex struct {
	Name         string
	TemplateName string
	Template     []byte
}

// ResolvedIndex is settings, mappings and aliases that templates give to a name.
type ResolvedIndex struct {
	Settings map[string]string
	Mappings []byte
	Aliases  []Alias
	// Template is the name of the template that won, "" for none.
	Template string
	// Overlapping are the templates that would match as well and lost.
	Overlapping []TemplatePatterns
}

// TemplatePatterns is a template with the patterns of index names that it is for.
type TemplatePatterns struct {
	Name     string
	Patterns []string
}

// ExecuteScript runs a script on a document that is not stored, in a context that looks at one. Apply returns *ScriptResult.
type ExecuteScript struct {
	Script  *painless.Spec
	Context painless.Context
	// Index is the index whose mapping the document is read by.
	Index    string
	Document []byte
	// Query says what _score is; nil for none.
	Query query.Query
}

// ScriptResult is a script's value, or what it emitted.
type ScriptResult struct {
	Value   painless.Value
	Emitted []painless.Value
}

func (*ExecuteScript) change()  {}
func (*CreateIndex) change()    {}
func (*DeleteIndices) change()  {}
func (*PutMapping) change()     {}
func (*PutSettings) change()    {}
func (*UpdateAliases) change()  {}
func (*Rollover) change()       {}
func (*RefreshIndices) change() {}
func (*FlushIndices) change()   {}
func (*ClearCache) change()     {}
func (*ForceMerge) change()     {}
func (*OpenClose) change()      {}
func (*ResizeIndex) change()    {}
func (*PutObject) change()      {}
func (*DeleteObjects) change()  {}
func (*GetObjects) change()     {}
func (*SimulateIndex) change()  {}

// GetSegments reads the segments of indices. Apply returns []IndexSegments sorted by name.
type GetSegments struct{ Target Target }

// IndexSegments are an index's segments, oldest first.
type IndexSegments struct {
	Index, UUID string
	Segments    []Segment
}

// Segment is one write-once set of documents.
type Segment struct {
	ID                     uint64 // in memory only it is beyond all others', and changes
	Docs, Deleted          int64
	DiskBytes, MemoryBytes int64
	OnDisk                 bool
}

func (*GetSegments) change() {}

// DiskUsage reads what each field of indices takes on the disk. Apply returns []IndexDiskUsage sorted by name.
type DiskUsage struct{ Target Target }

// IndexDiskUsage is what an index takes on the disk.
type IndexDiskUsage struct {
	Index      string
	StoreBytes int64
	Fields     []FieldDiskUsage // sorted by name
}

// FieldDiskUsage is what one field takes, in bytes. Stored is how values were written, where that cannot be told from the doc values.
type FieldDiskUsage struct {
	Field                       string
	DocValues, Stored, Postings int64
}

func (*DiskUsage) change() {}
