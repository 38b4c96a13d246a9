package trial

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/event"
)

const (
	// maxSuiteBytes bounds a file of cases; it holds samples, not logs.
	maxSuiteBytes = 64 << 20
	// maxRepeat bounds $repeat, since every event is kept until its case is compared.
	maxRepeat = 100_000
)

// defaultNow is the clock of a case that sets none: tests give the same answer every day.
var defaultNow = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Suite is a file of cases.
type Suite struct {
	File      string
	Pipelines []string // paths of the configuration
	Env       map[string]string
	cases     []*testCase
	document  *yaml.Node // as read, for Update
}

// testCase is one case, with the suite's defaults in place.
type testCase struct {
	name    string
	line    int
	now     time.Time
	input   []inputItem
	from    string // id or name of the input that raw lines come from
	codec   string
	ignore  []*event.Path
	exact   bool
	ordered bool
	expect  []*expectation
	expects bool // there is an expect at all
	drops   int  // -1 when nothing is said
	node    *yaml.Node
}

// inputItem is one step of a case's input: a raw line, an event, or time that passes.
type inputItem struct {
	line    string
	event   event.Value // when an object
	advance time.Duration
	repeat  int
}

// Fault is a mistake in a suite, with its place.
type Fault struct {
	File         string
	Line, Column int
	Reason       string
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Reason
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Reason)
}

// Load reads a suite. Errors are *Fault where they have a place.
func Load(file string) (*Suite, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	defer f.Close() // read only
	data, err := io.ReadAll(io.LimitReader(f, maxSuiteBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	if len(data) > maxSuiteBytes {
		return nil, &Fault{File: file, Reason: fmt.Sprintf("has more than %d bytes", maxSuiteBytes)}
	}
	return parseSuite(file, data)
}

func parseSuite(file string, data []byte) (*Suite, error) {
	s := &Suite{File: file, document: &yaml.Node{}}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(s.document); errors.Is(err, io.EOF) {
		return nil, &Fault{File: file, Reason: "is empty; it needs cases:"}
	} else if err != nil {
		return nil, &Fault{File: file, Reason: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	if err := noAliases(s.document); err != nil {
		return nil, s.fault(err)
	}
	if err := s.read(s.document.Content[0]); err != nil {
		return nil, s.fault(err)
	}
	return s, nil
}

// fault puts the file's name into an error of a node.
func (s *Suite) fault(err error) error {
	var at *Fault
	if errors.As(err, &at) {
		at.File = s.File
		return at
	}
	return &Fault{File: s.File, Reason: err.Error()}
}

// at makes an error of a node.
func at(n *yaml.Node, format string, args ...any) error {
	return &Fault{Line: n.Line, Column: n.Column, Reason: fmt.Sprintf(format, args...)}
}

// noAliases refuses anchors' uses: a few lines of them unfold to any size.
func noAliases(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		return at(n, "aliases (*%s) are not taken here; write the value out", n.Value)
	}
	for _, c := range n.Content {
		if err := noAliases(c); err != nil {
			return err
		}
	}
	return nil
}

// members calls visit for each name and value of a mapping; visit tells whether it knows the name.
func members(n *yaml.Node, what string, known []string, visit func(name string, v *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return at(n, "%s must be a mapping", what)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], n.Content[i+1]
		if !slices.Contains(known, key.Value) {
			return at(key, "%s has no %q; known are %s", what, key.Value, strings.Join(known, ", "))
		}
		if err := visit(key.Value, v); err != nil {
			return err
		}
	}
	return nil
}

var caseNames = []string{"name", "input", "expect", "drops", "now", "from", "codec", "ignore", "exact", "unordered"}

func (s *Suite) read(root *yaml.Node) error {
	defaults := testCase{now: defaultNow, ordered: true, drops: -1}
	var cases *yaml.Node
	known := []string{"pipeline", "env", "cases", "now", "from", "codec", "ignore", "exact", "unordered"}
	err := members(root, "a file of cases", known, func(name string, v *yaml.Node) error {
		switch name {
		case "pipeline":
			paths, err := texts(v)
			for _, p := range paths {
				if !filepath.IsAbs(p) {
					p = filepath.Join(filepath.Dir(s.File), p)
				}
				s.Pipelines = append(s.Pipelines, p)
			}
			return err
		case "env":
			if err := v.Decode(&s.Env); err != nil {
				return at(v, "env must be names and texts")
			}
			return nil
		case "cases":
			cases = v
			return nil
		}
		return defaults.set(name, v)
	})
	if err != nil {
		return err
	}
	if len(s.Pipelines) == 0 {
		beside := confOf(s.File)
		if _, err := os.Stat(beside); err != nil {
			return at(root, "there is no %s beside it; name the configuration with pipeline:", filepath.Base(beside))
		}
		s.Pipelines = []string{beside}
	}
	if cases == nil || cases.Kind != yaml.SequenceNode || len(cases.Content) == 0 {
		return at(root, "cases: must list at least one case")
	}
	for i, n := range cases.Content {
		c := defaults
		c.node, c.line, c.name = n, n.Line, fmt.Sprintf("case %d", i+1)
		if err := members(n, "a case", caseNames, c.set); err != nil {
			return err
		}
		if len(c.input) == 0 {
			return at(n, "case %q has no input", c.name)
		}
		s.cases = append(s.cases, &c)
	}
	return nil
}

// confOf is the configuration that a file of cases stands beside: a.test.yml and a.yml belong to a.conf.
func confOf(file string) string {
	base := strings.TrimSuffix(strings.TrimSuffix(file, filepath.Ext(file)), ".test")
	return base + ".conf"
}

// CasesOf is the file of cases beside a configuration; "" when there is none.
func CasesOf(conf string) string {
	base := strings.TrimSuffix(conf, filepath.Ext(conf))
	for _, ext := range []string{".test.yml", ".test.yaml"} {
		if info, err := os.Stat(base + ext); err == nil && info.Mode().IsRegular() {
			return base + ext
		}
	}
	return ""
}

// set takes one member of a case or one default of the suite.
func (c *testCase) set(name string, v *yaml.Node) (err error) {
	switch name {
	case "name":
		c.name = v.Value
	case "now":
		if c.now, err = time.Parse(time.RFC3339Nano, v.Value); err != nil {
			return at(v, "now: %q is no time such as 2026-02-27T12:00:00Z", v.Value)
		}
	case "from":
		c.from = v.Value
	case "codec":
		c.codec = v.Value
	case "exact":
		return flag(v, name, &c.exact)
	case "unordered":
		var unordered bool
		err = flag(v, name, &unordered)
		c.ordered = !unordered
		return err
	case "ignore":
		return c.setIgnore(v)
	case "drops":
		if err := v.Decode(&c.drops); err != nil || c.drops < 0 {
			return at(v, "drops must be a number of input events")
		}
	case "input":
		return c.setInput(v)
	case "expect":
		c.expects = true
		if v.Kind == yaml.MappingNode {
			v = &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{v}}
		}
		if v.Kind != yaml.SequenceNode {
			return at(v, "expect must list events; [] means that every event is dropped")
		}
		for _, n := range v.Content {
			e, err := newExpectation(n)
			if err != nil {
				return err
			}
			c.expect = append(c.expect, e)
		}
	}
	return nil
}

func flag(v *yaml.Node, name string, to *bool) error {
	if err := v.Decode(to); err != nil {
		return at(v, "%s must be true or false", name)
	}
	return nil
}

func (c *testCase) setIgnore(v *yaml.Node) error {
	names, err := texts(v)
	if err != nil {
		return err
	}
	c.ignore = slices.Clone(c.ignore)
	for _, name := range names {
		p, err := event.ParsePath(name)
		if err != nil {
			return at(v, "ignore: %v", err)
		}
		c.ignore = append(c.ignore, p)
	}
	return nil
}

// setInput takes a text, each line of which is one raw line, or a list.
func (c *testCase) setInput(v *yaml.Node) error {
	switch v.Kind {
	case yaml.ScalarNode:
		for line := range strings.Lines(v.Value) {
			c.input = append(c.input, inputItem{line: strings.TrimRight(line, "\r\n"), repeat: 1})
		}
		return nil
	case yaml.MappingNode:
		v = &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{v}}
	}
	for _, n := range v.Content {
		item, err := newInputItem(n)
		if err != nil {
			return err
		}
		c.input = append(c.input, item)
	}
	return nil
}

func newInputItem(n *yaml.Node) (inputItem, error) {
	item := inputItem{repeat: 1}
	if n.Kind != yaml.MappingNode {
		if n.Kind != yaml.ScalarNode {
			return item, at(n, "an input is a text (a raw line), a mapping (an event), or {$advance: 30s}")
		}
		item.line = n.Value
		return item, nil
	}
	if len(n.Content) == 0 || !strings.HasPrefix(n.Content[0].Value, "$") {
		v, err := nodeValue(n)
		item.event = v
		return item, err
	}
	err := members(n, "an input", []string{"$line", "$event", "$repeat", "$advance"}, func(name string, v *yaml.Node) (err error) {
		switch name {
		case "$line":
			item.line = v.Value
		case "$event":
			if v.Kind != yaml.MappingNode {
				return at(v, "$event must be a mapping")
			}
			item.event, err = nodeValue(v)
		case "$repeat":
			if err := v.Decode(&item.repeat); err != nil || item.repeat < 1 || item.repeat > maxRepeat {
				return at(v, "$repeat must be a number from 1 to %d", maxRepeat)
			}
		case "$advance":
			if item.advance, err = time.ParseDuration(v.Value); err != nil || item.advance <= 0 {
				return at(v, "$advance: %q is no duration such as 30s or 5m", v.Value)
			}
			item.repeat = 0
		}
		return err
	})
	return item, err
}

// texts reads a text or a list of texts.
func texts(n *yaml.Node) ([]string, error) {
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}, nil
	}
	var out []string
	for _, item := range n.Content {
		if n.Kind != yaml.SequenceNode || item.Kind != yaml.ScalarNode {
			return nil, at(n, "wants a text or a list of texts")
		}
		out = append(out, item.Value)
	}
	return out, nil
}

// nodeValue makes a value of YAML: numbers and booleans are such, everything else that is scalar is text (times as well).
func nodeValue(n *yaml.Node) (event.Value, error) {
	switch n.Kind {
	case yaml.MappingNode:
		object := event.NewObject()
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := nodeValue(n.Content[i+1])
			if err != nil {
				return v, err
			}
			object.SetMember(n.Content[i].Value, v)
		}
		return object, nil
	case yaml.SequenceNode:
		list := event.ArrayOf()
		for _, item := range n.Content {
			v, err := nodeValue(item)
			if err != nil {
				return v, err
			}
			list.Append(v)
		}
		return list, nil
	}
	switch n.ShortTag() {
	case "!!null":
		return event.NullValue, nil
	case "!!bool":
		var b bool
		err := n.Decode(&b)
		return event.BoolOf(b), err
	case "!!int":
		var i int64
		if err := n.Decode(&i); err != nil {
			return event.NullValue, at(n, "%s does not fit 64 bits", n.Value)
		}
		return event.IntOf(i), nil
	case "!!float":
		var f float64
		err := n.Decode(&f)
		return event.FloatOf(f), err
	}
	return event.StringOf(n.Value), nil
}
