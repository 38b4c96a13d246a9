package processor

import (
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var addTags = Spec{
	Name:    "add_tags",
	Summary: "Adds tags.",
	Options: []plugin.Option{
		{Name: "tags", Kind: plugin.Strings, Required: true, Help: "Tags to add."},
		{Name: "target", Kind: plugin.String, Default: "tags", Allowed: []string{"tags"}, Help: "Field that holds the tags."},
	},
	New: func(_ *Env, s *plugin.Settings) (Processor, error) { return tagAdder(s.Strings("tags")), nil },
}

type tagAdder []string

func (a tagAdder) Process(ev *event.Event) bool {
	for _, tag := range a {
		ev.Tag(tag)
	}
	return true
}
