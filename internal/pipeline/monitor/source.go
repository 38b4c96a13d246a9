package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"elkhorn/internal/pipeline/runtime"
)

// Source is the process that the API shows. Its methods are called concurrently.
type Source interface {
	Node() Node
	Pipelines() []Pipeline
	// Reload reads the configurations again; what it returns is the answer.
	Reload(ctx context.Context) (any, error)
	// SetLogLevel changes how much the process's log says, Reset when level is "". The error is for the client.
	SetLogLevel(level string) error
	// Letters lists dead letters, of one pipeline when id is not empty.
	Letters(id string, limit int) ([]Letter, error)
	// Replay writes a pipeline's dead letters again, through its filters or to its outputs at once, and returns how many.
	Replay(ctx context.Context, id string, filters bool) (int, error)
	// ReplayLetter writes one letter again and takes it out; its event and metadata are others when they are not nil.
	ReplayLetter(ctx context.Context, id, letter string, filters bool, event, metadata json.RawMessage) error
	// DeleteLetter takes out one letter, all of a pipeline when letter is empty, and returns how many.
	DeleteLetter(id, letter string) (int64, error)
}

// ErrNoLetter is what Source returns for a pipeline or a letter that is not there.
var ErrNoLetter = errors.New("there is no such dead letter")

// Letter is an event that no output took.
type Letter struct {
	ID       string          `json:"id"`
	Time     string          `json:"time"`
	Pipeline string          `json:"pipeline"`
	Plugin   string          `json:"plugin"`
	Status   int             `json:"status,omitempty"`
	Reason   string          `json:"reason"`
	Event    json.RawMessage `json:"event"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

// Node describes the process.
type Node struct {
	Name, Version, Address string
	ID, EphemeralID        string
	LogLevel               string
	Started                time.Time
	Now                    time.Time
	Workers, BatchSize     int // of pipelines that do not say
	BatchDelay             time.Duration
	Reloads                Reloads
	Plugins                []Plugin
}

// Plugin is a plugin that pipelines can use.
type Plugin struct{ Kind, Name string }

// Pipeline is one pipeline's state.
type Pipeline struct {
	Stats       runtime.Stats
	Graph       runtime.Graph
	EphemeralID string // of this run
	Hash        string // of its configuration
	Started     time.Time
	BatchDelay  time.Duration
	Ended       bool
	Err         error // why it ended
	Reloadable  bool
	Reloads     Reloads
	Queue       *Queue // nil for one in memory
	DeadLetters *DeadLetters
}

// Reloads count changes of configuration.
type Reloads struct {
	Successes, Failures      int64
	LastSuccess, LastFailure time.Time
	LastError                string
}

// Queue is a persisted queue's state.
type Queue struct {
	Events, Bytes, MaxBytes, PageBytes, MaxEvents int64
	Dir                                           string
	FreeBytes                                     uint64
	Full                                          bool  // inputs wait
	Err                                           error // why nothing can be written
}

// DeadLetters is the state of a pipeline's dead-letter queue.
type DeadLetters struct {
	Letters, Bytes, MaxBytes, Dropped int64
	Policy, LastError                 string
	Err                               error // why outputs wait for it
}
