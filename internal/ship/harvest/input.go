package harvest

import (
	"context"
	"io"
	"log/slog"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// Publisher takes events on their way to the output. It is safe for concurrent use.
type Publisher interface {
	// Publish takes an event that ends at an offset of its source, and waits while the queue is full. The tracker's number
	// for it is Done when the event is acknowledged or dropped. An error means that ctx ended and the event was not taken.
	Publish(ctx context.Context, ev *event.Event, source *Tracker, end int64) error
}

// Input reads one configured source. Run returns when ctx ends, or earlier when there is nothing more to read.
type Input interface {
	Run(ctx context.Context, pub Publisher) error
}

// Env is what inputs get from their host.
type Env struct {
	FS       vfs.FS
	Registry *Registry
	Logger   *slog.Logger
	Stdin    io.Reader
	Now      func() time.Time
	// Watch lets the system say that files changed, between polls.
	Watch bool
}

// Spec describes an input.
type Spec = plugin.Spec[Input, *Env]

// CommonOptions are taken by every input and carried out by the runtime.
var CommonOptions = []plugin.Option{
	{Name: "type", Kind: plugin.String, Required: true, Help: "Which input this is."},
	{Name: "id", Kind: plugin.String, Help: "Name of the input in logs."},
	{Name: "enabled", Kind: plugin.Boolean, Default: true, Help: "false leaves the input out."},
	{Name: "fields", Kind: plugin.Hash, Help: "Fields to add to every event, below fields."},
	{Name: "fields_under_root", Kind: plugin.Boolean, Help: "Puts fields at the root of the event."},
	{Name: "tags", Kind: plugin.Strings, Help: "Tags to add to every event."},
	{Name: "processors", Kind: plugin.Any, Help: "Processors for this input's events."},
	{Name: "index", Kind: plugin.String, Unsupported: "the receiver decides about the index"},
	{Name: "pipeline", Kind: plugin.String, Help: "Put in @metadata.pipeline, for the receiver to use."},
	{Name: "keep_null", Kind: plugin.Boolean, Ignored: "nulls of JSON lines are always kept"},
	{Name: "publisher_pipeline.disable_host", Kind: plugin.Boolean, Help: "Leaves host.name out."},
	{Name: "condition", Kind: plugin.String, Ignored: "container labels are not read yet, so containers are not filtered by them: list the paths of the containers you want"},
}
