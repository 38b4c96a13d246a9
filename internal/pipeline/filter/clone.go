package filter

import (
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var clone = pipeline.FilterSpec{
	Name:    "clone",
	Summary: "Makes copies of an event. The common options are applied to the copies, not to the event.",
	Options: []plugin.Option{
		{Name: "clones", Kind: plugin.Strings, Required: true, Help: "A name for each copy to make: its field type or, with ecs_compatibility, one more tag."},
		ecsOption,
	},
	New: newClone,
}

type cloneFilter struct {
	names []string
	ecs   bool
}

var typePath = event.MustPath("type")

func newClone(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &cloneFilter{names: s.Strings("clones"), ecs: ecsLayout(s)}
	if len(f.names) == 0 {
		s.Warn("clones", "is empty, so no copies are made")
	}
	return f, nil
}

func (f *cloneFilter) Filter(ev *event.Event, emit func(*event.Event)) pipeline.Outcome {
	for _, name := range f.names {
		c := ev.Clone()
		if f.ecs {
			c.Tag(name)
		} else {
			c.Set(typePath, event.StringOf(name))
		}
		emit(c)
	}
	return pipeline.OnlyEmitted
}
