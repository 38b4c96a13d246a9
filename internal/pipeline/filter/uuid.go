package filter

import (
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var uuid = pipeline.FilterSpec{
	Name:    "uuid",
	Summary: "Gives events a random UUID (version 4).",
	Options: []plugin.Option{
		{Name: "target", Kind: plugin.Field, Required: true, Help: "Field for the UUID."},
		{Name: "overwrite", Kind: plugin.Boolean, Help: "Replace a value that target has already; without it the value stays."},
	},
	New: newUUID,
}

type uuidFilter struct {
	target    *event.Path
	overwrite bool
}

func newUUID(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	target, err := pathOption(s, "target")
	if err != nil {
		return nil, err
	}
	return &uuidFilter{target: target, overwrite: s.Bool("overwrite")}, nil
}

func (f *uuidFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	if v, _ := ev.Get(f.target); f.overwrite || v.Kind() == event.Null {
		ev.Set(f.target, randomUUID())
	}
	return pipeline.Matched
}
