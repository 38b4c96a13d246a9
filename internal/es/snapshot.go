package es

import "time"

// PutRepository names a place for snapshots, after finding out (unless NoVerify) whether it can be used.
type PutRepository struct {
	Name     string
	JSON     []byte // {"type":…,"settings":{…}}
	NoVerify bool
}

// VerifyRepository finds out whether a repository can be used.
type VerifyRepository struct{ Name string }

// CleanupRepository removes files that no snapshot of a repository has. Apply returns *CleanupResult.
type CleanupRepository struct{ Name string }

// CleanupResult is what a cleanup removed.
type CleanupResult struct {
	Files int
	Bytes int64
}

// CreateSnapshot copies indices to a repository. Apply returns *SnapshotInfo: of the finished snapshot or, with NoWait,
// of one that is under way and survives the request.
type CreateSnapshot struct {
	Repository, Name   string
	Target             Target
	IncludeGlobalState bool
	Metadata           []byte // JSON object, nil for none
	NoWait             bool
}

// CloneSnapshot makes a snapshot of some of another's indices, without copying.
type CloneSnapshot struct {
	Repository, Name, NewName string
	Indices                   []string // patterns
}

// GetSnapshots describes snapshots, those under way included, by start. Apply returns []SnapshotInfo.
type GetSnapshots struct {
	Repository string
	Names      []string // patterns; none is all
	// IgnoreMissing leaves out plain names that are not there rather than fail.
	IgnoreMissing bool
}

// DeleteSnapshots removes snapshots and what only they have. One that is under way is stopped.
type DeleteSnapshots struct {
	Repository string
	Names      []string
}

// RestoreSnapshot makes indices out of a snapshot. Apply returns *RestoreResult.
type RestoreSnapshot struct {
	Repository, Name string
	Indices          []string // patterns with exclusions; none is all
	// RenamePattern is a regular expression of index names, Rename what a match is replaced with ($1).
	RenamePattern, Rename string
	NoAliases             bool
	Settings              []byte // JSON object of settings to change, nil for none
	WithoutSettings       []string
	IgnoreUnavailable     bool
	IncludeGlobalState    bool
}

// RestoreResult names the indices that were made.
type RestoreResult struct {
	Indices []string
	// Objects are the global state, which whoever asked for the restore applies: other parts act on some kinds.
	Objects []PutObject
}

// SnapshotState is how far a snapshot is.
type SnapshotState string

// The states of a snapshot. A snapshot whose copying failed is not kept: its error is answered or logged.
const (
	SnapshotInProgress SnapshotState = "IN_PROGRESS"
	SnapshotSuccess    SnapshotState = "SUCCESS"
)

// SnapshotInfo describes a snapshot.
type SnapshotInfo struct {
	Repository, Name, UUID, Version string
	State                           SnapshotState
	Start, End                      time.Time // End is zero while it is under way
	IncludeGlobalState              bool
	Metadata                        []byte
	Indices                         []SnapshotIndex
	DataStreams                     []string
	// CopiedFiles and CopiedBytes are of what no snapshot before it had.
	CopiedFiles int
	CopiedBytes int64
}

// SnapshotIndex is an index of a snapshot.
type SnapshotIndex struct {
	Name     string
	Docs     int64
	Segments int
	Files    int
	Bytes    int64
	// CopiedFiles and CopiedBytes are of what no snapshot before it had, without its mapping and settings.
	CopiedFiles int
	CopiedBytes int64
	// DescriptionBytes are those of its mapping and settings, a part of Bytes.
	DescriptionBytes int64
}

func (*PutRepository) change()     {}
func (*VerifyRepository) change()  {}
func (*CleanupRepository) change() {}
func (*CreateSnapshot) change()    {}
func (*CloneSnapshot) change()     {}
func (*GetSnapshots) change()      {}
func (*DeleteSnapshots) change()   {}
func (*RestoreSnapshot) change()   {}
