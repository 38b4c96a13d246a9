package es

import "elkhorn/internal/es/eserr"

// Action is what a bulk operation does.
type Action uint8

// The actions.
const (
	ActionIndex Action = iota
	ActionCreate
	ActionUpdate
	ActionDelete
)

var actionNames = [...]string{"index", "create", "update", "delete"}

// String returns the name used in bulk requests and answers.
func (a Action) String() string { return actionNames[a] }

// Refresh is the "refresh" parameter of a write. Documents are visible when acknowledged, except in
// indices with refresh_interval -1, for which RefreshTrue and RefreshWait make pending ones visible.
type Refresh uint8

// The refresh modes.
const (
	RefreshNone Refresh = iota
	RefreshTrue
	RefreshWait
)

// BulkRequest is a list of operations.
type BulkRequest struct {
	Ops     []BulkOp
	Refresh Refresh
	// Pipeline is the ingest pipeline for operations that name none.
	Pipeline string
	// Single is a request for one document rather than a bulk of one: pipelines see what its update makes of a document, where
	// in a bulk they see what the update brings.
	Single bool
	// RequireAlias refuses operations whose index is not an alias, unless the operation says otherwise.
	RequireAlias bool
	// RequireDataStream likewise refuses what is not a data stream.
	RequireDataStream bool
}

// BulkOp is one operation.
type BulkOp struct {
	Action Action
	Index  string // index, alias or data stream, date math resolved
	ID     string // "" to have one generated
	// Source is the document (index, create) or the update's body (doc, doc_as_upsert, upsert …). It
	// is kept byte for byte as the document's _source.
	Source  []byte
	Routing string
	// Version with VersionType, or IfSeqNo with IfPrimaryTerm, guard the write; see Guard.
	Guard    Guard
	Pipeline string
	// DynamicTemplates name the dynamic templates of some new fields, by path; nil for none.
	DynamicTemplates map[string]string
	RequireAlias     bool
	// RequireDataStream refuses an index that is not a data stream.
	RequireDataStream bool
	// Rewrite, when set, is given the document that an update is about to write, and says what is written instead.
	Rewrite func(source []byte) ([]byte, error)
	// Err, when set, is the item's answer: the operation could not even be read. It keeps its place
	// in the list so that the answer has one item per operation.
	Err *eserr.Error
}

// Guard is optimistic concurrency control.
type Guard struct {
	// HasSeqNo: the operation fails unless the document's _seq_no and _primary_term are these.
	HasSeqNo    bool
	SeqNo       int64
	PrimaryTerm int64
	// Version with VersionType "external" or "external_gte"; VersionType "" means none.
	Version     int64
	VersionType string
}

// BulkResponse has one item per operation, in order.
type BulkResponse struct {
	TookMillis int64
	// IngestTookMillis is what ingest pipelines took; Ingested tells whether any ran.
	IngestTookMillis int64
	Ingested         bool
	Items            []BulkItem
}

// HasErrors says whether any item failed.
func (r *BulkResponse) HasErrors() bool {
	for i := range r.Items {
		if r.Items[i].Err != nil {
			return true
		}
	}
	return false
}

// BulkItem is what became of one operation.
type BulkItem struct {
	Action      Action
	Index       string // the concrete index written to
	ID          string
	Version     int64
	SeqNo       int64
	PrimaryTerm int64
	Result      string // "created", "updated", "deleted", "noop" or "not_found"
	Status      int    // HTTP status
	Err         *eserr.Error
	// Replicas is how many copies the index is configured to have beside the one that was written.
	Replicas int
	// Get is the document after an update that asked for it (_source), else nil.
	Get []byte
	// Pipelines are the ingest pipelines that the document passed, in order.
	Pipelines []string
}

// What stands in the item of a document that an ingest pipeline dropped or failed on: it was given neither version nor
// sequence number, and no id where it brought none.
const (
	NoVersion = -3
	NoSeqNo   = -2
	NoID      = "auto-generated"
)
