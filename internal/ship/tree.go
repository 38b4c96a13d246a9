package ship

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/plugin"
)

// tree is a YAML document in which dotted and nested keys have become one: a.b: 1 and a: {b: 1} are the same.
type tree struct {
	pos   plugin.Pos
	kind  treeKind
	text  string // of a scalar, variables not yet replaced
	style scalarStyle
	items []*tree
	keys  []string // of a map, in the order written
	named map[string]*tree
}

type treeKind uint8

const (
	treeNull treeKind = iota
	treeScalar
	treeList
	treeMap
)

// scalarStyle is what a scalar is when no variable changes it.
type scalarStyle uint8

const (
	styleText scalarStyle = iota
	stylePlain
	styleNumber
	styleBool
)

// maxAliasNodes bounds what aliases may blow a file up to.
const maxAliasNodes = 100_000

type treeReader struct {
	file  string
	nodes int
}

// parseTree reads a document whose root is of a kind; an empty one is an empty root.
func parseTree(file string, data []byte, want treeKind) (*tree, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: %s", file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) == 0 {
		return &tree{pos: plugin.Pos{File: file, Line: 1, Column: 1}, kind: want, named: map[string]*tree{}}, nil
	}
	r := &treeReader{file: file}
	root, err := r.read(doc.Content[0])
	if err == nil && root.kind != want {
		err = fmt.Errorf("%s: want %s", root.pos, map[treeKind]string{treeMap: "keys and values", treeList: "a list"}[want])
	}
	return root, err
}

func (r *treeReader) read(n *yaml.Node) (*tree, error) {
	if r.nodes++; r.nodes > maxAliasNodes {
		return nil, fmt.Errorf("%s:%d: the file has more than %d values", r.file, n.Line, maxAliasNodes)
	}
	t := &tree{pos: plugin.Pos{File: r.file, Line: n.Line, Column: n.Column}}
	switch n.Kind {
	case yaml.AliasNode:
		return r.read(n.Alias)
	case yaml.SequenceNode:
		t.kind = treeList
		for _, item := range n.Content {
			child, err := r.read(item)
			if err != nil {
				return nil, err
			}
			t.items = append(t.items, child)
		}
		return t, nil
	case yaml.MappingNode:
		t.kind, t.named = treeMap, make(map[string]*tree)
		for i := 0; i+1 < len(n.Content); i += 2 {
			value, err := r.read(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			if err := t.put(n.Content[i].Value, value, plugin.Pos{File: r.file, Line: n.Content[i].Line, Column: n.Content[i].Column}); err != nil {
				return nil, err
			}
		}
		return t, nil
	}
	return r.scalar(n, t)
}

func (r *treeReader) scalar(n *yaml.Node, t *tree) (*tree, error) {
	t.kind, t.text = treeScalar, n.Value
	switch n.ShortTag() {
	case "!!null":
		t.kind = treeNull
	case "!!bool":
		t.style = styleBool
		t.text = strings.ToLower(n.Value)
	case "!!int":
		t.style = styleNumber
		var number int64 // 0644 and 0x1F are numbers too
		if err := n.Decode(&number); err == nil {
			t.text = fmt.Sprint(number)
		}
	case "!!float":
		t.style = styleNumber
	default:
		if n.Style == 0 {
			t.style = stylePlain
		}
	}
	return t, nil
}

// put places a value at a dotted key, merging maps.
func (t *tree) put(dotted string, value *tree, pos plugin.Pos) error {
	name, rest, nested := strings.Cut(dotted, ".")
	have := t.named[name]
	if nested {
		if have == nil {
			have = &tree{pos: pos, kind: treeMap, named: make(map[string]*tree)}
			t.set(name, have)
		}
		if have.kind == treeNull {
			have.kind, have.named = treeMap, make(map[string]*tree)
		}
		if have.kind != treeMap {
			return fmt.Errorf("%s: %s has a value already, at %s", pos, name, have.pos)
		}
		return have.put(rest, value, pos)
	}
	switch {
	case have == nil || have.kind == treeNull:
		t.set(name, value)
	case have.kind == treeMap && value.kind == treeMap:
		for _, key := range value.keys {
			if err := have.put(key, value.named[key], value.named[key].pos); err != nil {
				return err
			}
		}
	case value.kind == treeNull:
	default:
		return fmt.Errorf("%s: %s is given twice, first at %s", pos, name, have.pos)
	}
	return nil
}

func (t *tree) set(name string, value *tree) {
	if t.named[name] == nil {
		t.keys = append(t.keys, name)
	}
	t.named[name] = value
}

// at follows a dotted key; nil when there is nothing.
func (t *tree) at(dotted string) *tree {
	for name := range strings.SplitSeq(dotted, ".") {
		if t == nil || t.kind != treeMap {
			return nil
		}
		t = t.named[name]
	}
	return t
}

// without returns a map without some keys.
func (t *tree) without(names ...string) *tree {
	c := *t
	c.keys = slices.DeleteFunc(slices.Clone(t.keys), func(key string) bool { return slices.Contains(names, key) })
	return &c
}

// under returns a map with the values of another over its own; maps on both sides are joined.
func (t *tree) under(over *tree) *tree {
	joined := t
	for _, key := range over.keys {
		value := over.named[key]
		if have := t.at(key); have != nil && have.kind == treeMap && value.kind == treeMap {
			value = have.under(value)
		}
		joined = joined.without(key).with(key, value)
	}
	return joined
}

// with returns a map with one more key.
func (t *tree) with(name string, value *tree) *tree {
	c := *t
	c.keys = append(slices.Clone(t.keys), name)
	c.named = maps.Clone(t.named)
	if c.named == nil {
		c.named = make(map[string]*tree)
	}
	c.named[name] = value
	return &c
}
