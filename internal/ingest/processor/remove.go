package processor

import (
	"strings"

	"elkhorn/internal/event"
)

// removeProcessor takes fields out of a document, or all but some.
type removeProcessor struct {
	fields        []*field
	keep          []*field
	ignoreMissing bool
}

func newRemove(c *config) (Processor, error) {
	p := &removeProcessor{ignoreMissing: c.flag("ignore_missing", false)}
	for _, name := range c.oneOrMore("field") {
		p.fields = append(p.fields, c.fieldOf("field", name))
	}
	for _, name := range c.oneOrMore("keep") {
		p.keep = append(p.keep, c.fieldOf("keep", name))
	}
	switch {
	case c.has("keep") && c.has("field"):
		c.fail("keep", "and [field] cannot both be used in the same processor")
	case !c.has("keep") && !c.has("field"):
		c.missing("field")
	}
	return p, c.err
}

// Run removes the fields.
func (p *removeProcessor) Run(d *Document) error {
	if len(p.keep) > 0 {
		return p.removeOthers(d)
	}
	for _, f := range p.fields {
		at := f.path
		if at == nil {
			name, err := d.render(f.text)
			if err != nil {
				return err
			}
			if name == "" && p.ignoreMissing {
				continue
			}
			if at, err = parsePath(name); err != nil {
				return err
			}
		}
		if err := d.remove(at, p.ignoreMissing); err != nil {
			return err
		}
	}
	return nil
}

func (p *removeProcessor) removeOthers(d *Document) error {
	kept := make([]string, 0, len(p.keep))
	for _, f := range p.keep {
		at, err := d.at(f)
		if err != nil {
			return err
		}
		kept = append(kept, strings.TrimPrefix(at.text, "_source."))
	}
	return d.prune(d.source, "", kept)
}

// prune removes from object, which is at prefix, what is neither kept nor holds or is held by what is.
func (d *Document) prune(object value, prefix string, kept []string) error {
	for i := object.Len() - 1; i >= 0; i-- {
		if err := d.count(); err != nil {
			return err
		}
		name, keep, inside := prefix+object.NameAt(i), false, false
		for _, k := range kept {
			keep = keep || name == k || strings.HasPrefix(name, k+".")
			inside = inside || strings.HasPrefix(k, name+".")
		}
		switch {
		case keep:
		case !inside:
			object.RemoveAt(i)
		case object.At(i).Kind() == event.Object:
			if err := d.prune(object.At(i), name+".", kept); err != nil {
				return err
			}
		}
	}
	return nil
}
