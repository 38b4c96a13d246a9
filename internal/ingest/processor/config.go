package processor

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

// config reads the members of a processor's definition. The first fault sticks: what is read after it is of no use, and the
// caller looks at err once.
type config struct {
	kind    string
	tag     string
	hasTag  bool
	members value
	used    []string
	compile *compiler
	err     error
}

// fault is an error of the definition, with the processor's type and tag, and the property where there is one.
func (c *config) fault(property, format string, args ...any) *eserr.Error {
	if property != "" {
		format, args = "[%s] "+format, append([]any{property}, args...)
	}
	return c.mark(eserr.ParseException(format, args...), property)
}

// mark adds where in the definition an error arose.
func (c *config) mark(err error, property string) *eserr.Error {
	e := *eserr.From(err)
	e.Meta = slices.Clone(e.Meta)
	add := func(key, v string) {
		if _, have := e.Member(key); !have {
			e.Meta = append(e.Meta, eserr.Member{Key: key, Value: v})
		}
	}
	if property != "" {
		add("property_name", property)
	}
	if c.kind != "" {
		add("processor_type", c.kind)
	}
	if c.hasTag {
		add("processor_tag", c.tag)
	}
	return &e
}

func (c *config) fail(property, format string, args ...any) {
	if c.err == nil {
		c.err = c.fault(property, format, args...)
	}
}

// failWith keeps an error as it is.
func (c *config) failWith(property string, err error) {
	if c.err == nil && err != nil {
		c.err = c.mark(err, property)
	}
}

// take returns a member; null counts as missing.
func (c *config) take(name string) (value, bool) {
	c.used = append(c.used, name)
	v, ok := c.members.Member(name)
	return v, ok && v.Kind() != event.Null
}

// has tells whether a member was given, without taking it.
func (c *config) has(name string) bool {
	_, ok := c.members.Member(name)
	return ok
}

func (c *config) missing(name string) { c.fail(name, "required property is missing") }

// str returns a required string.
func (c *config) str(name string) string {
	v, ok := c.take(name)
	if !ok {
		c.missing(name)
		return ""
	}
	return c.asString(name, v)
}

// strOr returns a string or its default.
func (c *config) strOr(name, otherwise string) string {
	v, ok := c.take(name)
	if !ok {
		return otherwise
	}
	return c.asString(name, v)
}

func (c *config) asString(name string, v value) string {
	if v.Kind() != event.String {
		c.fail(name, "property isn't a string, but of type [%s]", className(v))
	}
	return v.Str()
}

// flag returns a boolean or its default.
func (c *config) flag(name string, otherwise bool) bool {
	v, ok := c.take(name)
	if !ok {
		return otherwise
	}
	if v.Kind() != event.Bool {
		c.fail(name, "property isn't a boolean, but of type [%s]", className(v))
	}
	return v.Bool()
}

// number returns an integer, also from a text, or its default.
func (c *config) number(name string, otherwise int) int {
	v, ok := c.take(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.ParseInt(textOf(v), 10, 32)
	if err != nil || v.Kind() == event.Array || v.Kind() == event.Object {
		c.fail(name, "property cannot be converted to an int [%s]", textOf(v))
	}
	return int(n)
}

// list returns a required list.
func (c *config) list(name string) []value {
	v, ok := c.take(name)
	if !ok {
		c.missing(name)
		return nil
	}
	if v.Kind() != event.Array {
		c.fail(name, "property isn't a list, but of type [%s]", className(v))
		return nil
	}
	return v.Items()
}

// strs returns a required list of strings.
func (c *config) strs(name string) []string { return c.asStrings(name, c.list(name)) }

func (c *config) asStrings(name string, items []value) []string {
	texts := make([]string, len(items))
	for i, item := range items {
		if item.Kind() != event.String {
			c.fail(name, "property has an item that isn't a string, but of type [%s]", className(item))
		}
		texts[i] = item.Str()
	}
	return texts
}

// strsOr returns a list of strings or its default.
func (c *config) strsOr(name string, otherwise []string) []string {
	if v, ok := c.members.Member(name); !ok || v.Kind() == event.Null {
		c.used = append(c.used, name)
		return otherwise
	}
	return c.strs(name)
}

// oneOrMore returns a list of strings, which one string may stand for.
func (c *config) oneOrMore(name string) []string {
	v, ok := c.take(name)
	switch {
	case !ok:
		return nil
	case v.Kind() == event.String:
		return []string{v.Str()}
	case v.Kind() == event.Array:
		return c.asStrings(name, v.Items())
	}
	c.fail(name, "property isn't a string or a list of strings, but of type [%s]", className(v))
	return nil
}

// any returns a required value of any kind but null.
func (c *config) any(name string) value {
	v, ok := c.take(name)
	if !ok {
		c.missing(name)
	}
	return v
}

// object returns an object, null when there is none.
func (c *config) object(name string) value {
	v, ok := c.take(name)
	if ok && v.Kind() != event.Object {
		c.fail(name, "property isn't a map, but of type [%s]", className(v))
		return event.NullValue
	}
	return v
}

// path returns a required field that is no template.
func (c *config) path(name string) *path { return c.pathOf(name, c.str(name)) }

func (c *config) pathOr(name, otherwise string) *path {
	return c.pathOf(name, c.strOr(name, otherwise))
}

func (c *config) pathOf(name, text string) *path {
	if c.err != nil {
		return nil
	}
	p, err := parsePath(text)
	if err != nil {
		c.failWith(name, err)
	}
	return p
}

// field returns a required field that may be a template.
func (c *config) field(name string) *field { return c.fieldOf(name, c.str(name)) }

func (c *config) fieldOf(name, text string) *field {
	t := c.templateOf(name, text, mustache.JSON)
	if c.err != nil {
		return nil
	}
	f := &field{text: t}
	if t.Constant() {
		f.path = c.pathOf(name, text)
	}
	return f
}

func (c *config) templateOf(name, text string, escape mustache.Escaping) *mustache.Template {
	if c.err != nil {
		return nil
	}
	t, err := mustache.Compile(text, escape)
	c.failWith(name, err)
	return t
}

// unused names the members that nobody took, as Elasticsearch lists them.
func (c *config) unused() string {
	var names []string
	for i := range c.members.Len() {
		if name := c.members.NameAt(i); !slices.Contains(c.used, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// fitsInt32 tells whether Java holds a number as an int.
func fitsInt32(n int64) bool { return n >= math.MinInt32 && n <= math.MaxInt32 }
