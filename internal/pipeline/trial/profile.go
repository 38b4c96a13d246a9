package trial

import (
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/runtime"
)

const (
	profileBatch = 250                    // events at a time, as a worker takes them
	profileTime  = 500 * time.Millisecond // enough to see a share of one percent
)

// Profile sends copies of events through a pipeline, again and again until half a second has gone by, and answers how many
// and how long. The pipeline's Stats have each plugin's share.
func Profile(t *runtime.Trial, samples []*event.Event) (events int64, took time.Duration) {
	if len(samples) == 0 {
		return 0, 0
	}
	for next := 0; took < profileTime; {
		batch := make([]*event.Event, profileBatch)
		for i := range batch {
			batch[i] = samples[next%len(samples)].Clone()
			next++
		}
		start := time.Now()
		t.Process(batch)
		took += time.Since(start)
		events += profileBatch
	}
	return events, took
}

// Profile measures the pipeline of a suite on the inputs of its cases.
func (s *Suite) Profile(h Host) (events int64, took time.Duration, plugins []runtime.PluginStats, err error) {
	clock := &clock{now: defaultNow}
	t, err := s.trial(h, clock)
	if err != nil {
		return 0, 0, nil, err
	}
	var samples []*event.Event
	for _, c := range s.cases {
		for _, item := range c.input {
			if item.advance > 0 {
				continue
			}
			made, err := c.events(t, item, c.now)
			if err != nil {
				return 0, 0, nil, err
			}
			samples = append(samples, made...)
		}
	}
	events, took = Profile(t, samples)
	return events, took, t.Stats().Plugins, nil
}
