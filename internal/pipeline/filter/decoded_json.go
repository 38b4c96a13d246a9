package filter

import (
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// DecodedJSON makes up for JSON lines that an input has decoded already. Pipelines are written for lines that arrive as
// text: a json filter parses message into a field, and a mutate renames that field's members to names of the pipeline
// ([parsed][level] to log_level). When the shipper or the input's codec has decoded the line, the members are in the event
// itself, the json filter finds no JSON in message, nothing is renamed, and the event comes out without log_level.
//
// DecodedJSON copies such members to the names that the pipeline's own rename gives them, where those are missing. The
// runtime runs it before the filters of a pipeline for which [FindDecodedJSON] found one.
type DecodedJSON struct {
	copies []decodedCopy
}

type decodedCopy struct {
	from     string // member of the event
	member   *event.Path
	to       *event.Path
	evidence bool // its presence tells that a record was decoded
}

// FindDecodedJSON looks through the filters of a pipeline, in the order of the configuration, for a json filter that
// parses message into a target and a rename that reads members of that target. It returns nil when there is none, or when
// none of the members is one by which a decoded record is known (level or timestamp).
func FindDecodedJSON(filters []*plugin.BlockConfig) *DecodedJSON {
	target := ""
	d := &DecodedJSON{}
	known := false
	for _, block := range filters {
		switch block.Name {
		case "json":
			if source := optionText(block, "source"); source == "message" || source == "[message]" {
				target = strings.Trim(optionText(block, "target"), "[]")
			}
		case "mutate":
			if target != "" {
				known = d.add(block, target) || known
			}
		}
	}
	if !known {
		return nil
	}
	return d
}

func optionText(block *plugin.BlockConfig, name string) string {
	for _, o := range block.Options {
		if o.Key == name {
			return o.Value.Str
		}
	}
	return ""
}

// add takes the renames of one mutate block and tells whether one of them reads evidence of a decoded record.
func (d *DecodedJSON) add(block *plugin.BlockConfig, target string) (known bool) {
	for _, option := range block.Options {
		if option.Key != "rename" {
			continue
		}
		for _, pair := range option.Value.Pairs {
			name, ok := strings.CutPrefix(pair.Key, "["+target+"][")
			name, closed := strings.CutSuffix(name, "]")
			if !ok || !closed || strings.ContainsAny(name, "[]") || name == pair.Value.Str {
				continue
			}
			from, err := event.ParsePath("[" + name + "]")
			if err != nil {
				continue
			}
			to, err := event.ParsePath(pair.Value.Str)
			if err != nil {
				continue // the mutate filter reports it
			}
			evidence := name == "level" || name == "timestamp"
			d.copies = append(d.copies, decodedCopy{from: name, member: from, to: to, evidence: evidence})
			known = known || evidence
		}
	}
	return known
}

// String says what is copied, for a check of the configuration: "level to log_level, tool to tool_name".
func (d *DecodedJSON) String() string {
	parts := make([]string, len(d.copies))
	for i, c := range d.copies {
		parts[i] = c.from + " to " + c.to.String()
	}
	return strings.Join(parts, ", ")
}

// Filter copies the members of an event that is a decoded record: one that has a level or a timestamp of its own, and
// whose message is not JSON for the json filter to parse.
func (d *DecodedJSON) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	if !d.decoded(ev) {
		return pipeline.Unmatched
	}
	for i := range d.copies {
		c := &d.copies[i]
		v, ok := ev.Get(c.member)
		if !ok || v.Kind() == event.Null {
			continue
		}
		if _, taken := ev.Get(c.to); !taken {
			ev.Set(c.to, v.Clone())
		}
	}
	return pipeline.Matched
}

func (d *DecodedJSON) decoded(ev *event.Event) bool {
	if message, ok := ev.Fields().Member("message"); ok {
		if strings.HasPrefix(strings.TrimLeft(message.Str(), " \t\r\n"), "{") {
			return false
		}
	}
	for i := range d.copies {
		if c := &d.copies[i]; c.evidence {
			if v, ok := ev.Get(c.member); ok && v.Kind() == event.String {
				return true
			}
		}
	}
	return false
}
