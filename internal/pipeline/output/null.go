package output

import (
	"context"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var null = pipeline.OutputSpec{
	Name:    "null",
	Summary: "Drops events, to try or to measure the pipeline before it.",
	Options: []plugin.Option{{Name: "codec", Kind: plugin.Codec, Ignored: "nothing is written"}},
	New:     func(*pipeline.Env, *plugin.Settings) (pipeline.Output, error) { return nothing{}, nil },
}

type nothing struct{}

// Write does nothing, and so acknowledges the events.
func (nothing) Write(context.Context, []*event.Event) error { return nil }

func (nothing) Close() error { return nil }
