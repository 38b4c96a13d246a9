package processor

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
)

// dissectProcessor takes a text apart by the text between its parts.
type dissectProcessor struct {
	field         *path
	dissect       *pattern.Dissect
	ignoreMissing bool
}

func newDissect(c *config) (Processor, error) {
	p := &dissectProcessor{field: c.path("field"), ignoreMissing: c.flag("ignore_missing", false)}
	source, separator := c.str("pattern"), c.strOr("append_separator", "")
	if c.err != nil {
		return nil, c.err
	}
	var err error
	if p.dissect, err = pattern.CompileDissect(source, separator); err != nil {
		return nil, eserr.New(500, "pattern_parse", "%v", err)
	}
	return p, nil
}

// Run sets the parts.
func (p *dissectProcessor) Run(d *Document) error {
	text, present, err := d.text(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case !present && p.ignoreMissing:
		return nil
	case !present:
		return eserr.IllegalArgument("field [%s] is null, cannot process it.", p.field.text)
	}
	var failed error
	matched := p.dissect.Match(text, func(name, part string) {
		if failed != nil {
			return
		}
		to, err := parsePath(name)
		if err == nil {
			err = d.set(to, event.StringOf(part))
		}
		failed = err
	})
	if !matched {
		return eserr.New(500, "find_match", "Unable to find match for dissect pattern: %s against source: %s", p.dissect, text)
	}
	return failed
}
