package filter

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/csvrow"
	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
)

const (
	// maxDictionaryBytes bounds a dictionary's file; it takes some ten times as much memory.
	maxDictionaryBytes = 256 << 20
	// maxAliasedNodes bounds what the aliases of a file of YAML add to it: they can repeat a part without end.
	maxAliasedNodes = 100_000
	// maxDictionaryDepth bounds the nesting of its values.
	maxDictionaryDepth = 100
)

// dictionaryKind is how entries are looked up and read again.
type dictionaryKind struct{ exact, regex, merge bool }

// dictionary is what the translate filter looks values up in. Once compiled it is read-only.
type dictionary struct {
	kind     dictionaryKind
	names    []string // in the order in which they came
	meanings map[string]event.Value
	// expressions are those of names, when names are such.
	expressions []*pattern.Regexp
	// replacer puts meanings in place of names, when parts of a value are looked up.
	replacer *strings.Replacer
}

func newDictionary(kind dictionaryKind) *dictionary {
	return &dictionary{kind: kind, meanings: map[string]event.Value{}}
}

func (d *dictionary) set(name string, meaning event.Value) {
	if _, ok := d.meanings[name]; !ok {
		d.names = append(d.names, name)
	}
	d.meanings[name] = meaning
}

// parse reads a file, on top of what it said before when that is to stay.
func (k dictionaryKind) parse(data []byte, before *dictionary, read func([]byte, *dictionary) error) (*dictionary, error) {
	d := newDictionary(k)
	if before != nil && k.merge {
		d.names, d.meanings = slices.Clone(before.names), maps.Clone(before.meanings)
	}
	if err := read(bytes.TrimPrefix(data, []byte("\uFEFF")), d); err != nil {
		return nil, err
	}
	return d, d.compile()
}

func (d *dictionary) compile() error {
	switch {
	case !d.kind.exact:
		pairs := make([]string, 0, 2*len(d.names))
		for _, name := range d.names {
			pairs = append(pairs, name, d.meanings[name].Text())
		}
		d.replacer = strings.NewReplacer(pairs...)
	case d.kind.regex:
		for _, name := range d.names {
			re, err := pattern.Compile(name)
			if err != nil {
				return err
			}
			d.expressions = append(d.expressions, re)
		}
	}
	return nil
}

// lookup returns a copy of what a text means.
func (d *dictionary) lookup(text string) (event.Value, bool) {
	if d == nil {
		return event.NullValue, false
	}
	switch {
	case d.replacer != nil:
		replaced := d.replacer.Replace(text)
		return event.StringOf(replaced), replaced != text
	case d.kind.regex:
		for i, re := range d.expressions {
			if re.Match(text) {
				return d.meanings[d.names[i]].Clone(), true
			}
		}
		return event.NullValue, false
	}
	v, ok := d.meanings[text]
	return v.Clone(), ok
}

func readJSONDictionary(data []byte, into *dictionary) error {
	if len(data) == 0 {
		return nil
	}
	v, err := event.ParseJSON(data)
	if err != nil {
		return err
	}
	if v.Kind() != event.Object {
		return fmt.Errorf("it holds a JSON %s, not an object", v.Kind())
	}
	for i, member := range v.Items() {
		into.set(v.NameAt(i), member)
	}
	return nil
}

func readCSVDictionary(data []byte, into *dictionary) error {
	format := csvrow.Format{Separator: ",", Quote: `"`}
	for text := string(data); text != ""; {
		row, rest, err := format.ReadRow(text)
		if err != nil {
			return fmt.Errorf("at byte %d: %w", len(data)-len(text), err)
		}
		text = rest
		if row[0].Kind() != event.String {
			continue
		}
		meaning := event.NullValue
		if len(row) > 1 {
			meaning = row[1]
		}
		into.set(row[0].Str(), meaning)
	}
	return nil
}

func readYAMLDictionary(data []byte, into *dictionary) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return err
	}
	if len(doc.Content) == 0 {
		return nil
	}
	v, err := (&yamlReader{left: len(data) + maxAliasedNodes}).value(doc.Content[0], 0)
	if err != nil {
		return err
	}
	if v.Kind() != event.Object {
		return fmt.Errorf("it holds a YAML %s, not a mapping", v.Kind())
	}
	for i, member := range v.Items() {
		into.set(v.NameAt(i), member)
	}
	return nil
}

type yamlReader struct{ left int }

// value makes a value of a node. A sequence of mappings that is tagged as an ordered one (!!omap) is one mapping.
func (r *yamlReader) value(n *yaml.Node, depth int) (event.Value, error) {
	if r.left--; r.left < 0 || depth > maxDictionaryDepth {
		return event.NullValue, errors.New("it has too many parts or is nested too deeply")
	}
	switch n.Kind {
	case yaml.AliasNode:
		return r.value(n.Alias, depth+1)
	case yaml.SequenceNode:
		return r.sequence(n, depth)
	case yaml.MappingNode:
		object := event.NewObject()
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := r.value(n.Content[i+1], depth+1)
			if err != nil {
				return v, err
			}
			object.SetMember(keyOf(n.Content[i]), v)
		}
		return object, nil
	}
	return yamlScalar(n), nil
}

func keyOf(n *yaml.Node) string {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n.Value
}

func (r *yamlReader) sequence(n *yaml.Node, depth int) (event.Value, error) {
	items := make([]event.Value, len(n.Content))
	for i, item := range n.Content {
		var err error
		if items[i], err = r.value(item, depth+1); err != nil {
			return event.NullValue, err
		}
	}
	if n.ShortTag() != "!!omap" {
		return event.ArrayOf(items...), nil
	}
	object := event.NewObject()
	for _, item := range items {
		mergeMembers(object, item)
	}
	return object, nil
}

// yamlScalar reads a scalar as YAML 1.1 does, where yes and off are booleans too.
func yamlScalar(n *yaml.Node) event.Value {
	if n.Style == 0 {
		switch strings.ToLower(n.Value) {
		case "yes", "on", "true":
			return event.BoolOf(true)
		case "no", "off", "false":
			return event.BoolOf(false)
		}
	}
	var i int64
	var f float64
	switch tag := n.ShortTag(); {
	case tag == "!!null":
		return event.NullValue
	case tag == "!!int" && n.Decode(&i) == nil:
		return event.IntOf(i)
	case tag == "!!float" && n.Decode(&f) == nil:
		return event.FloatOf(f)
	}
	return event.StringOf(n.Value)
}
