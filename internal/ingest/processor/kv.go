package processor

import (
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
)

// keyValue takes a text such as ip=1.2.3.4 error=REFUSED apart into fields.
type keyValue struct {
	field, target          *field
	fieldSplit, valueSplit *pattern.Regexp
	valueSplitText         string
	include, exclude       []string
	hasInclude             bool
	prefix                 string
	trimKey, trimValue     *pattern.Regexp
	stripBrackets          bool
	ignoreMissing          bool
}

func newKeyValue(c *config) (Processor, error) {
	p := &keyValue{field: c.field("field"), prefix: c.strOr("prefix", ""), stripBrackets: c.flag("strip_brackets", false), ignoreMissing: c.flag("ignore_missing", false)}
	if target := c.strOr("target_field", ""); target != "" {
		p.target = c.fieldOf("target_field", target)
	}
	p.fieldSplit = c.expression("field_split", c.str("field_split"))
	p.valueSplitText = c.str("value_split")
	p.valueSplit = c.expression("value_split", p.valueSplitText)
	p.include, p.hasInclude = c.strsOr("include_keys", nil), c.has("include_keys")
	p.exclude = c.strsOr("exclude_keys", nil)
	p.trimKey = c.trimmer("trim_key")
	p.trimValue = c.trimmer("trim_value")
	return p, c.err
}

// expression compiles a regular expression of the definition.
func (c *config) expression(name, source string) *pattern.Regexp {
	if c.err != nil {
		return nil
	}
	re, err := pattern.CompileJava(source)
	if err != nil {
		c.fail(name, "Invalid regex pattern. %v", err)
	}
	return re
}

// trimmer compiles the characters to take away at both ends.
func (c *config) trimmer(name string) *pattern.Regexp {
	set := c.strOr(name, "")
	if set == "" {
		return nil
	}
	return c.expression(name, "^["+set+"]+|["+set+"]+$")
}

// Run sets the fields.
func (p *keyValue) Run(d *Document) error {
	from, err := d.at(p.field)
	if err != nil {
		return err
	}
	if there, err := d.hasInBounds(from); err != nil {
		return err
	} else if !there {
		if p.ignoreMissing {
			return nil
		}
		return eserr.IllegalArgument("field [%s] doesn't exist", from.text)
	}
	text, present, err := d.text(from, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case !present && p.ignoreMissing:
		return nil
	case !present:
		return eserr.IllegalArgument("field [%s] is null, cannot extract key-value pairs.", from.text)
	}
	prefix := p.prefix
	if p.target != nil {
		target, err := d.render(p.target.text)
		if err != nil {
			return err
		}
		if target != "" {
			prefix = target + "." + prefix
		}
	}
	parts, err := p.fieldSplit.Split(text, 0)
	if err != nil {
		return p.tooHard(text, err)
	}
	for _, part := range parts {
		if err := p.pair(d, from, prefix, part); err != nil {
			return err
		}
	}
	return nil
}

func (p *keyValue) tooHard(text string, err error) error {
	return eserr.IllegalArgument("Error splitting a text of [%d] bytes: %v", len(text), err)
}

func (p *keyValue) pair(d *Document, from *path, prefix, text string) error {
	if err := d.count(); err != nil {
		return err
	}
	pair, err := p.valueSplit.Split(text, 2)
	if err != nil {
		return p.tooHard(text, err)
	}
	if len(pair) != 2 {
		return eserr.IllegalArgument("field [%s] does not contain value_split [%s]", from.text, p.valueSplitText)
	}
	key, err := trimBy(p.trimKey, pair[0])
	if err != nil {
		return err
	}
	if p.hasInclude && !slices.Contains(p.include, key) || slices.Contains(p.exclude, key) {
		return nil
	}
	v := pair[1]
	if p.stripBrackets {
		v = withoutBrackets(v)
	}
	if v, err = trimBy(p.trimValue, v); err != nil {
		return err
	}
	to, err := parsePath(prefix + key)
	if err != nil {
		return err
	}
	if d.has(to) {
		return d.append(to, event.StringOf(v), true)
	}
	return d.set(to, event.StringOf(v))
}

func trimBy(re *pattern.Regexp, text string) (string, error) {
	if re == nil {
		return text, nil
	}
	return re.ReplaceAllFunc(text, func(dst []byte, _ string, _ []int) []byte { return dst })
}

// withoutBrackets takes one bracket or quote away at each end.
func withoutBrackets(text string) string {
	if text != "" && strings.IndexByte(`([<"'`, text[0]) >= 0 {
		text = text[1:]
	}
	if n := len(text); n > 0 && strings.IndexByte(`])>"'`, text[n-1]) >= 0 {
		text = text[:n-1]
	}
	return text
}
