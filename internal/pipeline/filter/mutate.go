package filter

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var mutate = pipeline.FilterSpec{
	Name: "mutate",
	Summary: "Renames, converts and edits fields. Whatever the order in the configuration, the steps run as coerce, rename, update, replace, " +
		"convert, gsub, uppercase, capitalize, lowercase, strip, split, join, merge, copy; then add_field, remove_field and tags.",
	Options: []plugin.Option{
		{Name: "coerce", Kind: plugin.Hash, Help: "Field to the value it gets when it is there but null."},
		{Name: "rename", Kind: plugin.Hash, Help: "Old to new name; a field that is not there is left out."},
		{Name: "update", Kind: plugin.Hash, Help: "Field to new value, only where the field exists."},
		{Name: "replace", Kind: plugin.Hash, Help: "Field to new value; the field is made where it is missing."},
		{Name: "convert", Kind: plugin.Hash, Help: "Field to integer, float, string, boolean, integer_eu or float_eu (1.234,56). Items of an array are converted each."},
		{Name: "gsub", Kind: plugin.Strings, Help: "Triples of field, regular expression (Ruby's) and replacement, which may hold \\1 and \\k<name>; every match is replaced, in text and arrays of text."},
		{Name: "uppercase", Kind: plugin.Strings, Help: "Fields to write in upper case."},
		{Name: "capitalize", Kind: plugin.Strings, Help: "Fields to write with a capital first letter, the rest in lower case."},
		{Name: "lowercase", Kind: plugin.Strings, Help: "Fields to write in lower case."},
		{Name: "strip", Kind: plugin.Strings, Help: "Fields to take leading and trailing white space from."},
		{Name: "split", Kind: plugin.Hash, Help: "Field to the separator at which its text becomes an array."},
		{Name: "join", Kind: plugin.Hash, Help: "Field to the separator with which its array becomes a text."},
		{Name: "merge", Kind: plugin.Hash, Help: "Field to the field, or array of fields, whose value is added to it: arrays and texts to an array, objects to an object."},
		{Name: "copy", Kind: plugin.Hash, Help: "Field to the name of its copy."},
		{Name: "tag_on_failure", Kind: plugin.String, Default: "_mutate_error", Help: "Tag for an event on which a step failed; the steps after it are left out."},
	},
	New: newMutate,
}

// mutation is one step on one field. An error ends the filter's work on the event.
type mutation func(ev *event.Event) error

type mutateFilter struct {
	steps      []mutation
	failureTag string
	failed     failures
}

// mutateSteps makes the steps of each option, in the order in which they run.
var mutateSteps = []struct {
	option string
	make   func(s *plugin.Settings, option string) ([]mutation, error)
}{
	{"coerce", forPairs(coerceStep)},
	{"rename", renameSteps},
	{"update", forTexts(updateStep)},
	{"replace", forTexts(replaceStep)},
	{"convert", forPairs(convertStep)},
	{"gsub", gsubSteps},
	{"uppercase", forFields(upper)},
	{"capitalize", forFields(capital)},
	{"lowercase", forFields(lower)},
	{"strip", forFields(stripped)},
	{"split", forPairs(splitStep)},
	{"join", forPairs(joinStep)},
	{"merge", mergeSteps},
	{"copy", forPairs(copyStep)},
}

func newMutate(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &mutateFilter{failureTag: s.String("tag_on_failure")}
	f.failed.tellOf("a step of a mutate filter fails; its events get a tag", env, s)
	for _, group := range mutateSteps {
		if !s.Has(group.option) {
			continue
		}
		steps, err := group.make(s, group.option)
		if err != nil {
			return nil, s.Errorf(group.option, "%v", err)
		}
		f.steps = append(f.steps, steps...)
	}
	return f, nil
}

func (f *mutateFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	for _, step := range f.steps {
		if err := step(ev); err != nil {
			ev.Tag(f.failureTag)
			f.failed.add(err)
			return pipeline.Unmatched
		}
	}
	return pipeline.Matched
}

// forPairs makes a step of each entry of a hash option.
func forPairs(step func(field *event.Path, value string) (mutation, error)) func(*plugin.Settings, string) ([]mutation, error) {
	return func(s *plugin.Settings, option string) ([]mutation, error) {
		var steps []mutation
		for _, pair := range s.Pairs(option) {
			if pair.Value.Kind != plugin.Text && pair.Value.Kind != plugin.Number {
				return nil, errors.New("wants one text for each field")
			}
			field, err := event.ParsePath(pair.Key)
			if err != nil {
				return nil, err
			}
			made, err := step(field, pair.Value.Str)
			if err != nil {
				return nil, err
			}
			steps = append(steps, made)
		}
		return steps, nil
	}
}

// forTexts is forPairs for options whose value is written into the field. An array is written as Ruby shows it, which is
// what Logstash makes of it, and hardly what was meant.
func forTexts(step func(field *event.Path, value string) (mutation, error)) func(*plugin.Settings, string) ([]mutation, error) {
	return func(s *plugin.Settings, option string) ([]mutation, error) {
		var steps []mutation
		for _, pair := range s.Pairs(option) {
			text, ok := shownByRuby(pair.Value)
			if !ok {
				return nil, errors.New("wants a text for each field")
			}
			if pair.Value.Kind == plugin.List {
				s.Warn(option, "%s becomes the text %s, not an array, as in Logstash; add_field makes arrays", pair.Key, text)
			}
			field, err := event.ParsePath(pair.Key)
			if err != nil {
				return nil, err
			}
			made, err := step(field, text)
			if err != nil {
				return nil, err
			}
			steps = append(steps, made)
		}
		return steps, nil
	}
}

// shownByRuby is a text or number as it is, and an array of them as its to_s has it.
func shownByRuby(v plugin.Value) (text string, ok bool) {
	switch v.Kind {
	case plugin.Text, plugin.Number:
		return v.Str, true
	case plugin.List:
		items := make([]string, len(v.List))
		for i, item := range v.List {
			switch item.Kind {
			case plugin.Text:
				items[i] = strconv.Quote(item.Str)
			case plugin.Number:
				items[i] = item.Str
			default:
				return "", false
			}
		}
		return "[" + strings.Join(items, ", ") + "]", true
	}
	return "", false
}

// forFields makes a step of each field of an array option that edits texts and the texts of arrays.
func forFields(edit func(string) string) func(*plugin.Settings, string) ([]mutation, error) {
	return func(s *plugin.Settings, option string) ([]mutation, error) {
		var steps []mutation
		for _, name := range s.Strings(option) {
			field, err := event.ParsePath(name)
			if err != nil {
				return nil, err
			}
			steps = append(steps, func(ev *event.Event) error {
				return editTexts(ev, field, func(text string) (string, error) { return edit(text), nil })
			})
		}
		return steps, nil
	}
}

// editTexts replaces a text, or the texts in an array. Values of other kinds stay as they are.
func editTexts(ev *event.Event, field *event.Path, edit func(string) (string, error)) error {
	v, ok := ev.Get(field)
	if !ok {
		return nil
	}
	switch v.Kind() {
	case event.String:
		text, err := edit(v.Str())
		if err != nil {
			return err
		}
		if text != v.Str() {
			ev.Set(field, event.StringOf(text))
		}
	case event.Array:
		items := slices.Clone(v.Items())
		for i, item := range items {
			if item.Kind() != event.String {
				continue
			}
			text, err := edit(item.Str())
			if err != nil {
				return err
			}
			items[i] = event.StringOf(text)
		}
		ev.Set(field, event.ArrayOf(items...))
	}
	return nil
}

var errNotATimestamp = errors.New("@timestamp takes a time only")

// put sets a field. It fails where the event refuses the value, which only @timestamp does.
func put(ev *event.Event, field *event.Path, v event.Value) error {
	if !ev.Set(field, v) {
		return errNotATimestamp
	}
	return nil
}

func coerceStep(field *event.Path, value string) (mutation, error) {
	template, err := event.CompileTemplate(value)
	if err != nil {
		return nil, err
	}
	return func(ev *event.Event) error {
		if v, ok := ev.Get(field); ok && v.Kind() == event.Null {
			return put(ev, field, event.StringOf(template.Expand(ev)))
		}
		return nil
	}, nil
}

func renameSteps(s *plugin.Settings, option string) ([]mutation, error) {
	var steps []mutation
	for _, pair := range s.Pairs(option) {
		if pair.Value.Kind != plugin.Text && pair.Value.Kind != plugin.Number {
			return nil, errors.New("wants one text for each field")
		}
		step, err := renameStep(pair.Key, pair.Value.Str)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// renameStep moves a field. Both names may hold references; a name without any is resolved once.
func renameStep(from, to string) (mutation, error) {
	source, err := newReference(from)
	if err != nil {
		return nil, err
	}
	target, err := newReference(to)
	if err != nil {
		return nil, err
	}
	return func(ev *event.Event) error {
		old, err := source.resolve(ev)
		if err != nil {
			return err
		}
		v, ok := ev.Get(old)
		if !ok {
			return nil
		}
		name, err := target.resolve(ev)
		if err != nil {
			return err
		}
		ev.Remove(old)
		if err := put(ev, name, v); err != nil {
			ev.Set(old, v)
			return err
		}
		return nil
	}, nil
}

// reference is a field reference that may itself hold %{references}.
type reference struct {
	path     *event.Path
	template *event.Template
}

func newReference(text string) (reference, error) {
	template, err := event.CompileTemplate(text)
	if err != nil {
		return reference{}, err
	}
	if _, constant := template.Constant(); !constant {
		return reference{template: template}, nil
	}
	path, err := event.ParsePath(text)
	return reference{path: path}, err
}

func (r reference) resolve(ev *event.Event) (*event.Path, error) {
	if r.path != nil {
		return r.path, nil
	}
	return event.ParsePath(r.template.Expand(ev))
}

func updateStep(field *event.Path, value string) (mutation, error) {
	template, err := event.CompileTemplate(value)
	if err != nil {
		return nil, err
	}
	return func(ev *event.Event) error {
		if _, ok := ev.Get(field); ok {
			return put(ev, field, event.StringOf(template.Expand(ev)))
		}
		return nil
	}, nil
}

func replaceStep(field *event.Path, value string) (mutation, error) {
	template, err := event.CompileTemplate(value)
	if err != nil {
		return nil, err
	}
	return func(ev *event.Event) error {
		return put(ev, field, event.StringOf(template.Expand(ev)))
	}, nil
}

func copyStep(field *event.Path, value string) (mutation, error) {
	target, err := event.ParsePath(value)
	if err != nil {
		return nil, err
	}
	return func(ev *event.Event) error {
		if v, ok := ev.Get(field); ok && v.Kind() != event.Null {
			return put(ev, target, v.Clone())
		}
		return nil
	}, nil
}

func gsubSteps(s *plugin.Settings, option string) ([]mutation, error) {
	texts := s.Strings(option)
	if len(texts)%3 != 0 {
		return nil, errors.New("wants triples of field, regular expression and replacement")
	}
	var steps []mutation
	for triple := range slices.Chunk(texts, 3) {
		step, err := gsubStep(triple[0], triple[1], triple[2])
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// gsubStep compiles expression and replacement once when neither holds references, otherwise per event.
func gsubStep(name, needle, replacement string) (mutation, error) {
	field, err := event.ParsePath(name)
	if err != nil {
		return nil, err
	}
	needleTemplate, err := event.CompileTemplate(needle)
	if err != nil {
		return nil, err
	}
	replacementTemplate, err := event.CompileTemplate(replacement)
	if err != nil {
		return nil, err
	}
	_, needleFixed := needleTemplate.Constant()
	_, replacementFixed := replacementTemplate.Constant()
	var re *pattern.Regexp
	var with *pattern.Replacement
	if needleFixed {
		if re, err = pattern.Compile(needle); err != nil {
			return nil, err
		}
		if with, err = re.Replacement(replacement); err != nil {
			return nil, err
		}
	}
	return func(ev *event.Event) error {
		if _, ok := ev.Get(field); !ok {
			return nil
		}
		re, with := re, with
		if !needleFixed {
			var err error
			if re, err = pattern.Compile(needleTemplate.Expand(ev)); err != nil {
				return err
			}
		}
		if !needleFixed || !replacementFixed {
			var err error
			if with, err = re.Replacement(replacementTemplate.Expand(ev)); err != nil {
				return err
			}
		}
		return editTexts(ev, field, func(text string) (string, error) { return re.ReplaceAll(text, with) })
	}, nil
}
