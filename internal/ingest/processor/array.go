package processor

import (
	"cmp"
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
	"elkhorn/internal/pattern"
)

// listAt returns the list at a path.
func (d *Document) listAt(p *path, doing string) (value, error) {
	v, err := d.get(p)
	switch {
	case err != nil:
		return v, err
	case v.Kind() == event.Null:
		return v, eserr.IllegalArgument("field [%s] is null, cannot %s.", p.text, doing)
	case v.Kind() != event.Array:
		return v, cannotCast(p.text, v, "java.util.List")
	}
	return v, nil
}

// splitProcessor cuts a text into a list.
type splitProcessor struct {
	field, target                   *path
	separator                       *pattern.Regexp
	ignoreMissing, preserveTrailing bool
}

func newSplit(c *config) (Processor, error) {
	p := &splitProcessor{field: c.path("field"), ignoreMissing: c.flag("ignore_missing", false), preserveTrailing: c.flag("preserve_trailing", false)}
	separator := c.str("separator")
	if c.err != nil {
		return nil, c.err
	}
	p.target = c.pathOr("target_field", p.field.text)
	var err error
	if p.separator, err = pattern.CompileJava(separator); err != nil {
		return nil, c.fault("separator", "Invalid regex pattern. %v", err)
	}
	return p, c.err
}

// Run splits the text.
func (p *splitProcessor) Run(d *Document) error {
	text, present, err := d.text(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case !present && p.ignoreMissing:
		return nil
	case !present:
		return eserr.IllegalArgument("field [%s] is null, cannot split.", p.field.text)
	}
	limit := 0
	if p.preserveTrailing {
		limit = -1
	}
	parts, err := p.separator.Split(text, limit)
	if err != nil {
		return eserr.IllegalArgument("separator on a text of [%d] bytes: %v", len(text), err)
	}
	if err := d.spend(len(text) + valueBytes*len(parts)); err != nil {
		return err
	}
	list := event.ArrayOf()
	list.Reserve(len(parts))
	for _, part := range parts {
		list.Append(event.StringOf(part))
	}
	return d.set(p.target, list)
}

// joinProcessor makes a text of a list.
type joinProcessor struct {
	field, target *path
	separator     string
}

func newJoin(c *config) (Processor, error) {
	p := &joinProcessor{field: c.path("field"), separator: c.str("separator")}
	if c.err == nil {
		p.target = c.pathOr("target_field", p.field.text)
	}
	return p, c.err
}

// Run joins the list.
func (p *joinProcessor) Run(d *Document) error {
	list, err := d.listAt(p.field, "join")
	if err != nil {
		return err
	}
	if err := d.spend(len(p.separator) * list.Len()); err != nil {
		return err
	}
	var text []byte
	for i, item := range list.Items() {
		if i > 0 {
			text = append(text, p.separator...)
		}
		text = mustache.AppendText(text, item)
	}
	return d.set(p.target, event.StringOf(string(text)))
}

// sortProcessor sorts a list of texts or of numbers.
type sortProcessor struct {
	field, target *path
	descending    bool
}

func newSort(c *config) (Processor, error) {
	p := &sortProcessor{field: c.path("field")}
	if c.err == nil {
		p.target = c.pathOr("target_field", p.field.text)
	}
	switch order := c.strOr("order", "asc"); order {
	case "asc":
	case "desc":
		p.descending = true
	default:
		c.fail("order", "Sort direction [%s] not recognized. Valid values are: [asc, desc]", order)
	}
	return p, c.err
}

// Run sorts the list.
func (p *sortProcessor) Run(d *Document) error {
	list, err := d.listAt(p.field, "sort")
	if err != nil {
		return err
	}
	if err := d.spend(valueBytes * list.Len()); err != nil {
		return err
	}
	items := slices.Clone(list.Items())
	for i := range items {
		if i > 0 && !comparable(items[0], items[i]) {
			return eserr.New(500, "class_cast_exception", "class %s cannot be cast to class %s", className(items[0]), className(items[i]))
		}
	}
	slices.SortStableFunc(items, func(a, b value) int {
		if p.descending {
			a, b = b, a
		}
		return compare(a, b)
	})
	return d.set(p.target, event.ArrayOf(items...))
}

func comparable(a, b value) bool {
	switch a.Kind() {
	case event.String, event.Bool, event.Time:
		return a.Kind() == b.Kind()
	case event.Int, event.Float:
		return a.Kind() == b.Kind()
	}
	return false
}

func compare(a, b value) int {
	switch a.Kind() {
	case event.String:
		return cmp.Compare(a.Str(), b.Str())
	case event.Int:
		return cmp.Compare(a.Int(), b.Int())
	case event.Float:
		return cmp.Compare(a.Float(), b.Float())
	case event.Time:
		return a.Time().Compare(b.Time())
	}
	switch {
	case a.Bool() == b.Bool():
		return 0
	case b.Bool():
		return -1
	}
	return 1
}
