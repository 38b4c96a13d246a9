package trial

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/event"
	"elkhorn/internal/vfs"
)

// Update writes what came out into the suite's file, for the cases that failed: where as many events came as are expected, only
// the fields that differ change; else the list of events is written anew. Comments stay. It answers how many cases
// changed. Cases that could not run stay as they are.
func (s *Suite) Update(r *Report) (int, error) {
	changed := 0
	for i := range r.Cases {
		report := &r.Cases[i]
		at := slices.IndexFunc(s.cases, func(c *testCase) bool { return c.line == report.Line })
		if !report.Failed() || at < 0 || report.Fault != "" && report.results == nil && report.Dropped == 0 {
			continue
		}
		s.cases[at].update(report)
		changed++
	}
	if changed == 0 {
		return 0, nil
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(s.document); err != nil {
		return 0, fmt.Errorf("write cases: %w", err)
	}
	if err := vfs.WriteFileAtomic(vfs.Default, s.File, out.Bytes()); err != nil {
		return 0, fmt.Errorf("write cases: %w", err)
	}
	return changed, nil
}

func (c *testCase) update(r *CaseReport) {
	if c.drops >= 0 {
		setMember(c.node, "drops", scalar(fmt.Sprint(r.Dropped), "!!int"))
	}
	sameCount := len(r.Events) > 0 && !slices.ContainsFunc(r.Events, func(e EventReport) bool { return e.Event == nil || e.Unexpected })
	if sameCount {
		for _, e := range r.Events {
			for _, d := range e.Differences {
				updateField(e, d)
			}
		}
		return
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, result := range r.results {
		list.Content = append(list.Content, c.eventNode(result.Event))
	}
	if len(list.Content) == 0 {
		list.Style = yaml.FlowStyle
	}
	setMember(c.node, "expect", list)
}

// updateField puts the value that came in the place of the one expected. What is about outputs is for people to decide.
func updateField(e EventReport, d Difference) {
	if d.want == nil {
		if p, err := event.ParsePath(d.Field); err == nil && d.Field[0] == '[' { // exact: a field that nobody named
			if v, ok := e.Event.Get(p); ok {
				name := d.Field
				if !strings.Contains(name, "][") {
					name = strings.Trim(name, "[]")
				}
				setMember(e.want.node, name, valueNode(v))
			}
		}
		return
	}
	v, ok := e.Event.Get(d.want.path)
	if !ok {
		*d.want.node = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: yaml.FlowStyle,
			Content: []*yaml.Node{scalar("$exists", "!!str"), scalar("false", "!!bool")}}
		return
	}
	comment := d.want.node.LineComment
	*d.want.node = *valueNode(v)
	d.want.node.LineComment = comment
}

// eventNode is an event as an expectation: all fields but those that are ignored, and the event time where it is not the clock's.
func (c *testCase) eventNode(ev *event.Event) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	if !ev.Timestamp().Equal(c.now) {
		setMember(n, "@timestamp", valueNode(event.TimeOf(ev.Timestamp())))
	}
	fields := ev.Fields()
	for i, v := range fields.Items() {
		name := fields.NameAt(i)
		p, err := event.ParsePath("[" + name + "]")
		if name == "@version" || err != nil || ignored(c.ignore, p) {
			continue
		}
		setMember(n, name, valueNode(v))
	}
	return n
}

func setMember(mapping *yaml.Node, name string, v *yaml.Node) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			mapping.Content[i+1] = v
			return
		}
	}
	mapping.Content = append(mapping.Content, scalar(name, "!!str"), v)
}

// scalar is a scalar; the encoder adds quotes to a text that would read as something else.
func scalar(text, tag string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}

// valueNode is a value as YAML.
func valueNode(v event.Value) *yaml.Node {
	switch v.Kind() {
	case event.Object:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for i, m := range v.Items() {
			n.Content = append(n.Content, scalar(v.NameAt(i), "!!str"), valueNode(m))
		}
		return n
	case event.Array:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
		for _, m := range v.Items() {
			n.Content = append(n.Content, valueNode(m))
		}
		return n
	case event.Null:
		return scalar("null", "!!null")
	case event.Bool:
		return scalar(v.Text(), "!!bool")
	case event.Int:
		return scalar(v.Text(), "!!int")
	case event.Float:
		return scalar(v.Text(), "!!float")
	}
	return scalar(v.Text(), "!!str")
}
