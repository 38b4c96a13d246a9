package ship

import (
	"fmt"
	"strconv"
	"strings"

	"elkhorn/internal/plugin"
)

// loader turns a tree into a Config.
type loader struct {
	lookup func(name string) (string, bool)
	files  files
	findings
}

// block makes a plugin's block of a map. A key is matched with the longest option name that it begins with at a dot, so that
// when.equals.a and when: {equals: {a: …}} are the same. Keys that match no option stay as they are, for the table to refuse.
func (l *loader) block(name string, t *tree, groups ...[]plugin.Option) (*plugin.BlockConfig, error) {
	options := make(map[string]plugin.Kind)
	for _, group := range groups {
		for _, o := range group {
			options[o.Name] = o.Kind
		}
	}
	b := &plugin.BlockConfig{Name: name, Pos: t.pos}
	if t.kind != treeMap && t.kind != treeNull {
		return nil, &plugin.Error{Pos: t.pos, Plugin: name, Reason: "wants options"}
	}
	return b, l.addPairs(b, options, "", t)
}

func (l *loader) addPairs(b *plugin.BlockConfig, options map[string]plugin.Kind, prefix string, t *tree) error {
	for _, key := range t.keys {
		name, child := prefix+key, t.named[key]
		kind, known := options[name]
		switch {
		case child.kind == treeNull:
			continue
		case !known && child.kind == treeMap:
			if err := l.addPairs(b, options, name+".", child); err != nil {
				return err
			}
			continue
		}
		value, err := l.value(child, kind, name == "condition")
		if err != nil {
			return &plugin.Error{Pos: child.pos, Plugin: b.Name, Option: name, Reason: err.Error()}
		}
		b.Options = append(b.Options, plugin.Pair{Key: name, Value: value, Pos: child.pos})
	}
	return nil
}

// value converts a tree. Verbatim leaves ${…} alone.
func (l *loader) value(t *tree, kind plugin.Kind, verbatim bool) (plugin.Value, error) {
	v := plugin.Value{Pos: t.pos}
	switch t.kind {
	case treeList:
		v.Kind = plugin.List
		for _, item := range t.items {
			child, err := l.value(item, plugin.Any, verbatim)
			if err != nil {
				return v, err
			}
			v.List = append(v.List, child)
		}
	case treeMap:
		v.Kind = plugin.Map
		for _, key := range t.keys {
			child, err := l.value(t.named[key], plugin.Any, verbatim)
			if err != nil {
				return v, fmt.Errorf("%s: %w", key, err)
			}
			v.Pairs = append(v.Pairs, plugin.Pair{Key: key, Value: child, Pos: t.named[key].pos})
		}
	case treeScalar:
		return l.scalar(t, kind, verbatim)
	}
	return v, nil
}

// scalar replaces variables. What comes out of one is a number where it looks like one and was not quoted.
func (l *loader) scalar(t *tree, kind plugin.Kind, verbatim bool) (plugin.Value, error) {
	v := plugin.Value{Pos: t.pos, Kind: plugin.Text, Str: t.text}
	if !verbatim {
		var err error
		if v.Str, err = expand(t.text, l.lookup); err != nil {
			return v, err
		}
	}
	changed := v.Str != t.text
	if _, err := strconv.ParseFloat(v.Str, 64); err == nil && (t.style == styleNumber || changed && t.style == stylePlain) {
		v.Kind = plugin.Number
	}
	if kind == plugin.Boolean { // the words of YAML 1.1
		switch strings.ToLower(v.Str) {
		case "yes", "on":
			v.Str = "true"
		case "no", "off":
			v.Str = "false"
		}
	}
	return v, nil
}
