package pattern

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Dissect is a compiled dissect pattern: text between keys, as in "%{client} - %{user} [%{time}]". It is immutable and
// safe for concurrent use.
//
// A key can carry modifiers: %{a->} passes over repeats of what follows it, %{+a} appends to a, %{+a/2} says at which
// place, %{*k} and %{&k} are the name and the value of a field, %{?a} and %{} are left out. [CompileDissect] reads the
// language of Elasticsearch's processor, which took it from Logstash's filter; [CompileDissectFilter] reads the filter's.
type Dissect struct {
	source    string
	leading   string
	keys      []dissectKey
	separator string // between appended parts
}

type dissectKey struct {
	name      string
	kind      dissectKind
	place     int  // of an appended part, with kind dissectAppendAt
	padded    bool // ->
	delimiter string
}

type dissectKind uint8

const (
	dissectPlain dissectKind = iota
	dissectSkip
	dissectAppend
	dissectAppendAt
	dissectName
	dissectValue
)

// DissectError is a pattern that cannot be compiled.
type DissectError struct{ Reason string }

func (e *DissectError) Error() string { return e.Reason }

// CompileDissect compiles a pattern. separator stands between the parts that %{+key} joins. The error is a *DissectError.
func CompileDissect(source, separator string) (*Dissect, error) {
	if len(source) > maxSourceBytes {
		return nil, &DissectError{fmt.Sprintf("Unable to parse pattern: it has more than %d bytes", maxSourceBytes)}
	}
	d := &Dissect{source: source, separator: separator}
	fail := func(reason string) (*Dissect, error) {
		return nil, &DissectError{"Unable to parse pattern: " + source + " Reason: " + reason}
	}
	rest := source
	if at := strings.Index(source, "%{"); at >= 0 {
		d.leading, rest = source[:at], source[at:]
	}
	named := false
	for strings.HasPrefix(rest, "%{") {
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			break
		}
		key, err := parseDissectKey(rest[2:end])
		if err != nil {
			return nil, err
		}
		rest = rest[end+1:]
		key.delimiter = rest
		if rest != "" {
			if next := strings.Index(rest[1:], "%{"); next >= 0 {
				key.delimiter = rest[:next+1]
			}
		}
		rest = rest[len(key.delimiter):]
		named = named || key.kind != dissectSkip
		d.keys = append(d.keys, key)
	}
	if !named {
		return fail("Unable to find any keys or delimiters.")
	}
	d.completeAppends()
	if name := d.unpaired(); name != "" {
		return fail("Found invalid key/reference associations: '" + name + "' Please ensure each '*<key>' is matched with a matching '&<key>'")
	}
	return d, nil
}

func parseDissectKey(text string) (dissectKey, error) {
	fail := func(reason string) (dissectKey, error) {
		return dissectKey{}, &DissectError{"Unable to parse key: " + text + " Reason: " + reason}
	}
	k := dissectKey{name: text}
	k.name, k.padded = strings.CutSuffix(k.name, "->")
	modifiers := 0
	for i := range len(text) {
		if strings.IndexByte("/+*&?", text[i]) >= 0 {
			modifiers++
		}
	}
	if strings.HasPrefix(k.name, "+") && strings.Contains(k.name, "/") {
		modifiers--
	}
	if modifiers > 1 {
		return fail("multiple modifiers are not allowed.")
	}
	switch {
	case k.name == "":
		k.kind = dissectSkip
		return k, nil
	case k.name[0] == '?':
		k.kind, k.name = dissectSkip, k.name[1:]
		return k, nil
	case k.name[0] == '*':
		k.kind, k.name = dissectName, k.name[1:]
	case k.name[0] == '&':
		k.kind, k.name = dissectValue, k.name[1:]
	case k.name[0] == '+':
		name, place, ordered := strings.Cut(k.name[1:], "/")
		k.kind, k.name = dissectAppend, name
		if ordered {
			n, err := strconv.ParseUint(place, 10, 15)
			if err != nil {
				return fail("The place after / is not a number.")
			}
			k.kind, k.place = dissectAppendAt, int(n)
		}
	}
	if k.name == "" {
		return fail("The key name could not be determined")
	}
	return k, nil
}

// completeAppends makes the first key of a name that others append to one that is appended to.
func (d *Dissect) completeAppends() {
	for i := range d.keys {
		k := &d.keys[i]
		if k.kind == dissectPlain && slices.ContainsFunc(d.keys, func(o dissectKey) bool {
			return o.name == k.name && (o.kind == dissectAppend || o.kind == dissectAppendAt)
		}) {
			k.kind = dissectAppend
		}
	}
}

// unpaired names a reference that does not come with its counterpart.
func (d *Dissect) unpaired() string {
	count := map[string][2]int{}
	for _, k := range d.keys {
		n := count[k.name]
		switch k.kind {
		case dissectName:
			n[0]++
		case dissectValue:
			n[1]++
		}
		count[k.name] = n
	}
	for _, k := range d.keys {
		if n := count[k.name]; n != [2]int{} && n != [2]int{1, 1} {
			return k.name
		}
	}
	return ""
}

// String returns the pattern as it was given.
func (d *Dissect) String() string { return d.source }

// Match takes text apart and hands each field to set, in the order of the pattern. It reports false, having set nothing,
// when text does not fit as a whole.
func (d *Dissect) Match(text string, set func(name, value string)) bool {
	if len(text) <= len(d.leading) {
		return false
	}
	var found [16]string
	values := d.Split(found[:0], text)
	if values == nil {
		return false
	}
	d.emit(values, set)
	return true
}

// Split takes text apart and appends the keys' values, in the order of the pattern, to dst. It returns nil when text does
// not fit as a whole.
func (d *Dissect) Split(dst []string, text string) []string {
	rest, ok := strings.CutPrefix(text, d.leading)
	if !ok || text == "" {
		return nil
	}
	values := dst
	for i := 0; i < len(d.keys); i++ {
		k := &d.keys[i]
		if k.delimiter == "" {
			values = append(values, rest)
			break
		}
		end := strings.Index(rest, k.delimiter)
		if end < 0 {
			return nil
		}
		values = append(values, rest[:end])
		rest = rest[end+len(k.delimiter):]
		for k.padded && strings.HasPrefix(rest, k.delimiter) {
			rest = rest[len(k.delimiter):]
		}
	}
	if len(values)-len(dst) != len(d.keys) {
		return nil
	}
	return values
}

func (d *Dissect) emit(values []string, set func(name, value string)) {
	for i := range d.keys {
		switch k := &d.keys[i]; k.kind {
		case dissectPlain:
			set(k.name, values[i])
		case dissectAppend, dissectAppendAt:
			if d.first(i) {
				set(k.name, d.joined(k.name, values))
			}
		case dissectName:
			for j := range d.keys {
				if d.keys[j].kind == dissectValue && d.keys[j].name == k.name && values[i] != "" {
					set(values[i], values[j])
				}
			}
		}
	}
}

// first tells whether key i is the first that is appended to its name.
func (d *Dissect) first(i int) bool {
	return !slices.ContainsFunc(d.keys[:i], func(o dissectKey) bool {
		return o.name == d.keys[i].name && (o.kind == dissectAppend || o.kind == dissectAppendAt)
	})
}

// joined are the parts of a name by place; those without one count in the order of the pattern.
func (d *Dissect) joined(name string, values []string) string {
	type part struct {
		place int
		text  string
	}
	var parts []part
	counted := 0
	for i := range d.keys {
		k := &d.keys[i]
		switch {
		case k.name != name:
		case k.kind == dissectAppend:
			parts = append(parts, part{counted, values[i]})
			counted++
		case k.kind == dissectAppendAt:
			parts = append(parts, part{k.place, values[i]})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return a.place - b.place })
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.text
	}
	return strings.Join(texts, d.separator)
}
