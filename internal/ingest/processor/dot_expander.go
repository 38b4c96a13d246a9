package processor

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// dotExpander makes an object of a member whose name has points.
type dotExpander struct {
	field    string // * is every member
	path     *path  // of the object that holds it; nil is the document
	override bool
}

func newDotExpander(c *config) (Processor, error) {
	p := &dotExpander{field: c.str("field"), override: c.flag("override", false)}
	if base := c.strOr("path", ""); base != "" {
		p.path = c.pathOf("path", base)
	}
	if c.err != nil || p.field == "*" {
		return p, c.err
	}
	switch {
	case !strings.Contains(p.field, "."):
		c.fail("field", "field does not contain a dot and is not a wildcard")
	case strings.HasPrefix(p.field, ".") || strings.HasSuffix(p.field, "."):
		c.fail("field", "Field can't start or end with a dot")
	case strings.Contains(p.field, ".."):
		c.fail("field", "No space between dots")
	}
	return p, c.err
}

// Run expands the members.
func (p *dotExpander) Run(d *Document) error {
	holder, prefix := d.source, ""
	if p.path != nil {
		v, err := d.get(p.path)
		if err != nil {
			return err
		}
		if v.Kind() != event.Object {
			return cannotCast(p.path.text, v, "java.util.Map")
		}
		holder, prefix = v, p.path.text+"."
	}
	if p.field != "*" {
		return p.expand(d, holder, prefix, p.field)
	}
	var names []string
	for i := range holder.Len() {
		if name := holder.NameAt(i); strings.Index(name, ".") > 0 {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if err := d.count(); err != nil {
			return err
		}
		if err := p.expand(d, holder, prefix, name); err != nil {
			return err
		}
	}
	return nil
}

func (p *dotExpander) expand(d *Document, holder value, prefix, name string) error {
	v, ok := holder.Member(name)
	if !ok {
		return nil
	}
	to, err := parsePath(prefix + name)
	if err != nil {
		return err
	}
	if d.has(to) {
		holder.RemoveMember(name)
		if p.override {
			return d.set(to, v)
		}
		return d.append(to, v, true)
	}
	for i := 1; i < len(to.parts); i++ {
		above := *to
		above.parts = to.parts[:i]
		have, found := d.lookup(&above)
		if !found {
			break
		}
		if have.Kind() != event.Object {
			return eserr.IllegalArgument("cannot expand [%s], because [%s] is not an object field, but a value field", to.text, joinParts(above.parts))
		}
	}
	holder.RemoveMember(name)
	return d.set(to, v)
}

func joinParts(parts []part) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.name
	}
	return strings.Join(names, ".")
}
