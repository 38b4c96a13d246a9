package filter

import (
	"math/rand/v2"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var drop = pipeline.FilterSpec{
	Name:    "drop",
	Summary: "Drops events, all of them or a share.",
	Options: []plugin.Option{
		{Name: "percentage", Kind: plugin.Float, Default: 100, Unit: "percent",
			Help: "Share of events to drop, chosen at random: 100 drops every event, 0 none."},
	},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
		percentage := s.Float("percentage")
		if !(percentage >= 0 && percentage <= 100) {
			return nil, s.Errorf("percentage", "must lie between 0 and 100")
		}
		return dropFilter{share: percentage / 100}, nil
	},
}

type dropFilter struct{ share float64 }

func (f dropFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	if f.share >= 1 || rand.Float64() < f.share {
		ev.Cancel()
	}
	return pipeline.Matched
}
