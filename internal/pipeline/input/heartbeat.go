package input

import (
	"context"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var heartbeat = pipeline.InputSpec{
	Name:    "heartbeat",
	Summary: "Makes an event at regular intervals, to see that a pipeline is alive and how long it takes.",
	Options: []plugin.Option{
		{Name: "message", Kind: plugin.String, Default: "ok", Help: "Text of the events. In the legacy layout, epoch and sequence mean the option sequence."},
		{Name: "sequence", Kind: plugin.String, Allowed: []string{"none", "epoch", "sequence"}, Help: "Puts the Unix time, or a number that counts from 1, in the field clock, or [event][sequence] in the ECS layout."},
		{Name: "interval", Kind: plugin.Seconds, Default: 60, Help: "Time from event to event."},
		{Name: "count", Kind: plugin.Integer, Default: -1, Help: "Events after which the input ends; -1 goes on for ever."},
		{Name: "threads", Kind: plugin.Integer, Default: 1, Ignored: "one thread keeps the interval"},
		{Name: "codec", Kind: plugin.Codec, Ignored: "the events are not read from text"},
		ecsFieldsOption,
	},
	New: newHeartbeat,
}

type pulse struct {
	env             *pipeline.Env
	message         string // "" for none
	sequence        string
	interval        time.Duration
	count           int64
	hostName        string
	hostField, tick *event.Path
}

func newHeartbeat(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	p := &pulse{env: env, message: s.String("message"), sequence: s.String("sequence"), interval: s.Duration("interval"), count: s.Int("count"),
		hostName: machineName(), hostField: layoutPath(s, "host", "[host][name]"), tick: layoutPath(s, "clock", "[event][sequence]")}
	if p.interval <= 0 {
		return nil, s.Errorf("interval", "must be more than 0")
	}
	if p.sequence == "" && (p.message == "epoch" || p.message == "sequence") {
		if ecsLayout(s) {
			s.Warn("message", "is a plain text in the ECS layout; the option sequence makes numbers")
		} else {
			s.Warn("message", "of this value means the option sequence; name that one")
			p.sequence, p.message = p.message, ""
		}
	}
	return p, nil
}

// Run makes events until the count is reached or ctx ends. The first comes at once.
func (p *pulse) Run(ctx context.Context, sink pipeline.Sink) error {
	ticker := time.NewTicker(p.interval)
	defer ticker.Stop()
	for n := int64(1); ; n++ {
		if err := sink.Push(ctx, []*event.Event{p.event(n)}); err != nil || n == p.count {
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func (p *pulse) event(n int64) *event.Event {
	now := p.env.Now()
	ev := event.New(now)
	switch p.sequence {
	case "epoch":
		ev.Set(p.tick, event.IntOf(now.Unix()))
	case "sequence":
		ev.Set(p.tick, event.IntOf(n))
	}
	ev.Set(p.hostField, event.StringOf(p.hostName))
	if p.message != "" {
		ev.Set(messagePath, event.StringOf(p.message))
	}
	return ev
}

var messagePath = event.MustPath("message")
