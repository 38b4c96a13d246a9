package filter

import (
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var split = pipeline.FilterSpec{
	Name: "split",
	Summary: "Makes an event of each line of a text, or of each item of an array, in place of the event itself. Empty texts and nulls make none, " +
		"so an empty array, an empty text and a text of nothing but terminators drop the event. A text without terminator leaves it as it is.",
	Options: []plugin.Option{
		{Name: "field", Kind: plugin.Field, Default: "message", Help: "Field with the text or the array. Anything else, or nothing, gets the tag _split_type_failure."},
		{Name: "target", Kind: plugin.Field, Help: "Field for each part; without it the part replaces field."},
		{Name: "terminator", Kind: plugin.String, Default: "\n", Help: "What stands between the parts of a text."},
	},
	New: newSplit,
}

// maxSplitParts bounds the events made of one: each takes some 500 bytes and all are in memory at a time.
const maxSplitParts = 250_000

type splitFilter struct {
	field, target *event.Path
	terminator    string
}

func newSplit(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &splitFilter{terminator: s.String("terminator")}
	if f.terminator == "" {
		return nil, s.Errorf("terminator", "must not be empty")
	}
	var err error
	if f.field, err = pathOption(s, "field"); err != nil {
		return nil, err
	}
	f.target, err = pathOption(s, "target")
	return f, err
}

func (f *splitFilter) Filter(ev *event.Event, emit func(*event.Event)) pipeline.Outcome {
	whole, _ := ev.Get(f.field)
	var parts []event.Value
	switch whole.Kind() {
	case event.Array:
		if parts = whole.Items(); len(parts) > maxSplitParts {
			ev.Tag("_split_limit")
			return pipeline.Unmatched
		}
		if f.target == nil {
			ev.Remove(f.field) // not to be copied with each part
		}
	case event.String:
		n := strings.Count(whole.Str(), f.terminator)
		switch {
		case n == 0 && whole.Str() != "":
			return pipeline.Unmatched
		case n >= maxSplitParts:
			ev.Tag("_split_limit")
			return pipeline.Unmatched
		}
		for text := range strings.SplitSeq(whole.Str(), f.terminator) {
			parts = append(parts, event.StringOf(text))
		}
	default:
		ev.Tag("_split_type_failure")
		return pipeline.Unmatched
	}
	target := f.target
	if target == nil {
		target = f.field
	}
	for _, part := range parts {
		if part.Kind() == event.Null || part.Kind() == event.String && part.Str() == "" {
			continue
		}
		made := ev.Clone()
		made.Set(target, part.Clone())
		emit(made)
	}
	ev.Cancel()
	return pipeline.OnlyEmitted
}
