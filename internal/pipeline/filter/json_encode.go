package filter

import (
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var jsonEncode = pipeline.FilterSpec{
	Name:    "json_encode",
	Summary: "Writes a field's value as JSON text.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Field, Required: true, Help: "Field with the value; one that is not there is written as null."},
		{Name: "target", Kind: plugin.Field, Help: "Field for the text, replacing what is there. Without it the source gets the text."},
	},
	New: newJSONEncode,
}

type jsonText struct{ source, target *event.Path }

func newJSONEncode(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &jsonText{}
	var err error
	if f.source, err = pathOption(s, "source"); err != nil {
		return nil, err
	}
	if f.target, err = pathOption(s, "target"); err != nil {
		return nil, err
	}
	if f.target == nil {
		f.target = f.source
	}
	return f, nil
}

func (f *jsonText) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	v, _ := ev.Get(f.source)
	if !ev.Set(f.target, event.StringOf(string(v.AppendJSON(nil)))) {
		ev.Tag("_jsongeneratefailure")
		return pipeline.Unmatched
	}
	return pipeline.Matched
}
