package es

import "time"

// DataStream describes a data stream: a name to write to that never rewrites, over backing indices of which the last is
// written to.
type DataStream struct {
	Name string
	// Backing are the indices, oldest first.
	Backing []BackingIndex
	// Generation counts up with every rollover and with every change of the list.
	Generation    int
	Hidden        bool
	CustomRouting bool
	// RolloverOnWrite: the next write rolls over first.
	RolloverOnWrite bool
	// Lifecycle is the stream's own ({"data_retention": "7d"}), nil for none.
	Lifecycle []byte
	Aliases   []Alias
	// Template is the index template that the next backing index is made of, "" when it is gone; Meta is its _meta and
	// Policy the lifecycle policy that it names.
	Template, Policy string
	Meta             []byte
}

// BackingIndex is one index of a data stream.
type BackingIndex struct {
	Name, UUID, Policy string
	Health             Health
	DiskBytes          int64
	// NewestTimestampMillis is that of @timestamp, 0 when there is none.
	NewestTimestampMillis int64
	Created, RolledOver   time.Time
}

// CreateDataStream makes a data stream by its index template, which must have [data_stream].
type CreateDataStream struct{ Name string }

// DeleteDataStreams deletes streams with their backing indices.
type DeleteDataStreams struct{ Target Target }

// GetDataStreams reads the streams that a target names, none for all. Apply returns []DataStream sorted by name.
type GetDataStreams struct{ Target Target }

// MigrateToDataStream turns an alias with a write index into a data stream over the same indices.
type MigrateToDataStream struct{ Alias string }

// ModifyDataStreams takes indices into streams and out of them, all or nothing.
type ModifyDataStreams struct{ Actions []BackingAction }

// BackingAction is one step of ModifyDataStreams.
type BackingAction struct {
	Stream, Index string
	Remove        bool
}

// PutStreamLifecycle gives data streams a lifecycle, or takes it away (nil).
type PutStreamLifecycle struct {
	Target    Target
	Lifecycle []byte
}

func (*CreateDataStream) change()    {}
func (*DeleteDataStreams) change()   {}
func (*GetDataStreams) change()      {}
func (*MigrateToDataStream) change() {}
func (*ModifyDataStreams) change()   {}
func (*PutStreamLifecycle) change()  {}
