package filter

import (
	"errors"
	"io/fs"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var translate = pipeline.FilterSpec{
	Name:    "translate",
	Summary: "Looks a field's value up in a dictionary.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Field, Help: "Field to look up; of an array the first item. Required."},
		{Name: "field", Kind: plugin.Field, Deprecated: "is called source today", Help: "The old name of source."},
		{Name: "target", Kind: plugin.Field, Help: "Field for what is found; translation when not given or, with ecs_compatibility, source itself."},
		{Name: "destination", Kind: plugin.Field, Deprecated: "is called target today", Help: "The old name of target."},
		{Name: "override", Kind: plugin.Boolean, Help: "Replace a target that is there already; true by itself when target is source."},
		{Name: "dictionary", Kind: plugin.Hash, Help: "What to look up, and what it means."},
		{Name: "dictionary_path", Kind: plugin.Path, Help: "File of that, in place of dictionary: .yml or .yaml, .json, or .csv with two columns. While it is not there, nothing is found."},
		{Name: "refresh_interval", Kind: plugin.Seconds, Default: 300, Help: "How often to look whether that file has changed, 0 for never."},
		{Name: "refresh_behaviour", Kind: plugin.String, Default: "merge", Allowed: []string{"merge", "replace"}, Help: "Whether what is no longer in the file stays (merge) or goes (replace)."},
		{Name: "exact", Kind: plugin.Boolean, Default: true, Help: "Look the whole value up. With false every part of the value that is in the dictionary is replaced, the earlier entry first."},
		{Name: "regex", Kind: plugin.Boolean, Help: "With exact, entries are regular expressions, of which the first that matches counts."},
		{Name: "fallback", Kind: plugin.String, Help: "What target gets when nothing is found, with %{references}."},
		{Name: "iterate_on", Kind: plugin.Field, Help: "Field with an array of which every item is looked up: texts when it is source too, and target is an array; else objects, in which source and target lie."},
		{Name: "yaml_dictionary_code_point_limit", Kind: plugin.Integer, Default: 134_217_728, Unit: "characters", Help: "The longest YAML file."},
		{Name: "yaml_load_strategy", Kind: plugin.String, Default: "one_shot", Allowed: []string{"one_shot", "streaming"}, Ignored: "files are read in one way only"},
		ecsOption,
	},
	New: newTranslate,
}

type translateFilter struct {
	source, target, iterate *event.Path
	inPlace, override       bool
	fallback                *event.Template // nil for none
	fixed                   *dictionary     // or
	file                    *refreshed[*dictionary]
}

func newTranslate(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &translateFilter{}
	var err error
	if f.source, err = renamedOption(s, "source", "field"); err != nil {
		return nil, err
	}
	if f.target, err = renamedOption(s, "target", "destination"); err != nil {
		return nil, err
	}
	if f.iterate, err = pathOption(s, "iterate_on"); err != nil {
		return nil, err
	}
	switch {
	case f.source == nil:
		return nil, s.Errorf("source", "is required: the field to look up")
	case f.target == nil && ecsLayout(s):
		f.target = f.source
	case f.target == nil:
		f.target = event.MustPath("translation")
	}
	f.inPlace = f.source.String() == f.target.String()
	if f.inPlace && s.Has("override") && !s.Bool("override") {
		return nil, s.Errorf("override", "cannot be false where target is source: nothing could be translated")
	}
	f.override = f.inPlace || s.Bool("override")
	if s.Has("fallback") {
		if f.fallback, err = templateOption(s, "fallback"); err != nil {
			return nil, err
		}
	}
	return f, f.open(env, s)
}

// renamedOption returns an option that has an older name too.
func renamedOption(s *plugin.Settings, name, old string) (*event.Path, error) {
	if !s.Has(old) {
		return pathOption(s, name)
	}
	if s.Has(name) {
		return nil, s.Errorf(old, "is the old name of %s, which is given too", name)
	}
	return pathOption(s, old)
}

// open makes the dictionary.
func (f *translateFilter) open(env *pipeline.Env, s *plugin.Settings) error {
	kind := dictionaryKind{exact: s.Bool("exact"), regex: s.Bool("regex"), merge: s.String("refresh_behaviour") == "merge"}
	path := s.String("dictionary_path")
	isYAML := strings.HasSuffix(path, ".yml") || strings.HasSuffix(path, ".yaml")
	if s.Has("yaml_dictionary_code_point_limit") && (path == "" || !isYAML) {
		return s.Errorf("yaml_dictionary_code_point_limit", "is for YAML files, and dictionary_path names none")
	}
	if path == "" {
		entries := newDictionary(kind)
		for _, pair := range s.Pairs("dictionary") {
			entries.set(pair.Key, configValue(pair.Value))
		}
		f.fixed = entries
		if err := entries.compile(); err != nil {
			return s.Errorf("dictionary", "%v", err)
		}
		return nil
	}
	if len(s.Pairs("dictionary")) > 0 {
		return s.Errorf("dictionary_path", "cannot stand beside dictionary")
	}
	var read func(data []byte, into *dictionary) error
	switch limit := s.Int("yaml_dictionary_code_point_limit"); {
	case isYAML && limit <= 0:
		return s.Errorf("yaml_dictionary_code_point_limit", "must be greater than 0")
	case isYAML:
		read = func(data []byte, into *dictionary) error {
			if n := utf8.RuneCount(data); int64(n) > limit {
				return errors.New("it has more characters than yaml_dictionary_code_point_limit allows")
			}
			return readYAMLDictionary(data, into)
		}
	case strings.HasSuffix(path, ".json"):
		read = readJSONDictionary
	case strings.HasSuffix(path, ".csv"):
		read = readCSVDictionary
	default:
		return s.Errorf("dictionary_path", "must end in .yml, .yaml, .json or .csv, which %q does not", path)
	}
	f.file = &refreshed[*dictionary]{path: path, interval: max(s.Duration("refresh_interval"), 0), maxBytes: maxDictionaryBytes,
		parse: func(data []byte, before *dictionary) (*dictionary, error) { return kind.parse(data, before, read) }}
	err := f.file.open(env)
	if errors.Is(err, fs.ErrNotExist) {
		s.Warn("dictionary_path", "%v: nothing is found until it is there", err)
		return nil
	}
	if err != nil {
		return s.Errorf("dictionary_path", "%v", err)
	}
	return nil
}

func (f *translateFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	entries := f.fixed
	if f.file != nil {
		entries = f.file.get()
	}
	var found, applies bool
	switch {
	case f.iterate == nil:
		found, applies = f.one(ev, entries)
	case f.iterate.String() == f.source.String():
		found, applies = f.values(ev, entries)
	default:
		found, applies = f.objects(ev, entries)
	}
	if applies && (found || f.inPlace) {
		return pipeline.Matched
	}
	return pipeline.Unmatched
}

// occupied says that target has a value that is to stay.
func (f *translateFilter) occupied(ev *event.Event) bool {
	_, ok := ev.Get(f.target)
	return ok && !f.override
}

// one looks one value up.
func (f *translateFilter) one(ev *event.Event, entries *dictionary) (found, applies bool) {
	v, ok := ev.Get(f.source)
	if !ok || f.occupied(ev) {
		return false, false
	}
	meaning, found := entries.lookup(firstItem(v).Text())
	if !found && f.fallback != nil {
		meaning, found = event.StringOf(f.fallback.Expand(ev)), true
	}
	return found && ev.Set(f.target, meaning), true
}

// values looks the items of an array up.
func (f *translateFilter) values(ev *event.Event, entries *dictionary) (found, applies bool) {
	v, ok := ev.Get(f.iterate)
	if !ok || f.occupied(ev) {
		return false, false
	}
	items := itemsOf(v)
	meanings := make([]event.Value, len(items))
	for i, item := range items {
		meaning, ok := entries.lookup(item.Text())
		if !ok && f.fallback != nil {
			meaning = event.StringOf(f.fallback.Expand(ev))
		}
		meanings[i] = meaning
		found = found || meaning.Truthy()
	}
	return ev.Set(f.target, event.ArrayOf(meanings...)) && found, true
}

// objects looks a member of each object of an array up.
func (f *translateFilter) objects(ev *event.Event, entries *dictionary) (found, applies bool) {
	v, ok := ev.Get(f.iterate)
	if !ok {
		return false, false
	}
	for _, object := range v.Items() {
		member, _ := f.source.GetIn(object)
		if member.Kind() == event.Null {
			continue
		}
		meaning, ok := entries.lookup(member.Text())
		if !ok && f.fallback != nil {
			meaning, ok = event.StringOf(f.fallback.Expand(ev)), true
		}
		if ok {
			f.target.SetIn(object, meaning)
			found = true
		}
	}
	return found, true
}
