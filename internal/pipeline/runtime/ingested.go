package runtime

import (
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// A configuration that copies %{@timestamp} to a field named after the ingest gets the event time there, once a date
// filter has set that. The field is left as the configuration makes it; the true time of ingest goes to event.ingested. Strict
// turns this off.
type ingestTime struct{ now func() time.Time }

var ingestedPath = event.MustPath("[event][ingested]")

// tolerateIngestTime puts the filter first when the configuration has such a field.
func (b *builder) tolerateIngestTime() {
	var at plugin.Pos
	var name string
	b.opts.Config.Plugins(config.Filter, func(p *config.Plugin) {
		fields, ok := p.Option("add_field")
		if !ok {
			return
		}
		for _, pair := range fields.Pairs {
			if pair.Value.Text == "%{@timestamp}" && strings.Contains(strings.ToLower(pair.Key.Text), "ingest") {
				at, name = pair.Key.Pos, pair.Key.Text
			}
		}
	})
	if name == "" || !setsEventTime(b.opts.Config) {
		return
	}
	b.warnings = append(b.warnings, &plugin.Error{Pos: at, Plugin: "mutate", Option: "add_field",
		Reason: name + " gets the event time, as a date filter sets @timestamp; the time of ingest is kept in event.ingested (compat.strict turns this off)"})
	c := &Counters{Kind: "filter", Name: "ingest_time", ID: "ingest_time", Place: at.String()}
	b.counters = append(b.counters, c)
	b.code = append(b.code, instruction{op: opFilter, filter: &filterNode{filter: ingestTime{b.env.Now}, counters: c}})
}

// Filter notes the time, unless the event has an "event" field of its own that is no object.
func (t ingestTime) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	if have, ok := ev.Get(eventPath); ok && have.Kind() != event.Object {
		return pipeline.Unmatched
	}
	if _, ok := ev.Get(ingestedPath); !ok {
		ev.Set(ingestedPath, event.TimeOf(t.now()))
	}
	return pipeline.Matched
}

var eventPath = event.MustPath("event")
