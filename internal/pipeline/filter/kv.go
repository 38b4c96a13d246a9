package filter

import (
	"errors"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var kv = pipeline.FilterSpec{
	Name:    "kv",
	Summary: "Finds pairs such as key=value in a text and makes them fields.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Field, Default: "message", Help: "Field with the text, or an array of texts."},
		{Name: "target", Kind: plugin.Field, Help: "Field for an object of the pairs, replacing what is there; without it each key is a field reference."},
		{Name: "field_split", Kind: plugin.String, Default: " ", Help: "Characters of which each stands between pairs, as inside the [] of a regular expression."},
		{Name: "field_split_pattern", Kind: plugin.String, Help: "Regular expression for what stands between pairs, in place of field_split."},
		{Name: "value_split", Kind: plugin.String, Default: "=", Help: "Characters of which each stands between key and value."},
		{Name: "value_split_pattern", Kind: plugin.String, Help: "Regular expression for what stands between key and value, in place of value_split."},
		{Name: "whitespace", Kind: plugin.String, Default: "lenient", Allowed: []string{"lenient", "strict"}, Help: "Whether blanks around what stands between key and value belong to it; with strict, key= x is a key without value."},
		{Name: "include_brackets", Kind: plugin.Boolean, Default: true, Help: "Values may stand in (), [] and <> as they may in quotes."},
		{Name: "include_keys", Kind: plugin.Strings, Help: "The only keys to take, before prefix; they may hold %{references}."},
		{Name: "exclude_keys", Kind: plugin.Strings, Help: "Keys to leave out, before prefix; they may hold %{references}."},
		{Name: "default_keys", Kind: plugin.Hash, Help: "Keys and values for what the text does not have."},
		{Name: "prefix", Kind: plugin.String, Help: "Text to put before each key; it may hold %{references}."},
		{Name: "trim_key", Kind: plugin.String, Help: "Characters to take from both ends of keys."},
		{Name: "trim_value", Kind: plugin.String, Help: "Characters to take from both ends of values."},
		{Name: "remove_char_key", Kind: plugin.String, Help: "Characters to take out of keys."},
		{Name: "remove_char_value", Kind: plugin.String, Help: "Characters to take out of values."},
		{Name: "transform_key", Kind: plugin.String, Allowed: []string{"lowercase", "uppercase", "capitalize"}, Help: "Case for keys."},
		{Name: "transform_value", Kind: plugin.String, Allowed: []string{"lowercase", "uppercase", "capitalize"}, Help: "Case for values."},
		{Name: "allow_duplicate_values", Kind: plugin.Boolean, Default: true, Help: "Keep a value that its key has already: several values of a key become an array."},
		{Name: "allow_empty_values", Kind: plugin.Boolean, Help: "Take keys without value, or with an empty one in quotes or brackets, as empty texts."},
		{Name: "recursive", Kind: plugin.Boolean, Help: "Make objects of values that hold pairs themselves."},
		{Name: "timeout_millis", Kind: plugin.Millis, Default: 30_000, Help: "Limit on the time for one event, 0 for none; only expressions of your own can be slow."},
		{Name: "tag_on_timeout", Kind: plugin.String, Default: "_kv_filter_timeout", Help: "Tag for an event that reached it."},
		failureTagOption("_kv_filter_error"), ecsOption,
	},
	New: newKV,
}

const (
	// maxPairs bounds the pairs of one event; a log line has tens.
	maxPairs = 100_000
	// usualPairs is how many there is room for at first.
	usualPairs = 12
	// maxPairDepth bounds nesting with recursive; each level needs brackets or quotes of its own.
	maxPairDepth = 8
)

var errTooManyPairs = errors.New("too many pairs")

type keyValues struct {
	source, target    *event.Path
	pairs             *pairExpression
	prefix            *event.Template
	include, exclude  []*event.Template
	defaults          []defaultPair
	key, value        kvEdit
	duplicates, empty bool
	recursive         bool
	timeout           time.Duration // 0 for none
	timeoutTag        string
	failureTags       []string
}

type defaultPair struct {
	key   string
	value event.Value
}

// kvEdit is what is done to keys, or to values.
type kvEdit struct {
	trim, remove *pattern.Regexp
	transform    func(string) string
}

func newKV(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &keyValues{duplicates: s.Bool("allow_duplicate_values"), empty: s.Bool("allow_empty_values"), recursive: s.Bool("recursive"),
		timeout: s.Duration("timeout_millis"), timeoutTag: s.String("tag_on_timeout"), failureTags: s.Strings("tag_on_failure")}
	var errs [8]error
	f.source, errs[0] = pathOption(s, "source")
	f.target, errs[1] = pathOption(s, "target")
	f.prefix, errs[2] = templateOption(s, "prefix")
	f.include, errs[3] = templatesOption(s, "include_keys")
	f.exclude, errs[4] = templatesOption(s, "exclude_keys")
	f.key, errs[5] = newKVEdit(s, "key")
	f.value, errs[6] = newKVEdit(s, "value")
	f.pairs, errs[7] = newPairExpression(s)
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	for _, pair := range s.Pairs("default_keys") {
		f.defaults = append(f.defaults, defaultPair{pair.Key, configValue(pair.Value)})
	}
	return f, nil
}

// configValue is a value of the configuration as one of an event.
func configValue(v plugin.Value) event.Value {
	switch v.Kind {
	case plugin.Number:
		if n, err := event.ParseJSON([]byte(v.Str)); err == nil {
			return n
		}
	case plugin.List:
		items := make([]event.Value, len(v.List))
		for i, item := range v.List {
			items[i] = configValue(item)
		}
		return event.ArrayOf(items...)
	case plugin.Map:
		object := event.NewObject()
		for _, pair := range v.Pairs {
			object.SetMember(pair.Key, configValue(pair.Value))
		}
		return object
	}
	return event.StringOf(v.Str)
}

func newKVEdit(s *plugin.Settings, of string) (kvEdit, error) {
	e := kvEdit{transform: map[string]func(string) string{"lowercase": lower, "uppercase": upper, "capitalize": capital}[s.String("transform_"+of)]}
	var err error
	if set := s.String("trim_" + of); set != "" {
		if e.trim, err = pattern.Compile("^[" + set + "]+|[" + set + "]+$"); err != nil {
			return e, s.Errorf("trim_"+of, "%v", err)
		}
	}
	if set := s.String("remove_char_" + of); set != "" {
		if e.remove, err = pattern.Compile("[" + set + "]"); err != nil {
			return e, s.Errorf("remove_char_"+of, "%v", err)
		}
	}
	return e, nil
}

func (e *kvEdit) apply(text string) (string, error) {
	for _, re := range []*pattern.Regexp{e.trim, e.remove} {
		if re == nil {
			continue
		}
		var err error
		if text, err = re.ReplaceAllFunc(text, func(dst []byte, _ string, _ []int) []byte { return dst }); err != nil {
			return text, err
		}
	}
	if e.transform != nil {
		text = e.transform(text)
	}
	return text, nil
}

func (f *keyValues) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	r := kvRun{keyValues: f, prefix: f.prefix.Expand(ev), include: expandAll(f.include, ev), exclude: expandAll(f.exclude, ev)}
	if f.timeout > 0 && !f.pairs.simple {
		r.deadline = time.Now().Add(f.timeout)
	}
	found, err := r.read(ev)
	if err == nil && found.Len() > 0 {
		err = f.put(ev, found)
	}
	switch {
	case errors.Is(err, pattern.ErrTimeout):
		ev.Tag(f.timeoutTag)
	case err != nil:
		tagAll(ev, f.failureTags)
	case found.Len() > 0:
		return pipeline.Matched
	}
	return pipeline.Unmatched
}

func expandAll(templates []*event.Template, ev *event.Event) []string {
	if len(templates) == 0 {
		return nil
	}
	texts := make([]string, len(templates))
	for i, t := range templates {
		texts[i] = t.Expand(ev)
	}
	return texts
}

// put makes fields of the pairs.
func (f *keyValues) put(ev *event.Event, pairs event.Value) error {
	if f.target != nil {
		return put(ev, f.target, pairs)
	}
	ev.Fields().Reserve(pairs.Len())
	for i, v := range pairs.Items() {
		name := pairs.NameAt(i)
		if name != "" && !strings.ContainsAny(name, "[]@") {
			ev.Fields().SetMember(name, v)
			continue
		}
		path, err := event.ParsePath(name)
		if err != nil {
			return err
		}
		if err := put(ev, path, v); err != nil {
			return err
		}
	}
	return nil
}

// kvRun is the work on one event.
type kvRun struct {
	*keyValues
	prefix           string
	include, exclude []string
	deadline         time.Time // zero for none
	pairs            int       // so far
}

func (r *kvRun) read(ev *event.Event) (event.Value, error) {
	found := event.NewObject()
	for _, d := range r.defaults {
		found.SetMember(d.key, d.value.Clone())
	}
	defaults := found.Len()
	taken := event.NewObject()
	taken.Reserve(usualPairs)
	source, _ := ev.Get(r.source)
	texts := []event.Value{source}
	if source.Kind() == event.Array {
		texts = source.Items()
	}
	for _, v := range texts {
		if v.Kind() == event.String {
			if err := r.parse(v.Str(), taken, 0); err != nil {
				return found, err
			}
		}
	}
	if defaults == 0 {
		return taken, nil
	}
	for i, v := range taken.Items() {
		found.SetMember(taken.NameAt(i), v)
	}
	return found, nil
}

// parse adds the pairs of a text to an object.
func (r *kvRun) parse(text string, to event.Value, depth int) error {
	var failed error
	err := r.keyValues.pairs.each(text, func(key, value string) bool {
		if r.pairs++; r.pairs > maxPairs {
			failed = errTooManyPairs
		} else {
			failed = r.pair(key, value, to, depth)
		}
		if failed == nil && !r.deadline.IsZero() && time.Now().After(r.deadline) {
			failed = pattern.ErrTimeout
		}
		return failed == nil
	})
	return errors.Join(failed, err)
}

func (r *kvRun) pair(key, value string, to event.Value, depth int) error {
	if value == "" && !r.empty {
		return nil
	}
	key, err := r.key.apply(key)
	if err != nil {
		return err
	}
	if len(r.include) > 0 && !slices.Contains(r.include, key) || slices.Contains(r.exclude, key) {
		return nil
	}
	key = r.prefix + key
	if value, err = r.value.apply(value); err != nil {
		return err
	}
	have, repeated := to.Member(key)
	if repeated && !r.duplicates && slices.ContainsFunc(itemsOf(have), func(v event.Value) bool { return v.Kind() == event.String && v.Str() == value }) {
		return nil
	}
	added := event.StringOf(value)
	if r.recursive && depth < maxPairDepth {
		inner := event.NewObject()
		if err := r.parse(value, inner, depth+1); err != nil {
			return err
		}
		if inner.Len() > 0 {
			added = inner
		}
	}
	switch {
	case !repeated:
		to.SetMember(key, added)
	case have.Kind() == event.Array:
		have.Append(added)
	default:
		to.SetMember(key, event.ArrayOf(have, added))
	}
	return nil
}
