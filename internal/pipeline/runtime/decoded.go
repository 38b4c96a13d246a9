package runtime

import (
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// A configuration that parses JSON from "message" into a target and renames the target's members
// is written for events that arrive as text. When a shipper or a codec has decoded the JSON already, its fields stand
// at the root, the filters' condition on "message" is false, and nothing is renamed. decodedCopy does what the
// renames would have done: it copies the root fields to the renames' targets where these are missing. Strict turns it off.
type decodedCopy struct {
	copies []fieldCopy
}

type fieldCopy struct {
	from, to *event.Path
}

// tolerateDecoded puts the copies before the first filter when the configuration is such a one.
func (b *builder) tolerateDecoded() {
	copies, at := decodedRenames(b.opts.Config)
	if len(copies) == 0 {
		return
	}
	var shown []string
	for _, c := range copies {
		shown = append(shown, c.from.String()+" to "+c.to.String())
	}
	b.warnings = append(b.warnings, &plugin.Error{Pos: at, Plugin: "mutate", Option: "rename",
		Reason: "events whose JSON the input has decoded already have these fields at the root; they are copied where the rename's targets are missing: " +
			strings.Join(shown, ", ") + " (compat.strict turns this off)"})
	c := &Counters{Kind: "filter", Name: "decoded_fields", ID: "decoded_fields", Place: at.String()}
	b.counters = append(b.counters, c)
	b.code = append(b.code, instruction{op: opFilter, filter: &filterNode{filter: &decodedCopy{copies}, counters: c}})
}

// decodedRenames finds the renames of members of a target that a json filter fills from "message".
func decodedRenames(cfg *config.Config) (copies []fieldCopy, at plugin.Pos) {
	targets := map[string]bool{}
	cfg.Plugins(config.Filter, func(p *config.Plugin) {
		source, _ := p.Option("source")
		target, ok := p.Option("target")
		if p.Name == "json" && ok && strings.Trim(source.Text, "[]") == "message" {
			targets[strings.Trim(target.Text, "[]")] = true
		}
	})
	cfg.Plugins(config.Filter, func(p *config.Plugin) {
		rename, ok := p.Option("rename")
		if p.Name != "mutate" || !ok || rename.Kind != config.Hash {
			return
		}
		for _, pair := range rename.Pairs {
			parent, leaf, ok := strings.Cut(strings.Trim(pair.Key.Text, "[]"), "][")
			if !ok || !targets[parent] || strings.Contains(leaf, "][") || leaf == pair.Value.Text {
				continue
			}
			from, err := event.ParsePath(leaf)
			if err != nil {
				continue
			}
			to, err := event.ParsePath(pair.Value.Text)
			if err != nil {
				continue // the filter itself reports it
			}
			copies = append(copies, fieldCopy{from, to})
			at = rename.Pos
		}
	})
	return copies, at
}

var messagePath = event.MustPath("message")

// Filter copies. Objects are left alone: a shipper's own "error" or "service" is one, a program's is not.
func (d *decodedCopy) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	if m, _ := ev.Get(messagePath); strings.HasPrefix(strings.TrimLeft(m.Str(), " \t"), "{") {
		return pipeline.Unmatched // still text: the configuration's own filters parse it
	}
	for _, c := range d.copies {
		v, ok := ev.Get(c.from)
		if !ok || v.Kind() == event.Object || v.Kind() == event.Null {
			continue
		}
		if _, taken := ev.Get(c.to); !taken {
			ev.Set(c.to, v.Clone())
		}
	}
	return pipeline.Matched
}
