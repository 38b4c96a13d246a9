package processor

import (
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

// setProcessor gives a field a value, of the definition or of another field.
type setProcessor struct {
	field       *field
	value       *source
	copyFrom    *path
	override    bool
	ignoreEmpty bool
}

func newSet(c *config) (Processor, error) {
	p := &setProcessor{field: c.field("field"), override: c.flag("override", true), ignoreEmpty: c.flag("ignore_empty_value", false)}
	media := c.strOr("media_type", "application/json")
	escape, known := mustache.EscapingFor(media)
	if !known {
		c.fail("media_type", "property does not contain a supported media type [%s]", media)
	}
	if from := c.strOr("copy_from", ""); from != "" {
		p.copyFrom = c.pathOf("copy_from", from)
		if _, given := c.take("value"); given {
			c.fail("copy_from", "cannot set `copy_from` while also setting `value`")
		}
		return p, c.err
	}
	v := c.any("value")
	if c.err != nil {
		return nil, c.err
	}
	var err error
	p.value, err = compileSource(v, escape)
	return p, err
}

// Run sets the field.
func (p *setProcessor) Run(d *Document) error {
	to, err := d.at(p.field)
	if err != nil {
		return err
	}
	if !p.override {
		if have, found := d.lookup(to); found && have.Kind() != event.Null {
			return nil
		}
	}
	var v value
	if p.copyFrom != nil {
		v, err = d.getMaybe(p.copyFrom, p.ignoreEmpty)
		if err == nil {
			err = d.spend(weight(v))
			v = v.Clone()
		}
	} else {
		v, err = d.resolve(p.value)
	}
	if err != nil {
		return err
	}
	if p.ignoreEmpty && (p.copyFrom != nil || p.value.text != nil) && (v.Kind() == event.Null || v.Kind() == event.String && v.Str() == "") {
		return nil
	}
	return d.set(to, v)
}

// appendProcessor adds to a list.
type appendProcessor struct {
	field      *field
	value      *source
	copyFrom   *field
	duplicates bool
	keepEmpty  bool
}

func newAppend(c *config) (Processor, error) {
	p := &appendProcessor{field: c.field("field"), duplicates: c.flag("allow_duplicates", true)}
	media := c.strOr("media_type", "application/json")
	escape, known := mustache.EscapingFor(media)
	if !known {
		c.fail("media_type", "property does not contain a supported media type [%s]", media)
	}
	p.keepEmpty = !c.flag("ignore_empty_values", false)
	if from := c.strOr("copy_from", ""); from != "" {
		p.copyFrom = c.fieldOf("copy_from", from)
		if _, given := c.take("value"); given {
			c.fail("copy_from", "cannot set both `copy_from` and `value` in the same processor")
		}
		return p, c.err
	}
	v := c.any("value")
	if c.err != nil {
		return nil, c.err
	}
	var err error
	p.value, err = compileSource(v, escape)
	return p, err
}

// Run appends the value.
func (p *appendProcessor) Run(d *Document) error {
	to, err := d.at(p.field)
	if err != nil {
		return err
	}
	var v value
	if p.copyFrom != nil {
		from, err := d.at(p.copyFrom)
		if err != nil {
			return err
		}
		if v, err = d.get(from); err != nil {
			return err
		}
		if err := d.spend(weight(v)); err != nil {
			return err
		}
		v = v.Clone()
	} else if v, err = d.resolve(p.value); err != nil {
		return err
	}
	if !p.keepEmpty {
		if v = withoutEmpty(v); v.Kind() == event.Null {
			return nil
		}
	}
	return d.append(to, v, p.duplicates)
}

// withoutEmpty leaves out nulls and empty texts; null when nothing is left.
func withoutEmpty(v value) value {
	empty := func(item value) bool {
		return item.Kind() == event.Null || item.Kind() == event.String && item.Str() == ""
	}
	if v.Kind() == event.Array {
		kept := slices.DeleteFunc(slices.Clone(v.Items()), empty)
		if len(kept) == 0 {
			return event.NullValue
		}
		return event.ArrayOf(kept...)
	}
	if empty(v) {
		return event.NullValue
	}
	return v
}

// renameProcessor moves a value.
type renameProcessor struct {
	field, target           *field
	ignoreMissing, override bool
}

func newRename(c *config) (Processor, error) {
	return &renameProcessor{field: c.field("field"), target: c.field("target_field"), ignoreMissing: c.flag("ignore_missing", false), override: c.flag("override", false)}, c.err
}

// Run renames the field.
func (p *renameProcessor) Run(d *Document) error {
	from := p.field.path
	if from == nil {
		name, err := d.render(p.field.text)
		switch {
		case err != nil:
			return err
		case name == "" && p.ignoreMissing:
			return nil
		case name == "":
			return eserr.IllegalArgument("field path cannot be null nor empty")
		}
		if from, err = parsePath(name); err != nil {
			return err
		}
	}
	switch there, err := d.hasInBounds(from); {
	case there:
	case p.ignoreMissing:
		return nil
	case err != nil:
		return err
	default:
		return eserr.IllegalArgument("field [%s] doesn't exist", from.text)
	}
	to, err := d.at(p.target)
	if err != nil {
		return err
	}
	if taken, err := d.hasInBounds(to); err != nil {
		return err
	} else if taken && !p.override {
		return eserr.IllegalArgument("field [%s] already exists", to.text)
	}
	v, err := d.get(from)
	if err != nil {
		return err
	}
	if err := d.remove(from, false); err != nil {
		return err
	}
	if err := d.set(to, v); err != nil {
		if back := d.set(from, v); back != nil {
			return back
		}
		return err
	}
	return nil
}
