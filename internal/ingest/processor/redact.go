package processor

import (
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
)

// redactProcessor puts the names of patterns in the place of what they match.
type redactProcessor struct {
	field          *path
	patterns       []redactPattern
	prefix, suffix string
	ignoreMissing  bool
	trace          bool
}

type redactPattern struct {
	grok *pattern.Grok
	name string
}

// redactedField is where trace_redact tells that something was redacted.
var redactedField = mustPath("_ingest._redact._is_redacted")

func newRedact(c *config) (Processor, error) {
	p := &redactProcessor{field: c.path("field"), ignoreMissing: c.flag("ignore_missing", true), prefix: c.strOr("prefix", "<"), suffix: c.strOr("suffix", ">"), trace: c.flag("trace_redact", false)}
	c.flag("skip_if_unlicensed", false) // there is nothing to license
	library := c.library("v1")
	sources := c.strs("patterns")
	if len(sources) == 0 {
		c.fail("patterns", "List of patterns must not be empty")
	}
	if c.err != nil {
		return nil, c.err
	}
	for _, source := range sources {
		g, err := library.Compile(source, pattern.GrokOptions{})
		if err == nil && len(g.Fields()) == 0 {
			err = eserr.IllegalArgument("pattern [%s] names nothing to put in the place of what it matches", source)
		}
		if err != nil {
			return nil, c.fault("patterns", "Invalid regex pattern found in: [%s]. %v", strings.Join(sources, ", "), err)
		}
		p.patterns = append(p.patterns, redactPattern{grok: g, name: g.Fields()[0].Name})
	}
	return p, nil
}

// span is a match and the name of the pattern.
type span struct {
	start, end int
	name       string
}

// Run redacts the field.
func (p *redactProcessor) Run(d *Document) error {
	text, present, err := d.text(p.field, true)
	switch {
	case err != nil:
		return err
	case !present && p.ignoreMissing:
		return nil
	case !present:
		return eserr.IllegalArgument("field [%s] is null or missing", p.field.text)
	}
	spans, err := p.find(d, text)
	if err != nil || len(spans) == 0 {
		return err
	}
	var out strings.Builder
	copied := 0
	for _, s := range merged(spans) {
		out.WriteString(text[copied:s.start])
		out.WriteString(p.prefix + s.name + p.suffix)
		copied = s.end
	}
	out.WriteString(text[copied:])
	if p.trace {
		if err := d.set(redactedField, event.BoolOf(true)); err != nil {
			return err
		}
	}
	return d.set(p.field, event.StringOf(out.String()))
}

func (p *redactProcessor) find(d *Document, text string) ([]span, error) {
	var spans []span
	for i := range p.patterns {
		x := &p.patterns[i]
		for from := 0; from <= len(text); {
			bounds, err := x.grok.Find(nil, text, from)
			if err != nil {
				return nil, gaveUp(err)
			}
			if bounds == nil {
				break
			}
			if err := d.spend(valueBytes); err != nil {
				return nil, err
			}
			spans = append(spans, span{bounds[0], bounds[1], x.name})
			if from = bounds[1]; bounds[0] == bounds[1] {
				from++
			}
		}
	}
	return spans, nil
}

// merged joins spans that touch; the longest gives the name.
func merged(spans []span) []span {
	slices.SortStableFunc(spans, func(a, b span) int { return a.start - b.start })
	out := spans[:0]
	longest := 0
	for _, s := range spans {
		n := len(out)
		if n == 0 || s.start > out[n-1].end {
			out, longest = append(out, s), s.end-s.start
			continue
		}
		if s.end-s.start > longest {
			out[n-1].name, longest = s.name, s.end-s.start
		}
		out[n-1].end = max(out[n-1].end, s.end)
	}
	return out
}
