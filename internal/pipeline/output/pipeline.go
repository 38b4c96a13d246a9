package output

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var pipelineOutput = pipeline.OutputSpec{
	Name:    "pipeline",
	Summary: "Sends events to pipelines of this process, to their pipeline inputs.",
	Options: []plugin.Option{
		{Name: "send_to", Kind: plugin.Strings, Required: true, Help: "Addresses of pipeline inputs; each gets every event."},
		{Name: "ensure_delivery", Kind: plugin.Boolean, Default: true, Help: "Wait for a pipeline that does not run; false drops what it would have got."},
	},
	New: func(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
		to := s.Strings("send_to")
		if len(to) == 0 {
			return nil, s.Errorf("send_to", "names no address")
		}
		return &pipelineSender{to: to, wait: s.Bool("ensure_delivery"), addresses: env.Addresses, logger: env.Logger}, nil
	},
}

type pipelineSender struct {
	to        []string
	wait      bool
	addresses *pipeline.Addresses
	logger    *slog.Logger
	told      sync.Once
}

// Write hands copies to each address. They hold the source's acknowledgement back until the other pipeline is done with them, or has them
// in a queue on disk.
func (o *pipelineSender) Write(ctx context.Context, events []*event.Event) error {
	if o.addresses == nil {
		return errors.New("there are no other pipelines here")
	}
	for _, address := range o.to {
		copies := make([]*event.Event, len(events))
		for i, ev := range events {
			copies[i] = ev.Clone()
		}
		sent, err := o.addresses.Send(ctx, address, copies, o.wait)
		if sent {
			continue
		}
		for _, ev := range copies {
			ev.Done()
		}
		if err != nil {
			return err
		}
		o.told.Do(func() {
			o.logger.Warn("no pipeline listens at an address and ensure_delivery is false: what is sent there is dropped", "address", address)
		})
	}
	return nil
}

// Close has nothing to release.
func (o *pipelineSender) Close() error { return nil }
