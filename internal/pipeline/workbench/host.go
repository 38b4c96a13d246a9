package workbench

import (
	"context"
	"errors"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/runtime"
)

// Host is the process whose pipelines are worked on. Its methods are called concurrently.
type Host interface {
	// Pipeline finds a pipeline by its id; false when there is none.
	Pipeline(id string) (Pipeline, bool)
	// Events returns up to n copies of the events that come next, before the filters see them, and fewer when ctx ends first.
	Events(ctx context.Context, id string, n int) ([]*event.Event, error)
	// Reload reads the configurations again; what it returns is told.
	Reload(ctx context.Context) (any, error)
	// Lookup, Tables and Strict are what configurations are read with.
	Lookup(name string) (string, bool)
	Tables() runtime.Tables
	Strict() bool
	// Writable is why configurations cannot be written here; nil when they can.
	Writable() error
}

// Pipeline is one pipeline as it is configured.
type Pipeline struct {
	ID string
	// Source is how its configuration is read; Files are not set.
	Source runtime.Source
}

// errOwn is why the program's own pipelines have nothing to be written.
var errOwn = errors.New("the configuration is the program's own and in no file; start it with -f and a file to have one to change")
