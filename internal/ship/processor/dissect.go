package processor

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/plugin"
)

var dissect = Spec{
	Name:    "dissect",
	Summary: "Takes a text apart at fixed delimiters.",
	Options: []plugin.Option{
		{Name: "tokenizer", Kind: plugin.String, Required: true, Help: "Pattern, such as \"%{time} [%{level}] %{status|integer} %{text}\". %{a->} passes over repeats of the delimiter behind it, %{+a} appends, %{?a} and %{} are left out, %{&a} is the value of the field that ?a or *a names; after | stands a type: integer, long, float, double, boolean or ip."},
		{Name: "field", Kind: plugin.String, Default: "message", Help: "Field to take apart."},
		{Name: "target_prefix", Kind: plugin.String, Default: "dissect", Help: "Field below which the values go; empty for the root."},
		{Name: "ignore_failure", Kind: plugin.Boolean, Help: "Leaves dissect_parsing_error out of log.flags when the text does not fit."},
		{Name: "overwrite_keys", Kind: plugin.Boolean, Help: "Replaces fields that are there; without it they are a failure, and nothing is set."},
		{Name: "trim_values", Kind: plugin.String, Default: "none", Allowed: []string{"none", "left", "right", "all"}, Help: "Which end of values is trimmed."},
		{Name: "trim_chars", Kind: plugin.String, Default: " ", Help: "Characters that are trimmed."},
		{Name: "tag", Kind: plugin.String, Help: "Name of the processor in its configuration."},
	},
	New: newDissect,
}

type dissecter struct {
	field     *event.Path
	pattern   *pattern.Dissect
	targets   []dissectTarget
	prefix    string
	overwrite bool
	quiet     bool
	trim      func(string) string // nil for none
}

// dissectTarget is a field and the values that make it.
type dissectTarget struct {
	path   *event.Path // nil when another value names the field
	name   int         // which value that is
	parts  []dissectPart
	change func(string) (event.Value, error) // nil for text
}

type dissectPart struct {
	value  int    // which of the pattern's
	before string // what joins it to the parts before it
}

// dissectType is a type behind a key's name.
var dissectType = regexp.MustCompile(`%\{([^}|]*)\|([^}]*)\}`)

// dissectLength is a key of a fixed length.
var dissectLength = regexp.MustCompile(`%\{[^}]*#\d+\}`)

func newDissect(_ *Env, s *plugin.Settings) (Processor, error) {
	d := &dissecter{prefix: s.String("target_prefix"), overwrite: s.Bool("overwrite_keys"), quiet: s.Bool("ignore_failure"), trim: trimmer(s)}
	var err error
	if d.field, err = fieldPath(s.String("field")); err != nil {
		return nil, s.Errorf("field", "%v", err)
	}
	types := make(map[string]string) // by the key's name
	source := dissectType.ReplaceAllStringFunc(s.String("tokenizer"), func(key string) string {
		parts := dissectType.FindStringSubmatch(key)
		types[strings.TrimSuffix(strings.TrimLeft(parts[1], "+?&*"), "->")] = parts[2]
		return "%{" + parts[1] + "}"
	})
	if dissectLength.MatchString(source) {
		return nil, s.Errorf("tokenizer", "keys of a fixed length (%%{name#4}) are not supported; use grok in a pipeline")
	}
	compiled, keys, never, err := pattern.CompileDissectFilter(source)
	if err == nil && never {
		err = errors.New("never fits: there is no text between two of its keys")
	}
	if err != nil {
		return nil, s.Errorf("tokenizer", "%v", err)
	}
	d.pattern = compiled
	if err := d.addTargets(keys, types); err != nil {
		return nil, s.Errorf("tokenizer", "%v", err)
	}
	return d, nil
}

func (d *dissecter) addTargets(keys []pattern.DissectKey, types map[string]string) error {
	at := make(map[string]int)
	for i, k := range keys {
		t := dissectTarget{parts: []dissectPart{{value: i, before: k.Before}}}
		switch k.Kind {
		case pattern.DissectSkip:
			continue
		case pattern.DissectIndirect:
			t.name = -1
			for j, other := range keys {
				if j != i && other.Name == k.Name {
					t.name = j
				}
			}
			if t.name < 0 {
				return fmt.Errorf("%%{&%s} has no %%{?%s} for the name", k.Name, k.Name)
			}
		default:
			if have, ok := at[k.Name]; ok {
				if k.Kind == pattern.DissectAppend {
					d.targets[have].parts = append(d.targets[have].parts, t.parts[0])
				} else {
					d.targets[have].parts = t.parts // the last one wins
				}
				continue
			}
			at[k.Name] = len(d.targets)
			var err error
			if t.path, err = fieldPath(d.below(k.Name)); err != nil {
				return err
			}
		}
		if name := types[k.Name]; name != "" {
			if t.change = conversions[name]; t.change == nil {
				return fmt.Errorf("%q is no type; there are integer, long, float, double, boolean and ip", name)
			}
		}
		d.targets = append(d.targets, t)
	}
	return nil
}

func (d *dissecter) below(name string) string {
	if d.prefix == "" {
		return name
	}
	return d.prefix + "." + name
}

func trimmer(s *plugin.Settings) func(string) string {
	chars := s.String("trim_chars")
	switch s.String("trim_values") {
	case "left":
		return func(text string) string { return strings.TrimLeft(text, chars) }
	case "right":
		return func(text string) string { return strings.TrimRight(text, chars) }
	case "all":
		return func(text string) string { return strings.Trim(text, chars) }
	}
	return nil
}

var flagsPath = event.MustPath("[log][flags]")

func (d *dissecter) Process(ev *event.Event) bool {
	v, ok := ev.Get(d.field)
	if !ok || v.Kind() != event.String {
		return true
	}
	if !d.take(ev, v.Str()) && !d.quiet {
		flag := event.StringOf("dissect_parsing_error")
		if _, there := ev.Get(flagsPath); !there {
			flag = event.ArrayOf(flag)
		}
		ev.Add(flagsPath, flag)
	}
	return true
}

// take sets what the pattern finds, all of it or nothing.
func (d *dissecter) take(ev *event.Event, text string) bool {
	var found [16]string
	values := d.pattern.Split(found[:0], text)
	if values == nil {
		return false
	}
	if d.trim != nil {
		for i := range values {
			values[i] = d.trim(values[i])
		}
	}
	var set [16]dissected
	fields := set[:0]
	for i := range d.targets {
		f, ok := d.targets[i].from(values, d)
		if !ok {
			return false
		}
		if _, there := ev.Get(f.path); there && !d.overwrite {
			return false
		}
		fields = append(fields, f)
	}
	for _, f := range fields {
		ev.Set(f.path, f.value)
	}
	return true
}

type dissected struct {
	path  *event.Path
	value event.Value
}

func (t *dissectTarget) from(values []string, d *dissecter) (f dissected, ok bool) {
	text := values[t.parts[0].value]
	for _, part := range t.parts[1:] {
		text += part.before + values[part.value]
	}
	f = dissected{path: t.path, value: event.StringOf(text)}
	if t.path == nil {
		var err error
		if f.path, err = fieldPath(d.below(values[t.name])); err != nil {
			return f, false
		}
	}
	if t.change == nil {
		return f, true
	}
	var err error
	f.value, err = t.change(text)
	return f, err == nil
}
