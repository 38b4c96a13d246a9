package processor

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
)

// grokProcessor takes a text apart with named patterns.
type grokProcessor struct {
	field         *path
	expressions   []grokExpression
	together      *pattern.Together
	ignoreMissing bool
	trace         bool
	buffers       sync.Pool // *[]int: bounds of one match
}

// grokExpression is one of the patterns, or all of them joined.
type grokExpression struct {
	grok     *pattern.Grok
	captures []grokCapture
}

// grokCapture is a field with the groups that may hold it; the first that took part does.
type grokCapture struct {
	path       *path
	groups     []int
	conversion pattern.Conversion
}

// traceField is where trace_match tells which pattern matched.
var traceField = mustPath("_ingest._grok_match_index")

// library is the patterns of a processor: built-in ones and its own.
func (c *config) library(ecs string) *pattern.Library {
	library := pattern.NewLibrary()
	switch ecs {
	case "disabled":
	case "v1", "v8":
		library = pattern.NewDottedLibrary()
	default:
		c.fail("ecs_compatibility", "unsupported mode '%s'", ecs)
	}
	own := c.object("pattern_definitions")
	for i, definition := range own.Items() {
		if definition.Kind() != event.String {
			c.fail("pattern_definitions", "property has a member that isn't a string, but of type [%s]", className(definition))
			break
		}
		if err := library.Add(own.NameAt(i), definition.Str()); err != nil {
			c.fail("pattern_definitions", "%v", err)
		}
	}
	return library
}

func newGrok(c *config) (Processor, error) {
	p := &grokProcessor{field: c.path("field"), ignoreMissing: c.flag("ignore_missing", false), trace: c.flag("trace_match", false)}
	p.buffers.New = func() any { return new([]int) }
	library := c.library(c.strOr("ecs_compatibility", "disabled"))
	patterns := c.strs("patterns")
	if len(patterns) == 0 {
		c.fail("patterns", "List of patterns must not be empty")
	}
	if c.err != nil {
		return nil, c.err
	}
	var groks []*pattern.Grok
	for _, source := range p.alternatives(patterns) {
		x, err := compileGrok(library, source)
		if err != nil {
			return nil, c.fault("patterns", "Invalid regex pattern found in: [%s]. %v", strings.Join(patterns, ", "), err)
		}
		p.expressions = append(p.expressions, x)
		groks = append(groks, x.grok)
	}
	p.together = pattern.NewTogether(groks)
	return p, nil
}

// alternatives says what is tried one after the other. Elasticsearch joins the patterns into one, which matches where any of
// them does first; that is the same as trying one by one only for patterns that match at the beginning.
func (p *grokProcessor) alternatives(patterns []string) []string {
	anchored := func(source string) bool { return strings.HasPrefix(source, "^") && !strings.Contains(source, "|") }
	if p.trace || len(patterns) == 1 || !slices.ContainsFunc(patterns, func(s string) bool { return !anchored(s) }) {
		return patterns
	}
	return []string{"(?:" + strings.Join(patterns, ")|(?:") + ")"}
}

func compileGrok(library *pattern.Library, source string) (grokExpression, error) {
	g, err := library.Compile(source, pattern.GrokOptions{Elasticsearch: true})
	if err != nil {
		return grokExpression{}, err
	}
	x := grokExpression{grok: g}
	byName := map[string]int{}
	for _, f := range g.Fields() {
		if i, ok := byName[f.Name]; ok {
			x.captures[i].groups = append(x.captures[i].groups, f.Group)
			continue
		}
		to, err := parsePath(f.Name)
		if err != nil {
			return x, err
		}
		byName[f.Name] = len(x.captures)
		x.captures = append(x.captures, grokCapture{path: to, groups: []int{f.Group}, conversion: f.Conversion})
	}
	return x, nil
}

// Run sets the captures of the first expression that matches.
func (p *grokProcessor) Run(d *Document) error {
	text, present, err := d.text(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case !present && p.ignoreMissing:
		return nil
	case !present:
		return eserr.IllegalArgument("field [%s] is null, cannot process it.", p.field.text)
	}
	buffer := p.buffers.Get().(*[]int)
	defer p.buffers.Put(buffer)
	trial := p.together.Begin(text)
	defer trial.End()
	for i := range p.expressions {
		x := &p.expressions[i]
		bounds, err := trial.Match(i, (*buffer)[:0], nil)
		if err != nil {
			return gaveUp(err)
		}
		if bounds == nil {
			continue
		}
		*buffer = bounds
		if p.trace {
			if err := d.set(traceField, event.StringOf(strconv.Itoa(i))); err != nil {
				return err
			}
		}
		return x.capture(d, text, bounds)
	}
	return eserr.IllegalArgument("Provided Grok expressions do not match field value: [%s]", text)
}

// gaveUp is the error of an expression that took too long.
func gaveUp(err error) error {
	if errors.Is(err, pattern.ErrTimeout) {
		return eserr.New(500, "runtime_exception", "grok pattern matching was interrupted after [%d] ms", pattern.DefaultTimeout.Milliseconds())
	}
	return eserr.New(500, "runtime_exception", "%v", err)
}

func (x *grokExpression) capture(d *Document, text string, bounds []int) error {
	d.source.Reserve(len(x.captures))
	for i := range x.captures {
		c := &x.captures[i]
		for _, group := range c.groups {
			start, end := bounds[2*group], bounds[2*group+1]
			if start < 0 {
				continue
			}
			v, err := grokValue(text[start:end], c.conversion)
			if err == nil {
				err = d.set(c.path, v)
			}
			if err != nil {
				return err
			}
			break
		}
	}
	return nil
}

func grokValue(text string, conversion pattern.Conversion) (value, error) {
	bits := 64
	switch conversion {
	case pattern.AsInt:
		bits = 32
		fallthrough
	case pattern.AsLong:
		n, err := strconv.ParseInt(text, 10, bits)
		if err != nil {
			return value{}, eserr.NumberFormat(text)
		}
		return event.IntOf(n), nil
	case pattern.AsFloat:
		return toFraction(event.StringOf(text), "float", 32)
	case pattern.AsDouble:
		return toFraction(event.StringOf(text), "double", 64)
	case pattern.AsBoolean:
		return event.BoolOf(strings.EqualFold(text, "true")), nil
	}
	return event.StringOf(text), nil
}
