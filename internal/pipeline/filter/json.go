package filter

import (
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var jsonFilter = pipeline.FilterSpec{
	Name:    "json",
	Summary: "Parses a field's text as JSON into fields.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Field, Required: true, Help: "Field with the JSON text."},
		{Name: "target", Kind: plugin.Field, Help: "Field for the parsed value, replacing what is there. Without it the text must be an object, whose members become fields of the event; its @timestamp becomes the event time."},
		{Name: "skip_on_invalid_json", Kind: plugin.Boolean, Help: "Leaves an event whose text is no JSON as it is, without the failure tag: for sources that mix JSON and text."},
		failureTagOption("_jsonparsefailure"), ecsOption,
	},
	New: newJSON,
}

type jsonParse struct {
	source, target *event.Path
	failureTags    []string
	skipInvalid    bool
	now            func() time.Time
}

var (
	messagePath         = event.MustPath("message")
	timestampPath       = event.MustPath("@timestamp")
	metadataPath        = event.MustPath("@metadata")
	failedTimestampPath = event.MustPath("_@timestamp")
)

func newJSON(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &jsonParse{failureTags: s.Strings("tag_on_failure"), skipInvalid: s.Bool("skip_on_invalid_json"), now: env.Now}
	var err error
	if f.source, err = pathOption(s, "source"); err != nil {
		return nil, err
	}
	if f.target, err = pathOption(s, "target"); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *jsonParse) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	source, ok := ev.Get(f.source)
	if !ok || source.Kind() == event.Null {
		return pipeline.Unmatched
	}
	parsed, err := parseText(source)
	if err != nil && f.skipInvalid {
		return pipeline.Unmatched
	}
	if err != nil || f.target == nil && parsed.Kind() != event.Object {
		tagAll(ev, f.failureTags)
		return pipeline.Unmatched
	}
	if f.target != nil {
		if !ev.Set(f.target, parsed) {
			tagAll(ev, f.failureTags)
			return pipeline.Unmatched
		}
		return pipeline.Matched
	}
	f.merge(ev, parsed)
	return pipeline.Matched
}

// parseText parses a text; anything else is no JSON.
func parseText(source event.Value) (event.Value, error) { return event.ParseJSONText(source.Str()) }

// merge makes the object's members fields of the event.
func (f *jsonParse) merge(ev *event.Event, object event.Value) {
	fields := ev.Fields()
	for i, v := range object.Items() {
		switch name := object.NameAt(i); name {
		case "@timestamp":
			if !ev.Set(timestampPath, v) {
				ev.SetTimestamp(f.now())
				ev.Set(failedTimestampPath, v)
				ev.Tag("_timestampparsefailure")
			}
		case "@metadata":
			ev.Set(metadataPath, v)
		default:
			fields.SetMember(name, v)
		}
	}
}
