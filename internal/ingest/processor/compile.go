package processor

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// compiler makes programs of definitions.
type compiler struct {
	env   *Env
	depth int
	count int
}

// Compile compiles a pipeline's definition. The error is Elasticsearch's, with the property, type and tag of the processor that
// is at fault.
func Compile(name string, definition event.Value, env *Env) (*Pipeline, error) {
	c := &config{members: definition, compile: &compiler{env: env}}
	if definition.Kind() != event.Object {
		return nil, eserr.ParseException("pipeline [%s] must be an object", name)
	}
	c.strOr("description", "")
	c.number("version", 0)
	if meta, ok := c.take("_meta"); ok && meta.Kind() != event.Object {
		c.fail("_meta", "property isn't a map, but of type [%s]", className(meta))
	}
	c.flag("deprecated", false)
	p := &Pipeline{Name: name}
	p.steps = c.steps("processors", true)
	_, handles := c.members.Member("on_failure")
	p.onFailure = c.steps("on_failure", false)
	if c.err != nil {
		return nil, c.err
	}
	if rest := c.unused(); rest != "" {
		return nil, eserr.ParseException("pipeline [%s] doesn't support one or more provided configuration parameters [%s]", name, rest)
	}
	if handles && len(p.onFailure) == 0 {
		return nil, eserr.ParseException("pipeline [%s] cannot have an empty on_failure option defined", name)
	}
	return p, nil
}

// steps compiles a list of processors.
func (c *config) steps(name string, required bool) []*step {
	if !required && !c.has(name) {
		return nil
	}
	var steps []*step
	for _, item := range c.list(name) {
		if item.Kind() != event.Object {
			c.fail(name, "property has an item that isn't a map, but of type [%s]", className(item))
			return nil
		}
		for i, definition := range item.Items() {
			s, err := c.compile.step(item.NameAt(i), definition)
			if err != nil {
				if c.err == nil {
					c.err = err
				}
				return nil
			}
			steps = append(steps, s)
		}
	}
	return steps
}

// step compiles one processor.
func (x *compiler) step(kind string, definition value) (*step, error) {
	if x.depth++; x.depth > maxDefinitionDepth {
		return nil, eserr.ParseException("processors are nested more than [%d] deep", maxDefinitionDepth)
	}
	defer func() { x.depth-- }()
	if x.count++; x.count > maxProcessors {
		return nil, eserr.ParseException("a pipeline has more than [%d] processors", maxProcessors)
	}
	if definition.Kind() == event.String && kind == "script" {
		source := definition
		definition = event.NewObject()
		definition.SetMember("source", source)
	}
	c := &config{kind: kind, members: definition, compile: x}
	if definition.Kind() != event.Object {
		return nil, c.fault("", "property isn't a map, but of type [%s]", className(definition))
	}
	s := &step{kind: kind, hasTag: c.has("tag"), hasDescription: c.has("description")}
	s.tag = c.strOr("tag", "")
	c.tag, c.hasTag = s.tag, s.hasTag
	s.description = c.strOr("description", "")
	s.condition = c.condition()
	if c.err != nil {
		return nil, c.err
	}
	made := Table[kind]
	if made == nil {
		return nil, c.unknown()
	}
	s.ignoreFailure = c.flag("ignore_failure", false)
	handles := c.has("on_failure")
	s.onFailure = c.steps("on_failure", false)
	if handles && len(s.onFailure) == 0 && c.err == nil {
		c.fail("on_failure", "processors list cannot be empty")
	}
	if c.err != nil {
		return nil, c.err
	}
	work, err := made(c)
	if c.err != nil {
		return nil, c.err
	}
	if err != nil {
		return nil, c.mark(err, "")
	}
	if rest := c.unused(); rest != "" {
		return nil, c.mark(eserr.ParseException("processor [%s] doesn't support one or more provided configuration parameters [%s]", kind, rest), "")
	}
	s.work = work
	return s, nil
}

// unknown refuses a processor that is not there: one of Elasticsearch's with the reason, any other as Elasticsearch does.
func (c *config) unknown() error {
	if why, ok := Foreign[c.kind]; ok {
		return c.mark(eserr.IllegalArgument("processor [%s] is not supported: %s", c.kind, why), "")
	}
	return c.fault("", "No processor type exists with name [%s]", c.kind)
}
