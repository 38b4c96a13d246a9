package processor

import (
	"fmt"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// jsonProcessor parses a text.
type jsonProcessor struct {
	field, target              *path
	addToRoot, merge           bool
	allowDuplicates, anyFollow bool
}

func newJSON(c *config) (Processor, error) {
	p := &jsonProcessor{field: c.path("field"), addToRoot: c.flag("add_to_root", false), allowDuplicates: c.flag("allow_duplicate_keys", false), anyFollow: !c.flag("strict_json_parsing", true)}
	target := c.strOr("target_field", "")
	if p.addToRoot && target != "" {
		c.fail("target_field", "Cannot set a target field while also setting `add_to_root` to true")
	}
	switch strategy := c.strOr("add_to_root_conflict_strategy", ""); strategy {
	case "", "replace":
	case "merge":
		p.merge = true
	default:
		c.fail("add_to_root_conflict_strategy", "conflict strategy [%s] not supported, cannot convert field.", strategy)
	}
	if c.has("add_to_root_conflict_strategy") && !p.addToRoot {
		c.fail("add_to_root_conflict_strategy", "Cannot set `add_to_root_conflict_strategy` if `add_to_root` is false")
	}
	if c.err != nil {
		return nil, c.err
	}
	if p.target = p.field; target != "" {
		p.target = c.pathOf("target_field", target)
	}
	return p, c.err
}

// Run parses the field.
func (p *jsonProcessor) Run(d *Document) error {
	v, err := d.get(p.field)
	if err != nil {
		if !p.addToRoot {
			return err
		}
		v = event.NullValue
	}
	text := textOf(v)
	if err := d.spend(2 * len(text)); err != nil {
		return err
	}
	parsed, err := p.parse(text)
	if err != nil {
		return eserr.IllegalArgument("field [%s] is not JSON: %v", p.field.text, err).Because(eserr.New(400, "json_parse_exception", "%v", err))
	}
	switch {
	case !p.addToRoot:
		return d.set(p.target, parsed)
	case parsed.Kind() != event.Object:
		return eserr.IllegalArgument("cannot add non-map fields to root of document")
	}
	for i, member := range parsed.Items() {
		name := parsed.NameAt(i)
		if have, ok := d.source.Member(name); p.merge && ok && have.Kind() == event.Object && member.Kind() == event.Object {
			mergeInto(have, member)
			continue
		}
		if err := d.set(&path{text: name, parts: []part{{name: name}}}, member); err != nil {
			return err
		}
	}
	return nil
}

func (p *jsonProcessor) parse(text string) (value, error) {
	parse := event.ParseUnique
	if p.allowDuplicates {
		parse = event.ParseJSONPrefix
	}
	v, rest, err := parse([]byte(text))
	if err == nil && !p.anyFollow && strings.TrimSpace(string(rest)) != "" {
		err = fmt.Errorf("unexpected %q after the value", firstBytes(strings.TrimSpace(string(rest))))
	}
	return v, err
}

func firstBytes(text string) string {
	const some = 20
	if len(text) > some {
		return text[:some]
	}
	return text
}

// mergeInto puts the members of added into have, objects member by member.
func mergeInto(have, added value) {
	for i, v := range added.Items() {
		name := added.NameAt(i)
		if old, ok := have.Member(name); ok && old.Kind() == event.Object && v.Kind() == event.Object {
			mergeInto(old, v)
			continue
		}
		have.SetMember(name, v)
	}
}
