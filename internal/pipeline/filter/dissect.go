package filter

import (
	"errors"
	"slices"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var dissect = pipeline.FilterSpec{
	Name:    "dissect",
	Summary: "Takes texts apart at fixed delimiters. With several mappings, the common options are applied for each that fits.",
	Options: []plugin.Option{
		{Name: "mapping", Kind: plugin.Hash, Help: "Field to pattern, such as \"%{time} [%{level}] %{text}\". Keys: %{a->} passes over repeats of the delimiter behind it, %{+a} and %{+a/2} append with the delimiter before them, %{?a} and %{} are left out, %{&a} is the value of the field that ?a, *a or the field a names. Mappings go one after the other, so that one can work on the result of another. A field that is not there is passed over."},
		{Name: "convert_datatype", Kind: plugin.Hash, Help: "Field to int or float, once all mappings are done. What is not there gets the tag _dataconversionnullvalue_FIELD_TYPE, what is no number _dataconversionuncoercible_FIELD_TYPE."},
		failureTagOption("_dissectfailure"),
	},
	New: newDissect,
}

type dissectFilter struct {
	mappings    []dissectMapping
	conversions []dissectConversion
	failureTags []string
}

type dissectMapping struct {
	source  *event.Path
	pattern *pattern.Dissect
	steps   []dissectStep
}

// dissectStep is what is done with one value, in the order of the event's changes: fields are set, then appended to, then
// named by values.
type dissectStep struct {
	pattern.DissectKey
	value int         // which of the pattern's values
	path  *event.Path // of Name
	other int         // for DissectIndirect: which value has the name, when the event does not; -1 for none
}

type dissectConversion struct {
	path    *event.Path
	to      func(text string) (event.Value, bool)
	missing string // tags
	failed  string
}

func newDissect(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &dissectFilter{failureTags: s.Strings("tag_on_failure")}
	for _, pair := range s.Pairs("mapping") {
		if pair.Value.Kind == plugin.Text && pair.Value.Str == "" {
			continue
		}
		m, err := newDissectMapping(s, pair)
		if err != nil {
			return nil, s.Errorf("mapping", "%q: %v", pair.Key, err)
		}
		f.mappings = append(f.mappings, m)
	}
	for _, pair := range s.Pairs("convert_datatype") {
		path, err := event.ParsePath(pair.Key)
		if err != nil {
			return nil, s.Errorf("convert_datatype", "%v", err)
		}
		to := map[string]func(string) (event.Value, bool){"int": decimalInteger, "float": decimalFloat}[strings.ToLower(pair.Value.Str)]
		if to == nil {
			return nil, s.Errorf("convert_datatype", "%q is no type; there are int and float", pair.Value.Str)
		}
		suffix := pair.Key + "_" + pair.Value.Str
		f.conversions = append(f.conversions, dissectConversion{path, to, "_dataconversionnullvalue_" + suffix, "_dataconversionuncoercible_" + suffix})
	}
	return f, nil
}

func newDissectMapping(s *plugin.Settings, pair plugin.Pair) (m dissectMapping, err error) {
	if pair.Value.Kind != plugin.Text {
		return m, errors.New("wants one pattern")
	}
	if m.source, err = event.ParsePath(pair.Key); err != nil {
		return m, err
	}
	d, keys, never, err := pattern.CompileDissectFilter(pair.Value.Str)
	if err != nil {
		return m, err
	}
	if never {
		s.Warn("mapping", "%q never fits: there is no text between two of its keys", pair.Value.Str)
	}
	m.pattern = d
	for i, k := range keys {
		step := dissectStep{DissectKey: k, value: i, other: -1}
		switch k.Kind {
		case pattern.DissectSkip:
			continue
		case pattern.DissectAppend:
			if step.Before == "" {
				step.Before = " "
			}
		case pattern.DissectIndirect:
			for j, other := range keys {
				if j != i && other.Name == k.Name && step.other < 0 {
					step.other = j
				}
			}
		}
		if step.path, err = event.ParsePath(k.Name); err != nil {
			return m, err
		}
		m.steps = append(m.steps, step)
	}
	slices.SortStableFunc(m.steps, func(a, b dissectStep) int {
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		return a.Place - b.Place
	})
	return m, nil
}

func (f *dissectFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	var fitted pipeline.Outcome
	for i := range f.mappings {
		m := &f.mappings[i]
		source, ok := ev.Get(m.source)
		if !ok {
			continue
		}
		if !m.apply(ev, source.Text()) {
			tagAll(ev, f.failureTags)
			continue
		}
		if fitted < pipeline.MaxMatched {
			fitted++
		}
	}
	for i := range f.conversions {
		f.conversions[i].apply(ev)
	}
	return fitted
}

// apply takes a text apart and reports whether it fits, and its parts could be set.
func (m *dissectMapping) apply(ev *event.Event, text string) bool {
	var found [16]string
	values := m.pattern.Split(found[:0], text)
	if values == nil {
		return false
	}
	for i := range m.steps {
		step := &m.steps[i]
		path, value := step.path, values[step.value]
		switch step.Kind {
		case pattern.DissectAppend:
			if old, ok := ev.Get(path); ok {
				value = old.Text() + step.Before + value
			}
		case pattern.DissectIndirect:
			name := ""
			if v, ok := ev.Get(path); ok {
				name = v.Text()
			} else if step.other >= 0 {
				name = values[step.other]
			}
			if name == "" {
				continue
			}
			var err error
			if path, err = event.ParsePath(name); err != nil {
				return false
			}
		}
		if !ev.Set(path, event.StringOf(value)) {
			return false
		}
	}
	return true
}

func (c *dissectConversion) apply(ev *event.Event) {
	v, _ := ev.Get(c.path)
	if v.Kind() == event.Null {
		ev.Tag(c.missing)
		return
	}
	n, ok := c.to(v.Text())
	if !ok || !ev.Set(c.path, n) {
		ev.Tag(c.failed)
	}
}
