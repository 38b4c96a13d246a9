package processor

import (
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var addFields = Spec{
	Name:    "add_fields",
	Summary: "Adds fields, replacing those of the same name.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Hash, Required: true, Help: "Fields and their values."},
		{Name: "target", Kind: plugin.String, Default: "fields", Help: "Field below which they go; empty for the root."},
	},
	New: func(_ *Env, s *plugin.Settings) (Processor, error) {
		return &fieldAdder{below: s.String("target"), fields: ObjectOf(s.Pairs("fields"))}, nil
	},
}

type fieldAdder struct {
	below  string
	fields event.Value
}

func (a *fieldAdder) Process(ev *event.Event) bool {
	MergeFields(ev, a.below, a.fields)
	return true
}
