package processor

import (
	"errors"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var dropEvent = Spec{
	Name:    "drop_event",
	Summary: "Drops events that meet its condition.",
	New: func(_ *Env, s *plugin.Settings) (Processor, error) {
		if !s.Has("when") {
			return nil, errors.New("without when it would drop every event")
		}
		return eventDropper{}, nil
	},
}

type eventDropper struct{}

func (eventDropper) Process(*event.Event) bool { return false }
