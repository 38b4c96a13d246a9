package input

import (
	"context"
	"errors"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var pipelineInput = pipeline.InputSpec{
	Name:    "pipeline",
	Summary: "Takes the events that other pipelines of this process send to an address.",
	Options: []plugin.Option{
		{Name: "address", Kind: plugin.String, Required: true, Help: "Name under which pipeline outputs send here; one input has it."},
	},
	New: func(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
		return &pipelineListener{address: s.String("address"), addresses: env.Addresses}, nil
	},
}

type pipelineListener struct {
	address   string
	addresses *pipeline.Addresses
}

// Run listens until ctx ends. Events keep the receipts of their first source.
func (i *pipelineListener) Run(ctx context.Context, sink pipeline.Sink) error {
	if i.addresses == nil {
		return errors.New("there are no other pipelines here")
	}
	end, err := i.addresses.Listen(i.address, sink)
	if err != nil {
		return err
	}
	<-ctx.Done()
	end()
	return nil
}
