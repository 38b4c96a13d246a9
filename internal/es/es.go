package es

import (
	"context"
	"time"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

// Store is everything a storage back end offers. Callers ask for a role, not for the Store.
// Implementations are safe for concurrent use. Errors are or wrap *Error where a client should see a
// status and a type.
type Store interface {
	Bulker
	Searcher
	Reader
	IndexAdmin
	// Info describes the store for GET / and for health.
	Info(ctx context.Context) (Info, error)
	// Close stops background work, makes everything acknowledged durable and releases the store. No
	// other method may be called after it.
	Close() error
}

// Bulker writes documents.
type Bulker interface {
	// Bulk carries out the operations in order. Each operation succeeds or fails alone: failures are
	// in the response's items. When Bulk returns, every item without an error is durable (as the
	// index's durability setting says) and visible to searches. The error return is for what concerns the whole
	// request (a full store, an ended ctx): then no operation may be assumed to have been applied.
	// Nothing of the request is kept after the call.
	Bulk(ctx context.Context, req *BulkRequest) (*BulkResponse, error)
}

// Searcher finds documents.
type Searcher interface {
	Search(ctx context.Context, req *SearchRequest) (*SearchResponse, error)
	// OpenSnapshot pins the present state of indices: a point in time, or the state behind a scroll.
	// It lives until CloseSnapshot or until keepAlive has passed since its last use.
	OpenSnapshot(ctx context.Context, target Target, keepAlive time.Duration) (SnapshotID, error)
	// CloseSnapshot releases a snapshot; found is false when there was none of that id.
	CloseSnapshot(ctx context.Context, id SnapshotID) (found bool, err error)
}

// Reader fetches documents by id, including those that are not visible to searches yet.
type Reader interface {
	Get(ctx context.Context, req *GetRequest) (*GetResponse, error)
}

// IndexAdmin describes and changes indices, templates, aliases and policies.
type IndexAdmin interface {
	// Indices describes the indices that a target names, sorted by name.
	Indices(ctx context.Context, target Target) ([]IndexInfo, error)
	// Apply carries out one change, durably. The change's concrete type says what it does and what
	// Apply returns (nil where the type does not say).
	Apply(ctx context.Context, change Change) (any, error)
}

// Dialer reaches the store that a configuration names by its hosts: this very process, when the host
// is one of the program's own roles, or a cluster elsewhere.
type Dialer interface {
	// Dial returns a store that outlives the caller, or nil when the hosts are neither this process
	// nor a cluster the host process reaches: then the caller connects to them itself.
	Dial(ctx context.Context, target DialTarget) (Store, error)
}

// DialTarget names a store by URL and says how to log in.
type DialTarget struct {
	Hosts    []string
	User     string
	Password string
	APIKey   string
	// CACertFile, Insecure: TLS options.
	CACertFile string
	Insecure   bool
}

// Error is a failure in Elasticsearch's terms.
type Error = eserr.Error

// The result types, re-exported.
type (
	Hits  = result.Hits
	Hit   = result.Hit
	Total = result.Total
	Aggs  = result.Aggs
)

// Info describes a store.
type Info struct {
	Name        string
	ClusterName string
	ClusterUUID string
	// Version is the Elasticsearch version that the store speaks, such as "8.19.0".
	Version string
	// Health is that of the store's own storage.
	Health Health
	// Unopened names the indices that are there and did not open, in order.
	Unopened []string
	// Disk is the file system that holds the data; zero when unknown.
	Disk Disk
	// MemoryBytes is what the store accounts for at present.
	MemoryBytes int64
	// Breakers are its limits on memory.
	Breakers []Breaker
}

// Breaker is a limit on memory, with what is in use and how often it refused something.
type Breaker struct {
	Name                           string
	LimitBytes, UsedBytes, Tripped int64
}

// Disk is the state of a file system in bytes.
type Disk struct {
	TotalBytes, FreeBytes, DataBytes int64
	// Stage is how full it is by the watermarks: "", "low", "high" or "flood_stage".
	Stage string
}

// Health is a traffic light with its reason.
type Health struct {
	Status string // "green", "yellow" or "red"
	Reason string // "" when green
}
