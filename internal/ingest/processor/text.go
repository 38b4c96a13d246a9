package processor

import (
	"net/url"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
)

// textProcessor is a processor that makes something of a text, or of each text in a list.
type textProcessor struct {
	field, target *path
	ignoreMissing bool
	convert       func(text string) (value, error)
}

func newText(c *config, convert func(text string) (value, error)) (Processor, error) {
	p := &textProcessor{field: c.path("field"), ignoreMissing: c.flag("ignore_missing", false), convert: convert}
	if c.err == nil {
		p.target = c.pathOr("target_field", p.field.text)
	}
	return p, c.err
}

// Run replaces the text.
func (p *textProcessor) Run(d *Document) error {
	v, err := d.getMaybe(p.field, p.ignoreMissing)
	if err != nil {
		return err
	}
	switch v.Kind() {
	case event.Null:
		if p.ignoreMissing {
			return nil
		}
		return eserr.IllegalArgument("field [%s] is null, cannot process it.", p.field.text)
	case event.String:
		out, err := p.convert(v.Str())
		if err != nil {
			return err
		}
		return d.set(p.target, out)
	case event.Array:
		list := event.ArrayOf()
		for _, item := range v.Items() {
			if item.Kind() != event.String {
				return eserr.IllegalArgument("value [%s] of type [%s] in list field [%s] cannot be cast to [java.lang.String]", textOf(item), className(item), p.field.text)
			}
			out, err := p.convert(item.Str())
			if err != nil {
				return err
			}
			if err := d.spend(valueBytes + len(out.Str())); err != nil {
				return err
			}
			list.Append(out)
		}
		return d.set(p.target, list)
	}
	return cannotCast(p.field.text, v, "java.lang.String")
}

// plainly is a conversion that cannot fail.
func plainly(convert func(string) string) func(string) (value, error) {
	return func(text string) (value, error) { return event.StringOf(convert(text)), nil }
}

func newLowercase(c *config) (Processor, error) { return newText(c, plainly(strings.ToLower)) }

func newUppercase(c *config) (Processor, error) { return newText(c, plainly(strings.ToUpper)) }

// newTrim takes away what Java's trim does: everything up to the blank in the order of characters.
func newTrim(c *config) (Processor, error) {
	return newText(c, plainly(func(text string) string {
		return strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
	}))
}

func newBytes(c *config) (Processor, error) {
	return newText(c, func(text string) (value, error) {
		n, ok := es.ParseByteSize(text)
		if !ok {
			return value{}, eserr.ParseException("failed to parse setting [Ingest Field] with value [%s] as a size in bytes: unit is missing or unrecognized", text)
		}
		return event.IntOf(n), nil
	})
}

func newURLDecode(c *config) (Processor, error) {
	return newText(c, func(text string) (value, error) {
		plain, err := url.QueryUnescape(text)
		if err != nil {
			return value{}, eserr.IllegalArgument("Could not URL-decode value [%s]", text)
		}
		return event.StringOf(plain), nil
	})
}

// newGsub replaces what an expression matches.
func newGsub(c *config) (Processor, error) {
	source, with := c.str("pattern"), c.str("replacement")
	if c.err != nil {
		return nil, c.err
	}
	re, err := pattern.CompileJava(source)
	if err != nil {
		return nil, c.fault("pattern", "Invalid regex pattern. %v", err)
	}
	replacement, err := re.JavaReplacement(with)
	if err != nil {
		return nil, c.fault("replacement", "%v", err)
	}
	return newText(c, func(text string) (value, error) {
		out, err := re.ReplaceWithin(text, replacement, maxWrittenBytes)
		if err != nil {
			return value{}, eserr.IllegalArgument("pattern [%s] on a text of [%d] bytes: %v", source, len(text), err)
		}
		return event.StringOf(out), nil
	})
}
