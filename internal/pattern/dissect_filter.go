package pattern

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// DissectKey is a key of a pattern of Logstash's dissect filter: what is to be done with its value.
type DissectKey struct {
	Name string
	Kind DissectKind
	// Place orders the values that are appended to one field; those without a place come first.
	Place int
	// Before is the text before the key, which joins an appended value to what is there.
	Before string
}

// DissectKind is what a key's value is for.
type DissectKind uint8

// The kinds of a DissectKey.
const (
	DissectSet      DissectKind = iota // %{a}: the value of a field
	DissectSkip                        // %{}, %{?a}, %{*a}: not a field's, but perhaps a name for DissectIndirect
	DissectAppend                      // %{+a}, %{+a/2}: to be added to a field's text
	DissectIndirect                    // %{&a}: the value of the field that is named by the field a or by the value of another key of that name
)

// dissectSuffix is what can stand behind a key's name.
var dissectSuffix = regexp.MustCompile(`^(.*?)(/\d{1,2}|->|/\d{1,2}->|->/\d{1,2})?$`)

// CompileDissectFilter compiles a pattern of Logstash's dissect filter, whose keys differ from those of the processor: an
// appended value brings the text before its key with it, a reference may be to a field that the event has already, and what is
// left out may be all. Two keys without text between them never match; never tells whether there are such. The pattern is for
// [Dissect.Split]; its keys are those of the values. The error is a *DissectError.
func CompileDissectFilter(source string) (d *Dissect, keys []DissectKey, never bool, err error) {
	fail := func(format string, args ...any) (*Dissect, []DissectKey, bool, error) {
		return nil, nil, false, &DissectError{fmt.Sprintf(format, args...)}
	}
	if len(source) > maxSourceBytes {
		return fail("the pattern has more than %d bytes", maxSourceBytes)
	}
	d = &Dissect{source: source}
	before, rest, found := strings.Cut(source, "%{")
	d.leading = before
	for found {
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return fail("%%{%s is never closed", rest)
		}
		key, padded, reason := parseFilterKey(name)
		if reason != "" {
			return fail("%%{%s}: %s", name, reason)
		}
		key.Before = before
		keys = append(keys, key)
		before, rest, found = strings.Cut(after, "%{")
		never = never || found && before == ""
		d.keys = append(d.keys, dissectKey{padded: padded, delimiter: before})
	}
	if len(keys) == 0 {
		return fail("has no key such as %%{name}")
	}
	for _, k := range keys {
		if name, ok := strings.CutPrefix(k.Name, "*"); ok && k.Kind == DissectSkip && !hasIndirect(keys, name) {
			return fail("%%{*%s} has no %%{&%s} for the value", name, name)
		}
	}
	for i := range keys {
		keys[i].Name = strings.TrimPrefix(keys[i].Name, "*")
	}
	return d, keys, never, nil
}

func hasIndirect(keys []DissectKey, name string) bool {
	for _, k := range keys {
		if k.Kind == DissectIndirect && k.Name == name {
			return true
		}
	}
	return false
}

// parseFilterKey reads what stands between the braces. reason says what is wrong with it.
func parseFilterKey(text string) (k DissectKey, padded bool, reason string) {
	prefix := byte(0)
	if text != "" && strings.IndexByte("?+&*", text[0]) >= 0 {
		prefix = text[0]
	}
	name := text
	if prefix != 0 && prefix != '*' {
		name = text[1:]
	}
	suffix := ""
	if m := dissectSuffix.FindStringSubmatch(name); m != nil {
		name, suffix = m[1], m[2]
	}
	padded = strings.Contains(suffix, "->")
	k.Name = name
	switch {
	case prefix == '?' || text == "" || name == "":
		k.Kind = DissectSkip
	case prefix == '*':
		k.Kind = DissectSkip
	case prefix == '+':
		k.Kind = DissectAppend
		k.Place, _ = strconv.Atoi(strings.Trim(suffix, "/->")) // nothing is place 0
	case prefix == '&':
		k.Kind = DissectIndirect
	}
	switch {
	case (prefix == '+' || prefix == '&') && name == "" || prefix == '*' && name == "*":
		return k, padded, "a name is missing"
	case prefix == '+' && name[0] == '&' || prefix == '&' && name[0] == '+':
		return k, padded, "a value cannot be appended and name a field at once"
	}
	return k, padded, ""
}
